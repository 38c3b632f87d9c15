"""The state before some changes, read from the state after them; and the changes between two states."""

from __future__ import annotations

from collections.abc import Iterator

from .overlay import Backend, Diff, overlaid


class Earlier:
    """The state before a diff, of which `later` is the state after it. The diff is small: it is searched as a whole."""

    def __init__(self, later: Backend, diff: Diff) -> None:
        self._later, self._before = later, diff.before

    def get(self, key: bytes) -> bytes | None:
        """Return the value under `key`, or None."""
        return self._before[key] if key in self._before else self._later.get(key)

    def items(self, prefix: bytes, after: bytes | None = None) -> Iterator[tuple[bytes, bytes]]:
        """Return pairs in ascending order of their keys; see `Backend.items`."""
        keys = sorted(key for key in self._before if key.startswith(prefix) and (after is None or key > after))
        return overlaid(self._later.items(prefix, after), ((key, self._before[key]) for key in keys))


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
