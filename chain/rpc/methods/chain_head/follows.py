"""All subscriptions to the head of a chain: what they hear of new and final blocks, and the limits on what they pin.

A chain that is rolled back makes a gap in what followers have heard: they are stopped and subscribe again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from time import monotonic

from .....runtime.scale import Reader
from .....runtime.version import RuntimeVersion
from ....blocks import Head, ImportedBlock
from ....chain import Blockchain
from ...subscriptions import Client, Sink, Subscription
from . import events
from .follow import Follow, Pin

# The genuine node's limits.
#: Subscriptions of one client.
MAX_FOLLOWS = 4
#: Different blocks that all subscriptions pin together, and the time in seconds for which they may do so beyond that.
MAX_PINNED, MAX_PINNED_S = 512, 60.0
#: Final blocks that a new subscription hears of, and blocks after them beyond which there is none.
MAX_FINALIZED, MAX_LAGGING = 16, 128


class Follows:
    """The subscriptions to the head of a chain. It is listened to while there is one."""

    def __init__(self, time: Callable[[], float] = monotonic) -> None:
        self._time = time
        self._by_id: dict[str, Follow] = {}
        #: Pinned block -> number of the subscriptions that pin it.
        self._pins: Counter[bytes] = Counter()
        self._chain: Blockchain | None = None
        #: The last block that was announced, and the last final one.
        self._best, self._final = b"", Head(0, b"")

    def __len__(self) -> int:
        return len(self._by_id)

    @property
    def pinned(self) -> int:
        """Number of different blocks that are pinned."""
        return len(self._pins)

    # --- subscriptions -------------------------------------------------------------------------------------

    def of(self, client: Client | None, subscription_id: str) -> Follow | None:
        """Return a client's own subscription of this id; None if there is none."""
        if client is None or subscription_id not in client.subscriptions:
            return None
        return self._by_id.get(subscription_id)

    def count(self, client: Sink) -> int:
        """Return the number of a client's subscriptions."""
        return sum(each.subscription.sink is client for each in self._by_id.values())

    def start(self, chain: Blockchain, subscription: Subscription, with_runtime: bool) -> Follow:
        """Begin a subscription: announce and pin the last final blocks, and all blocks after them."""
        self._listen(chain)
        follow = self._by_id[subscription.id] = Follow(subscription, with_runtime)
        subscription.on_close.append(lambda: self._drop(follow))
        final = recent_blocks(chain, chain.finalized.number, MAX_FINALIZED)
        later = [
            each for each in recent_blocks(chain, chain.head.number, MAX_LAGGING + 1) if each.number > final[-1].number
        ]
        if chain.head.number - chain.finalized.number > MAX_LAGGING:
            follow.stop()
            return follow
        for each in (*final, *later):
            self._pin(follow, each)
        version = RuntimeVersion.scale.read(Reader(chain.call_api("Core_version"))) if with_runtime else None
        subscription.send_json(events.initialized([each.hash for each in final], version))
        for parent, each in zip((final[-1], *later), later, strict=False):
            subscription.send_json(events.new_block(each.hash, parent.hash, with_runtime))
        subscription.send_json(events.best_block(chain.head.hash))
        return follow

    def unpin(self, follow: Follow, blocks: Iterable[bytes]) -> None:
        """Unpin blocks that a subscription has pinned."""
        for block in blocks:
            del follow.pinned[block]
            self._release(block)

    def _drop(self, follow: Follow) -> None:
        if self._by_id.pop(follow.subscription.id, None) is None:
            return
        self.unpin(follow, list(follow.pinned))
        if not self._by_id:
            self._ignore()

    # --- pins ----------------------------------------------------------------------------------------------

    def _pin(self, follow: Follow, block: Head) -> None:
        follow.pinned[block.hash] = Pin(block.number, self._time())
        self._pins[block.hash] += 1

    def _release(self, block: bytes) -> None:
        self._pins[block] -= 1
        if not self._pins[block]:
            del self._pins[block]

    def _enforce(self, chain: Blockchain) -> None:
        """Stop the subscriptions whose blocks are no longer kept, and enough of those that pin too much for too long.

        Where the genuine node stops all subscriptions if those with old blocks were not enough, here the one with the
        oldest block is stopped first.
        """
        kept = chain.history.head.first_state
        for follow in self._all():
            if follow.oldest is not None and follow.oldest.number < kept:
                follow.stop()
        if len(self._pins) > MAX_PINNED:
            long_ago = self._time() - MAX_PINNED_S
            for follow in self._all():
                if follow.oldest is not None and follow.oldest.since < long_ago:
                    follow.stop()
        while len(self._pins) > MAX_PINNED:
            min(self._all(), key=lambda each: each.oldest.number if each.oldest else chain.head.number).stop()

    # --- events --------------------------------------------------------------------------------------------

    def _listen(self, chain: Blockchain) -> None:
        if self._chain is None:
            self._chain = chain
            self._best, self._final = chain.head.hash, chain.finalized
            chain.listeners.append(self._imported)
            chain.finality.listeners.append(self._finalized)
            chain.rewound.append(self._rewound)

    def _ignore(self) -> None:
        chain, self._chain = self._chain, None
        if chain is not None:
            chain.listeners.remove(self._imported)
            chain.finality.listeners.remove(self._finalized)
            chain.rewound.remove(self._rewound)

    def _all(self) -> list[Follow]:
        return list(self._by_id.values())

    def _stop_all(self) -> None:
        for follow in self._all():
            follow.stop()

    def _rewound(self, head: Head) -> None:
        self._stop_all()

    def _imported(self, block: ImportedBlock) -> None:
        if self._chain is None:
            return
        for follow in self._all():
            self._pin(follow, Head(block.number, block.hash))
        self._enforce(self._chain)
        parent, self._best = self._best, block.hash
        announced = [events.new_block(block.hash, parent, with_runtime) for with_runtime in (False, True)]
        best = events.best_block(block.hash)
        for follow in self._all():
            follow.subscription.send_json(announced[follow.with_runtime])
            follow.subscription.send_json(best)

    def _finalized(self, final: Head) -> None:
        if self._chain is None:
            return
        chain, count = self._chain, final.number - self._final.number
        if not 0 < count <= MAX_PINNED:
            self._stop_all()
            return
        self._final = final
        event = events.finalized([each.hash for each in recent_blocks(chain, final.number, count)])
        for follow in self._all():
            follow.subscription.send_json(event)


def recent_blocks(chain: Blockchain, last: int, count: int) -> list[Head]:
    """Return up to `count` blocks up to number `last` that are kept, in their order."""
    found: list[Head] = []
    for number in range(last, max(last - count, -1), -1):
        block_hash = chain.hash_at(number)
        if block_hash is None or number < chain.history.head.first_state:
            break
        found.append(Head(number, block_hash))
    return found[::-1]
