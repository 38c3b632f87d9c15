"""When the transactions of a pool expire."""

from __future__ import annotations

import heapq
from collections.abc import Container, Sized
from typing import Protocol

#: Entries of transactions that have left the pool, besides as many as it has, before they are removed.
SLACK = 64


class Hashes(Container[bytes], Sized, Protocol):
    """The hashes of the transactions in a pool."""


class Expiries:
    """The last blocks of transactions, the first to expire first.

    Most transactions leave the pool long before they expire, or never expire. Their entries are removed when they are
    more than half.
    """

    def __init__(self, entries: list[tuple[int, bytes]] | None = None) -> None:
        self._entries = entries or []

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, transaction_hash: bytes, last_block: int, waiting: Hashes) -> None:
        """Note the last block in which one of the `waiting` transactions is valid."""
        if len(self._entries) > 2 * len(waiting) + SLACK:
            self._entries = [entry for entry in self._entries if entry[1] in waiting]
            heapq.heapify(self._entries)
        heapq.heappush(self._entries, (last_block, transaction_hash))

    def pop(self, number: int) -> list[bytes]:
        """Remove those that cannot be in a block after this one, and return their hashes, the first to expire first."""
        expired = []
        while self._entries and self._entries[0][0] <= number:
            expired.append(heapq.heappop(self._entries)[1])
        return expired

    def copy(self) -> Expiries:
        """Return an independent copy."""
        return Expiries(list(self._entries))
