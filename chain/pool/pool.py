"""The transaction pool: submitted extrinsics that are in no block yet.

    pool.submit(raw, watcher)      validate and add an extrinsic, and report its statuses to the watcher
    pool.ready()                   the extrinsics for the next block, in order
    pool.block_imported(hash, …)   remove what the block contains, and what has become invalid

The pool counts in blocks, not in seconds. A signature is checked once, at submission.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from ...consensus.integers import U32_MAX, U64_MAX
from ...runtime.crypto.hashing import blake2_256
from ...runtime.extensions.system import nonce_tag
from ...runtime.frame.extrinsic import Extrinsic
from ...runtime.frame.validity import Refused, UnknownTransaction, ValidTransaction
from ...runtime.scale import ScaleError
from ...runtime.validation import validate_transaction
from .bans import Bans
from .decoding import ChainView, decode
from .expiries import Expiries
from .graph import Arrival, Cycle, TooLowPriority, Transaction, TransactionGraph
from .impersonation import Impersonation
from .limits import PoolLimits, make_room
from .rejections import AlreadyImported, Banned, CycleDetected, Invalid, NoTags, PriorityTooLow, Undecodable, rejection
from .reports import Reporting, reporting
from .status import DROPPED, FUTURE, INVALID, READY, Status, Watcher, Watchers

#: Blocks after which a waiting transaction is validated again, and how many of them at most per block.
#: Ready transactions are also tried in each block.
REVALIDATED_AFTER = 8
REVALIDATED_AT_ONCE = 16


class TransactionPool(Reporting):
    """The transactions that wait for blocks of one chain."""

    def __init__(self, chain: ChainView, limits: PoolLimits | None = None) -> None:
        self._chain = chain
        self.limits = limits or PoolLimits()
        self._arrivals = 0
        #: They hear of transactions, also of those in blocks that are not final yet.
        self.watchers = Watchers()
        self.impersonation = Impersonation()  # of no account but on chains for tests
        self._start()

    def _start(self) -> None:
        self._waiting = TransactionGraph()
        self._bans = Bans()
        self._expiries = Expiries()
        #: Hash -> number of the head at the last validation, the earliest first.
        self._validated: dict[bytes, int] = {}

    # --- contents -----------------------------------------------------------------------------------------

    def __len__(self) -> int:
        return len(self._waiting.all)

    def __contains__(self, transaction_hash: bytes) -> bool:
        return transaction_hash in self._waiting.all

    def ready(self) -> Iterator[Extrinsic]:
        """Return the extrinsics for the next block, best first; those that depend on removed ones are skipped."""
        return (transaction.extrinsic for transaction in self._waiting.in_order())

    def waiting(self) -> list[Extrinsic]:
        """Return all extrinsics: the ready ones in their order, then those that wait for others."""
        return [*self.ready(), *(transaction.extrinsic for transaction in self._waiting.future)]

    @property
    def ready_count(self) -> int:
        """Number of transactions that could enter the next block."""
        return self._waiting.ready.count

    @property
    def future_count(self) -> int:
        """Number of transactions that wait for others."""
        return self._waiting.future.count

    def next_nonce(self, account: bytes) -> int:
        """Return the account's first nonce that neither a block nor a ready transaction, which leave no gap, uses."""
        account = self.impersonation.actor(account)
        return self.next_free(self._chain.nonce(account), lambda nonce: nonce_tag(account, nonce))

    def next_free(self, used: int, tag_of: Callable[[int], bytes]) -> int:
        """Return the first nonce from `used` on whose tag no ready transaction provides."""
        return self._waiting.next_free(used, tag_of)

    # --- submission ----------------------------------------------------------------------------------------

    @reporting
    def submit(self, raw: bytes, watcher: Watcher | None = None, decoded: Extrinsic | None = None) -> bytes:
        """Add an encoded extrinsic (exactly one, see `opaque`) and return its hash; raises Rejected.

        `watcher` is called with its statuses, beginning with "ready" or "future"; `decoded` is the result of `decode`.
        """
        transaction_hash, number = self._require_new(raw), self._chain.head.number
        extrinsic = decoded or self._decode(raw, transaction_hash)
        validity = self._validate(extrinsic, transaction_hash)
        if not validity.provides:
            raise NoTags(f"0x{transaction_hash.hex()} provides no tags")
        transaction = self._transaction(extrinsic, transaction_hash, validity, number)
        for dropped in make_room(self._waiting, self.limits, transaction):
            self._end([dropped], DROPPED)
        try:
            arrival = self._waiting.add(transaction)
        except TooLowPriority as error:
            raise PriorityTooLow(str(error)) from error
        except Cycle as error:
            raise CycleDetected(str(error)) from error
        self._validated[transaction_hash] = number
        if transaction.valid_till <= U32_MAX:  # block numbers are u32, so later deaths never come
            self._expiries.add(transaction_hash, transaction.valid_till, self._waiting.all)
        if watcher is not None:
            self.watchers.add(transaction_hash, watcher)
        if not transaction.is_ready:
            self.watchers.report(transaction_hash, FUTURE)
        self._arrived(arrival, transaction_hash)
        return transaction_hash

    @reporting
    def decode(self, raw: bytes) -> Extrinsic:
        """Return an encoded extrinsic for `submit`, decoded; raises Rejected. If it is long there may be pauses."""
        return self._decode(raw, self._require_new(raw))

    def _decode(self, raw: bytes, transaction_hash: bytes) -> Extrinsic:
        try:
            return decode(self._chain, raw, self.impersonation)
        except ScaleError as error:
            raise Undecodable(str(error)) from error
        except Refused as refused:
            raise self._invalid(transaction_hash, refused) from refused

    def _require_new(self, raw: bytes) -> bytes:
        """Return the hash of an extrinsic; raise Banned or AlreadyImported."""
        transaction_hash = blake2_256(raw)
        if (banned_until := self._bans.until(transaction_hash)) >= self._chain.head.number:
            raise Banned(f"0x{transaction_hash.hex()} is banned until block {banned_until}")
        if transaction_hash in self._waiting.all:
            raise AlreadyImported(transaction_hash)
        return transaction_hash

    def _validate(self, extrinsic: Extrinsic, transaction_hash: bytes) -> ValidTransaction:
        try:
            return validate_transaction(self._chain.pending_context(), extrinsic)
        except Refused as refused:
            raise self._invalid(transaction_hash, refused) from refused

    def _invalid(self, transaction_hash: bytes, refused: Refused) -> Invalid:
        """Ban a refused transaction, unless that may change, and return its rejection."""
        if not isinstance(refused.reason, UnknownTransaction):
            self._ban(transaction_hash)
        return Invalid(refused)

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

    # --- watching ------------------------------------------------------------------------------------------

    def watch(self, transaction_hash: bytes, watcher: Watcher) -> None:
        """Report the status of a transaction of the pool to `watcher`, now and when it changes."""
        transaction = self._waiting.all[transaction_hash]
        self.watchers.add(transaction_hash, watcher)
        watcher(READY if transaction.is_ready else FUTURE)

    def unwatch(self, transaction_hash: bytes, watcher: Watcher) -> None:
        """Stop reporting to `watcher`."""
        self.watchers.remove(transaction_hash, watcher)

    def _arrived(self, arrival: Arrival, usurper: bytes) -> None:
        """Report the effects of an added transaction on others."""
        if arrival.usurped:
            self._end(arrival.usurped, Status("usurped", usurper))
        self._end(arrival.outbid, INVALID)
        for transaction in arrival.ready:
            if transaction.hash in self._waiting.all:
                self.watchers.report(transaction.hash, READY)
                self.report_ready(transaction.extrinsic)

    def _end(self, removed: Iterable[Transaction], status: Status) -> None:
        for transaction in removed:
            self._validated.pop(transaction.hash, None)
            self.watchers.report(transaction.hash, status)

    # --- removal -------------------------------------------------------------------------------------------

    def refused(self, extrinsic: Extrinsic, error: Exception) -> None:
        """Remove an extrinsic that could not be applied to the next block, with all that depend on it; report it."""
        self.remove([extrinsic.hash])
        self.report_rejection(extrinsic.raw, rejection(error))

    def remove(self, hashes: Iterable[bytes]) -> list[bytes]:
        """Remove transactions and all that depend on them as invalid, ban them, and return their hashes."""
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
        blocks = self.limits.ban_ms // self._chain.slot_ms
        if blocks:
            self._bans.add(transaction_hash, self._chain.head.number + blocks)

    def clear(self) -> None:
        """Drop all transactions and bans, and what was in blocks after the head, to which the chain has gone back."""
        lost = [*self._waiting.all, *self.watchers.rolled_back(self._chain.head.number)]
        self._start()
        for transaction_hash in lost:
            self.watchers.report(transaction_hash, DROPPED)

    def snapshot(self) -> Callable[[], None]:
        """Return a function that restores the pool as it is, if the chain is back at its head, and drops the rest."""
        waiting, expiries, validated = self._waiting.copy(), self._expiries.copy(), dict(self._validated)
        watchers, bans, impersonation = self.watchers.copy(), self._bans.copy(), self.impersonation.copy()

        def restore() -> None:
            for transaction_hash in [*self._waiting.all, *self.watchers.rolled_back(self._chain.head.number)]:
                if transaction_hash not in waiting.all:
                    self.watchers.report(transaction_hash, DROPPED)
            self._waiting, self._expiries, self._validated = waiting.copy(), expiries.copy(), dict(validated)
            self.watchers, self._bans, self.impersonation = watchers.copy(), bans.copy(), impersonation.copy()

        return restore

    # --- new blocks ----------------------------------------------------------------------------------------

    def block_imported(self, block_hash: bytes, extrinsics: Sequence[bytes]) -> None:
        """Remove what the new head includes and what can no longer be included, and revalidate a few others."""
        foreign: list[bytes] = []
        if self._waiting.all:
            foreign = [raw for raw in extrinsics if not self._settle(blake2_256(raw), block_hash)]
        self.remove([each for each in self._expiries.pop(self._chain.head.number) if each in self._waiting.all])
        if self._waiting.all:
            self._revalidate(self._rivals(foreign))
            old = self._chain.head.number - REVALIDATED_AFTER
            oldest = islice(self._validated.items(), REVALIDATED_AT_ONCE)
            self._revalidate([transaction_hash for transaction_hash, number in oldest if number <= old])

    def _settle(self, transaction_hash: bytes, block_hash: bytes) -> bool:
        """Remove an included transaction; return whether it was in the pool."""
        transaction = self._waiting.all.get(transaction_hash)
        if transaction is None:
            return False
        self._ban(transaction_hash)
        arrival = self._waiting.settle(transaction)
        self._validated.pop(transaction_hash, None)
        self.watchers.included(transaction_hash, self._chain.head.number, block_hash)
        self._arrived(arrival, transaction_hash)
        return True

    def _rivals(self, foreign: Iterable[bytes]) -> list[bytes]:
        """Return the hashes of transactions whose senders have one in the block that was not in this pool."""
        sender = self._chain.runtime.sender
        senders = {each for raw in foreign if (each := sender(self._chain.runtime.decode(raw)))}
        if not senders:
            return []
        return [key for key, each in self._waiting.all.items() if sender(each.extrinsic) in senders]

    def _revalidate(self, hashes: Iterable[bytes]) -> None:
        ctx = self._chain.pending_context()
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
            self._validated[transaction_hash] = self._chain.head.number
            arrival = Arrival()
            self._waiting.release(transaction, transaction.requires.difference(validity.requires), arrival)
            self._arrived(arrival, transaction_hash)
