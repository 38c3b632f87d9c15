"""The records of a block besides the state, which are dropped when the retention no longer covers them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ...runtime.state.overlay import overlaid
from .blocks import Retention
from .layout import (
    BLOCK,
    CHANGED,
    EDITS,
    END_OF_KEY,
    FINAL,
    HEAD,
    NUMBER,
    UNDO,
    Batch,
    HeadRecord,
    add_undo_records,
    escape,
    number_key,
    pack,
    unpack,
    value_of_former,
)
from .stores import Store, StoreDamaged

#: Most blocks dropped with each new one, so that a shorter retention does not make one block slow.
PRUNED_AT_ONCE = 16


def add_undo(batch: Batch, number: int, before: Mapping[bytes, bytes | None]) -> None:
    """Write the values that block `number` replaces."""
    suffix = number_key(number)
    add_undo_records(batch, before, suffix)
    batch[CHANGED + suffix] = pack(list(before))


def edits_record(edits: Mapping[bytes, bytes | None]) -> bytes | None:
    """Return what programs wrote into the state before a block as a record, None if they wrote nothing."""
    parts = [part for key, value in edits.items() for part in (key, b"\0" if value is None else b"\1" + value)]
    return pack(parts) if parts else None


class Records:
    """The records of all blocks in a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def in_memory(self) -> bool:
        """Whether they end with the process."""
        return self._store.engine == "memory"

    @property
    def has_steady_walks(self) -> bool:
        """Whether a walk sees the store as it was when the walk began, in any thread."""
        return self._store.engine == "leveldb"

    def head(self, inspect: bool = False) -> HeadRecord | None:
        """Return the head, None in an empty store; `inspect` takes the last block if the head cannot be read."""
        try:
            record = self._store.get(HEAD)
        except StoreDamaged:
            if not inspect:
                raise
            record = None
        if record is not None or not inspect:
            return None if record is None else HeadRecord.from_record(record)
        for key, block in self._store.items(BLOCK, reverse=True):
            number = int.from_bytes(key[1:])
            return HeadRecord(number, block[:32], 0, number, 0, number)
        return None

    def final(self, head: HeadRecord | None) -> int:
        """Return the number of the last final block; 0 in an empty store."""
        number = self._store.get(FINAL)
        if number is None:
            return 0 if head is None else head.number
        return int.from_bytes(number)

    def prune(self, batch: Batch, head: HeadRecord, retention: Retention, final: int) -> HeadRecord:
        """Drop what the retention does not cover and return the head with the new limits.

        The last final block and the blocks after it keep their states, so that each of them can become the head.
        """
        first_state, first_block = head.first_state, head.first_block
        if retention.states is not None:
            end = min(head.number + 1 - retention.states, first_state + PRUNED_AT_ONCE, final)
            while first_state < end:
                first_state += 1
                self.drop_undo(batch, first_state)
        if retention.blocks is not None:
            end = min(head.number + 1 - retention.blocks, first_block + PRUNED_AT_ONCE, first_state)
            while first_block < end:
                if first_block != head.first:
                    self.drop_block(batch, first_block)
                first_block += 1
        return head._replace(first_state=first_state, first_block=first_block)

    def drop_undo(self, batch: Batch, number: int, keys: Iterable[bytes] | None = None) -> None:
        """Drop the values that block `number` replaced, which are those of `keys` if they have been read already."""
        suffix = number_key(number)
        if keys is None:
            # If only the head's state is kept, the dropped block is the new one, which is still in the batch.
            packed = batch.get(CHANGED + suffix)
            keys = self.changed(number) if packed is None else unpack(packed)
        end = END_OF_KEY + suffix
        for key in keys:
            batch[UNDO + escape(key) + end] = None
        batch[CHANGED + suffix] = None
        if self._store.get(EDITS + suffix) is not None:
            batch[EDITS + suffix] = None

    def count_blocks(self) -> int:
        """Return how many blocks there are, by counting them; `HeadRecord.blocks` is how many there should be."""
        return sum(1 for _ in self._store.items(NUMBER))

    def all(self, instead: Mapping[bytes, bytes | None]) -> Iterator[tuple[bytes, bytes]]:
        """Return all records in ascending order, of some keys other ones (None: none)."""
        return overlaid(self._store.items(b""), iter(sorted(instead.items())))

    def edits(self, number: int) -> dict[bytes, bytes | None]:
        """Return what programs wrote into the state before block `number`; see `edits_record`."""
        packed = self._store.get(EDITS + number_key(number))
        parts = [] if packed is None else unpack(packed)
        return {key: value_of_former(value) for key, value in zip(parts[::2], parts[1::2], strict=True)}

    def former_values(self, changed: Mapping[int, Iterable[bytes]]) -> dict[bytes, bytes | None]:
        """Return the values that blocks replaced, from the keys that each one changed, ascending: the oldest ones."""
        values: dict[bytes, bytes | None] = {}
        for number, keys in changed.items():
            for key in keys:
                if key not in values:
                    values[key] = self.former_value(key, number)
        return values

    def former_value(self, key: bytes, number: int) -> bytes | None:
        """Return the value that block `number` replaced, None if there was none."""
        record = self._store.get(UNDO + escape(key) + END_OF_KEY + number_key(number))
        if record is None:
            raise self._store.health.damaged(f"the value of {key.hex()} before block {number} is missing")
        return value_of_former(record)

    def drop_block(self, batch: Batch, number: int) -> None:
        """Drop header and body of block `number`."""
        suffix = number_key(number)
        record = self._store.get(BLOCK + suffix)
        if record is None:
            raise self._store.health.damaged(f"block {number} is missing")
        batch[NUMBER + record[:32]] = None
        batch[BLOCK + suffix] = None

    def changed(self, number: int) -> list[bytes]:
        """Return the keys that a block changed."""
        packed = self._store.get(CHANGED + number_key(number))
        if packed is None:
            raise self._store.health.damaged(f"the keys changed by block {number} are missing")
        return unpack(packed)
