"""The errors of a chain: misuse, and stores on disk that cannot be opened, read or written."""

from __future__ import annotations


class ChainError(ValueError):
    """A request that a chain cannot fulfil; the message states what was expected and what came."""


class OutOfTime(Exception):
    """The author's time ended within a transaction."""


class StoreError(Exception):
    """A store cannot be opened, read or written."""


class StoreLocked(StoreError):
    """Another process, or another store of this one, has the data directory open."""


class WrongEngine(StoreError):
    """The data directory was written by an engine that was not requested or is not available."""


class StoreFailed(StoreError):
    """A read or a write failed. The store refuses every further use; it has to be closed and opened again.

    `out_of_files`: the cause was the limit of open files, which opening the store again may solve at once.
    """

    def __init__(self, message: str, out_of_files: bool = False) -> None:
        super().__init__(message)
        self.out_of_files = out_of_files


class StoreDamaged(StoreFailed):
    """The bytes on the disk are not those that were written; `what` says how that was noticed."""

    def __init__(self, message: str, what: str) -> None:
        super().__init__(message)
        self.what = what


class BlocksLost(StoreError):
    """The store ends before the last block that it is known to have held."""


class SourceFailed(StoreError):
    """The node from which a fork reads does not answer, or answers nonsense; the cache does not have what is wanted."""
