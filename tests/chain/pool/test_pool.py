"""The pool with the real runtime, and its order against a slow, obvious sort."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pysubtensor.chain.blocks import Head
from pysubtensor.chain.pool.decoding import VERIFIED_FIRST
from pysubtensor.chain.pool.graph import Cycle, NotPlaced, Transaction, TransactionGraph
from pysubtensor.chain.pool.limits import PoolLimits
from pysubtensor.chain.pool.pool import REVALIDATED_AFTER, TransactionPool
from pysubtensor.chain.pool.rejections import (
    AlreadyImported,
    Banned,
    ImmediatelyDropped,
    Invalid,
    PriorityTooLow,
    Undecodable,
)
from pysubtensor.chain.pool.status import DROPPED, FUTURE, READY, Status
from pysubtensor.runtime import validation
from pysubtensor.runtime.client.signing import Signer
from pysubtensor.runtime.composition import spec_425
from pysubtensor.runtime.crypto import Keypair
from pysubtensor.runtime.crypto.hashing import blake2_256
from pysubtensor.runtime.crypto.signatures import verify_account
from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.context import BlockEnvironment, Context
from pysubtensor.runtime.frame.era import IMMORTAL, Era
from pysubtensor.runtime.frame.extrinsic import Extrinsic, ExtrinsicCodec, Id, Kind, Sr25519
from pysubtensor.runtime.frame.validity import BadProof, NoUnsignedValidator, Payment, Stale
from pysubtensor.runtime.pallets import system
from pysubtensor.runtime.pallets.balances.calls import transfer_keep_alive
from pysubtensor.runtime.state.overlay import MemoryBackend, State

from tests.world import ALICE_KEY as ALICE
from tests.world import BOB_KEY as BOB
from tests.world import UNFUNDED_KEY, fund

GENESIS = bytes(31) + b"\x01"
#: A call with more priority than a transfer.
OPERATIONAL = system.kill_storage.call([bytes(60)])


class Little:
    """The state of a chain, to which tests add blocks."""

    slot_ms = 12_000

    def __init__(self, limits: PoolLimits | None = None) -> None:
        self.runtime = spec_425()
        self.state = State(MemoryBackend())
        self.head = Head(0, GENESIS)
        ctx = self.pending_context()
        fund(ctx, (ALICE.account, BOB.account))
        system.BlockHash.put(ctx, 0, GENESIS)
        self.pool = TransactionPool(self, limits)
        self.heard: list[tuple[bytes, Status]] = []

    def pending_context(self) -> Context:
        return Context(self.runtime, self.state, BlockEnvironment(self.head.number + 1, GENESIS))

    def nonce(self, account: bytes) -> int:
        return system.Account.get(self.pending_context(), account).nonce

    def sign(self, key: Keypair, nonce: int, value: int = 1, call: Call | None = None, era: Era = IMMORTAL) -> bytes:
        call = call or transfer_keep_alive.call(Id(BOB.account), value)
        return Signer(GENESIS).sign(call, key, nonce=nonce, era=era, era_hash=GENESIS)

    def submit(self, raw: bytes) -> bytes:
        """Submit with a watcher, whose statuses are appended to `heard`."""
        return self.pool.submit(raw, lambda status: self.heard.append((blake2_256(raw), status)))

    def block(self, *raws: bytes) -> bytes:
        """Append a block of these extrinsics, which only increments their nonces."""
        ctx = self.pending_context()
        for raw in raws:
            signer = self.runtime.decode(raw).signer
            assert signer is not None
            account = system.Account.get(ctx, signer)
            system.Account.put(ctx, signer, replace(account, nonce=account.nonce + 1))
        number = self.head.number + 1
        self.head = Head(number, bytes([number]) * 32)
        self.pool.block_imported(self.head.hash, raws)
        return self.head.hash

    def statuses(self, raw: bytes) -> list[Status]:
        return [status for key, status in self.heard if key == blake2_256(raw)]

    def order(self) -> list[bytes]:
        return [extrinsic.raw for extrinsic in self.pool.ready()]


@pytest.fixture
def little() -> Little:
    return Little()


# --- what enters ---------------------------------------------------------------------------------------------


def test_a_valid_transaction_is_ready_and_its_signature_checked(little: Little) -> None:
    raw = little.sign(ALICE, 0)
    assert little.submit(raw) == blake2_256(raw)
    assert little.statuses(raw) == [READY]
    assert all(extrinsic.verified for extrinsic in little.pool.ready())


def test_refused_transactions_are_banned(little: Little) -> None:
    raw = bytearray(little.sign(ALICE, 0))
    raw[80] ^= 1
    with pytest.raises(Invalid) as refused:
        little.pool.submit(bytes(raw))
    assert isinstance(refused.value.reason, BadProof)
    with pytest.raises(Banned):
        little.pool.submit(bytes(raw))
    with pytest.raises(Invalid) as refused:
        little.pool.submit(little.sign(UNFUNDED_KEY, 0))
    assert isinstance(refused.value.reason, Payment)
    assert len(little.pool) == 0


def test_calls_without_a_signature_are_not_taken(little: Little) -> None:
    with pytest.raises(Invalid) as refused:
        little.pool.submit(ExtrinsicCodec.bare(transfer_keep_alive.call(Id(BOB.account), 1)))
    assert isinstance(refused.value.reason, NoUnsignedValidator)
    assert len(little.pool) == 0


@pytest.mark.parametrize("raw", [b"", b"\0", b"\x04\xff", b"garbage" * 9, b"\xfe\xff\xff\xff"])
def test_invalid_extrinsics_are_refused(little: Little, raw: bytes) -> None:
    with pytest.raises(Undecodable):
        little.pool.submit(raw)


def test_a_long_transaction_with_a_wrong_signature_is_not_decoded(little: Little) -> None:
    """A short one that cannot be decoded is reported as that first, as by the genuine node."""
    undecodable = b"\xff" * 100
    for length, expected in ((100, Undecodable), (VERIFIED_FIRST, Invalid)):
        call = undecodable + bytes(length)
        with pytest.raises(expected):
            little.submit(ExtrinsicCodec.signed(ALICE.account, Sr25519(bytes(64)), bytes(4), call))


def test_a_long_transaction_is_verified_once(little: Little, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = little.sign(ALICE, 0, call=system.remark.call(bytes(VERIFIED_FIRST)))
    checked: list[bytes] = []
    monkeypatch.setattr(validation, "verify_account", lambda *given: checked.append(given[2]) or verify_account(*given))
    decoded = little.pool.decode(raw)
    assert little.pool.submit(raw, None, decoded) == blake2_256(raw)
    assert [len(each) for each in checked] == [32]
    with pytest.raises(AlreadyImported):
        little.pool.decode(raw)
    with pytest.raises(AlreadyImported):
        little.pool.submit(raw, None, decoded)


def test_the_same_transaction_enters_once(little: Little) -> None:
    raw = little.sign(ALICE, 0)
    little.pool.submit(raw)
    with pytest.raises(AlreadyImported) as rejected:
        little.pool.submit(raw)
    assert rejected.value.hash == blake2_256(raw)


def test_a_ban_ends_after_its_time(little: Little) -> None:
    raw = little.sign(UNFUNDED_KEY, 0)
    with pytest.raises(Invalid):
        little.pool.submit(raw)
    little.head = Head(little.pool.limits.ban_ms // little.slot_ms, GENESIS)
    with pytest.raises(Banned):
        little.pool.submit(raw)
    little.head = Head(little.head.number + 1, GENESIS)
    with pytest.raises(Invalid):
        little.pool.submit(raw)


# --- order ---------------------------------------------------------------------------------------------------


def test_a_nonce_ahead_waits_for_those_before_it(little: Little) -> None:
    raws = [little.sign(ALICE, nonce) for nonce in range(4)]
    for nonce in (3, 1, 2):
        little.submit(raws[nonce])
    assert (little.pool.ready_count, little.pool.future_count, little.pool.next_nonce(ALICE.account)) == (0, 3, 0)
    little.submit(raws[0])
    assert little.order() == raws
    assert [little.statuses(raw) for raw in raws] == [[READY]] + [[FUTURE, READY]] * 3
    assert little.pool.next_nonce(ALICE.account) == 4


def test_operational_calls_go_before_normal_ones(little: Little) -> None:
    transfer, late = little.sign(BOB, 0), little.sign(BOB, 1)
    privileged = little.sign(ALICE, 0, call=OPERATIONAL)
    for raw in (transfer, privileged, late):
        little.pool.submit(raw)
    assert little.order() == [privileged, transfer, late]


def test_the_same_nonce_again_is_refused_at_equal_priority(little: Little) -> None:
    little.pool.submit(little.sign(ALICE, 0, 1))
    with pytest.raises(PriorityTooLow, match=r"^Priority is too low: \((\d+) vs \1\)$"):
        little.pool.submit(little.sign(ALICE, 0, 2))


def test_a_call_of_more_priority_usurps_the_same_nonce(little: Little) -> None:
    old, following = little.sign(ALICE, 0), little.sign(ALICE, 1)
    little.submit(old)
    little.submit(following)
    new = little.sign(ALICE, 0, call=OPERATIONAL)
    little.submit(new)
    assert little.order() == [new, following], "what required the nonce still has it"
    assert little.statuses(old) == [READY, Status("usurped", blake2_256(new))]
    assert (little.statuses(new), little.statuses(following)) == ([READY], [READY])
    with pytest.raises(PriorityTooLow):
        little.submit(old)


def test_next_nonce_stops_at_a_gap(little: Little) -> None:
    for nonce in [*range(21), *range(22, 40)]:
        little.pool.submit(little.sign(ALICE, nonce))
    assert little.pool.next_nonce(ALICE.account) == 21
    assert little.pool.next_nonce(BOB.account) == 0


# --- leaving -------------------------------------------------------------------------------------------------


def test_transactions_of_a_block_leave_the_pool(little: Little) -> None:
    first, second, future = (little.sign(ALICE, nonce) for nonce in (0, 1, 3))
    for raw in (first, second, future):
        little.submit(raw)
    block = little.block(first)
    assert little.statuses(first) == [READY, Status("inBlock", block)]
    little.pool.watchers.finalized(0)
    assert len(little.statuses(first)) == 2, "an earlier block is final"
    little.pool.watchers.finalized(1)
    assert little.statuses(first)[2:] == [Status("finalized", block)]
    assert (little.order(), little.pool.future_count) == ([second], 1)
    little.block(second, little.sign(ALICE, 2))
    assert little.order() == [future]
    assert little.statuses(future) == [FUTURE, READY]
    with pytest.raises(Banned):
        little.pool.submit(first)


def test_a_transaction_in_a_block_invalidates_its_conflict(little: Little) -> None:
    mine, next_one = little.sign(ALICE, 0, 1), little.sign(ALICE, 1)
    little.submit(mine)
    little.submit(next_one)
    little.block(little.sign(ALICE, 0, 2))
    assert little.statuses(mine)[-1].kind == "invalid"
    assert len(little.pool) == 0, "what depended on it went with it"


def test_a_mortal_transaction_leaves_at_the_end_of_its_era(little: Little) -> None:
    raw = little.sign(ALICE, 0, era=Era.mortal(4, 0))
    little.submit(raw)
    for _ in range(2):
        little.block()
        assert little.order() == [raw]
    little.block()
    assert little.order() == []
    assert little.statuses(raw)[-1].kind == "invalid"


@pytest.mark.parametrize("periods", [(4, 16, 8), (16, 8, 4), (8, 4, 16)])
def test_mortal_transactions_leave_in_the_order_of_their_deaths(little: Little, periods: tuple[int, ...]) -> None:
    raws = {period: little.sign(ALICE, nonce, era=Era.mortal(period, 0)) for nonce, period in enumerate(periods)}
    for raw in raws.values():
        little.submit(raw)
    left = {}
    for number in range(1, 17):
        little.block()
        for period, raw in raws.items():
            if blake2_256(raw) not in little.pool:
                left.setdefault(period, number)
    assert [little.statuses(raw)[-1].kind for raw in raws.values()] == ["invalid"] * 3
    # What comes later from the same account goes with what it depends on.
    assert left == {period: min(periods[: at + 1]) - 1 for at, period in enumerate(periods)}


def test_a_refusal_in_a_block_removes_dependents(little: Little) -> None:
    raws = [little.sign(ALICE, nonce) for nonce in range(3)]
    other = little.sign(BOB, 0)
    for raw in (*raws, other):
        little.submit(raw)
    order = little.pool.ready()
    first = next(order)
    little.pool.refused(first, ValueError())
    assert [extrinsic.raw for extrinsic in order] == [other]
    assert little.order() == [other]
    assert all(little.statuses(raw)[-1].kind == "invalid" for raw in raws)


def test_what_is_removed_is_banned_with_all_that_depends_on_it(little: Little) -> None:
    raws = [little.sign(ALICE, nonce) for nonce in range(3)]
    other, absent = little.sign(BOB, 0), little.sign(BOB, 1)
    for raw in (*raws, other):
        little.submit(raw)
    keys = [blake2_256(raw) for raw in (*raws, absent)]
    assert little.pool.remove([keys[1], keys[3]]) == keys[1:3]
    assert little.order() == [raws[0], other]
    for raw in (*raws[1:], absent):
        with pytest.raises(Banned):
            little.pool.submit(raw)


def test_transactions_are_revalidated_after_blocks(little: Little) -> None:
    raw = little.sign(BOB, 0)
    little.submit(raw)
    system.Account.put(little.pending_context(), BOB.account, system.AccountInfo(providers=1))
    for _ in range(REVALIDATED_AFTER):
        assert little.statuses(raw) == [READY]
        little.block()
    assert little.statuses(raw)[-1].kind == "invalid"


# --- limits --------------------------------------------------------------------------------------------------


def test_the_default_limits_are_the_genuine_nodes() -> None:
    """8192 transactions of 20480 KiB are ready, a tenth of both waits for others; bans last half an hour."""
    ready, kibibytes = 8192, 20480
    assert PoolLimits() == PoolLimits(ready, kibibytes * 1024, ready // 10, kibibytes * 1024 // 10, 30 * 60_000)


def test_a_full_pool_takes_only_what_has_more_priority() -> None:
    little = Little(PoolLimits(ready_count=2, future_count=1))
    little.submit(little.sign(ALICE, 0))
    last = little.sign(ALICE, 1)
    little.submit(last)
    with pytest.raises(ImmediatelyDropped):
        little.submit(little.sign(BOB, 0))
    little.submit(little.sign(BOB, 5))
    with pytest.raises(ImmediatelyDropped):
        little.submit(little.sign(BOB, 6))
    assert (little.pool.ready_count, little.pool.future_count) == (2, 1)
    assert little.statuses(last) == [READY]


def test_a_full_pool_drops_the_latest_of_the_least_priority() -> None:
    waiting = TransactionGraph()
    for number in range(3):
        waiting.add(made(number, priority=2 if number else 3, provides=(number,)))
    least = waiting.ready.least()
    assert least is not None
    assert least.number == 2


def test_bytes_are_limited_too() -> None:
    size = len(Little().sign(ALICE, 0))
    little = Little(PoolLimits(ready_bytes=2 * size, future_bytes=size))
    little.submit(little.sign(ALICE, 0))
    little.submit(little.sign(ALICE, 5))
    with pytest.raises(ImmediatelyDropped, match=f"has its 819 future transactions, or {size} bytes of them"):
        little.submit(little.sign(ALICE, 6))
    little.submit(little.sign(ALICE, 1))
    with pytest.raises(ImmediatelyDropped, match=f"has its 8192 ready transactions, or {2 * size} bytes of them"):
        little.submit(little.sign(ALICE, 2))


def test_more_priority_drops_as_much_as_it_needs_room_for() -> None:
    size, long = len(Little().sign(BOB, 0)), len(Little().sign(ALICE, 0, call=OPERATIONAL))
    assert size < long < 2 * size
    little = Little(PoolLimits(ready_bytes=3 * size))
    raws = [little.sign(BOB, nonce) for nonce in range(3)]
    for raw in raws:
        little.submit(raw)
    urgent = little.sign(ALICE, 0, call=OPERATIONAL)
    little.submit(urgent)
    assert little.order() == [urgent, raws[0]]
    assert [little.statuses(raw)[-1] for raw in raws] == [READY, DROPPED, DROPPED]


def test_a_ban_holds_for_its_time_in_blocks() -> None:
    little = Little(PoolLimits(ban_ms=2 * Little.slot_ms))
    refused = little.sign(UNFUNDED_KEY, 0)
    with pytest.raises(Invalid):
        little.pool.submit(refused)
    for _ in range(3):
        with pytest.raises(Banned, match="is banned until block 2"):
            little.pool.submit(refused)
        little.block()
    with pytest.raises(Invalid):
        little.pool.submit(refused)


def test_a_ban_shorter_than_a_block_is_none() -> None:
    little = Little(PoolLimits(ban_ms=Little.slot_ms - 1))
    for _ in range(2):
        with pytest.raises(Invalid):
            little.pool.submit(little.sign(UNFUNDED_KEY, 0))


def test_what_has_left_the_pool_is_not_remembered_but_for_its_ban(little: Little) -> None:
    """Whether it is in a block or was refused: its watchers and the time of its validation go with it."""
    included, refused = little.sign(ALICE, 0), little.sign(BOB, 0)
    for raw in (included, refused):
        little.submit(raw)
    little.block(included)
    little.pool.watchers.finalized(1)
    little.pool.remove([blake2_256(refused)])
    assert len(little.pool) == 0
    assert little.pool._validated == {}
    assert little.pool.watchers._by_hash == {}
    assert little.pool._waiting._wanted_by == {}
    assert len(little.pool._expiries) == 0, "immortal transactions have none"
    for raw in (included, refused):
        with pytest.raises(Banned):
            little.submit(raw)


# --- taking back ---------------------------------------------------------------------------------------------


def test_a_snapshot_restores_the_pool(little: Little) -> None:
    kept, future = little.sign(ALICE, 0), little.sign(ALICE, 2)
    little.submit(kept)
    little.submit(future)
    restore = little.pool.snapshot()
    new = little.sign(BOB, 0)
    little.submit(new)
    little.pool.remove([blake2_256(kept)])
    for _ in range(2):
        restore()
        assert (little.order(), little.pool.future_count) == ([kept], 1)
        assert little.statuses(new)[-1].kind == "dropped"
        little.submit(little.sign(ALICE, 1))
        assert little.pool.ready_count == 3


def test_clearing_drops_everything_and_forgets_bans(little: Little) -> None:
    raw = little.sign(ALICE, 0)
    little.submit(raw)
    little.pool.clear()
    assert little.statuses(raw)[-1].kind == "dropped"
    little.submit(raw)
    assert little.order() == [raw]


def test_watchers_can_be_added_and_removed(little: Little) -> None:
    heard: list[Status] = []
    listen: Callable[[Status], None] = heard.append
    key = little.pool.submit(little.sign(ALICE, 1))
    little.pool.watch(key, listen)
    assert heard == [FUTURE]
    little.submit(little.sign(ALICE, 0))
    assert heard == [FUTURE, READY]
    little.pool.unwatch(key, listen)
    little.pool.clear()
    assert heard == [FUTURE, READY]


def test_a_stale_nonce_is_refused(little: Little) -> None:
    little.block(little.sign(ALICE, 0))
    with pytest.raises(Invalid) as refused:
        little.pool.submit(little.sign(ALICE, 0, 5))
    assert isinstance(refused.value.reason, Stale)


# --- the order, whatever the tags ----------------------------------------------------------------------------


def made(
    number: int, priority: int = 1, requires: tuple[int, ...] = (), provides: tuple[int, ...] = (), till: int = 9
) -> Transaction:
    """Return a transaction with invented tags."""
    call = transfer_keep_alive.call(Id(BOB.account), 1)
    name = number.to_bytes(32)
    tags = [tuple(bytes([tag]) for tag in group) for group in (requires, provides)]
    return Transaction(Extrinsic(name, Kind.SIGNED, call), name, priority, set(tags[0]), tags[1], till, number)


def slow_order(transactions: list[Transaction]) -> list[Transaction]:
    """Return the order by taking repeatedly the best transaction whose requirements are met."""
    order: list[Transaction] = []
    given: set[bytes] = set()
    while candidates := [each for each in transactions if each not in order and each.requires <= given]:
        best = min(candidates, key=lambda each: each.rank)
        order.append(best)
        given |= set(best.provides)
    return order


def test_nothing_replaces_what_it_depends_on() -> None:
    waiting = TransactionGraph()
    first = made(0, provides=(0, 1))
    waiting.add(first)
    waiting.add(made(1, requires=(1,), provides=(2,)))
    with pytest.raises(Cycle):
        waiting.add(made(2, priority=9, requires=(2,), provides=(0,)))
    assert len(waiting.all) == 2
    assert first.is_ready


Drawn = tuple[int, frozenset[int], frozenset[int]]
TAGS = st.integers(0, 7)
DRAWN = st.tuples(st.integers(1, 3), st.frozensets(TAGS, max_size=2), st.frozensets(TAGS, min_size=1, max_size=2))


@settings(max_examples=300)
@given(st.lists(DRAWN, max_size=14), st.lists(st.integers(0, 13), max_size=4))
def test_random_additions_and_removals_keep_the_pool_consistent(
    drawn: list[tuple[int, frozenset[int], frozenset[int]]], out: list[int]
) -> None:
    waiting = TransactionGraph()
    for number, (priority, requires, provides) in enumerate(drawn):
        transaction = made(number, priority, tuple(requires - provides), tuple(sorted(provides)))
        before = list(waiting.all)
        try:
            waiting.add(transaction)
        except NotPlaced:
            assert list(waiting.all) == before
        check(waiting)
    for number in out:
        chosen = waiting.all.get(number.to_bytes(32))
        if chosen is not None:
            waiting.settle(chosen) if number % 2 and chosen.is_ready else waiting.remove(chosen)
            check(waiting)
    copied = waiting.copy()
    check(copied)
    assert [each.number for each in copied.in_order()] == [each.number for each in waiting.in_order()]


def check(waiting: TransactionGraph) -> None:
    """Ready is exactly what has all it requires; each tag has one ready provider; the order is the slow one's."""
    ready = [each for each in waiting.all.values() if each.is_ready]
    tags = [tag for each in ready for tag in each.provides]
    assert len(tags) == len(set(tags))
    for each in waiting.all.values():
        assert each.is_ready == (each.requires <= set(tags))
    assert set(waiting.ready) == set(ready)
    assert (waiting.ready.count, waiting.future.count) == (len(ready), len(waiting.all) - len(ready))
    assert waiting.ready.bytes == 32 * len(ready)
    assert [each.number for each in waiting.in_order()] == [each.number for each in slow_order(ready)]
    wanted: dict[bytes, set[bytes]] = {}
    for each in waiting.all.values():
        for tag in each.requires:
            wanted.setdefault(tag, set()).add(each.hash)
    assert {tag: set(wanting) for tag, wanting in waiting._wanted_by.items()} == wanted
