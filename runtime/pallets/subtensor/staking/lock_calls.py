"""The calls about locks (see `conviction`): locked alpha cannot be sold, and gives conviction to a hotkey."""

from __future__ import annotations

from dataclasses import replace

from ....frame.context import Context
from ....frame.errors import DispatchFailed, ensure
from ....frame.weight import weight_of
from ....scale import AccountId
from ...shared.types import AlphaBalance, NetUid
from .. import storage
from ..declared import events
from ..declared.errors import Error
from ..declared.pallet import pallet
from ..ledger.accounts import get_owning_coldkey_for_hotkey, hotkey_account_exists
from .conviction import (
    change_total,
    do_lock_stake,
    insert_lock_state,
    read_conviction_model,
    read_conviction_model_for_hotkey,
    roll_forward,
    roll_to_now,
    save_conviction_model,
)
from .transfer_lock import ACCEPTS_LOCKED_ALPHA


@pallet.call(136, weight=weight_of(115_995_000, 7655, reads=17, writes=3))
def lock_stake(ctx: Context, hotkey: AccountId, netuid: NetUid, amount: AlphaBalance) -> None:
    """Lock `amount` of the signer's alpha on a subnet to a hotkey, on top of what is locked.

    A coldkey has one lock on a subnet; it holds back stake on any hotkey. It runs out over time unless it is
    perpetual. Fails with AmountTooLow, HotKeyAccountNotExists, LockHotkeyMismatch for another hotkey than that of the
    lock, and InsufficientStakeForLock.
    """
    do_lock_stake(ctx, ctx.ensure_signed(), netuid, hotkey, amount)


@pallet.call(137, weight=weight_of(149_819_000, 7339, reads=14, writes=6))
def move_lock(ctx: Context, destination_hotkey: AccountId, netuid: NetUid) -> None:
    """Move the signer's lock on a subnet to another hotkey.

    Its conviction is lost if the hotkeys have different owners. Fails with HotKeyAccountNotExists and NoExistingLock.
    """
    coldkey = ctx.ensure_signed()
    ensure(hotkey_account_exists(ctx, destination_hotkey), Error.HotKeyAccountNotExists)
    model = read_conviction_model(ctx, coldkey, netuid)
    if model is None:
        raise DispatchFailed(Error.NoExistingLock)
    removed = roll_forward(ctx, model).lock
    same_owner = get_owning_coldkey_for_hotkey(ctx, model.hotkey) == get_owning_coldkey_for_hotkey(
        ctx, destination_hotkey
    )
    kind = read_conviction_model_for_hotkey(ctx, coldkey, netuid, destination_hotkey).kind
    lock = roll_to_now(ctx, removed if same_owner else replace(removed, conviction=0), kind)
    storage.Lock.remove(ctx, (coldkey, netuid, model.hotkey))
    storage.LockingColdkeys.remove(ctx, (netuid, model.hotkey, coldkey))
    insert_lock_state(ctx, coldkey, netuid, destination_hotkey, lock)
    change_total(ctx, coldkey, netuid, model.hotkey, removed=removed)
    change_total(ctx, coldkey, netuid, destination_hotkey, added=lock)
    ctx.deposit(events.LockMoved(coldkey, model.hotkey, destination_hotkey, netuid))


@pallet.call(138, weight=weight_of(0, reads=4, writes=3))
def set_perpetual_lock(ctx: Context, netuid: NetUid, enabled: bool) -> None:
    """Choose whether the signer's lock on a subnet lasts, or runs out over time, which is the default."""
    coldkey = ctx.ensure_signed()
    changes = (storage.DecayingLock.get(ctx, coldkey, netuid) is False) != enabled
    model = read_conviction_model(ctx, coldkey, netuid)
    if model is not None:
        model = roll_forward(ctx, model)
        save_conviction_model(ctx, coldkey, netuid, model)
        if changes:
            change_total(ctx, coldkey, netuid, model.hotkey, removed=model.lock)
    if enabled:
        storage.DecayingLock.put(ctx, coldkey, netuid, False)
    else:
        storage.DecayingLock.remove(ctx, coldkey, netuid)
    if changes and (model := read_conviction_model(ctx, coldkey, netuid)) is not None:
        change_total(ctx, coldkey, netuid, model.hotkey, added=model.lock)
    ctx.deposit(events.PerpetualLockUpdated(coldkey, netuid, enabled))


@pallet.call(142, weight=weight_of(0, reads=1, writes=1))
def set_reject_locked_alpha(ctx: Context, enabled: bool) -> None:
    """Choose whether the signer's coldkey refuses locked alpha that others transfer to it, which is the default."""
    coldkey = ctx.ensure_signed()
    flags = storage.AccountFlags.get(ctx, coldkey)
    flags = flags & ~ACCEPTS_LOCKED_ALPHA if enabled else flags | ACCEPTS_LOCKED_ALPHA
    if flags:
        storage.AccountFlags.put(ctx, coldkey, flags)
    else:
        storage.AccountFlags.remove(ctx, coldkey)
    ctx.deposit(events.RejectLockedAlphaUpdated(coldkey, enabled))
