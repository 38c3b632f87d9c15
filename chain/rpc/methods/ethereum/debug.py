"""`debug_*`: headers, blocks, transactions and receipts as they are encoded."""

from __future__ import annotations

from typing import Any

from .....runtime.client.ethereum import encoded, encoded_block, encoded_receipt
from ...namespace import Cost
from ...node import Node
from ...params import Hash
from ...shapes import to_hex
from .declare import debug
from .params import Block
from .reading import info_at, info_by_transaction


@debug.method(cost=Cost.LONG)
def debug_getRawHeader(node: Node, number: Block) -> str | None:
    """Return the header of a block in RLP."""
    found = info_at(node, number)
    return None if found is None else to_hex(found.block.header.encoded())


@debug.method(cost=Cost.LONG)
def debug_getRawBlock(node: Node, number: Block) -> str | None:
    """Return a block in RLP."""
    found = info_at(node, number)
    return None if found is None else to_hex(encoded_block(found.block))


@debug.method(cost=Cost.LONG)
def debug_getRawTransaction(node: Node, hash: Hash) -> str | None:
    """Return a transaction of a block as it was signed."""
    found = info_by_transaction(node, hash)
    return None if found is None else to_hex(encoded(found[0].block.transactions[found[1]]))


@debug.method(cost=Cost.LONG)
def debug_getRawReceipts(node: Node, number: Block) -> list[str]:
    """Return the receipts of a block as they are hashed; none for a block that is not kept."""
    found = info_at(node, number)
    return [] if found is None else [to_hex(encoded_receipt(receipt)) for receipt in found.receipts]


@debug.method()
def debug_getBadBlocks(node: Node, number: Block) -> list[Any]:
    """Return no blocks."""
    return []
