"""Snapshots: equal on all nodes, and a new node that begins with one has the chain of the others, or refuses it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pysubtensor.chain.history.rescue import verify
from pysubtensor.chain.network import snapshots
from pysubtensor.chain.network.statesync import StateSync

from tests.chain.network.fake_engine import FakeEngine, FakeNode
from tests.chain.network.test_application import heads, transfer

if TYPE_CHECKING:
    from tests.chain.network.conftest import MakeNetwork

ACCEPT, REJECT, REJECT_FORMAT, RETRY, REJECT_SNAPSHOT = 1, 3, 4, 3, 5


@pytest.fixture
def engine(network: MakeNetwork, monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    """Two validators with a snapshot of block 4, at block 6, and a replica at block 0."""
    monkeypatch.setattr(snapshots, "CHUNK_BYTES", 3_000)
    engine = network(2, replicas=1, disk=True)
    *validators, new = engine.nodes
    for node in engine.nodes:
        node.app.state_sync = StateSync(node.chain, node.folder, 4)
    for nonce in range(6):
        for node in validators:
            node.call("check_tx", tx=transfer(node, nonce))
        engine.height(down=[new])
    for node in validators:
        sync = node.app.state_sync
        assert sync is not None
        sync.snapshots.finish()
    return engine


def offered(node: FakeNode) -> Any:
    (found,) = node.call("list_snapshots").snapshots
    return found


def test_all_nodes_make_the_same_snapshot(engine: FakeEngine) -> None:
    first, second, new = engine.nodes
    assert offered(first) == offered(second)
    assert (offered(first).height, offered(first).format) == (4, 1)
    assert offered(first).chunks > 3
    assert list(new.call("list_snapshots").snapshots) == []
    for index in range(offered(first).chunks):
        chunks = [node.call("load_snapshot_chunk", height=4, format=1, chunk=index).chunk for node in (first, second)]
        assert chunks[0] == chunks[1] != b""
    assert first.call("load_snapshot_chunk", height=4, format=1, chunk=999).chunk == b""


def give(source: FakeNode, new: FakeNode, index: int, change: bytes = b"") -> Any:
    chunk = source.call("load_snapshot_chunk", height=4, format=1, chunk=index).chunk
    return new.call("apply_snapshot_chunk", index=index, chunk=chunk + change, sender="peer")


def test_a_new_node_begins_with_a_snapshot(engine: FakeEngine) -> None:
    first, _, new = engine.nodes
    snapshot = offered(first)
    app_hash = engine.blocks[3].app_hash
    assert new.call("offer_snapshot", snapshot=snapshot, app_hash=app_hash).result == ACCEPT
    wrong = give(first, new, 0, b"more")
    assert (wrong.result, list(wrong.refetch_chunks), list(wrong.reject_senders)) == (RETRY, [0], ["peer"])
    assert give(first, new, 1).result == RETRY
    for index in range(snapshot.chunks):
        assert give(first, new, index).result == ACCEPT
    info = new.call("info")
    assert (info.last_block_height, info.last_block_app_hash) == (4, app_hash)
    engine.handshake(new)
    assert len(heads(engine)) == 1
    engine.height()
    new.stop()
    assert verify(new.folder / "db", lambda *_: None).problems == ()
    new.start()
    engine.height()
    assert len(heads(engine)) == 1


def test_a_snapshot_of_another_block_is_refused(engine: FakeEngine) -> None:
    first, _, new = engine.nodes
    snapshot = offered(first)
    assert new.call("offer_snapshot", snapshot=snapshot, app_hash=bytes(32)).result == REJECT
    snapshot.format = 2
    assert new.call("offer_snapshot", snapshot=snapshot, app_hash=engine.blocks[3].app_hash).result == REJECT_FORMAT
    snapshot.format, snapshot.metadata = 1, b"{}"
    assert new.call("offer_snapshot", snapshot=snapshot, app_hash=engine.blocks[3].app_hash).result == REJECT
    assert first.call("offer_snapshot", snapshot=offered(first), app_hash=engine.blocks[3].app_hash).result == REJECT


@pytest.mark.parametrize(("old", "new_text"), [(b'"number": 4', b'"number": 5'), (b", 1, ", b", 2, ")])
def test_a_snapshot_with_other_validators_is_refused(engine: FakeEngine, old: bytes, new_text: bytes) -> None:
    first, _, new = engine.nodes
    snapshot = offered(first)
    assert old in snapshot.metadata
    snapshot.metadata = snapshot.metadata.replace(old, new_text)
    assert new.call("offer_snapshot", snapshot=snapshot, app_hash=engine.blocks[3].app_hash).result == ACCEPT
    results = [give(first, new, index).result for index in range(snapshot.chunks)]
    assert results[-1] == REJECT_SNAPSHOT
    assert new.chain.head.number == 0
    engine.handshake(new)
    assert len(heads(engine)) == 1


def test_old_snapshots_are_removed(engine: FakeEngine) -> None:
    *_, new = engine.nodes
    for _ in range(10):
        engine.height(down=[new])
        for node in engine.nodes[:2]:
            assert node.app.state_sync is not None
            node.app.state_sync.snapshots.finish()
    found = engine.nodes[0].call("list_snapshots").snapshots
    assert [each.height for each in found] == [12, 16]
    assert sorted(path.name for path in Path(engine.nodes[0].folder / "snapshots").iterdir()) == ["12", "16"]
