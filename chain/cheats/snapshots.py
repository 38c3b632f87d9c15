"""Points to which a chain can be taken back, however long it goes on meanwhile.

A `Mark` pins its block, so that the history discards nothing from then on. Going back costs what was changed since, not
what exists. Blocks are stored as always: a process that is killed leaves them in a chain on disk.
"""

from __future__ import annotations

from typing import NamedTuple

from ...runtime.edits.height import is_of_the_head
from ...runtime.scale.codec import shown
from ..arguments import SHOWN
from ..blocks import Head
from ..chain import Blockchain
from ..errors import ChainError
from ..history.blocks import Pin
from .editing import editing
from .waiving import Waivers


class Mark:
    """The head of a chain, its last final block, and its edits, clock and pool, as they were when it was made."""

    def __init__(self, chain: Blockchain, firm: bool) -> None:
        """`firm` refuses to remove the block before `release`; otherwise removing it ends the mark."""
        chain.building.complete()
        self.head = chain.head
        self._chain, self._final, self.edits = chain, chain.finalized.number, chain.state.changes()
        self._clock, self._restore_clock = chain.clock, chain.clock.snapshot()
        self._restore_pool, self._restore_waivers = chain.pool.snapshot(), Waivers.of(chain).snapshot()
        self.pin = Pin(chain.head.number, self._final, firm)
        chain.history.pins.append(self.pin)

    @property
    def holds(self) -> bool:
        """Whether the chain can be taken back to it."""
        return self.pin in self._chain.history.pins

    def restore(self) -> None:
        """Take the chain back, and end all later marks. The mark can be restored again."""
        chain, pins = self._chain, self._chain.history.pins
        chain.building.complete()
        del pins[pins.index(self.pin) + 1 :]
        if chain.head != self.head or chain.finalized.number != self._final:
            chain._roll_back(self.head.number, self._final)
        if chain.state.changes() != self.edits:
            chain.state.retreat({})
            for key, value in self.edits.items():
                chain.state.put(key, value)
        chain.clock = self._clock
        self._restore_clock()
        self._restore_pool()
        self._restore_waivers()

    def end(self) -> None:
        """Take the chain back, if it is open and no earlier mark was restored meanwhile, and release the mark."""
        if self.holds and self._chain.is_open:
            self.restore()
        self.release()

    def release(self) -> None:
        """End the mark: its block is kept as long as the retention says."""
        if self.holds:
            self._chain.history.pins.remove(self.pin)


class Snapshot(NamedTuple):
    """A snapshot as it is listed: its id, the label that it was given, and its block."""

    id: int
    label: str
    head: Head


class Snapshots:
    """The snapshots of one chain, by ids that grow and are not used again."""

    def __init__(self, chain: Blockchain) -> None:
        self._chain = chain
        self._marks: dict[int, tuple[str, Mark]] = {}
        self._last = 0

    @classmethod
    def of(cls, chain: Blockchain) -> Snapshots:
        """Return the snapshots of a chain."""
        return chain.attached(cls)

    def list(self) -> list[Snapshot]:
        """Return the snapshots to which the chain can go back, in their order."""
        self._chain.require_open()
        self._marks = {number: (label, mark) for number, (label, mark) in self._marks.items() if mark.holds}
        return [Snapshot(number, label, mark.head) for number, (label, mark) in self._marks.items()]

    def take(self, label: str = "") -> int:
        """Take a snapshot and return its id. The history discards nothing from its block on until it is dropped."""
        self._chain.require_open()
        self._last += 1
        self._marks[self._last] = label, Mark(self._chain, firm=False)
        return self._last

    def revert(self, number: int, keep: bool = False) -> Head:
        """Go back to a snapshot and return the head. All later snapshots end; without `keep` this one, too.

        ChainError for an id that has ended or never was, and for a snapshot from before an open anchor.
        """
        mark = self._mark(number)
        pins = self._chain.history.pins
        if any(pin.firm for pin in pins[pins.index(mark.pin) :]):
            raise ChainError(f"snapshot {number} was taken before an anchor that is still open: leave the anchor first")
        mark.restore()
        if not keep:
            mark.release()
        return self._chain.head

    def revert_state(self, number: int) -> None:
        """Let the state be that of a snapshot, as an edit: blocks, clock and pool go on from the present head.

        What counts blocks and time stays (the pallets System, Timestamp but not the accounts). Snapshots stay, too.
        """
        mark = self._mark(number)
        history = self._chain.history
        wanted = history.state_at(mark.head.hash)
        blocks = range(mark.head.number + 1, history.head.number + 1)
        keys = {key for block in blocks for key in history.records.changed(block)} | self._chain.state.changes().keys()
        with editing(self._chain) as ctx:
            for key in sorted(keys | mark.edits.keys()):
                if not is_of_the_head(key):
                    ctx.state.put(key, mark.edits[key] if key in mark.edits else wanted.get(key))

    def drop(self, number: int) -> None:
        """End a snapshot without going back to it; ChainError for an id that has ended or never was."""
        self._mark(number).release()

    def _mark(self, number: int) -> Mark:
        self._chain.require_open()
        known = {each.id for each in self.list()}
        if number not in known:
            listed = f"there are {', '.join(map(str, sorted(known)))}" if known else "there is none"
            raise ChainError(
                f"expected the id of a snapshot, got {shown(number, SHOWN)}: {listed}; going back to a snapshot ends "
                "it, unless it is kept, and all later ones"
            )
        return self._marks[number][1]
