"""A store that is gone with the process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ....runtime.state.sorted_keys import SortedKeys


class MemoryStore:
    """A dict, with its keys in order for walks.

    The order is kept apart for each first byte, since users of a store separate their kinds of keys by
    it: a walk over one kind does not wait for the others to be sorted.
    """

    engine = "memory"

    def __init__(self) -> None:
        self._values: dict[bytes, bytes] = {}
        self._columns: dict[bytes, SortedKeys] = {}

    def get(self, key: bytes) -> bytes | None:
        """See `Store.get`."""
        return self._values.get(key)

    def items(self, prefix: bytes, after: bytes | None = None, reverse: bool = False) -> Iterator[tuple[bytes, bytes]]:
        """See `Store.items`."""
        values = self._values
        for name in sorted(self._columns, reverse=reverse):
            if name.startswith(prefix[:1]):
                keys = self._columns[name]
                for key in keys.walk_back(prefix, after) if reverse else keys.walk(prefix, after):
                    value = values.get(key)
                    if value is not None:
                        yield key, value

    def write(self, batch: Mapping[bytes, bytes | None], sync: bool = False) -> None:
        """See `Store.write`; there is nothing to wait for."""
        values = self._values
        for key, value in batch.items():
            if value is None:
                if values.pop(key, None) is not None:
                    self._columns[key[:1]].remove(key)
            else:
                if key not in values:
                    self._column(key[:1]).add(key)
                values[key] = value

    def _column(self, name: bytes) -> SortedKeys:
        column = self._columns.get(name)
        if column is None:
            column = self._columns[name] = SortedKeys()
        return column

    def close(self) -> None:
        """See `Store.close`; the contents go."""
        self._values.clear()
        self._columns.clear()
