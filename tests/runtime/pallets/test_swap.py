"""Swap and its runtime API: trades, injections and dissolved subnets in a pool's storage, and fees."""

from __future__ import annotations

import pytest
from pysubtensor.consensus.internal import InternalError
from pysubtensor.consensus.reserves import HALF, WHOLE, Side, Trade
from pysubtensor.runtime.apis import swap as api
from pysubtensor.runtime.apis.swap import SimSwapResult, SubnetPrice
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import BadOrigin, DispatchFailed, as_dispatch_error
from pysubtensor.runtime.frame.origin import NONE, ROOT_ORIGIN, Origin
from pysubtensor.runtime.frame.weight import Weight
from pysubtensor.runtime.pallets import swap
from pysubtensor.runtime.pallets.subtensor.coinbase.injection import move_weights, read_pools, write_pools
from pysubtensor.runtime.pallets.subtensor.storage.networks import NetworksAdded, SubnetMechanism
from pysubtensor.runtime.pallets.subtensor.storage.pools import SubnetAlphaIn, SubnetTAO
from pysubtensor.runtime.pallets.swap import Balancer, Error, FeeRate, PalSwapInitialized, SwapBalancer

from tests.costs import own_info
from tests.world import Dispatch, Events, RefusedCall

SIGNER, HOTKEY = b"\1" * 32, b"\2" * 32
BUY, SELL = Side.BUY, Side.SELL
#: A subnet with a pool of 1,000 TAO and 4,000 alpha; one without a pool; one that does not exist.
SUBNET, STABLE, NOWHERE = 1, 2, 3
TAO, ALPHA = 10**12, 4 * 10**12
MISSING = Error.MechanismDoesNotExist


@pytest.fixture(autouse=True)
def subnets(ctx: Context) -> None:
    """Add the two subnets."""
    for netuid in (SUBNET, STABLE):
        NetworksAdded.put(ctx, netuid, True)
    SubnetMechanism.put(ctx, SUBNET, swap.DYNAMIC)
    SubnetTAO.put(ctx, SUBNET, TAO)
    SubnetAlphaIn.put(ctx, SUBNET, ALPHA)


def failure(ctx: Context, side: Side, amount: int, limit: int) -> object:
    """Return the error of a failing trade, which must not change the state."""
    before = ctx.state.changes()
    with pytest.raises(DispatchFailed) as failed:
        swap.swap(ctx, SUBNET, side, amount, limit, drop_fees=True)
    assert ctx.state.changes() == before
    return failed.value.reason


# --- set_fee_rate ----------------------------------------------------------------------------------------------


def test_root_sets_the_fee_of_a_subnet(ctx: Context, dispatch: Dispatch, events: Events) -> None:
    assert FeeRate.get(ctx, SUBNET) == 33
    dispatch(ROOT_ORIGIN, swap.set_fee_rate.call(SUBNET, 500))
    assert FeeRate.get(ctx, SUBNET) == 500
    assert FeeRate.get(ctx, STABLE) == 33
    assert events() == [swap.FeeRateSet(SUBNET, 500)]


def test_only_root_sets_fees(refused: RefusedCall) -> None:
    refused(SIGNER, swap.set_fee_rate.call(SUBNET, 500), BadOrigin())
    refused(NONE, swap.set_fee_rate.call(SUBNET, 500), BadOrigin())


def test_a_fee_is_at_most_the_maximum(ctx: Context, dispatch: Dispatch, refused: RefusedCall) -> None:
    refused(ROOT_ORIGIN, swap.set_fee_rate.call(SUBNET, 10_001), Error.FeeRateTooHigh)
    dispatch(ROOT_ORIGIN, swap.set_fee_rate.call(SUBNET, 10_000))
    assert FeeRate.get(ctx, SUBNET) == 10_000


def test_a_subnet_that_does_not_exist_has_no_fee(refused: RefusedCall) -> None:
    """The error of a missing subnet precedes that of a fee above the maximum."""
    refused(ROOT_ORIGIN, swap.set_fee_rate.call(NOWHERE, 10_001), MISSING)


def test_setting_a_fee_has_the_benchmarked_weight() -> None:
    assert own_info(swap.set_fee_rate.call(SUBNET, 1)).call_weight == Weight(
        15_063_000 + 25_000_000 + 100_000_000, 3994
    )


@pytest.mark.parametrize("origin", [ROOT_ORIGIN, SIGNER, NONE], ids=["root", "signed", "none"])
def test_calls_about_user_liquidity_always_fail(refused: RefusedCall, origin: bytes | Origin) -> None:
    for call in (
        swap.add_liquidity.call(HOTKEY, SUBNET, -5, 5, 1000),
        swap.remove_liquidity.call(HOTKEY, SUBNET, 1),
        swap.modify_position.call(HOTKEY, SUBNET, 1, -1000),
        swap.toggle_user_liquidity.call(SUBNET, True),
        swap.disable_lp.call(),
    ):
        refused(origin, call, Error.Deprecated)
        assert own_info(call).call_weight == Weight(15_000_000)


# --- trades ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("side", [BUY, SELL])
def test_a_trade_returns_the_output_and_does_not_change_reserves(ctx: Context, side: Side) -> None:
    """At equal weights the product is kept: y - x·y / (x + d)."""
    amount = 10**9
    limit = swap.MAX_PRICE if side is BUY else swap.MIN_PRICE
    pays, paid = (TAO, ALPHA) if side is BUY else (ALPHA, TAO)
    fee = amount * 33 // 65535
    out = paid * (amount - fee) // (pays + amount - fee)
    assert swap.swap(ctx, SUBNET, side, amount, limit) == Trade(amount - fee, out, fee, fee)
    assert (SubnetTAO.get(ctx, SUBNET), SubnetAlphaIn.get(ctx, SUBNET)) == (TAO, ALPHA)


def test_fees_can_be_dropped(ctx: Context) -> None:
    trade = swap.swap(ctx, SUBNET, BUY, 10**9, swap.MAX_PRICE, drop_fees=True)
    assert (trade.amount_paid_in, trade.fee_paid, trade.fee_to_block_author) == (10**9, 0, 0)


def test_the_limit_is_in_rao_for_one_alpha(ctx: Context) -> None:
    """The price is 0.25 TAO; a limit of 0.26 allows a buyer to raise it by four per cent: y·(√1.04 - 1) ≈ 0.0198·y."""
    trade = swap.swap(ctx, SUBNET, BUY, TAO, 260_000_000, drop_fees=True)
    assert trade.amount_paid_in == 19_803_902_718
    trade = swap.swap(ctx, SUBNET, SELL, ALPHA, 250_000_000 - 1, drop_fees=True)
    assert 0 < trade.amount_paid_in < ALPHA // 10**8


def test_refusals_are_errors_of_the_pallet_and_change_nothing(ctx: Context) -> None:
    assert failure(ctx, BUY, 10**9, 250_000_000) is Error.PriceLimitExceeded
    assert failure(ctx, SELL, 10**9, 250_000_000) is Error.PriceLimitExceeded
    assert failure(ctx, BUY, TAO * 1000 + 1, swap.MAX_PRICE) is Error.SwapInputTooLarge
    SubnetAlphaIn.put(ctx, SUBNET, 999_999)
    assert failure(ctx, BUY, 10**9, swap.MAX_PRICE) is Error.ReservesTooLow


def test_the_first_trade_sets_up_the_pool(ctx: Context) -> None:
    """It resets weights that injections have changed before."""
    SwapBalancer.put(ctx, SUBNET, Balancer(WHOLE // 3))
    trade = swap.swap(ctx, SUBNET, BUY, 10**9, swap.MAX_PRICE, drop_fees=True)
    assert PalSwapInitialized.get(ctx, SUBNET)
    assert SwapBalancer.get(ctx, SUBNET) == Balancer(HALF)
    assert trade.amount_paid_out == ALPHA * 10**9 // (TAO + 10**9)


def test_trades_use_the_weights_of_an_initialized_pool(ctx: Context) -> None:
    PalSwapInitialized.put(ctx, SUBNET, True)
    at_half = swap.swap(ctx, SUBNET, BUY, 10**9, swap.MAX_PRICE)
    SwapBalancer.put(ctx, SUBNET, Balancer(WHOLE * 3 // 5))
    assert swap.swap(ctx, SUBNET, BUY, 10**9, swap.MAX_PRICE).amount_paid_out > at_half.amount_paid_out


@pytest.mark.parametrize("side", [BUY, SELL])
def test_a_simulation_is_the_trade_but_changes_nothing(ctx: Context, side: Side) -> None:
    before = ctx.state.changes()
    simulated = swap.sim_swap(ctx, SUBNET, side, 10**9)
    assert ctx.state.changes() == before
    assert simulated == swap.swap(ctx, SUBNET, side, 10**9, swap.MAX_PRICE if side is BUY else swap.MIN_PRICE)
    assert ctx.state.changes() != before


def test_simulations_are_refused_like_trades(ctx: Context) -> None:
    with pytest.raises(DispatchFailed) as failed:
        swap.sim_swap(ctx, SUBNET, BUY, TAO * 1001)
    assert failed.value.error == as_dispatch_error(Error.SwapInputTooLarge)


def test_without_a_pool_alpha_trades_one_to_one(ctx: Context) -> None:
    assert swap.sim_swap(ctx, STABLE, BUY, 500) == Trade(500, 500, 0, 0)
    assert swap.sim_swap(ctx, NOWHERE, BUY, 500) == Trade(0, 0, 0, 0)
    assert swap.current_price(ctx, STABLE) == 1 << 64
    assert swap.alpha_for_tao(ctx, STABLE, 500) == 500
    assert swap.approx_fee_amount(ctx, STABLE, 10**9) == 0


def test_a_subnet_without_a_pool_is_not_traded_with(ctx: Context) -> None:
    with pytest.raises(InternalError, match="subnet 2 has no pool"):
        swap.swap(ctx, STABLE, BUY, 500, swap.MAX_PRICE)


# --- prices ----------------------------------------------------------------------------------------------------


def test_the_price_is_that_of_the_reserves(ctx: Context) -> None:
    assert swap.current_price(ctx, SUBNET) == 1 << 62
    SubnetAlphaIn.put(ctx, SUBNET, 0)
    assert swap.current_price(ctx, SUBNET) == 0
    assert swap.alpha_for_tao(ctx, SUBNET, 500) == 0


def test_alpha_for_tao_is_at_the_price_without_slippage(ctx: Context) -> None:
    assert swap.alpha_for_tao(ctx, SUBNET, TAO) == 4 * TAO


def test_the_approximate_fee_is_that_of_the_whole_amount(ctx: Context) -> None:
    assert swap.approx_fee_amount(ctx, SUBNET, 10**9) == 10**9 * 33 // 65535


# --- what the chain does with pools ----------------------------------------------------------------------------


def test_injection_changes_the_weights_and_not_the_price(ctx: Context) -> None:
    price = swap.current_price(ctx, SUBNET)
    [pool] = read_pools(ctx, [SUBNET])
    assert move_weights(pool, 10**9, 10**9) == (10**9, 10**9)
    assert (pool.tao, pool.alpha) == (TAO, ALPHA), "the caller adds"
    pool.add_tao(10**9)
    pool.add_alpha(10**9)
    write_pools(ctx, [pool])
    assert (SubnetTAO.get(ctx, SUBNET), SubnetAlphaIn.get(ctx, SUBNET)) == (TAO + 10**9, ALPHA + 10**9)
    assert SwapBalancer.get(ctx, SUBNET).quote > HALF
    assert abs(swap.current_price(ctx, SUBNET) - price) < price // 10**12


def test_injection_that_no_weights_balance_is_nothing(ctx: Context) -> None:
    [pool] = read_pools(ctx, [SUBNET])
    assert move_weights(pool, TAO * 1000, 0) == (0, 0)
    write_pools(ctx, [pool])
    assert not SwapBalancer.contains(ctx, SUBNET)


def test_the_pool_of_a_dissolved_subnet_is_removed(ctx: Context) -> None:
    swap.swap(ctx, SUBNET, BUY, 10**9, swap.MAX_PRICE)
    FeeRate.put(ctx, SUBNET, 1000)
    for _ in range(2):  # the second time there is nothing to do
        swap.clear_protocol_liquidity(ctx, SUBNET)
        assert (SubnetTAO.get(ctx, SUBNET), SubnetAlphaIn.get(ctx, SUBNET)) == (0, 0)
        for item in (FeeRate, SwapBalancer, PalSwapInitialized):
            assert not item.contains(ctx, SUBNET)


# --- SwapRuntimeApi --------------------------------------------------------------------------------------------


def test_prices_are_returned_in_rao(ctx: Context) -> None:
    assert api.current_alpha_price(ctx, SUBNET) == 250_000_000
    assert api.current_alpha_price(ctx, STABLE) == 10**9
    assert api.current_alpha_price_all(ctx) == [SubnetPrice(SUBNET, 250_000_000), SubnetPrice(STABLE, 10**9)]


def test_a_simulated_purchase_has_its_fee_and_slippage(ctx: Context) -> None:
    """1 TAO is 4 alpha at the price; fee 503,547 rao, and the price rises by a thousandth."""
    trade = swap.sim_swap(ctx, SUBNET, BUY, 10**9)
    assert api.sim_swap_tao_for_alpha(ctx, SUBNET, 10**9) == SimSwapResult(
        tao_amount=10**9 - 503_547,
        alpha_amount=trade.amount_paid_out,
        tao_fee=503_547,
        alpha_slippage=4 * 10**9 - trade.amount_paid_out,
    )


def test_a_simulated_sale_has_its_fee_and_slippage(ctx: Context) -> None:
    trade = swap.sim_swap(ctx, SUBNET, SELL, 4 * 10**9)
    assert api.sim_swap_alpha_for_tao(ctx, SUBNET, 4 * 10**9) == SimSwapResult(
        tao_amount=trade.amount_paid_out,
        alpha_amount=4 * 10**9 - trade.fee_paid,
        alpha_fee=4 * 10**9 * 33 // 65535,
        tao_slippage=10**9 - trade.amount_paid_out,
    )


def test_simulations_of_failing_trades_are_all_zero(ctx: Context) -> None:
    assert api.sim_swap_tao_for_alpha(ctx, SUBNET, TAO * 1001) == SimSwapResult()
    assert api.sim_swap_alpha_for_tao(ctx, SUBNET, ALPHA * 1001) == SimSwapResult()
