"""`engine_*`: blocks on demand, as moonwall and polkadot.js request them."""

from __future__ import annotations

from typing import Annotated, Any

from ...history.blocks import UnknownBlock
from ..errors import RpcError, header_not_found
from ..namespace import Namespace
from ..node import Node
from ..params import Flag, Hash, invalid_value, to_bytes
from ..shapes import to_hex

namespace = Namespace()

AUX = {
    "header_only": False,
    "clear_justification_requests": False,
    "needs_justification": False,
    "bad_justification": False,
    "is_new_best": True,
}


@namespace.method(sealing=True, named=["create_empty", "finalize", "parent_hash"])
def engine_createBlock(node: Node, create_empty: Flag, finalize: Flag, parent: Hash | None = None) -> dict[str, Any]:
    """Make a block on the head; with `finalize` it is final, and all blocks before it."""
    chain = node.chain
    if parent is not None and parent != chain.head.hash:
        if chain.header(parent) is None:
            raise RpcError(13000, f"Supplied parent_hash: {to_hex(parent)} doesn't exist in chain")
        raise RpcError(20000, f"expected the head {to_hex(chain.head.hash)} as parent, got {to_hex(parent)}")
    if not create_empty and not chain.pool.ready_count:
        raise RpcError(12000, "Transaction pool is empty, set create_empty to true, if you want to create empty blocks")
    block = node.engine.produce()
    if finalize:
        node.engine.finalize(block.number)
    return {"hash": to_hex(block.hash), "aux": AUX, "proof_size": 0}


def to_justification(value: Any) -> bytes:
    """Return bytes from hex, or from a list of numbers as the genuine node takes it."""
    if not isinstance(value, list):
        return to_bytes(value)
    try:
        return bytes(value)
    except (TypeError, ValueError):
        raise invalid_value(value, "invalid value: expected a list of u8") from None


Justification = Annotated[bytes, to_justification]


@namespace.method(sealing=True, named=["hash", "justification"])
def engine_finalizeBlock(node: Node, block: Hash, justification: Justification | None = None) -> bool:
    """Make a block final, with all blocks before it, and return true. The justification is not stored.

    A block that cannot be final is an error, which the genuine node writes into its log before it returns true.
    """
    header = node.chain.header(block)
    if header is None:
        raise finalization_error(f"UnknownBlock: {header_not_found(UnknownBlock(block))}")
    if header.number < node.chain.finalized.number:
        raise finalization_error("Potential long-range attack: block not in finalized chain.")
    node.engine.finalize(header.number)
    return True


def finalization_error(why: str) -> RpcError:
    return RpcError(16000, f"Finalization Error: {why}")
