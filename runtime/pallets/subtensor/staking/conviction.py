"""Locked stake and the conviction that grows from it.

A coldkey's lock on a subnet is to one hotkey and holds back that much of its alpha on all hotkeys of the subnet.
Each lock is also part of one of four sums, by whether it is to the hotkey of the subnet's owner and whether it is
perpetual. Locks are stored as of a block and advanced to the current block when they are used
(`consensus.conviction`).
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import NamedTuple

from .....consensus.conviction import LockKind, LockSnapshot, reduce_lock, roll_forward_lock
from .....consensus.integers import saturating_add_u64, saturating_sub
from ....frame.context import Context
from ....frame.errors import DispatchFailed, ensure
from .. import storage
from ..declared import events
from ..declared.errors import Error
from ..declared.types import LockState
from ..ledger.accounts import hotkey_account_exists
from ..ledger.share_pool import total_coldkey_alpha_on_subnet

# --- a lock and its sum --------------------------------------------------------------------------------------------


class Conviction(NamedTuple):
    """The lock of a coldkey to a hotkey, and the sum of all locks of its kind."""

    hotkey: bytes
    kind: LockKind
    lock: LockSnapshot
    total: LockSnapshot


def read_conviction_model(ctx: Context, coldkey: bytes, netuid: int) -> Conviction | None:
    """Return the lock of a coldkey on a subnet, None when it has none."""
    for (hotkey,), _ in storage.Lock.under(ctx, coldkey, netuid):
        return read_conviction_model_for_hotkey(ctx, coldkey, netuid, hotkey)
    return None


def read_conviction_model_for_hotkey(ctx: Context, coldkey: bytes, netuid: int, hotkey: bytes) -> Conviction:
    """Return the lock of a coldkey to a hotkey; an empty one as of this block when it has none."""
    kind = LockKind(
        hotkey == storage.SubnetOwnerHotkey.get(ctx, netuid), storage.DecayingLock.get(ctx, coldkey, netuid) is False
    )
    lock = lock_from_state(ctx, storage.Lock.get(ctx, (coldkey, netuid, hotkey)))
    return Conviction(hotkey, kind, lock, lock_from_state(ctx, read_total(ctx, netuid, hotkey, kind)))


def lock_from_state(ctx: Context, stored: LockState | None) -> LockSnapshot:
    """Return a stored lock, or an empty one as of this block."""
    if stored is None:
        return LockSnapshot(0, 0, ctx.block.number)
    return LockSnapshot(stored.locked_mass, stored.conviction, stored.last_update)


def read_total(ctx: Context, netuid: int, hotkey: bytes, kind: LockKind) -> LockState | None:
    """Return the stored sum of the locks of a kind, for the hotkey where the kind is not to the owner."""
    if kind.to_owner:
        return (storage.OwnerLock if kind.perpetual else storage.DecayingOwnerLock).get(ctx, netuid)
    return (storage.HotkeyLock if kind.perpetual else storage.DecayingHotkeyLock).get(ctx, netuid, hotkey)


def save_conviction_model(ctx: Context, coldkey: bytes, netuid: int, model: Conviction) -> None:
    """Store a lock and its sum; remove them when they are empty."""
    insert_lock_state(ctx, coldkey, netuid, model.hotkey, model.lock)
    save_total(ctx, netuid, model.hotkey, model.kind, model.total)


def insert_lock_state(ctx: Context, coldkey: bytes, netuid: int, hotkey: bytes, lock: LockSnapshot) -> None:
    """Store the lock of a coldkey to a hotkey; remove it when it is empty."""
    key, reverse = (coldkey, netuid, hotkey), (netuid, hotkey, coldkey)
    if lock.is_zero():
        storage.LockingColdkeys.remove(ctx, reverse)
        storage.Lock.remove(ctx, key)
    else:
        storage.LockingColdkeys.put(ctx, reverse, None)
        storage.Lock.put(ctx, key, LockState(lock.mass, lock.conviction, lock.block))


def save_total(ctx: Context, netuid: int, hotkey: bytes, kind: LockKind, total: LockSnapshot) -> None:
    """Store the sum of the locks of a kind; remove it when it is empty."""
    state = LockState(total.mass, total.conviction, total.block) if total.mass or total.conviction else None
    if kind.to_owner:
        of_owner = storage.OwnerLock if kind.perpetual else storage.DecayingOwnerLock
        of_owner.remove(ctx, netuid) if state is None else of_owner.put(ctx, netuid, state)
    else:
        of_hotkey = storage.HotkeyLock if kind.perpetual else storage.DecayingHotkeyLock
        of_hotkey.remove(ctx, netuid, hotkey) if state is None else of_hotkey.put(ctx, netuid, hotkey, state)


def change_total(
    ctx: Context,
    coldkey: bytes,
    netuid: int,
    hotkey: bytes,
    *,
    added: LockSnapshot | None = None,
    removed: LockSnapshot | None = None,
) -> None:
    """Add to, or remove from, the sum of the locks of the kind that the coldkey's lock to a hotkey has."""
    model = read_conviction_model_for_hotkey(ctx, coldkey, netuid, hotkey)
    total = roll_to_now(ctx, model.total, model.kind)
    if removed is not None:
        total = total.subtract(removed.mass, removed.conviction)
    if added is not None:
        total = roll_to_now(ctx, total.add(added), model.kind)
    save_total(ctx, netuid, hotkey, model.kind, total)


def roll_to_now(ctx: Context, lock: LockSnapshot, kind: LockKind) -> LockSnapshot:
    """Return a lock as of this block."""
    return roll_forward_lock(lock, ctx.block.number, kind, storage.UnlockRate.get(ctx), storage.MaturityRate.get(ctx))


def roll_forward(ctx: Context, model: Conviction) -> Conviction:
    """Return the lock as of this block.

    What the lock lost is subtracted from its sum. The sum itself is advanced only if the lock lost nothing, as on
    the chain.
    """
    lock = roll_to_now(ctx, model.lock, model.kind)
    mass, conviction = (
        saturating_sub(model.lock.mass, lock.mass),
        saturating_sub(model.lock.conviction, lock.conviction),
    )
    if mass or conviction:
        total = replace(model.total.subtract(mass, conviction), block=ctx.block.number)
    else:
        total = roll_to_now(ctx, model.total, model.kind)
    return model._replace(lock=lock, total=total)


# --- locked and available stake ------------------------------------------------------------------------------------


def get_current_locked(ctx: Context, coldkey: bytes, netuid: int) -> int:
    """Return the locked part of a coldkey's alpha on a subnet, as of this block."""
    model = read_conviction_model(ctx, coldkey, netuid)
    return 0 if model is None else roll_to_now(ctx, model.lock, model.kind).mass


def stake_availability(ctx: Context, coldkey: bytes, netuid: int) -> tuple[int, int, int]:
    """Return the alpha of a coldkey on a subnet, the locked part, and the part that may be unstaked."""
    total, locked = total_coldkey_alpha_on_subnet(ctx, coldkey, netuid), get_current_locked(ctx, coldkey, netuid)
    return total, locked, saturating_sub(total, locked)


def ensure_available_to_unstake(ctx: Context, coldkey: bytes, netuid: int, amount: int) -> None:
    """Refuse to unstake what locks hold back (StakeUnavailable)."""
    ensure(stake_availability(ctx, coldkey, netuid)[2] >= amount, Error.StakeUnavailable)


# --- changes -------------------------------------------------------------------------------------------------------


def do_lock_stake(ctx: Context, coldkey: bytes, netuid: int, hotkey: bytes, amount: int) -> None:
    """Lock `amount` alpha of a coldkey to a hotkey, on top of what it has locked.

    Fails with AmountTooLow, HotKeyAccountNotExists, LockHotkeyMismatch when its lock is to another hotkey, and
    InsufficientStakeForLock when it has less alpha on the subnet.
    """
    ensure(amount > 0, Error.AmountTooLow)
    ensure(hotkey_account_exists(ctx, hotkey), Error.HotKeyAccountNotExists)
    model = read_conviction_model(ctx, coldkey, netuid)
    if model is None:
        model = read_conviction_model_for_hotkey(ctx, coldkey, netuid, hotkey)
    ensure(model.hotkey == hotkey, Error.LockHotkeyMismatch)
    model = roll_forward(ctx, model)
    lock = replace(model.lock, mass=saturating_add_u64(model.lock.mass, amount))
    enough = total_coldkey_alpha_on_subnet(ctx, coldkey, netuid) >= lock.mass
    ensure(enough, Error.InsufficientStakeForLock)
    total = roll_to_now(ctx, model.total, model.kind).add(LockSnapshot(amount, 0, ctx.block.number))
    model = model._replace(lock=roll_to_now(ctx, lock, model.kind), total=roll_to_now(ctx, total, model.kind))
    save_conviction_model(ctx, coldkey, netuid, model)
    ctx.deposit(events.StakeLocked(coldkey, hotkey, netuid, amount))


def auto_lock_owner_cut(ctx: Context, netuid: int, amount: int) -> None:
    """Lock the owner's cut where the subnet has enabled it.

    The lock is to the hotkey of the owner's lock, or else to the subnet's owner hotkey.
    """
    if not storage.OwnerCutAutoLockEnabled.get(ctx, netuid):
        return
    owner = storage.SubnetOwner.get(ctx, netuid)
    model = read_conviction_model(ctx, owner, netuid)
    hotkey = storage.SubnetOwnerHotkey.get(ctx, netuid) if model is None else model.hotkey
    with suppress(DispatchFailed):
        do_lock_stake(ctx, owner, netuid, hotkey, amount)


def force_reduce_lock(ctx: Context, coldkey: bytes, netuid: int, amount: int) -> None:
    """Unlock `amount` of a coldkey's locked alpha, and remove the conviction that belongs to it."""
    model = read_conviction_model(ctx, coldkey, netuid)
    if model is None:
        return
    model = roll_forward(ctx, model)
    lock = reduce_lock(model.lock, amount, ctx.block.number)
    total = roll_to_now(ctx, model.total, model.kind)
    total = total.subtract(model.lock.mass - lock.mass, model.lock.conviction - lock.conviction)
    save_conviction_model(ctx, coldkey, netuid, model._replace(lock=lock, total=total))


def cleanup_lock_if_zero(ctx: Context, coldkey: bytes, netuid: int) -> None:
    """Advance a coldkey's lock to this block, which removes it when it has run out."""
    model = read_conviction_model(ctx, coldkey, netuid)
    if model is not None:
        save_conviction_model(ctx, coldkey, netuid, roll_forward(ctx, model))
