"""Moving prices, the median price, and the issuance of alpha."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.pallets.subtensor.ledger.prices import (
    get_alpha_issuance,
    get_median_subnet_alpha_price,
    get_moving_alpha_price,
    update_moving_prices,
)
from pysubtensor.runtime.pallets.subtensor.storage.networks import FirstEmissionBlockNumber, SubnetMechanism
from pysubtensor.runtime.pallets.subtensor.storage.pools import (
    EMAPriceHalvingBlocks,
    SubnetAlphaIn,
    SubnetAlphaOut,
    SubnetMovingAlpha,
    SubnetMovingPrice,
    SubnetTAO,
)

from tests.world import ONE, TAO, AddNetwork

ROOT = 0


@pytest.fixture
def price(ctx: Context, add_network: AddNetwork) -> Callable[[int, int], None]:
    """Add a subnet whose pool has this price, in thousandths."""

    def add(netuid: int, thousandths: int) -> None:
        add_network(netuid, 13)
        SubnetMechanism.put(ctx, netuid, 1)
        SubnetTAO.put(ctx, netuid, thousandths * TAO)
        SubnetAlphaIn.put(ctx, netuid, 1_000 * TAO)

    return add


@pytest.mark.parametrize(
    ("prices", "median"),
    [([], 1_000), ([250], 250), ([250, 750], 500), ([250, 500, 4_000], 500), ([250, 250, 500, 1_000], 375)],
)
def test_the_median_price(ctx: Context, price: Callable[[int, int], None], prices: list[int], median: int) -> None:
    for netuid, thousandths in enumerate(prices, start=1):
        price(netuid, thousandths)
    price(20, 0)
    assert get_median_subnet_alpha_price(ctx) == ONE * median // 1_000


def test_the_moving_price_follows_by_the_subnets_age(ctx: Context, price: Callable[[int, int], None]) -> None:
    price(1, 500)
    ctx.block.number = 300
    FirstEmissionBlockNumber.put(ctx, 1, 101)
    EMAPriceHalvingBlocks.put(ctx, 1, 600)
    SubnetMovingAlpha.put(ctx, 1 << 31)
    SubnetMovingPrice.put(ctx, 1, (1 << 32) // 4)
    update_moving_prices(ctx, [1])
    # Of age 200 with a halving time of 600: half of a quarter.
    weight = Fraction(1, 2) * Fraction(200, 800)
    expected = weight * Fraction(1, 2) + (1 - weight) * Fraction(1, 4)
    assert SubnetMovingPrice.get(ctx, 1) == int(expected * (1 << 32))


def test_the_moving_price_counts_prices_up_to_one(ctx: Context, price: Callable[[int, int], None]) -> None:
    price(1, 7_000)
    ctx.block.number, weight = 600, Fraction(1, 2)
    FirstEmissionBlockNumber.put(ctx, 1, 1)
    EMAPriceHalvingBlocks.put(ctx, 1, 600)
    SubnetMovingAlpha.put(ctx, 1 << 32)
    update_moving_prices(ctx, [1])
    assert SubnetMovingPrice.get(ctx, 1) == int(weight * (1 << 32))


def test_root_and_subnets_without_a_pool_have_a_price_of_one(ctx: Context, price: Callable[[int, int], None]) -> None:
    price(1, 500)
    SubnetMovingPrice.put(ctx, 1, 1 << 30)
    assert get_moving_alpha_price(ctx, 1) == ONE // 4
    SubnetMechanism.put(ctx, 1, 0)
    assert get_moving_alpha_price(ctx, 1) == get_moving_alpha_price(ctx, ROOT) == ONE


def test_the_issuance_is_alpha_in_the_pool_and_outside(ctx: Context) -> None:
    SubnetAlphaIn.put(ctx, 1, 5)
    SubnetAlphaOut.put(ctx, 1, 7)
    assert get_alpha_issuance(ctx, 1) == 12
    SubnetAlphaOut.put(ctx, 1, (1 << 64) - 1)
    assert get_alpha_issuance(ctx, 1) == (1 << 64) - 1
