"""The file format of `pysubtensor db export`: blocks, and the state after the last one, independent of engines.

magic      the line "pysubtensor export 1"
records    a byte for the kind, the length of the content (u32, little-endian), and the content: byte strings, packed
           as their count and lengths (u32, little-endian) and then their bytes
  g        hash of block 0, number of the last block (u32, big-endian), 1 or 0: whether its state follows
  b        number (u32, big-endian), hash, encoded header, then each encoded extrinsic; ascending numbers
  s        key and value in turns, ascending keys
  e        the Blake2b-256 of all bytes before this record; it is the last one
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO

from ..errors import ChainError
from .blocks import StoredBlock
from .layout import number_key, pack, unpack

MAGIC = b"pysubtensor export 1\n"
GENESIS, BLOCK, STATE, END = b"g", b"b", b"s", b"e"
#: Pairs of the state in one record.
PAIRS = 1000


class ArchiveWriter:
    """Writes an export into a file."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._digest = blake2b(digest_size=32)
        self._write(MAGIC)

    def begin(self, genesis_hash: bytes, last: int, has_state: bool) -> None:
        """Write which chain this is, its last block, and whether the state after it follows."""
        self._record(GENESIS, [genesis_hash, number_key(last), b"\1" if has_state else b"\0"])

    def block(self, block: StoredBlock) -> None:
        """Write a block."""
        self._record(BLOCK, [number_key(block.number), block.hash, block.header, *block.body])

    def state(self, pairs: Sequence[tuple[bytes, bytes]]) -> None:
        """Write a part of the state."""
        self._record(STATE, [part for pair in pairs for part in pair])

    def end(self) -> None:
        """Write the digest of all that was written."""
        self._record(END, [self._digest.digest()])

    def _record(self, kind: bytes, items: Sequence[bytes]) -> None:
        content = pack(items)
        self._write(kind + struct.pack("<I", len(content)) + content)

    def _write(self, data: bytes) -> None:
        self._digest.update(data)
        self._file.write(data)


class ArchiveReader:
    """Reads an export; `path` names it in messages. Raises ChainError for a file that is none, or is not whole."""

    def __init__(self, file: BinaryIO, path: Path) -> None:
        self._file = file
        self._path = path
        self._digest = blake2b(digest_size=32)
        if self._read(len(MAGIC)) != MAGIC:
            raise ChainError(f"expected a file of `pysubtensor db export`, got {path}")
        self._records = self._walk()
        kind, items = next(self._records, (b"", []))
        if kind != GENESIS or len(items) != 3:
            raise self._broken("it does not begin with its chain")
        self.genesis_hash, last, has_state = items
        self.last = int.from_bytes(last)
        self.has_state = has_state == b"\1"

    def records(self) -> Iterator[StoredBlock | list[tuple[bytes, bytes]]]:
        """Yield the blocks, then the parts of the state; the digest has been checked at the end only."""
        for kind, items in self._records:
            if kind == BLOCK and len(items) >= 3:
                number, block_hash, header, *body = items
                yield StoredBlock(int.from_bytes(number), block_hash, header, tuple(body))
            elif kind == STATE:
                yield list(zip(items[::2], items[1::2], strict=True))
            else:
                raise self._broken(f"it has a record of the unknown kind {kind!r}")

    def _walk(self) -> Iterator[tuple[bytes, list[bytes]]]:
        while True:
            expected = self._digest.digest()
            head = self._read(5)
            length = int.from_bytes(head[1:], "little")
            content = self._read(length)
            if len(head) < 5 or len(content) < length:
                raise self._broken("it ends too early")
            try:
                items = unpack(content)
            except struct.error:
                items = []
            if pack(items) != content:
                raise self._broken("it has a record that cannot be read")
            if head[:1] == END:
                if items != [expected] or self._read(1):
                    raise self._broken("its digest is another one")
                return
            yield head[:1], items

    def _read(self, length: int) -> bytes:
        data = self._file.read(length)
        self._digest.update(data)
        return data

    def _broken(self, why: str) -> ChainError:
        return ChainError(f"{self._path} is not a whole export: {why}; export again")
