"""add_stake: buy a subnet's alpha and have it as stake on a hotkey; on root, stake TAO."""

from __future__ import annotations

from .....consensus.integers import saturating_add_u64, saturating_mul_u64
from .....consensus.pool import MAX_INPUT_PER_RESERVE, Side
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


def do_add_stake(ctx: Context, hotkey: bytes, netuid: int, stake_to_be_added: int) -> int:
    """Stake the signer's TAO at whatever price; gives the alpha.

    InsufficientLiquidity for more than a thousand times what the pool holds; else the errors of the check and of
    `stake_into_subnet`.
    """
    coldkey = ctx.ensure_signed()
    if netuid != ROOT_NETUID and swap.is_dynamic(ctx, netuid):
        most = saturating_mul_u64(storage.SubnetTAO.get(ctx, netuid), MAX_INPUT_PER_RESERVE)
        ensure(stake_to_be_added <= most, Error.InsufficientLiquidity)
    validate_add_stake(ctx, coldkey, hotkey, netuid, stake_to_be_added)
    return stake_into_subnet(ctx, hotkey, coldkey, netuid, stake_to_be_added, swap.MAX_PRICE)


def validate_add_stake(ctx: Context, coldkey: bytes, hotkey: bytes, netuid: int, stake_to_be_added: int) -> None:
    """Whether a coldkey may stake so many rao on a hotkey.

    Fails with SubnetNotExists, SubtokenDisabled, AmountTooLow, NotEnoughBalanceToStake, HotKeyAccountNotExists, and
    InsufficientLiquidity where the pool cannot take the trade, or would pay nothing, or no share.
    """
    ensure(if_subnet_exist(ctx, netuid), Error.SubnetNotExists)
    ensure(storage.SubtokenEnabled.get(ctx, netuid), Error.SubtokenDisabled)
    least = constants.InitialMinStake.get(ctx)
    ensure(stake_to_be_added >= saturating_add_u64(least, _fee(ctx, netuid, least)), Error.AmountTooLow)
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


def _fee(ctx: Context, netuid: int, tao: int) -> int:
    """The fee within a purchase of so many rao, even where the pool would refuse it."""
    try:
        return swap.sim_swap(ctx, netuid, Side.BUY, tao).fee_paid
    except DispatchFailed:
        return swap.approx_fee_amount(ctx, netuid, tao)


@pallet.call(2, weight=weight_of(664_064_000, 8727, reads=32, writes=16))
def add_stake(ctx: Context, hotkey: AccountId, netuid: NetUid, amount_staked: TaoBalance) -> None:
    """Stake `amount_staked` rao on a hotkey: they buy the subnet's alpha at whatever price, the fee included."""
    do_add_stake(ctx, hotkey, netuid, amount_staked)
