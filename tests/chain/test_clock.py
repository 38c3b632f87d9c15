"""Clocks: blocks are whole slots apart, and what is set holds for one block."""

from __future__ import annotations

import pytest
from pysubtensor.chain.clock import Clock, ClockError, LogicalClock, SystemClock

SLOT = 12_000


@pytest.mark.parametrize(
    ("now_s", "parent_ms", "time_ms"),
    [
        (24.0, 0, 24_000),
        (35.999, 0, 24_000),
        (36.0, 0, 36_000),
        (24.0, 24_000, 36_000),
        (24.0, 12_000, 24_000),
        (24.0, 60_000, 72_000),
    ],
)
def test_the_machines_time_is_rounded_down_to_a_slot_after_the_parents(
    now_s: float, parent_ms: int, time_ms: int
) -> None:
    clock = SystemClock(lambda: now_s)
    assert clock.next_timestamp(parent_ms, SLOT) == time_ms
    clock.commit(time_ms)
    clock.snapshot()()
    assert clock.next_timestamp(parent_ms, SLOT) == time_ms


def test_logical_blocks_are_one_slot_apart_from_the_start() -> None:
    clock = LogicalClock(50_000)
    assert [clock.next_timestamp(parent, SLOT) for parent in (0, 36_000, 48_000, 61_000)] == [
        48_000,
        48_000,
        60_000,
        72_000,
    ]


def test_a_time_that_is_set_holds_for_the_next_block_alone() -> None:
    clock = LogicalClock(0)
    clock.set_next(100_000, 24_000)
    assert clock.next_timestamp(24_000, SLOT) == 96_000
    clock.commit(96_000)
    assert clock.next_timestamp(24_000, SLOT) == 36_000


def test_travelling_is_from_the_parents_time() -> None:
    clock = LogicalClock(0)
    clock.travel(600_000, 24_000)
    assert clock.next_timestamp(24_000, SLOT) == 624_000


@pytest.mark.parametrize("timestamp", [24_000, 23_999])
def test_no_block_is_before_its_parent(timestamp: int) -> None:
    clock = LogicalClock(0)
    message = rf"^the next block must be later than 24000 ms, got {timestamp} ms$"
    with pytest.raises(ClockError, match=message):
        clock.set_next(timestamp, 24_000)
    clock.set_next(24_001, 24_000)


def test_time_ends_with_the_year_9999() -> None:
    clock = LogicalClock(0)
    clock.set_next(253_402_300_799_999, 24_000)
    with pytest.raises(ClockError, match="before the year 10000, 253402300799999 ms, got 253402300800000 ms"):
        clock.set_next(253_402_300_800_000, 24_000)


def test_only_the_machines_clock_has_a_present() -> None:
    assert SystemClock(lambda: 24.5).present_ms() == 24_500
    clock: Clock = LogicalClock(24_000)
    assert clock.present_ms() is None


def test_a_snapshot_brings_back_what_was_set() -> None:
    clock = LogicalClock(0)
    clock.set_next(100_000, 0)
    restore = clock.snapshot()
    clock.commit(96_000)
    restore()
    assert clock.next_timestamp(0, SLOT) == 96_000
