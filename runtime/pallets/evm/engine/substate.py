"""`Substate`: what a transaction keeps track of outside of storage, undone together with its frames."""

from __future__ import annotations

from typing import NamedTuple

from ...ethereum.block import Log

Slot = tuple[bytes, int]


class Mark(NamedTuple):
    """A position in a substate, to go back to."""

    log: int
    logs: int
    refund: int


class Substate:
    """The addresses and slots that were accessed, so that they cost less (EIP-2929); created and deleted contracts;
    logs; and the gas to refund.

    Additions are noted in a log of their own, so that undoing a frame costs what it added.
    """

    __slots__ = ("_log", "addresses", "created", "deleted", "logs", "refund", "slots")

    def __init__(self) -> None:
        self.addresses: set[bytes] = set()
        self.slots: set[Slot] = set()
        self.created: set[bytes] = set()
        self.deleted: set[bytes] = set()
        self.logs: list[Log] = []
        self.refund = 0
        self._log: list[tuple[set[bytes], bytes] | tuple[set[Slot], Slot]] = []

    def access(self, address: bytes) -> None:
        """Note that an address was accessed."""
        self._add(self.addresses, address)

    def access_slot(self, slot: Slot) -> None:
        """Note that a slot was accessed."""
        if slot not in self.slots:
            self.slots.add(slot)
            self._log.append((self.slots, slot))

    def create(self, address: bytes) -> None:
        """Note that a contract is created in this transaction."""
        self._add(self.created, address)

    def delete(self, address: bytes) -> None:
        """Note that a contract destroyed itself, and is removed at the end of the transaction."""
        self._add(self.deleted, address)

    def _add(self, to: set[bytes], address: bytes) -> None:
        if address not in to:
            to.add(address)
            self._log.append((to, address))

    def mark(self) -> Mark:
        """Return the current position."""
        return Mark(len(self._log), len(self.logs), self.refund)

    def rewind(self, mark: Mark) -> None:
        """Undo what came after a position."""
        for group, item in reversed(self._log[mark.log :]):
            group.discard(item)
        del self._log[mark.log :], self.logs[mark.logs :]
        self.refund = mark.refund
