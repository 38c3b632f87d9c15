"""Where spec 425 differs from Ethereum's Prague: a test for each rule, with values of the genuine source."""

from __future__ import annotations

import pytest
from pysubtensor.runtime.crypto.hashing import keccak_256
from pysubtensor.runtime.frame.digest import aura_pre_runtime
from pysubtensor.runtime.pallets import aura, base_fee, system, timestamp
from pysubtensor.runtime.pallets.balances.declared import DustLost
from pysubtensor.runtime.pallets.ethereum.declared import BlockHash
from pysubtensor.runtime.pallets.evm import accounts
from pysubtensor.runtime.pallets.evm.addresses import account_of, created_address
from pysubtensor.runtime.pallets.evm.declared import AccountCodes, AccountCodesMetadata, AccountStorages, Error
from pysubtensor.runtime.pallets.evm.exits import Error as Failed
from pysubtensor.runtime.pallets.evm.exits import InvalidCode, Opcode, OutOfFund, Succeed
from pysubtensor.runtime.pallets.evm.requests import Authorization, Options, RunnerError

from .conftest import (
    ALICE_ADDRESS,
    CONTRACT,
    OTHER,
    REVERT,
    TAO,
    TRANSACTION,
    WEI,
    World,
    call_op,
    deploy,
    op,
    push,
)

ED = 500
GWEI = 10**9
ADDRESS, BALANCE, SELFBALANCE, GAS = 0x30, 0x31, 0x47, 0x5A


def precompile(index: int) -> bytes:
    return index.to_bytes(20, "big")


def test_there_is_no_floor_for_data(world: World) -> None:
    """EIP-7623 would charge 40 gas for each of these bytes."""
    assert world.call(OTHER, b"\1" * 1_000).used_gas.standard == 21_000 + 16_000


@pytest.mark.parametrize("code", [0x49, 0x4A])
def test_operations_on_blobs_do_not_exist(world: World, code: int) -> None:
    info = world.run(push(0) + op(code))
    assert info.exit_reason == Failed(InvalidCode(Opcode(code)))
    assert info.used_gas.standard == 1_000_000


@pytest.mark.parametrize("index", range(0x0A, 0x12))
def test_later_precompiles_of_ethereum_are_plain_accounts(world: World, index: int) -> None:
    assert world.call(precompile(index), bytes(64)).used_gas.standard == 21_000 + 64 * 4
    assert world.word(push(precompile(index)) + op(0x3B)) == 0


@pytest.mark.parametrize(("index", "gas"), [(7, 6_000), (8, 45_000), (9, 150)])
def test_the_precompiles_of_bn128_have_other_addresses(world: World, index: int, gas: int) -> None:
    """7 multiplies, 8 pairs, 9 adds; at Ethereum 6 adds."""
    assert world.call(precompile(index)).used_gas.standard == 21_000 + gas


def test_a_balance_is_what_can_be_spent_without_being_reaped(world: World) -> None:
    world.fund(OTHER, 7_000)
    assert world.word(push(OTHER) + op(BALANCE)) == (7_000 - ED) * WEI
    world.fund(CONTRACT, 400)
    assert world.word(op(SELFBALANCE)) == 0


def test_a_contract_can_send_more_than_its_balance_shows(world: World) -> None:
    """Value moves from the free balance, as AllowDeath; what is less than the existential deposit is lost."""
    world.fund(CONTRACT, 7_000)
    sent = 7_000 - 100
    info = world.run(call_op(OTHER, value=sent * WEI), options=TRANSACTION)
    assert isinstance(info.exit_reason, Succeed)
    assert (world.rao(CONTRACT), world.rao(OTHER)) == (0, sent)
    assert DustLost(account_of(CONTRACT), 100) in world.ctx.block.events


def test_value_is_rounded_down_to_rao(world: World) -> None:
    world.call(OTHER, value=3_000 * WEI + WEI - 1, options=TRANSACTION)
    assert world.rao(OTHER) == 3_000


def test_a_failed_transfer_reverts_its_frame_and_gives_the_gas_back(world: World) -> None:
    info = world.call(OTHER, value=10**6 * TAO * WEI, options=TRANSACTION)
    assert (info.exit_reason, info.used_gas.standard) == (Failed(OutOfFund()), 21_000)
    assert accounts.account_nonce(world.ctx, ALICE_ADDRESS) == 1


def test_a_call_with_too_much_value_fails_without_burning_gas(world: World) -> None:
    """There is no check before the call: its frame begins and is reverted."""
    gas = world.word(call_op(OTHER, value=10**30) + op(GAS), gas_limit=1_000_000)
    assert gas > 1_000_000 - 21_000 - 9_000 - 25_000 - 2_600 - 100


def test_solidity_takes_a_precompile_for_a_contract(world: World) -> None:
    assert world.word(push(precompile(2_048)) + op(0x3B)) == 1
    world.fund(precompile(2_048), 10_000)
    assert world.word(push(precompile(2_048)) + op(0x3F)) == int.from_bytes(keccak_256(b""), "big")


def test_the_code_hash_of_an_empty_precompile_is_zero(world: World) -> None:
    assert world.word(push(precompile(2_049)) + op(0x3F)) == 0


def test_touching_an_empty_account_neither_makes_nor_clears_it(world: World) -> None:
    empty = system.AccountInfo(sufficients=1)
    system.Account.put(world.ctx, account_of(OTHER), empty)
    world.run(call_op(OTHER) + call_op(precompile(0x0A)), options=TRANSACTION)
    assert system.Account.get(world.ctx, account_of(OTHER)) == empty
    assert not system.Account.contains(world.ctx, account_of(precompile(0x0A)))


def test_a_contract_destroyed_in_its_transaction_leaves_balance_and_nonce(world: World) -> None:
    """Its code and storage are removed, and the reference by which its account existed."""
    body = push(1) + push(1) + op(0x55) + push(OTHER) + op(0xFF)
    init = deploy(body)
    factory = b"".join(
        push(init[at : at + 32].ljust(32, b"\0")) + push(at) + op(0x52) for at in range(0, len(init), 32)
    )
    factory += push(len(init)) + push(0) + push(0) + op(0xF0)
    factory += push(0) * 5 + op(0x85) + op(GAS) + op(0xF1)
    world.fund(CONTRACT, 10_000)
    world.run(factory, options=TRANSACTION)
    child = created_address(CONTRACT, 0)
    assert AccountCodes.get(world.ctx, child) == b""
    assert AccountCodesMetadata.get(world.ctx, child) is None
    assert list(AccountStorages.under(world.ctx, child)) == []
    assert system.KilledAccount(account_of(child)) in world.ctx.block.events


def test_an_older_contract_that_destroys_itself_stays(world: World) -> None:
    """EIP-6780: only its balance moves, what BALANCE shows of it."""
    world.fund(CONTRACT, 10_000)
    info = world.run(push(OTHER) + op(0xFF), options=TRANSACTION)
    assert info.used_gas.standard == 21_000 + 3 + 5_000 + 2_600 + 25_000
    assert AccountCodes.contains(world.ctx, CONTRACT)
    assert (world.rao(CONTRACT), world.rao(OTHER)) == (ED, 10_000 - ED)


def test_the_author_is_warm_in_calls_and_cold_in_creations(world: World) -> None:
    author = bytes(range(32))
    aura.Authorities.put(world.ctx, [author])
    world.ctx.block.digest.append(aura_pre_runtime(1))
    code = op(0x41) + op(BALANCE)
    warm = world.run(code).used_gas.standard
    assert warm == 21_000 + 2 + 100
    created = world.create(code)
    assert created.used_gas.standard == 53_000 + 2 * 16 + 2 + 2 + 2_600
    assert world.word(op(0x41)) == int.from_bytes(author[4:24], "big")


def test_the_price_of_gas_is_the_base_fee_whatever_is_offered(world: World) -> None:
    base_fee.BaseFeePerGas.put(world.ctx, 11 * GWEI)
    assert world.word(op(0x3A), max_fee=90 * GWEI, max_priority_fee=5 * GWEI) == 11 * GWEI
    before = world.rao(ALICE_ADDRESS)
    world.call(OTHER, max_fee=90 * GWEI, max_priority_fee=5 * GWEI, options=TRANSACTION, gas_limit=50_000)
    assert before - world.rao(ALICE_ADDRESS) == 21_000 * 11


def test_there_is_no_randomness(world: World) -> None:
    assert world.word(op(0x44)) == 0


def test_hashes_of_all_stored_ethereum_blocks_can_be_read(world: World) -> None:
    world.ctx.block.number = 2_000
    BlockHash.put(world.ctx, 3, b"\3" * 32)
    assert world.word(push(3) + op(0x40)) == int.from_bytes(b"\3" * 32, "big")
    assert world.word(push(4) + op(0x40)) == 0
    assert world.word(push(2**32 + 3) + op(0x40)) == 0


def test_time_is_in_seconds(world: World) -> None:
    timestamp.Now.put(world.ctx, 1_700_000_012_999)
    assert world.word(op(0x42)) == 1_700_000_012


def authorize(world: World, address: bytes, nonce: int) -> int:
    """Let Alice's other account run an address' code; return the gas used."""
    item = Authorization(0, address, nonce, OTHER)
    return world.call(CONTRACT, authorizations=[item], options=TRANSACTION).used_gas.standard


def test_a_delegation_to_the_zero_address_does_not_end_an_older_one(world: World) -> None:
    delegation = b"\xef\1\0" + CONTRACT
    assert authorize(world, CONTRACT, 0) == 46_000
    assert AccountCodes.get(world.ctx, OTHER) == delegation
    assert authorize(world, bytes(20), 1) == 46_000 - 46_000 // 5  # the refund of 12,500 is capped
    assert AccountCodes.get(world.ctx, OTHER) == delegation
    assert accounts.account_nonce(world.ctx, OTHER) == 2


def test_a_delegation_costs_no_gas_when_it_is_followed(world: World) -> None:
    world.place(op(0x00))
    world.place(b"\xef\1\0" + CONTRACT, OTHER)
    assert world.call(OTHER).used_gas.standard == 21_000


def test_an_account_with_a_delegation_cannot_send_transactions(world: World) -> None:
    world.place(b"\xef\1\0" + CONTRACT, ALICE_ADDRESS)
    with pytest.raises(RunnerError) as failure:
        world.call(OTHER, options=TRANSACTION)
    assert failure.value.error is Error.TransactionMustComeFromEOA
    assert isinstance(world.call(OTHER).exit_reason, Succeed)  # a question may


def test_an_estimate_charges_the_64th_that_a_call_leaves(world: World) -> None:
    code = call_op(OTHER)
    plain = world.run(code).used_gas.standard
    charged = world.run(code, options=Options(is_transactional=False, estimates=True)).used_gas.standard
    left = 1_000_000 - 21_000 - 6 * 3 - 3 - 2_600 + 3
    assert charged - plain == pytest.approx(left // 64, abs=1)


def test_transient_storage_outlives_a_revert(world: World) -> None:
    """EIP-1153 would undo it; the genuine stack state does not."""
    world.place(push(5) + push(1) + op(0x5D) + REVERT, OTHER)
    delegated = push(0) * 4 + push(OTHER) + push(0xFFFFFF) + op(0xF4)
    assert world.word(delegated + push(1) + op(0x5C)) == 5
