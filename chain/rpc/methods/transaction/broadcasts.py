"""Transactions that clients broadcast: they are submitted again, block by block, while they may yet enter the pool."""

from __future__ import annotations

from collections.abc import Callable

from ....blocks import ImportedBlock
from ....chain import Blockchain
from ....pool.rejections import Banned, ImmediatelyDropped, Rejected
from ....pool.status import Status, Watcher
from ...subscriptions import Client, Sink, Subscription

#: Broadcasts of one client that have not ended (the genuine node's limit).
MAX_BROADCASTS = 16
#: Most bytes of a transaction that is submitted again, of all of them, and of those that are after one block.
MAX_BYTES, MAX_TOTAL_BYTES, BYTES_PER_BLOCK = 1024 * 1024, 64 * 1024 * 1024, 64 * 1024
#: Rejections and last statuses that may change.
RETRIABLE_REJECTIONS = (Banned, ImmediatelyDropped)
RETRIABLE_STATUSES = ("finalityTimeout", "invalid", "dropped")

#: Submits an encoded extrinsic; raises Rejected.
Submit = Callable[[bytes, Watcher], bytes]


class Broadcast:
    """A transaction that a client broadcasts until it is final, can never be, or the client stops or leaves.

    It is kept as a subscription that sends nothing.
    """

    __slots__ = ("_all", "raw", "submit", "subscription", "transaction_hash")

    def __init__(self, broadcasts: Broadcasts, subscription: Subscription, raw: bytes, submit: Submit) -> None:
        self._all, self.subscription, self.raw, self.submit = broadcasts, subscription, raw, submit
        #: Set while the pool reports to `watch`.
        self.transaction_hash: bytes | None = None

    def watch(self, status: Status) -> None:
        """Note a status; wait for the next block if the transaction left the pool but may enter it again."""
        if status.kind in RETRIABLE_STATUSES:
            self._all.wait(self)
        elif status.is_last:
            self.subscription.close()

    def try_again(self) -> None:
        """Submit the transaction, for the first time or once more."""
        try:
            self.transaction_hash = self.submit(self.raw, self.watch)
        except RETRIABLE_REJECTIONS:
            self._all.wait(self)
        except Rejected:
            self.subscription.close()


class Broadcasts:
    """The broadcasts of all clients of a chain, which is listened to while one waits for the next block."""

    def __init__(self) -> None:
        self._by_id: dict[str, Broadcast] = {}
        self._waiting: dict[str, Broadcast] = {}
        self._chain: Blockchain | None = None
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._by_id)

    def count(self, client: Sink) -> int:
        """Return the number of a client's broadcasts."""
        return sum(each.subscription.sink is client for each in self._by_id.values())

    def add(self, chain: Blockchain, client: Client, raw: bytes, submit: Submit) -> Broadcast:
        """Begin a broadcast."""
        broadcast = Broadcast(self, Subscription("", client), raw, submit)
        self._chain = chain
        self._by_id[broadcast.subscription.id] = broadcast
        self._bytes += len(raw)
        broadcast.subscription.on_close.append(lambda: self._end(broadcast))
        client.add_subscription(broadcast.subscription)
        return broadcast

    def of(self, client: Client | None, broadcast_id: str) -> Broadcast | None:
        """Return a client's own broadcast of this id; None if there is none."""
        if client is None or broadcast_id not in client.subscriptions:
            return None
        return self._by_id.get(broadcast_id)

    def wait(self, broadcast: Broadcast) -> None:
        """Submit a transaction again after the next block; too large ones are given up."""
        if not broadcast.subscription.open:
            return
        if len(broadcast.raw) > MAX_BYTES or self._bytes > MAX_TOTAL_BYTES or self._chain is None:
            broadcast.subscription.close()
            return
        if not self._waiting:
            self._chain.listeners.append(self._imported)
        self._waiting[broadcast.subscription.id] = broadcast

    def _imported(self, block: ImportedBlock) -> None:
        """Submit those that have waited for longest again."""
        size = 0
        for broadcast in list(self._waiting.values()):
            if size >= BYTES_PER_BLOCK:
                return
            size += len(broadcast.raw)
            self._leave(broadcast)
            broadcast.try_again()

    def _leave(self, broadcast: Broadcast) -> None:
        if self._waiting.pop(broadcast.subscription.id, None) is not None and not self._waiting and self._chain:
            self._chain.listeners.remove(self._imported)

    def _end(self, broadcast: Broadcast) -> None:
        if self._by_id.pop(broadcast.subscription.id, None) is not None:
            self._bytes -= len(broadcast.raw)
            self._leave(broadcast)
            if broadcast.transaction_hash is not None and self._chain is not None:
                self._chain.pool.unwatch(broadcast.transaction_hash, broadcast.watch)
