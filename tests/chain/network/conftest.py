"""Networks of nodes in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.chain.network.fake_engine import FakeEngine, FakeNode, author, config, voter

MakeNetwork = Callable[..., FakeEngine]


@pytest.fixture
def network(tmp_path: Path) -> Iterator[MakeNetwork]:
    """Make a network of some validators and replicas; `disk`: their chains are in folders."""
    made: list[FakeNode] = []

    def make(validators: int, replicas: int = 0, disk: bool = False) -> FakeEngine:
        shared = config(validators)
        for index in range(validators + replicas):
            folder = tmp_path / f"node{index}"
            folder.mkdir()
            key = author(index) if index < validators else None
            made.append(FakeNode(shared, key, folder, folder / "db" if disk else None))
        engine = FakeEngine(made, [voter(index).public for index in range(validators)])
        for node in made:
            node.start()
            engine.handshake(node)
        return engine

    yield make
    for node in made:
        if node.chain.is_open:
            node.stop()
