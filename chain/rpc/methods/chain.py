"""`chain_*`: blocks, headers, and subscriptions to them."""

from __future__ import annotations

from typing import Any

from ....consensus.integers import U32_MAX
from ..errors import RpcError
from ..namespace import Cost, Namespace
from ..node import Node
from ..params import BlockNumbers, Hash
from ..shapes import block_json, header_json, to_hex, to_hex_or_null
from ..slices import paced
from ..subscriptions import Subscription

namespace = Namespace()


@namespace.method("chain_getHead", cost=Cost.BY_SIZE, named=["hash"])
def chain_getBlockHash(node: Node, number: BlockNumbers | None = None) -> Any:
    """Return the hash of the head, of a block by its number (null above the head), or of several."""
    if number is None:
        return to_hex(node.chain.head.hash)
    if isinstance(number, list):
        return [hash_of(node, each) for each in paced(number)]
    return hash_of(node, number)


def hash_of(node: Node, number: int) -> str | None:
    if number > U32_MAX:
        raise RpcError(3001, f"`{number}` > u32::MAX, the max block number is u32.")  # at most 78 digits
    return to_hex_or_null(node.chain.hash_at(number))


@namespace.method("chain_getFinalisedHead")
def chain_getFinalizedHead(node: Node) -> str:
    """Return the hash of the last final block."""
    return to_hex(node.chain.finalized.hash)


@namespace.method(named=["hash"])
def chain_getHeader(node: Node, at: Hash | None = None) -> Any:
    """Return a block's header, the head's by default; null for a block that is not kept."""
    header = node.chain.header(node.block_hash(at))
    return None if header is None else header_json(header)


@namespace.method(named=["hash"])
def chain_getBlock(node: Node, at: Hash | None = None) -> Any:
    """Return a block, the head by default, its extrinsics as they were submitted; null for a block that is not kept."""
    block_hash = node.block_hash(at)
    header, block = node.chain.header(block_hash), node.chain.block(block_hash)
    return None if header is None or block is None else block_json(header, block.body)


@namespace.subscription(
    "chain_newHead",
    "chain_subscribeNewHead",
    "subscribe_newHead",
    ended_by=["chain_unsubscribeNewHeads", "chain_unsubscribeNewHead", "unsubscribe_newHead"],
)
def chain_subscribeNewHeads(node: Node, subscription: Subscription) -> None:
    """Send the header of the head, then of each new head."""
    node.hub.follow_heads(subscription)


@namespace.subscription(
    "chain_finalizedHead",
    "chain_subscribeFinalisedHeads",
    ended_by=["chain_unsubscribeFinalizedHeads", "chain_unsubscribeFinalisedHeads"],
)
def chain_subscribeFinalizedHeads(node: Node, subscription: Subscription) -> None:
    """Send the header of the last final block, then each time it changes: one header for several new ones."""
    node.hub.follow_finality(subscription)


@namespace.subscription("chain_allHead", ended_by=["chain_unsubscribeAllHeads"])
def chain_subscribeAllHeads(node: Node, subscription: Subscription) -> None:
    """Send the header of the head, then of each imported block."""
    node.hub.follow_heads(subscription)
