"""LevelDB, through plyvel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from ....runtime.state.sorted_keys import end_of_prefix
from .lock import FolderLock
from .store import StoreError

#: Writes gather in memory up to this many bytes: fewer and larger files, less merging of them.
WRITE_BUFFER = 32 << 20
#: Files of 2 MiB are mapped into memory while they are open, so this bounds what a large database maps.
OPEN_FILES = 200
#: A batch of more pairs is a bulk load, after which the files are merged into one level at once.
BULK = 100_000


class LevelStore:
    """One LevelDB database in a folder of its own."""

    engine = "leveldb"

    def __init__(self, folder: Path) -> None:
        # Imported here: the other engines must work without it.
        import plyvel

        self._lock = FolderLock(folder)
        try:
            self._db = plyvel.DB(
                str(folder),
                create_if_missing=True,
                write_buffer_size=WRITE_BUFFER,
                max_open_files=OPEN_FILES,
                # Most data are hashes, which do not compress; uncompressed blocks are read without a copy.
                compression=None,
                # Ten bits per key avoid 99 of 100 searches for keys that do not exist.
                bloom_filter_bits=10,
            )
        except plyvel.Error as error:
            self._lock.release()
            raise StoreError(f"cannot open the LevelDB database in {folder}: {error}") from error

    def get(self, key: bytes) -> bytes | None:
        """See `Store.get`."""
        value: bytes | None = self._db.get(key)
        return value

    def items(self, prefix: bytes, after: bytes | None = None, reverse: bool = False) -> Iterator[tuple[bytes, bytes]]:
        """See `Store.items`. A walk sees the store as it was when the walk began."""
        start, stop, include = prefix, end_of_prefix(prefix), True
        if after is not None and reverse:
            stop = after if stop is None else min(after, stop)
        elif after is not None and after >= prefix:
            start, include = after, False
        walk: Iterator[tuple[bytes, bytes]] = self._db.iterator(
            start=start, stop=stop, include_start=include, reverse=reverse
        )
        return walk

    def write(self, batch: Mapping[bytes, bytes | None], sync: bool = False) -> None:
        """See `Store.write`."""
        with self._db.write_batch(transaction=True, sync=sync) as writer:
            put, delete = writer.put, writer.delete
            for key, value in batch.items():
                if value is None:
                    delete(key)
                else:
                    put(key, value)
        if len(batch) > BULK:
            # Otherwise later reads would do it: LevelDB merges files that were often searched without a result.
            self._db.compact_range(start=b"", stop=b"\xff" * 8)

    def close(self) -> None:
        """See `Store.close`."""
        self._db.close()
        self._lock.release()
