"""Transactions that contain their signature, in the pool and in blocks."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pysubtensor.runtime.client.signing import Signer
from pysubtensor.runtime.frame.block_validity import PreBlockInvalid, PreLogExists
from pysubtensor.runtime.frame.digest import PreRuntime, aura_pre_runtime
from pysubtensor.runtime.frame.extrinsic import Extrinsic, ExtrinsicCodec
from pysubtensor.runtime.frame.runtime import Runtime
from pysubtensor.runtime.frame.validity import BadProof, Custom, Future, InvalidTransaction, Refused, Stale
from pysubtensor.runtime.pallets import system
from pysubtensor.runtime.pallets.balances.declared import TotalIssuance
from pysubtensor.runtime.pallets.ethereum.block import EthereumBlock, Header
from pysubtensor.runtime.pallets.ethereum.calls import transact
from pysubtensor.runtime.pallets.ethereum.declared import (
    CurrentBlock,
    CurrentReceipts,
    EthereumTransaction,
    Executed,
    Pending,
)
from pysubtensor.runtime.pallets.ethereum.digest import ENGINE, PreBlock, PreLog
from pysubtensor.runtime.pallets.ethereum.envelope import hash_of
from pysubtensor.runtime.pallets.ethereum.transaction import AnyTransaction, Legacy
from pysubtensor.runtime.pallets.shared.account_data import AccountData
from pysubtensor.runtime.validation import validate_transaction

from tests.ethereum import ETHER, EthereumKey
from tests.world import ALICE_KEY, GENESIS_HASH, Blocks

KEY, OTHER = EthereumKey(1), EthereumKey(2)
TO = b"\7" * 20
TAO = 10**9


@pytest.fixture
def world(blocks: Blocks) -> Blocks:
    """A chain within block 1, on which the key has 10 TAO."""
    ctx = blocks.begin()
    system.Account.put(ctx, KEY.account, system.AccountInfo(providers=1, data=AccountData(free=10 * TAO)))
    TotalIssuance.put(ctx, TotalIssuance.get(ctx) + 10 * TAO)
    return blocks


def bare(transaction: AnyTransaction) -> bytes:
    return ExtrinsicCodec.bare(transact.call(transaction))


def refusal(blocks: Blocks, raw: bytes) -> InvalidTransaction:
    """Apply an extrinsic that is refused: without any change, and for the same reason as in the pool."""
    before, events, weight = blocks.state.changes(), list(blocks.ctx.block.events), blocks.ctx.block.weight
    with pytest.raises(Refused) as refused:
        blocks.apply(raw)
    assert (blocks.state.changes(), blocks.ctx.block.events, blocks.ctx.block.weight) == (before, events, weight)
    reason = refused.value.reason
    assert isinstance(reason, InvalidTransaction)
    return reason


def test_a_transaction_is_applied_for_the_address_that_signed(world: Blocks) -> None:
    transaction = KEY.legacy(0, TO, ETHER)
    assert world.apply(bare(transaction)) is None
    executed = next(event for event in world.ctx.block.events if isinstance(event, Executed))
    assert (executed.from_, executed.to, executed.transaction_hash) == (KEY.address, TO, hash_of(transaction))
    assert Pending.count(world.ctx) == 1
    world.end()
    block, receipts = CurrentBlock.get(world.ctx), CurrentReceipts.get(world.ctx)
    assert block is not None
    assert receipts is not None
    assert block.transactions == [transaction]
    assert block.header.gas_used == receipts[0].data.used_gas == 21_000
    assert Pending.count(world.ctx) == 0


def test_tags_are_address_and_nonce_and_the_priority_is_always_one(world: Blocks) -> None:
    """So that no transaction replaces another one with the same nonce."""
    valid = validate_transaction(world.ctx, Extrinsic.bare(transact.call(KEY.dynamic(3, TO, chain_id=0, tip=9))))
    tags = [KEY.address + nonce.to_bytes(32, "little") for nonce in (2, 3)]
    assert (valid.requires, valid.provides, valid.priority) == ([tags[0]], [tags[1]], 1)
    assert (valid.longevity, valid.propagate) == (2**64 - 1, True)


def test_nonces_are_taken_in_order(world: Blocks) -> None:
    assert refusal(world, bare(KEY.legacy(1, TO))) == Future()
    assert world.apply(bare(KEY.legacy(0, TO))) is None
    assert refusal(world, bare(KEY.legacy(0, TO))) == Stale()


def test_a_signature_of_no_key_is_refused(world: Blocks) -> None:
    """No point of the curve has x = 5."""
    transaction = KEY.legacy(0, TO)
    signature = replace(transaction.signed.signature, r=bytes(31) + b"\5")
    raw = bare(Legacy(replace(transaction.signed, signature=signature)))
    assert refusal(world, raw) == Custom(9)
    with pytest.raises(Refused) as refused:
        validate_transaction(world.ctx, world.runtime.decode(raw))
    assert refused.value.reason == Custom(9)


def test_a_signed_extrinsic_may_not_have_one_inside(world: Blocks) -> None:
    raw = Signer(GENESIS_HASH).sign(transact.call(KEY.legacy(0, TO)), ALICE_KEY, nonce=0)
    assert refusal(world, raw) == BadProof()
    with pytest.raises(Refused) as refused:
        validate_transaction(world.ctx, world.runtime.decode(raw))
    assert refused.value.reason == BadProof()
    assert world.runtime.sender(world.runtime.decode(raw)) is None


def test_the_sender_is_known_and_recovered_once(world: Blocks, monkeypatch: pytest.MonkeyPatch) -> None:
    extrinsic = world.runtime.decode(bare(KEY.legacy(0, TO)))
    assert world.runtime.sender(extrinsic) == EthereumTransaction(KEY.address)
    monkeypatch.setattr("pysubtensor.runtime.pallets.ethereum.validity.sender_of", lambda transaction: None)
    assert world.runtime.sender(extrinsic) == EthereumTransaction(KEY.address)
    signed = world.runtime.decode(Signer(GENESIS_HASH).sign(system.remark.call(b""), ALICE_KEY, nonce=0))
    assert world.runtime.sender(signed) == ALICE_KEY.account
    assert world.runtime.sender(world.runtime.decode(ExtrinsicCodec.bare(system.remark.call(b"")))) is None


# --- an Ethereum block in the digest ---------------------------------------------------------------------------


def author_block(runtime: Runtime, *transactions: AnyTransaction) -> PreRuntime:
    header = Header(*[bytes(32)] * 2, bytes(20), *[bytes(32)] * 3, bytes(256), 0, 0, 0, 0, 0, b"", bytes(32), bytes(8))
    return PreRuntime(ENGINE, PreLog.scale.encode(PreBlock(EthereumBlock(header, list(transactions), []))))


def test_an_ethereum_block_in_the_digest_is_executed_first(world: Blocks) -> None:
    world.end()
    ctx = world.begin([aura_pre_runtime(2), author_block(world.runtime, KEY.legacy(0, TO, ETHER))])
    assert Pending.count(ctx) == 1
    header = world.end()
    block = CurrentBlock.get(ctx)
    assert block is not None
    assert len(block.transactions) == 1
    assert len(header.digest.logs) == 2, "the author has said what the block is"


def test_beside_it_no_transaction_is_dispatched(world: Blocks) -> None:
    world.end()
    world.begin([aura_pre_runtime(2), author_block(world.runtime)])
    with pytest.raises(PreLogExists):
        world.apply(bare(KEY.legacy(0, TO)))


@pytest.mark.parametrize("transaction", [KEY.legacy(1, TO), OTHER.legacy(0, TO, ETHER)], ids=["nonce", "no money"])
def test_a_block_of_transactions_that_cannot_be_applied_is_invalid(world: Blocks, transaction: Legacy) -> None:
    world.end()
    with pytest.raises(PreBlockInvalid):
        world.begin([aura_pre_runtime(2), author_block(world.runtime, transaction)])


def test_two_such_blocks_count_as_none(world: Blocks) -> None:
    world.end()
    item = author_block(world.runtime, KEY.legacy(0, TO))
    ctx = world.begin([aura_pre_runtime(2), item, item])
    assert Pending.count(ctx) == 0
    assert world.apply(bare(KEY.legacy(0, TO))) is None
