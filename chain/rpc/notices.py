"""What a block tells subscribers: its header, and the values that it changed.

A notice is encoded once, however many subscriptions it is for: each notification adds the subscription's id. A client
keeps the notice until its notifications are written.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import ItemsView, Iterable, Iterator, Mapping
from typing import Protocol

import orjson

from ...runtime.frame.header import Header
from ..blocks import ImportedBlock
from .shapes import header_json, to_hex

#: What a subscription is interested in: of storage the keys and their positions, None for all keys; others have their
#: own kinds.
Interest = object
#: Bytes of memory per byte of a change: the value, its hexadecimal digits, and those in the list of all changes.
TIMES = 5
#: Bytes of memory per change beside those.
EACH = 300


class Follower(Protocol):
    """A subscription, for a notice."""

    open: bool

    def notification(self, result: bytes) -> bytes:
        """Return the notification of a result that is encoded as JSON."""


#: Subscriptions of a client, with what they are interested in and the number of the last notice before them.
Followers = ItemsView[Follower, tuple[Interest, int]]


class Notice(ABC):
    """A notice. `size` is the memory that it takes, in bytes; `number` counts those of its kind from 1."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.number = 0
        #: Connections in which it waits.
        self.holders = 0

    @abstractmethod
    def result(self, interest: Interest) -> bytes | None:
        """Return the result of a notification as JSON; None if there is nothing of interest."""

    def notifications(self, followers: Followers) -> Iterator[bytes]:
        """Make the notifications, one at a time, for the subscriptions that are open when their turn comes."""
        for follower, (interest, last) in list(followers):
            if follower.open and last < self.number:
                result = self.result(interest)
                if result is not None:
                    yield follower.notification(result)


class HeadNotice(Notice):
    """The header of a new head, or of a new final block."""

    def __init__(self, header: Header) -> None:
        self._result = orjson.dumps(header_json(header))
        super().__init__(len(self._result))

    def result(self, interest: Interest) -> bytes:
        """Return the header."""
        return self._result


class StorageNotice(Notice):
    """The values that a block changed."""

    def __init__(self, block: ImportedBlock) -> None:
        changes = block.changes
        size = sum(len(key) + len(value or b"") for key, value in changes.items())
        super().__init__(TIMES * size + EACH * len(changes))
        self._changes = changes
        self._head = f'{{"block":"{to_hex(block.hash)}","changes":['.encode()
        self._pairs: dict[bytes, bytes] = {}
        self._all: bytes | None = None

    def result(self, interest: Interest) -> bytes | None:
        """Return the changes of these keys, in the order of the keys; None if there is none."""
        if not isinstance(interest, Mapping):
            if self._all is None:
                self._all = self._join(self._changes)
            return self._all
        found = self._changes.keys() & interest.keys()
        return self._join(sorted(found, key=interest.__getitem__)) if found else None

    def _join(self, keys: Iterable[bytes]) -> bytes:
        return b"%b%b]}" % (self._head, b",".join(map(self._pair, keys)))

    def _pair(self, key: bytes) -> bytes:
        pair = self._pairs.get(key)
        if pair is None:
            value = self._changes[key]
            pair = self._pairs[key] = orjson.dumps([to_hex(key), None if value is None else to_hex(value)])
        return pair
