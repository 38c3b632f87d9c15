"""The calls that buy alpha: `add_stake` at the market price, `add_stake_limit` up to a price."""

from __future__ import annotations

from .....consensus.integers import saturating_add_u64
from .....consensus.reserves import Side
from ....frame.context import Context
from ....frame.errors import DispatchFailed, ensure
from ....frame.weight import weight_of
from ....scale import AccountId
from ... import swap
from ...shared.types import NetUid, TaoBalance
from .. import storage
from ..declared import constants
from ..declared.errors import Error
from ..declared.pallet import pallet
from ..ledger.accounts import get_owning_coldkey_for_hotkey, hotkey_account_exists
from ..ledger.share_pool import try_increase_stake_for_hotkey_and_coldkey_on_subnet
from ..ledger.tao import can_remove_balance_from_coldkey_account
from ..subnets.networks import if_subnet_exist
from .helpers import maybe_become_delegate
from .price_limits import ensure_input_within_swap_limit, get_max_amount_add
from .stake import stake_into_subnet


def validate_add_stake(
    ctx: Context, coldkey: bytes, hotkey: bytes, netuid: int, amount: int, most: int, *, allow_partial: bool
) -> None:
    """Refuse a purchase of `amount` rao, of which the price limit allows `most`, that a coldkey may not make.

    Fails with SubnetNotExists, SubtokenDisabled, AmountTooLow, SlippageTooHigh for more than `most` unless a part is
    allowed, NotEnoughBalanceToStake, HotKeyAccountNotExists, and InsufficientLiquidity where the pool cannot take the
    trade, would pay no alpha, or the alpha would be worth no share.
    """
    ensure(if_subnet_exist(ctx, netuid), Error.SubnetNotExists)
    ensure(storage.SubtokenEnabled.get(ctx, netuid), Error.SubtokenDisabled)
    least = constants.InitialMinStake.get(ctx)
    ensure(amount >= saturating_add_u64(least, _estimate_fee(ctx, netuid, least)), Error.AmountTooLow)
    ensure(allow_partial or amount <= most, Error.SlippageTooHigh)
    amount = min(amount, most)
    ensure(can_remove_balance_from_coldkey_account(ctx, coldkey, amount), Error.NotEnoughBalanceToStake)
    ensure(hotkey_account_exists(ctx, hotkey), Error.HotKeyAccountNotExists)
    try:
        trade = swap.sim_swap(ctx, netuid, Side.BUY, amount)
    except DispatchFailed:
        raise DispatchFailed(Error.InsufficientLiquidity) from None
    ensure(trade.amount_paid_in >= least, Error.AmountTooLow)
    ensure(trade.amount_paid_out > 0, Error.InsufficientLiquidity)
    fits = try_increase_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, netuid, trade.amount_paid_out)
    ensure(fits, Error.InsufficientLiquidity)


def _estimate_fee(ctx: Context, netuid: int, tao: int) -> int:
    """Return the fee within a purchase for `tao` rao, even where the pool would refuse it."""
    try:
        return swap.sim_swap(ctx, netuid, Side.BUY, tao).fee_paid
    except DispatchFailed:
        return swap.approx_fee_amount(ctx, netuid, tao)


def do_add_stake(ctx: Context, coldkey: bytes, hotkey: bytes, netuid: int, amount: int) -> int:
    """Stake `amount` rao at the market price and return the alpha; fails as `add_stake` does."""
    ensure_input_within_swap_limit(ctx, netuid, Side.BUY, amount)
    validate_add_stake(ctx, coldkey, hotkey, netuid, amount, amount, allow_partial=False)
    return stake_into_subnet(ctx, hotkey, coldkey, netuid, amount, swap.MAX_PRICE)


def do_add_stake_limit(
    ctx: Context, coldkey: bytes, hotkey: bytes, netuid: int, amount: int, limit_price: int, *, allow_partial: bool
) -> int:
    """Stake up to `amount` rao below a price and return the alpha; fails as `add_stake_limit` does."""
    ensure_input_within_swap_limit(ctx, netuid, Side.BUY, amount)
    most = get_max_amount_add(ctx, netuid, limit_price)
    validate_add_stake(ctx, coldkey, hotkey, netuid, amount, most, allow_partial=allow_partial)
    if get_owning_coldkey_for_hotkey(ctx, hotkey) != coldkey:
        maybe_become_delegate(ctx, hotkey)
    return stake_into_subnet(ctx, hotkey, coldkey, netuid, min(amount, most), limit_price)


@pallet.call(2, weight=weight_of(664_064_000, 8727, reads=32, writes=16))
def add_stake(ctx: Context, hotkey: AccountId, netuid: NetUid, amount_staked: TaoBalance) -> None:
    """Stake `amount_staked` rao of the signer on a hotkey: they buy the subnet's alpha at the market price, fee
    included.

    Fails with SubnetNotExists, SubtokenDisabled before the subnet has started, AmountTooLow,
    NotEnoughBalanceToStake, HotKeyAccountNotExists, and InsufficientLiquidity, among others for more than 1000 times
    the TAO of the pool.
    """
    do_add_stake(ctx, ctx.ensure_signed(), hotkey, netuid, amount_staked)


@pallet.call(88, weight=weight_of(853_005_000, 8727, reads=32, writes=16))
def add_stake_limit(
    ctx: Context,
    hotkey: AccountId,
    netuid: NetUid,
    amount_staked: TaoBalance,
    limit_price: TaoBalance,
    allow_partial: bool,
) -> None:
    """Stake `amount_staked` rao of the signer on a hotkey, while alpha costs at most `limit_price` rao.

    With `allow_partial` only the part is staked that the limit allows, else SlippageTooHigh. On root, and on subnets
    without a pool, the price is 1 TAO. Fails as `add_stake` does, and with the pallet Swap's PriceLimitExceeded when
    the price is above the limit already.
    """
    coldkey = ctx.ensure_signed()
    do_add_stake_limit(ctx, coldkey, hotkey, netuid, amount_staked, limit_price, allow_partial=allow_partial)
