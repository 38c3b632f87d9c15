"""The health of a store: its first failure, which ends it, and the sentences about failures.

After a failed write an engine may append behind a torn record, which recovery would drop later together with all that
follows. After a failed read a block would be built on a wrong state. So the first failure is the last use of a store.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ...errors import StoreDamaged, StoreFailed
from .rights import with_advice

#: Part of the message of every system for the error EMFILE or ENFILE.
OUT_OF_FILES = "Too many open files"


class Health:
    """Whether a store works; `file` is its database in the data directory `folder`, None in memory."""

    def __init__(self, file: Path | None = None, folder: Path | None = None) -> None:
        self.file = file
        self.folder = folder
        #: Number of the last block that was stored, for messages.
        self.block: int | None = None
        self.failure: StoreFailed | None = None
        #: Whether the first failure ends the store; without that, what is whole can be read on.
        self.strict = True
        #: Called with the first failure.
        self.listeners: list[Callable[[StoreFailed], object]] = []

    def fail(self, failure: StoreFailed) -> StoreFailed:
        """Keep the first failure, tell it to the listeners, and return it."""
        if not self.strict:
            return failure
        if self.failure is None:
            self.failure = failure
            for listener in self.listeners:
                listener(failure)
        return self.failure

    def write_failed(self, text: str) -> StoreFailed:
        """Return the failure of a write, which the engine explains by `text`."""
        out_of_files = OUT_OF_FILES in text
        advice = "raise the limit of open files (`ulimit -n`)" if out_of_files else "free space, or mend the disk"
        block = "the first block" if self.block is None else f"block {self.block + 1}"
        stored = "" if self.block is None else f"all blocks up to {self.block} are stored, and "
        return self.fail(
            StoreFailed(
                f"{block} could not be written to {self.file}: {text}; {stored}no block was made after it: "
                f"{advice}, then start again",
                out_of_files,
            )
        )

    def read_failed(self, text: str) -> StoreFailed:
        """Return the failure of a read that does not come from damage."""
        reason = text if self.folder is None else with_advice(text, self.folder)
        return self.fail(
            StoreFailed(f"{self.file} could not be read at {self._head}: {reason}; start again", OUT_OF_FILES in text)
        )

    def damaged(self, what: str) -> StoreDamaged:
        """Return the failure for contents that are not what was written."""
        failure = StoreDamaged(
            f"{self.file} is damaged at {self._head}: {what}; run `pysubtensor db verify {self.folder}` to see what is "
            f"whole, and `pysubtensor db export {self.folder} FILE` to rescue it",
            what,
        )
        self.fail(failure)
        return failure

    @property
    def _head(self) -> str:
        return "its first block" if self.block is None else f"head {self.block}"
