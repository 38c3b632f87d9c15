"""`epoch`, `warp`, `snapshot` and `fund`, against a development node."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.engine.local import LocalEngine, Sealing
from pysubtensor.chain.rpc.server import Running, running

from tests.world import TAO

from .conftest import Shell


@pytest.fixture
def node() -> Iterator[Running]:
    """A node for each test, because they go back and forth."""
    with Chain.dev(genesis_tempo=10) as chain, running(chain, engine=LocalEngine(chain, Sealing.INSTANT)) as server:
        yield server


def head(online: Shell) -> int:
    number: int = online.json("status")["head"]
    return number


def test_many_blocks_are_made_at_once(online: Shell) -> None:
    assert online.json("warp", "--blocks", "25")["head"] == 25
    assert head(online) == 25


def test_the_clock_advances(online: Shell) -> None:
    def time() -> int:
        online("tx", "system", "remark", "--remark", "x", "--from", "alice")
        number: int = online.json("query", "timestamp", "now")
        return number

    before = time()
    online("warp", "--time", "2h")
    assert time() - before >= 2 * 3_600_000
    online("warp", "--time", "2030-01-01T00:00:00+00:00")
    assert time() >= 1_893_456_000_000


def test_the_next_epoch_is_reached(online: Shell) -> None:
    due = {row["netuid"]: row["next_epoch"] for row in online.json("subnets")}[1]
    assert online.json("epoch", "1")["head"] == due
    assert online.json("epoch", "1", "--count", "2")["head"] == due + 20
    assert "999" in online("epoch", "999", code=1).stderr or "999" in online("epoch", "999", code=2).stderr


def test_an_account_is_funded(online: Shell) -> None:
    assert online("fund", "//Miner1", "1.5tao").stdout.split() == ["free", "1.5", "tao"]
    assert online.json("fund", "//Miner1", "7")["free"] == 3 * TAO // 2 + 7
    assert online.json("query", "system", "account", "//Miner1")["data"]["free"] == 3 * TAO // 2 + 7


def test_a_snapshot_takes_the_chain_back(online: Shell) -> None:
    online("warp", "--blocks", "3")
    (label, id_) = "before", online.json("snapshot", "take", "before")["id"]
    online("warp", "--blocks", "4")
    online("fund", "//Miner1", "1tao")
    (listed,) = online.json("snapshot", "list")
    assert (listed["id"], listed["label"], listed["number"]) == (id_, label, 3)
    assert "before" in online("snapshot", "list").stdout
    assert online.json("snapshot", "revert", id_, "--keep")["head"] == 3
    assert online.json("query", "system", "account", "//Miner1")["data"]["free"] == 0
    online("warp", "--blocks", "2")
    assert online.json("snapshot", "revert", id_)["head"] == 3
    missing = online("snapshot", "revert", id_, code=2).stderr
    assert f"there is no snapshot '{id_}'; `pysubtensor snapshot list` lists them" in missing
    assert online("snapshot", "list").stderr == "No snapshots.\n"
    again = online.json("snapshot", "take")["id"]
    assert online("snapshot", "drop", again).stderr == f"Dropped {again}.\n"
    online("snapshot", "drop", again, code=2)
    online("snapshot", "revert", "x", code=2)
