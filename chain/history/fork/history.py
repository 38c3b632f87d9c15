"""The history of a fork: its own blocks as always, older ones and their hashes from the other chain."""

from __future__ import annotations

from ....runtime.frame.header import Header
from ....runtime.state.overlay import Diff, MemoryBackend
from ....runtime.state.trie import Trie
from ...errors import ChainError
from ..blocks import NotProvable, Retention, StoredBlock, UnknownBlock
from ..history import History
from ..layout import BLOCK, FINAL, FORK_ROOT, NODE, NUMBER, STATE, Batch, HeadRecord, number_key, pack
from ..past import Past
from .point import ForkPoint
from .roots import ChainedRoots, root_after
from .store import ForkColumn, ForkStore

#: What stands in place of a root in a fork that has a trie.
UNEDITED, EDITED = b"", b"edited"


class ForkHistory(History):
    """The blocks of a fork. The first block that it stores is that of the other chain from which it begins."""

    is_fork = True

    def __init__(self, store: ForkStore, retention: Retention | None, state_version: int) -> None:
        self._fork = store
        stored = store.own.get(FORK_ROOT)
        self._whole = store.whole if stored is None else stored in (UNEDITED, EDITED)
        super().__init__(store, retention, state_version)
        self.state = ForkColumn(store)

    @property
    def origin(self) -> ForkPoint:
        """The block of the other chain from which the fork begins."""
        return self._fork.origin

    def begin(self) -> None:
        """Store the block from which the fork begins, and the edits of its state, which no block shows."""
        point, edits = self._fork.point, self._fork.edits
        number = number_key(point.number)
        batch: Batch = {STATE + key: value for key, value in edits.after.items()}
        batch[BLOCK + number] = point.hash + pack([point.header, *point.body])
        batch[NUMBER + point.hash] = number
        batch[FINAL] = number
        if self._whole:
            batch[FORK_ROOT] = EDITED if edits.after else UNEDITED
            batch.update({NODE + path: record for path, record in self._whole_trie().items()})
        else:
            batch[FORK_ROOT] = root_after(self._fork.header.state_root, edits)
        head = HeadRecord(point.number, point.hash, *[point.number] * 4)
        self._commits.append(batch, head, sync=True)
        self._head, self.final = head, point.number

    def _whole_trie(self) -> dict[bytes, bytes | None]:
        """Return the branches of the edited state's trie; raises ChainError unless the block has the state's root."""
        values = dict(self._fork.state.items(b""))
        trie = Trie(self.nodes, MemoryBackend(), self.trie.version)
        root, nodes = trie.update(Diff(dict(values), dict.fromkeys(values)))
        if root != self._fork.header.state_root:
            raise ChainError(
                f"the {len(values)} values of the state at {self._fork.origin.url} have the root 0x{root.hex()}, "
                f"expected that of the block, 0x{self._fork.header.state_root.hex()}: that chain is itself a fork, or "
                "the node does not tell the truth; a fork whose state is read lazily needs no root"
            )
        if edits := self._fork.edits.after:
            edited = {key: value for key, value in {**values, **edits}.items() if value is not None}
            _, nodes = trie.update(Diff(dict(edited), dict.fromkeys(edited)))
        return nodes

    def check_point(self) -> None:
        """Raise ChainError unless the store holds a fork of this block."""
        point, first = self._fork.point, self.head.first
        if self._store.get(FORK_ROOT) is None:
            raise ChainError("the store holds a chain that is no fork: use another directory")
        if (first, super().hash_at(first)) != (point.number, point.hash):
            raise ChainError(
                f"the store holds a fork of block {first}, expected one of block {point.number} with hash "
                f"0x{point.hash.hex()}: name that block, or use another directory"
            )

    def _make_trie(self, state_version: int) -> Trie:
        if self._whole:
            return super()._make_trie(state_version)
        return ChainedRoots(self.nodes, self.state, state_version, self._head_root)

    def _head_root(self) -> bytes:
        head = self.head
        if head.number == self._fork.point.number:
            base = self._store.get(FORK_ROOT)
            if base is None:
                raise self.damaged("the root of its first block is missing")
            return base
        return Header.decode(self.block_by_number(head.number).header).state_root

    def require_trie(self, block_hash: bytes) -> None:
        """Raise NotProvable; a fork with a trie can prove its own blocks, and its first one if that is not edited."""
        number, first = self.number_of(block_hash), self._fork.point.number
        edited = self._store.get(FORK_ROOT) == EDITED
        if not self._whole or number < first or (number == first and edited):
            raise NotProvable(block_hash)

    def _catch_up(self, saved: int) -> None:
        """Bring the trie to the head, if there is one; otherwise a root follows from the block before."""
        if self._whole:
            super()._catch_up(saved)

    def state_at(self, block_hash: bytes) -> Past:
        """Return the state after a block, also an older one of the other chain, if that node has it."""
        if self.number_of(block_hash) < self._fork.point.number:
            return self._fork.origin.older_state(block_hash)
        return super().state_at(block_hash)

    def _require_state(self, number: int) -> None:
        """Raise also for a block before the fork's first one, to which a fork cannot be rolled back."""
        first = self._fork.point.number
        if number < first:
            raise ChainError(f"expected a block from the fork's first, {first}, on, got block {number}")
        super()._require_state(number)

    def hash_at(self, number: int) -> bytes | None:
        """Return the hash of a block; that of an older one is asked of the other chain."""
        if not 0 <= number < self._fork.point.number:
            return super().hash_at(number)
        return self._fork.older.hash_at(number)

    def number_of(self, block_hash: bytes) -> int:
        """Return the number of a block, also of an older one on the other chain; raises `UnknownBlock`."""
        try:
            return super().number_of(block_hash)
        except UnknownBlock:
            number = self._fork.older.number_of(block_hash)
            if number is None:
                raise
            return number

    def block_by_number(self, number: int) -> StoredBlock:
        """Return a block, also an older one of the other chain; raises `UnknownBlock`."""
        if not 0 <= number < self._fork.point.number:
            return super().block_by_number(number)
        block = self._fork.older.block(number)
        if block is None:
            raise UnknownBlock(number)
        return block
