"""Collections of byte strings in ascending order, sorted when they are walked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from sortedcontainers import SortedList

#: Keys that a walk takes at once; before the next ones it looks its position up, so that keys may change meanwhile. One
#: at first, since many walks end there, then more.
FIRST_CHUNK, SECOND_CHUNK, CHUNK = 1, 32, 256


def end_of_prefix(prefix: bytes) -> bytes | None:
    """Return the least byte string above all that start with `prefix`, None when there is none."""
    stem = prefix.rstrip(b"\xff")
    return stem[:-1] + bytes([stem[-1] + 1]) if stem else None


class SortedKeys:
    """A set of keys in ascending order.

    Adding and removing put the key into a set of pending changes, which the next walk applies in logarithmic time
    each. Without walks a change costs one set operation.
    """

    __slots__ = ("_added", "_order", "_removed")

    def __init__(self) -> None:
        self._order = SortedList()
        self._added: set[bytes] = set()
        self._removed: set[bytes] = set()

    def add(self, key: bytes) -> None:
        """Add a key that is not a member."""
        if key in self._removed:
            self._removed.discard(key)
        else:
            self._added.add(key)

    def add_all(self, keys: Iterable[bytes]) -> None:
        """Add keys that are not members."""
        if self._removed:
            for key in keys:
                self.add(key)
        else:
            self._added.update(keys)

    def remove(self, key: bytes) -> None:
        """Remove a key that is a member."""
        if key in self._added:
            self._added.discard(key)
        else:
            self._removed.add(key)

    def walk(self, prefix: bytes, after: bytes | None = None) -> Iterator[bytes]:
        """Return the keys with `prefix` greater than `after`, ascending. Keys may be added and removed meanwhile."""
        start, inclusive = (prefix, True) if after is None or after < prefix else (after, False)
        size = FIRST_CHUNK
        while True:
            keys = _with_prefix(list(islice(self._sorted().irange(start, None, (inclusive, True)), size)), prefix)
            yield from keys
            if len(keys) < size:
                return
            start, inclusive, size = keys[-1], False, SECOND_CHUNK if size == FIRST_CHUNK else CHUNK

    def walk_back(self, prefix: bytes, after: bytes | None = None) -> Iterator[bytes]:
        """Return the keys with `prefix` less than `after`, descending. Keys may be added and removed meanwhile."""
        end = end_of_prefix(prefix)
        if after is not None and (end is None or after < end):
            end = after
        size = FIRST_CHUNK
        while True:
            chunk = islice(self._sorted().irange(None, end, (True, False), reverse=True), size)
            keys = _with_prefix(list(chunk), prefix)
            yield from keys
            if len(keys) < size:
                return
            end, size = keys[-1], SECOND_CHUNK if size == FIRST_CHUNK else CHUNK

    def _sorted(self) -> SortedList:
        order, added, removed = self._order, self._added, self._removed
        if removed:
            for key in removed:
                order.remove(key)
            removed.clear()
        if added:
            order.update(added)
            added.clear()
        return order


def _with_prefix(keys: list[bytes], prefix: bytes) -> list[bytes]:
    """Return the keys with a prefix, from a sorted list in which no other key stands before them."""
    return keys if not keys or keys[-1].startswith(prefix) else [key for key in keys if key.startswith(prefix)]


class Appended:
    """Keys in ascending order that are only added, until all are dropped. New ones are put into `new`, each once."""

    __slots__ = ("_order", "new")

    def __init__(self) -> None:
        self.new: list[bytes] = []
        self._order = SortedList()

    def clear(self) -> None:
        """Drop all keys."""
        self.new.clear()
        self._order.clear()

    def between(self, prefix: bytes, after: bytes | None) -> list[bytes]:
        """Return a list of the keys with `prefix`, ascending, strictly greater than `after`."""
        if self.new:
            self._order.update(self.new)
            self.new.clear()
        inclusive = after is None or after < prefix
        start = prefix if inclusive else after
        return list(self._order.irange(start, end_of_prefix(prefix), (inclusive, False)))
