"""The engine: who authors a chain's blocks, when they are final, and where transactions go.

An engine appends blocks to its chain, and only final ones: `local` because no one can disagree, one that agrees with
other nodes when they have. The RPC server runs the engine, submits to it, and asks it what it knows of the network.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from ..blocks import ImportedBlock
from ..pool.status import Watcher


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """What an engine knows of the network: how many nodes it talks to, and how far they are."""

    peers: int
    highest_block: int
    #: Whether it is still fetching blocks that others have.
    is_syncing: bool
    #: Whether a node without peers is cut off from its network.
    expects_peers: bool


class Engine(Protocol):
    """What drives a chain."""

    @property
    def on_demand(self) -> bool:
        """Whether clients may ask for blocks."""

    @property
    def longest_wait_ms(self) -> int | None:
        """How long a ready transaction may wait for its block, in milliseconds; None: as long as someone likes."""

    def status(self) -> EngineStatus:
        """Return what is known of the network."""

    def submit(self, raw: bytes, watcher: Watcher | None = None) -> bytes:
        """Pass an encoded extrinsic on to the authors of blocks, and return its hash; raises `Rejected`."""

    def produce(self) -> ImportedBlock:
        """Append a block now and return it; asked for only where blocks are made on demand."""

    async def run(self) -> None:
        """Append blocks when they are due, until cancelled."""
