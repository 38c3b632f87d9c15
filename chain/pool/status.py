"""Statuses of a transaction of the pool, and its watchers."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import NamedTuple

log = logging.getLogger(__name__)


class Status(NamedTuple):
    """A status of a transaction. `hash` is that of the block, or for "usurped" of the replacing transaction."""

    kind: str
    hash: bytes | None = None

    @property
    def is_last(self) -> bool:
        """Whether no other status can follow."""
        return self.kind in ("finalized", "finalityTimeout", "usurped", "dropped", "invalid")


#: Blocks with transactions of the pool that may wait to become final (the genuine node's MAX_FINALITY_WATCHERS).
MAX_UNFINAL = 512

FUTURE, READY, DROPPED, INVALID = Status("future"), Status("ready"), Status("dropped"), Status("invalid")

Watcher = Callable[[Status], None]


class Watchers:
    """The watchers of each watched transaction, by its hash, and the blocks whose transactions are not final yet."""

    def __init__(
        self,
        by_hash: dict[bytes, list[Watcher]] | None = None,
        unfinal: dict[int, tuple[bytes, list[bytes]]] | None = None,
    ) -> None:
        self._by_hash = by_hash or {}
        #: Number of a block -> its hash, and the hashes of its watched transactions; ascending.
        self._unfinal = unfinal or {}

    def add(self, transaction_hash: bytes, watcher: Watcher) -> None:
        """Report a transaction to `watcher` from now on."""
        self._by_hash.setdefault(transaction_hash, []).append(watcher)

    def remove(self, transaction_hash: bytes, watcher: Watcher) -> None:
        """Stop reporting a transaction to `watcher`."""
        watchers = self._by_hash.get(transaction_hash, [])
        if watcher in watchers:
            watchers.remove(watcher)
        if not watchers:
            self._by_hash.pop(transaction_hash, None)

    def report(self, transaction_hash: bytes, status: Status) -> None:
        """Report a status to the transaction's watchers, and remove them after the last one."""
        if transaction_hash not in self._by_hash:
            return
        watchers = self._by_hash.pop(transaction_hash) if status.is_last else self._by_hash[transaction_hash]
        for watcher in tuple(watchers):
            try:
                watcher(status)
            except Exception:  # the pool is to be in order, and the other watchers are to hear of it
                log.exception("a watcher of transaction 0x%s failed", transaction_hash.hex())

    def included(self, transaction_hash: bytes, number: int, block_hash: bytes) -> None:
        """Report that a transaction of the pool is in a block, and remember it until the block is final.

        If too many blocks wait, the transactions of the oldest one are no longer followed.
        """
        _, watched = self._unfinal.setdefault(number, (block_hash, []))
        if transaction_hash in self._by_hash:
            watched.append(transaction_hash)
            self.report(transaction_hash, Status("inBlock", block_hash))
        while len(self._unfinal) > MAX_UNFINAL:
            self._end(next(iter(self._unfinal)), "finalityTimeout")

    def finalized(self, number: int) -> None:
        """Report the transactions of all blocks up to this number as final, in the order of the blocks."""
        for final in [each for each in self._unfinal if each <= number]:
            self._end(final, "finalized")

    def rolled_back(self, number: int) -> list[bytes]:
        """Forget the blocks after this number, and return their watched transactions."""
        gone = [each for each in self._unfinal if each > number]
        return [transaction for each in gone for transaction in self._unfinal.pop(each)[1]]

    def retracted(self, number: int) -> None:
        """Report the watched transactions of the blocks after this number as retracted, and follow them further."""
        for gone in sorted((each for each in self._unfinal if each > number), reverse=True):
            block_hash, transactions = self._unfinal.pop(gone)
            for transaction_hash in transactions:
                self.report(transaction_hash, Status("retracted", block_hash))

    def _end(self, number: int, kind: str) -> None:
        block_hash, transactions = self._unfinal.pop(number)
        for transaction_hash in transactions:
            self.report(transaction_hash, Status(kind, block_hash))

    def copy(self) -> Watchers:
        """Return an independent copy."""
        return Watchers(
            {key: list(watchers) for key, watchers in self._by_hash.items()},
            {number: (block_hash, list(watched)) for number, (block_hash, watched) in self._unfinal.items()},
        )
