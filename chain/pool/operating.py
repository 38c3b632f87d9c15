"""What an operator does with a pool: look at what waits, drop it, and take back what was in blocks."""

from __future__ import annotations

from collections.abc import Iterable

from .bans import Bans
from .pool import TransactionPool
from .status import DROPPED


def future_hashes(pool: TransactionPool) -> list[bytes]:
    """Return the hashes of the transactions that wait for others."""
    return [transaction.hash for transaction in pool._waiting.future]


def drop(pool: TransactionPool, transaction_hash: bytes | None) -> list[bytes]:
    """Drop a transaction and all that depend on it, or all; return their hashes. They may be submitted again."""
    waiting = pool._waiting.all
    wanted = list(waiting) if transaction_hash is None else [transaction_hash]
    dropped: list[bytes] = []
    for each in wanted:
        if (transaction := waiting.get(each)) is not None:
            gone = pool._waiting.remove(transaction)
            pool._end(gone, DROPPED)
            dropped += [other.hash for other in gone]
    return dropped


def forgive(pool: TransactionPool) -> None:
    """End all bans: what was refused may be valid by other rules now."""
    pool._bans = Bans()


def retract(pool: TransactionPool, number: int, hashes: Iterable[bytes]) -> None:
    """Report the transactions of blocks after this number as retracted, and let them be submitted again."""
    for transaction_hash in hashes:
        pool._bans.lift(transaction_hash)
    pool.watchers.retracted(number)
