"""`author_*`: transactions on their way into blocks."""

from __future__ import annotations

from typing import Annotated, Any

from ...runtime.crypto.hashing import blake2_256
from ...runtime.scale import Reader, ScaleError
from .errors import RpcError
from .methods import method, subscription
from .node import Node
from .params import Bytes, misfit, to_bytes, to_hash, to_list
from .shapes import hexed
from .subscriptions import Subscription


def require_envelope(raw: bytes) -> None:
    """ScaleError unless the bytes are as many as their length prefix says: all that is looked at before the pool."""
    reader = Reader(raw)
    if reader.compact() > reader.end - reader.at:
        raise ScaleError("Not enough data to fill buffer", reader.at)


@method()
def author_submitExtrinsic(node: Node, raw: Bytes) -> str:
    """Put a transaction into the pool; gives its hash."""
    try:
        require_envelope(raw)
    except ScaleError as error:
        raise RpcError(1040, f"Client error: {error}") from error
    transaction_hash = node.chain.pool.submit(raw)
    node.on_transaction()
    return hexed(transaction_hash)


@subscription("author_extrinsicUpdate", ended_by=["author_unwatchExtrinsic"])
def author_submitAndWatchExtrinsic(node: Node, news: Subscription, raw: Bytes) -> None:
    """Put a transaction into the pool and tell what happens to it, until it is final or will never be."""
    try:
        require_envelope(raw)
    except ScaleError as error:
        raise RpcError(1001, f"Extrinsic has invalid format: {error}") from error
    watcher = node.hub.watcher(news)
    transaction_hash = node.chain.pool.submit(raw, watcher)
    news.on_close.append(lambda: node.chain.pool.unwatch(transaction_hash, watcher))
    node.on_transaction()


@method()
def author_pendingExtrinsics(node: Node) -> list[str]:
    """The transactions that could enter the next block."""
    return [hexed(extrinsic.raw) for extrinsic in node.chain.pool.ready()]


def to_transaction_hash(value: Any) -> bytes:
    """`{"hash": H}` or `{"extrinsic": H}`."""
    match value:
        case {"hash": given, **rest} if not rest:
            return to_hash(given)
        case {"extrinsic": given, **rest} if not rest:
            return blake2_256(to_bytes(given))
    raise misfit(value, "expected a map with one key, `hash` or `extrinsic`")


Transactions = Annotated[list[bytes], to_list(to_transaction_hash)]


@method(unsafe=True)
def author_removeExtrinsic(node: Node, which: Transactions) -> list[str]:
    """Take transactions out of the pool, with all that depends on them, and ban them; gives the hashes removed."""
    return [hexed(each) for each in node.chain.pool.remove(which)]
