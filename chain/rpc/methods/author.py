"""`author_*`: the transaction pool."""

from __future__ import annotations

from typing import Annotated, Any

from ....runtime.crypto.hashing import blake2_256
from ....runtime.scale import ScaleError
from ...pool.opaque import opaque_extrinsic
from ...pool.status import Watcher
from ..errors import RpcError, too_big_response
from ..namespace import Cost, Namespace
from ..node import Node
from ..params import Bytes, invalid_value, to_bytes, to_hash, to_list
from ..shapes import to_hex
from ..slices import in_slices, whole
from ..subscriptions import Subscription

namespace = Namespace()


@namespace.method(cost=Cost.BY_SIZE, named=["extrinsic"])
def author_submitExtrinsic(node: Node, raw: Bytes) -> str:
    """Add a transaction to the pool and return its hash."""
    try:
        extrinsic = opaque_extrinsic(raw)
    except ScaleError as error:
        raise RpcError(1040, f"Client error: {error}") from error
    return to_hex(submit(node, extrinsic))


def submit(node: Node, raw: bytes, watcher: Watcher | None = None) -> bytes:
    """Decode an extrinsic, in slices if this is long work, submit it in one piece, and return its hash."""
    decoded = node.chain.pool.decode(raw) if in_slices() else None
    return whole(node.engine.submit, raw, watcher, decoded)


@namespace.subscription(
    "author_extrinsicUpdate", ended_by=["author_unwatchExtrinsic"], cost=Cost.BY_SIZE, named=["bytes"]
)
def author_submitAndWatchExtrinsic(node: Node, subscription: Subscription, raw: Bytes) -> None:
    """Add a transaction to the pool and send its statuses, until it is final or can no longer be."""
    extrinsic = to_extrinsic(raw)
    watcher = node.hub.watcher(subscription)
    transaction_hash = submit(node, extrinsic, watcher)
    subscription.on_close.append(lambda: node.chain.pool.unwatch(transaction_hash, watcher))


def to_extrinsic(raw: bytes) -> bytes:
    """Return the extrinsic at the front of these bytes."""
    try:
        return opaque_extrinsic(raw)
    except ScaleError as error:
        raise RpcError(1001, f"Extrinsic has invalid format: {error}") from error


@namespace.method(cost=Cost.SHORT)
def author_pendingExtrinsics(node: Node) -> list[str]:
    """Return the transactions that could enter the next block; RpcError if they exceed the size of a response."""
    found, size, limit = list[str](), 0, node.limits.response_bytes
    for extrinsic in node.chain.pool.ready():
        size += 2 * len(extrinsic.raw)
        if size > limit:
            raise too_big_response(limit)
        found.append(to_hex(extrinsic.raw))
    return found


def to_transaction_hash(value: Any) -> bytes:
    """Return the hash in `{"hash": H}`, or that of the extrinsic in `{"extrinsic": H}`."""
    match value:
        case {"hash": given, **rest} if not rest:
            return to_hash(given)
        case {"extrinsic": given, **rest} if not rest:
            return blake2_256(to_extrinsic(to_bytes(given)))
    raise invalid_value(value, "expected a map with one key, `hash` or `extrinsic`")


Transactions = Annotated[list[bytes], to_list(to_transaction_hash)]


@namespace.method(unsafe=True, cost=Cost.BY_SIZE, named=["bytes_or_hash"])
def author_removeExtrinsic(node: Node, which: Transactions) -> list[str]:
    """Remove transactions from the pool with all that depend on them, ban them, and return their hashes."""
    return [to_hex(each) for each in whole(node.chain.pool.remove, which)]
