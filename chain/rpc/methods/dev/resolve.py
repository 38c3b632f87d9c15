"""What several `dev_*` methods need of a node: a block that a client names, the local engine, extrinsics."""

from __future__ import annotations

from collections.abc import Iterable

from .....runtime.frame.extrinsic import Extrinsic
from .....runtime.frame.validity import Refused
from .....runtime.frame.validity import explain as explain_validity
from ....arguments import resolve_block
from ....blocks import Head, ImportedBlock
from ....engine.local import LocalEngine
from ....errors import ChainError
from ....history.blocks import UnknownBlock
from ....pool.opaque import opaque_extrinsic
from ...node import Node
from ...shapes import to_hex


def hash_of(node: Node, block: bytes | int | None) -> bytes:
    """Return the hash of a block (None: the head; negative: counted back from it); UnknownBlock without one."""
    if block is None:
        return node.chain.head.hash
    if isinstance(block, int) and block < 0:
        block = max(node.chain.head.number + block, 0)
    return resolve_block(node.chain, block)


def number_of(node: Node, block: bytes | int) -> int:
    """Return the number of a block on the chain; UnknownBlock for others."""
    found = hash_of(node, block)
    header = node.chain.header(found)
    if header is None:
        raise UnknownBlock(found)
    return header.number


def local_engine(node: Node) -> LocalEngine:
    """Return the engine, whose sealing can be set; ChainError for another kind."""
    if not isinstance(node.engine, LocalEngine):
        raise ChainError("expected a node that makes its blocks alone")
    return node.engine


def decoded(node: Node, raws: Iterable[bytes]) -> list[Extrinsic]:
    """Return extrinsics that go around the pool; ChainError names the one that is refused."""
    found = []
    for index, raw in enumerate(raws):
        ctx = node.chain.pending_context()
        try:
            extrinsic = node.chain.runtime.decode(opaque_extrinsic(raw))
            found.append(node.chain.pool.impersonation.apply(ctx, extrinsic))
        except (Refused, ValueError) as error:
            raise ChainError(f"transactions[{index}]: {why(error)}") from None
    return found


def why(error: Exception) -> str:
    """Return why an extrinsic is refused."""
    return explain_validity(error.reason) if isinstance(error, Refused) else str(error)


def produce(node: Node, extrinsics: list[Extrinsic]) -> ImportedBlock:
    """Make a block with these extrinsics; ChainError if one of them could not be applied."""
    block = node.engine.produce(extrinsics)
    left_out = [index for index, each in enumerate(extrinsics) if each.raw not in block.extrinsics]
    if left_out:
        raise ChainError(
            f"transactions {', '.join(map(str, left_out))} could not be applied to block {block.number}, which has "
            "been made without them: dev_dryRun says why"
        )
    return block


def head_json(head: Head) -> dict[str, object]:
    """Return number and hash of a block."""
    return {"number": head.number, "hash": to_hex(head.hash)}
