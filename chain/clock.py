"""Clocks: which time the next block gets. Time is an argument of the chain, never asked for inside of it.

Blocks carry the beginning of their slot, in milliseconds since 1970; each block is at least one slot later than
its parent.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol


class ClockError(ValueError):
    """A time that no block can have."""


class Clock(Protocol):
    """What gives blocks their time."""

    def next_timestamp(self, parent_ms: int, slot_ms: int) -> int:
        """Return the time of the block after one of time `parent_ms`; asking changes nothing."""

    def commit(self, timestamp_ms: int) -> None:
        """A block of this time is part of the chain now."""

    def snapshot(self) -> Callable[[], None]:
        """Return a function that brings the clock back to where it is now."""


class SystemClock:
    """The machine's time."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now

    def next_timestamp(self, parent_ms: int, slot_ms: int) -> int:
        now = int(self._now() * 1000)
        return max(now // slot_ms, parent_ms // slot_ms + 1) * slot_ms

    def commit(self, timestamp_ms: int) -> None:
        """The machine's time goes on by itself."""

    def snapshot(self) -> Callable[[], None]:
        return lambda: None


class LogicalClock:
    """Time that only blocks move: one slot each, from `start_ms` on. The same blocks always get the same times.

    `set_next` and `travel` move it for the next block; what they set is used up when that block is made.
    """

    def __init__(self, start_ms: int) -> None:
        self.start_ms = start_ms
        self._earliest_ms = start_ms

    def next_timestamp(self, parent_ms: int, slot_ms: int) -> int:
        slot = max(self._earliest_ms // slot_ms, parent_ms // slot_ms + 1)
        return slot * slot_ms

    def set_next(self, timestamp_ms: int, parent_ms: int) -> None:
        """Give the next block this time, rounded down to its slot; it must come after its parent's."""
        if timestamp_ms <= parent_ms:
            raise ClockError(f"the next block must be later than {parent_ms} ms, got {timestamp_ms} ms")
        self._earliest_ms = timestamp_ms

    def travel(self, milliseconds: int, parent_ms: int) -> None:
        """Make the next block this much later than its parent."""
        self.set_next(parent_ms + milliseconds, parent_ms)

    def commit(self, timestamp_ms: int) -> None:
        self._earliest_ms = self.start_ms

    def snapshot(self) -> Callable[[], None]:
        earliest = self._earliest_ms

        def restore() -> None:
            self._earliest_ms = earliest

        return restore
