"""Locks and conviction against the formulas in decimals, and the rules of the real pallet's tests (`locks.rs`)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pysubtensor.consensus.conviction import LockKind, LockSnapshot, exp_decay, reduce_lock, roll_forward_lock

from tests.world import ONE

RATE = 934_866
DECAYING, PERPETUAL = LockKind(to_owner=False, perpetual=False), LockKind(to_owner=False, perpetual=True)
OF_OWNER = LockKind(to_owner=True, perpetual=False)


def e(exponent: Decimal) -> Decimal:
    return exponent.exp()


def test_there_is_no_decay_without_blocks() -> None:
    assert exp_decay(0, 216_000) == exp_decay(0, 0) == ONE


def test_a_rate_of_zero_decays_within_a_block() -> None:
    assert exp_decay(1_000, 0) == 0


@pytest.mark.parametrize("rates", [1, 2, 5, 10])
def test_decay_is_the_exponential(rates: int) -> None:
    assert exp_decay(rates * RATE, RATE) / ONE == pytest.approx(float(e(Decimal(-rates))), rel=1e-7)


def test_decay_stops_at_forty_rates() -> None:
    assert exp_decay(40 * RATE, RATE) == exp_decay(100 * RATE, RATE)


@pytest.mark.parametrize(
    ("unlocking", "maturing", "gained"),
    [
        (1, 3, (e(Decimal(-1)) - e(Decimal(-1) / 3)) / (1 - 3)),
        (3, 1, 3 * (e(Decimal(-1) / 3) - e(Decimal(-1))) / (3 - 1)),
        (2, 2, e(Decimal(-1) / 2) / 2),
        (0, 3, Decimal(0)),
        (3, 0, Decimal(0)),
        (0, 0, Decimal(0)),
    ],
)
def test_short_rates_follow_the_formula_and_without_a_rate_nothing_matures(
    unlocking: int, maturing: int, gained: Decimal
) -> None:
    rolled = roll_forward_lock(LockSnapshot(10**9, 0, 0), 1, DECAYING, unlocking, maturing)
    assert rolled.conviction / ONE == pytest.approx(float(10**9 * gained), abs=2)


@settings(max_examples=60)
@given(
    mass=st.integers(10**6, 10**16),
    conviction=st.integers(0, 10**16),
    blocks=st.integers(1, 3 * RATE),
    maturity=st.sampled_from([RATE, RATE // 2, 3 * RATE]),
)
def test_locks_follow_the_formulas(mass: int, conviction: int, blocks: int, maturity: int) -> None:
    lock = LockSnapshot(mass, conviction * ONE, 7)
    unlocking, maturing = e(Decimal(-blocks) / RATE), e(Decimal(-blocks) / maturity)
    decaying = roll_forward_lock(lock, 7 + blocks, DECAYING, RATE, maturity)
    if maturity == RATE:
        ripened = Decimal(blocks) / RATE * maturing
    else:
        ripened = Decimal(RATE) / (RATE - maturity) * (unlocking - maturing)
    tolerance = (mass + conviction) * 1e-9 + 2
    assert decaying.mass == pytest.approx(float(mass * unlocking), abs=tolerance)
    assert decaying.conviction / ONE == pytest.approx(float(conviction * maturing + mass * ripened), abs=tolerance)
    assert decaying.block == 7 + blocks
    perpetual = roll_forward_lock(lock, 7 + blocks, PERPETUAL, RATE, maturity)
    assert perpetual.mass == mass
    expected = conviction * maturing + mass * (1 - maturing)
    assert perpetual.conviction / ONE == pytest.approx(float(expected), abs=tolerance)


def test_a_lock_to_the_owner_has_full_conviction_at_once() -> None:
    assert roll_forward_lock(LockSnapshot(5_000, 0, 7), 7, OF_OWNER, RATE, RATE) == LockSnapshot(5_000, 5_000 * ONE, 7)
    later = roll_forward_lock(LockSnapshot(5_000, 0, 7), 7 + RATE, OF_OWNER, RATE, RATE)
    assert later.conviction == later.mass * ONE


def test_a_lock_is_not_rolled_back_to_an_earlier_block() -> None:
    assert roll_forward_lock(LockSnapshot(5_000, 3 * ONE, 7), 6, DECAYING, RATE, RATE) == LockSnapshot(
        5_000, 3 * ONE, 7
    )


def test_a_lock_below_the_threshold_is_zero() -> None:
    assert roll_forward_lock(LockSnapshot(99, 99 * ONE, 7), 7, DECAYING, RATE, RATE) == LockSnapshot(0, 0, 7)
    assert roll_forward_lock(LockSnapshot(100, 0, 7), 7, DECAYING, RATE, RATE) == LockSnapshot(100, 0, 7)
    assert roll_forward_lock(LockSnapshot(0, 100 * ONE, 7), 7, DECAYING, RATE, RATE) == LockSnapshot(0, 100 * ONE, 7)


def test_reducing_a_lock_reduces_its_conviction_in_proportion() -> None:
    lock = LockSnapshot(1_000, 800 * ONE, 7)
    assert reduce_lock(lock, 250, 9) == LockSnapshot(750, 600 * ONE, 9)
    assert reduce_lock(lock, 1_000, 9) == reduce_lock(lock, 5_000, 9) == LockSnapshot(0, 0, 9)


def test_sums_and_differences_of_locks() -> None:
    assert LockSnapshot(5, 2 * ONE, 7).add(LockSnapshot(6, ONE, 3)) == LockSnapshot(11, 3 * ONE, 7)
    assert LockSnapshot(5, 2 * ONE, 7).subtract(6, 3 * ONE) == LockSnapshot(0, 0, 7)
