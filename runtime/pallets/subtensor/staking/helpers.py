"""Delegates, nominations too small to keep, and what hotkeys and coldkeys own in all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .....consensus.fixed import U64F64
from .....consensus.integers import saturating_add_u64
from .....consensus.pool import Side
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

# --- delegates -----------------------------------------------------------------------------------------------------


def hotkey_is_delegate(ctx: Context, hotkey: bytes) -> bool:
    """Whether others may stake on the hotkey for a take."""
    return storage.Delegates.contains(ctx, hotkey)


def delegate_hotkey(ctx: Context, hotkey: bytes, take: int) -> None:
    """Let the hotkey keep `take` (a u16 proportion) of its nominators' dividends."""
    storage.Delegates.put(ctx, hotkey, take)


def get_hotkey_take(ctx: Context, hotkey: bytes) -> int:
    """What the hotkey keeps of its nominators' dividends, a u16 proportion."""
    return storage.Delegates.get(ctx, hotkey)


# --- stake in TAO --------------------------------------------------------------------------------------------------


def get_total_stake_for_hotkey(ctx: Context, hotkey: bytes) -> int:
    """What all stake on a hotkey is worth at current prices, in rao."""
    total = 0
    for netuid in get_all_subnet_netuids(ctx):
        alpha = U64F64.from_int(get_stake_for_hotkey_on_subnet(ctx, hotkey, netuid))
        total += U64F64.saturating_mul(alpha, current_price(ctx, netuid))
    return U64F64.to_int(U64F64.wrap(total), 64)


def get_total_stake_for_coldkey(ctx: Context, coldkey: bytes) -> int:
    """What selling each of a coldkey's stakes alone would come to, in rao, its fee included."""
    return sum(
        _proceeds(ctx, hotkey, coldkey, netuid)
        for hotkey in storage.StakingHotkeys.get(ctx, coldkey)
        for netuid, _ in alpha_iter_prefix(ctx, hotkey, coldkey)
    )


def get_total_stake_for_coldkey_on_subnet(ctx: Context, coldkey: bytes, netuid: int) -> int:
    """The same for one subnet."""
    return sum(
        _proceeds(ctx, hotkey, coldkey, netuid)
        for hotkey in storage.StakingHotkeys.get(ctx, coldkey)
        if netuid in dict(alpha_iter_prefix(ctx, hotkey, coldkey))
    )


def _proceeds(ctx: Context, hotkey: bytes, coldkey: bytes, netuid: int) -> int:
    """What selling a stake would come to, its fee at the current price included; 0 where it cannot be sold."""
    alpha = get_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, coldkey, netuid)
    try:
        trade = sim_swap(ctx, netuid, Side.SELL, alpha)
    except DispatchFailed:
        return 0
    fee = U64F64.saturating_mul(U64F64.from_int(trade.fee_paid), current_price(ctx, netuid))
    return saturating_add_u64(trade.amount_paid_out, U64F64.to_int(fee, 64))


# --- small nominations ---------------------------------------------------------------------------------------------


def clear_small_nomination_if_required(ctx: Context, hotkey: bytes, coldkey: bytes, netuid: int) -> None:
    """Sell a nominator's stake if it is worth less than nominations must be.

    Where it cannot be sold, it is lost; what was done for the sale until then stays done.
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
    """Sell all nominations that are too small. Looks at every stake there is."""
    for (hotkey, coldkey, netuid), _ in alpha_iter(ctx):
        clear_small_nomination_if_required(ctx, hotkey, coldkey, netuid)


# --- shares, of both forms -----------------------------------------------------------------------------------------


def alpha_iter(ctx: Context) -> Iterator[tuple[tuple[bytes, bytes, int], SafeFloat]]:
    """All shares by (hotkey, coldkey, netuid), in the order of these keys."""
    former = {key: SafeFloat.from_u64f64(share) for key, share in storage.Alpha.items(ctx)}
    yield from sorted((former | dict(storage.AlphaV2.items(ctx))).items(), key=lambda entry: entry[0])


def alpha_iter_prefix(ctx: Context, hotkey: bytes, coldkey: bytes) -> Iterator[tuple[int, SafeFloat]]:
    """A coldkey's shares on a hotkey by netuid, those of zero left out."""
    for netuid, share in _merged(ctx, hotkey, coldkey):
        if not share.is_zero():
            yield netuid, share


def alpha_iter_single_prefix(ctx: Context, hotkey: bytes) -> Iterator[tuple[bytes, int, SafeFloat]]:
    """All shares in a hotkey: coldkey, netuid and share, in the order of coldkeys."""
    yield from _merged(ctx, hotkey)


def _merged(ctx: Context, *first: bytes) -> list[tuple[Any, ...]]:
    """The rest of the keys of all shares under these, and the share; Any, for its length depends on theirs."""
    former = {key: SafeFloat.from_u64f64(share) for key, share in storage.Alpha.under(ctx, *first)}
    shares = former | dict(storage.AlphaV2.under(ctx, *first))
    return [(*key, shares[key]) for key in sorted(shares)]
