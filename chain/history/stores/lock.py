"""A lock on a folder, for one store in one process."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from ...errors import StoreError, StoreLocked
from .rights import reason_of


class FolderLock:
    """Locks a folder until `close` or the end of the process, even if it is killed.

    The engines' own locks are not enough: LevelDB's is lost when the same process tries to open the
    database a second time, because closing any descriptor of a file drops a process's POSIX locks on it.
    """

    def __init__(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._file: int | None = os.open(folder / "LOCK.node", os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise StoreError(f"cannot open the database in {folder}: {reason_of(error, folder.parent)}") from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._file)
            if isinstance(error, BlockingIOError):
                raise StoreLocked(f"{folder} is in use: another node runs on it; stop it first") from None
            raise StoreError(f"cannot lock {folder}: {error.strerror}") from error

    def close(self) -> None:
        """Unlock the folder; closing twice is allowed."""
        if self._file is not None:
            file, self._file = self._file, None
            os.close(file)
