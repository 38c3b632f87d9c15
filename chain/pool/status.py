"""Statuses of a transaction of the pool, and its watchers."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Status(NamedTuple):
    """A status of a transaction. `hash` is that of the block, or for "usurped" of the replacing transaction."""

    kind: str
    hash: bytes | None = None

    @property
    def is_last(self) -> bool:
        """Whether no other status can follow."""
        return self.kind in ("finalized", "usurped", "dropped", "invalid")


FUTURE, READY, DROPPED, INVALID = Status("future"), Status("ready"), Status("dropped"), Status("invalid")

Watcher = Callable[[Status], None]


class Watchers:
    """The watchers of each watched transaction, by its hash."""

    def __init__(self, by_hash: dict[bytes, list[Watcher]] | None = None) -> None:
        self._by_hash = by_hash or {}

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
            watcher(status)

    def copy(self) -> Watchers:
        """Return an independent copy."""
        return Watchers({key: list(watchers) for key, watchers in self._by_hash.items()})
