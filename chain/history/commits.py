"""Writing batches of blocks so that none is lost unnoticed: the marker of the head, and the proof after a failure."""

from __future__ import annotations

import logging

from ..errors import BlocksLost, StoreFailed
from .layout import BLOCK, HEAD, Batch, HeadRecord, number_key
from .marker import Marker
from .stores import Store

log = logging.getLogger(__name__)


class Commits:
    """Writes to a store, and marks each new head in a file beside it; a store in memory has no marker."""

    def __init__(self, store: Store, head: HeadRecord | None, marked: bool = True) -> None:
        """Compare the head with the marker, unless not `marked`; raises `BlocksLost` if blocks are missing."""
        self._store = store
        self._head = head
        self._tell_block()
        folder = store.health.folder
        self._marker = Marker(folder) if marked and folder is not None else None
        if self._marker is None:
            return
        try:
            self._compare(self._marker)
        except BaseException:
            self._marker.close()
            raise

    def _compare(self, marker: Marker) -> None:
        head, folder = self._head, self._store.health.folder
        accept = f"`pysubtensor db recover {folder}` continues at its last whole block"
        try:
            marked = marker.read()
        except BlocksLost as error:
            raise BlocksLost(f"{error}; {accept}") from None
        if marked is None:
            # A kill between the first batches and their marks leaves none.
            if head is not None and head.number > head.first:
                raise BlocksLost(f"{folder} has no marker HEAD of its last block; {accept}")
            return
        number, block_hash = marked
        if head is None or head.number < number:
            first = 0 if head is None else head.number + 1
            lost = f"block {number} is" if first == number else f"blocks {first} to {number} are"
            end = "nothing" if head is None else f"block {head.number}"
            raise BlocksLost(f"{lost} lost: {folder} held them, and its database ends with {end}; {accept}")
        record = self._store.get(BLOCK + number_key(number))
        if record is not None and record[:32] != block_hash:
            raise BlocksLost(
                f"{folder} held block {number} with hash 0x{block_hash.hex()}, its database has 0x{record[:32].hex()}: "
                f"they do not belong together; {accept}"
            )

    def append(self, batch: Batch, head: HeadRecord, sync: bool = False) -> None:
        """Write the batch of a new block, then mark it."""
        self._write(batch, head, sync)
        self._mark(head, sync)

    def roll_back(self, batch: Batch, head: HeadRecord) -> None:
        """Mark an earlier block, then write the batch that makes it the head: the marker must never be ahead."""
        self._mark(head, sync=False)
        self._write(batch, head, sync=False)

    def amend(self, batch: Batch) -> None:
        """Write a batch that leaves the head as it is."""
        if self._head is not None:
            self._write(batch, self._head, sync=False)

    def _write(self, batch: Batch, head: HeadRecord, sync: bool) -> None:
        batch[HEAD] = record = head.record()
        store = self._store
        if store.health.failure is not None:
            raise store.health.failure
        try:
            store.write(batch, sync)
        except StoreFailed as failure:
            if not failure.out_of_files:
                raise
            # LevelDB refuses all writes after a merge of files that ran out of descriptors; closing it frees many.
            log.warning("%s; opening the database again", failure)
            store.reopen()
            former = None if self._head is None else self._head.record()
            if store.get(HEAD) not in (former, record):
                raise BlocksLost(
                    f"the database in {store.health.folder} has another head after a failed write"
                ) from None
            store.write(batch, sync)
        self._head = head
        self._tell_block()

    def _mark(self, head: HeadRecord | None, sync: bool) -> None:
        if self._marker is None or head is None:
            return
        try:
            self._marker.write(head.number, head.hash, sync)
        except OSError as error:
            raise self._store.health.write_failed(str(error)) from error

    def _tell_block(self) -> None:
        self._store.health.block = None if self._head is None else self._head.number

    def close(self) -> None:
        """Wait until the marker is on the disk, unless the store failed; closing twice is allowed."""
        try:
            if self._store.health.failure is None:
                self._mark(self._head, sync=True)
        finally:
            self.abandon()

    def abandon(self) -> None:
        """Close the marker without writing it."""
        if self._marker is not None:
            self._marker.close()
            self._marker = None
