"""The price of a neuron's registration: its decay over a half-life, its rise with each registration, its bounds."""

from __future__ import annotations

from decimal import Decimal, localcontext

import pytest
from pysubtensor.consensus.burn_price import HALF, ONE, clamp, decay_factor_q32, mul_by_q32, pow_q32, raise_price

from tests.world import U64_MAX

X = 1 << 64


def after(price: int, half_life: int, blocks: int) -> int:
    for _ in range(blocks):
        price = mul_by_q32(price, decay_factor_q32(half_life))
    return price


@pytest.mark.parametrize(
    ("price", "half_life", "blocks", "expected"),
    [
        (2_000, 1_000, 1, 1_998),
        (1_000, 1_000, 1, 999),
        (1_024, 2, 2, 511),
        (1_024, 2, 4, 255),
        (150_000, 1, 1, 75_000),
        (1, 1, 1, 0),
    ],
)
def test_price_decays_as_in_the_chains_own_tests(price: int, half_life: int, blocks: int, expected: int) -> None:
    assert after(price, half_life, blocks) == expected


def test_a_half_life_of_zero_means_no_decay() -> None:
    assert decay_factor_q32(0) == ONE
    assert after(777_777, 0, 5) == 777_777
    assert mul_by_q32(U64_MAX, ONE) == U64_MAX


@pytest.mark.parametrize("half_life", [1, 2, 3, 4, 5, 7, 8, 16, 64, 360, 1_000, 4_096, 36_100, 65_535])
def test_factor_is_the_greatest_that_halves_in_time(half_life: int) -> None:
    factor = decay_factor_q32(half_life)
    assert pow_q32(factor, half_life) <= HALF < pow_q32(factor + 1, half_life)
    with localcontext() as context:
        context.prec = 40
        exact = ONE * Decimal("0.5") ** (Decimal(1) / half_life)
    # Floored powers come out low, so the factor comes out high, but by a few units of its last bit only.
    assert -1 < factor - exact < 4


def test_powers_multiply_out_up_to_their_floors() -> None:
    factor = decay_factor_q32(5)
    slow = ONE
    for exponent in range(20):
        assert abs(slow - pow_q32(factor, exponent)) <= exponent
        slow = slow * factor >> 32


@pytest.mark.parametrize(
    ("price", "multiplier", "least", "greatest", "registrations", "expected"),
    [
        (0, 0, 100_000, U64_MAX, 7, 100_000),
        (5, 0, 1, U64_MAX, 7, 5),
        (0, 1, 100_000, U64_MAX, 7, 100_000),
        (7, 1, 1, U64_MAX, 7, 7),
        (2, 2, 1, 400, 8, 400),
        (3, 3, 1, U64_MAX, 6, 3 * 3**6),
        (4, 4, 1, U64_MAX, 6, 4 * 4**6),
        (7, 10, 1, 500_000, 5, 500_000),
        (1, 100, 1, 5_000_000_000, 5, 5_000_000_000),
        (1, 1_000, 1, 50_000_000_000, 4, 50_000_000_000),
        (5, 1, 1, U64_MAX, 32, 5),
        (1, 2, 1, U64_MAX, 20, 1 << 20),
    ],
)
def test_each_registration_multiplies_the_price_within_its_bounds(
    price: int, multiplier: int, least: int, greatest: int, registrations: int, expected: int
) -> None:
    for _ in range(registrations):
        price = clamp(raise_price(price, multiplier * X), least, greatest)
    assert price == expected


def test_a_raised_price_is_floored_to_rao_and_saturates() -> None:
    assert raise_price(7, X * 126 // 100) == 8  # 8.82
    assert raise_price(U64_MAX, 2 * X) == U64_MAX


def test_upper_bound_wins_over_the_lower() -> None:
    assert clamp(50, 100, 10) == 10
