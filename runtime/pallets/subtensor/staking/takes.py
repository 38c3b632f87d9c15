"""The calls that set takes: what a hotkey keeps of the dividends of its nominators, and of its parents.

Takes are u16 proportions: 65535 is all.
"""

from __future__ import annotations

from .....consensus.integers import saturating_sub
from ....frame.context import Context
from ....frame.errors import ensure
from ....frame.weight import Pays, weight_of
from ....scale import AccountId, u16, u64
from ...shared.types import NetUid
from .. import storage
from ..declared import events
from ..declared.errors import Error
from ..declared.pallet import pallet
from ..declared.types import LastTxBlockDelegateTake, TransactionType
from ..ledger.accounts import coldkey_owns_hotkey, hotkey_account_exists
from ..subnets import hyperparameters
from ..subnets.rate_limits import passes_rate_limit_on_subnet, set_last_block_on_subnet
from .childkeys import get_childkey_take

# --- of nominators -------------------------------------------------------------------------------------------------


def _ensure_owner(ctx: Context, coldkey: bytes, hotkey: bytes) -> None:
    """Fail with HotKeyAccountNotExists, or NonAssociatedColdKey for the hotkey of another coldkey."""
    ensure(hotkey_account_exists(ctx, hotkey), Error.HotKeyAccountNotExists)
    ensure(coldkey_owns_hotkey(ctx, coldkey, hotkey), Error.NonAssociatedColdKey)


def _put_take(ctx: Context, hotkey: bytes, take: int) -> None:
    storage.LastRateLimitedBlock.put(ctx, LastTxBlockDelegateTake(hotkey), ctx.block.number)
    storage.Delegates.put(ctx, hotkey, take)


@pallet.call(65, weight=weight_of(29_895_000, 4295, reads=3, writes=2), pays=Pays.No)
def decrease_take(ctx: Context, hotkey: AccountId, take: u16) -> None:
    """Lower the take of the signer's hotkey from its nominators' dividends, a u16 proportion.

    Fails with HotKeyAccountNotExists, NonAssociatedColdKey, and DelegateTakeTooLow for a take that is not lower, or
    below the minimum.
    """
    coldkey = ctx.ensure_signed()
    _ensure_owner(ctx, coldkey, hotkey)
    if storage.Delegates.contains(ctx, hotkey):
        ensure(take < storage.Delegates.get(ctx, hotkey), Error.DelegateTakeTooLow)
    ensure(take >= storage.MinDelegateTake.get(ctx), Error.DelegateTakeTooLow)
    _put_take(ctx, hotkey, take)
    ctx.deposit(events.TakeDecreased(coldkey, hotkey, take))


@pallet.call(66, weight=weight_of(37_710_000, 4388, reads=5, writes=2), pays=Pays.No)
def increase_take(ctx: Context, hotkey: AccountId, take: u16) -> None:
    """Raise the take of the signer's hotkey from its nominators' dividends, a u16 proportion.

    Fails with HotKeyAccountNotExists, NonAssociatedColdKey, DelegateTakeTooLow for a take that is not higher,
    DelegateTakeTooHigh above the maximum, and DelegateTxRateLimitExceeded too soon after the last change.
    """
    coldkey = ctx.ensure_signed()
    _ensure_owner(ctx, coldkey, hotkey)
    if storage.Delegates.contains(ctx, hotkey):
        ensure(take > storage.Delegates.get(ctx, hotkey), Error.DelegateTakeTooLow)
    ensure(take <= storage.MaxDelegateTake.get(ctx), Error.DelegateTakeTooHigh)
    ensure(not _exceeds_delegate_take_rate_limit(ctx, hotkey), Error.DelegateTxRateLimitExceeded)
    _put_take(ctx, hotkey, take)
    ctx.deposit(events.TakeIncreased(coldkey, hotkey, take))


def _exceeds_delegate_take_rate_limit(ctx: Context, hotkey: bytes) -> bool:
    """Return whether the delegate take was changed too few blocks ago; exactly the limit is too few."""
    last = storage.LastRateLimitedBlock.get(ctx, LastTxBlockDelegateTake(hotkey))
    limit = storage.TxDelegateTakeRateLimit.get(ctx)
    return bool(limit and last) and saturating_sub(ctx.block.number, last) <= limit


# --- of parents ----------------------------------------------------------------------------------------------------


@pallet.call(75, weight=weight_of(53_870_000, 4498, reads=7, writes=2))
def set_childkey_take(ctx: Context, hotkey: AccountId, netuid: NetUid, take: u16) -> None:
    """Set the take of the signer's hotkey from its parents' dividends on a subnet, a u16 proportion.

    Fails with NonAssociatedColdKey, InvalidChildkeyTake outside of the minimum and maximum, and
    TxChildkeyTakeRateLimitExceeded for a raise too soon after the last change.
    """
    coldkey = ctx.ensure_signed()
    ensure(coldkey_owns_hotkey(ctx, coldkey, hotkey), Error.NonAssociatedColdKey)
    least, most = hyperparameters.get_effective_min_childkey_take(ctx, netuid), storage.MaxChildkeyTake.get(ctx)
    ensure(least <= take <= most, Error.InvalidChildkeyTake)
    action = TransactionType.SetChildkeyTake
    if take > get_childkey_take(ctx, hotkey, netuid):
        passes = passes_rate_limit_on_subnet(ctx, action, hotkey, netuid)
        ensure(passes, Error.TxChildkeyTakeRateLimitExceeded)
    set_last_block_on_subnet(ctx, action, hotkey, netuid, ctx.block.number)
    storage.ChildkeyTake.put(ctx, hotkey, netuid, take)
    ctx.deposit(events.ChildKeyTakeSet(hotkey, take))


@pallet.call(69, weight=weight_of(5_760_000, writes=1))
def sudo_set_tx_childkey_take_rate_limit(ctx: Context, tx_rate_limit: u64) -> None:
    """Set the number of blocks between a change of a childkey take and its next raise. Only root may."""
    ctx.ensure_root()
    storage.TxChildkeyTakeRateLimit.put(ctx, tx_rate_limit)
    ctx.deposit(events.TxChildKeyTakeRateLimitSet(tx_rate_limit))


@pallet.call(76, weight=weight_of(6_000, reads=1, writes=1))
def sudo_set_min_childkey_take(ctx: Context, take: u16) -> None:
    """Set the minimum childkey take of all subnets, a u16 proportion. Only root may."""
    ctx.ensure_root()
    storage.MinChildkeyTake.put(ctx, take)
    ctx.deposit(events.MinChildKeyTakeSet(take))


@pallet.call(77, weight=weight_of(6_000, reads=1, writes=1))
def sudo_set_max_childkey_take(ctx: Context, take: u16) -> None:
    """Set the maximum childkey take of all subnets, a u16 proportion. Only root may."""
    ctx.ensure_root()
    storage.MaxChildkeyTake.put(ctx, take)
    ctx.deposit(events.MaxChildKeyTakeSet(take))
