"""The call `remove_stake`: sell stake on a hotkey for TAO; on root, take TAO back."""

from __future__ import annotations

from .....consensus.integers import saturating_mul_u64
from .....consensus.reserves import MAX_INPUT_PER_RESERVE, Side
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


def validate_remove_stake(ctx: Context, coldkey: bytes, hotkey: bytes, netuid: int, alpha_unstaked: int) -> None:
    """Refuse a sale of `alpha_unstaked` that a coldkey may not make on a hotkey.

    A part of the stake must be worth the minimum stake; the whole stake may be worth less. Fails with
    SubnetNotExists, AmountTooLow, NotEnoughStakeToWithdraw, InsufficientLiquidity where the pool cannot take the
    trade, HotKeyAccountNotExists, and StakeUnavailable for locked stake.
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
    """Sell `amount_unstaked` alpha of the signer's stake on a hotkey at the market price, fee included.

    More than the stake means all of it. A rest of a nomination below the minimum is sold too. Fails with
    SubtokenDisabled, SubnetNotExists, AmountTooLow, HotKeyAccountNotExists, StakeUnavailable for locked stake, and
    InsufficientLiquidity, among others for more than 1000 times the alpha of the pool.
    """
    coldkey = ctx.ensure_signed()
    ensure(storage.SubtokenEnabled.get(ctx, netuid), Error.SubtokenDisabled)
    # A transaction fee in alpha may have been taken from the stake before.
    alpha = min(amount_unstaked, get_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, coldkey, netuid))
    if netuid != ROOT_NETUID and is_dynamic(ctx, netuid):
        most = saturating_mul_u64(storage.SubnetAlphaIn.get(ctx, netuid), MAX_INPUT_PER_RESERVE)
        ensure(alpha <= most, Error.InsufficientLiquidity)
    validate_remove_stake(ctx, coldkey, hotkey, netuid, alpha)
    unstake_from_subnet(ctx, hotkey, coldkey, coldkey, netuid, alpha, MIN_PRICE)
    clear_small_nomination_if_required(ctx, hotkey, coldkey, netuid)
    # A hotkey below the threshold loses the children that it has scheduled.
    if get_total_stake_for_hotkey(ctx, hotkey) < storage.StakeThreshold.get(ctx):
        for subnet in get_all_subnet_netuids(ctx):
            storage.PendingChildKeys.remove(ctx, subnet, hotkey)
