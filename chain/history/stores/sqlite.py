"""SQLite with a checksum on each page, through apsw: the engine where LevelDB has no wheel.

The standard library's SQLite has no checksums: a flipped bit in a page makes values wrong, or keys disappear.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType

from ....runtime.state.sorted_keys import end_of_prefix
from ...errors import StoreError, StoreFailed
from .health import Health
from .lock import FolderLock
from .rights import with_advice

#: Pairs fetched by a walk's first query, which is often used for one pair only; each next query fetches four
#: times as many, up to the last number. No query stays open, so writing during a walk is safe.
CHUNK, LAST_CHUNK = 4, 1024
#: Pages kept in memory, in KiB (SQLite takes a negative number for that).
CACHE = -32 * 1024
#: The bytes at the end of each page that hold its checksum.
CHECKSUM_BYTES = 8
GET = "SELECT value FROM pairs WHERE key = ?"
PUT = "INSERT INTO pairs VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
REMOVE = "DELETE FROM pairs WHERE key = ?"


@cache
def load_apsw() -> ModuleType:
    """Return apsw, with the file system `cksmvfs`, which writes and verifies the checksums of pages."""
    # Imported here: the other engines must work without it.
    import apsw
    import apsw.sqlite_extra

    connection = apsw.Connection(":memory:")
    try:
        apsw.sqlite_extra.load(connection, "cksumvfs")
    except (apsw.Error, apsw.sqlite_extra.NotAvailable) as error:
        raise StoreError(f"this build of apsw has no checksums of pages; install a wheel of it ({error})") from error
    finally:
        connection.close()
    return apsw


class SqliteStore:
    """One table in one file, with a write-ahead log beside it."""

    engine = "sqlite"

    def __init__(self, folder: Path) -> None:
        self._lock = FolderLock(folder)
        self._file = folder / "pairs.sqlite"
        self.health = Health(self._file, folder.parent)
        try:
            self._apsw = load_apsw()
            self._open()
        except BaseException:
            self._lock.close()
            raise

    def _open(self) -> None:
        apsw, file = self._apsw, self._file
        try:
            self._db = apsw.Connection(str(file), vfs="cksmvfs")
            try:
                self._prepare()
            except BaseException:
                self._db.close(True)
                raise
        except apsw.Error as error:
            reason = with_advice(str(error), file.parent)
            raise StoreError(f"cannot open the SQLite database {file}: {reason}") from error

    def _prepare(self) -> None:
        db = self._db
        # The folder is locked anyway, and the log then needs no memory shared between processes.
        db.execute("PRAGMA locking_mode = EXCLUSIVE").fetchall()
        if db.execute("PRAGMA page_count").fetchone() == (0,):
            db.reserve_bytes(reserve=CHECKSUM_BYTES)
        for pragma in (
            "journal_mode = WAL",
            # The log is consistent after any crash; only `sync` waits for the disk.
            "synchronous = NORMAL",
            f"cache_size = {CACHE}",
        ):
            db.execute(f"PRAGMA {pragma}").fetchall()
        db.execute("CREATE TABLE IF NOT EXISTS pairs (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID")
        if db.reserve_bytes() != CHECKSUM_BYTES:
            raise StoreError(f"{self._file} has no checksums: another version of pysubtensor wrote it")

    def get(self, key: bytes) -> bytes | None:
        """See `Store.get`."""
        try:
            row = self._db.execute(GET, (key,)).fetchone()
        except self._apsw.Error as error:
            raise self._failed(error) from error
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
        try:
            rows: list[tuple[bytes, bytes]] = self._db.execute(query, bounds).fetchall()
        except self._apsw.Error as error:
            raise self._failed(error) from error
        return rows

    def write(self, batch: Mapping[bytes, bytes | None], sync: bool = False) -> None:
        """See `Store.write`."""
        apsw, db = self._apsw, self._db
        try:
            db.execute("BEGIN IMMEDIATE")
            db.executemany(PUT, [pair for pair in batch.items() if pair[1] is not None])
            db.executemany(REMOVE, [(key,) for key, value in batch.items() if value is None])
            db.execute("COMMIT")
            if sync:
                # Moves the log into the file and waits for both to be on the disk.
                db.execute("PRAGMA wal_checkpoint(FULL)").fetchall()
        except apsw.Error as error:
            raise self._failed(error, writing=True) from error
        except BaseException:
            db.execute("ROLLBACK")
            raise

    def _is_damage(self, error: Exception) -> bool:
        """Return whether an error means that the bytes on the disk are not those that were written."""
        apsw = self._apsw
        if isinstance(error, apsw.CorruptError | apsw.NotADBError):
            return True
        return bool(getattr(error, "extendedresult", 0) == apsw.SQLITE_IOERR_DATA)

    def _failed(self, error: Exception, writing: bool = False) -> StoreFailed:
        """Close the database, so that it is not used any more, and return the failure."""
        health, text = self.health, str(error)
        if health.failure is not None:
            return health.failure
        if health.strict:
            self._db.close(True)
        if self._is_damage(error):
            return health.damaged(text)
        return health.write_failed(text) if writing else health.read_failed(text)

    def reopen(self) -> None:
        """See `Store.reopen`."""
        self._db.close(True)
        self._open()
        self.health.failure = None

    def close(self) -> None:
        """See `Store.close`."""
        try:
            self._db.close(True)
        finally:
            self._lock.close()
