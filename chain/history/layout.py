"""The layout of a chain's database: its columns and their encodings.

The first byte of a key names its column. Block numbers are four bytes, big-endian, so that they sort.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from ..errors import StoreError
from .stores import Store

#: Changes to write at once: None removes a key.
Batch = dict[bytes, bytes | None]

#: Key of the state -> its value at the head.
STATE = b"s"
#: Path of a trie branch -> its record, for the state of block `HeadRecord.trie`.
NODE = b"n"
#: Key of the state (see `stem`) and number of a block that changed it -> the value before (see `add_undo_records`).
UNDO = b"u"
#: Number of a block -> the keys that it changed, packed.
CHANGED = b"c"
#: Number of a block -> the keys and values that programs wrote into the state before it, in turns, packed.
EDITS = b"e"
#: Number of a block -> its hash, then header and body, packed.
BLOCK = b"b"
#: Hash of a block -> its number.
NUMBER = b"h"
#: One key: the head (see `HeadRecord`).
HEAD = b"m"
#: One key: the number of the last final block. Without it the head is final.
FINAL = b"f"

#: One key, in forks only: the root from which those of a fork's own blocks follow. It is no path of a trie.
FORK_ROOT = NODE + b"fork"

LAST_NUMBER = b"\xff\xff\xff\xff"
END_OF_KEY = b"\0\0"


#: Version of this layout. A store with another number was written by another version of this program.
FORMAT = 2
HEAD_LAYOUT = ">HIIIII"


class HeadRecord(NamedTuple):
    """The stored head of a chain."""

    #: Number and hash (32 bytes) of its last block.
    number: int
    hash: bytes
    #: The number of its first block, which is always kept.
    first: int
    #: The oldest block whose state can be read.
    first_state: int
    #: The oldest block that is kept, besides the first one.
    first_block: int
    #: The block to whose state the stored trie belongs: the last one, or an earlier one.
    trie: int

    @property
    def blocks(self) -> int:
        """How many blocks are kept."""
        return self.number - self.first_block + (1 if self.first_block == self.first else 2)

    def record(self) -> bytes:
        """Return its encoding."""
        numbers = (self.number, self.first, self.first_state, self.first_block, self.trie)
        return struct.pack(HEAD_LAYOUT, FORMAT, *numbers) + self.hash

    @classmethod
    def from_record(cls, record: bytes) -> HeadRecord:
        """Return the inverse of `record`; raises `StoreError` if another version wrote it."""
        layout, number, *others = struct.unpack_from(HEAD_LAYOUT, record)
        if layout != FORMAT:
            raise StoreError(
                f"expected a database of format {FORMAT}, got format {layout}: another version of "
                "pysubtensor wrote it; use that version, or another data directory"
            )
        return cls(number, record[struct.calcsize(HEAD_LAYOUT) :], *others)


def number_key(number: int) -> bytes:
    """Return a block number as part of a key."""
    return number.to_bytes(4, "big")


def escape(key: bytes) -> bytes:
    """Return a key without two zero bytes in a row; keeps the order of keys and their common prefixes."""
    return key.replace(b"\0", b"\0\xff")


def stem(key: bytes) -> bytes:
    """Return the prefix of a state key's undo records, which those of no other key have."""
    return UNDO + escape(key) + END_OF_KEY


def key_of_stem(start: bytes) -> bytes:
    """Return the inverse of `stem`."""
    return start[1:-2].replace(b"\0\xff", b"\0")


def add_undo_records(batch: dict[bytes, bytes | None], before: Mapping[bytes, bytes | None], suffix: bytes) -> None:
    """Put the values that a block replaced into a batch, under the `stem` of each key and the block's number `suffix`.

    A record is a byte 1 and the former value, or a byte 0 if there was none.
    """
    end = END_OF_KEY + suffix
    for key, value in before.items():
        batch[UNDO + key.replace(b"\0", b"\0\xff") + end] = b"\0" if value is None else b"\1" + value


def value_of_former(record: bytes) -> bytes | None:
    """Return the value in a record of `add_undo_records` or of edits, None if there was none."""
    return record[1:] if record[0] else None


def pack(items: Sequence[bytes]) -> bytes:
    """Return byte strings as one: their count and lengths (u32, little-endian), then their bytes."""
    return struct.pack(f"<{len(items) + 1}I", len(items), *map(len, items)) + b"".join(items)


def unpack(packed: bytes, at: int = 0) -> list[bytes]:
    """Return the inverse of `pack`, beginning at `at`."""
    (count,) = struct.unpack_from("<I", packed, at)
    lengths = struct.unpack_from(f"<{count}I", packed, at + 4)
    start = at + 4 * (count + 1)
    return [packed[low:high] for low, high in pairwise(accumulate(lengths, initial=start))]


class Column:
    """One column for reading, such as the head's state."""

    def __init__(self, store: Store, name: bytes) -> None:
        self._store = store
        self._get = store.get
        self._name = name

    def get(self, key: bytes) -> bytes | None:
        """Return the value under `key`, or None."""
        return self._get(self._name + key)

    def items(self, prefix: bytes, after: bytes | None = None) -> Iterator[tuple[bytes, bytes]]:
        """Return pairs with `prefix`, ascending, strictly greater than `after`."""
        name = self._name
        walk = self._store.items(name + prefix, None if after is None else name + after)
        return ((key[1:], value) for key, value in walk)


class Nodes:
    """The records of the trie's branches: unsaved ones, and below them the stored ones."""

    def __init__(self, store: Store) -> None:
        self._get = store.get
        #: Path -> record, None for a removed branch.
        self.unsaved: dict[bytes, bytes | None] = {}

    def get(self, path: bytes) -> bytes | None:
        """Return the record of the branch at `path`, or None."""
        if path in self.unsaved:
            return self.unsaved[path]
        return self._get(NODE + path)
