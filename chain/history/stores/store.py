"""The interface of stores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

from .health import Health


class Store(Protocol):
    """A map from byte strings to byte strings, in ascending order of the keys.

    A batch is atomic: after a kill at any moment all of it is stored or nothing. A walk continues when the
    store is written to meanwhile; whether it yields what was written is not defined.

    A read or a write that fails raises `StoreFailed`, and so does every later use, until `reopen`.
    """

    #: Name of the engine: "memory", "leveldb" or "sqlite".
    engine: str
    #: Where it is on disk, and whether it has failed.
    health: Health

    def get(self, key: bytes) -> bytes | None:
        """Return the value under `key`, which may be empty; None if there is none."""

    def items(self, prefix: bytes, after: bytes | None = None, reverse: bool = False) -> Iterator[tuple[bytes, bytes]]:
        """Return pairs whose key starts with `prefix`, ascending or, with `reverse`, descending.

        `after` excludes that key and all that come before it in the direction of the walk.
        """

    def write(self, batch: Mapping[bytes, bytes | None], sync: bool = False) -> None:
        """Put (None: remove) all of `batch` or, if it fails, nothing.

        With `sync` it returns when this batch and all earlier ones are on the disk. Without, a crash of the
        process loses nothing, but a crash of the machine may lose the latest batches, whole ones only.
        """

    def reopen(self) -> None:
        """Close the database and open it again after a failure; the user has to prove what it holds.

        Raises `StoreError` if that fails, and the store stays failed.
        """

    def close(self) -> None:
        """Release the data directory, whatever happens, for good; closing twice is allowed."""
