"""The calls that move stake: to another hotkey, another coldkey, or another subnet.

Between subnets the stake is sold on one and the TAO staked on the other; the fee of a trade is paid once, on the way in
for stake that comes from root, else on the way out. Within a subnet nothing is traded.
"""

from __future__ import annotations

from .....consensus.fixed import U64F64
from .....consensus.reserves import Side
from ....frame.context import Context
from ....frame.errors import DispatchFailed, ensure
from ....frame.weight import weight_of
from ....scale import AccountId
from ...shared.types import ROOT_NETUID, AlphaBalance, NetUid, TaoBalance
from ...swap import MAX_PRICE, MIN_PRICE, current_price, sim_swap
from .. import storage
from ..declared import constants, events
from ..declared.errors import Error
from ..declared.pallet import pallet
from ..ledger import share_pool
from ..ledger.accounts import get_owning_coldkey_for_hotkey, hotkey_account_exists
from ..ledger.tao import transfer_tao
from ..subnets.networks import if_subnet_exist
from . import claims
from .conviction import ensure_available_to_unstake
from .helpers import maybe_become_delegate
from .price_limits import get_max_amount_move
from .stake import stake_into_subnet, unstake_from_subnet
from .transfer_lock import transfer_lock

#: The coldkey, the hotkey and the subnet of a stake.
Place = tuple[bytes, bytes, int]


def transition_stake(
    ctx: Context,
    origin: Place,
    destination: Place,
    alpha: int,
    *,
    limit_price: int | None = None,
    allow_partial: bool = True,
    transfer: bool = False,
) -> int:
    """Move up to `alpha` of a stake to another place and return what it was worth, in rao.

    `limit_price` is the least price of the origin's alpha in the destination's, times 10^9; without one, or within a
    subnet, any price does. `transfer` requires that both subnets allow transfers between coldkeys. What is worth less
    than the minimum stake after the sale stays as TAO with the destination's coldkey. Fails as the calls say.
    """
    alpha = min(alpha, share_pool.get_stake_for_hotkey_and_coldkey_on_subnet(ctx, origin[1], origin[0], origin[2]))
    most = alpha
    if limit_price is not None and origin[2] != destination[2]:
        most = get_max_amount_move(ctx, origin[2], destination[2], limit_price)
    _validate_places(ctx, origin, destination)
    if origin[2] != destination[2]:
        _validate_sale(ctx, origin[2], alpha)
        ensure(allow_partial or alpha <= most, Error.SlippageTooHigh)
    if transfer:
        for netuid in (origin[2], destination[2]):
            ensure(storage.TransferToggle.get(ctx, netuid), Error.TransferDisallowed)
    if origin[2] == destination[2]:
        return transfer_stake_within_subnet(ctx, origin, destination, alpha)
    ensure_available_to_unstake(ctx, origin[0], origin[2], alpha)
    return _move_between_subnets(ctx, origin, destination, min(alpha, most))


def _validate_places(ctx: Context, origin: Place, destination: Place) -> None:
    """Fail with SameNetuid, SubnetNotExists, SubtokenDisabled or HotKeyAccountNotExists."""
    ensure(origin != destination, Error.SameNetuid)
    for netuid in (origin[2], destination[2]):
        ensure(if_subnet_exist(ctx, netuid), Error.SubnetNotExists)
    for netuid in (origin[2], destination[2]):
        ensure(storage.SubtokenEnabled.get(ctx, netuid), Error.SubtokenDisabled)
    for hotkey in (origin[1], destination[1]):
        ensure(hotkey_account_exists(ctx, hotkey), Error.HotKeyAccountNotExists)


def _validate_sale(ctx: Context, netuid: int, alpha: int) -> None:
    """Fail with InsufficientLiquidity, or AmountTooLow for alpha that is not worth more than the minimum stake."""
    try:
        trade = sim_swap(ctx, netuid, Side.SELL, alpha)
    except DispatchFailed:
        raise DispatchFailed(Error.InsufficientLiquidity) from None
    ensure(trade.amount_paid_out > constants.InitialMinStake.get(ctx), Error.AmountTooLow)


def _move_between_subnets(ctx: Context, origin: Place, destination: Place, alpha: int) -> int:
    """Sell alpha at one place, and stake the rao at the other."""
    (seller, source, sold_on), (coldkey, hotkey, bought_on) = origin, destination
    from_root = sold_on == ROOT_NETUID
    tao = unstake_from_subnet(ctx, source, seller, seller, sold_on, alpha, MIN_PRICE, drop_fees=from_root)
    if seller != coldkey:
        transfer_tao(ctx, seller, coldkey, tao)
    if tao >= constants.InitialMinStake.get(ctx):
        if get_owning_coldkey_for_hotkey(ctx, hotkey) != coldkey:
            maybe_become_delegate(ctx, hotkey)
        stake_into_subnet(ctx, hotkey, coldkey, bought_on, tao, MAX_PRICE, drop_fees=not from_root)
    return tao


def transfer_stake_within_subnet(ctx: Context, origin: Place, destination: Place, alpha: int) -> int:
    """Move alpha to another hotkey or coldkey of the same subnet, with what locks it; return its worth in rao.

    Fails with AmountTooLow for less than the minimum stake, and as `transfer_lock` does.
    """
    (giver, source, netuid), (coldkey, hotkey, _) = origin, destination
    transfer_lock(ctx, giver, coldkey, netuid, alpha)
    share_pool.decrease_stake_for_hotkey_and_coldkey_on_subnet(ctx, source, giver, netuid, alpha)
    if netuid == ROOT_NETUID:
        claims.remove_stake_adjust_root_claimed_for_hotkey_and_coldkey(ctx, source, giver, alpha)
    share_pool.increase_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, coldkey, netuid, alpha)
    if netuid == ROOT_NETUID:
        claims.add_stake_adjust_root_claimed_for_hotkey_and_coldkey(ctx, hotkey, coldkey, alpha)
    tao = U64F64.to_int(U64F64.saturating_mul(current_price(ctx, netuid), U64F64.from_int(alpha)), 64)
    ensure(tao >= constants.InitialMinStake.get(ctx), Error.AmountTooLow)
    storage.LastColdkeyHotkeyStakeBlock.put(ctx, coldkey, hotkey, ctx.block.number)
    ctx.deposit(events.StakeRemoved(giver, source, tao, alpha, netuid, 0))
    ctx.deposit(events.StakeAdded(coldkey, hotkey, tao, alpha, netuid, 0))
    return tao


# --- calls ---------------------------------------------------------------------------------------------------------


@pallet.call(85, weight=weight_of(216_061_000, 7919, reads=19, writes=7))
def move_stake(
    ctx: Context,
    origin_hotkey: AccountId,
    destination_hotkey: AccountId,
    origin_netuid: NetUid,
    destination_netuid: NetUid,
    alpha_amount: AlphaBalance,
) -> None:
    """Move `alpha_amount` of the signer's stake to another hotkey, and another subnet if they differ.

    More than the stake means all of it. Fails with SameNetuid when nothing would move, SubnetNotExists,
    SubtokenDisabled, HotKeyAccountNotExists, AmountTooLow, InsufficientLiquidity, and StakeUnavailable for locked
    stake that would leave its subnet.
    """
    coldkey = ctx.ensure_signed()
    origin, destination = (coldkey, origin_hotkey, origin_netuid), (coldkey, destination_hotkey, destination_netuid)
    tao = transition_stake(ctx, origin, destination, alpha_amount)
    ctx.deposit(events.StakeMoved(coldkey, origin_hotkey, origin_netuid, destination_hotkey, destination_netuid, tao))


@pallet.call(86, weight=weight_of(258_541_000, 7994, reads=19, writes=6))
def transfer_stake(
    ctx: Context,
    destination_coldkey: AccountId,
    hotkey: AccountId,
    origin_netuid: NetUid,
    destination_netuid: NetUid,
    alpha_amount: AlphaBalance,
) -> None:
    """Give `alpha_amount` of the signer's stake on a hotkey to another coldkey, on another subnet if they differ.

    Locked alpha that has to go along keeps its lock. Fails as `move_stake` does, with TransferDisallowed where a
    subnet does not allow transfers, with LockHotkeyMismatch when the receiver has a lock to another hotkey, and
    AccountRejectsLockedAlpha.
    """
    coldkey = ctx.ensure_signed()
    origin, destination = (coldkey, hotkey, origin_netuid), (destination_coldkey, hotkey, destination_netuid)
    tao = transition_stake(ctx, origin, destination, alpha_amount, transfer=True)
    ctx.deposit(events.StakeTransferred(coldkey, destination_coldkey, hotkey, origin_netuid, destination_netuid, tao))


@pallet.call(87, weight=weight_of(742_019_000, 10920, reads=47, writes=24))
def swap_stake(
    ctx: Context, hotkey: AccountId, origin_netuid: NetUid, destination_netuid: NetUid, alpha_amount: AlphaBalance
) -> None:
    """Move `alpha_amount` of the signer's stake on a hotkey to another subnet, at the market price.

    Fails as `move_stake` does.
    """
    coldkey = ctx.ensure_signed()
    origin, destination = (coldkey, hotkey, origin_netuid), (coldkey, hotkey, destination_netuid)
    tao = transition_stake(ctx, origin, destination, alpha_amount)
    ctx.deposit(events.StakeSwapped(coldkey, hotkey, origin_netuid, destination_netuid, tao))


@pallet.call(90, weight=weight_of(944_515_000, 11077, reads=47, writes=24))
def swap_stake_limit(
    ctx: Context,
    hotkey: AccountId,
    origin_netuid: NetUid,
    destination_netuid: NetUid,
    alpha_amount: AlphaBalance,
    limit_price: TaoBalance,
    allow_partial: bool,
) -> None:
    """Move `alpha_amount` of the signer's stake on a hotkey to another subnet, down to a price.

    `limit_price` is the least price of the origin's alpha in the destination's, times 10^9. With `allow_partial` only
    the part is moved that the limit allows, else SlippageTooHigh. Fails as `move_stake` does, and with the pallet
    Swap's PriceLimitExceeded.
    """
    coldkey = ctx.ensure_signed()
    origin, destination = (coldkey, hotkey, origin_netuid), (coldkey, hotkey, destination_netuid)
    tao = transition_stake(ctx, origin, destination, alpha_amount, limit_price=limit_price, allow_partial=allow_partial)
    ctx.deposit(events.StakeSwapped(coldkey, hotkey, origin_netuid, destination_netuid, tao))
