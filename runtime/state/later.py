"""The state after some changes, read from the state before them; and the changes between two states."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from itertools import takewhile

from .overlay import Backend, Diff, overlaid


class Later:
    """The state after a diff, of which `earlier` is the state before it."""

    def __init__(self, earlier: Backend, diff: Diff) -> None:
        self._earlier, self.diff = earlier, diff
        self._keys: list[bytes] | None = None

    def get(self, key: bytes) -> bytes | None:
        """Return the value under `key`, or None."""
        return self.diff.after[key] if key in self.diff.after else self._earlier.get(key)

    def items(self, prefix: bytes, after: bytes | None = None) -> Iterator[tuple[bytes, bytes]]:
        """Return pairs in ascending order of their keys; see `Backend.items`."""
        if self._keys is None:
            self._keys = sorted(self.diff.after)
        start = bisect_left(self._keys, prefix if after is None else max(prefix, after + b"\0"))
        changed = takewhile(lambda key: key.startswith(prefix), self._keys[start:])
        return overlaid(self._earlier.items(prefix, after), ((key, self.diff.after[key]) for key in changed))


def difference(first: Diff, second: Diff) -> Diff:
    """Return the changes from the state after the first diff to that after the second, both of the same state."""
    after: dict[bytes, bytes | None] = {}
    before: dict[bytes, bytes | None] = {}
    for key, value in second.after.items():
        former = first.after[key] if key in first.after else second.before[key]
        if former is not value and former != value:
            after[key], before[key] = value, former
    for key in first.after.keys() - second.after.keys():
        after[key], before[key] = first.before[key], first.after[key]
    return Diff(after, before)
