"""Blocks and the states after them, over a store.

The store holds the head's state and, for each retained block, the values that the block replaced. A past
value is the one replaced by the first later block that changed it: one seek. A block is written in one
batch, so a process that is killed at any moment reopens at its last whole block.

The branches of the trie are the exception: the upper ones change in every block, and would be most of what
is written. They are saved every `SAVED_EVERY` blocks. The branches that are missing after a kill are computed
from the values that the blocks since the last saving replaced.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from ...consensus.internal import InternalError
from ...runtime.state.overlay import Diff
from ...runtime.state.proof import prove
from ...runtime.state.trie import Trie
from .blocks import Pin, Retention, StateDiscarded, StoredBlock, UnknownBlock
from .commits import Commits
from .layout import (
    BLOCK,
    EDITS,
    FINAL,
    NODE,
    NUMBER,
    STATE,
    Batch,
    Column,
    HeadRecord,
    Nodes,
    number_key,
    pack,
    unpack,
)
from .past import Past, PastState
from .proofs import NodesView
from .records import Records, add_undo, edits_record
from .stores import Store, StoreDamaged, StoreError, StoreFailed

Changes = Mapping[bytes, bytes | None]
#: Blocks between two savings of the trie, and the number of changed branches that causes an earlier one.
SAVED_EVERY, UNSAVED_LIMIT = 64, 20_000


class History:
    """The chain so far. `state` is the head's, `trie` stages and keeps its root (see `Trie.update`)."""

    #: Whether it begins with a block of another chain.
    is_fork = False

    def __init__(
        self,
        store: Store,
        retention: Retention | None = None,
        state_version: int = 1,
        inspect: bool = False,
    ) -> None:
        """Open what `store` holds. By default a store on disk keeps all blocks, and 4,096 states.

        Raises `BlocksLost` if the last blocks are missing by the marker of the head, `StoreDamaged` for other damage.
        `inspect` opens what there is, to look at it: without the marker, and with a trie that may not be the head's.
        """
        self._store = store
        self.retention = retention or Retention(blocks=4096 if store.engine == "memory" else None)
        #: The records of blocks and of the values that they replaced.
        self.records = Records(store)
        self.state = Column(store, STATE)
        #: The records of the trie's branches.
        self.nodes = Nodes(store)
        self.trie = self._make_trie(state_version)
        #: Number of rollbacks; after each one, views of past states check again that their block exists.
        self.rollbacks = 0
        #: Blocks to which the head will be rolled back, ascending. While there are any, nothing is pruned.
        self.pins: list[Pin] = []
        #: What proofs under construction read (see `proofs`).
        self.proofs: list[NodesView] = []
        self._head = self.records.head(inspect)
        self._commits = Commits(store, self._head, marked=not inspect)
        try:
            if self._head is not None and self._head.trie < self._head.number:
                self._catch_up(self._head.trie)
            #: Number of the last final block, which is kept with its state and all blocks after it.
            self.final = self.records.final(self._head)
        except Exception as error:
            if not inspect:
                self._commits.abandon()
                raise self._not_opened(error) from error
            self.final = 0

    def _make_trie(self, state_version: int) -> Trie:
        return Trie(self.nodes, self.state, state_version)

    def _catch_up(self, saved: int) -> None:
        """Bring the trie from the block at which it was saved to the head."""
        block_hash = self.hash_at(saved)
        if block_hash is None:
            raise self.damaged(f"block {saved} is missing")
        stale = Trie(self.nodes, PastState(self, self._store, saved, block_hash), self.trie.version)
        _, nodes = stale.update(self._undoing(self._changed_after(saved)).reversed())
        self.nodes.unsaved.update(nodes)

    def _not_opened(self, error: Exception) -> StoreError:
        return error if isinstance(error, StoreError) else self.damaged(f"it cannot be opened: {error}")

    @property
    def failure(self) -> StoreFailed | None:
        """Why the store can no longer be used, None if it can."""
        return self._store.health.failure

    def on_failure(self, listener: Callable[[StoreFailed], object]) -> None:
        """Call `listener` with the failure after which the store can no longer be used."""
        self._store.health.listeners.append(listener)

    def damaged(self, what: str) -> StoreDamaged:
        """Return the error for contents that are not what was written, after which nothing is written any more."""
        return self._store.health.damaged(what)

    @property
    def empty(self) -> bool:
        """Whether there is no block yet."""
        return self._head is None

    @property
    def head(self) -> HeadRecord:
        """The last block's number and hash, and the first blocks whose state and body are kept."""
        if self._head is None:
            raise UnknownBlock(0)
        return self._head

    def commit_block(
        self, block: StoredBlock, diff: Diff, nodes: Changes, final: int | None = None, edits: Changes | None = None
    ) -> None:
        """Append `block`, which changes the state by `diff` and the trie's records by `nodes` (`trie.update` of it).

        The first block may have any number. `final` is the number of the last final block from then on, by default of
        this one. `edits` are the part of the changes that was in the state already: programs wrote it.
        """
        if self._head is None:
            head = HeadRecord(block.number, block.hash, *[block.number] * 4)
        elif block.number != self._head.number + 1:
            raise InternalError(f"expected block {self._head.number + 1}, got {block.number}")
        else:
            head = self._head._replace(number=block.number, hash=block.hash)
        self._keep_for_proofs(nodes)
        batch: Batch = {STATE + key: value for key, value in diff.after.items()}
        if self._head is not None:
            add_undo(batch, block.number, diff.before)
        number = number_key(block.number)
        if edits:
            batch[EDITS + number] = edits_record(edits)
        batch[BLOCK + number] = block.hash + pack([block.header, *block.body])
        batch[NUMBER + block.hash] = number
        unsaved = self.nodes.unsaved
        if self._save_due(head, len(unsaved) + len(nodes)):
            head = self._save(batch, head, {**unsaved, **nodes})
        final = block.number if final is None else final
        head = head if self.pins else self.records.prune(batch, head, self.retention, final)
        batch[FINAL] = number_key(final)
        # A batch survives the process without waiting for the disk. A crash of the machine may lose the last blocks,
        # which costs less than waiting in every block. Only the first block waits.
        self._commits.append(batch, head, sync=self._head is None)
        unsaved.clear() if head.trie == head.number else unsaved.update(nodes)
        self.trie.commit()
        self._head, self.final = head, final

    def finalize(self, number: int) -> None:
        """Make a block the last final one."""
        self._commits.amend({FINAL: number_key(number)})
        self.final = number

    def keep_edits(self, edits: Mapping[bytes, bytes | None]) -> None:
        """Store what programs wrote into the head's state for the next block, while nothing holds the chain."""
        self._commits.amend({EDITS + number_key(self.head.number + 1): edits_record(edits)})

    def _keep_for_proofs(self, changed: Iterable[bytes]) -> None:
        for view in self.proofs:
            view.keep(changed)

    def _save_due(self, head: HeadRecord, unsaved: int) -> bool:
        if self._head is None or unsaved > UNSAVED_LIMIT:
            return True
        # The states since the last saving are needed to catch up, so they have to be retained.
        every = SAVED_EVERY if self.retention.states is None else min(SAVED_EVERY, self.retention.states - 1)
        return head.number - head.trie >= every

    @staticmethod
    def _save(batch: Batch, head: HeadRecord, nodes: Mapping[bytes, bytes | None]) -> HeadRecord:
        """Add unsaved branches to the batch and return the head with `trie` at its number."""
        batch.update({NODE + path: record for path, record in nodes.items()})
        return head._replace(trie=head.number)

    def hash_at(self, number: int) -> bytes | None:
        """Return the hash of the block of this number; None if it does not exist or is no longer kept."""
        record = self._store.get(BLOCK + number_key(number)) if 0 <= number < 1 << 32 else None
        return None if record is None else record[:32]

    def number_of(self, block_hash: bytes) -> int:
        """Return the number of the block of this hash; raises `UnknownBlock`."""
        number = self._store.get(NUMBER + block_hash)
        if number is None:
            raise UnknownBlock(block_hash)
        return int.from_bytes(number, "big")

    def block_by_hash(self, block_hash: bytes) -> StoredBlock:
        """Return the block of this hash; raises `UnknownBlock`."""
        return self.block_by_number(self.number_of(block_hash))

    def block_by_number(self, number: int) -> StoredBlock:
        """Return the block of this number; raises `UnknownBlock`."""
        record = self._store.get(BLOCK + number_key(number)) if 0 <= number < 1 << 32 else None
        if record is None:
            raise UnknownBlock(number)
        header, *body = unpack(record, 32)
        return StoredBlock(number, record[:32], header, tuple(body))

    def state_at(self, block_hash: bytes) -> Past:
        """Return the state after a block, which stays the same while the chain grows.

        Raises `UnknownBlock` or `StateDiscarded`; so do later reads if the block was rolled back or pruned
        meanwhile.
        """
        past = PastState(self, self._store, self.number_of(block_hash), block_hash)
        past.check()
        return past

    def rollback_to(self, number: int) -> Mapping[bytes, bytes | None]:
        """Remove all blocks after `number`: state, trie and blocks, in one batch. Return the values that changed.

        Raises `UnknownBlock` above the head, `StateDiscarded` below the states that are kept.
        """
        self._require_state(number)
        changed = self._changed_after(number)
        diff = self._undoing(changed)
        _, nodes = self.trie.update(diff)
        self._keep_for_proofs(nodes)
        batch: Batch = {STATE + key: value for key, value in diff.after.items()}
        for undone, keys in changed.items():
            self.records.drop_undo(batch, undone, keys)
            self.records.drop_block(batch, undone)
        block_hash = self.hash_at(number)
        if block_hash is None:
            raise self.damaged(f"block {number} is missing")
        head = self.head._replace(number=number, hash=block_hash)
        head = self._save(batch, head, {**self.nodes.unsaved, **nodes})
        final = min(self.final, number)
        batch[FINAL] = number_key(final)
        self._commits.roll_back(batch, head)
        self.nodes.unsaved.clear()
        self.trie.commit()
        self._head, self.final = head, final
        self.rollbacks += 1
        return diff.after

    def _require_state(self, number: int) -> None:
        if number > self.head.number or (block_hash := self.hash_at(number)) is None:
            raise UnknownBlock(number)
        if number < self.head.first_state:
            raise StateDiscarded(block_hash)

    def _changed_after(self, number: int) -> dict[int, list[bytes]]:
        """Return the keys that each block after `number` changed."""
        return {later: self.records.changed(later) for later in range(number + 1, self.head.number + 1)}

    def _undoing(self, changed: Mapping[int, Iterable[bytes]]) -> Diff:
        """Return the changes that undo the last blocks, which changed these keys."""
        values = self.records.former_values(changed)
        return Diff(values, {key: self.state.get(key) for key in values})

    def read_proof(self, block_hash: bytes, keys: Iterable[bytes]) -> list[bytes]:
        """Return the trie nodes that prove the values (or absence) of `keys` after a block; see `prove`.

        A past block's trie is staged by undoing the blocks after it, and then discarded.
        """
        past = self.state_at(block_hash)
        self.require_trie(block_hash)
        self.trie.update(self._undoing(self._changed_after(self.number_of(block_hash))))
        proof = prove(self.trie, past, keys)
        self.trie.discard()
        return proof

    def require_trie(self, block_hash: bytes) -> None:
        """Raise NotProvable if the state root of a block is not that of a trie."""

    def abandon(self) -> None:
        """Close the store without writing anything."""
        self._commits.abandon()
        self._store.close()

    def close(self) -> None:
        """Save the trie, unless the store failed, and close the store; closing twice is allowed."""
        try:
            if self.nodes.unsaved and self._store.health.failure is None:
                batch: Batch = {}
                self._commits.append(batch, self._save(batch, self.head, self.nodes.unsaved), sync=True)
                self.nodes.unsaved.clear()
            self._commits.close()
        finally:
            self._store.close()
