"""Takes of delegates, the worth of stake in TAO, nominations too small to keep, and iteration over all shares."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .....consensus.fixed import U64F64
from .....consensus.integers import U64_MAX, saturating_add_u64
from .....consensus.reserves import Side
from .....consensus.safe_float import SafeFloat
from ....frame.context import Context
from ....frame.errors import DispatchFailed
from ...swap import MIN_PRICE, current_price, sim_swap
from .. import storage
from ..ledger.accounts import coldkey_owns_hotkey
from ..ledger.share_pool import (
    decrease_stake_for_hotkey_and_coldkey_on_subnet,
    get_stake_for_hotkey_and_coldkey_on_subnet,
    get_stake_for_hotkey_on_subnet,
)
from ..subnets.hyperparameters import get_nominator_min_required_stake
from ..subnets.networks import get_all_subnet_netuids
from .conviction import force_reduce_lock
from .stake import unstake_from_subnet

# --- takes ---------------------------------------------------------------------------------------------------------


def get_hotkey_take(ctx: Context, hotkey: bytes) -> int:
    """Return the take of the hotkey from the dividends of its nominators, a u16 proportion."""
    return storage.Delegates.get(ctx, hotkey)


def maybe_become_delegate(ctx: Context, hotkey: bytes) -> None:
    """Store the take of a hotkey that others stake on, the default until it sets another."""
    if not storage.Delegates.contains(ctx, hotkey):
        storage.Delegates.put(ctx, hotkey, storage.Delegates.get(ctx, hotkey))


# --- stake in TAO --------------------------------------------------------------------------------------------------


def get_total_stake_for_hotkey(ctx: Context, hotkey: bytes) -> int:
    """Return the worth of all stake on a hotkey at current prices, in rao."""
    total = 0
    for netuid in get_all_subnet_netuids(ctx):
        alpha = U64F64.from_int(get_stake_for_hotkey_on_subnet(ctx, hotkey, netuid))
        total += U64F64.saturating_mul(alpha, current_price(ctx, netuid))
    return U64F64.to_int(U64F64.wrap(total), 64)


def get_total_stake_for_coldkey(ctx: Context, coldkey: bytes, netuid: int | None = None) -> int:
    """Return what all stake of a coldkey, or that on one subnet, would sell for together with the fees, in rao."""
    total = 0
    for hotkey in storage.StakingHotkeys.get(ctx, coldkey):
        for other, _ in alpha_iter_prefix(ctx, hotkey, coldkey):
            if netuid is None or other == netuid:
                total += _sale_value(ctx, hotkey, coldkey, other)
    return total & U64_MAX


def _sale_value(ctx: Context, hotkey: bytes, coldkey: bytes, netuid: int) -> int:
    """Return what a stake would sell for, with the fee at the current price; 0 where it cannot be sold."""
    alpha = get_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, coldkey, netuid)
    try:
        trade = sim_swap(ctx, netuid, Side.SELL, alpha)
    except DispatchFailed:
        return 0
    fee = U64F64.saturating_mul(U64F64.from_int(trade.fee_paid), current_price(ctx, netuid))
    return saturating_add_u64(trade.amount_paid_out, U64F64.to_int(fee, 64))


# --- small nominations ---------------------------------------------------------------------------------------------


def clear_small_nomination_if_required(ctx: Context, hotkey: bytes, coldkey: bytes, netuid: int) -> None:
    """Sell the stake of a nominator if it is worth less than the minimum nomination.

    Where the sale fails, the stake is lost, and what the sale had changed by then stays.
    """
    if coldkey_owns_hotkey(ctx, coldkey, hotkey):
        return
    alpha = get_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, coldkey, netuid)
    least = U64F64.from_int(get_nominator_min_required_stake(ctx))
    if not 0 < alpha < U64F64.to_int(U64F64.safe_div(least, current_price(ctx, netuid)), 64):
        return
    try:
        unstake_from_subnet(ctx, hotkey, coldkey, coldkey, netuid, alpha, MIN_PRICE)
    except DispatchFailed:
        rest = get_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, coldkey, netuid)
        decrease_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, coldkey, netuid, rest)
    force_reduce_lock(ctx, coldkey, netuid, alpha)


def clear_small_nominations(ctx: Context) -> None:
    """Sell all nominations below the minimum. Iterates over all stakes of the chain."""
    for (hotkey, coldkey, netuid), _ in alpha_iter(ctx):
        clear_small_nomination_if_required(ctx, hotkey, coldkey, netuid)


# --- shares, in old and new items ----------------------------------------------------------------------------------


def alpha_iter(ctx: Context) -> Iterator[tuple[tuple[bytes, bytes, int], SafeFloat]]:
    """Yield all shares by (hotkey, coldkey, netuid), in the order of these keys."""
    former = {key: SafeFloat.from_u64f64(share) for key, share in storage.Alpha.items(ctx)}
    yield from sorted((former | dict(storage.AlphaV2.items(ctx))).items(), key=lambda entry: entry[0])


def alpha_iter_prefix(ctx: Context, hotkey: bytes, coldkey: bytes) -> Iterator[tuple[int, SafeFloat]]:
    """Yield netuid and share of the shares of a coldkey in a hotkey, without those of zero, ordered by netuid."""
    for netuid, share in _joined_shares(ctx, hotkey, coldkey):
        if not share.is_zero():
            yield netuid, share


def alpha_iter_single_prefix(ctx: Context, hotkey: bytes) -> Iterator[tuple[bytes, int, SafeFloat]]:
    """Yield coldkey, netuid and share of all shares in a hotkey, ordered by coldkey and netuid."""
    yield from _joined_shares(ctx, hotkey)


def _joined_shares(ctx: Context, *first: bytes) -> list[tuple[Any, ...]]:
    """Return the rest of the key and the share of all shares, of old and new items, under these first parts."""
    former = {key: SafeFloat.from_u64f64(share) for key, share in storage.Alpha.under(ctx, *first)}
    shares = former | dict(storage.AlphaV2.under(ctx, *first))
    return [(*key, shares[key]) for key in sorted(shares)]
