"""The call `add_stake`: stake TAO on a hotkey; on a subnet the TAO buys its alpha."""

from __future__ import annotations

from .....consensus.integers import saturating_add_u64, saturating_mul_u64
from .....consensus.reserves import MAX_INPUT_PER_RESERVE, Side
from ....frame.context import Context
from ....frame.errors import DispatchFailed, ensure
from ....frame.weight import weight_of
from ....scale import AccountId
from ... import swap
from ...shared.types import ROOT_NETUID, NetUid, TaoBalance
from .. import storage
from ..declared import constants
from ..declared.errors import Error
from ..declared.pallet import pallet
from ..ledger.accounts import hotkey_account_exists
from ..ledger.share_pool import try_increase_stake_for_hotkey_and_coldkey_on_subnet
from ..ledger.tao import can_remove_balance_from_coldkey_account
from ..subnets.networks import if_subnet_exist
from .stake import stake_into_subnet


def validate_add_stake(ctx: Context, coldkey: bytes, hotkey: bytes, netuid: int, stake_to_be_added: int) -> None:
    """Refuse a purchase of `stake_to_be_added` rao that a coldkey may not make on a hotkey.

    Fails with SubnetNotExists, SubtokenDisabled, AmountTooLow, NotEnoughBalanceToStake, HotKeyAccountNotExists, and
    InsufficientLiquidity where the pool cannot take the trade, would pay no alpha, or the alpha would be worth no
    share.
    """
    ensure(if_subnet_exist(ctx, netuid), Error.SubnetNotExists)
    ensure(storage.SubtokenEnabled.get(ctx, netuid), Error.SubtokenDisabled)
    least = constants.InitialMinStake.get(ctx)
    ensure(stake_to_be_added >= saturating_add_u64(least, _estimate_fee(ctx, netuid, least)), Error.AmountTooLow)
    affordable = can_remove_balance_from_coldkey_account(ctx, coldkey, stake_to_be_added)
    ensure(affordable, Error.NotEnoughBalanceToStake)
    ensure(hotkey_account_exists(ctx, hotkey), Error.HotKeyAccountNotExists)
    try:
        trade = swap.sim_swap(ctx, netuid, Side.BUY, stake_to_be_added)
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


@pallet.call(2, weight=weight_of(664_064_000, 8727, reads=32, writes=16))
def add_stake(ctx: Context, hotkey: AccountId, netuid: NetUid, amount_staked: TaoBalance) -> None:
    """Stake `amount_staked` rao of the signer on a hotkey: they buy the subnet's alpha at the market price, fee
    included.

    Fails with SubnetNotExists, SubtokenDisabled before the subnet has started, AmountTooLow,
    NotEnoughBalanceToStake, HotKeyAccountNotExists, and InsufficientLiquidity, among others for more than 1000 times
    the TAO of the pool.
    """
    coldkey = ctx.ensure_signed()
    if netuid != ROOT_NETUID and swap.is_dynamic(ctx, netuid):
        most = saturating_mul_u64(storage.SubnetTAO.get(ctx, netuid), MAX_INPUT_PER_RESERVE)
        ensure(amount_staked <= most, Error.InsufficientLiquidity)
    validate_add_stake(ctx, coldkey, hotkey, netuid, amount_staked)
    stake_into_subnet(ctx, hotkey, coldkey, netuid, amount_staked, swap.MAX_PRICE)
