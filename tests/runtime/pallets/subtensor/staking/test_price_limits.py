"""Price limits: how much may be traded up to a price, and calls that stop there; numbers of `staking.rs`."""

from __future__ import annotations

import pytest
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import AnyError, DispatchFailed
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error
from pysubtensor.runtime.pallets.subtensor.staking.add import add_stake, add_stake_limit
from pysubtensor.runtime.pallets.subtensor.staking.move import swap_stake_limit
from pysubtensor.runtime.pallets.subtensor.staking.price_limits import (
    get_max_amount_add,
    get_max_amount_move,
    get_max_amount_remove,
)
from pysubtensor.runtime.pallets.subtensor.staking.remove import remove_stake_full_limit, remove_stake_limit
from pysubtensor.runtime.pallets.subtensor.storage.pools import SubnetAlphaIn, SubnetTAO
from pysubtensor.runtime.pallets.swap import MAX_PRICE
from pysubtensor.runtime.pallets.swap import Error as SwapError

from tests.runtime.pallets.subtensor.pools import FEE, free, give_stake, price_of, set_reserves, stake_of
from tests.world import ALICE, TAO, U64_MAX, AddDynamicNetwork, AddNetwork, Dispatch, RefusedCall, account

HOT, OWNER_HOT, OWNER_COLD = (account(number) for number in range(1, 4))
ROOT, STABLE = 0, 1


@pytest.fixture
def stable(ctx: Context, add_network: AddNetwork) -> int:
    """Root, and a subnet without a pool, on which an alpha is a TAO."""
    add_network(ROOT, 0)
    return add_network(STABLE, 1)


@pytest.fixture
def netuid(ctx: Context, add_dynamic_network: AddDynamicNetwork) -> int:
    """A started subnet with a pool. The block has no author."""
    return add_dynamic_network(OWNER_HOT, OWNER_COLD)


def put_reserves(ctx: Context, netuid: int, tao: int, alpha: int) -> None:
    """Set both reserves, without the TAO to pay from."""
    SubnetTAO.put(ctx, netuid, tao)
    SubnetAlphaIn.put(ctx, netuid, alpha)


# --- one for one ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("subnet", [ROOT, STABLE])
@pytest.mark.parametrize(
    ("limit", "most"), [(0, 0), (999_999_999, 0), (TAO, U64_MAX), (1_000_000_001, U64_MAX), (2 * TAO, U64_MAX)]
)
def test_without_a_pool_any_purchase_costs_one_tao(
    ctx: Context, stable: int, subnet: int, limit: int, most: int
) -> None:
    assert get_max_amount_add(ctx, subnet, limit) == most


SALES = [(0, U64_MAX), (500_000_000, U64_MAX), (999_999_999, U64_MAX), (TAO, U64_MAX), (TAO + 1, 0), (2 * TAO, 0)]


@pytest.mark.parametrize("subnet", [ROOT, STABLE])
@pytest.mark.parametrize(("limit", "most"), SALES)
def test_without_a_pool_any_sale_pays_one_tao(ctx: Context, stable: int, subnet: int, limit: int, most: int) -> None:
    assert get_max_amount_remove(ctx, subnet, limit) == most


@pytest.mark.parametrize("destination", [ROOT, STABLE])
@pytest.mark.parametrize(("limit", "most"), SALES)
def test_without_pools_any_move_is_one_for_one(
    ctx: Context, stable: int, destination: int, limit: int, most: int
) -> None:
    assert get_max_amount_move(ctx, ROOT, destination, limit) == most


# --- purchases -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tao", "alpha", "limit", "most"),
    [
        (1_000_000, 1_000_000, 4 * TAO, 1_000_500),
        (1_000_000, 1_000_000, 9 * TAO, 2_001_000),
        (1_000_000, 1_000_000, 16 * TAO, 3_001_500),
        (1_000 * TAO, 1_000 * TAO, 16 * TAO, 3_001_500_000_000),
        (150 * TAO, 100 * TAO, 1_500_000_001, 49),
        (150 * TAO, 100 * TAO, 6 * TAO, 150_075_000_000),
        (U64_MAX // 2, U64_MAX, U64_MAX, U64_MAX),
    ],
)
def test_a_purchase_raises_the_price_at_most_to_the_limit(
    ctx: Context, netuid: int, tao: int, alpha: int, limit: int, most: int
) -> None:
    """The amounts are within a ten thousandth, as in the genuine test."""
    put_reserves(ctx, netuid, tao, alpha)
    assert get_max_amount_add(ctx, netuid, limit) == pytest.approx(most, abs=most // 10_000)


@pytest.mark.parametrize("reserve", [100, 1_000, 10_000])
def test_no_purchase_is_possible_from_very_small_reserves(ctx: Context, netuid: int, reserve: int) -> None:
    """The genuine tests trade with such reserves on a pool whose minimum is lower than the runtime's."""
    put_reserves(ctx, netuid, reserve, reserve)
    with pytest.raises(DispatchFailed) as failure:
        get_max_amount_add(ctx, netuid, 1_100_000_000)
    assert failure.value.reason is SwapError.ReservesTooLow


@pytest.mark.parametrize(
    ("tao", "alpha", "limit"),
    [
        (TAO, TAO, 0),
        *((150 * TAO, 100 * TAO, limit) for limit in (0, 100_000_000, 500_000_000, 1_499_999_999, 1_500_000_000)),
    ],
)
def test_no_purchase_is_possible_when_the_price_is_not_below_the_limit(
    ctx: Context, netuid: int, tao: int, alpha: int, limit: int
) -> None:
    put_reserves(ctx, netuid, tao, alpha)
    with pytest.raises(DispatchFailed) as failure:
        get_max_amount_add(ctx, netuid, limit)
    assert failure.value.reason is SwapError.PriceLimitExceeded


# --- sales ---------------------------------------------------------------------------------------------------------

M21 = 21_000_000 * TAO


@pytest.mark.parametrize(
    ("tao", "alpha", "limit", "most"),
    [
        (10 * TAO, 10 * TAO, 0, 10_000 * TAO),
        (1_000_000, 1_000_000, 250_000_000, 1_010_000),
        (1_000_000, 1_000_000, 62_500_000, 3_030_000),
        (1_000 * TAO, 1_000 * TAO, 62_500_000, 3_030 * TAO),
        (200 * TAO, 100 * TAO, 0, 100_000 * TAO),
        (200 * TAO, 100 * TAO, 500_000_000, 101 * TAO),
        (200 * TAO, 100 * TAO, 125_000_000, 303 * TAO),
        (200 * TAO, 100 * TAO, 1_999_999_999, 24),
        (200 * TAO, 100 * TAO, 1_999_999_990, 250),
        (M21, 1_000_000, M21, 17_455_533),
        (M21, 1_000_000, U64_MAX, 67_000),
        (M21, 10**18, 20_000_000, 24_700_000_000_000_000),
        (M21, M21, 999_999_999, 10_605_000),
        (M21, M21, 0, U64_MAX),
    ],
)
def test_a_sale_lowers_the_price_at_most_to_the_limit(
    ctx: Context, netuid: int, tao: int, alpha: int, limit: int, most: int
) -> None:
    put_reserves(ctx, netuid, tao, alpha)
    assert get_max_amount_remove(ctx, netuid, limit) == pytest.approx(most, abs=most // 100)


@pytest.mark.parametrize(
    ("tao", "alpha", "limit", "error"),
    [
        (0, TAO, 100, SwapError.ReservesTooLow),
        (TAO, 0, 100, SwapError.PriceLimitExceeded),
        (200 * TAO, 100 * TAO, 2 * TAO, SwapError.PriceLimitExceeded),
        (200 * TAO, 100 * TAO, 2 * TAO + 1, SwapError.PriceLimitExceeded),
        (M21, 10**18, U64_MAX, SwapError.PriceLimitExceeded),
    ],
)
def test_no_sale_is_possible_without_reserves_or_at_a_price_not_above_the_limit(
    ctx: Context, netuid: int, tao: int, alpha: int, limit: int, error: AnyError
) -> None:
    put_reserves(ctx, netuid, tao, alpha)
    with pytest.raises(DispatchFailed) as failure:
        get_max_amount_remove(ctx, netuid, limit)
    assert failure.value.reason is error


# --- moves ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reserves", "limit", "most", "precision"),
    [
        ((0, TAO, TAO, TAO), 100, 0, 1),
        ((TAO, 0, TAO, TAO), 100, 0, 1),
        ((TAO, TAO, 0, TAO), 100, 0, 1),
        ((TAO, TAO, TAO, 0), 100, 0, 1),
        ((1, 1, 1, 1), 0, U64_MAX, 1),
        ((1, 1, 1, 1), 1, 500_000_000, 1),
        ((1, 1, 1, 1), 2, 250_000_000, 1),
        ((1, 1, 1, 1), 3, 166_666_666, 1),
        ((1, 1, 1, 1), 4, 125_000_000, 1),
        ((1, 1, 1, 1), 1_000, 500_000, 1),
        ((1_000, 1_000, 1_000, 1_000), 500_000_000, 500, 1),
        ((1_000, 1_000, 1_000, 1_000), 100_000_000, 4_500, 1),
        *(
            ((150 * TAO, 100 * TAO, 100 * TAO, 100 * TAO), limit, most, precision)
            for limit, most, precision in (
                (100_000_000, 560 * TAO, 1_000_000),
                (500_000_000, 80 * TAO, 1_000_000),
                (750_000_000, 40 * TAO, 1_000_000),
                (TAO, 20 * TAO, 1_000),
                (1_250_000_000, 8 * TAO, 1_000),
                (1_499_999_999, 27, 1),
                (1_500_000_000, 0, 1),
                (1_500_000_001, 0, 1),
                (1_500_001_000, 0, 1),
                (2 * TAO, 0, 1),
                (U64_MAX, 0, 1),
            )
        ),
        ((100 * TAO, 200 * TAO, 300 * TAO, 400 * TAO), 500_000_000, 50 * TAO, 1_000),
        ((TAO, TAO, TAO, TAO), 1, 499_999_999_500_000_000, 100_000_000),
        ((1_000_000, 1_000_000, M21, 10**18), 1, 48 * 10**15, 10**15),
        ((1_000_000, 1_000_000, M21, 10**18), U64_MAX, 0, 1),
    ],
)
def test_a_move_between_pools_brings_the_ratio_of_prices_to_the_limit(
    ctx: Context,
    netuid: int,
    add_dynamic_network: AddDynamicNetwork,
    reserves: tuple[int, int, int, int],
    limit: int,
    most: int,
    precision: int,
) -> None:
    other = add_dynamic_network(account(4), OWNER_COLD)
    put_reserves(ctx, netuid, *reserves[:2])
    put_reserves(ctx, other, *reserves[2:])
    assert get_max_amount_move(ctx, netuid, other, limit) == pytest.approx(most, abs=precision)


def test_a_move_into_a_pool_is_a_purchase_at_the_inverse_price(
    ctx: Context, stable: int, netuid: int, refused: RefusedCall
) -> None:
    """The pool's price is a half, so that a TAO is worth two alpha."""
    put_reserves(ctx, netuid, 50 * TAO, 100 * TAO)
    assert get_max_amount_move(ctx, stable, netuid, 0) == U64_MAX
    assert get_max_amount_move(ctx, stable, netuid, 500_000_000) == pytest.approx(50 * TAO * 1.003, rel=0.01)
    assert get_max_amount_move(ctx, stable, netuid, 1_999_999_000) > 0
    for limit in (2 * TAO, 3 * TAO, U64_MAX // 2, U64_MAX - 1, U64_MAX):
        with pytest.raises(DispatchFailed) as failure:
            get_max_amount_move(ctx, stable, netuid, limit)
        assert failure.value.reason is SwapError.PriceLimitExceeded


@pytest.mark.parametrize(("limit", "most"), [(0, 100_000 * TAO), (375_000_000, 100 * TAO)])
def test_a_move_out_of_a_pool_is_a_sale(ctx: Context, stable: int, netuid: int, limit: int, most: int) -> None:
    """From 1.5 to a quarter of it a sale doubles the alpha in the pool; the fee comes on top."""
    put_reserves(ctx, netuid, 150 * TAO, 100 * TAO)
    assert get_max_amount_move(ctx, netuid, stable, limit) == pytest.approx(most, rel=0.01)


# --- calls ---------------------------------------------------------------------------------------------------------


def test_a_partial_purchase_stops_at_the_limit(ctx: Context, netuid: int, dispatch: Dispatch) -> None:
    """From 1.5 to 24 the pool takes 450 TAO for 75 alpha; the account keeps the rest."""
    set_reserves(ctx, netuid, 150 * TAO, 100 * TAO)
    give_stake(ctx, HOT, ALICE, netuid, 1)
    before = free(ctx, ALICE)
    dispatch(ALICE, add_stake_limit.call(HOT, netuid, 900 * TAO, 24 * TAO, True))
    assert stake_of(ctx, HOT, ALICE, netuid) == pytest.approx(75 * TAO, rel=0.001)
    assert before - free(ctx, ALICE) == pytest.approx(450 * TAO * (1 + FEE), rel=0.001)
    assert float(price_of(ctx, netuid)) == pytest.approx(24, abs=0.001)


def test_a_purchase_is_made_whole_or_not_at_all(
    ctx: Context, netuid: int, dispatch: Dispatch, refused: RefusedCall
) -> None:
    set_reserves(ctx, netuid, 150 * TAO, 100 * TAO)
    give_stake(ctx, HOT, ALICE, netuid, 1)
    refused(ALICE, add_stake_limit.call(HOT, netuid, 900 * TAO, 24 * TAO, False), Error.SlippageTooHigh)
    dispatch(ALICE, add_stake_limit.call(HOT, netuid, 150 * TAO, 24 * TAO, False))
    assert stake_of(ctx, HOT, ALICE, netuid) == pytest.approx(50 * TAO, rel=0.001)


def test_a_purchase_of_more_than_a_thousand_times_the_reserve_is_refused(
    ctx: Context, netuid: int, refused: RefusedCall
) -> None:
    set_reserves(ctx, netuid, 1_000, TAO)
    give_stake(ctx, HOT, ALICE, netuid, 1)
    call = add_stake_limit.call(HOT, netuid, 1_000 * 1_000 + 1, MAX_PRICE, True)
    refused(ALICE, call, Error.InsufficientLiquidity)


def test_a_purchase_above_the_limit_is_refused_even_in_part(ctx: Context, netuid: int, refused: RefusedCall) -> None:
    """The values of a transaction on the main network."""
    set_reserves(ctx, netuid, 5_032_494_439_940, 186_268_425_402_874)
    give_stake(ctx, HOT, ALICE, netuid, 1)
    call = add_stake_limit.call(HOT, netuid, 19_980_000_000, 26_953_618, True)
    refused(ALICE, call, SwapError.PriceLimitExceeded)


def test_a_partial_sale_stops_at_the_limit(ctx: Context, netuid: int, dispatch: Dispatch) -> None:
    """At 99 % of the price, sqrt(1 / 0.99) - 1 of the alpha in the pool is sold."""
    set_reserves(ctx, netuid, 100 * TAO, 100 * TAO)
    give_stake(ctx, HOT, ALICE, netuid, 1)
    dispatch(ALICE, add_stake.call(HOT, netuid, 300 * TAO))
    before, reserve = stake_of(ctx, HOT, ALICE, netuid), SubnetAlphaIn.get(ctx, netuid)
    limit = int(price_of(ctx, netuid) * 990_000_000)
    dispatch(ALICE, remove_stake_limit.call(HOT, netuid, before // 2, limit, True))
    sold = before - stake_of(ctx, HOT, ALICE, netuid)
    assert sold == pytest.approx(0.00138 * 100 * TAO, rel=0.1), "as the genuine test expects"
    assert sold == pytest.approx(reserve * (0.99**-0.5 - 1) * (1 + FEE), rel=0.0001)


def test_a_sale_is_made_whole_or_not_at_all(
    ctx: Context, netuid: int, dispatch: Dispatch, refused: RefusedCall
) -> None:
    set_reserves(ctx, netuid, 150 * TAO, 100 * TAO)
    give_stake(ctx, HOT, ALICE, netuid, 300 * TAO)
    refused(ALICE, remove_stake_limit.call(HOT, netuid, 150 * TAO, 1_350_000_000, False), Error.SlippageTooHigh)
    dispatch(ALICE, remove_stake_limit.call(HOT, netuid, 1_500_000_000, 1_350_000_000, False))
    assert stake_of(ctx, HOT, ALICE, netuid) == 300 * TAO - 1_500_000_000


@pytest.mark.parametrize("limit", [90_000_000, None])
def test_all_of_a_stake_is_sold_above_the_limit(
    ctx: Context, netuid: int, dispatch: Dispatch, limit: int | None
) -> None:
    """10 of 100 alpha bring 9.086 TAO."""
    set_reserves(ctx, netuid, 100 * TAO, 100 * TAO)
    give_stake(ctx, HOT, ALICE, netuid, 10 * TAO)
    before = free(ctx, ALICE)
    dispatch(ALICE, remove_stake_full_limit.call(HOT, netuid, limit))
    assert stake_of(ctx, HOT, ALICE, netuid) == 0
    assert free(ctx, ALICE) - before == pytest.approx(9_086_000_000, abs=1_000_000)


def test_all_of_a_stake_is_not_sold_below_the_limit(ctx: Context, netuid: int, refused: RefusedCall) -> None:
    set_reserves(ctx, netuid, 100 * TAO, 100 * TAO)
    give_stake(ctx, HOT, ALICE, netuid, 10 * TAO)
    refused(ALICE, remove_stake_full_limit.call(HOT, netuid, 910_000_000), Error.SlippageTooHigh)


def test_a_partial_swap_stops_at_the_limit_of_the_ratio(
    ctx: Context, netuid: int, add_dynamic_network: AddDynamicNetwork, dispatch: Dispatch
) -> None:
    """A deep destination keeps its price, so that 1 % less is 1 alpha of the 150."""
    other = add_dynamic_network(account(4), OWNER_COLD)
    set_reserves(ctx, netuid, 150 * TAO, 100 * TAO)
    set_reserves(ctx, other, 150 * 100_000 * TAO, 100 * 100_000 * TAO)
    give_stake(ctx, HOT, ALICE, netuid, 150 * TAO)
    dispatch(ALICE, swap_stake_limit.call(HOT, netuid, other, 150 * TAO, 990_000_000, True))
    assert stake_of(ctx, HOT, ALICE, netuid) == pytest.approx(149 * TAO, abs=100_000_000)
    assert stake_of(ctx, HOT, ALICE, other) == pytest.approx(TAO, rel=0.02)


def test_a_swap_is_made_whole_or_not_at_all(
    ctx: Context, netuid: int, add_dynamic_network: AddDynamicNetwork, refused: RefusedCall
) -> None:
    other = add_dynamic_network(account(4), OWNER_COLD)
    set_reserves(ctx, netuid, 150 * TAO, 100 * TAO)
    set_reserves(ctx, other, 150 * TAO, 100 * TAO)
    give_stake(ctx, HOT, ALICE, netuid, 150 * TAO)
    refused(ALICE, swap_stake_limit.call(HOT, netuid, other, 150 * TAO, 990_000_000, False), Error.SlippageTooHigh)
