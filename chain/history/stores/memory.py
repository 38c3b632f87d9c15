"""A store in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import itemgetter

from ....runtime.state.sorted_keys import SortedKeys
from .health import Health

#: Slice of a key that names its column; the empty key has its own.
FIRST_BYTE = slice(1)


class MemoryStore:
    """A dict with sorted keys for walks.

    Keys are sorted separately for each first byte, because users of a store separate kinds of keys by it, and only
    from the first walk over that kind on: most kinds are never walked.
    """

    engine = "memory"

    def __init__(self) -> None:
        self._values: dict[bytes, bytes] = {}
        self._columns: dict[bytes, SortedKeys] = {}
        self.health = Health()

    def get(self, key: bytes) -> bytes | None:
        """See `Store.get`."""
        return self._values.get(key)

    def items(self, prefix: bytes, after: bytes | None = None, reverse: bool = False) -> Iterator[tuple[bytes, bytes]]:
        """See `Store.items`."""
        values = self._values
        for name in (prefix[FIRST_BYTE],) if prefix else sorted({key[FIRST_BYTE] for key in values}, reverse=reverse):
            keys = self._column(name)
            for key in keys.walk_back(prefix, after) if reverse else keys.walk(prefix, after):
                value = values.get(key)
                if value is not None:
                    yield key, value

    def write(self, batch: Mapping[bytes, bytes | None], sync: bool = False) -> None:
        """See `Store.write`; `sync` has no effect."""
        values, columns = self._values, self._columns
        gone = [key for key, value in batch.items() if value is None]
        for key in gone:
            if values.pop(key, None) is not None and (column := columns.get(key[FIRST_BYTE])) is not None:
                column.remove(key)
        walked = tuple(columns)
        new = [key for key in batch if key.startswith(walked) and key not in values]
        values.update(batch)  # type: ignore[arg-type]  # None is removed below
        for key in gone:
            del values[key]
        for name, keys in groupby(new, itemgetter(FIRST_BYTE)):
            if name in columns:
                columns[name].add_all(key for key in keys if batch[key] is not None)

    def _column(self, name: bytes) -> SortedKeys:
        column = self._columns.get(name)
        if column is None:
            column = self._columns[name] = SortedKeys()
            column.add_all(key for key in self._values if key[FIRST_BYTE] == name)
        return column

    def reopen(self) -> None:
        """See `Store.reopen`; memory does not fail."""

    def close(self) -> None:
        """See `Store.close`; discards the contents."""
        self._values.clear()
        self._columns.clear()
