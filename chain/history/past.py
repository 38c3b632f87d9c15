"""The states of past blocks, read from the head's state and the values that later blocks replaced."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

from ...runtime.state.overlay import Backend, overlaid
from .blocks import StateDiscarded, UnknownBlock
from .layout import LAST_NUMBER, UNDO, HeadRecord, escape, key_of_stem, number_key, stem, value_of_former
from .stores import Store


class Growing(Protocol):
    """The chain to which a past block belongs; see `History`."""

    rollbacks: int

    @property
    def head(self) -> HeadRecord:
        """The last block, and the first one whose state is kept."""

    @property
    def state(self) -> Backend:
        """The head's state."""

    def hash_at(self, number: int) -> bytes | None:
        """Return the hash of a block, None if it is not kept."""


class Past(Backend, Protocol):
    """The state after a block that is not the head."""

    #: Called between the reads of a walk.
    step: Callable[[], object]


class PastState:
    """The state after one block (a `Past`): the values that later blocks replaced, else those of the head."""

    def __init__(self, history: Growing, store: Store, number: int, block_hash: bytes) -> None:
        self._history = history
        self._store = store
        self._number = number
        self._hash = block_hash
        self._rollbacks = -1
        #: Called between the reads of a walk.
        self.step: Callable[[], object] = lambda: None

    def check(self) -> None:
        """Raise unless the block and its state are still kept."""
        history = self._history
        if history.rollbacks != self._rollbacks:
            if history.hash_at(self._number) != self._hash:
                raise UnknownBlock(self._hash)
            self._rollbacks = history.rollbacks
        if self._number < history.head.first_state:
            raise StateDiscarded(self._hash)

    def get(self, key: bytes) -> bytes | None:
        """Return the value under `key` after the block, or None."""
        self.check()
        if self._number < self._history.head.number:
            start = stem(key)
            for _, record in self._store.items(start, start + number_key(self._number)):
                return value_of_former(record)
        return self._history.state.get(key)

    def items(self, prefix: bytes, after: bytes | None = None) -> Iterator[tuple[bytes, bytes]]:
        """Return pairs after the block; see `Backend.items`. Blocks may be appended meanwhile."""
        while True:
            head = self._history.head  # a walk may not see that a later block replaced values: then another one begins
            for key, value in self._walk(prefix, after):
                if self._history.head is not head:
                    break
                after = key
                yield key, value
            else:
                return

    def _walk(self, prefix: bytes, after: bytes | None) -> Iterator[tuple[bytes, bytes]]:
        self.check()
        present = self._history.state.items(prefix, after)
        if self._number == self._history.head.number:
            return present
        return overlaid(present, self._replaced(prefix, after))

    def _replaced(self, prefix: bytes, after: bytes | None) -> Iterator[tuple[bytes, bytes | None]]:
        """Yield the keys that later blocks changed, with their values after this block: at most two seeks per key."""
        column, own = UNDO + escape(prefix), number_key(self._number)
        at = None if after is None else stem(after) + LAST_NUMBER
        while (entry := next(iter(self._store.items(column, at)), None)) is not None:
            self.step()
            start, number = entry[0][:-4], entry[0][-4:]
            if number <= own:
                at = start + own
            else:
                yield key_of_stem(start), value_of_former(entry[1])
                at = start + LAST_NUMBER
