"""One client's subscription to the head of the chain: its pinned blocks and its operations."""

from __future__ import annotations

from typing import NamedTuple

from ...subscriptions import Subscription

#: Operations of one subscription at a time (the genuine node's limit; the specification asks for at least 16).
MAX_OPERATIONS = 16

STOP = b'{"event":"stop"}'


class Pin(NamedTuple):
    """A pinned block: its number, and the time at which it was announced in seconds."""

    number: int
    since: float


class Operation:
    """A question whose answer arrives as notifications."""

    __slots__ = ("id", "items", "stopped")

    def __init__(self, operation_id: str, items: int) -> None:
        self.id = operation_id
        #: How many of the subscription's operations it counts for.
        self.items = items
        #: Whether the client no longer wants the answer.
        self.stopped = False


class Follow:
    """A subscription to the head of the chain."""

    __slots__ = ("_free", "_next_id", "operations", "pinned", "subscription", "with_runtime")

    def __init__(self, subscription: Subscription, with_runtime: bool) -> None:
        self.subscription = subscription
        #: Whether it hears of runtimes, and may call runtime APIs.
        self.with_runtime = with_runtime
        #: Hash -> block, in the order of announcement.
        self.pinned: dict[bytes, Pin] = {}
        #: The operations that have not ended.
        self.operations: dict[str, Operation] = {}
        self._free, self._next_id = MAX_OPERATIONS, 0

    @property
    def oldest(self) -> Pin | None:
        """The pinned block that was announced first."""
        return next(iter(self.pinned.values()), None)

    @property
    def has_room(self) -> bool:
        """Whether another operation may begin."""
        return self._free > 0

    def begin(self, items: int = 1) -> Operation | None:
        """Begin an operation about this number of items; None if there are too many operations, or no items.

        The last operation that has room may have any number of items, as on the genuine node.
        """
        reserved = min(self._free, items)
        if reserved == 0:
            return None
        self._free -= reserved
        operation = Operation(str(self._next_id), reserved)
        self._next_id += 1
        self.operations[operation.id] = operation
        return operation

    def end(self, operation: Operation) -> None:
        """End an operation."""
        if self.operations.pop(operation.id, None) is not None:
            self._free += operation.items

    def stop(self) -> None:
        """Tell the client that it has to subscribe again, and close."""
        self.subscription.send_json(STOP)
        self.subscription.close()
