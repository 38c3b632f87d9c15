"""The transactions that wait."""

from __future__ import annotations

from ....pool.operating import drop, future_hashes
from ...node import Node
from ...shapes import to_hex
from .declare import Text, dev, invalid, to_octets


@dev
def dev_pool(node: Node) -> dict[str, list[str]]:
    """Return the hashes of the transactions that could be in the next block, and of those that wait for others."""
    pool = node.chain.pool
    return {
        "ready": [to_hex(extrinsic.hash) for extrinsic in pool.ready()],
        "future": [to_hex(transaction_hash) for transaction_hash in future_hashes(pool)],
    }


@dev
def dev_dropTransaction(node: Node, hash: Text) -> int:  # as clients name it
    """Drop a transaction and those that depend on it, or "all", and return how many; they may be submitted again."""
    if hash == "all":
        return len(drop(node.chain.pool, None))
    try:
        wanted = to_octets(hash)
    except ValueError as error:
        raise invalid(f'hash: {error}, or "all"') from None
    return len(drop(node.chain.pool, wanted))
