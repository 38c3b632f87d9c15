"""remove_stake: sell stake on a hotkey for TAO; on root, take TAO back."""

from __future__ import annotations

from .....consensus.integers import saturating_mul_u64
from .....consensus.pool import MAX_INPUT_PER_RESERVE, Side
from ....frame.context import Context
from ....frame.errors import DispatchFailed, ensure
from ....frame.weight import weight_of
from ....scale import AccountId
from ...shared.types import ROOT_NETUID, AlphaBalance, NetUid
from ...swap import MIN_PRICE, is_dynamic, sim_swap
from .. import storage
from ..declared import constants
from ..declared.errors import Error
from ..declared.pallet import pallet
from ..ledger.accounts import hotkey_account_exists
from ..ledger.share_pool import get_stake_for_hotkey_and_coldkey_on_subnet
from ..subnets.networks import get_all_subnet_netuids, if_subnet_exist
from .conviction import ensure_available_to_unstake
from .helpers import clear_small_nomination_if_required, get_total_stake_for_hotkey
from .stake import unstake_from_subnet


def do_remove_stake(ctx: Context, hotkey: bytes, netuid: int, alpha_unstaked: int) -> None:
    """Sell the signer's stake on a hotkey at whatever price: all of it when it has less (a fee in alpha may have come
    first). What is left of a nomination may become too small to keep; a hotkey below the stake threshold loses the
    children it chose that do not hold yet.

    SubtokenDisabled, InsufficientLiquidity for more than a thousand times what the pool holds, and the errors of the
    check and of `unstake_from_subnet`.
    """
    coldkey = ctx.ensure_signed()
    ensure(storage.SubtokenEnabled.get(ctx, netuid), Error.SubtokenDisabled)
    alpha = min(alpha_unstaked, get_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, coldkey, netuid))
    if netuid != ROOT_NETUID and is_dynamic(ctx, netuid):
        most = saturating_mul_u64(storage.SubnetAlphaIn.get(ctx, netuid), MAX_INPUT_PER_RESERVE)
        ensure(alpha <= most, Error.InsufficientLiquidity)
    validate_remove_stake(ctx, coldkey, hotkey, netuid, alpha)
    unstake_from_subnet(ctx, hotkey, coldkey, coldkey, netuid, alpha, MIN_PRICE)
    clear_small_nomination_if_required(ctx, hotkey, coldkey, netuid)
    if get_total_stake_for_hotkey(ctx, hotkey) < storage.StakeThreshold.get(ctx):
        for subnet in get_all_subnet_netuids(ctx):
            storage.PendingChildKeys.remove(ctx, subnet, hotkey)


def validate_remove_stake(ctx: Context, coldkey: bytes, hotkey: bytes, netuid: int, alpha_unstaked: int) -> None:
    """Whether a coldkey may take so much alpha from a hotkey. A part must bring the least stake; all may bring less.

    SubnetNotExists, AmountTooLow, NotEnoughStakeToWithdraw, InsufficientLiquidity where the pool cannot take the
    trade, HotKeyAccountNotExists, StakeUnavailable for what is locked.
    """
    ensure(if_subnet_exist(ctx, netuid), Error.SubnetNotExists)
    ensure(alpha_unstaked > 0, Error.AmountTooLow)
    stake = get_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, coldkey, netuid)
    ensure(stake >= alpha_unstaked, Error.NotEnoughStakeToWithdraw)
    try:
        trade = sim_swap(ctx, netuid, Side.SELL, alpha_unstaked)
    except DispatchFailed:
        raise DispatchFailed(Error.InsufficientLiquidity) from None
    enough = stake == alpha_unstaked or trade.amount_paid_out >= constants.InitialMinStake.get(ctx)
    ensure(enough, Error.AmountTooLow)
    ensure(hotkey_account_exists(ctx, hotkey), Error.HotKeyAccountNotExists)
    ensure_available_to_unstake(ctx, coldkey, netuid, alpha_unstaked)


@pallet.call(3, weight=weight_of(569_198_000, 10557, reads=28, writes=13))
def remove_stake(ctx: Context, hotkey: AccountId, netuid: NetUid, amount_unstaked: AlphaBalance) -> None:
    """Sell `amount_unstaked` of the stake on a hotkey at whatever price, the fee included, and get the TAO."""
    do_remove_stake(ctx, hotkey, netuid, amount_unstaked)
