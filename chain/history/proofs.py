"""Proofs that take long, in steps: blocks may be appended between two steps.

The trie of a past block is staged on a view of the head's trie, by undoing the blocks in between. The view keeps the
records of branches that a new block replaces; the values are those of a past state, which stays the same as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from ...runtime.state.overlay import Diff, State
from ...runtime.state.proof import prove
from ...runtime.state.trie import Trie
from .blocks import StateDiscarded
from .layout import Nodes

if TYPE_CHECKING:
    from .history import History

#: Reads in one step, and keys of the trie that change in one step.
READS, CHANGED_AT_ONCE = 16, 256


class NodesView:
    """The records of the trie's branches at one head (a `NodeSource`), which stay the same while the chain grows."""

    def __init__(self, nodes: Nodes, step: Callable[[], object]) -> None:
        self._nodes, self._step = nodes, step
        self._reads = 0
        self._replaced: dict[bytes, bytes | None] = {}

    def keep(self, changed: Iterable[bytes]) -> None:
        """Keep the records at these paths, which are about to change."""
        for path in changed:
            if path not in self._replaced:
                self._replaced[path] = self._nodes.get(path)

    def change(self, records: Mapping[bytes, bytes | None]) -> None:
        """Replace records in this view alone; None removes one."""
        self._replaced.update(records)

    def get(self, path: bytes) -> bytes | None:
        """Return the record of the branch at `path`, or None."""
        self._reads += 1
        if self._reads % READS == 0:
            self._step()
        return self._replaced[path] if path in self._replaced else self._nodes.get(path)


def read_proof(
    history: History, block_hash: bytes, keys: Iterable[bytes], pause: Callable[[], object], limit: int
) -> list[bytes]:
    """Return the trie nodes that prove the values (or absence) of `keys` after a block; see `prove`.

    `pause` is called between the steps. Raises UnknownBlock, and StateDiscarded also if the state is discarded
    meanwhile, NotProvable on a fork, ProofTooLarge above `limit` bytes.
    """
    past, number, head = history.state_at(block_hash), history.number_of(block_hash), history.head
    history.require_trie(block_hash)

    def step() -> None:
        pause()
        if history.head.first_state > number:
            raise StateDiscarded(block_hash)

    past.step = step
    view = NodesView(history.nodes, step)
    history.proofs.append(view)
    try:
        start = State(history.state_at(head.hash))
        trie = Trie(view, start, history.trie.version)
        _undo(trie, view, start, _former_values(history, head.number, number, step), step)
        return prove(trie, past, _stepwise(keys, step), limit)
    finally:
        history.proofs.remove(view)


def _stepwise(keys: Iterable[bytes], step: Callable[[], object]) -> Iterable[bytes]:
    for at, key in enumerate(dict.fromkeys(keys)):
        if at % READS == 0:
            step()
        yield key


def _former_values(history: History, top: int, number: int, step: Callable[[], object]) -> dict[bytes, bytes | None]:
    """Return the values after block `number` of all keys that the blocks from there to `top` changed."""
    former: dict[bytes, bytes | None] = {}
    for later in range(number + 1, top + 1):
        step()
        for at, key in enumerate(history.records.changed(later)):
            if at % READS == READS - 1:
                step()
            # The first later block that changed a key replaced the value that is wanted.
            if key not in former:
                former[key] = history.records.former_value(key, later)
    return former


def _undo(
    trie: Trie, view: NodesView, state: State, former: dict[bytes, bytes | None], step: Callable[[], object]
) -> None:
    """Change a trie of one's own and its state to former values, a part of the keys at a time."""
    keys = sorted(former)
    for at in range(0, len(keys), CHANGED_AT_ONCE):
        part = {key: former[key] for key in keys[at : at + CHANGED_AT_ONCE]}
        _, nodes = trie.update(Diff(part, {key: state.get(key) for key in part}))
        view.change(nodes)
        trie.commit()
        for key, value in part.items():
            state.put(key, value)
        step()
