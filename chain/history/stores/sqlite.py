"""SQLite, from the standard library: the engine where LevelDB has no wheel."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path

from ....runtime.state.sorted_keys import end_of_prefix
from .lock import FolderLock
from .store import StoreError

#: Pairs fetched by a walk's first query, which is often used for one pair only; each next query fetches four
#: times as many, up to the last number. No query stays open, so writing during a walk is safe.
CHUNK, LAST_CHUNK = 4, 1024
#: Pages kept in memory, in KiB (SQLite takes a negative number for that).
CACHE = -32 * 1024


class SqliteStore:
    """One table in one file, with a write-ahead log beside it."""

    engine = "sqlite"

    def __init__(self, folder: Path) -> None:
        self._lock = FolderLock(folder)
        file = folder / "pairs.sqlite"
        # One thread at a time uses a chain, but not always the thread that opened it.
        self._db = sqlite3.connect(file, isolation_level=None, timeout=0, check_same_thread=False)
        try:
            for pragma in (
                # The folder is locked anyway, and the log then needs no memory shared between processes.
                "locking_mode = EXCLUSIVE",
                "journal_mode = WAL",
                # The log is consistent after any crash; only `sync` waits for the disk.
                "synchronous = NORMAL",
                f"cache_size = {CACHE}",
            ):
                self._db.execute(f"PRAGMA {pragma}")
            self._db.execute(
                "CREATE TABLE IF NOT EXISTS pairs (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID"
            )
        except sqlite3.DatabaseError as error:
            self.close()
            raise StoreError(f"cannot open the SQLite database {file}: {error}") from error

    def get(self, key: bytes) -> bytes | None:
        """See `Store.get`."""
        row = self._db.execute("SELECT value FROM pairs WHERE key = ?", (key,)).fetchone()
        return None if row is None else row[0]

    def items(self, prefix: bytes, after: bytes | None = None, reverse: bool = False) -> Iterator[tuple[bytes, bytes]]:
        """See `Store.items`."""
        end = end_of_prefix(prefix)
        if reverse and after is not None:
            end = after if end is None else min(after, end)
        start = prefix if after is None or reverse else max(prefix, after)
        open_start = start == after and not reverse
        limit = CHUNK
        while True:
            rows = self._page(start, open_start, end, reverse, limit)
            yield from rows
            if len(rows) < limit:
                return
            limit = min(4 * limit, LAST_CHUNK)
            if reverse:
                end = rows[-1][0]
            else:
                start, open_start = rows[-1][0], True

    def _page(
        self, start: bytes, open_start: bool, end: bytes | None, reverse: bool, limit: int
    ) -> list[tuple[bytes, bytes]]:
        """Return `limit` pairs from `start` (excluded if open) to before `end`, from the front or the back."""
        low = "key > ?" if open_start else "key >= ?"
        high, bounds = ("", [start]) if end is None else (" AND key < ?", [start, end])
        order = "DESC" if reverse else "ASC"
        query = f"SELECT key, value FROM pairs WHERE {low}{high} ORDER BY key {order} LIMIT {limit}"
        return self._db.execute(query, bounds).fetchall()

    def write(self, batch: Mapping[bytes, bytes | None], sync: bool = False) -> None:
        """See `Store.write`."""
        db = self._db
        db.execute("BEGIN IMMEDIATE")
        try:
            db.executemany(
                "INSERT INTO pairs VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                [pair for pair in batch.items() if pair[1] is not None],
            )
            db.executemany("DELETE FROM pairs WHERE key = ?", [(key,) for key, value in batch.items() if value is None])
        except BaseException:
            db.execute("ROLLBACK")
            raise
        db.execute("COMMIT")
        if sync:
            # Moves the log into the file and waits for both to be on the disk.
            db.execute("PRAGMA wal_checkpoint(FULL)").fetchall()

    def close(self) -> None:
        """See `Store.close`."""
        self._db.close()
        self._lock.release()
