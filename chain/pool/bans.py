"""Transactions that the pool refuses for a while: those that were in a block, and those found invalid."""

from __future__ import annotations

#: Most bans; the oldest are removed first.
MAX_BANS = 4096


class Bans:
    """Hashes of banned transactions, each with the last block in which its ban holds."""

    def __init__(self, until: dict[bytes, int] | None = None) -> None:
        self._until = until or {}

    def add(self, transaction_hash: bytes, last_block: int) -> None:
        """Ban a transaction up to this block, included."""
        self._until.pop(transaction_hash, None)
        self._until[transaction_hash] = last_block
        if len(self._until) > MAX_BANS:
            del self._until[next(iter(self._until))]

    def lift(self, transaction_hash: bytes) -> None:
        """End the ban of a transaction, if there is one."""
        self._until.pop(transaction_hash, None)

    def until(self, transaction_hash: bytes) -> int:
        """Return the last block in which a ban holds, -1 if there is none."""
        return self._until.get(transaction_hash, -1)

    def copy(self) -> Bans:
        """Return an independent copy."""
        return Bans(dict(self._until))
