"""The marker of the head: a small file beside the store, which shows after a damage that blocks are missing.

An engine's recovery drops what it cannot read at the end of its log, without a word. The marker is written after each
block, so it is never ahead of a store that has lost nothing, also after a kill at any moment.
"""

from __future__ import annotations

import os
from pathlib import Path
from zlib import crc32

from ..errors import BlocksLost, StoreError

NAME = "HEAD"
#: Blocks between two times that the marker waits for the disk, which takes milliseconds.
SYNCED_EVERY = 1024


class Marker:
    """The number and the hash of the last block in `folder/HEAD`: `block 12 0x…`, with a CRC-32 of that text."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        try:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
            self._text = os.pread(self._file, 200, 0)
        except OSError as error:
            raise StoreError(f"cannot open {self._path}: {error.strerror}") from error

    def read(self) -> tuple[int, bytes] | None:
        """Return number and hash of the marked block, None before the first one; raises `BlocksLost` if damaged."""
        text = self._text
        if not text:
            return None
        try:
            word, number, block_hash, _ = text.split(b" ")
            found = int(number), bytes.fromhex(block_hash[2:].decode())
            if word == b"block" and line(*found) == text:
                return found
        except ValueError:
            pass
        raise BlocksLost(f"{self._path} is damaged, so it is not known whether the last blocks are still there")

    def write(self, number: int, block_hash: bytes, sync: bool = False) -> None:
        """Mark a block; with `sync`, wait until the mark is on the disk. Raises OSError."""
        self._text = line(number, block_hash)
        os.pwrite(self._file, self._text, 0)
        if sync or number % SYNCED_EVERY == 0:
            os.fsync(self._file)

    def close(self) -> None:
        """Close the file; closing twice is allowed."""
        if self._file >= 0:
            file, self._file = self._file, -1
            os.close(file)


def line(number: int, block_hash: bytes) -> bytes:
    """Return the contents of the file; it has always the same length, so that it is overwritten in place."""
    text = b"block %010d 0x%s" % (number, block_hash.hex().encode())
    return b"%s %08x\n" % (text, crc32(text))
