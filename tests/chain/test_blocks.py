"""What a chain returns of a block that it has just appended."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pysubtensor.chain.blocks import ImportedBlock
from pysubtensor.chain.clock import LogicalClock
from pysubtensor.runtime.frame.events import ApplyExtrinsic, Finalization, Initialization
from pysubtensor.runtime.frame.header import Header
from pysubtensor.runtime.pallets import system
from pysubtensor.runtime.pallets.balances.declared import Transfer

from pysubtensor import Chain, Keypair

ALICE, BOB = Keypair.from_uri("//Alice"), Keypair.from_uri("//Bob")


@pytest.fixture
def chain() -> Iterator[Chain]:
    with Chain.dev() as made:
        yield made


def test_producing_returns_what_was_produced_and_leaves_no_listener(chain: Chain) -> None:
    raw = chain.sign(chain.call("Balances.transfer_keep_alive", dest="//Bob", value=7), ALICE)
    chain.submit(raw)
    block = chain.produce_block()
    assert (block.number, block.hash) == (chain.head.number, chain.head.hash) == (1, block.header.hash)
    assert block.extrinsics[2:] == (raw,)
    assert Transfer(ALICE.account, BOB.account, 7) in block.events_of(2)
    assert Transfer(ALICE.account, BOB.account, 7) not in block.events_of(1)
    assert block.changes[system.Number.prefix] == b"\1\0\0\0"
    assert chain.listeners == []


def test_events_keep_the_phases_that_storage_gives_them(chain: Chain) -> None:
    chain.execute("Balances.transfer_keep_alive", "//Alice", dest="//Bob", value=7)
    block = chain.produce_block()
    assert list(block.events) == chain.query("System.Events")
    kinds = {type(record.phase) for record in block.events}
    assert kinds <= {Initialization, ApplyExtrinsic, Finalization}
    assert ApplyExtrinsic in kinds


def test_events_of_an_extrinsic_are_those_of_its_whole_index(chain: Chain) -> None:
    """The phases of extrinsics 2 and 2 + 256^n differ in one byte each."""
    numbers = (2, *(2 + 256**power for power in range(1, 4)))
    events = [Transfer(ALICE.account, BOB.account, number) for number in numbers]
    records = [b"\0" + number.to_bytes(4, "little") + b"the event" for number in numbers]
    block = ImportedBlock(chain.head_header, chain.head.hash, (), {}, events, records)
    assert [block.events_of(number) for number in numbers] == [(event,) for event in events]
    assert block.events_of(3) == ()


def test_importing_returns_the_same_block_as_producing(chain: Chain) -> None:
    with Chain.dev() as author:
        produced = author.produce_block()
        stored = author.block(produced.hash)
    assert stored is not None
    imported = chain.import_block(Header.decode(stored.header), list(stored.body))
    for name in ("header", "hash", "extrinsics", "changes", "events"):
        assert getattr(imported, name) == getattr(produced, name)


def test_listeners_hear_of_each_block(chain: Chain) -> None:
    heard: list[ImportedBlock] = []
    chain.listeners.append(heard.append)
    chain.produce(3)
    assert [block.number for block in heard] == [1, 2, 3]
    assert heard[-1].hash == chain.head.hash


def test_a_listener_that_raises_changes_nothing_of_its_block(chain: Chain) -> None:
    heard: list[int] = []
    final: list[int] = []

    def broken(block: object) -> None:
        raise LookupError("a listener")

    chain.listeners[:] = [broken, lambda block: heard.append(block.number)]
    chain.finality.listeners[:] = [broken, lambda head: final.append(head.number)]
    assert isinstance(chain.clock, LogicalClock)
    chain.clock.travel(600_000, chain.config.start_ms or 0)
    with pytest.raises(LookupError, match="a listener"):
        chain.produce_block()
    assert (chain.head.number, heard, chain.finalized.number, final) == (1, [1], 1, [1])
    first = chain.query("Timestamp.Now")
    chain.listeners.clear()
    chain.finality.listeners.clear()
    chain.produce_block()
    assert chain.query("Timestamp.Now") - first == chain.slot_ms, "the clock has gone on from the first block"


def test_a_watcher_that_raises_leaves_the_pool_in_order(chain: Chain, caplog: pytest.LogCaptureFixture) -> None:
    heard: list[str] = []

    def broken(status: object) -> None:
        raise LookupError("a watcher")

    raw = chain.sign(chain.call("System.remark", remark="0x"), ALICE)
    transaction_hash = chain.pool.submit(raw, broken)
    chain.pool.watch(transaction_hash, lambda status: heard.append(status.kind))
    chain.produce_block()
    assert (len(chain.pool), heard) == (0, ["ready", "inBlock", "finalized"])
    assert f"a watcher of transaction 0x{transaction_hash.hex()} failed" in caplog.text


def test_a_block_that_cannot_be_stored_leaves_no_trace(chain: Chain, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = chain.sign(chain.call("Balances.transfer_keep_alive", dest="//Bob", value=7), ALICE)
    chain.submit(raw)
    heard: list[ImportedBlock] = []
    chain.listeners.append(heard.append)

    def full(*block: object) -> None:
        raise OSError("no space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(chain.history, "commit_block", full)
        with pytest.raises(OSError, match="no space left"):
            chain.produce_block()
    assert (chain.head.number, chain.state.changes(), heard) == (0, {}, [])
    block = chain.produce_block()
    assert block.extrinsics[2:] == (raw,)
    with Chain.dev() as other:
        other.submit(raw)
        assert other.produce_block().hash == block.hash
