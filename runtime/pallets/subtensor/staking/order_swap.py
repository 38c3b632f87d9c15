"""Trades and transfers of stake for other pallets: what the pallet LimitOrders does with its users' coins.

Prices are in rao for one alpha. A trade is made in full within its limit, or fails with SlippageTooHigh.
"""

from __future__ import annotations

from .....consensus.fixed import U64F64
from .....consensus.integers import saturating_add_u64
from .....consensus.reserves import Side
from ....frame.context import Context
from ....frame.errors import ensure
from ...swap import current_price, is_dynamic, swap
from .. import storage
from ..declared import constants
from ..declared.errors import Error
from ..ledger import share_pool
from ..ledger.accounts import hotkey_account_exists
from ..ledger.tao import can_remove_balance_from_coldkey_account
from ..subnets.networks import if_subnet_exist
from .conviction import ensure_available_to_unstake
from .move import Place
from .remove import validate_remove_stake
from .stake import stake_into_subnet, unstake_from_subnet


def _ensure_traded(ctx: Context, netuid: int) -> None:
    """Fail with SubnetNotExists, or SubtokenDisabled before the subnet has started."""
    ensure(if_subnet_exist(ctx, netuid), Error.SubnetNotExists)
    ensure(storage.SubtokenEnabled.get(ctx, netuid), Error.SubtokenDisabled)


def _ensure_whole(ctx: Context, netuid: int, side: Side, amount: int, limit_price: int) -> None:
    """Refuse a trade that its limit would cut short (SlippageTooHigh)."""
    if is_dynamic(ctx, netuid):
        trade = swap(ctx, netuid, side, amount, limit_price, simulate=True)
        ensure(saturating_add_u64(trade.amount_paid_in, trade.fee_paid) >= amount, Error.SlippageTooHigh)


def buy_alpha(
    ctx: Context, coldkey: bytes, hotkey: bytes, netuid: int, tao: int, limit_price: int, *, validate: bool
) -> int:
    """Stake `tao` rao of a coldkey on a hotkey and return the alpha.

    Fails with SubnetNotExists, SubtokenDisabled, SlippageTooHigh, as `stake_into_subnet`, and with `validate` with
    HotKeyAccountNotExists, AmountTooLow and NotEnoughBalanceToStake.
    """
    _ensure_traded(ctx, netuid)
    if validate:
        ensure(hotkey_account_exists(ctx, hotkey), Error.HotKeyAccountNotExists)
        ensure(tao >= constants.InitialMinStake.get(ctx), Error.AmountTooLow)
        ensure(can_remove_balance_from_coldkey_account(ctx, coldkey, tao), Error.NotEnoughBalanceToStake)
    _ensure_whole(ctx, netuid, Side.BUY, tao, limit_price)
    return stake_into_subnet(ctx, hotkey, coldkey, netuid, tao, limit_price)


def sell_alpha(
    ctx: Context, coldkey: bytes, hotkey: bytes, netuid: int, alpha: int, limit_price: int, *, validate: bool
) -> int:
    """Sell `alpha` of a coldkey on a hotkey and return the rao.

    Fails with SubnetNotExists, SubtokenDisabled, SlippageTooHigh, as `unstake_from_subnet`, and with `validate` as
    `validate_remove_stake`.
    """
    _ensure_traded(ctx, netuid)
    if validate:
        validate_remove_stake(ctx, coldkey, hotkey, netuid, alpha, alpha, allow_partial=False)
    _ensure_whole(ctx, netuid, Side.SELL, alpha, limit_price)
    return unstake_from_subnet(ctx, hotkey, coldkey, coldkey, netuid, alpha, limit_price)


def transfer_staked_alpha(
    ctx: Context, origin: Place, destination: Place, alpha: int, *, validate_sender: bool, validate_receiver: bool
) -> None:
    """Move `alpha` to another coldkey and hotkey of the same subnet, without its lock.

    Fails with SubnetNotExists, SubtokenDisabled, NotEnoughStakeToWithdraw; for a validated sender with
    HotKeyAccountNotExists, AmountTooLow for less than the minimum stake, and StakeUnavailable; for a validated receiver
    with HotKeyAccountNotExists.
    """
    (giver, source, netuid), (coldkey, hotkey, _) = origin, destination
    _ensure_traded(ctx, netuid)
    if validate_sender:
        ensure(hotkey_account_exists(ctx, source), Error.HotKeyAccountNotExists)
        tao = U64F64.to_int(U64F64.saturating_mul(current_price(ctx, netuid), U64F64.from_int(alpha)), 64)
        ensure(alpha > 0 and tao >= constants.InitialMinStake.get(ctx), Error.AmountTooLow)
        ensure_available_to_unstake(ctx, giver, netuid, alpha)
    ensure(not validate_receiver or hotkey_account_exists(ctx, hotkey), Error.HotKeyAccountNotExists)
    available = share_pool.get_stake_for_hotkey_and_coldkey_on_subnet(ctx, source, giver, netuid)
    ensure(available >= alpha, Error.NotEnoughStakeToWithdraw)
    share_pool.decrease_stake_for_hotkey_and_coldkey_on_subnet(ctx, source, giver, netuid, alpha)
    share_pool.increase_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, coldkey, netuid, alpha)
    storage.LastColdkeyHotkeyStakeBlock.put(ctx, coldkey, hotkey, ctx.block.number)
