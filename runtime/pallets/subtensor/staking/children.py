"""The calls about children: hotkeys for which a part of the signer's stake counts (see `childkeys`)."""

from __future__ import annotations

from ....frame.context import Context
from ....frame.errors import ensure
from ....frame.weight import weight_of
from ....scale import AccountId, u64
from ...shared.types import ROOT_NETUID, NetUid
from .. import storage
from ..declared import events
from ..declared.errors import Error
from ..declared.pallet import pallet
from ..declared.types import Children
from ..ledger.accounts import coldkey_owns_hotkey
from .childkeys import do_schedule_children


@pallet.call(67, weight=weight_of(119_000_000, reads=6, writes=31))
def set_children(ctx: Context, hotkey: AccountId, netuid: NetUid, children: Children) -> None:
    """Replace the children of the signer's hotkey on a subnet, after a cooldown.

    Each child is the part of the stake that counts for it, out of 2^64 - 1, and its hotkey; at most 5. On a subnet
    that has not started they take effect at once. Fails with TxRateLimitExceeded within 150 blocks of the last change,
    RegistrationNotPermittedOnRootSubnet, SubnetNotExists, NonAssociatedColdKey, DuplicateChild, InvalidChild for the
    hotkey itself, TooManyChildren, ProportionOverflow for more than the whole stake, ChildParentInconsistency for one
    of its parents, and NotEnoughStakeToSetChildkeys.
    """
    do_schedule_children(ctx, ctx.ensure_signed(), hotkey, netuid, children)


@pallet.call(109, weight=weight_of(3_000_000, writes=1))
def set_pending_childkey_cooldown(ctx: Context, cooldown: u64) -> None:
    """Set the number of blocks until newly set children take effect. Only root may."""
    ctx.ensure_root()
    storage.PendingChildKeyCooldown.put(ctx, cooldown)


@pallet.call(135, weight=weight_of(28_023_000, 4364, reads=2, writes=1))
def set_auto_parent_delegation_enabled(ctx: Context, hotkey: AccountId, enabled: bool) -> None:
    """Choose whether owners of new subnets become children of the signer's hotkey, a validator of root.

    Fails with NonAssociatedColdKey, and HotKeyNotRegisteredInSubNet for a hotkey that is not on root.
    """
    coldkey = ctx.ensure_signed()
    ensure(coldkey_owns_hotkey(ctx, coldkey, hotkey), Error.NonAssociatedColdKey)
    ensure(storage.Uids.contains(ctx, ROOT_NETUID, hotkey), Error.HotKeyNotRegisteredInSubNet)
    storage.AutoParentDelegationEnabled.put(ctx, hotkey, enabled)
    ctx.deposit(events.AutoParentDelegationEnabledSet(hotkey, enabled))
