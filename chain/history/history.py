"""Blocks and the states after them, over a store.

The store holds the head's state and, for each retained block, the values that the block replaced. A past
value is the one replaced by the first later block that changed it: one seek. A block is written in one
batch, so a process that is killed at any moment reopens at its last whole block.

The branches of the trie are the exception: the upper ones change in every block, and would be most of what
is written. They are saved every `SAVED_EVERY` blocks. The branches that are missing after a kill are computed
from the values that the blocks since the last saving replaced.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from ...runtime.state.overlay import Diff, overlaid
from ...runtime.state.proof import prove
from ...runtime.state.trie import Trie
from .blocks import Pin, Retention, StateDiscarded, StoredBlock, UnknownBlock
from .layout import (
    BLOCK,
    FINAL,
    HEAD,
    LAST_NUMBER,
    NODE,
    NUMBER,
    STATE,
    UNDO,
    Column,
    HeadRecord,
    Nodes,
    escape,
    key_of_stem,
    number_key,
    pack,
    stem,
    unpack,
    value_of_former,
)
from .proofs import NodesView
from .records import Batch, Records, add_undo
from .stores import Store

#: Blocks between two savings of the trie, and the number of changed branches that causes an earlier one.
SAVED_EVERY, UNSAVED_LIMIT = 64, 20_000


class History:
    """The chain so far. `state` is the head's, `trie` stages and keeps its root (see `Trie.update`)."""

    def __init__(self, store: Store, retention: Retention | None = None, state_version: int = 1) -> None:
        """Open what `store` holds. By default a store on disk keeps all blocks, and 4,096 states."""
        self._store = store
        self.retention = retention or Retention(blocks=4096 if store.engine == "memory" else None)
        self._records = Records(store)
        self.state = Column(store, STATE)
        self._nodes = Nodes(store)
        self.trie = Trie(self._nodes, self.state, state_version)
        #: Number of rollbacks; after each one, views of past states check again that their block exists.
        self.rollbacks = 0
        #: Blocks to which the head will be rolled back, ascending. While there are any, nothing is pruned.
        self.pins: list[Pin] = []
        #: What proofs under construction read (see `proofs`).
        self.proofs: list[NodesView] = []
        record = store.get(HEAD)
        self._head = None if record is None else HeadRecord.from_record(record)
        if self._head is not None and self._head.trie < self._head.number:
            self._catch_up(self._head.trie)
        final = store.get(FINAL)
        #: Number of the last final block, which is kept with its state and all blocks after it.
        self.final = int.from_bytes(final, "big") if final else 0 if self._head is None else self._head.number

    def _catch_up(self, saved: int) -> None:
        """Bring the trie from the block at which it was saved to the head."""
        block_hash = self.hash_at(saved)
        assert block_hash is not None, f"expected block {saved} in the store"
        stale = Trie(self._nodes, PastState(self, saved, block_hash), self.trie.version)
        _, nodes = stale.update(self._undo_down_to(saved).reversed())
        self._nodes.unsaved.update(nodes)

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
        self, block: StoredBlock, diff: Diff, nodes: Mapping[bytes, bytes | None], final: int | None = None
    ) -> None:
        """Append `block`, which changes the state by `diff` and the trie's records by `nodes`.

        Both come from the same `State.diff`: `nodes` is what `trie.update` returned for it. The first
        block may have any number. `final` is the number of the last final block from then on, by default of this one.
        """
        head = self._head
        if head is None:
            head = HeadRecord(block.number, block.hash, *[block.number] * 4)
        else:
            assert block.number == head.number + 1, f"expected block {head.number + 1}, got {block.number}"
            head = head._replace(number=block.number, hash=block.hash)
        self._keep_for_proofs(nodes)
        batch: Batch = {STATE + key: value for key, value in diff.after.items()}
        if self._head is not None:
            add_undo(batch, block.number, diff.before)
        number = number_key(block.number)
        batch[BLOCK + number] = block.hash + pack([block.header, *block.body])
        batch[NUMBER + block.hash] = number
        unsaved = self._nodes.unsaved
        if self._save_due(head, len(unsaved) + len(nodes)):
            head = self._save(batch, head, {**unsaved, **nodes})
        final = block.number if final is None else final
        head = head if self.pins else self._records.prune(batch, head, self.retention, final)
        batch[HEAD], batch[FINAL] = head.record(), number_key(final)
        # A written batch survives the process without waiting for the disk. A crash of the machine may lose the
        # last blocks of a local chain, which costs less than waiting in every block. Only the first block waits.
        self._store.write(batch, sync=self._head is None)
        if head.trie == head.number:
            unsaved.clear()
        else:
            unsaved.update(nodes)
        self.trie.commit()
        self._head, self.final = head, final

    def finalize(self, number: int) -> None:
        """Make a block the last final one."""
        self._store.write({FINAL: number_key(number)})
        self.final = number

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
        for path, record in nodes.items():
            batch[NODE + path] = record
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

    def state_at(self, block_hash: bytes) -> PastState:
        """Return the state after a block, which stays the same while the chain grows.

        Raises `UnknownBlock` or `StateDiscarded`; so do later reads if the block was rolled back or pruned
        meanwhile.
        """
        past = PastState(self, self.number_of(block_hash), block_hash)
        past.check()
        return past

    def rollback_to(self, number: int) -> None:
        """Remove all blocks after `number`: state, trie and blocks, in one batch.

        Raises `UnknownBlock` above the head, `StateDiscarded` below the states that are kept.
        """
        self._require_state(number)
        diff = self._undo_down_to(number)
        _, nodes = self.trie.update(diff)
        self._keep_for_proofs(nodes)
        batch: Batch = {STATE + key: value for key, value in diff.after.items()}
        for undone in range(number + 1, self.head.number + 1):
            self._records.drop_undo(batch, undone)
            self._records.drop_block(batch, undone)
        block_hash = self.hash_at(number)
        assert block_hash is not None, f"expected block {number} in the store"
        head = self.head._replace(number=number, hash=block_hash)
        head = self._save(batch, head, {**self._nodes.unsaved, **nodes})
        final = min(self.final, number)
        batch[HEAD], batch[FINAL] = head.record(), number_key(final)
        self._store.write(batch)
        self._nodes.unsaved.clear()
        self.trie.commit()
        self._head, self.final = head, final
        self.rollbacks += 1

    def _require_state(self, number: int) -> None:
        if number > self.head.number or (block_hash := self.hash_at(number)) is None:
            raise UnknownBlock(number)
        if number < self.head.first_state:
            raise StateDiscarded(block_hash)

    def _undo_down_to(self, number: int) -> Diff:
        """Return the changes that lead from the head's state back to the one after block `number`."""
        values: dict[bytes, bytes | None] = {}
        for undone in range(self.head.number, number, -1):
            suffix = number_key(undone)
            for key in self._records.changed(suffix):
                record = self._store.get(stem(key) + suffix)
                assert record is not None, f"expected the value of {key.hex()} before block {undone}"
                values[key] = value_of_former(record)
        return Diff(values, {key: self.state.get(key) for key in values})

    def read_proof(self, block_hash: bytes, keys: Iterable[bytes]) -> list[bytes]:
        """Return the trie nodes that prove the values (or absence) of `keys` after a block; see `prove`.

        A past block's trie is staged by undoing the blocks after it, and then discarded.
        """
        past = self.state_at(block_hash)
        self.trie.update(self._undo_down_to(self.number_of(block_hash)))
        proof = prove(self.trie, past, keys)
        self.trie.discard()
        return proof

    def close(self) -> None:
        """Save the trie and close the store; closing twice is allowed."""
        if self._nodes.unsaved:
            batch: Batch = {}
            batch[HEAD] = self._save(batch, self.head, self._nodes.unsaved).record()
            self._store.write(batch, sync=True)
            self._nodes.unsaved.clear()
        self._store.close()


class PastState:
    """The state after one block (a `Backend`): the values that later blocks replaced, else those of the head."""

    def __init__(self, history: History, number: int, block_hash: bytes) -> None:
        self._history = history
        self._store = history._store
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
