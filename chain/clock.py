"""Clocks, which supply the time of the next block: the only place where the chain reads the time.

Blocks carry the beginning of their slot, in milliseconds since 1970; each block is at least one slot later than
its parent.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple, Protocol

#: The latest time of a block: the last millisecond of the year 9999, the last one that dates of many languages have.
LATEST_MS = 253_402_300_799_999

#: The part of an author's time that is left for finalizing the block.
FINISHING = 0.1


class ClockError(ValueError):
    """A time that no block can have."""


class Clock(Protocol):
    """A source of block times."""

    def next_timestamp(self, parent_ms: int, slot_ms: int) -> int:
        """Return the time of a block whose parent has the time `parent_ms`; changes nothing."""

    def present_ms(self) -> int | None:
        """Return the present, by which times of imported blocks are judged; None if time advances with the blocks."""

    def commit(self, timestamp_ms: int) -> None:
        """Note that a block with this time was appended."""

    def snapshot(self) -> Callable[[], None]:
        """Return a function that restores the clock's present state."""


class TimeLimit(NamedTuple):
    """How long an author may apply transactions: `seconds`, of which a tenth is left for the end of the block.

    `now` is a clock in seconds that never goes back.
    """

    seconds: float
    now: Callable[[], float] = time.monotonic

    def start(self) -> Deadline:
        """Return the deadline of a block that begins now."""
        begin, allowed = self.now(), self.seconds * (1 - FINISHING)
        return Deadline(self.now, begin + allowed / 2, begin + allowed)


class Deadline(NamedTuple):
    """The time at which the author of a block stops, and half of it, from when on a full block is closed."""

    now: Callable[[], float]
    half: float
    end: float

    def has_passed(self) -> bool:
        """Return whether no other transaction may be begun."""
        return self.now() > self.end

    def is_half_over(self) -> bool:
        """Return whether half of the time has passed."""
        return self.now() >= self.half


def require_later(timestamp_ms: int, parent_ms: int) -> None:
    """Raise ClockError unless the time of a block is after its parent's, and at most `LATEST_MS`."""
    if timestamp_ms <= parent_ms:
        raise ClockError(f"the next block must be later than {parent_ms} ms, got {timestamp_ms} ms")
    if timestamp_ms > LATEST_MS:
        raise ClockError(f"the next block must be before the year 10000, {LATEST_MS} ms, got {timestamp_ms} ms")


class SystemClock:
    """The machine's time, plus what `set_next` has added."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        #: How far this clock is ahead of the machine's, in milliseconds.
        self.ahead_ms = 0

    def next_timestamp(self, parent_ms: int, slot_ms: int) -> int:
        return max(self.present_ms() // slot_ms, parent_ms // slot_ms + 1) * slot_ms

    def present_ms(self) -> int:
        return int(self._now() * 1000) + self.ahead_ms

    def set_next(self, timestamp_ms: int, parent_ms: int) -> None:
        """Let it be this time now; ClockError unless it is after the parent's, and at most `LATEST_MS`."""
        require_later(timestamp_ms, parent_ms)
        self.ahead_ms += timestamp_ms - self.present_ms()

    def commit(self, timestamp_ms: int) -> None:
        """Do nothing: the machine's time advances by itself."""

    def snapshot(self) -> Callable[[], None]:
        ahead = self.ahead_ms

        def restore() -> None:
            self.ahead_ms = ahead

        return restore


class LogicalClock:
    """Time that advances by one slot with each block, from `start_ms` on: the same blocks always have the same times.

    `set_next` and `travel` set the time of the next block; the blocks after it follow by one slot each.
    """

    def __init__(self, start_ms: int) -> None:
        self.start_ms = start_ms
        self._earliest_ms = start_ms

    def next_timestamp(self, parent_ms: int, slot_ms: int) -> int:
        slot = max(self._earliest_ms // slot_ms, parent_ms // slot_ms + 1)
        return slot * slot_ms

    def present_ms(self) -> None:
        """Return None: this clock advances with the blocks."""

    def set_next(self, timestamp_ms: int, parent_ms: int) -> None:
        """Set the time of the next block, rounded down to its slot.

        ClockError unless it is after its parent's, and at most `LATEST_MS`.
        """
        require_later(timestamp_ms, parent_ms)
        self._earliest_ms = timestamp_ms

    def travel(self, milliseconds: int, parent_ms: int) -> None:
        """Set the time of the next block to this much after its parent's."""
        self.set_next(parent_ms + milliseconds, parent_ms)

    def commit(self, timestamp_ms: int) -> None:
        self._earliest_ms = self.start_ms

    def snapshot(self) -> Callable[[], None]:
        earliest = self._earliest_ms

        def restore() -> None:
            self._earliest_ms = earliest

        return restore
