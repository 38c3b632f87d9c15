"""The transaction pool: what was submitted and is not in a block yet.

    pool.submit(raw, watcher)      validate, put in line, tell the watcher of everything that happens to it
    pool.ready()                   the extrinsics for the next block, in order
    pool.block_imported(block)     take out what the block contains, and what has become invalid

Nobody calls at a time of its own: the pool knows blocks, not seconds. A signature is checked once, at submission.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple, Protocol

from ..runtime.crypto.hashing import blake2_256
from ..runtime.executive import validate_transaction
from ..runtime.extensions.subtensor import CustomTransactionError
from ..runtime.extensions.system import nonce_tag
from ..runtime.frame.context import Context
from ..runtime.frame.extrinsic import Extrinsic
from ..runtime.frame.runtime import Runtime
from ..runtime.frame.validity import Custom, Refused, UnknownTransaction, ValidTransaction
from ..runtime.scale import ScaleError
from .waiting import U64_MAX, Arrival, Cycle, TooLowPriority, Transaction, Waiting

#: Blocks after which a transaction that still waits is validated again, and how many at most with each block.
#: Until then it is tried in each block anyhow, if it is ready.
REVALIDATED_AFTER = 8
REVALIDATED_AT_ONCE = 16
#: How many bans are remembered; the oldest are forgotten first.
MAX_BANS = 4096


class Status(NamedTuple):
    """What happened to a transaction. `hash` is a block's, or for "usurped" the other transaction's."""

    kind: str
    hash: bytes | None = None

    @property
    def is_last(self) -> bool:
        """Whether nothing can follow."""
        return self.kind in ("finalized", "usurped", "dropped", "invalid")


FUTURE, READY, DROPPED, INVALID = Status("future"), Status("ready"), Status("dropped"), Status("invalid")

Watcher = Callable[[Status], None]


class Rejected(ValueError):
    """A submitted extrinsic that did not enter the pool."""


class Undecodable(Rejected):
    """Bytes that are no extrinsic of this chain."""


class Invalid(Rejected):
    """The runtime refuses it; `reason` is the runtime's."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(f"{refused}{name_of_custom(refused.reason)}")
        self.reason = refused.reason


def name_of_custom(reason: object) -> str:
    """What stands behind the number of a "Custom error", for people; nothing for other reasons."""
    if not isinstance(reason, Custom) or reason.code not in set(CustomTransactionError):
        return ""
    return f" ({CustomTransactionError(reason.code).name})"


class Banned(Rejected):
    """It was in a block or found invalid a short time ago."""


class AlreadyImported(Rejected):
    """It is in the pool."""

    def __init__(self, transaction_hash: bytes) -> None:
        super().__init__(f"0x{transaction_hash.hex()} is in the pool already")
        self.hash = transaction_hash


class PriorityTooLow(Rejected):
    """Another transaction has its place, with no less priority."""


class CycleDetected(Rejected):
    """It would take the place of a transaction on which it depends."""


class NoTags(Rejected):
    """It provides nothing by which it could be told from others."""


class ImmediatelyDropped(Rejected):
    """The pool is full of transactions of no less priority."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may wait: transactions and their bytes, ready and future; and how long a ban lasts, in milliseconds."""

    ready_count: int = 8192
    ready_bytes: int = 20 * 1024 * 1024
    future_count: int = 819
    future_bytes: int = 2 * 1024 * 1024
    ban_ms: int = 30 * 60 * 1000


class Numbered(Protocol):
    """What the pool wants to know of a head."""

    @property
    def number(self) -> int: ...


class Imported(Protocol):
    """What the pool wants to know of an imported block."""

    @property
    def hash(self) -> bytes: ...

    @property
    def extrinsics(self) -> tuple[bytes, ...]: ...


class World(Protocol):
    """What the pool wants to know of its chain."""

    runtime: Runtime
    #: Time between two blocks, in milliseconds: bans are counted in blocks.
    slot_ms: int

    @property
    def head(self) -> Numbered: ...

    def pending_context(self) -> Context:
        """The world in which a transaction is validated: a block begun on the head."""

    def nonce(self, account: bytes) -> int:
        """How many transactions of this account are in blocks."""


class Pool:
    """The transactions that wait for blocks of one chain."""

    def __init__(self, world: World, limits: Limits | None = None) -> None:
        self._world = world
        self.limits = limits or Limits()
        self._arrivals = 0
        self._start()

    def _start(self) -> None:
        self._waiting = Waiting()
        self._watchers: dict[bytes, list[Watcher]] = {}
        #: Hash -> the last block in which the ban holds.
        self._bans: dict[bytes, int] = {}
        #: Last block and hash of mortal transactions, the next one to die first.
        self._deaths: list[tuple[int, bytes]] = []
        #: Hash -> the head when it was validated last, the longest ago first.
        self._validated: dict[bytes, int] = {}

    # --- what there is -------------------------------------------------------------------------------------

    def __len__(self) -> int:
        return len(self._waiting.all)

    def __contains__(self, transaction_hash: bytes) -> bool:
        return transaction_hash in self._waiting.all

    def ready(self) -> Iterator[Extrinsic]:
        """The extrinsics for the next block, best first; what is found invalid meanwhile takes its dependents along."""
        return (transaction.extrinsic for transaction in self._waiting.in_order())

    @property
    def ready_count(self) -> int:
        """How many could enter the next block."""
        return self._waiting.ready.count

    @property
    def future_count(self) -> int:
        """How many wait for others that are not there."""
        return self._waiting.future.count

    def next_nonce(self, account: bytes) -> int:
        """The account's first nonce that neither a block nor a ready transaction uses.

        An account's ready nonces have no gap, so a search by halves finds the first free one.
        """
        used = free = self._world.nonce(account)
        step = 1
        while self._waiting.provides(nonce_tag(account, free)):
            used, free, step = free + 1, free + step, step * 2
        while used < free:
            middle = (used + free) // 2
            if self._waiting.provides(nonce_tag(account, middle)):
                used = middle + 1
            else:
                free = middle
        return used

    # --- submission ----------------------------------------------------------------------------------------

    def submit(self, raw: bytes, watcher: Watcher | None = None) -> bytes:
        """Put an encoded extrinsic in line and return its hash; raises Rejected, one of its kinds.

        `watcher` hears of the transaction's statuses, beginning with "ready" or "future".
        """
        transaction_hash = blake2_256(raw)
        number = self._world.head.number
        if self._bans.get(transaction_hash, -1) >= number:
            raise Banned(f"0x{transaction_hash.hex()} is banned until block {self._bans[transaction_hash]}")
        if transaction_hash in self._waiting.all:
            raise AlreadyImported(transaction_hash)
        extrinsic, validity = self._validate_new(raw, transaction_hash)
        if not validity.provides:
            raise NoTags(f"0x{transaction_hash.hex()} provides no tags")
        transaction = self._transaction(extrinsic, transaction_hash, validity, number)
        self._make_room(transaction)
        try:
            arrival = self._waiting.add(transaction)
        except TooLowPriority as error:
            raise PriorityTooLow(str(error)) from error
        except Cycle as error:
            raise CycleDetected(str(error)) from error
        self._validated[transaction_hash] = number
        if transaction.valid_till < U64_MAX:
            heapq.heappush(self._deaths, (transaction.valid_till, transaction_hash))
        if watcher is not None:
            self._watchers[transaction_hash] = [watcher]
        if not transaction.is_ready:
            self._tell(transaction_hash, FUTURE)
        self._arrived(arrival, transaction_hash)
        return transaction_hash

    def _validate_new(self, raw: bytes, transaction_hash: bytes) -> tuple[Extrinsic, ValidTransaction]:
        try:
            extrinsic = self._world.runtime.decode(raw)
        except ScaleError as error:
            raise Undecodable(str(error)) from error
        try:
            return extrinsic, validate_transaction(self._world.pending_context(), extrinsic)
        except Refused as refused:
            if not isinstance(refused.reason, UnknownTransaction):
                self._ban(transaction_hash)
            raise Invalid(refused) from refused

    def _transaction(
        self, extrinsic: Extrinsic, transaction_hash: bytes, validity: ValidTransaction, number: int
    ) -> Transaction:
        self._arrivals += 1
        return Transaction(
            extrinsic,
            transaction_hash,
            validity.priority,
            set(validity.requires),
            tuple(validity.provides),
            min(number + validity.longevity, U64_MAX),
            self._arrivals,
        )

    def _make_room(self, transaction: Transaction) -> None:
        """Drop what has less priority until the newcomer fits; raises ImmediatelyDropped when it has the least."""
        waiting, limits = self._waiting, self.limits
        if not transaction.requires or all(waiting.provides(tag) for tag in transaction.requires):
            shelf, count, size = waiting.ready, limits.ready_count, limits.ready_bytes
        else:
            shelf, count, size = waiting.future, limits.future_count, limits.future_bytes
        length = len(transaction.extrinsic.raw)
        while shelf.count + 1 > count or shelf.bytes + length > size:
            least = shelf.least()
            if least is None or least.priority >= transaction.priority:
                kind = "ready" if shelf is waiting.ready else "future"
                raise ImmediatelyDropped(f"the pool has its {count} {kind} transactions, or {size} bytes of them")
            self._end(waiting.remove(least), DROPPED)

    # --- watching ------------------------------------------------------------------------------------------

    def watch(self, transaction_hash: bytes, watcher: Watcher) -> None:
        """Tell `watcher` what is the status of a transaction of the pool, now and whenever it changes."""
        transaction = self._waiting.all[transaction_hash]
        self._watchers.setdefault(transaction_hash, []).append(watcher)
        watcher(READY if transaction.is_ready else FUTURE)

    def unwatch(self, transaction_hash: bytes, watcher: Watcher) -> None:
        """Tell `watcher` nothing more."""
        watchers = self._watchers.get(transaction_hash, [])
        if watcher in watchers:
            watchers.remove(watcher)
        if not watchers:
            self._watchers.pop(transaction_hash, None)

    def _tell(self, transaction_hash: bytes, status: Status) -> None:
        if transaction_hash not in self._watchers:
            return
        watchers = self._watchers.pop(transaction_hash) if status.is_last else self._watchers[transaction_hash]
        for watcher in tuple(watchers):
            watcher(status)

    def _arrived(self, arrival: Arrival, usurper: bytes) -> None:
        """Tell what an arrival did to others."""
        if arrival.usurped:
            self._end(arrival.usurped, Status("usurped", usurper))
        self._end(arrival.outbid, INVALID)
        for transaction in arrival.ready:
            if transaction.hash in self._waiting.all:
                self._tell(transaction.hash, READY)

    def _end(self, removed: Iterable[Transaction], status: Status) -> None:
        for transaction in removed:
            self._validated.pop(transaction.hash, None)
            self._tell(transaction.hash, status)

    # --- taking out ----------------------------------------------------------------------------------------

    def refused(self, extrinsic: Extrinsic, error: Exception) -> None:
        """Take out what could not be applied to the block in the making, with all that depends on it."""
        self.remove([extrinsic.hash])

    def remove(self, hashes: Iterable[bytes]) -> list[bytes]:
        """Take transactions out with all that depends on them, as invalid, and ban them; gives the hashes removed."""
        removed: list[bytes] = []
        for transaction_hash in hashes:
            self._ban(transaction_hash)
            transaction = self._waiting.all.get(transaction_hash)
            if transaction is not None:
                gone = self._waiting.remove(transaction)
                self._end(gone, INVALID)
                removed += [each.hash for each in gone]
        for transaction_hash in removed:
            self._ban(transaction_hash)
        return removed

    def _ban(self, transaction_hash: bytes) -> None:
        blocks = self.limits.ban_ms // self._world.slot_ms
        if blocks:
            self._bans.pop(transaction_hash, None)
            self._bans[transaction_hash] = self._world.head.number + blocks
            if len(self._bans) > MAX_BANS:
                del self._bans[next(iter(self._bans))]

    def clear(self) -> None:
        """Drop everything, and forget all bans: the chain was taken back."""
        transactions = list(self._waiting.all.values())
        self._waiting = Waiting()
        self._end(transactions, DROPPED)
        self._start()

    def snapshot(self) -> Callable[[], None]:
        """A function that makes the pool again what it is now; what came since is dropped."""
        waiting, bans, deaths = self._waiting.copy(), dict(self._bans), list(self._deaths)
        watchers = {key: list(value) for key, value in self._watchers.items()}
        validated = dict(self._validated)

        def restore() -> None:
            gone = [each for key, each in self._waiting.all.items() if key not in waiting.all]
            self._end(gone, DROPPED)
            self._waiting, self._bans, self._deaths = waiting.copy(), dict(bans), list(deaths)
            self._watchers = {key: list(value) for key, value in watchers.items()}
            self._validated = dict(validated)

        return restore

    # --- new blocks ----------------------------------------------------------------------------------------

    def block_imported(self, block: Imported) -> None:
        """Take out what is in the new head or cannot get into a block any more, and look again at a few others."""
        strangers: list[bytes] = []
        if self._waiting.all:
            statuses = Status("inBlock", block.hash), Status("finalized", block.hash)
            strangers = [raw for raw in block.extrinsics if not self._settled(blake2_256(raw), *statuses)]
        self._drop_expired()
        if self._waiting.all:
            self._revalidate(self._rivals(strangers))
            old = self._world.head.number - REVALIDATED_AFTER
            oldest = islice(self._validated.items(), REVALIDATED_AT_ONCE)
            self._revalidate([transaction_hash for transaction_hash, number in oldest if number <= old])

    def _settled(self, transaction_hash: bytes, in_block: Status, finalized: Status) -> bool:
        """Take an included transaction out; whether it was in the pool."""
        transaction = self._waiting.all.get(transaction_hash)
        if transaction is None:
            return False
        self._ban(transaction_hash)
        arrival = self._waiting.settle(transaction)
        self._tell(transaction_hash, in_block)
        self._end([transaction], finalized)
        self._arrived(arrival, transaction_hash)
        return True

    def _drop_expired(self) -> None:
        while self._deaths and self._deaths[0][0] <= self._world.head.number:
            _, transaction_hash = heapq.heappop(self._deaths)
            if transaction_hash in self._waiting.all:
                self.remove([transaction_hash])

    def _rivals(self, strangers: Iterable[bytes]) -> list[bytes]:
        """Transactions whose signer has one in the block that did not come from here."""
        signers = {signer for raw in strangers if (signer := self._world.runtime.decode(raw).signer)}
        if not signers:
            return []
        return [key for key, each in self._waiting.all.items() if each.extrinsic.signer in signers]

    def _revalidate(self, hashes: Iterable[bytes]) -> None:
        ctx = self._world.pending_context()
        for transaction_hash in hashes:
            transaction = self._waiting.all.get(transaction_hash)
            if transaction is None:
                continue
            try:
                validity = validate_transaction(ctx, transaction.extrinsic)
            except Refused:
                self.remove([transaction_hash])
                continue
            del self._validated[transaction_hash]
            self._validated[transaction_hash] = self._world.head.number
            arrival = Arrival()
            self._waiting.release(transaction, transaction.requires.difference(validity.requires), arrival)
            self._arrived(arrival, transaction_hash)
