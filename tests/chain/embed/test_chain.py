"""The chain as a library: its methods."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pysubtensor.chain.clock import ClockError
from pysubtensor.chain.history.blocks import StateDiscarded, UnknownBlock
from pysubtensor.chain.pool.rejections import Invalid, Rejected
from pysubtensor.chain.verification import BlockRejected
from pysubtensor.genesis.presets import dev
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.era import Era
from pysubtensor.runtime.frame.errors import Token, TokenError
from pysubtensor.runtime.frame.header import Header
from pysubtensor.runtime.pallets.balances.declared import Transfer
from pysubtensor.runtime.pallets.sudo import sudo
from pysubtensor.runtime.state.build import root_of
from pysubtensor.runtime.version import STATE_VERSION

from pysubtensor import Chain, ChainError, LogicalClock, SystemClock, TransactionFailed
from tests.world import ALICE_KEY as ALICE
from tests.world import BOB_KEY as BOB
from tests.world import TAO


@pytest.fixture
def chain() -> Iterator[Chain]:
    with Chain.dev() as chain:
        yield chain


def free(chain: Chain, who: str = "//Bob", at: bytes | None = None) -> int:
    balance: int = chain.query("System.Account", who, at=at).data.free
    return balance


def block_of(chain: Chain, block_hash: bytes) -> tuple[Header, list[bytes]]:
    block = chain.block(block_hash)
    assert block is not None
    return Header.decode(block.header), list(block.body)


def test_a_call_by_its_name_is_signed_and_put_into_the_next_block(chain: Chain) -> None:
    before, mine = free(chain), free(chain, "//Alice")
    receipt = chain.execute("Balances.transfer_keep_alive", "//Alice", dest="//Bob", value=TAO)
    assert (receipt.block_number, receipt.index) == (1, 2)
    assert Transfer(ALICE.account, BOB.account, TAO) in receipt.events
    assert free(chain) == before + TAO
    # The fee went to the block's author, which on a dev chain is //Alice herself.
    assert (receipt.fee, free(chain, "//Alice")) == (367_141, mine - TAO)


def test_a_failing_call_reports_its_error_and_changes_only_the_nonce(chain: Chain) -> None:
    with pytest.raises(TransactionFailed, match=r"Token\.FundsUnavailable") as failed:
        chain.execute("Balances.transfer_keep_alive", "//Dave", dest="//Bob", value=2_000 * TAO)
    assert failed.value.error == Token(TokenError.FundsUnavailable)
    assert chain.query("System.Account", "//Dave").nonce == 1


def test_every_root_is_that_of_the_whole_state(chain: Chain) -> None:
    for value in (1, 2, 3):
        chain.execute("Balances.transfer_keep_alive", "//Alice", dest="//Bob", value=value)
        assert chain.head_header.state_root == root_of(chain.state.items(b""), STATE_VERSION)


def test_states_of_retained_blocks_can_be_read(chain: Chain) -> None:
    hashes, balances = [], []
    for value in (1, 10, 100):
        chain.execute("Balances.transfer_keep_alive", "//Alice", dest="//Bob", value=value)
        hashes.append(chain.head.hash)
        balances.append(free(chain))
    assert [free(chain, at=block_hash) for block_hash in hashes] == balances
    with pytest.raises(UnknownBlock):
        chain.context(bytes(32))


def test_two_chains_build_the_same_blocks_from_the_same_transactions() -> None:
    with Chain.dev() as one, Chain.dev() as other:
        raw = one.sign(one.call("Balances.transfer_all", dest="//Bob", keep_alive=True), ALICE)
        for chain in (one, other):
            chain.submit(raw)
            chain.produce(3)
        assert one.head == other.head


def test_an_anchor_undoes_blocks_state_pool_and_clock(chain: Chain) -> None:
    chain.produce(2)
    head, before, now = chain.head, free(chain), chain.query("Timestamp.Now")
    with chain.anchor():
        chain.execute("Balances.transfer_keep_alive", "//Alice", dest="//Bob", value=TAO)
        with chain.anchor():
            chain.produce(5)
        chain.submit(chain.sign(chain.call("System.remark", remark="0x01"), BOB))
        assert chain.head.number == 3
    assert (chain.head, free(chain), len(chain.pool)) == (head, before, 0)
    chain.produce()
    assert chain.query("Timestamp.Now") == now + chain.slot_ms


def test_a_block_of_another_chain_is_executed_and_checked(chain: Chain) -> None:
    with Chain.dev() as author:
        author.execute("Balances.transfer_keep_alive", "//Alice", dest="//Bob", value=TAO)
        header, body = block_of(author, author.head.hash)
    for field in ("state_root", "extrinsics_root", "parent_hash"):
        with pytest.raises(BlockRejected):
            chain.import_block(replace(header, **{field: bytes(32)}), body)
    with pytest.raises(BlockRejected, match="comes after transaction"):
        chain.import_block(header, body[::-1])
    with pytest.raises(BlockRejected):
        chain.import_block(header, body[:1])
    assert chain.head.number == 0, "a rejected block leaves nothing behind"
    assert chain.import_block(header, body).hash == header.hash
    assert free(chain) == 1_000_001 * TAO


def test_a_sealed_block_is_signed_by_the_author_of_its_slot(chain: Chain) -> None:
    with Chain.dev() as author:
        author.produce(sealed=True)
        header, body = block_of(author, author.head.hash)
    seal = header.digest.logs[-1]
    forged = replace(seal, data=bytes(63) + b"\x80")  # type: ignore[type-var]
    logs = [*header.digest.logs[:-1], forged]
    with pytest.raises(BlockRejected, match="expected a seal by the author"):
        chain.import_block(replace(header, digest=replace(header.digest, logs=logs)), body)
    assert chain.import_block(header, body).hash == header.hash


def test_blocks_can_be_made_up_to_a_number_but_not_unmade_that_way(chain: Chain) -> None:
    assert chain.run_to(7).number == 7
    with pytest.raises(
        ChainError, match=r"expected a block from the head, 7, on, got block 6: rollback_to\(6\) takes blocks back"
    ):
        chain.run_to(6)
    assert chain.rollback_to(4).number == 4
    assert chain.produce().number == 5


def test_a_mortal_transaction_expires(chain: Chain) -> None:
    raw = chain.sign(chain.call("System.remark", remark="0x"), ALICE, era=Era.mortal(4, chain.head.number))
    chain.produce(4)
    with pytest.raises(Invalid, match="Transaction has a bad signature"):
        chain.submit(raw)


def test_a_chain_on_disk_continues_at_its_head(tmp_path: Path) -> None:
    with Chain(dev(), tmp_path) as chain:
        chain.execute("Balances.transfer_keep_alive", "//Alice", dest="//Bob", value=TAO)
        head = chain.head
    with Chain(dev(), tmp_path) as chain:
        assert (chain.head, free(chain)) == (head, 1_000_001 * TAO)
        assert chain.produce().number == 2


def test_a_store_is_not_opened_as_another_chain(tmp_path: Path) -> None:
    configurations = [dev(), dev(slot_duration_ms=250)]
    for number, (own, other) in enumerate((configurations, configurations[::-1])):
        folder = tmp_path / str(number)
        Chain(own, folder).close()
        with pytest.raises(ChainError, match="the store holds the chain with genesis 0x"):
            Chain(other, folder)
        Chain(own, folder).close()  # nothing holds it still


def test_discarded_states_are_reported() -> None:
    from pysubtensor.chain.history.blocks import Retention

    with Chain(dev(), retention=Retention(states=5, blocks=10)) as chain:
        chain.produce(8)
        second = chain.hash_at(2)
        assert second is not None
        with pytest.raises(StateDiscarded):
            chain.context(second)


def test_logical_time_advances_by_blocks_only() -> None:
    clock = LogicalClock(1_000_000)
    assert clock.next_timestamp(0, 250) == 1_000_000
    assert clock.next_timestamp(1_000_000, 250) == 1_000_250
    clock.travel(10_000, 1_000_000)
    assert clock.next_timestamp(1_000_000, 250) == 1_010_000
    clock.commit(1_010_000)
    assert clock.next_timestamp(1_010_000, 250) == 1_010_250
    with pytest.raises(ClockError, match="must be later than 1000000 ms, got 999999 ms"):
        clock.set_next(999_999, 1_000_000)


def test_the_machines_time_gives_each_block_a_slot_of_its_own() -> None:
    clock = SystemClock(now=lambda: 12.34)
    assert clock.next_timestamp(0, 1_000) == 12_000
    assert clock.next_timestamp(12_000, 1_000) == 13_000


def test_a_time_that_is_set_holds_for_one_block_even_if_that_is_taken_back() -> None:
    clock = LogicalClock(0)
    with Chain(dev(), clock=clock) as chain:
        chain.produce(2)
        now = chain.query("Timestamp.Now")
        clock.travel(600_000, now)
        chain.produce()
        assert chain.query("Timestamp.Now") == now + 600_000
        chain.rollback_to(2)
        chain.produce()
        assert chain.query("Timestamp.Now") == now + chain.slot_ms


def test_unknown_names_are_refused_with_similar_ones(chain: Chain) -> None:
    with pytest.raises(ValueError, match="did you mean transfer_keep_alive"):
        chain.call("Balances.transfer_kep_alive", dest="//Bob", value=1)
    with pytest.raises(ValueError, match=r"expected 1 key \(AccountId32\) for System\.Account, got 0"):
        chain.query("System.Account")


@pytest.mark.lawless("a rao comes from nowhere")
def test_an_unaccounted_rao_is_reported_after_its_block(chain: Chain, broken: list[str]) -> None:
    chain.produce()
    assert broken == []
    issuance = chain.query("Balances.TotalIssuance")
    call = chain.call("Balances.force_adjust_total_issuance", direction="Increase", delta=1)
    chain.execute(sudo.call(call), "//Alice")
    assert broken == [f"block 2: accounts own {issuance} rao, but {issuance + 1} rao are issued"]


def test_a_pallet_that_raises_is_named_with_its_exception(
    chain: Chain, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A call with a fault: the caller gets the exception, and the log too, as for transactions of clients."""

    def remark(ctx: Context, remark: bytes) -> None:
        raise ZeroDivisionError(f"a fault in {len(remark)} bytes")

    call, reported = chain.call("System.remark", remark=b"xx"), list[Rejected]()
    chain.pool.on_rejection.append(lambda raw, reason: reported.append(reason))
    with monkeypatch.context() as patched:
        patched.setattr(call.function, "body", remark)
        with pytest.raises(Rejected, match=r"ZeroDivisionError: a fault in 2 bytes \(\S*test_chain.py:\d+\)") as broken:
            chain.execute(call, "//Alice")
    assert isinstance(broken.value.__cause__, ZeroDivisionError)
    assert reported == [broken.value]
    assert "ZeroDivisionError: a fault in 2 bytes" in caplog.text
    assert chain.execute("System.remark", "//Alice", remark=b"xx").block_number == 2


def test_what_was_refused_may_be_tried_again_after_an_edit(chain: Chain) -> None:
    """The same extrinsic, which the pool bans for a while, is valid once its signer can pay."""
    with pytest.raises(Invalid, match="Inability to pay some fees"):
        chain.execute("System.remark", "//Poor", remark=b"")
    chain.fund("//Poor", "1tao")
    assert chain.execute("System.remark", "//Poor", remark=b"").block_number == 1
