"""Grandpa: changes of voters, their digest items, and reports of double votes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pysubtensor.runtime.frame.call import RUNTIME_CALL
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.digest import Consensus, DigestItem, aura_pre_runtime
from pysubtensor.runtime.frame.errors import BadOrigin, DispatchFailed, as_dispatch_error
from pysubtensor.runtime.frame.origin import NONE, ROOT_ORIGIN
from pysubtensor.runtime.frame.weight import Weight
from pysubtensor.runtime.pallets import grandpa
from pysubtensor.runtime.pallets.grandpa import (
    Authorities,
    Error,
    Live,
    NewAuthorities,
    NextForced,
    Paused,
    PausedState,
    PendingChange,
    PendingPause,
    PendingResume,
    Resumed,
    Stalled,
    State,
    note_stalled,
    schedule_change,
)
from pysubtensor.runtime.scale import Reader, ScaleError, Sum

from tests.costs import RUNTIME
from tests.world import Blocks, Dispatch, RefusedCall, account

VOTERS = [(account(1), 1), (account(2), 3)]
#: Two voters with their weights.
ENCODED = b"\x08" + account(1) + (1).to_bytes(8, "little") + account(2) + (3).to_bytes(8, "little")


def logs(digest: list[DigestItem]) -> list[bytes]:
    """Return the consensus items of the digest for voters."""
    return [item.data for item in digest if isinstance(item, Consensus) and item.engine == b"FRNK"]


def voters_events(ctx: Context) -> list[Sum]:
    return [event for event in ctx.block.events if isinstance(event, grandpa.Event)]


def test_a_change_is_announced_at_once_and_enacted_after_its_delay(blocks: Blocks) -> None:
    schedule_change(blocks.begin(), VOTERS, 2)
    header = blocks.end()
    assert logs(header.digest.logs) == [b"\x01" + ENCODED + (2).to_bytes(4, "little")]
    assert header.digest.logs[0] == aura_pre_runtime(1)
    assert logs((blocks.begin() and blocks.end()).digest.logs) == []
    assert Authorities.get(blocks.ctx) == []
    ctx = blocks.begin()
    assert logs(blocks.end().digest.logs) == []
    assert Authorities.get(ctx) == VOTERS
    assert voters_events(ctx) == [NewAuthorities(VOTERS)]
    assert not PendingChange.exists(ctx)


def test_a_change_without_delay_is_enacted_in_its_own_block(blocks: Blocks) -> None:
    ctx = blocks.begin()
    schedule_change(ctx, VOTERS, 0)
    assert logs(blocks.end().digest.logs) == [b"\x01" + ENCODED + bytes(4)]
    assert Authorities.get(ctx) == VOTERS


def test_a_forced_change_contains_the_last_final_block(blocks: Blocks) -> None:
    ctx = blocks.begin()
    schedule_change(ctx, VOTERS, 4, forced=7)
    assert NextForced.get(ctx) == 1 + 2 * 4
    expected = b"\x02" + (7).to_bytes(4, "little") + ENCODED + (4).to_bytes(4, "little")
    assert logs(blocks.end().digest.logs) == [expected]


def failure(change: Callable[[], None]) -> Any:
    with pytest.raises(DispatchFailed) as failed:
        change()
    return failed.value.error


def test_only_one_change_can_be_pending(ctx: Context) -> None:
    schedule_change(ctx, VOTERS, 1)
    assert failure(lambda: schedule_change(ctx, VOTERS, 1)) == as_dispatch_error(Error.ChangePending)


def test_a_change_is_forced_again_after_twice_its_delay(ctx: Context) -> None:
    schedule_change(ctx, VOTERS, 5, forced=0)
    PendingChange.kill(ctx)
    ctx.block.number = 10
    assert failure(lambda: schedule_change(ctx, VOTERS, 5, forced=0)) == as_dispatch_error(Error.TooSoon)
    schedule_change(ctx, VOTERS, 5)
    PendingChange.kill(ctx)
    ctx.block.number = 11
    schedule_change(ctx, VOTERS, 5, forced=0)
    assert NextForced.get(ctx) == 21


def test_more_voters_than_the_weak_bound_are_accepted(ctx: Context) -> None:
    voters = [(account(index), 1) for index in range(33)]
    schedule_change(ctx, voters, 1)
    change = PendingChange.get(ctx)
    assert change is not None
    assert change.next_authorities == voters


@pytest.mark.parametrize(
    ("pending", "log", "after", "event"),
    [
        (PendingPause(1, 1), b"\x04\x01\0\0\0", PausedState(), Paused()),
        (PendingResume(1, 1), b"\x05\x01\0\0\0", Live(), Resumed()),
    ],
)
def test_a_pending_pause_or_resumption_is_announced_and_enacted(
    blocks: Blocks, pending: PendingPause | PendingResume, log: bytes, after: Sum, event: Sum
) -> None:
    State.put(blocks.begin(), pending)
    assert logs(blocks.end().digest.logs) == [log]
    assert State.get(blocks.ctx) == pending
    ctx = blocks.begin()
    assert logs(blocks.end().digest.logs) == []
    assert State.get(ctx) == after
    assert voters_events(ctx) == [event]


def test_root_records_stalled_finality(ctx: Context, dispatch: Dispatch, refused: RefusedCall) -> None:
    refused(bytes(32), note_stalled.call(5, 9), BadOrigin())
    refused(NONE, note_stalled.call(5, 9), BadOrigin())
    dispatch(ROOT_ORIGIN, note_stalled.call(5, 9))
    assert Stalled.get(ctx) == (5, 9)


@pytest.mark.parametrize("index", [0, 1])
def test_double_votes_cannot_be_reported(index: int) -> None:
    """A report has set, prevotes, round, voter and two signed votes; its proof is of a type without values."""
    vote = bytes(32) + bytes(4) + bytes(64)
    report = bytes((4, index)) + bytes(8) + b"\0" + bytes(8) + bytes(32) + vote + vote
    for proof in (b"", b"\0", b"\1"):
        with pytest.raises(ScaleError):
            RUNTIME_CALL.read(Reader(report + proof, scope=RUNTIME))


def test_reporting_is_weighed_for_100_voters_and_20_nominators() -> None:
    reads, writes = 5 + 14 + 60 + 2, 10 + 60
    expected = 35_000_000 + 17_500_000 + 95_000_000 + 110_000_000 + 500_000_000
    assert Weight(expected + reads * 25_000_000 + writes * 100_000_000) == grandpa.REPORT


def test_the_initial_state_is_live(ctx: Context) -> None:
    assert State.get(ctx) == Live()
