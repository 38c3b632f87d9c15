"""What a fork has read, in a file for each block: parts of its state, older blocks, and what its chain is.

The file is SQLite with a checksum on each page. Nothing in it changes, so several processes may add to it at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ...errors import StoreError
from ..stores.sqlite import CHECKSUM_BYTES, load_apsw
from .spans import Spans

#: Pairs in one query of a walk.
PAGE = 512
#: Version of the tables. A file of another version is refused.
FORMAT = 1
#: Milliseconds to wait for another process that writes.
BUSY_MS = 10_000
TABLES = """
CREATE TABLE IF NOT EXISTS pairs (key BLOB PRIMARY KEY, value BLOB) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS spans (first BLOB, last BLOB, PRIMARY KEY (first, last)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
"""


def default_folder() -> Path:
    """Return the folder for caches of forks, by the convention of the system."""
    if sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    elif sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "pysubtensor" / "forks"


class Cache:
    """The file of one block; with `path` None, a database in memory. Raises StoreError when it cannot be used."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.spans = Spans()
        self._apsw = load_apsw()
        try:
            if path is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
            # The file system with checksums takes no database in memory.
            self._db = self._apsw.Connection(str(path or ":memory:"), vfs=None if path is None else "cksmvfs")
            try:
                self._prepare()
            except BaseException:
                self._db.close(True)
                raise
        except (self._apsw.Error, OSError) as error:
            raise self._failed(error) from error

    def _prepare(self) -> None:
        db = self._db
        db.set_busy_timeout(BUSY_MS)
        if db.execute("PRAGMA page_count").fetchone() == (0,) and self.path is not None:
            db.reserve_bytes(reserve=CHECKSUM_BYTES)
        # A crash of the machine may lose what was read last, which is read again.
        db.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL").fetchall()
        db.execute("BEGIN IMMEDIATE")  # one process makes the tables
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version != FORMAT:
            if db.execute("SELECT count(*) FROM sqlite_schema").fetchone() != (0,):
                raise StoreError(f"{self.path} is no cache of a fork, or another version of pysubtensor wrote it")
            db.execute(f"{TABLES} PRAGMA user_version = {FORMAT}")
        db.execute("COMMIT")
        for first, last in db.execute("SELECT first, last FROM spans"):
            self.spans.add(first, last)

    def fact(self, name: str) -> bytes | None:
        """Return what is known under a name, None if nothing is."""
        row = self._rows("SELECT value FROM facts WHERE name = ?", (name,))
        return bytes(row[0][0]) if row else None

    def put_fact(self, name: str, value: bytes) -> None:
        """Store what is known under a name."""
        self._write("INSERT OR REPLACE INTO facts VALUES (?, ?)", [(name, value)])

    def get(self, key: bytes) -> tuple[bytes | None] | None:
        """Return the value under `key` (None: there is none) in a tuple; None if that is not known."""
        rows: list[tuple[bytes | None]] = self._rows("SELECT value FROM pairs WHERE key = ?", (key,))
        if rows:
            return rows[0]
        return None if self.spans.end_of(key) is None else (None,)

    def items(self, start: bytes, end: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Yield the known pairs whose keys are in [start, end), ascending."""
        query = (
            f"SELECT key, value FROM pairs WHERE key >= ? AND key < ? AND value IS NOT NULL ORDER BY key LIMIT {PAGE}"
        )
        while True:
            rows = self._rows(query, (start, end))
            yield from rows
            if len(rows) < PAGE:
                return
            start = rows[-1][0] + b"\0"

    def put(self, pairs: Iterable[tuple[bytes, bytes | None]], span: tuple[bytes, bytes] | None = None) -> None:
        """Store values (None: there is none), and that no other keys are in [start, end) of `span`."""
        self._write("INSERT OR IGNORE INTO pairs VALUES (?, ?)", list(pairs), span)
        if span is not None:
            self.spans.add(*span)

    def close(self) -> None:
        """Close the file; closing twice is allowed."""
        self._db.close(True)

    def _rows(self, query: str, values: tuple[Any, ...]) -> list[Any]:
        try:
            rows: list[Any] = self._db.execute(query, values).fetchall()
        except self._apsw.Error as error:
            raise self._failed(error) from error
        return rows

    def _write(self, query: str, rows: list[Any], span: tuple[bytes, bytes] | None = None) -> None:
        try:
            with self._db:
                self._db.executemany(query, rows)
                if span is not None:
                    self._db.execute("INSERT OR IGNORE INTO spans VALUES (?, ?)", span)
        except self._apsw.Error as error:
            raise self._failed(error) from error

    def _failed(self, error: Exception) -> StoreError:
        return StoreError(
            f"the cache of the fork in {self.path or 'memory'} cannot be used: {error}; remove the file to read "
            "everything again, or choose another folder (--fork-cache)"
        )
