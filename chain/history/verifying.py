"""The verification of a whole store: blocks, state and past states, each against the hashes of the blocks."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from ...runtime.frame.header import Header
from ...runtime.state.build import ordered_root
from ...runtime.state.overlay import Backend, Diff
from ...runtime.state.trie import Trie
from ..errors import StoreDamaged, StoreError
from .history import History
from .layout import UNDO, Nodes
from .past import PastState
from .proving import proved_header
from .records import Records
from .stores import Store
from .whole_state import StateWalk

#: Reports the progress: of what, how much is done, and of how much in all (0: unknown).
Tick = Callable[[str, int, int], object]
#: What reading and decoding damaged bytes raises.
UNREADABLE = (StoreError, LookupError, ValueError, AssertionError, struct.error)


@dataclass(frozen=True, slots=True)
class Verified:
    """What a verification found: blocks `first` to `whole_until`, and `whole_from` to `head`, are whole and linked."""

    first: int
    head: int
    whole_until: int
    whole_from: int
    state_whole: bool
    problems: tuple[str, ...]


class Verification:
    """Walks a store and its history without writing to them; their health should not be strict."""

    def __init__(self, store: Store, history: History, tick: Tick) -> None:
        self._store = store
        self._history = history
        self._records = Records(store)
        self._tick = tick

    def run(self, past: bool = True) -> Verified:
        """Verify blocks and state and, with `past`, the states of past blocks."""
        head = self._history.head
        problems, until, begin = self._blocks()
        of_state = tuple(guarded("the state", self._state()))
        of_past = tuple(guarded("the past states", self._past_states())) if past and not of_state else ()
        return Verified(head.first, head.number, until, begin, not of_state, (*problems, *of_state, *of_past))

    # --- blocks --------------------------------------------------------------------------------------------

    def _blocks(self) -> tuple[list[str], int, int]:
        """Return the problems of all blocks, the end of the run from the first one, the begin of that to the head."""
        numbers, problems = self._kept(), list[str]()
        until, begin, parent = numbers[0] - 1, numbers[0], None
        for done, number in enumerate(numbers):
            if done % 100 == 0:
                self._tick("blocks", done, len(numbers))
            header, found = self._block(number)
            if parent is None or parent.number != number - 1:
                begin = number
            elif header is not None and header.parent_hash != parent.hash:
                found.append(f"block {number} does not follow block {number - 1}")
            problems += found
            parent = None if found else header
            if not found and until == number - 1:
                until = number
        self._tick("blocks", len(numbers), len(numbers))
        return problems, until, begin if parent is not None else numbers[-1] + 1

    def _kept(self) -> list[int]:
        head = self._history.head
        kept = range(head.first_block, head.number + 1)
        return [*kept] if head.first_block == head.first else [head.first, *kept]

    def _block(self, number: int) -> tuple[Header | None, list[str]]:
        """Return the header of a block, if it can be read, and the problems of the block."""
        history = self._history
        try:
            block = history.block_by_number(number)
            expected = history.head.hash if number == history.head.number else block.hash
            header = proved_header(history, block, expected)
            if history.number_of(block.hash) != number:
                return header, [f"block {number}: another block has its hash"]
        except UNREADABLE as error:
            return None, [f"block {number}: {explain(error)}"]
        if ordered_root(block.body) != header.extrinsics_root:
            return header, [f"block {number}: its body is not the one of its header"]
        return header, []

    # --- states --------------------------------------------------------------------------------------------

    def _state(self) -> Iterator[str]:
        history, done = self._history, 0

        def tick(values: int) -> None:
            nonlocal done
            done += values
            self._tick("values of the state", done, 0)

        root = Header.decode(history.block_by_number(history.head.number).header).state_root
        yield from StateWalk(history.trie, history.state, tick).problems(root)

    def _past_states(self) -> Iterator[str]:
        """Go back block by block, and compare the root of each past state with that of its header."""
        history, head, records = self._history, self._history.head, 0
        state = Rewound(history.state)
        nodes = Staged(history.nodes)
        trie = Trie(nodes, state, history.trie.version)
        for number in range(head.number, head.first_state, -1):
            self._tick("past states", head.number - number, head.number - head.first_state)
            header = Header.decode(history.block_by_number(number - 1).header)
            earlier = PastState(history, self._store, number - 1, header.hash)
            keys = self._records.changed(number)
            before = {key: state.get(key) for key in keys}
            root, changed = trie.update(Diff({key: earlier.get(key) for key in keys}, before))
            if root != header.state_root:
                yield f"the state after block {number - 1} is not the one of its header"
                return
            nodes.records.update(changed)
            trie.commit()
            state.now = earlier
            records += len(keys)
        if records != sum(1 for _ in self._store.items(UNDO)):
            yield "there are values of past states that belong to no block"


class Rewound:
    """A state that is replaced by earlier ones (a `Backend`)."""

    def __init__(self, now: Backend) -> None:
        self.now = now

    def get(self, key: bytes) -> bytes | None:
        """Return the present value under `key`, or None."""
        return self.now.get(key)

    def items(self, prefix: bytes, after: bytes | None = None) -> Iterator[tuple[bytes, bytes]]:
        """Return the present pairs; see `Backend.items`."""
        return self.now.items(prefix, after)


class Staged:
    """Records of branches above those of a history."""

    def __init__(self, below: Nodes) -> None:
        self._below = below
        self.records: dict[bytes, bytes | None] = {}

    def get(self, path: bytes) -> bytes | None:
        """Return the record of the branch at `path`, or None."""
        return self.records[path] if path in self.records else self._below.get(path)


def guarded(what: str, problems: Iterable[str]) -> Iterator[str]:
    """Yield problems; what cannot be read or decoded is the last one."""
    try:
        yield from problems
    except UNREADABLE as error:
        yield f"{what}: {explain(error)}"


def explain(error: Exception) -> str:
    """Return an error as part of a problem, without advice."""
    return error.what if isinstance(error, StoreDamaged) else str(error) or type(error).__name__
