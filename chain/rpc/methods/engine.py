"""`engine_*`: blocks on demand, as moonwall and polkadot.js request them."""

from __future__ import annotations

from typing import Any

from ..errors import RpcError
from ..namespace import Namespace
from ..node import Node
from ..params import Bytes, Flag, Hash
from ..shapes import to_hex

namespace = Namespace()

AUX = {
    "header_only": False,
    "clear_justification_requests": False,
    "needs_justification": False,
    "bad_justification": False,
    "is_new_best": True,
}


@namespace.method(sealing=True)
def engine_createBlock(node: Node, create_empty: Flag, finalize: Flag, parent: Hash | None = None) -> dict[str, Any]:
    """Make a block on the head. Every block is final, also without `finalize`."""
    chain = node.chain
    if parent is not None and parent != chain.head.hash:
        if chain.header(parent) is None:
            raise RpcError(13000, f"Supplied parent_hash: {to_hex(parent)} doesn't exist in chain")
        raise RpcError(20000, f"expected the head {to_hex(chain.head.hash)} as parent, got {to_hex(parent)}")
    if not create_empty and not chain.pool.ready_count:
        raise RpcError(12000, "Transaction pool is empty, set create_empty to true, if you want to create empty blocks")
    return {"hash": to_hex(node.engine.produce().hash), "aux": AUX, "proof_size": 0}


@namespace.method(sealing=True)
def engine_finalizeBlock(node: Node, block: Hash, justification: Bytes | None = None) -> bool:
    """Return true: every block is final already."""
    if node.chain.header(block) is None:
        raise RpcError(16000, f"Finalization Error: expected a block that is kept, got {to_hex(block)}")
    return True
