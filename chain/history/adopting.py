"""Storing blocks and a state that come from an export, without executing them: verified by their hashes alone."""

from __future__ import annotations

from collections.abc import Sequence

from ...runtime.frame.header import Header
from ...runtime.scale import ScaleError
from ...runtime.state.build import ordered_root
from ...runtime.state.overlay import Diff
from ...runtime.state.trie import Trie
from ..errors import ChainError
from .blocks import StoredBlock
from .commits import Commits
from .layout import BLOCK, NODE, NUMBER, STATE, Batch, Column, HeadRecord, Nodes, number_key, pack
from .stores import Store


class Adoption:
    """Fills an empty store with block 0, a run of linked blocks, and the state after the last one."""

    def __init__(self, store: Store, state_version: int) -> None:
        self._store = store
        self._trie = Trie(Nodes(store), Column(store, STATE), state_version)
        self._root = b""
        self._first: Header | None = None
        self._begin = 0
        self._last: Header | None = None

    def block(self, block: StoredBlock) -> None:
        """Store a block; raises ChainError unless its parts fit together, and to the block before it."""
        header = checked_header(block)
        if self._first is None:
            self._first, self._begin = header, header.number
        elif self._last is self._first and header.number > self._first.number + 1:
            self._begin = header.number
        elif self._last is not None and header.parent_hash != self._last.hash:
            raise ChainError(f"block {header.number} does not follow block {self._last.number}")
        self._last = header
        number = number_key(block.number)
        record = block.hash + pack([block.header, *block.body])
        self._store.write({BLOCK + number: record, NUMBER + block.hash: number})

    def state(self, pairs: Sequence[tuple[bytes, bytes]]) -> None:
        """Store a part of the state."""
        values: dict[bytes, bytes | None] = dict(pairs)
        self._root, nodes = self._trie.update(Diff(values, dict.fromkeys(values)))
        batch: Batch = {STATE + key: value for key, value in values.items()}
        batch.update({NODE + path: record for path, record in nodes.items()})
        self._store.write(batch)
        self._trie.commit()

    def finish(self) -> int:
        """Make the last block the head and return its number; raises ChainError unless the state is its state."""
        first, last = self._first, self._last
        if first is None or last is None:
            raise ChainError("expected at least one block in the export")
        if self._root != last.state_root:
            raise ChainError(f"the state in the export is not the one of block {last.number}")
        head = HeadRecord(last.number, last.hash, first.number, last.number, self._begin, last.number)
        commits = Commits(self._store, None)
        try:
            commits.append({}, head, sync=True)
        finally:
            commits.close()
        return last.number


def checked_header(block: StoredBlock) -> Header:
    """Return the header of a block; raises ChainError unless hash, number and body are those of the header."""
    try:
        header = Header.decode(block.header)
    except ScaleError as error:
        raise ChainError(f"the header of block {block.number} cannot be decoded: {error}") from error
    if header.hash != block.hash or header.number != block.number:
        raise ChainError(f"block {block.number} does not have its hash 0x{block.hash.hex()}")
    if ordered_root(block.body) != header.extrinsics_root:
        raise ChainError(f"the body of block {block.number} is not the one of its header")
    return header
