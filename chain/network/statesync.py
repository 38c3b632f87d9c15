"""The part of the application that gives snapshots to new nodes, and begins with one on a new node."""

from __future__ import annotations

import logging
import os
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

from ..chain import Blockchain
from ..errors import ChainError
from ..history.stores import open_store
from ..listeners import call_all
from .messages import Message, make
from .snapshots import FORMAT, Restoring, Snapshots
from .turns import Turns, from_json
from .validators import powers_of
from .voters import voters_of

ACCEPT, REJECT, REJECT_FORMAT = 1, 3, 4
#: Results of a chunk: it is fetched again from another peer; the whole snapshot is refused.
RETRY, REJECT_SNAPSHOT = 3, 5

log = logging.getLogger(__name__)


class StateSync:
    """Snapshots of a chain on disk: `folder` has its database in `db`, and the snapshots."""

    def __init__(self, chain: Blockchain, folder: Path, every: int) -> None:
        self.chain, self.folder, self.every = chain, folder, every
        self.snapshots = Snapshots(folder / "snapshots")
        self._restoring: Restoring | None = None

    def committed(self, turns: Turns) -> None:
        """Write a snapshot of the head if it is due."""
        head = self.chain.head
        if self.every and head.number % self.every == 0 and self.chain.history.records.has_steady_walks:
            block = self.chain.history.block_by_number(head.number)
            self.snapshots.make(block, turns.record(), self.chain.history.state.items(b""))

    def list(self) -> Message:
        """Answer which snapshots there are."""
        return make("ResponseListSnapshots", snapshots=self.snapshots.list())

    def load(self, request: Message) -> Message:
        """Answer with a chunk."""
        chunk = self.snapshots.chunk(request.height, request.chunk) if request.format == FORMAT else b""
        return make("ResponseLoadSnapshotChunk", chunk=chunk)

    def offer(self, request: Message) -> Message:
        """Answer whether this node begins with a snapshot: if it has no block of the network yet."""
        if request.snapshot.format != FORMAT:
            return make("ResponseOfferSnapshot", result=REJECT_FORMAT)
        self._drop()
        try:
            first = self.chain.history.block_by_number(0)
            folder = self.folder / "db.restoring"
            self._restoring = Restoring(first, folder, request.snapshot, bytes(request.app_hash))
        except ChainError as error:
            log.warning("refused the snapshot of block %d: %s", request.snapshot.height, error)
            return make("ResponseOfferSnapshot", result=REJECT)
        return make("ResponseOfferSnapshot", result=ACCEPT)

    def apply(self, request: Message, turns: Turns) -> tuple[Message, Turns]:
        """Store a chunk, and after the last one go on with its chain; return the answer, and the turns from then on."""
        restoring, chunk = self._restoring, bytes(request.chunk)
        if restoring is None or not restoring.fits(request.index, chunk):
            again = {"refetch_chunks": [request.index], "reject_senders": [request.sender]}
            return make("ResponseApplySnapshotChunk", result=RETRY, **again), turns
        try:
            if restoring.add(chunk):
                turns = self._go_on(restoring, turns)
        except (ChainError, ValueError, KeyError, TypeError) as error:
            log.warning("refused the snapshot of block %d: %s", restoring.number, error)
            self._drop()
            return make("ResponseApplySnapshotChunk", result=REJECT_SNAPSHOT), turns
        return make("ResponseApplySnapshotChunk", result=ACCEPT), turns

    def _go_on(self, restoring: Restoring, turns: Turns) -> Turns:
        """Let the chain be the restored one; raises ChainError if the validators of the snapshot are not its own."""
        number, following = from_json(restoring.turns)
        if number != restoring.number:
            raise ChainError(f"expected the validators of block {restoring.number}, got those of block {number}")
        chain, target = self.chain, self.folder / "db"
        with closing(Blockchain(chain.config, open_store(restoring.folder))) as restored:
            powers = powers_of(voters_of(restored))
        if powers and powers != following.powers:
            raise ChainError("expected the validators that the state names")
        self._restoring = None
        chain.history.close()
        shutil.rmtree(target)
        os.replace(restoring.folder, target)
        chain.become(Blockchain(chain.config, open_store(target), chain.clock))
        call_all(chain.rewound, chain.head)
        return turns.restored(number, following)

    def _drop(self) -> None:
        if self._restoring is not None:
            self._restoring.abandon()
            self._restoring = None

    def close(self) -> None:
        """Leave nothing half-done behind."""
        self._drop()
        self.snapshots.finish()


def unavailable(kind: str) -> Any:
    """Return the answer of a node that keeps no snapshots."""
    results = {"OfferSnapshot": {"result": REJECT}, "ApplySnapshotChunk": {"result": REJECT_SNAPSHOT}}
    return make(f"Response{kind}", **results.get(kind, {}))
