"""Subscriptions to blocks, storage and transactions, and their notifications."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any, Protocol

import orjson

from ..blocks import ImportedBlock
from ..chain import Blockchain
from ..pool.status import Status
from .errors import too_many_keys
from .shapes import header_json, status_json, to_hex

#: Most bytes of the keys of all storage subscriptions, and bytes that a key takes besides its length.
WATCHED_BYTES, KEY_OVERHEAD = 64 * 1024 * 1024, 128


class Sink(Protocol):
    """The receiver of messages to a client."""

    def push(self, message: bytes) -> None:
        """Send a message after those that were pushed before."""

    def when_quiet(self, action: Callable[[], None]) -> None:
        """Run `action` when the client has sent its requests about the messages so far."""


class Subscription:
    """A subscription of one client. `id` is `0x` and 32 hex digits.

    Notifications before `start` are held back, so that the client receives the id first.
    """

    def __init__(self, notification: str, sink: Sink) -> None:
        self.id = "0x" + secrets.token_hex(16)
        self._sink = sink
        self._head = (
            f'{{"jsonrpc":"2.0","method":"{notification}","params":{{"subscription":"{self.id}","result":'.encode()
        )
        self._held: list[bytes] | None = []
        self.open = True
        #: Called when it ends, by the client or by the server.
        self.on_close: list[Callable[[], object]] = []

    def start(self) -> None:
        """Send the notifications that were held back, and later ones at once."""
        held, self._held = self._held, None
        for message in held or ():
            self._sink.push(message)

    def send(self, result: Any) -> None:
        """Send a notification with this result."""
        self.send_json(orjson.dumps(result))

    def send_first(self, result: Any) -> None:
        """Send a notification before those that were held back: the subscription has not started."""
        assert self._held is not None, "expected a subscription that has not started"
        self.send(result)
        self._held.insert(0, self._held.pop())

    def send_json(self, result: bytes) -> None:
        """Send a notification with a result that is encoded as JSON."""
        if not self.open:
            return
        message = b"%b%b}}" % (self._head, result)
        if self._held is None:
            self._sink.push(message)
        else:
            self._held.append(message)

    def finish(self, result: Any) -> None:
        """Send a last notification, when the client has dealt with those before, and close."""

        def last() -> None:
            self.send(result)
            self.close()

        self._sink.when_quiet(last)

    def close(self) -> None:
        """Send no more notifications."""
        if self.open:
            self.open = False
            for action in self.on_close:
                action()


class Hub:
    """All subscriptions to blocks and storage, and the watches on transactions."""

    def __init__(self, chain: Blockchain) -> None:
        self._chain = chain
        self._heads: dict[Subscription, None] = {}
        #: The keys of each storage subscription; None: all keys.
        self._storage: dict[Subscription, list[bytes] | None] = {}
        #: Bytes that their keys take.
        self.watched = 0
        #: Watches whose last status was "ready".
        self._ready: dict[Subscription, None] = {}
        chain.listeners.append(self._imported)

    def close(self) -> None:
        """Stop listening to the chain."""
        self._chain.listeners.remove(self._imported)

    def follow_heads(self, subscription: Subscription) -> None:
        """Send the header of the head now, and of each new head; the best block is also the last final one."""
        subscription.send(header_json(self._chain.head_header))
        self._heads[subscription] = None
        subscription.on_close.append(lambda: self._heads.pop(subscription, None))

    def follow_storage(self, subscription: Subscription, keys: list[bytes] | None) -> None:
        """Send the values of keys that a block changed; None: of all keys.

        RpcError if the keys of all subscriptions would take more than `WATCHED_BYTES`.
        """
        keys = None if keys is None else list(dict.fromkeys(keys))
        size = sum([len(key) + KEY_OVERHEAD for key in keys or ()])
        if self.watched + size > WATCHED_BYTES:
            raise too_many_keys(WATCHED_BYTES)
        self.watched += size
        subscription.on_close.append(lambda: self._watch(-size))
        self._storage[subscription] = keys
        subscription.on_close.append(lambda: self._storage.pop(subscription, None))

    def _watch(self, size: int) -> None:
        self.watched += size

    def watcher(self, subscription: Subscription) -> Callable[[Status], None]:
        """Return a function that sends a transaction's statuses; the last one ends the subscription.

        Blocks are final at once, but polkadot.js looks up the block of a status, and drops a status if the next one
        arrives meanwhile: "finalized" immediately after "inBlock" would hide "inBlock" from its users.
        """
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

    def _imported(self, block: ImportedBlock) -> None:
        if self._heads:
            header = orjson.dumps(header_json(block.header))
            for subscription in list(self._heads):
                subscription.send_json(header)
        for subscription, keys in list(self._storage.items()):
            changes = block.changes
            wanted = changes if keys is None else [key for key in keys if key in changes]
            if wanted:
                subscription.send(_change_set(block.hash, [(key, changes[key]) for key in wanted]))


def _change_set(block_hash: bytes, changes: list[tuple[bytes, bytes | None]]) -> dict[str, Any]:
    return {
        "block": to_hex(block_hash),
        "changes": [[to_hex(key), None if value is None else to_hex(value)] for key, value in changes],
    }
