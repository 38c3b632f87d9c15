"""Trades at the extremes: one rao, all of the reserve, tiny and full pools, the largest numbers, through every call.

Each gives the constant product's result or the chain's error. What the genuine pallets answered to thousands of such
trades is replayed from the scripts `swap_extremes_*` of `tests/genuine`.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from pysubtensor.consensus.reserves import Side, Trade
from pysubtensor.consensus.safe_float import SafeFloat
from pysubtensor.runtime.apis import swap as api
from pysubtensor.runtime.apis.swap import SimSwapResult
from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import DispatchFailed
from pysubtensor.runtime.pallets.subtensor.ledger.accounts import create_account_if_non_existent
from pysubtensor.runtime.pallets.subtensor.staking.add import add_stake, add_stake_limit
from pysubtensor.runtime.pallets.subtensor.staking.move import move_stake, swap_stake, swap_stake_limit, transfer_stake
from pysubtensor.runtime.pallets.subtensor.staking.recycle import add_stake_burn, burn_alpha, recycle_alpha
from pysubtensor.runtime.pallets.subtensor.staking.remove import (
    remove_stake,
    remove_stake_full_limit,
    remove_stake_limit,
    unstake_all,
    unstake_all_alpha,
)
from pysubtensor.runtime.pallets.subtensor.storage.pools import SubnetAlphaIn, SubnetAlphaOut, SubnetTAO
from pysubtensor.runtime.pallets.subtensor.storage.staking import AlphaV2, TotalHotkeyAlpha
from pysubtensor.runtime.pallets.swap import MAX_PRICE, MIN_PRICE, MinimumReserve, sim_swap
from pysubtensor.runtime.pallets.swap import Error as SwapError

from tests.runtime.pallets.subtensor.pools import FEE, bought, give_stake, set_reserves
from tests.world import ALICE, BOB, TAO, U64_MAX, AddDynamicNetwork, AddNetwork, Dispatch, account

HOT, OWNER_HOT, OWNER_COLD, SECOND_HOT = (account(number) for number in range(1, 5))
#: Reserves of TAO and alpha.
POOLS = [
    (0, 0),
    (1, 1),
    (1, U64_MAX),
    (U64_MAX, 1),
    (999_999, 999_999),
    (1_000_000, 1_000_000),
    (1_000_000, U64_MAX),
    (U64_MAX, 1_000_000),
    (100 * TAO, 400 * TAO),
    (21_000_000 * TAO, 21_000_000 * TAO),
    (U64_MAX, U64_MAX),
]
#: Amounts in, and those that are multiples of the reserve of what is paid in.
AMOUNTS = [0, 1, 2, 33, 2_000_000, TAO, U64_MAX // 2, U64_MAX]
MULTIPLES = [1, 2, 1_000]

pools = pytest.mark.parametrize("pool", POOLS, ids=lambda pool: f"{pool[0]}-{pool[1]}")


@pytest.fixture
def netuid(ctx: Context, add_dynamic_network: AddDynamicNetwork, add_network: AddNetwork) -> int:
    """A started subnet, beside root."""
    add_network(0, 0)
    return add_dynamic_network(OWNER_HOT, OWNER_COLD)


def expected(reserve_in: int, reserve_out: int, amount: int) -> tuple[int, int] | SwapError:
    """Return what is paid in without the fee, and what is paid out; or the error, in the chain's order.

    The sum of the reserve and what is paid in saturates at 2^64 - 1, so that a full pool pays nothing.
    """
    paid = amount - int(amount * FEE)
    if paid > 1_000 * reserve_in:
        return SwapError.SwapInputTooLarge
    if reserve_out < 1_000_000:
        return SwapError.ReservesTooLow
    total = min(reserve_in + paid, U64_MAX)
    return paid, int(Fraction(reserve_out * (total - reserve_in), total))


def outcome(ctx: Context, netuid: int, side: Side, amount: int) -> Trade | object:
    """Return a simulated trade, or its error."""
    try:
        return sim_swap(ctx, netuid, side, amount)
    except DispatchFailed as failed:
        return failed.reason


def crosses_limit(pool: tuple[int, int], side: Side, paid: int, out: int) -> bool:
    """Return whether a trade brings the price near, or beyond, those at which trades without a limit end."""
    tao, alpha = pool
    tao, alpha = (tao + paid, alpha - out) if side is Side.BUY else (tao - out, alpha + paid)
    return not MIN_PRICE * 1.01 < TAO * tao / max(alpha, 1) < MAX_PRICE * 0.99


@pools
@pytest.mark.parametrize("side", Side, ids=lambda side: side.name)
def test_a_simulated_trade_follows_the_constant_product_or_fails(
    ctx: Context, netuid: int, pool: tuple[int, int], side: Side
) -> None:
    """Powers are floored to 18 digits, so that the output of a full pool may be 19 units off."""
    assert MinimumReserve.get(ctx) == 1_000_000
    put(ctx, netuid, pool)
    reserve_in, reserve_out = pool if side is Side.BUY else pool[::-1]
    for amount in [*AMOUNTS, *(min(reserve_in * times, U64_MAX) for times in MULTIPLES)]:
        wanted, trade = expected(reserve_in, reserve_out, amount), outcome(ctx, netuid, side, amount)
        if isinstance(wanted, SwapError):
            assert trade is wanted or trade is SwapError.PriceLimitExceeded, amount
            continue
        paid, out = wanted
        if crosses_limit(pool, side, paid, out):
            cut = isinstance(trade, Trade) and trade.amount_paid_in <= paid and trade.amount_paid_out <= reserve_out
            assert cut or trade in (SwapError.PriceLimitExceeded, SwapError.ReservesTooLow)
        elif isinstance(trade, Trade):
            assert trade.amount_paid_out == pytest.approx(out, abs=20), amount
            assert trade.amount_paid_in == pytest.approx(paid, abs=1)
            assert trade.amount_paid_in + trade.fee_paid == amount
        else:
            assert (trade, out) == (SwapError.ReservesTooLow, 0), amount


def put(ctx: Context, netuid: int, pool: tuple[int, int]) -> None:
    """Set both reserves; the TAO to pay from exists only as far as an issuance can hold it."""
    set_reserves(ctx, netuid, min(pool[0], 1_000_000 * TAO), pool[1])
    SubnetTAO.put(ctx, netuid, pool[0])
    SubnetAlphaIn.put(ctx, netuid, pool[1])


@pools
def test_the_api_returns_zeros_for_a_trade_that_fails(ctx: Context, netuid: int, pool: tuple[int, int]) -> None:
    put(ctx, netuid, pool)
    tao, alpha = pool
    for amount in AMOUNTS:
        if isinstance(expected(tao, alpha, amount), SwapError):
            assert api.sim_swap_tao_for_alpha(ctx, netuid, amount) == SimSwapResult()
        if isinstance(expected(alpha, tao, amount), SwapError):
            assert api.sim_swap_alpha_for_tao(ctx, netuid, amount) == SimSwapResult()


# --- calls ---------------------------------------------------------------------------------------------------------

#: Calls that trade, of the subnet, another one, and an amount.
CALLS: dict[str, Callable[[int, int, int], Call]] = {
    "add_stake": lambda netuid, other, amount: add_stake.call(HOT, netuid, amount),
    "add_stake_limit": lambda netuid, other, amount: add_stake_limit.call(HOT, netuid, amount, U64_MAX, True),
    "add_stake_limit at 1 rao": lambda netuid, other, amount: add_stake_limit.call(HOT, netuid, amount, 1, True),
    "add_stake_burn": lambda netuid, other, amount: add_stake_burn.call(HOT, netuid, amount, None),
    "add_stake_burn up to a limit": lambda netuid, other, amount: add_stake_burn.call(HOT, netuid, amount, amount),
    "remove_stake": lambda netuid, other, amount: remove_stake.call(HOT, netuid, amount),
    "remove_stake_limit": lambda netuid, other, amount: remove_stake_limit.call(HOT, netuid, amount, 0, True),
    "remove_stake_limit at 2^64": lambda netuid, other, amount: remove_stake_limit.call(
        HOT, netuid, amount, U64_MAX, True
    ),
    "remove_stake_full_limit": lambda netuid, other, amount: remove_stake_full_limit.call(HOT, netuid, amount),
    "unstake_all": lambda netuid, other, amount: unstake_all.call(HOT),
    "unstake_all_alpha": lambda netuid, other, amount: unstake_all_alpha.call(HOT),
    "move_stake": lambda netuid, other, amount: move_stake.call(HOT, SECOND_HOT, netuid, other, amount),
    "move_stake within": lambda netuid, other, amount: move_stake.call(HOT, SECOND_HOT, netuid, netuid, amount),
    "transfer_stake": lambda netuid, other, amount: transfer_stake.call(BOB, HOT, netuid, other, amount),
    "swap_stake": lambda netuid, other, amount: swap_stake.call(HOT, netuid, other, amount),
    "swap_stake from root": lambda netuid, other, amount: swap_stake.call(HOT, 0, netuid, amount),
    "swap_stake_limit": lambda netuid, other, amount: swap_stake_limit.call(HOT, netuid, other, amount, amount, True),
    "recycle_alpha": lambda netuid, other, amount: recycle_alpha.call(HOT, amount, netuid),
    "burn_alpha": lambda netuid, other, amount: burn_alpha.call(HOT, amount, netuid),
}


@pools
@pytest.mark.parametrize("name", CALLS)
def test_a_call_at_the_extremes_succeeds_or_fails_without_a_trace(
    ctx: Context,
    netuid: int,
    add_dynamic_network: AddDynamicNetwork,
    dispatch: Dispatch,
    name: str,
    pool: tuple[int, int],
) -> None:
    """Every rao is accounted for after each: `dispatch` checks the invariants."""
    other = add_dynamic_network(account(5), OWNER_COLD)
    set_reserves(ctx, other, 100 * TAO, 100 * TAO)
    give_stake(ctx, HOT, ALICE, netuid, U64_MAX // 4)
    give_stake(ctx, HOT, ALICE, 0, 1_000 * TAO)
    create_account_if_non_existent(ctx, ALICE, SECOND_HOT)
    put(ctx, netuid, pool)
    for amount in [*AMOUNTS, *pool]:
        before, events = ctx.state.changes(), len(ctx.block.events)
        with ctx.state.anchor():
            try:
                dispatch(ALICE, CALLS[name](netuid, other, amount))
            except DispatchFailed:
                assert ctx.state.changes() == before, f"{name} of {amount} failed and left changes"
                assert len(ctx.block.events) == events
        del ctx.block.events[events:]


# --- amounts beyond 63 bits ----------------------------------------------------------------------------------------


def test_stake_of_more_than_63_bits_is_lost_because_changes_are_signed(
    ctx: Context, netuid: int, dispatch: Dispatch
) -> None:
    """The pool's alpha decreases by 2^63 at most; the first stake of 2^64 - n on a hotkey is n shares of no alpha.

    `amount as i64` and `clamp(i64::MIN, i64::MAX)` in the genuine `stake_utils.rs` and `swap-interface`.
    """
    create_account_if_non_existent(ctx, OWNER_COLD, HOT)
    put(ctx, netuid, (1_000_000, U64_MAX))
    paid = 900_000_000
    dispatch(ALICE, add_stake.call(HOT, netuid, paid))
    out = SubnetAlphaOut.get(ctx, netuid)
    assert out == pytest.approx(bought(1_000_000, U64_MAX, paid), abs=20)
    assert out > 1 << 63
    assert SubnetAlphaIn.get(ctx, netuid) == U64_MAX - (1 << 63)
    assert not TotalHotkeyAlpha.contains(ctx, HOT, netuid)
    assert AlphaV2.get(ctx, (HOT, ALICE, netuid)) == SafeFloat.from_u64((1 << 64) - out)
