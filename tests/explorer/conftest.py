"""A served chain with a subnet that has weights and epochs, transactions that succeed and fail; and readers of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest
from pysubtensor.chain.cheats.scenarios import play
from pysubtensor.explorer.node.node import Node
from pysubtensor.genesis.scenarios import read_scenario

from pysubtensor import Chain, Receipt, TransactionFailed, tao

T = TypeVar("T")
SUBNET = 2


@dataclass(frozen=True, slots=True)
class World:
    """The chain, its address, and receipts of a transfer and of a failed one."""

    chain: Chain
    url: str
    transfer: Receipt
    failed: Receipt

    def read(self, work: Callable[[Node], Awaitable[T]]) -> T:
        """Return what a reader reads from the chain."""
        return read_from(self.url, work)


def read_from(url: str, work: Callable[[Node], Awaitable[T]]) -> T:
    """Return what a reader reads from a node."""

    async def reading() -> T:
        node = Node(url)
        try:
            return await work(node)
        finally:
            await node.connection.close()

    return asyncio.run(reading())


@pytest.fixture(scope="session")
def world() -> Iterator[World]:
    """A chain of 46 blocks; tests read it, and do not change it."""
    scenario = read_scenario("one-subnet")
    with Chain.dev(**scenario.chain) as chain:
        play(chain, scenario)
        chain.produce(43)
        transfer = chain.tx.Balances.transfer_keep_alive(dest="bob", value=tao(1.5), signer="alice")
        failed = failure(chain)
        chain.produce(1)
        with chain.serve(sealing="embedded") as server:
            yield World(chain, server.url, transfer, failed)


def failure(chain: Chain) -> Receipt:
    """Return the receipt of a registration on a subnet that does not exist."""
    with pytest.raises(TransactionFailed) as caught:
        chain.tx.SubtensorModule.burned_register(netuid=77, hotkey="bob", signer="bob")
    return caught.value.receipt


@pytest.fixture
def own() -> Iterator[tuple[Chain, str]]:
    """A new chain that a test may change, and its address."""
    with Chain.dev() as chain, chain.serve(sealing="instant") as server:
        yield chain, server.url


Reader = Callable[[Node], Awaitable[Any]]
