"""Waiting transactions, by the tags that they provide and require: which are ready, and in what order.

A tag stands for a step (an account's n-th transaction). A transaction is ready if ready ones provide all the tags that
it requires; otherwise it is a future transaction. The cost of adding, removing and settling is that of the change.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from ...consensus.integers import U64_MAX
from ...runtime.frame.extrinsic import Extrinsic


@dataclass(slots=True, eq=False)
class Transaction:
    """A valid transaction. `requires` shrinks as blocks provide its tags.

    `valid_till` is the last block into which it may go, `number` its place in the order of arrival.
    """

    extrinsic: Extrinsic
    hash: bytes
    priority: int
    requires: set[bytes]
    provides: tuple[bytes, ...]
    valid_till: int
    number: int
    is_ready: bool = False

    @property
    def rank(self) -> tuple[int, int, int]:
        """Smaller goes first: higher priority, then less time left, then earlier arrival."""
        return (-self.priority, self.valid_till, self.number)

    def copy(self) -> Transaction:
        """Return an independent copy."""
        return replace(self, requires=set(self.requires))


class NotPlaced(ValueError):
    """A transaction cannot be placed among the ready ones."""


class Cycle(NotPlaced):
    """A transaction would replace one on which it depends."""


class TooLowPriority(NotPlaced):
    """Ready transactions provide the same tags, with together at least the same priority."""

    def __init__(self, old: int, new: int) -> None:
        super().__init__(f"Priority is too low: ({old} vs {new})")


@dataclass(slots=True)
class Arrival:
    """The effects of an added transaction on others."""

    ready: list[Transaction] = field(default_factory=list)
    usurped: list[Transaction] = field(default_factory=list)
    #: Future transactions that were removed when they became ready, because a better one provides their tags.
    outbid: list[Transaction] = field(default_factory=list)


class Shelf:
    """Either the ready or the future transactions, counted, and in order of arrival within each priority."""

    def __init__(self) -> None:
        self.count = 0
        self.bytes = 0
        self._by_priority: dict[int, dict[bytes, Transaction]] = {}

    def put(self, transaction: Transaction) -> None:
        self.count += 1
        self.bytes += len(transaction.extrinsic.raw)
        self._by_priority.setdefault(transaction.priority, {})[transaction.hash] = transaction

    def take(self, transaction: Transaction) -> None:
        self.count -= 1
        self.bytes -= len(transaction.extrinsic.raw)
        group = self._by_priority[transaction.priority]
        del group[transaction.hash]
        if not group:
            del self._by_priority[transaction.priority]

    def least(self) -> Transaction | None:
        """Return the latest one of the lowest priority, which is removed first if there is no room."""
        if not self._by_priority:
            return None
        group = self._by_priority[min(self._by_priority)]
        return group[next(reversed(group))]

    def __iter__(self) -> Iterator[Transaction]:
        for group in self._by_priority.values():
            yield from group.values()


class TransactionGraph:
    """All transactions of the pool, ready and future."""

    def __init__(self) -> None:
        self.all: dict[bytes, Transaction] = {}
        self.ready = Shelf()
        self.future = Shelf()
        self._provider: dict[bytes, Transaction] = {}
        self._wanted_by: dict[bytes, dict[bytes, Transaction]] = {}

    def copy(self) -> TransactionGraph:
        """Return an independent copy."""
        copied = TransactionGraph()
        for transaction in self.all.values():
            copied._shelve(transaction.copy())
        return copied

    def provides(self, tag: bytes) -> bool:
        """Return whether a ready transaction provides this tag."""
        return tag in self._provider

    def next_free(self, used: int, tag_of: Callable[[int], bytes]) -> int:
        """Return the first number from `used` on whose tag no ready transaction provides; they leave no gap."""
        free, step = used, 1
        while self.provides(tag_of(free)):
            used, free, step = free + 1, free + step, step * 2
        while used < free:
            middle = (used + free) // 2
            if self.provides(tag_of(middle)):
                used = middle + 1
            else:
                free = middle
        return used

    def in_order(self) -> Iterator[Transaction]:
        """Yield the ready transactions in the order for a block: best first, each after those that it requires.

        Transactions may be removed meanwhile; those, and what depends on them, are skipped.
        """
        heap = [(*transaction.rank, transaction) for transaction in self.ready if not transaction.requires]
        heapq.heapify(heap)
        unmet: dict[bytes, int] = {}
        while heap:
            transaction = heapq.heappop(heap)[-1]
            if transaction.hash not in self.all:
                continue
            yield transaction
            if transaction.hash not in self.all:
                continue
            for child in self._children(transaction) if self._wanted_by else ():
                unmet[child.hash] = left = unmet.get(child.hash, len(child.requires)) - 1
                if left == 0 and child.is_ready:
                    heapq.heappush(heap, (*child.rank, child))

    def add(self, transaction: Transaction) -> Arrival:
        """Add a transaction; raises NotPlaced, changing nothing, if it cannot be placed."""
        arrival = Arrival()
        if self._lacks_nothing(transaction):
            self._make_ready(transaction, arrival)
            self._promote(transaction, arrival)
        else:
            self._shelve(transaction)
        return arrival

    def remove(self, transaction: Transaction) -> list[Transaction]:
        """Remove a transaction and every ready one that depends on it; return all of them, parents first."""
        removed, stack = [], [transaction]
        while stack:
            gone = stack.pop()
            if gone.hash in self.all:
                stack += [child for child in self._children(gone) if child.is_ready]
                self._unshelve(gone)
                removed.append(gone)
        return removed

    def settle(self, transaction: Transaction) -> Arrival:
        """Remove a transaction that is included in a block: the state now provides its tags."""
        children = list(self._children(transaction)) if self._wanted_by else ()
        self._unshelve(transaction)
        arrival = Arrival()
        for child in children:
            self.release(child, transaction.provides, arrival)
        return arrival

    def release(self, transaction: Transaction, tags: Iterable[bytes], arrival: Arrival) -> None:
        """Remove `tags` from the requirements of a transaction, because the state provides them."""
        for tag in transaction.requires.intersection(tags):
            transaction.requires.discard(tag)
            self._unwant(tag, transaction)
        if self._becomes_ready(transaction, arrival):
            self._promote(transaction, arrival)

    # --- inside --------------------------------------------------------------------------------------------

    def _make_ready(self, transaction: Transaction, arrival: Arrival) -> None:
        """Place a transaction among the ready ones, replacing those that provide the same tags with less priority."""
        if not self._provider.keys().isdisjoint(transaction.provides):
            self._usurp(transaction, arrival)
        transaction.is_ready = True
        self._shelve(transaction)
        arrival.ready.append(transaction)

    def _usurp(self, transaction: Transaction, arrival: Arrival) -> None:
        """Remove those that provide the same tags with less priority, and those that depend on them."""
        taken = {old.hash: old for tag in transaction.provides if (old := self._provider.get(tag))}
        old_priority = min(sum(old.priority for old in taken.values()), U64_MAX)
        if old_priority >= transaction.priority:
            raise TooLowPriority(old_priority, transaction.priority)
        if any(ancestor.hash in taken for ancestor in self._ancestors(transaction)):
            raise Cycle("the transaction depends on one that it would replace")
        kept = set(transaction.provides)
        for old in taken.values():
            lost = set(old.provides) - kept
            orphans = [child for child in self._children(old) if child.is_ready and child.requires & lost]
            self._unshelve(old)
            arrival.usurped.append(old)
            for orphan in orphans:
                arrival.usurped += self.remove(orphan)

    def _promote(self, transaction: Transaction, arrival: Arrival) -> None:
        """Make the transactions ready that waited for one that became ready, and those that waited for them."""
        if not self._wanted_by:
            return
        stack = [transaction]
        while stack:
            stack += [child for child in list(self._children(stack.pop())) if self._becomes_ready(child, arrival)]

    def _becomes_ready(self, transaction: Transaction, arrival: Arrival) -> bool:
        """Make a future transaction ready if all its requirements are provided; return whether it became ready."""
        if transaction.is_ready or transaction.hash not in self.all or not self._lacks_nothing(transaction):
            return False
        self._unshelve(transaction)
        try:
            self._make_ready(transaction, arrival)
        except NotPlaced:
            arrival.outbid.append(transaction)
            return False
        return True

    def _lacks_nothing(self, transaction: Transaction) -> bool:
        return not transaction.requires or self._provider.keys() >= transaction.requires

    def _children(self, transaction: Transaction) -> Iterator[Transaction]:
        for tag in transaction.provides:
            yield from self._wanted_by.get(tag, {}).values()

    def _ancestors(self, transaction: Transaction) -> Iterator[Transaction]:
        """Return what a transaction that could be ready depends on, itself included."""
        seen, stack = {transaction.hash}, [transaction]
        while stack:
            child = stack.pop()
            yield child
            parents = {parent.hash: parent for tag in child.requires if (parent := self._provider.get(tag))}
            stack += [parent for key, parent in parents.items() if key not in seen]
            seen.update(parents)

    def _shelve(self, transaction: Transaction) -> None:
        self.all[transaction.hash] = transaction
        for tag in transaction.requires:
            self._wanted_by.setdefault(tag, {})[transaction.hash] = transaction
        if transaction.is_ready:
            self.ready.put(transaction)
            for tag in transaction.provides:
                self._provider[tag] = transaction
        else:
            self.future.put(transaction)

    def _unshelve(self, transaction: Transaction) -> None:
        del self.all[transaction.hash]
        for tag in transaction.requires:
            self._unwant(tag, transaction)
        if not transaction.is_ready:
            self.future.take(transaction)
            return
        self.ready.take(transaction)
        for tag in transaction.provides:
            del self._provider[tag]

    def _unwant(self, tag: bytes, transaction: Transaction) -> None:
        wanting = self._wanted_by[tag]
        del wanting[transaction.hash]
        if not wanting:
            del self._wanted_by[tag]
