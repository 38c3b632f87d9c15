"""The store of a fork: its own blocks and changes in an ordinary store, and below them the state of the other chain.

A value of the state is stored behind a byte 1; a byte 0 alone says that this chain removed the key, so that the other
chain's value does not show through.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ....runtime.frame.header import Header
from ....runtime.state.overlay import Diff, overlaid
from ..blocks import StoredBlock
from ..layout import STATE, Column
from ..stores import Store
from .point import ForkPoint

REMOVED = b"\0"


class ForkStore:
    """A `Store` on top of a block of another chain. `edits` change its state before the fork's first block.

    With `whole` the state is read as a whole at the beginning, and the fork has a trie.
    """

    def __init__(self, own: Store, origin: ForkPoint, edits: Diff, whole: bool = False) -> None:
        self.own, self.origin, self.edits, self.whole = own, origin, edits, whole
        self.state, self.older = origin.state, origin.older
        #: The block from which the fork begins, and its header.
        self.point: StoredBlock = origin.block
        self.header = Header.decode(self.point.header)
        self.engine, self.health = own.engine, own.health

    def get(self, key: bytes) -> bytes | None:
        """See `Store.get`; raises SourceFailed."""
        found = self.own.get(key)
        if key[:1] != STATE:
            return found
        return self.state.get(key[1:]) if found is None else _value(found)

    def items(self, prefix: bytes, after: bytes | None = None, reverse: bool = False) -> Iterator[tuple[bytes, bytes]]:
        """See `Store.items`; raises SourceFailed. The state is walked upwards only."""
        if prefix[:1] != STATE or reverse:
            return self.own.items(prefix, after, reverse)
        above = ((key, _value(found)) for key, found in self.own.items(prefix, after))
        below = self.state.items(prefix[1:], None if after is None else after[1:])
        return overlaid(((STATE + key, value) for key, value in below), above)

    def prefetch(self, keys: Sequence[bytes]) -> None:
        """Read the values of those keys of the state from the other chain that this one has not changed."""
        self.state.prefetch([key for key in keys if self.own.get(STATE + key) is None])

    def write(self, batch: Mapping[bytes, bytes | None], sync: bool = False) -> None:
        """See `Store.write`."""
        self.own.write({key: _record(value) if key[:1] == STATE else value for key, value in batch.items()}, sync)

    def reopen(self) -> None:
        """See `Store.reopen`."""
        self.own.reopen()

    def close(self) -> None:
        """See `Store.close`; also ends the connection and closes the cache."""
        try:
            self.origin.close()
        finally:
            self.own.close()


class ForkColumn(Column):
    """The state of the head (a `PrefetchingBackend`)."""

    def __init__(self, store: ForkStore) -> None:
        super().__init__(store, STATE)
        self.prefetch = store.prefetch


def _value(record: bytes) -> bytes | None:
    return None if record == REMOVED else record[1:]


def _record(value: bytes | None) -> bytes:
    return REMOVED if value is None else b"\1" + value
