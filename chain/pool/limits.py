"""The limits of the pool, and which transactions are removed to keep them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from .graph import Transaction, TransactionGraph
from .rejections import ImmediatelyDropped


class PoolLimits(NamedTuple):
    """Most ready and future transactions, their bytes, and the length of a ban in milliseconds."""

    ready_count: int = 8192
    ready_bytes: int = 20 * 1024 * 1024
    future_count: int = 819
    future_bytes: int = 2 * 1024 * 1024
    ban_ms: int = 30 * 60 * 1000


def make_room(graph: TransactionGraph, limits: PoolLimits, transaction: Transaction) -> Iterator[Transaction]:
    """Remove and yield transactions of less priority until `transaction` fits; ImmediatelyDropped if it never does."""
    if not transaction.requires or all(graph.provides(tag) for tag in transaction.requires):
        shelf, count, size = graph.ready, limits.ready_count, limits.ready_bytes
    else:
        shelf, count, size = graph.future, limits.future_count, limits.future_bytes
    length = len(transaction.extrinsic.raw)
    while shelf.count + 1 > count or shelf.bytes + length > size:
        least = shelf.least()
        if least is None or least.priority >= transaction.priority:
            kind = "ready" if shelf is graph.ready else "future"
            raise ImmediatelyDropped(f"the pool has its {count} {kind} transactions, or {size} bytes of them")
        yield from graph.remove(least)
