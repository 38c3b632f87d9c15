"""BaseFee: the price of gas follows how full the blocks are."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.weight import Weight, WeightPerClass
from pysubtensor.runtime.pallets.base_fee import (
    DEFAULT_BASE_FEE,
    LOWEST_BASE_FEE,
    U256_MAX,
    BaseFeeOverflow,
    BaseFeePerGas,
    Elasticity,
    follow_usage,
    usage_of,
)

from tests.vectors import load

WHOLE = 4_000_000_000_000


def after(ctx: Context, ref_time: int) -> int:
    """Return the price after a block that used this reference time."""
    ctx.block.weight = replace(WeightPerClass(), normal=Weight(ref_time))
    follow_usage(ctx)
    return BaseFeePerGas.get(ctx)


def test_prices_are_those_of_the_genuine_chain(ctx: Context) -> None:
    series = load("ethereum/ethereum")["base_fees"]
    assert len(series) > 20
    for ref_time, fee, elasticity, following in series:
        BaseFeePerGas.put(ctx, int(fee))
        Elasticity.put(ctx, elasticity)
        assert after(ctx, ref_time) == int(following)


@pytest.mark.parametrize(
    ("used", "price"),
    [(0, 17_500_000_000), (WHOLE // 2, 20_000_000_000), (WHOLE, 22_500_000_000), (2 * WHOLE, 22_500_000_000)],
)
def test_the_price_changes_by_an_eighth_at_most(ctx: Context, used: int, price: int) -> None:
    assert BaseFeePerGas.get(ctx) == DEFAULT_BASE_FEE
    assert after(ctx, used) == price


def test_the_price_falls_no_lower_than_half_of_its_default(ctx: Context) -> None:
    BaseFeePerGas.put(ctx, 5)
    assert after(ctx, WHOLE // 2) == 5
    assert after(ctx, WHOLE // 2 - 4_000_000) == LOWEST_BASE_FEE == 10_000_000_000


def test_without_elasticity_the_price_stays(ctx: Context) -> None:
    Elasticity.put(ctx, 0)
    assert after(ctx, 0) == DEFAULT_BASE_FEE


def test_a_price_that_cannot_be_computed_stays(ctx: Context) -> None:
    BaseFeePerGas.put(ctx, U256_MAX)
    assert after(ctx, 0) == U256_MAX
    assert ctx.block.events == [BaseFeeOverflow()]


def test_usage_is_rounded_down_to_a_millionth() -> None:
    assert [usage_of(time) for time in (0, 3_999_999, 4_000_000, WHOLE - 1, WHOLE, WHOLE + 1)] == [
        0,
        0,
        1,
        999_999,
        1_000_000,
        1_000_000,
    ]
