"""Snapshots: the state after a block in chunks, from which a new node begins without executing all blocks before.

A snapshot is a folder, `snapshots/NUMBER`, with `metadata` and the chunks `0`, `1`, …. Chunk 0 is the block, the others
are the pairs of the state in the order of their keys. All nodes make the same bytes. What a peer sends is proved by the
block's hash, which the engine has from a light client: header, body, and, by the state root, every pair.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ...runtime.crypto.hashing import blake2_256
from ...runtime.version import STATE_VERSION
from ..errors import ChainError
from ..history.adopting import Adoption
from ..history.blocks import StoredBlock
from ..history.layout import pack, unpack
from ..history.stores import open_store
from .messages import Message, make

FORMAT = 1
#: Bytes of pairs in a chunk; the engine sends at most 16 MiB.
CHUNK_BYTES = 8 * 1024 * 1024
#: Snapshots that are kept.
KEPT = 2
#: The most bytes of a description that is read.
MOST_METADATA = 1024 * 1024


class SnapshotError(ChainError):
    """A snapshot that is damaged, or not that of the block."""


class Snapshots:
    """The snapshots in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._worker: threading.Thread | None = None

    def make(self, block: StoredBlock, turns: dict[str, Any], pairs: Iterable[tuple[bytes, bytes]]) -> None:
        """Write a snapshot in a thread of its own, unless one is being written.

        `pairs` are the state after the block, which must stay the same; `turns` is the record of its validators.
        """
        if self._worker is None or not self._worker.is_alive():
            self._worker = threading.Thread(
                target=self._write, args=(block, turns, pairs), name="snapshot", daemon=True
            )
            self._worker.start()

    def finish(self) -> None:
        """Wait until no snapshot is being written."""
        if self._worker is not None:
            self._worker.join()

    def _write(self, block: StoredBlock, turns: dict[str, Any], pairs: Iterable[tuple[bytes, bytes]]) -> None:
        work = self.folder / ".new"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        hashes = []
        for index, chunk in enumerate(_chunks(block, pairs)):
            (work / str(index)).write_bytes(chunk)
            hashes.append(hashlib.sha256(chunk).hexdigest())
        described = {"header": block.header.hex(), "chunks": hashes, "turns": turns}
        (work / "metadata").write_text(json.dumps(described))
        os.replace(work, self.folder / str(block.number))
        for old in self._numbers()[:-KEPT]:
            shutil.rmtree(self.folder / str(old), ignore_errors=True)

    def _numbers(self) -> list[int]:
        if not self.folder.is_dir():
            return []
        return sorted(int(path.name) for path in self.folder.iterdir() if path.name.isdigit())

    def list(self) -> list[Message]:
        """Return what there is, as the engine describes it."""
        found = []
        for number in self._numbers():
            metadata = (self.folder / str(number) / "metadata").read_bytes()
            chunks = len(json.loads(metadata)["chunks"])
            described = {"chunks": chunks, "hash": blake2_256(metadata), "metadata": metadata}
            found.append(make("Snapshot", height=number, format=FORMAT, **described))
        return found

    def chunk(self, number: int, index: int) -> bytes:
        """Return a chunk; empty if there is none."""
        path = self.folder / str(number) / str(index)
        return path.read_bytes() if path.is_file() else b""


def _chunks(block: StoredBlock, pairs: Iterable[tuple[bytes, bytes]]) -> Iterator[bytes]:
    yield pack([block.header, *block.body])
    part: list[bytes] = []
    size = 0
    for key, value in pairs:
        part += [key, value]
        size += len(key) + len(value)
        if size >= CHUNK_BYTES:
            yield pack(part)
            part, size = [], 0
    if part:
        yield pack(part)


class Restoring:
    """Making a chain's store from a snapshot, chunk by chunk."""

    def __init__(self, first: StoredBlock, folder: Path, snapshot: Message, block_hash: bytes) -> None:
        """Begin in a folder, which is made anew, after the first block of the chain; raises SnapshotError.

        `block_hash` is that of the snapshot's block, which the engine has verified.
        """
        try:
            described = json.loads(bytes(snapshot.metadata)[:MOST_METADATA])
            header = bytes.fromhex(described["header"])
            self.hashes = [bytes.fromhex(each) for each in described["chunks"]]
            self.turns: dict[str, Any] = described["turns"]
        except (ValueError, KeyError, TypeError) as error:
            raise SnapshotError(f"expected the description of a snapshot: {error}") from error
        if blake2_256(header) != block_hash or len(self.hashes) != snapshot.chunks or not self.hashes:
            raise SnapshotError(f"expected the snapshot of block 0x{block_hash.hex()}, got another one")
        self.header, self.number, self.folder = header, int(snapshot.height), folder
        shutil.rmtree(folder, ignore_errors=True)
        self._store = open_store(folder)
        self._adoption = Adoption(self._store, STATE_VERSION)
        self._adoption.block(first)
        self._next = 0

    def fits(self, index: int, chunk: bytes) -> bool:
        """Return whether a chunk is the next one, unchanged."""
        return index == self._next and hashlib.sha256(chunk).digest() == self.hashes[index]

    def add(self, chunk: bytes) -> bool:
        """Store the next chunk; return whether it was the last one. Raises ChainError for another chain's contents."""
        parts = unpack(chunk)
        if self._next == 0:
            header, *body = parts
            self._adoption.block(StoredBlock(self.number, blake2_256(header), header, tuple(body)))
            if header != self.header:
                raise SnapshotError(f"expected the block of the snapshot, {self.number}, in its first chunk")
        else:
            self._adoption.state(list(zip(parts[::2], parts[1::2], strict=True)))
        self._next += 1
        if self._next < len(self.hashes):
            return False
        self._adoption.finish()
        self._store.close()
        return True

    def abandon(self) -> None:
        """Remove what was stored."""
        self._store.close()
        shutil.rmtree(self.folder, ignore_errors=True)
