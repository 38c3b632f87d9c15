"""What happens on a chain, for Ethereum's subscribers and filters: new heads, logs, and transactions that are ready."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

import orjson

from .....runtime.apis import ethereum as api
from .....runtime.client.ethereum import EthereumBlock, TransactionStatus
from .....runtime.frame.extrinsic import Extrinsic
from ....blocks import Head, ImportedBlock
from ....chain import Blockchain
from ...notices import Followers, Interest, Notice
from ...subscriptions import Topic
from .matching import LogFilter
from .pooled import Pooled
from .shapes import header_json, logs_of

#: Transactions that became ready and are remembered for filters.
REMEMBERED = 16_384
#: Bytes of memory per byte of a log, and per log besides.
TIMES, EACH = 5, 600


class JsonNotice(Notice):
    """A notice whose result is the same for all."""

    def __init__(self, result: object) -> None:
        self._result = orjson.dumps(result)
        super().__init__(len(self._result))

    def result(self, interest: Interest) -> bytes:
        """Return the result."""
        return self._result


class LogsNotice(Notice):
    """The logs of a block: each subscription gets a notification for each of those that match its filter."""

    def __init__(self, block: EthereumBlock, statuses: list[TransactionStatus]) -> None:
        logs = [log for status in statuses for log in status.logs]
        super().__init__(sum(EACH + TIMES * len(log.data) for log in logs))
        self._block, self._statuses = block, statuses

    def result(self, interest: Interest) -> None:
        """Return nothing: there may be several results, see `notifications`."""

    def notifications(self, followers: Followers) -> Iterator[bytes]:
        """Make the notifications, one at a time."""
        for follower, (interest, last) in list(followers):
            if last >= self.number or not isinstance(interest, LogFilter):
                continue
            for each in logs_of(self._block.header, self._statuses, interest.matches):
                if not follower.open:
                    break
                yield follower.notification(orjson.dumps(each))


class Feeds:
    """The subscriptions to one chain's Ethereum side, and the transactions that became ready."""

    def __init__(self, chain: Blockchain) -> None:
        self._chain = chain
        self.heads, self.logs, self.transactions = Topic(), Topic(), Topic()
        #: How many transactions have become ready, and the hashes of the last ones.
        self.ready_count = 0
        self._ready: deque[bytes] = deque(maxlen=REMEMBERED)
        chain.listeners.append(self._imported)
        chain.rewound.append(self._rewound)
        chain.pool.on_ready.append(self._is_ready)

    @classmethod
    def of(cls, chain: Blockchain) -> Feeds:
        """Return those of a chain; they listen to it from the first call on."""
        return chain.attached(cls)

    def ready_since(self, seen: int) -> list[bytes]:
        """Return the hashes of transactions that became ready after the first `seen` ones, as far as remembered."""
        count = min(self.ready_count - seen, len(self._ready))
        return list(self._ready)[-count:] if count else []

    def _is_ready(self, extrinsic: Extrinsic) -> None:
        found = Pooled.of(self._chain).transaction_hash(extrinsic)
        if found:
            self.ready_count += 1
            self._ready.append(found)
            if self.transactions:
                self.transactions.announce(JsonNotice("0x" + found.hex()))

    def _imported(self, block: ImportedBlock) -> None:
        if self.heads or self.logs:
            self._announce(block.hash)

    def _rewound(self, head: Head) -> None:
        """Announce the head to which the chain has gone back."""
        if self.heads:
            self._announce(head.hash, with_logs=False)

    def _announce(self, chain_hash: bytes, with_logs: bool = True) -> None:
        ctx = self._chain.context(chain_hash)
        block = api.current_block(ctx)
        if block is None:
            return
        if self.heads:
            self.heads.announce(JsonNotice(header_json(block.header, block.header.timestamp)))
        statuses = api.current_transaction_statuses(ctx) if self.logs and with_logs else None
        if statuses and any(status.logs for status in statuses):
            self.logs.announce(LogsNotice(block, statuses))
