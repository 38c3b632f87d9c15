"""Subscriptions to blocks, storage and transactions, and their notifications."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any, Protocol

import orjson

from ...consensus.internal import InternalError
from ...runtime.frame.header import Header
from ..blocks import Head, ImportedBlock
from ..chain import Blockchain
from ..pool.status import Status
from .errors import too_many_keys
from .notices import Followers, HeadNotice, Interest, Notice, StorageNotice
from .shapes import header_json, status_json, to_hex

#: Most bytes of the keys of all storage subscriptions, and bytes that a key takes besides its length.
WATCHED_BYTES, KEY_OVERHEAD = 64 * 1024 * 1024, 128


class Sink(Protocol):
    """The receiver of messages to a client."""

    def push(self, message: bytes) -> None:
        """Send a message after those that were pushed before."""

    def push_notice(self, notice: Notice, followers: Followers) -> None:
        """Send `notifications(notice, followers)` after the messages that were pushed before."""

    def when_quiet(self, action: Callable[[], None]) -> None:
        """Run `action` when the client has sent its requests about the messages so far."""


class Client(Sink, Protocol):
    """A connection that can be notified. `subscriptions` has its open ones by id."""

    subscriptions: dict[str, Subscription]

    def add_subscription(self, subscription: Subscription) -> None:
        """Keep a subscription, and start it after the answer to the current request."""


class Subscription:
    """A subscription of one client. `id` is `0x` and 32 hex digits.

    Notifications before `start` are held back, so that the client receives the id first.
    """

    # A client may have a thousand of them: few objects each, for the garbage collector's sake.
    __slots__ = ("_head", "_held", "_on_close", "_when_started", "id", "kept_in", "open", "sink", "topic")

    def __init__(self, notification: str, sink: Sink) -> None:
        self.id = "0x" + secrets.token_hex(16)
        self.sink = sink
        self._head = (
            f'{{"jsonrpc":"2.0","method":"{notification}","params":{{"subscription":"{self.id}","result":'.encode()
        )
        self._held: list[bytes | tuple[Notice, Interest]] | None = []
        self.open = True
        #: The notices that it gets, and the table of its connection.
        self.topic: Topic | None = None
        self.kept_in: dict[str, Subscription] | None = None
        self._on_close: list[Callable[[], object]] | None = None
        self._when_started: list[Callable[[], object]] | None = None

    @property
    def on_close(self) -> list[Callable[[], object]]:
        """Functions that are called when it ends, by the client or by the server."""
        if self._on_close is None:
            self._on_close = []
        return self._on_close

    def start(self) -> None:
        """Send the notifications that were held back, and later ones at once."""
        held, self._held = self._held, None
        for message in held or ():
            if isinstance(message, bytes):
                self.sink.push(message)
            else:
                self.sink.push_notice(message[0], {self: (message[1], 0)}.items())
        if self.topic is not None:
            self.topic.join(self)
        actions, self._when_started = self._when_started, None
        for action in actions or ():
            action()

    def when_started(self, action: Callable[[], object]) -> None:
        """Run `action` at the next start, which is after the answer to the client's current request.

        A subscription that has started is started again when it is added to its client again.
        """
        self._when_started = [*(self._when_started or ()), action]

    @property
    def started(self) -> bool:
        """Whether notifications are sent at once."""
        return self._held is None

    def hold(self, notice: Notice, interest: Interest) -> None:
        """Keep a notice for the start."""
        if self._held is not None and self.open:
            self._held.append((notice, interest))

    def send(self, result: Any) -> int:
        """Send a notification with this result, and return the size of the result in bytes."""
        data = orjson.dumps(result)
        self.send_json(data)
        return len(data)

    def send_first(self, result: Any) -> None:
        """Send a notification before those that were held back: the subscription has not started."""
        if self._held is None:
            raise InternalError("expected a subscription that has not started")
        self.send(result)
        self._held.insert(0, self._held.pop())

    def send_json(self, result: bytes) -> None:
        """Send a notification with a result that is encoded as JSON."""
        if not self.open:
            return
        message = self.notification(result)
        if self._held is None:
            self.sink.push(message)
        else:
            self._held.append(message)

    def notification(self, result: bytes) -> bytes:
        """Return the notification of a result that is encoded as JSON."""
        return b"%b%b}}" % (self._head, result)

    def finish(self, result: Any) -> None:
        """Send a last notification, when the client has dealt with those before, and close."""

        def last() -> None:
            self.send(result)
            self.close()

        self.sink.when_quiet(last)

    def close(self) -> None:
        """Send no more notifications."""
        if self.open:
            self.open = False
            if self.topic is not None:
                self.topic.remove(self)
            if self.kept_in is not None:
                self.kept_in.pop(self.id, None)
            for action in self._on_close or ():
                action()


class Topic:
    """The subscriptions to one kind of notice."""

    def __init__(self) -> None:
        #: Those of each client, with what they are interested in and the number of the last notice before them.
        self._followers: dict[Sink, dict[Subscription, tuple[Interest, int]]] = {}
        #: Subscriptions that have not started.
        self._starting: dict[Subscription, Interest] = {}
        self._number = 0

    def __len__(self) -> int:
        return len(self._starting) + sum(map(len, self._followers.values()))

    def add(self, subscription: Subscription, interest: Interest = None) -> None:
        """Send notices to a subscription until it is closed."""
        self._starting[subscription] = interest
        subscription.topic = self
        if subscription.started:
            self.join(subscription)

    def join(self, subscription: Subscription) -> None:
        """Send later notices to a subscription at once, from its start on."""
        if subscription in self._starting:
            interest = self._starting.pop(subscription)
            self._followers.setdefault(subscription.sink, {})[subscription] = interest, self._number

    def remove(self, subscription: Subscription) -> None:
        """Send no more notices to a subscription."""
        self._starting.pop(subscription, None)
        followers = self._followers.get(subscription.sink, {})
        followers.pop(subscription, None)
        if not followers:
            self._followers.pop(subscription.sink, None)

    def announce(self, notice: Notice) -> None:
        """Give a notice to the clients, which makes one notification for each of their subscriptions."""
        self._number += 1
        notice.number = self._number
        for sink, followers in list(self._followers.items()):
            sink.push_notice(notice, followers.items())
        for subscription, interest in self._starting.items():
            subscription.hold(notice, interest)


class Hub:
    """All subscriptions to blocks and storage, and the watches on transactions."""

    def __init__(self, chain: Blockchain) -> None:
        self._chain = chain
        self._heads, self._final, self._storage = Topic(), Topic(), Topic()
        #: Bytes that the keys of all storage subscriptions take.
        self.watched = 0
        #: Watches whose last status was "ready".
        self._ready: dict[Subscription, None] = {}
        #: The last final block that was announced.
        self._announced = chain.finalized
        chain.listeners.append(self._imported)
        chain.finality.listeners.append(self._finalized)
        chain.rewound.append(self._rewound)

    def close(self) -> None:
        """Stop listening to the chain."""
        if self._imported in self._chain.listeners:
            self._chain.listeners.remove(self._imported)
            self._chain.finality.listeners.remove(self._finalized)
            self._chain.rewound.remove(self._rewound)

    def follow_heads(self, subscription: Subscription) -> None:
        """Send the header of the head now, and of each new head."""
        subscription.send(header_json(self._chain.head_header))
        self._heads.add(subscription)

    def follow_finality(self, subscription: Subscription) -> None:
        """Send the header of the last final block now, and whenever it changes."""
        subscription.send(header_json(self._final_header()))
        self._final.add(subscription)

    def follow_storage(self, subscription: Subscription, keys: list[bytes] | None) -> None:
        """Send the values of keys that a block changed; None: of all keys.

        RpcError if the keys of all subscriptions would take more than `WATCHED_BYTES`.
        """
        positions = None if keys is None else {key: position for position, key in enumerate(dict.fromkeys(keys))}
        size = sum([len(key) + KEY_OVERHEAD for key in positions or ()])
        if self.watched + size > WATCHED_BYTES:
            raise too_many_keys(WATCHED_BYTES)
        self.watched += size
        subscription.on_close.append(lambda: self._watch(-size))
        self._storage.add(subscription, positions)

    def _watch(self, size: int) -> None:
        self.watched += size

    def watcher(self, subscription: Subscription) -> Callable[[Status], None]:
        """Return a function that sends a transaction's statuses; the last one ends the subscription."""
        subscription.on_close.append(lambda: self._ready.pop(subscription, None))

        def forward(status: Status) -> None:
            self._ready.pop(subscription, None)
            if status.is_last:
                subscription.finish(status_json(status))
                return
            subscription.send(status_json(status))
            if status.kind == "ready" and subscription.open:
                self._ready[subscription] = None

        return forward

    def repeat_ready(self) -> None:
        """Send "ready" again to the watchers of ready transactions.

        Python clients give up after a minute without a message, and with manual sealing a block may take longer.
        """
        for subscription in self._ready:
            subscription.send("ready")

    def _finalized(self, final: Head) -> None:
        self._announced = final
        if self._final:
            self._final.announce(HeadNotice(self._final_header()))

    def _final_header(self) -> Header:
        header = self._chain.header(self._chain.finalized.hash)
        if header is None:
            raise InternalError("expected the header of the last final block, which is kept")
        return header

    def _rewound(self, head: Head) -> None:
        """Announce the head to which the chain has gone back, and its last final block if that is another one."""
        if self._heads:
            self._heads.announce(HeadNotice(self._chain.head_header))
        if self._chain.finalized != self._announced:
            self._finalized(self._chain.finalized)

    def _imported(self, block: ImportedBlock) -> None:
        if self._heads:
            self._heads.announce(HeadNotice(block.header))
        if self._storage and block.changes:
            self._storage.announce(StorageNotice(block))


def _change_set(block_hash: bytes, changes: list[tuple[bytes, bytes | None]]) -> dict[str, Any]:
    return {
        "block": to_hex(block_hash),
        "changes": [[to_hex(key), None if value is None else to_hex(value)] for key, value in changes],
    }
