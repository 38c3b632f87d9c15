"""Which blocks are final: they are never replaced, and never pruned before.

The engine decides by `set_lag` and `finalize`. A chain without an engine makes each block final at once.
"""

from __future__ import annotations

from collections.abc import Callable

from ..consensus.internal import InternalError
from .blocks import Head
from .errors import ChainError
from .history.history import History
from .listeners import call_all

#: Called with the last final block after it has changed.
FinalityListener = Callable[[Head], None]


class Finality:
    """The last final block of a chain, which is stored with the history."""

    def __init__(self, history: History) -> None:
        self._history = history
        #: How many blocks on top of a block make it final; None: only `finalize` does. See `set_lag`.
        self.lag: int | None = 0
        #: Called when blocks have become final, once for all that become final together.
        self.listeners: list[FinalityListener] = []
        self.head = self._read()

    def set_lag(self, lag: int | None) -> None:
        """Make blocks final when `lag` blocks are on top of them, or with None only by `finalize`."""
        self.lag = lag
        due = self.due(self._history.head.number)
        if due > self.head.number:
            self.finalize(due)

    def due(self, number: int) -> int:
        """Return the number of the last final block when a block of this number is the head."""
        final = self._history.final
        return final if self.lag is None else max(final, number - self.lag)

    def finalize(self, number: int) -> None:
        """Make a block final, with all before it; ChainError if it is before the last final one, or above the head."""
        if not self.head.number <= number <= self._history.head.number:
            low, high = self.head.number, self._history.head.number
            raise ChainError(f"expected a block from the last final one, {low}, to the head, {high}, got {number}")
        self._history.finalize(number)
        self.announce()

    def announce(self) -> None:
        """Call the listeners if the stored final block has a higher number than the last announced one."""
        if self._history.final <= self.head.number:
            return
        self.head = self._read()
        call_all(self.listeners, self.head)

    def follow(self, history: History) -> None:
        """Be the finality of another history from now on."""
        self._history = history
        self.head = self._read()

    def retreat(self, number: int | None = None) -> None:
        """Follow a rollback of the history; the last final block becomes that of `number` if it is given."""
        if number is not None:
            self._history.finalize(number)
        self.head = self._read()

    def _read(self) -> Head:
        number, head = self._history.final, self._history.head
        block_hash = head.hash if number == head.number else self._history.hash_at(number)
        if block_hash is None:
            raise InternalError(f"expected the final block {number} in the store")
        return Head(number, block_hash)
