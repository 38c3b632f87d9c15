"""A fork of a simulated chain, on which the same transactions make the same blocks."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from pysubtensor.chain.blocks import ImportedBlock
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.rpc.server import running

from .players import Players
from .subnets import chain_of_subnets, play_block

BEFORE, AFTER = 60, 40


def test_a_fork_goes_the_way_of_its_source(tmp_path: Path) -> None:
    counts: Counter[str] = Counter()
    with chain_of_subnets() as original, running(original, "127.0.0.1") as served:
        players, blocks = Players(original, 2), list[ImportedBlock]()
        for _ in range(BEFORE):
            served.call(lambda: play_block(players, counts))
        with Chain.fork(served.url, cache=tmp_path, whole=True) as fork:
            original.listeners.append(blocks.append)
            for _ in range(AFTER):
                served.call(lambda: play_block(players, counts))
                expected = blocks.pop()
                for raw in expected.extrinsics:
                    if fork.runtime.decode(raw).signer is not None:
                        fork.submit(raw)
                block = fork.produce_block()
                assert block.records == expected.records
                assert block.changes == expected.changes
                assert (block.header, block.extrinsics) == (expected.header, expected.extrinsics)
            assert dict(fork.state.items(b"")) == served.call(lambda: dict(original.state.items(b"")))
    assert counts["block with an epoch"] > 10
    assert sum(counts.values()) > 100
