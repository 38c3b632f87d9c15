"""The engine: who authors a chain's blocks, when they are final, and where transactions go.

An engine makes the blocks of its chain final: after some more blocks, as the genuine localnet does, at once, or at a
client's request. The RPC server runs the engine, submits transactions to it, and reads its status.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from ...runtime.frame.extrinsic import Extrinsic
from ..blocks import ImportedBlock
from ..pool.status import Watcher


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """The network as seen by an engine: the number of connected nodes, and their highest block."""

    peers: int
    highest_block: int
    #: Whether it is still fetching blocks from peers.
    is_syncing: bool
    #: Whether a node without peers is cut off from its network.
    expects_peers: bool


class SlicedCall(Protocol):
    """A call that runs a slice at a time."""

    def step(self, seconds: float) -> bool:
        """Run for this time, until the next pause; return whether the call has ended."""

    def finish(self) -> Any:
        """Run to the end without a pause, and return the result or raise the error."""


#: Makes a call that runs in slices.
Slicer = Callable[[Callable[[], Any]], SlicedCall]


class Engine(Protocol):
    """The driver of a chain."""

    #: Makes a call that runs in slices, for a server; None: blocks are built in one piece.
    sliced: Slicer | None

    @property
    def on_demand(self) -> bool:
        """Whether clients may request blocks."""

    @property
    def shared(self) -> bool:
        """Whether other nodes hold the same chain, so that nothing but its engine may change it."""

    @property
    def longest_wait_ms(self) -> int | None:
        """How long a ready transaction may wait for its block, in milliseconds; None: no limit."""

    def status(self) -> EngineStatus:
        """Return the state of the network."""

    def submit(self, raw: bytes, watcher: Watcher | None = None, decoded: Extrinsic | None = None) -> bytes:
        """Pass an encoded extrinsic on to the authors of blocks, and return its hash; raises `Rejected`.

        `decoded` is the extrinsic, if the pool has decoded it already.
        """

    def produce(self, first: Iterable[Extrinsic] = ()) -> ImportedBlock:
        """Append a block now, with these extrinsics before those of the pool, and return it.

        It is called only if blocks are made on demand, and on chains for tests.
        """

    def finalize(self, number: int) -> None:
        """Make a block final, with all blocks before it; ChainError unless it follows the last final one."""

    async def run(self) -> None:
        """Append blocks when they are due, until cancelled."""
