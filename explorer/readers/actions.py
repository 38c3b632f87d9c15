"""What a development node can do besides: money, blocks, epochs, snapshots; and any call, signed and sent."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from ...runtime.crypto import Keypair
from ..node.connection import NodeError
from ..node.encoding import account as account_of
from ..node.node import Node, to_hex
from ..node.signing import sign
from ..node.values import Account
from .blocks import Included, read_block

#: Seconds until a transaction that was sent is given up.
PATIENCE_S = 60.0
#: The method by which a development node is known.
SIGN = "dev_newBlock"
LOST = ("invalid", "dropped", "usurped", "retracted", "finalityTimeout")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A snapshot to which the chain can go back."""

    id: str
    label: str
    number: int


async def is_development(node: Node) -> bool:
    """Return whether a node has the methods of development nodes."""
    found = await node.call("rpc_methods")
    return isinstance(found, dict) and SIGN in found.get("methods", ())


async def fund(node: Node, who: str, rao: int) -> int:
    """Add rao to an account's free balance, and return it; raise PlainError for what is no account."""
    return int(await node.call("dev_addBalance", Account(account_of(who)).address, rao))


async def mine(node: Node, blocks: int) -> None:
    """Make blocks."""
    await node.call("dev_skipBlocks", blocks)


async def run_epoch(node: Node, netuid: int) -> int:
    """Make blocks until a subnet has had its next epoch; return the number of the head."""
    head = await node.call("dev_mineUntilEpoch", netuid, 1)
    number = head.get("number") if isinstance(head, dict) else None
    return int(number, 16) if isinstance(number, str) else int(number or 0)


async def snapshots(node: Node) -> list[Snapshot]:
    """Return the snapshots that the node keeps."""
    found = await node.call("dev_listSnapshots")
    return [Snapshot(str(each["id"]), str(each["label"]), int(each["number"])) for each in found]


async def take_snapshot(node: Node, label: str) -> str:
    """Take a snapshot, and return its id."""
    return str(await node.call("dev_snapshot", label))


async def revert(node: Node, id_: str) -> bool:
    """Go back to a snapshot and keep it; false if it has ended."""
    return bool(await node.call("dev_revert", id_, {"keep": True}))


async def send(node: Node, call: bytes, signer: str) -> Included:
    """Sign a call as a secret URI such as //Alice, send it, and return it once it is in a block; raise NodeError."""
    raw = await sign(node, call, Keypair.from_uri(signer))
    return await asyncio.wait_for(_in_block(node, raw), PATIENCE_S)


async def _in_block(node: Node, raw: bytes) -> Included:
    statuses = node.connection.subscribe("author_submitAndWatchExtrinsic", to_hex(raw))
    async for status in statuses:
        name, detail = next(iter(status.items())) if isinstance(status, dict) else (status, None)
        if name in ("inBlock", "finalized"):
            return await _find(node, str(detail), raw)
        if name in LOST:
            raise NodeError(f"the transaction is {name}")
    raise NodeError("the node does not tell what became of the transaction")


async def _find(node: Node, block_hash: str, raw: bytes) -> Included:
    block = await read_block(node, block_hash)
    answer = await node.call("chain_getBlock", block_hash)
    index = list(map(str, answer["block"]["extrinsics"])).index(to_hex(raw))
    if block is None:
        raise NodeError("the node has lost the block of the transaction")
    return block.extrinsics[index]
