"""The calls that sell alpha: at the market price, down to a price, and all stake on a hotkey.

On root they take TAO back.
"""

from __future__ import annotations

from .....consensus.reserves import Side
from ....frame.context import Context
from ....frame.errors import DispatchFailed, ensure
from ....frame.weight import weight_of
from ....scale import AccountId
from ...shared.types import ROOT_NETUID, AlphaBalance, NetUid, TaoBalance
from ...swap import MAX_PRICE, MIN_PRICE, sim_swap
from .. import storage
from ..declared import constants
from ..declared.errors import Error
from ..declared.pallet import pallet
from ..ledger.accounts import hotkey_account_exists
from ..ledger.share_pool import get_stake_for_hotkey_and_coldkey_on_subnet
from ..subnets.networks import get_all_subnet_netuids, if_subnet_exist
from .conviction import ensure_available_to_unstake
from .helpers import clear_small_nomination_if_required, get_total_stake_for_hotkey
from .price_limits import ensure_input_within_swap_limit, get_max_amount_remove
from .stake import stake_into_subnet, unstake_from_subnet

# --- checks --------------------------------------------------------------------------------------------------------


def validate_remove_stake(
    ctx: Context, coldkey: bytes, hotkey: bytes, netuid: int, alpha: int, most: int, *, allow_partial: bool
) -> None:
    """Refuse a sale of `alpha`, of which the price limit allows `most`, that a coldkey may not make on a hotkey.

    A part of the stake must be worth the minimum stake; the whole stake may be worth less. Fails with
    SubnetNotExists, AmountTooLow, NotEnoughStakeToWithdraw, InsufficientLiquidity where the pool cannot take the
    trade, SlippageTooHigh for more than `most` unless a part is allowed, HotKeyAccountNotExists, and StakeUnavailable
    for locked stake.
    """
    ensure(if_subnet_exist(ctx, netuid), Error.SubnetNotExists)
    ensure(alpha > 0, Error.AmountTooLow)
    stake = get_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, coldkey, netuid)
    ensure(stake >= alpha, Error.NotEnoughStakeToWithdraw)
    try:
        trade = sim_swap(ctx, netuid, Side.SELL, alpha)
    except DispatchFailed:
        raise DispatchFailed(Error.InsufficientLiquidity) from None
    enough = stake == alpha or trade.amount_paid_out >= constants.InitialMinStake.get(ctx)
    ensure(enough, Error.AmountTooLow)
    ensure(allow_partial or alpha <= most, Error.SlippageTooHigh)
    ensure(hotkey_account_exists(ctx, hotkey), Error.HotKeyAccountNotExists)
    ensure_available_to_unstake(ctx, coldkey, netuid, alpha)


# --- sales ---------------------------------------------------------------------------------------------------------


def do_remove_stake(ctx: Context, coldkey: bytes, hotkey: bytes, netuid: int, alpha: int) -> None:
    """Sell `alpha`, or all there is, at the market price; fails as `remove_stake` does."""
    ensure(storage.SubtokenEnabled.get(ctx, netuid), Error.SubtokenDisabled)
    # A transaction fee in alpha may have been taken from the stake before.
    alpha = min(alpha, get_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, coldkey, netuid))
    ensure_input_within_swap_limit(ctx, netuid, Side.SELL, alpha)
    validate_remove_stake(ctx, coldkey, hotkey, netuid, alpha, alpha, allow_partial=False)
    _sell(ctx, coldkey, hotkey, netuid, alpha, MIN_PRICE)


def do_remove_stake_limit(
    ctx: Context, coldkey: bytes, hotkey: bytes, netuid: int, alpha: int, limit_price: int, *, allow_partial: bool
) -> None:
    """Sell up to `alpha` above a price; fails as `remove_stake_limit` does."""
    ensure_input_within_swap_limit(ctx, netuid, Side.SELL, alpha)
    most = get_max_amount_remove(ctx, netuid, limit_price)
    validate_remove_stake(ctx, coldkey, hotkey, netuid, alpha, most, allow_partial=allow_partial)
    _sell(ctx, coldkey, hotkey, netuid, min(alpha, most), limit_price)


def _sell(ctx: Context, coldkey: bytes, hotkey: bytes, netuid: int, alpha: int, price_limit: int) -> None:
    """Sell alpha of a stake, and what is left of it if that is too little."""
    unstake_from_subnet(ctx, hotkey, coldkey, coldkey, netuid, alpha, price_limit)
    clear_small_nomination_if_required(ctx, hotkey, coldkey, netuid)
    # A hotkey below the threshold loses the children that it has scheduled.
    if get_total_stake_for_hotkey(ctx, hotkey) < storage.StakeThreshold.get(ctx):
        for subnet in get_all_subnet_netuids(ctx):
            storage.PendingChildKeys.remove(ctx, subnet, hotkey)


def _sell_everywhere(ctx: Context, coldkey: bytes, hotkey: bytes, *, on_root: bool) -> int:
    """Sell the stake of a coldkey on a hotkey on all subnets where that is possible, and return the rao.

    Fails with HotKeyAccountNotExists.
    """
    ensure(hotkey_account_exists(ctx, hotkey), Error.HotKeyAccountNotExists)
    total = 0
    for netuid in get_all_subnet_netuids(ctx):
        if (netuid == ROOT_NETUID and not on_root) or not storage.SubtokenEnabled.get(ctx, netuid):
            continue
        alpha = get_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, coldkey, netuid)
        try:
            validate_remove_stake(ctx, coldkey, hotkey, netuid, alpha, alpha, allow_partial=False)
        except DispatchFailed:
            continue
        total += unstake_from_subnet(ctx, hotkey, coldkey, coldkey, netuid, alpha, MIN_PRICE)
        clear_small_nomination_if_required(ctx, hotkey, coldkey, netuid)
    return total


# --- calls ---------------------------------------------------------------------------------------------------------


@pallet.call(3, weight=weight_of(569_198_000, 10557, reads=28, writes=13))
def remove_stake(ctx: Context, hotkey: AccountId, netuid: NetUid, amount_unstaked: AlphaBalance) -> None:
    """Sell `amount_unstaked` alpha of the signer's stake on a hotkey at the market price, fee included.

    More than the stake means all of it. A rest of a nomination below the minimum is sold too. Fails with
    SubtokenDisabled, SubnetNotExists, AmountTooLow, HotKeyAccountNotExists, StakeUnavailable for locked stake, and
    InsufficientLiquidity, among others for more than 1000 times the alpha of the pool.
    """
    do_remove_stake(ctx, ctx.ensure_signed(), hotkey, netuid, amount_unstaked)


@pallet.call(89, weight=weight_of(740_696_000, 10591, reads=27, writes=13))
def remove_stake_limit(
    ctx: Context,
    hotkey: AccountId,
    netuid: NetUid,
    amount_unstaked: AlphaBalance,
    limit_price: TaoBalance,
    allow_partial: bool,
) -> None:
    """Sell `amount_unstaked` alpha of the signer's stake on a hotkey, while it is worth at least `limit_price` rao.

    With `allow_partial` only the part is sold that the limit allows, else SlippageTooHigh. Fails as `remove_stake`
    does, with NotEnoughStakeToWithdraw for more than the stake, and with the pallet Swap's PriceLimitExceeded when
    the price is below the limit already.
    """
    coldkey = ctx.ensure_signed()
    do_remove_stake_limit(ctx, coldkey, hotkey, netuid, amount_unstaked, limit_price, allow_partial=allow_partial)


@pallet.call(103, weight=weight_of(754_292_000, 10591, reads=27, writes=13))
def remove_stake_full_limit(ctx: Context, hotkey: AccountId, netuid: NetUid, limit_price: TaoBalance | None) -> None:
    """Sell all of the signer's stake on a hotkey, if all of it can be sold at `limit_price` rao for one alpha or more.

    Without a limit it is sold at the market price. Fails as `remove_stake_limit` or `remove_stake` does.
    """
    coldkey = ctx.ensure_signed()
    alpha = get_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, coldkey, netuid)
    if limit_price is None:
        do_remove_stake(ctx, coldkey, hotkey, netuid, alpha)
    else:
        do_remove_stake_limit(ctx, coldkey, hotkey, netuid, alpha, limit_price, allow_partial=False)


@pallet.call(83, weight=weight_of(26_830_000, 9189, reads=6))
def unstake_all(ctx: Context, hotkey: AccountId) -> None:
    """Sell all of the signer's stake on a hotkey, on root and on all subnets.

    Stake that is locked, on a subnet that has not started, or too much for its pool is left. Fails with
    HotKeyAccountNotExists.
    """
    _sell_everywhere(ctx, ctx.ensure_signed(), hotkey, on_root=True)


@pallet.call(84, weight=weight_of(700_873_000, 11306, reads=43, writes=25))
def unstake_all_alpha(ctx: Context, hotkey: AccountId) -> None:
    """Sell all of the signer's stake on a hotkey on all subnets, and stake the TAO on root with the same hotkey.

    Leaves the same stake as `unstake_all`. Fails with HotKeyAccountNotExists, and AmountTooLow when nothing could be
    sold.
    """
    coldkey = ctx.ensure_signed()
    tao = _sell_everywhere(ctx, coldkey, hotkey, on_root=False)
    stake_into_subnet(ctx, hotkey, coldkey, ROOT_NETUID, tao, MAX_PRICE)
