"""LevelDB, through plyvel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from ....runtime.state.sorted_keys import end_of_prefix
from ...errors import StoreError, StoreFailed
from .health import Health
from .lock import FolderLock
from .merging import Merger
from .rights import with_advice

#: Writes gather in memory up to this many bytes: fewer and larger files, less merging of them.
WRITE_BUFFER = 32 << 20
#: Files of 2 MiB are mapped into memory while they are open, so this bounds what a large database maps.
OPEN_FILES = 200
#: A batch of more pairs is a bulk load, after which the files are merged into one level at once.
BULK = 100_000


class LevelStore:
    """One LevelDB database in a folder of its own.

    All that is read is checked against LevelDB's checksums. With `lenient`, recovery drops the damaged parts of the
    log without a word, and a failed read does not end the store, to rescue the rest.
    """

    engine = "leveldb"

    def __init__(self, folder: Path, lenient: bool = False) -> None:
        self._folder = folder
        self._lenient = lenient
        self._lock = FolderLock(folder)
        self.health = Health(folder, folder.parent)
        self.health.strict = not lenient
        try:
            self._open()
        except BaseException:
            self._lock.close()
            raise

    def _open(self) -> None:
        # Imported here: the other engines must work without it.
        import plyvel

        self._damage: type[Exception] = plyvel.CorruptionError
        # A closed database raises RuntimeError.
        self._errors: tuple[type[Exception], ...] = (plyvel.Error, RuntimeError)
        folder = self._folder
        try:
            self._db = plyvel.DB(
                str(folder),
                create_if_missing=True,
                # Otherwise recovery passes over damage in the log, and merging over damage in files.
                paranoid_checks=not self._lenient,
                # A read checks a whole block: small ones keep the checksums of reads cheap.
                block_size=1024,
                write_buffer_size=WRITE_BUFFER,
                max_open_files=OPEN_FILES,
                # Most data are hashes, which do not compress; uncompressed blocks are read without a copy.
                compression=None,
                # Ten bits per key avoid 99 of 100 searches for keys that do not exist.
                bloom_filter_bits=10,
            )
        except plyvel.CorruptionError as error:
            raise StoreError(
                f"cannot open the LevelDB database in {folder}: it is damaged ({text_of(error)}); `pysubtensor db "
                f"recover {folder.parent}` continues at its last whole block, `pysubtensor db export {folder.parent} "
                "FILE` rescues what is whole"
            ) from error
        except plyvel.Error as error:
            reason = with_advice(text_of(error), folder.parent)
            raise StoreError(f"cannot open the LevelDB database in {folder}: {reason}") from error
        self._merger = Merger(self._db)

    def get(self, key: bytes) -> bytes | None:
        """See `Store.get`."""
        try:
            value: bytes | None = self._db.get(key, verify_checksums=True)
        except self._errors as error:
            raise self._failed(error) from error
        return value

    def items(self, prefix: bytes, after: bytes | None = None, reverse: bool = False) -> Iterator[tuple[bytes, bytes]]:
        """See `Store.items`. A walk sees the store as it was when the walk began."""
        start, stop, include = prefix, end_of_prefix(prefix), True
        if after is not None and reverse:
            stop = after if stop is None else min(after, stop)
        elif after is not None and after >= prefix:
            start, include = after, False
        try:
            walk: Iterator[tuple[bytes, bytes]] = self._db.iterator(
                start=start, stop=stop, include_start=include, reverse=reverse, verify_checksums=True
            )
        except self._errors as error:
            raise self._failed(error) from error
        return self._checked(walk)

    def _checked(self, walk: Iterator[tuple[bytes, bytes]]) -> Iterator[tuple[bytes, bytes]]:
        try:
            yield from walk
        except self._errors as error:
            raise self._failed(error) from error

    def write(self, batch: Mapping[bytes, bytes | None], sync: bool = False) -> None:
        """See `Store.write`."""
        try:
            with self._db.write_batch(transaction=True, sync=sync) as writer:
                put, delete, count = writer.put, writer.delete, self._merger.removed
                for key, value in batch.items():
                    if value is None:
                        delete(key)
                        count(key)
                    else:
                        put(key, value)
            if len(batch) > BULK:
                # Otherwise later reads would do it: LevelDB merges files that were often searched without a result.
                self._db.compact_range(start=b"", stop=b"\xff" * 8)
            else:
                self._merger.merge_if_large()
        except self._errors as error:
            # What is appended behind a torn record would be lost, so nothing more is written before recovery.
            raise self._failed(error, writing=True) from error

    def _failed(self, error: Exception, writing: bool = False) -> StoreFailed:
        """Close the database, so that it is not used any more, and return the failure."""
        health, text = self.health, text_of(error)
        if health.failure is not None:
            return health.failure
        if health.strict:
            self._close()
        if isinstance(error, self._damage):
            return health.damaged(text)
        return health.write_failed(text) if writing else health.read_failed(text)

    def reopen(self) -> None:
        """See `Store.reopen`."""
        self._close()
        self._open()
        self.health.failure = None

    def close(self) -> None:
        """See `Store.close`."""
        try:
            self._close()
        finally:
            self._lock.close()

    def _close(self) -> None:
        self._merger.wait()
        self._db.close()


def text_of(error: Exception) -> str:
    """Return the message of an error of plyvel, which may be bytes."""
    text = error.args[0] if error.args else ""
    return text.decode(errors="replace") if isinstance(text, bytes) else str(text)
