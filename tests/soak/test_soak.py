"""A short soak, and a check that its verdict notices what must not be."""

from __future__ import annotations

from pathlib import Path

import pytest
from pysubtensor.chain.history.stores.choose import available
from pysubtensor.cli.chain_file import read_chain

from pysubtensor import Chain, Head

from .node import write_chain_file
from .soak import Soak, run
from .verdict import WARM_BLOCKS, judge

pytestmark = pytest.mark.skipif("leveldb" not in available(), reason="the soak measures LevelDB, for Linux on x86-64")


def test_a_node_serves_five_clients_and_reopens(tmp_path: Path) -> None:
    progress: list[str] = []
    soak, verdict = run(tmp_path, blocks=40, busy=1, seed=3, tell=progress.append)
    assert verdict.failures == []
    assert len(soak.memory) == 40
    assert len(soak.tenths()) == 10
    assert progress[-1].startswith("block 40 of 40, ")
    counts = soak.counts
    assert counts["in blocks"] > 150
    assert counts["requests"] > 40 * 8, "five clients with a habit, and blocks"
    assert counts["notifications"] > 2 * 35, "two clients follow heads"
    assert min(counts[move] for move in ("add_stake", "burned_register", "set_parameter")) > 0


def test_memory_is_compared_by_its_largest_value_in_each_tenth() -> None:
    assert Soak(memory=list(range(25))).tenths() == [2, 4, 7, 9, 12, 14, 17, 19, 22, 24]


def test_a_verdict_names_what_is_wrong(tmp_path: Path) -> None:
    write_chain_file(tmp_path / "chain.toml")
    config = read_chain(tmp_path / "chain.toml")
    with Chain(config, tmp_path / "data") as chain:
        head = chain.produce(5)
    assert judge(config, tmp_path / "data", head, [100, 130]).failures == []
    assert judge(config, tmp_path / "data", head, [100, 131]).failures == [], "the first tenth is too short to compare"
    other = judge(config, tmp_path / "data", Head(WARM_BLOCKS, head.hash), [100 << 20, 131 << 20])
    assert other.failures[:2] == [
        "memory of each tenth 100 131 MiB, at most 1.31 of the first",
        f"head 5 of {WARM_BLOCKS}",
    ]
