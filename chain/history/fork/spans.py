"""Sets of keys as spans: which part of a state is known as a whole."""

from __future__ import annotations

from bisect import bisect_right

#: Greater than every key.
TOP = b"\xff" * 64


class Spans:
    """Spans [start, end) of byte strings that do not touch each other, ascending."""

    def __init__(self) -> None:
        self._starts: list[bytes] = []
        self._ends: list[bytes] = []

    def end_of(self, key: bytes) -> bytes | None:
        """Return the end of the span in which a key is; None if it is in none."""
        at = bisect_right(self._starts, key) - 1
        return self._ends[at] if at >= 0 and key < self._ends[at] else None

    def add(self, start: bytes, end: bytes) -> None:
        """Add a span, and join it with those that it touches."""
        low = bisect_right(self._starts, start)
        if low and self._ends[low - 1] >= start:
            low -= 1
            start = self._starts[low]
        high = bisect_right(self._starts, end)
        if high > low:
            end = max(end, self._ends[high - 1])
        self._starts[low:high], self._ends[low:high] = [start], [end]
