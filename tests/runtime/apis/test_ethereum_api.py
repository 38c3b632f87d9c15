"""EthereumRuntimeRPCApi and ConvertTransactionRuntimeApi on a chain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.runtime.apis import call_api
from pysubtensor.runtime.frame.digest import Digest, aura_pre_runtime
from pysubtensor.runtime.frame.extrinsic import Extrinsic, ExtrinsicCodec
from pysubtensor.runtime.frame.header import Header
from pysubtensor.runtime.inherents import create_inherents, inherent_data
from pysubtensor.runtime.pallets.ethereum.calls import transact
from pysubtensor.runtime.pallets.ethereum.transaction import AnyTransaction, SignedTransaction
from pysubtensor.runtime.pallets.evm.exits import Revert, Succeed
from pysubtensor.runtime.pallets.system import remark
from pysubtensor.runtime.scale import Err, Ok, codec_of

from tests.ethereum import ETHER, GWEI, EthereumKey

KEY = EthereumKey(1)
TO = b"\7" * 20
TAO = 10**9
#: Code that returns the address of the block's author; code that reverts; the creation of the first one.
COINBASE = bytes.fromhex("415f5260205ff3")
REVERT = bytes.fromhex("5f5ffd")


def deploying(code: bytes) -> bytes:
    """Return initialization code that returns this code."""
    return bytes([0x60, len(code), 0x80, 0x60, 0x0A, 0x5F, 0x39, 0x5F, 0xF3, 0x5B]) + code


@pytest.fixture
def chain() -> Iterator[Chain]:
    with Chain.dev(balances={KEY.account: 1_000 * TAO}) as chain:
        yield chain


def submit(chain: Chain, transaction: AnyTransaction) -> None:
    chain.submit(ExtrinsicCodec.bare(transact.call(transaction)))
    chain.produce()


def ask(chain: Chain, name: str, *arguments: Any) -> Any:
    return chain.ask(f"EthereumRuntimeRPCApi.{name}", *arguments)


def call(chain: Chain, to: bytes, data: bytes = b"", gas: int = 100_000) -> Any:
    return ask(chain, "call", KEY.address, to, data, 0, gas, None, None, None, False, None, None)


def create(chain: Chain, code: bytes) -> Any:
    return ask(chain, "create", KEY.address, code, 0, 1_000_000, None, None, None, False, [(TO, [bytes(32)])], [])


def test_what_it_reads(chain: Chain) -> None:
    submit(chain, KEY.legacy(0, None, data=deploying(COINBASE)))
    contract = chain.query("Ethereum.CurrentTransactionStatuses")[0].contract_address
    assert ask(chain, "chain_id") == 42
    assert ask(chain, "elasticity") == 125_000
    assert ask(chain, "gas_price") == chain.query("BaseFee.BaseFeePerGas") < 20 * GWEI
    account = ask(chain, "account_basic", KEY.address)
    assert account.nonce == 1
    assert 999 * ETHER < account.balance < 1_000 * ETHER
    assert ask(chain, "account_code_at", contract) == COINBASE
    assert ask(chain, "storage_at", contract, 5) == bytes(32)
    assert ask(chain, "gas_limit_multiplier_support") is None
    parts = [ask(chain, f"current_{part}") for part in ("block", "receipts", "transaction_statuses")]
    assert ask(chain, "current_all") == tuple(parts)
    assert [len(parts[0].transactions), len(parts[1]), len(parts[2])] == [1, 1, 1]


def test_calls_know_the_author_of_the_last_block(chain: Chain) -> None:
    """Its slot is in the digest, which is in storage after the block."""
    submit(chain, KEY.legacy(0, None, data=deploying(COINBASE)))
    contract = chain.query("Ethereum.CurrentTransactionStatuses")[0].contract_address
    author = ask(chain, "author")
    assert author == chain.query("Aura.Authorities")[0][4:24] == ask(chain, "current_block").header.beneficiary
    answer = call(chain, contract)
    assert isinstance(answer, Ok)
    assert isinstance(answer.value.exit_reason, Succeed)
    assert answer.value.value == bytes(12) + author
    assert ask(chain, "account_basic", KEY.address).nonce == 1, "nothing is kept"


def test_a_revert_is_an_answer_and_a_fault_is_none(chain: Chain) -> None:
    submit(chain, KEY.legacy(0, None, data=deploying(REVERT)))
    contract = chain.query("Ethereum.CurrentTransactionStatuses")[0].contract_address
    answer = call(chain, contract)
    assert isinstance(answer.value.exit_reason, Revert)
    assert answer.value.used_gas.standard == 21_004
    assert answer.value.weight_info.proof_size_usage is not None
    below = call(chain, contract, gas=0)
    assert below.value.weight_info is None, "no limit of the proof follows from no gas"


def test_creations_are_for_those_on_the_list(chain: Chain) -> None:
    assert isinstance(create(chain, deploying(COINBASE)), Err)
    chain.set_storage("EVM.DisableWhitelistCheck", value=True)
    answer = create(chain, deploying(COINBASE))
    assert isinstance(answer, Ok)
    assert len(answer.value.value) == 20


def test_transactions_are_found_among_extrinsics_and_put_into_them(chain: Chain) -> None:
    transaction = KEY.legacy(0, TO)
    extrinsics = [Extrinsic.bare(remark.call(b"")), Extrinsic.bare(transact.call(transaction))]
    runtime, ctx = chain.runtime, chain.context()
    method = runtime.api_methods["EthereumRuntimeRPCApi_extrinsic_filter"]
    encoded = b"\x08" + b"".join(each.raw for each in extrinsics)
    found = method.output.decode(call_api(runtime, ctx, method.exported, encoded), runtime)
    assert found == [transaction]
    argument = codec_of(SignedTransaction).encode(transaction)
    assert call_api(runtime, ctx, "ConvertTransactionRuntimeApi_convert_transaction", argument) == extrinsics[1].raw


def test_the_pending_block_has_what_can_be_applied(chain: Chain) -> None:
    chain.produce(2)
    runtime, ctx, head = chain.runtime, chain.context(), chain.head
    time = chain.query("Timestamp.Now") + 12_000
    header = Header(head.hash, head.number + 1, bytes(32), bytes(32), Digest([aura_pre_runtime(time // 12_000)]))
    good, late = KEY.legacy(0, TO, ETHER), KEY.legacy(2, TO, ETHER)
    with ctx.state.anchor():
        call_api(runtime, ctx, "EthereumRuntimeRPCApi_initialize_pending_block", Header.scale.encode(header))
        inherents = [inherent.raw for inherent in create_inherents(ctx, inherent_data(time))]
        bodies = [*inherents, *[Extrinsic.bare(transact.call(each)).raw for each in (late, good)]]
        method = runtime.api_methods["EthereumRuntimeRPCApi_pending_block"]
        encoded = bytes([4 * len(bodies)]) + b"".join(bodies)
        block, statuses = method.output.decode(call_api(runtime, ctx, method.exported, encoded), runtime)
    assert block.transactions == [good]
    assert block.header.number == head.number + 1
    assert [status.from_ for status in statuses] == [KEY.address]
    assert ask(chain, "current_block").transactions == []
