"""The calls that destroy alpha: recycled alpha may be emitted again, burned alpha may not."""

from __future__ import annotations

from ....frame.context import Context
from ....frame.errors import ensure
from ....frame.weight import weight_of
from ....scale import AccountId
from ...shared.types import ROOT_NETUID, AlphaBalance, NetUid, TaoBalance
from .. import storage
from ..declared import events
from ..declared.errors import Error
from ..declared.pallet import pallet
from ..ledger.accounts import hotkey_account_exists
from ..ledger.alpha import burn_subnet_alpha, recycle_subnet_alpha
from ..ledger.share_pool import (
    decrease_stake_for_hotkey_and_coldkey_on_subnet,
    get_stake_for_hotkey_and_coldkey_on_subnet,
)
from ..subnets.networks import if_subnet_exist
from .add import do_add_stake, do_add_stake_limit
from .conviction import ensure_available_to_unstake


def _take_from_stake(ctx: Context, coldkey: bytes, hotkey: bytes, amount: int, netuid: int) -> int:
    """Remove up to `amount` alpha from a stake for destruction, and return how much that was.

    Fails with SubnetNotExists, CannotBurnOrRecycleOnRootSubnet, SubtokenDisabled, HotKeyAccountNotExists,
    InsufficientLiquidity and StakeUnavailable.
    """
    ensure(if_subnet_exist(ctx, netuid), Error.SubnetNotExists)
    ensure(netuid != ROOT_NETUID, Error.CannotBurnOrRecycleOnRootSubnet)
    ensure(storage.SubtokenEnabled.get(ctx, netuid), Error.SubtokenDisabled)
    ensure(hotkey_account_exists(ctx, hotkey), Error.HotKeyAccountNotExists)
    # A transaction fee in alpha may have been taken from the stake before.
    amount = min(amount, get_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, coldkey, netuid))
    ensure(storage.SubnetAlphaOut.get(ctx, netuid) >= amount, Error.InsufficientLiquidity)
    ensure_available_to_unstake(ctx, coldkey, netuid, amount)
    decrease_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, coldkey, netuid, amount)
    return amount


def do_burn_alpha(ctx: Context, coldkey: bytes, hotkey: bytes, amount: int, netuid: int) -> None:
    """Burn up to `amount` alpha of a stake; fails as `burn_alpha` does."""
    amount = _take_from_stake(ctx, coldkey, hotkey, amount, netuid)
    burn_subnet_alpha(ctx, netuid, amount)
    ctx.deposit(events.AlphaBurned(coldkey, hotkey, amount, netuid))


@pallet.call(101, weight=weight_of(172_139_000, 5219, reads=13, writes=6))
def recycle_alpha(ctx: Context, hotkey: AccountId, amount: AlphaBalance, netuid: NetUid) -> None:
    """Destroy `amount` alpha of the signer's stake on a hotkey, which lowers the subnet's alpha issuance.

    More than the stake means all of it. Fails with SubnetNotExists, CannotBurnOrRecycleOnRootSubnet,
    SubtokenDisabled, HotKeyAccountNotExists, InsufficientLiquidity for more than is outstanding, and StakeUnavailable
    for locked stake.
    """
    coldkey = ctx.ensure_signed()
    amount = _take_from_stake(ctx, coldkey, hotkey, amount, netuid)
    recycle_subnet_alpha(ctx, netuid, amount)
    ctx.deposit(events.AlphaRecycled(coldkey, hotkey, amount, netuid))


@pallet.call(102, weight=weight_of(168_964_000, 5219, reads=12, writes=4))
def burn_alpha(ctx: Context, hotkey: AccountId, amount: AlphaBalance, netuid: NetUid) -> None:
    """Destroy `amount` alpha of the signer's stake on a hotkey; it still counts as issued.

    More than the stake means all of it. Fails as `recycle_alpha` does.
    """
    do_burn_alpha(ctx, ctx.ensure_signed(), hotkey, amount, netuid)


@pallet.call(132, weight=weight_of(967_308_000, 8727, reads=33, writes=17))
def add_stake_burn(
    ctx: Context, hotkey: AccountId, netuid: NetUid, amount: TaoBalance, limit: TaoBalance | None
) -> None:
    """Buy alpha for `amount` rao of the signer, and burn it: it supports the price. `limit` is in rao for one alpha.

    Fails as `add_stake`, or `add_stake_limit` with a limit, and `burn_alpha` do; SlippageTooHigh if not all of it can
    be bought below the limit.
    """
    coldkey = ctx.ensure_signed()
    if limit is None:
        alpha = do_add_stake(ctx, coldkey, hotkey, netuid, amount)
    else:
        alpha = do_add_stake_limit(ctx, coldkey, hotkey, netuid, amount, limit, allow_partial=False)
    do_burn_alpha(ctx, coldkey, hotkey, alpha, netuid)
    ctx.deposit(events.AddStakeBurn(netuid, hotkey, amount, alpha))
