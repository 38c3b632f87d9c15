"""Writing any storage item."""

from __future__ import annotations

from ....cheats.storage import set_values
from ....errors import ChainError
from ...node import Node
from ...shapes import to_hex
from .declare import Anything, Block, dev
from .resolve import hash_of


@dev
def dev_setStorage(node: Node, values: Anything, block_hash: Block | None) -> str:
    """Write entries into the head's state, and return its hash. States after earlier blocks stay as they are.

    `values` are pairs of key and value in hex, or an object by pallet and item: `{"System": {"Account": [[[account],
    {"data": {"free": 5}}]]}}`. null removes an entry, `"$removePrefix": [item]` all entries of items.
    """
    if hash_of(node, block_hash) != node.chain.head.hash:
        raise ChainError("expected the head: only its state can be written")
    set_values(node.chain, values)
    return to_hex(node.chain.head.hash)
