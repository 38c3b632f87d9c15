"""Locks and conviction against the formulas in decimals, and what the real pallet's tests (`locks.rs`) say of them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pysubtensor.consensus.conviction import Kind, Locked, exp_decay, reduced, rolled

from tests.world import ONE

RATE = 934_866
DECAYING, PERPETUAL = Kind(to_owner=False, perpetual=False), Kind(to_owner=False, perpetual=True)
OF_OWNER = Kind(to_owner=True, perpetual=False)


def e(exponent: Decimal) -> Decimal:
    return exponent.exp()


def test_nothing_decays_in_no_time() -> None:
    assert exp_decay(0, 216_000) == exp_decay(0, 0) == ONE


def test_a_rate_of_zero_decays_at_once() -> None:
    assert exp_decay(1_000, 0) == 0


@pytest.mark.parametrize("rates", [1, 2, 5, 10])
def test_decay_is_the_exponential(rates: int) -> None:
    assert exp_decay(rates * RATE, RATE) / ONE == pytest.approx(float(e(Decimal(-rates))), rel=1e-7)


def test_decay_stops_at_forty_rates() -> None:
    assert exp_decay(40 * RATE, RATE) == exp_decay(100 * RATE, RATE)


@settings(max_examples=60)
@given(
    mass=st.integers(10**6, 10**16),
    conviction=st.integers(0, 10**16),
    blocks=st.integers(1, 3 * RATE),
    maturity=st.sampled_from([RATE, RATE // 2, 3 * RATE]),
)
def test_locks_follow_the_formulas(mass: int, conviction: int, blocks: int, maturity: int) -> None:
    lock = Locked(mass, conviction * ONE, 7)
    unlocking, maturing = e(Decimal(-blocks) / RATE), e(Decimal(-blocks) / maturity)
    decaying = rolled(lock, 7 + blocks, DECAYING, RATE, maturity)
    if maturity == RATE:
        ripened = Decimal(blocks) / RATE * maturing
    else:
        ripened = Decimal(RATE) / (RATE - maturity) * (unlocking - maturing)
    tolerance = (mass + conviction) * 1e-9 + 2
    assert decaying.mass == pytest.approx(float(mass * unlocking), abs=tolerance)
    assert decaying.conviction / ONE == pytest.approx(float(conviction * maturing + mass * ripened), abs=tolerance)
    assert decaying.block == 7 + blocks
    perpetual = rolled(lock, 7 + blocks, PERPETUAL, RATE, maturity)
    assert perpetual.mass == mass
    expected = conviction * maturing + mass * (1 - maturing)
    assert perpetual.conviction / ONE == pytest.approx(float(expected), abs=tolerance)


def test_a_lock_to_the_owner_has_full_conviction_at_once() -> None:
    assert rolled(Locked(5_000, 0, 7), 7, OF_OWNER, RATE, RATE) == Locked(5_000, 5_000 * ONE, 7)
    later = rolled(Locked(5_000, 0, 7), 7 + RATE, OF_OWNER, RATE, RATE)
    assert later.conviction == later.mass * ONE


def test_a_lock_is_not_reckoned_back() -> None:
    assert rolled(Locked(5_000, 3 * ONE, 7), 6, DECAYING, RATE, RATE) == Locked(5_000, 3 * ONE, 7)


def test_a_lock_of_next_to_nothing_is_none() -> None:
    assert rolled(Locked(99, 99 * ONE, 7), 7, DECAYING, RATE, RATE) == Locked(0, 0, 7)
    assert rolled(Locked(100, 0, 7), 7, DECAYING, RATE, RATE) == Locked(100, 0, 7)
    assert rolled(Locked(0, 100 * ONE, 7), 7, DECAYING, RATE, RATE) == Locked(0, 100 * ONE, 7)


def test_what_is_taken_takes_its_part_of_conviction() -> None:
    lock = Locked(1_000, 800 * ONE, 7)
    assert reduced(lock, 250, 9) == Locked(750, 600 * ONE, 9)
    assert reduced(lock, 1_000, 9) == reduced(lock, 5_000, 9) == Locked(0, 0, 9)


def test_sums_stop_at_zero() -> None:
    assert Locked(5, 2 * ONE, 7).plus(Locked(6, ONE, 3)) == Locked(11, 3 * ONE, 7)
    assert Locked(5, 2 * ONE, 7).minus(6, 3 * ONE) == Locked(0, 0, 7)
