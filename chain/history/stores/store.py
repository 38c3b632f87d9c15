"""What a store promises, and how it fails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol


class StoreError(Exception):
    """A store cannot be opened as asked."""


class StoreLocked(StoreError):
    """Another process, or another store of this one, has the data directory open."""


class WrongEngine(StoreError):
    """The data directory was written by an engine other than the one asked for or the one that is here."""


class Store(Protocol):
    """Byte strings by byte string, in ascending order of the keys.

    A batch is atomic: after a kill at any moment, all of it is there or nothing. A walk goes on when the
    store is written to meanwhile; whether it meets what was written is not defined.
    """

    #: Which engine it is: "memory", "leveldb" or "sqlite".
    engine: str

    def get(self, key: bytes) -> bytes | None:
        """Return the value under `key`; None when there is none. An empty value is a value."""

    def items(self, prefix: bytes, after: bytes | None = None, reverse: bool = False) -> Iterator[tuple[bytes, bytes]]:
        """Return pairs whose key starts with `prefix`, ascending or, with `reverse`, descending.

        `after` leaves out that key and all that come before it in the direction of the walk.
        """

    def write(self, batch: Mapping[bytes, bytes | None], sync: bool = False) -> None:
        """Put (None: remove) all of `batch` or, if it fails, nothing.

        With `sync` it returns when the disk has the batch and all before it. Without, a crash of the
        process still loses nothing, but a crash of the whole machine may lose the latest batches, and
        only whole ones.
        """

    def close(self) -> None:
        """Give the data directory free. The store is not used afterwards; closing twice is allowed."""
