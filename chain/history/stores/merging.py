"""Giving the space of removed pairs back while a LevelDB database is in use.

LevelDB drops a removed pair when the mark of its removal is merged into the level where the pair lies. Pairs of a
column that is pruned block by block lie levels below their marks for as long as little else is written between their
keys: without help, a folder grows to several times what is in it.
"""

from __future__ import annotations

from collections import Counter
from threading import Thread
from typing import TYPE_CHECKING

from ....runtime.state.sorted_keys import end_of_prefix

if TYPE_CHECKING:
    import plyvel

#: Removals after which a column is looked at. Its size is a sum over files, so asking for it is cheap.
LOOKED_AT = 5_000
#: A column is merged when its files exceed what they had after the last time by half, and by this many bytes.
MOST_WASTE = 16 << 20


class Merger:
    """Merges the files of a column, the keys with one first byte, in a thread when much of it was removed."""

    def __init__(self, db: plyvel.DB) -> None:
        self._db = db
        #: First byte -> removals since the column was looked at last.
        self._removed = Counter[bytes]()
        #: First byte -> bytes of the column's files after it was merged last.
        self._merged = Counter[bytes]()
        self._thread: Thread | None = None

    def removed(self, key: bytes) -> None:
        """Count a removed key."""
        self._removed[key[:1]] += 1

    def merge_if_large(self) -> None:
        """Begin to merge one column if much of it was removed, and no other one is being merged."""
        if self._thread is not None and self._thread.is_alive():
            return
        for column, count in self._removed.items():
            if count >= LOOKED_AT:
                self._removed[column] = 0
                if self._size(column) > self._merged[column] * 3 // 2 + MOST_WASTE:
                    self._thread = Thread(target=self._merge, args=(column,), name="leveldb-merge")
                    self._thread.start()
                    return

    def _merge(self, column: bytes) -> None:
        # The lock of the interpreter is released meanwhile, and reads and writes go on.
        self._db.compact_range(start=column, stop=end_of_prefix(column))
        self._merged[column] = self._size(column)

    def _size(self, column: bytes) -> int:
        size: int = self._db.approximate_size(column, end_of_prefix(column))
        return size

    def wait(self) -> None:
        """Wait for a merge, without which the database must not be closed."""
        if self._thread is not None:
            self._thread.join()
