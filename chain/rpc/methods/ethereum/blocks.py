"""`eth_*` about blocks."""

from __future__ import annotations

from ...namespace import Cost
from ...node import Node
from ...params import Flag, Hash
from .declare import eth, quantity
from .index import EthereumIndex
from .params import Block, Index, Tag
from .pending import pending_block
from .reading import BlockInfo, info_at, info_of
from .receipts import receipt_of
from .shapes import JSON, block_json


def whole(found: BlockInfo | None, full: bool) -> JSON | None:
    """Return a block as JSON."""
    return None if found is None else block_json(found.block, found.statuses, full, found.base_fee)


@eth.method(cost=Cost.LONG)
def eth_getBlockByHash(node: Node, hash: Hash, full: Flag) -> JSON | None:
    """Return a block by the hash of the Ethereum block; null if it is not kept."""
    return whole(info_of(node, EthereumIndex.of(node.chain).block(hash)), full)


@eth.method(cost=Cost.LONG)
def eth_getBlockByNumber(node: Node, number_or_hash: Block, full: Flag) -> JSON | None:
    """Return a block by its number or tag; the pending one has the transactions of the pool."""
    if number_or_hash is Tag.PENDING:
        found, base_fee = pending_block(node)
        if found is None:
            return None
        block, statuses = found
        return block_json(block, statuses, full, base_fee, is_pending=True)
    return whole(info_at(node, number_or_hash), full)


def count_of(found: BlockInfo | None) -> str | None:
    return None if found is None else quantity(len(found.block.transactions))


@eth.method(cost=Cost.LONG)
def eth_getBlockTransactionCountByHash(node: Node, hash: Hash) -> str | None:
    """Return the number of Ethereum transactions in a block."""
    return count_of(info_at(node, hash))


@eth.method(cost=Cost.LONG)
def eth_getBlockTransactionCountByNumber(node: Node, number_or_hash: Block) -> str | None:
    """Return the number of Ethereum transactions in a block; of the pending one, that of all ready ones of the pool."""
    if number_or_hash is Tag.PENDING:
        return quantity(node.chain.pool.ready_count)
    return count_of(info_at(node, number_or_hash))


@eth.method(cost=Cost.LONG)
def eth_getBlockReceipts(node: Node, number_or_hash: Block) -> list[JSON] | None:
    """Return the receipts of a block."""
    found = info_at(node, number_or_hash)
    return None if found is None else [receipt_of(node, found, index) for index in range(len(found.statuses))]


@eth.method()
def eth_getUncleCountByBlockHash(node: Node, hash: Hash) -> str:
    """Return 0: there are no uncles."""
    return "0x0"


@eth.method()
def eth_getUncleCountByBlockNumber(node: Node, number_or_hash: Block) -> str:
    """Return 0: there are no uncles."""
    return "0x0"


@eth.method()
def eth_getUncleByBlockHashAndIndex(node: Node, hash: Hash, index: Index) -> None:
    """Return null: there are no uncles."""


@eth.method()
def eth_getUncleByBlockNumberAndIndex(node: Node, number_or_hash: Block, index: Index) -> None:
    """Return null: there are no uncles."""
