"""`eth_*` about transactions in blocks and in the pool."""

from __future__ import annotations

from ...namespace import Cost
from ...node import Node
from ...params import Hash
from .declare import eth, internal
from .params import Block, Index
from .pooled import Pooled
from .reading import BlockInfo, info_at, info_by_transaction
from .receipts import receipt_of
from .shapes import JSON, transaction_json


@eth.method(cost=Cost.LONG)
def eth_getTransactionByHash(node: Node, hash: Hash) -> JSON | None:
    """Return a transaction of a kept block or of the pool; null for others."""
    found = info_by_transaction(node, hash)
    if found is not None:
        return included(*found)
    waiting = Pooled.of(node.chain).find(hash)
    return None if waiting is None else transaction_json(waiting)


def included(found: BlockInfo, index: int) -> JSON:
    """Return a transaction of a block."""
    return transaction_json(found.block.transactions[index], found.block.header, found.statuses[index], found.base_fee)


def at(found: BlockInfo | None, index: int) -> JSON | None:
    """Return a transaction of a block by its index."""
    if found is None:
        return None
    if index >= len(found.statuses):
        raise internal(f"{index} is out of bounds")
    return included(found, index)


@eth.method(cost=Cost.LONG)
def eth_getTransactionByBlockHashAndIndex(node: Node, hash: Hash, index: Index) -> JSON | None:
    """Return a transaction by its block and its index there."""
    return at(info_at(node, hash), index)


@eth.method(cost=Cost.LONG)
def eth_getTransactionByBlockNumberAndIndex(node: Node, number_or_hash: Block, index: Index) -> JSON | None:
    """Return a transaction by its block and its index there."""
    return at(info_at(node, number_or_hash), index)


@eth.method(cost=Cost.LONG)
def eth_getTransactionReceipt(node: Node, hash: Hash) -> JSON | None:
    """Return the receipt of a transaction; null for one that is in no kept block."""
    found = info_by_transaction(node, hash)
    return None if found is None else receipt_of(node, *found)
