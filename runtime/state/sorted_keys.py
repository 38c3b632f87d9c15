"""Collections of byte strings in ascending order, sorted when they are walked."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator
from itertools import islice

#: Keys that a walk takes at once; before the next ones it looks its position up, so that keys may change meanwhile.
CHUNK = 256
#: One insertion into a list of n keys moves n/2 pointers; from n / RESORT_SHARE changes on, sorting again is cheaper.
RESORT_SHARE = 64


def end_of_prefix(prefix: bytes) -> bytes | None:
    """Return the least byte string above all that start with `prefix`, None when there is none."""
    stem = prefix.rstrip(b"\xff")
    return stem[:-1] + bytes([stem[-1] + 1]) if stem else None


class SortedKeys:
    """A set of keys in ascending order.

    Adding and removing put the key into a set of pending changes, which the next walk merges into the sorted list.
    Without walks a change costs one set operation.
    """

    __slots__ = ("_added", "_order", "_removed")

    def __init__(self) -> None:
        self._order: list[bytes] = []
        self._added: set[bytes] = set()
        self._removed: set[bytes] = set()

    def add(self, key: bytes) -> None:
        """Add a key that is not a member."""
        if key in self._removed:
            self._removed.discard(key)
        else:
            self._added.add(key)

    def remove(self, key: bytes) -> None:
        """Remove a key that is a member."""
        if key in self._added:
            self._added.discard(key)
        else:
            self._removed.add(key)

    def walk(self, prefix: bytes, after: bytes | None = None) -> Iterator[bytes]:
        """Return the keys with `prefix` greater than `after`, ascending. Keys may be added and removed meanwhile."""
        order = self._sorted()
        start = bisect_left(order, prefix)
        if after is not None:
            start = max(start, bisect_right(order, after))
        while True:
            stop = min(start + CHUNK, self._end(prefix))
            chunk = self._order[start:stop]
            yield from chunk
            if len(chunk) < CHUNK:
                return
            start = bisect_right(self._sorted(), chunk[-1])

    def walk_back(self, prefix: bytes, after: bytes | None = None) -> Iterator[bytes]:
        """Return the keys with `prefix` less than `after`, descending. Keys may be added and removed meanwhile."""
        order = self._sorted()
        stop = self._end(prefix)
        if after is not None:
            stop = min(stop, bisect_left(order, after))
        while True:
            start = max(stop - CHUNK, bisect_left(self._order, prefix))
            chunk = self._order[start:stop]
            yield from reversed(chunk)
            if len(chunk) < CHUNK:
                return
            stop = bisect_left(self._sorted(), chunk[0])

    def _end(self, prefix: bytes) -> int:
        end = end_of_prefix(prefix)
        return len(self._order) if end is None else bisect_left(self._order, end)

    def _sorted(self) -> list[bytes]:
        order, added, removed = self._order, self._added, self._removed
        if len(added) + len(removed) > 16 + len(order) // RESORT_SHARE:
            self._order = order = sorted(added.union(order) - removed)
        else:
            for key in removed:
                del order[bisect_left(order, key)]
            for key in added:
                insort(order, key)
        added.clear()
        removed.clear()
        return order


class Appended:
    """The keys, in ascending order, of a dict that only grows or is cleared."""

    __slots__ = ("_keys", "_order")

    def __init__(self, keys: dict[bytes, bytes | None]) -> None:
        self._keys = keys
        self._order: list[bytes] = []

    def clear(self) -> None:
        """Drop all keys, after the dict was cleared."""
        self._order = []

    def between(self, prefix: bytes, after: bytes | None) -> list[bytes]:
        """Return a list of the keys with `prefix`, ascending, strictly greater than `after`."""
        order = self._order
        if len(order) != len(self._keys):
            # A dict keeps the order of insertion, so the keys that are not in the list are its last ones.
            order.extend(islice(self._keys, len(order), None))
            order.sort()
        start = bisect_left(order, prefix)
        if after is not None:
            start = max(start, bisect_right(order, after))
        end = end_of_prefix(prefix)
        return order[start : len(order) if end is None else bisect_left(order, end)]
