"""Proofs that take long, in steps: blocks may be appended between two steps.

The trie of a past block is staged on a view of the head's trie, by undoing the blocks in between. The view keeps the
records of branches that a new block replaces; the values are those of a past state, which stays the same as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from ...runtime.state.overlay import Backend, Diff
from ...runtime.state.proof import prove
from ...runtime.state.trie import Trie
from .blocks import StateDiscarded
from .layout import Nodes, number_key, stem, value_of_former

if TYPE_CHECKING:
    from .history import History

#: Reads in one step.
READS = 16


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
    meanwhile, ProofTooLarge above `limit` bytes.
    """
    past, number, head = history.state_at(block_hash), history.number_of(block_hash), history.head

    def step() -> None:
        pause()
        if history.head.first_state > number:
            raise StateDiscarded(block_hash)

    view = NodesView(history._nodes, step)
    history.proofs.append(view)
    try:
        start = history.state_at(head.hash)
        trie = Trie(view, start, history.trie.version)
        trie.update(_changes_back(history, head.number, number, start, step))
        return prove(trie, past, _stepwise(keys, step), limit)
    finally:
        history.proofs.remove(view)


def _stepwise(keys: Iterable[bytes], step: Callable[[], object]) -> Iterable[bytes]:
    for at, key in enumerate(dict.fromkeys(keys)):
        if at % READS == 0:
            step()
        yield key


def _changes_back(history: History, top: int, number: int, start: Backend, step: Callable[[], object]) -> Diff:
    """Return the changes that lead from `start`, the state after block `top`, back to that after block `number`."""
    former: dict[bytes, bytes | None] = {}
    for undone in range(top, number, -1):
        step()
        suffix = number_key(undone)
        for at, key in enumerate(history._records.changed(suffix)):
            if at % READS == READS - 1:
                step()
            record = history._store.get(stem(key) + suffix)
            assert record is not None, f"expected the value of {key.hex()} before block {undone}"
            former[key] = value_of_former(record)
    present: dict[bytes, bytes | None] = {}
    for at, key in enumerate(former):
        if at % READS == 0:
            step()
        present[key] = start.get(key)
    return Diff(former, present)
