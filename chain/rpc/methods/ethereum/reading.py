"""Blocks that clients name, and what the runtime says of them."""

from __future__ import annotations

from dataclasses import dataclass

from .....consensus.integers import U32_MAX
from .....runtime.apis import ethereum as api
from .....runtime.client.ethereum import AnyReceipt, EthereumBlock, TransactionStatus
from .....runtime.frame.context import Context
from ....history.blocks import StateDiscarded, UnknownBlock
from ...node import Node
from ...runtime_apis import error_text
from .declare import internal
from .index import EthereumIndex
from .params import BlockRef, Tag


@dataclass(frozen=True, slots=True)
class BlockInfo:
    """An Ethereum block with its receipts and statuses, the base fee after it, and the hash of the chain's block."""

    block: EthereumBlock
    receipts: list[AnyReceipt]
    statuses: list[TransactionStatus]
    base_fee: int
    chain_hash: bytes
    hash: bytes


def find(node: Node, block: BlockRef) -> bytes | None:
    """Return the hash of the chain's block; None for the pending block and for an unknown hash.

    RpcError for a number above the head, or of a block that is not kept.
    """
    chain = node.chain
    if isinstance(block, bytes):
        return EthereumIndex.of(chain).block(block)
    if isinstance(block, int):
        number = min(block, U32_MAX)
        found = chain.hash_at(number)
        if found is None:
            raise internal(f"Expect block number from id: BlockId::Number({number})")
        return found
    if block is Tag.PENDING:
        return None
    if block is Tag.LATEST:
        return chain.head.hash
    return chain.genesis_hash if block is Tag.EARLIEST else chain.finalized.hash


def info_of(node: Node, chain_hash: bytes | None) -> BlockInfo | None:
    """Return the Ethereum block beside a block; None if that is unknown or its state is not kept."""
    if chain_hash is None:
        return None
    try:
        ctx = node.context(chain_hash)
        block, receipts, statuses = api.current_all(ctx)
        base_fee = api.gas_price(ctx)
    except (StateDiscarded, UnknownBlock):
        return None
    if block is None or receipts is None or statuses is None:
        return None
    return BlockInfo(block, receipts, statuses, base_fee, chain_hash, block.header.hash)


def info_at(node: Node, block: BlockRef) -> BlockInfo | None:
    """Return a block that a client names."""
    return info_of(node, find(node, block))


def info_by_transaction(node: Node, transaction_hash: bytes) -> tuple[BlockInfo, int] | None:
    """Return the block of a transaction, and its index there; None for a transaction of no kept block."""
    place = EthereumIndex.of(node.chain).transaction(transaction_hash)
    if place is None:
        return None
    found = info_of(node, node.chain.hash_at(place.number))
    return None if found is None or place.position >= len(found.statuses) else (found, place.position)


def context_of(node: Node, chain_hash: bytes, failure: str) -> Context:
    """Return the state after a block; RpcError, which begins with `failure`, if it is not kept."""
    try:
        return node.context(chain_hash)
    except (StateDiscarded, UnknownBlock) as error:
        raise internal(f"{failure}: {error_text(error)}") from error
