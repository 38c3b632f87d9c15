"""The latest blocks as they come, in a buffer of fixed length."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass

from ..node.connection import NodeError
from ..node.node import Node
from .actions import is_development
from .blocks import Block, read_block
from .history import History

#: Blocks that are kept, transactions of each, and blocks before the first head that are read.
KEPT, TRANSACTIONS, BEFORE = 256, 100, 24
#: Subnets whose epochs are followed.
SUBNETS = 1_000
#: Seconds before a lost node is tried again.
AGAIN_S = 1.0


@dataclass(frozen=True, slots=True)
class Transaction:
    """A transaction of a recent block; the fee is in rao."""

    block: int
    index: int
    hash: str
    name: str
    signer: str | None
    failure: str | None
    fee: int | None


@dataclass(frozen=True, slots=True)
class Recent:
    """A recent block, with its first transactions."""

    number: int
    hash: str
    parent: str
    time_ms: int | None
    extrinsics: int
    events: int
    transactions: tuple[Transaction, ...]


def recent_of(block: Block) -> Recent:
    """Return what is kept of a block."""
    transactions = tuple(
        Transaction(
            block.number,
            each.index,
            each.extrinsic.hash,
            each.extrinsic.name,
            each.extrinsic.signer.address if each.extrinsic.signer else None,
            each.failure.name if each.failure else None,
            each.fee,
        )
        for each in block.transactions[:TRANSACTIONS]
    )
    return Recent(
        block.number, block.hash, block.parent, block.time_ms, len(block.extrinsics), block.event_count, transactions
    )


class Live:
    """Follows the head of a node. `version` grows with every change; `problem` says why there is none."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.blocks: deque[Recent] = deque(maxlen=KEPT)
        self.finalized: int | None = None
        self.version = 0
        #: Whether the node is one for development, which pages may change.
        self.is_development = False
        self.history = History(node)
        self.problem = f"connecting to {node.url} …"
        self._task: asyncio.Task[None] | None = None

    @property
    def head(self) -> Recent | None:
        """The latest block."""
        return self.blocks[-1] if self.blocks else None

    def start(self) -> None:
        """Begin to follow."""
        self._task = asyncio.create_task(self._follow())

    async def stop(self) -> None:
        """End, and end the connection."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self.node.connection.close()

    def find(self, extrinsic_hash: str) -> Transaction | None:
        """Return a recent transaction by its hash."""
        return next(
            (t for block in reversed(self.blocks) for t in block.transactions if t.hash == extrinsic_hash), None
        )

    async def _follow(self) -> None:
        while True:
            try:
                await self.node.refresh()
                self.is_development = await is_development(self.node)
                async for header in self.node.connection.subscribe("chain_subscribeNewHeads"):
                    await self.take(int(header["number"], 16))
                    self._changed("")
            except (NodeError, KeyError, TypeError, ValueError) as error:
                self._changed(str(error))
                await asyncio.sleep(AGAIN_S)

    def _changed(self, problem: str) -> None:
        self.problem = problem
        self.version += 1

    async def take(self, number: int) -> None:
        """Read the blocks up to a new head, and drop those that are no longer before it."""
        while self.blocks and self.blocks[-1].number >= number:
            self.blocks.pop()
        fresh: list[Recent] = []
        block_hash = await self.node.block_hash(number)
        while block_hash is not None:
            block = await read_block(self.node, block_hash)
            if block is None:
                break
            fresh.append(recent_of(block))
            while self.blocks and self.blocks[-1].number >= block.number:
                self.blocks.pop()
            known = self.blocks[-1] if self.blocks else None
            if block.number == 0 or len(fresh) > BEFORE or (known is not None and known.hash == block.parent):
                break
            block_hash = block.parent
        if self.blocks and fresh and self.blocks[-1].hash != fresh[-1].parent:
            self.blocks.clear()
        self.blocks.extend(reversed(fresh))
        await self.node.refresh()
        final = await self.node.call("chain_getFinalizedHead")
        header = await self.node.call("chain_getHeader", final)
        self.finalized = None if header is None else int(header["number"], 16)
        if self.blocks:
            await self._collect(self.blocks[-1])

    async def _collect(self, head: Recent) -> None:
        """Keep what subnets are like after their epochs, for nodes that forget it."""
        interface = await self.node.interface(head.hash)
        item = interface.item("SubtensorModule", "NetworksAdded")
        if item is not None:
            found = await self.node.entries(item, (), head.hash, SUBNETS)
            await self.history.take(head.number, head.hash, [parts[0] for _, parts, exists in found if exists])
