"""Reserves of pools: numbers of the chain's own tests, exact fractions for every formula; trades create no value."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pysubtensor.consensus import reserves as rules
from pysubtensor.consensus.reserves import (
    HALF,
    MIN_WEIGHT,
    WHOLE,
    Refusal,
    Reserves,
    Side,
    Trade,
    TradeRefused,
    price,
    trade,
)

from tests.world import U64_MAX

BUY, SELL = Side.BUY, Side.SELL
BOTH = pytest.mark.parametrize("side", [BUY, SELL])
#: The default fee, the chain's minimum of reserves, and limits that no price reaches, U64F64.
FEE, MIN_RESERVE = 33, 1_000_000
NO_LIMIT = {BUY: 10**6 << 64, SELL: (1 << 64) // 10**6}

amounts = st.integers(10**9, 21 * 10**15)
weights = st.integers(WHOLE // 10, WHOLE * 9 // 10)
pools = st.builds(Reserves, amounts, amounts, weights)


def fixed(value: str) -> int:
    """A decimal number as U64F64."""
    return int(Fraction(value) * 2**64)


def number(bits: int) -> Fraction:
    return Fraction(bits, 2**64)


def exact_out(pool: Reserves, side: Side, paid_in: int) -> Decimal:
    """Return the result of the formula, to 60 digits."""
    if side is BUY:
        pays, paid, ratio = pool.tao, pool.alpha, Decimal(pool.tao_weight) / pool.alpha_weight
    else:
        pays, paid, ratio = pool.alpha, pool.tao, Decimal(pool.alpha_weight) / pool.tao_weight
    return paid * (1 - (Decimal(pays) / (pays + paid_in)) ** ratio)


def refusal(pool: Reserves, side: Side, amount: int, limit: int, min_reserve: int = MIN_RESERVE) -> Refusal:
    with pytest.raises(TradeRefused) as refused:
        trade(pool, side, amount, limit, 0, min_reserve)
    return refused.value.reason


# --- price -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tao_weight", "alpha", "tao", "expected"),
    [
        (HALF, 2, 5, "2.5"),
        (WHOLE // 3, 4, 10, "5"),
        (WHOLE * 3 // 10, 10, 0, "0"),
        (WHOLE * 2 // 5, 9, 25, "4.166666666666666666"),
        (WHOLE * 3 // 10, 21 * 10**15, 15 * 10**15, "1.666666666666666666"),
    ],
)
def test_the_price_is_the_ratio_of_reserves_times_that_of_weights(
    tao_weight: int, alpha: int, tao: int, expected: str
) -> None:
    assert abs(number(price(Reserves(tao, alpha, tao_weight))) - Fraction(expected)) <= Fraction(1, 10**16)


def test_a_pool_without_alpha_has_no_price() -> None:
    assert price(Reserves(10**12, 0)) == 0


def test_the_price_does_not_depend_on_the_size_of_the_pool() -> None:
    assert price(Reserves(7, 3)) == price(Reserves(70, 30))


# --- what trades pay -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tao_weight", [HALF, HALF + 10**10, HALF - 10**10, WHOLE // 10, WHOLE * 9 // 10])
@pytest.mark.parametrize(("tao", "alpha"), [(1_500, 1_000), (1, 10**6), (10**6, 1)])
@pytest.mark.parametrize("paid_in", [1, 10_000, 10**6, U64_MAX])
@BOTH
def test_trades_follow_the_curve(side: Side, tao_weight: int, tao: int, alpha: int, paid_in: int) -> None:
    pool = Reserves(tao, alpha, tao_weight)
    assert abs(pool.paid_out(side, paid_in) - int(exact_out(pool, side, paid_in))) <= 2


@pytest.mark.parametrize(
    ("tao_weight", "reserve", "paid_in", "side", "expected"),
    [
        (HALF, 100_000, 100, SELL, "0.999000999000999"),
        (WHOLE // 4, 500_000, 5_000, SELL, "0.970590147927644"),
        (WHOLE * 3 // 4, 200_000, 2_000, BUY, "0.970590147927644"),
        (WHOLE * 9 // 10, 13_513_642, 1_673, BUY, "0.998886481979889"),
        (WHOLE * 773 // 1000, 7_000_000_000, 10_000, SELL, "0.999999580484586"),
    ],
)
def test_the_remaining_reserve_is_a_power_of_the_input_ratio(
    tao_weight: int, reserve: int, paid_in: int, side: Side, expected: str
) -> None:
    other = 10**18
    tao, alpha = (reserve, other) if side is BUY else (other, reserve)
    left = other - Reserves(tao, alpha, tao_weight).paid_out(side, paid_in)
    assert abs(Fraction(left, other) - Fraction(expected)) <= Fraction(1, 10**9)


@given(pools, st.integers(0, 21 * 10**15))
def test_trades_pay_the_exact_amount_rounded_down(pool: Reserves, amount: int) -> None:
    """The power is floored to 18 digits before the multiplication, so the output may be larger by that error."""
    with localcontext() as exactly:
        exactly.prec = 60
        for side in Side:
            paid_in = min(amount, rules.MAX_INPUT_PER_RESERVE * (pool.tao if side is BUY else pool.alpha))
            true, reserve = exact_out(pool, side, paid_in), pool.alpha if side is BUY else pool.tao
            paid = pool.paid_out(side, paid_in)
            assert true - 2 <= paid <= true + Decimal(reserve) / 10**18 + 1
            assert 0 <= paid <= reserve


@given(pools, st.integers(0, 10**15), st.integers(0, 10**15))
def test_a_larger_input_never_pays_out_less(pool: Reserves, amount: int, more: int) -> None:
    for side in Side:
        assert pool.paid_out(side, amount + more) >= pool.paid_out(side, amount)


@given(pools, st.integers(10**6, 10**14))
def test_buying_raises_the_price_and_selling_lowers_it(pool: Reserves, amount: int) -> None:
    bought = pool.after(BUY, amount, pool.paid_out(BUY, amount))
    sold = pool.after(SELL, amount, pool.paid_out(SELL, amount))
    # A rao that rounding leaves in the pool moves the price by its part of the reserve.
    dust = price(pool) // min(pool.tao, pool.alpha) + 1
    assert price(bought) >= price(pool) - dust
    assert price(sold) <= price(pool) + dust


@given(pools, st.integers(10**6, 10**14))
def test_a_round_trip_never_wins(pool: Reserves, amount: int) -> None:
    for side, other in ((BUY, SELL), (SELL, BUY)):
        paid_in = min(amount, pool.tao if side is BUY else pool.alpha)
        got = pool.paid_out(side, paid_in)
        back = pool.after(side, paid_in, got).paid_out(other, got)
        unit = Fraction(pool.tao, pool.alpha) * 1000
        worth = (unit if side is BUY else 10**6 / unit) + Fraction(max(pool.tao, pool.alpha), 10**16)
        assert paid_in - worth - 2 <= back <= paid_in + 1 + Fraction(max(pool.tao, pool.alpha), 10**17)


# --- trades to a price -----------------------------------------------------------------------------------------


QUARTER = Reserves(10**9, 10**9, WHOLE // 4)


def test_tao_that_raises_the_price() -> None:
    """y · (2^0.75 - 1)"""
    assert QUARTER.paid_in_until(BUY, fixed("0.1"), fixed("0.2")) == 681_792_830


def test_alpha_that_lowers_the_price() -> None:
    """x · (2^0.25 - 1)"""
    assert QUARTER.paid_in_until(SELL, fixed("0.2"), fixed("0.1")) == 189_207_115


def test_no_amount_moves_the_price_the_other_way() -> None:
    assert QUARTER.paid_in_until(BUY, fixed("0.1"), fixed("0.05")) == 0
    assert QUARTER.paid_in_until(SELL, fixed("0.1"), fixed("0.2")) == 0


def test_a_price_of_zero_cannot_be_reached_or_left() -> None:
    assert QUARTER.paid_in_until(BUY, 0, fixed("1")) == 0
    assert QUARTER.paid_in_until(SELL, fixed("1"), 0) == 0


def test_the_computed_input_reaches_the_price() -> None:
    pool = Reserves(10**9, 10**10)
    paid_in = pool.paid_in_until(BUY, fixed("0.1"), fixed("0.2"))
    reached = price(pool.after(BUY, paid_in, pool.paid_out(BUY, paid_in)))
    assert abs(number(reached) - Fraction("0.2")) <= Fraction(2, 10**10)


def test_powers_beyond_u64_saturate() -> None:
    """2^0.99·64 is far above 18.4, the largest u64 in units of 10^-18."""
    assert Reserves(1000, 1000, WHOLE // 100).paid_in_until(BUY, 1, 1 << 64) == 1000 * (U64_MAX - WHOLE) // WHOLE


# --- fees ------------------------------------------------------------------------------------------------------


def test_a_fee_within_an_amount_is_rounded_down() -> None:
    assert rules.fee_of(10**9, FEE) == 10**9 * 33 // 65535
    assert rules.fee_of(1985, FEE) == 0
    assert rules.fee_of(1986, FEE) == 1
    assert rules.fee_of(U64_MAX, 65535) == U64_MAX


@given(st.integers(0, 10**17), st.integers(0, 10_000))
def test_a_fee_on_top_is_the_same_part_of_the_sum_of_both(paid_in: int, rate: int) -> None:
    fee = rules.fee_on(paid_in, rate)
    assert abs(Fraction(rate, 65535) * (paid_in + fee) - fee) <= 1


def test_the_author_gets_the_whole_fee() -> None:
    done = trade(Reserves(10**9, 4 * 10**9), BUY, 10**6, NO_LIMIT[BUY], FEE, MIN_RESERVE)
    assert done.fee_to_block_author == done.fee_paid == 503


# --- trades ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("side", "amount"),
    [(BUY, 1_000), (BUY, 2_000), (BUY, 123_456), (BUY, 10**9), (BUY, 10**10), (SELL, 1_000), (SELL, 123_456)],
)
def test_trades_at_equal_weights_keep_the_product(side: Side, amount: int) -> None:
    pool = Reserves(10**9, 4 * 10**9)
    done = trade(pool, side, amount, NO_LIMIT[side], FEE, MIN_RESERVE)
    rest = amount - amount * FEE // 65535
    pays, paid = (pool.tao, pool.alpha) if side is BUY else (pool.alpha, pool.tao)
    assert done.amount_paid_in == rest
    assert done.fee_paid == amount - rest
    assert abs(done.amount_paid_out - paid * rest // (pays + rest)) <= 1
    after = price(pool.after(side, done.amount_paid_in, done.amount_paid_out))
    assert after >= price(pool) if side is BUY else after <= price(pool)


@pytest.mark.parametrize(("reserve", "amount"), [(1_000, 999_500), (1_000_000, 999_500_000)])
def test_large_trades_into_small_reserves_still_pay(reserve: int, amount: int) -> None:
    done = trade(Reserves(reserve, reserve), SELL, amount, fixed("0.000001"), FEE, 1)
    assert 0 < done.amount_paid_out < reserve


@BOTH
def test_input_is_limited_to_a_thousand_reserves(side: Side) -> None:
    pool = Reserves(1_000, 1_000)
    limit = 10**9 << 64 if side is BUY else 1
    assert trade(pool, side, 1_000_000, limit, 0, 1).amount_paid_in == 1_000_000
    assert refusal(pool, side, 1_000_001, limit, 1) is Refusal.SwapInputTooLarge


def test_the_fee_does_not_count_as_input() -> None:
    pool = Reserves(1_000_000, 1_000_000)
    whole = 10**9 * 65535 // (65535 - 10_000)
    assert trade(pool, BUY, whole, NO_LIMIT[BUY], 10_000, MIN_RESERVE).amount_paid_in <= 10**9
    assert refusal(pool, BUY, whole, NO_LIMIT[BUY]) is Refusal.SwapInputTooLarge


@BOTH
def test_a_reserve_below_the_minimum_pays_nothing(side: Side) -> None:
    enough, less = 10**6, 10**6 - 1
    poor = Reserves(10**9, less) if side is BUY else Reserves(less, 10**9)
    rich = Reserves(10**9, enough) if side is BUY else Reserves(enough, 10**9)
    limit = 10**12 << 64 if side is BUY else 1
    assert refusal(poor, side, 10**6, limit) is Refusal.ReservesTooLow
    assert trade(rich, side, 10**6, limit, 0, MIN_RESERVE).amount_paid_out > 0


@BOTH
def test_a_trade_that_would_pay_nothing_is_refused(side: Side) -> None:
    """One rao for alpha at 10,000 rao each, or one alpha unit at a ten-thousandth of a rao."""
    pool = Reserves(10**13, 10**9) if side is BUY else Reserves(10**9, 10**13)
    assert refusal(pool, side, 1, 10**9 << 64 if side is BUY else 1) is Refusal.ReservesTooLow


@BOTH
def test_the_limit_must_be_better_than_the_price(side: Side) -> None:
    pool = Reserves(10**12, 4 * 10**12)
    assert refusal(pool, side, 1_000, price(pool)) is Refusal.PriceLimitExceeded
    worse = price(pool) - 1 if side is BUY else price(pool) + 1
    assert refusal(pool, side, 1_000, worse) is Refusal.PriceLimitExceeded


def test_refusals_come_in_the_chains_order() -> None:
    assert refusal(Reserves(1, 1), BUY, 1_001, 0) is Refusal.SwapInputTooLarge
    assert refusal(Reserves(1, 1), BUY, 1_000, 0) is Refusal.ReservesTooLow


@pytest.mark.parametrize("tao_weight", [HALF, WHOLE * 48 // 100])
@BOTH
def test_a_limit_stops_a_trade_early(side: Side, tao_weight: int) -> None:
    pool = Reserves(10**12, 4 * 10**12, tao_weight)
    limit = price(pool) * 11 // 10 if side is BUY else price(pool) * 10 // 11
    done = trade(pool, side, 10**12, limit, FEE, MIN_RESERVE)
    assert 0 < done.amount_paid_in + done.fee_paid < 10**12
    assert done.fee_paid == rules.fee_on(done.amount_paid_in, FEE)
    reached = price(pool.after(side, done.amount_paid_in, done.amount_paid_out))
    assert abs(number(reached) / number(limit) - 1) <= Fraction(1, 10**10)


def test_a_trade_of_zero_is_empty() -> None:
    assert trade(Reserves(10**12, 10**12), BUY, 0, NO_LIMIT[BUY], FEE, MIN_RESERVE) == Trade(0, 0, 0, 0)


# --- liquidity of the chain ------------------------------------------------------------------------------------

INJECTIONS = [
    *((a, b) for unit in (1, 10, 1_000, 10**6, 10**9, 10**12) for a, b in ((0, unit), (unit, 0), (unit, unit))),
    *((a * unit, b * unit) for unit in (1, 1_000, 10**6, 10**12) for a, b in ((1, 2), (2, 1))),
    (1_234_567, 2_432_765_890),
]


@pytest.mark.parametrize(("tao", "alpha"), INJECTIONS)
def test_injection_keeps_the_price(tao: int, alpha: int) -> None:
    pool = Reserves(10**12, 4 * 10**12)
    injected = rules.inject_liquidity(pool, tao, alpha)
    assert injected is not None
    assert (injected.tao, injected.alpha) == (10**12 + tao, 4 * 10**12 + alpha)
    assert abs(number(price(injected)) / number(price(pool)) - 1) <= Fraction(1, 10**12)
    share = Fraction(injected.tao, injected.tao + injected.alpha // 4)
    assert abs(Fraction(injected.tao_weight, WHOLE) - share) <= Fraction(1, 10**12)


def test_an_empty_pool_is_reset_to_equal_weights() -> None:
    assert rules.inject_liquidity(Reserves(10**12, 0, WHOLE // 3), 10**6, 0) == Reserves(10**12 + 10**6, 0, HALF)
    assert rules.inject_liquidity(Reserves(0, 0, WHOLE // 3), 10**6, 10**6) == Reserves(10**6, 10**6, HALF)


def test_a_coin_that_a_pool_lacks_cannot_be_injected() -> None:
    """There is no price to keep: the missing coin would get the whole weight."""
    assert rules.inject_liquidity(Reserves(10**12, 0), 0, 1) is None
    assert rules.inject_liquidity(Reserves(0, 10**12), 1, 10**6) is None


@given(pools, amounts, amounts)
def test_weights_equal_the_exact_formula(pool: Reserves, tao: int, alpha: int) -> None:
    """Both products rounded half up, then their ratio rounded down."""
    parts = (
        Fraction(pool.tao_weight, WHOLE) * pool.alpha * (pool.tao + tao),
        Fraction(pool.alpha_weight, WHOLE) * pool.tao * (pool.alpha + alpha),
    )
    tao_part, alpha_part = (int(part + Fraction(1, 2)) for part in parts)
    weight = int(Fraction(tao_part, tao_part + alpha_part) * WHOLE)
    injected = rules.inject_liquidity(pool, tao, alpha)
    if MIN_WEIGHT <= weight <= WHOLE - MIN_WEIGHT:
        assert injected == Reserves(pool.tao + tao, pool.alpha + alpha, weight)
    else:
        assert injected is None


def test_injection_that_would_leave_a_coin_without_weight_is_refused() -> None:
    assert rules.inject_liquidity(Reserves(10**9, 10**9), 98 * 10**9, 0) == Reserves(
        99 * 10**9, 10**9, WHOLE * 99 // 100
    )
    assert rules.inject_liquidity(Reserves(10**9, 10**9), 99 * 10**9, 0) is None


def test_the_largest_reserves_do_not_overflow() -> None:
    full = rules.inject_liquidity(Reserves(U64_MAX, U64_MAX), U64_MAX, U64_MAX)
    assert full is not None
    assert full.tao == full.alpha == U64_MAX
    assert abs(full.tao_weight - HALF) <= 1


@pytest.mark.parametrize("weight", [0, 1, MIN_WEIGHT - 1, WHOLE - MIN_WEIGHT + 1, WHOLE])
def test_weights_below_a_hundredth_are_not_allowed(weight: int) -> None:
    assert not rules.is_weight(weight)
    assert rules.is_weight(MIN_WEIGHT)
    assert rules.is_weight(WHOLE - MIN_WEIGHT)


def test_ratios_are_rounded_down_and_at_most_one() -> None:
    assert rules.ratio_of_whole(1, 3) == 333_333_333_333_333_333
    assert rules.ratio_of_whole(5, 3) == rules.ratio_of_whole(5, 0) == WHOLE
