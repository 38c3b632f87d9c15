"""Locked stake and the conviction that grows from it.

A coldkey's lock on a subnet is to one hotkey and holds back that much of its alpha, wherever on the subnet it is
staked. Each lock also counts in one of four sums, by whether it is to the hotkey of the subnet's owner and whether it
is perpetual. Locks are stored as of a block and reckoned to the current one when they are used
(`consensus.conviction`).
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace

from .....consensus.conviction import Kind, Locked, reduced, rolled
from .....consensus.integers import saturating_add_u64, saturating_sub
from ....frame.context import Context
from ....frame.errors import DispatchFailed, ensure
from .. import storage
from ..declared import events
from ..declared.errors import Error
from ..declared.types import LockState
from ..ledger.accounts import hotkey_account_exists
from ..ledger.share_pool import total_coldkey_alpha_on_subnet

# --- a lock and the sum it counts in -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Conviction:
    """A coldkey's lock to a hotkey, and the sum of all locks of its kind."""

    hotkey: bytes
    kind: Kind
    lock: Locked
    total: Locked


def read_conviction_model(ctx: Context, coldkey: bytes, netuid: int) -> Conviction | None:
    """A coldkey's lock on a subnet, None when it has none."""
    for (hotkey,), _ in storage.Lock.under(ctx, coldkey, netuid):
        return read_conviction_model_for_hotkey(ctx, coldkey, netuid, hotkey)
    return None


def read_conviction_model_for_hotkey(ctx: Context, coldkey: bytes, netuid: int, hotkey: bytes) -> Conviction:
    """A coldkey's lock to a hotkey, an empty one as of now when it has none."""
    kind = Kind(
        hotkey == storage.SubnetOwnerHotkey.get(ctx, netuid), storage.DecayingLock.get(ctx, coldkey, netuid) is False
    )
    lock = locked_of(ctx, storage.Lock.get(ctx, (coldkey, netuid, hotkey)))
    return Conviction(hotkey, kind, lock, locked_of(ctx, stored_total(ctx, netuid, hotkey, kind)))


def locked_of(ctx: Context, stored: LockState | None) -> Locked:
    if stored is None:
        return Locked(0, 0, ctx.block.number)
    return Locked(stored.locked_mass, stored.conviction, stored.last_update)


def stored_total(ctx: Context, netuid: int, hotkey: bytes, kind: Kind) -> LockState | None:
    if kind.to_owner:
        return (storage.OwnerLock if kind.perpetual else storage.DecayingOwnerLock).get(ctx, netuid)
    return (storage.HotkeyLock if kind.perpetual else storage.DecayingHotkeyLock).get(ctx, netuid, hotkey)


def save_conviction_model(ctx: Context, coldkey: bytes, netuid: int, model: Conviction) -> None:
    """Store a lock and its sum, or that there is none any more."""
    lock, hotkey = model.lock, model.hotkey
    key, reverse = (coldkey, netuid, hotkey), (netuid, hotkey, coldkey)
    if lock.is_zero():
        storage.LockingColdkeys.remove(ctx, reverse)
        storage.Lock.remove(ctx, key)
    else:
        storage.LockingColdkeys.put(ctx, reverse, None)
        storage.Lock.put(ctx, key, LockState(lock.mass, lock.conviction, lock.block))
    save_total(ctx, netuid, hotkey, model.kind, model.total)


def save_total(ctx: Context, netuid: int, hotkey: bytes, kind: Kind, total: Locked) -> None:
    state = LockState(total.mass, total.conviction, total.block) if total.mass or total.conviction else None
    if kind.to_owner:
        of_owner = storage.OwnerLock if kind.perpetual else storage.DecayingOwnerLock
        of_owner.remove(ctx, netuid) if state is None else of_owner.put(ctx, netuid, state)
    else:
        of_hotkey = storage.HotkeyLock if kind.perpetual else storage.DecayingHotkeyLock
        of_hotkey.remove(ctx, netuid, hotkey) if state is None else of_hotkey.put(ctx, netuid, hotkey, state)


def rolled_now(ctx: Context, lock: Locked, kind: Kind) -> Locked:
    return rolled(lock, ctx.block.number, kind, storage.UnlockRate.get(ctx), storage.MaturityRate.get(ctx))


def roll_forward(ctx: Context, model: Conviction) -> Conviction:
    """The lock as of now. What it lost is taken from its sum; only if it lost nothing, the sum itself is reckoned."""
    lock = rolled_now(ctx, model.lock, model.kind)
    mass, conviction = (
        saturating_sub(model.lock.mass, lock.mass),
        saturating_sub(model.lock.conviction, lock.conviction),
    )
    if mass or conviction:
        total = replace(model.total.minus(mass, conviction), block=ctx.block.number)
    else:
        total = rolled_now(ctx, model.total, model.kind)
    return replace(model, lock=lock, total=total)


# --- what is locked ------------------------------------------------------------------------------------------------


def get_current_locked(ctx: Context, coldkey: bytes, netuid: int) -> int:
    """How much of a coldkey's alpha on a subnet is locked now."""
    model = read_conviction_model(ctx, coldkey, netuid)
    return 0 if model is None else rolled_now(ctx, model.lock, model.kind).mass


def stake_availability(ctx: Context, coldkey: bytes, netuid: int) -> tuple[int, int, int]:
    """A coldkey's alpha on a subnet, how much of it is locked, and how much may be unstaked."""
    total, locked = total_coldkey_alpha_on_subnet(ctx, coldkey, netuid), get_current_locked(ctx, coldkey, netuid)
    return total, locked, saturating_sub(total, locked)


def ensure_available_to_unstake(ctx: Context, coldkey: bytes, netuid: int, amount: int) -> None:
    """StakeUnavailable when locks hold back what would be unstaked."""
    ensure(stake_availability(ctx, coldkey, netuid)[2] >= amount, Error.StakeUnavailable)


# --- changes -------------------------------------------------------------------------------------------------------


def do_lock_stake(ctx: Context, coldkey: bytes, netuid: int, hotkey: bytes, amount: int) -> None:
    """Lock alpha of a coldkey to a hotkey, on top of what it has locked.

    AmountTooLow, HotKeyAccountNotExists, LockHotkeyMismatch when its lock is to another hotkey, and
    InsufficientStakeForLock when it has not so much alpha on the subnet.
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
    total = rolled_now(ctx, model.total, model.kind).plus(Locked(amount, 0, ctx.block.number))
    model = replace(model, lock=rolled_now(ctx, lock, model.kind), total=rolled_now(ctx, total, model.kind))
    save_conviction_model(ctx, coldkey, netuid, model)
    ctx.deposit(events.StakeLocked(coldkey, hotkey, netuid, amount))


def auto_lock_owner_cut(ctx: Context, netuid: int, amount: int) -> None:
    """Lock the owner's cut where the subnet wants that: to the hotkey of the owner's lock, or to the subnet's own."""
    if not storage.OwnerCutAutoLockEnabled.get(ctx, netuid):
        return
    owner = storage.SubnetOwner.get(ctx, netuid)
    model = read_conviction_model(ctx, owner, netuid)
    hotkey = storage.SubnetOwnerHotkey.get(ctx, netuid) if model is None else model.hotkey
    with suppress(DispatchFailed):
        do_lock_stake(ctx, owner, netuid, hotkey, amount)


def force_reduce_lock(ctx: Context, coldkey: bytes, netuid: int, amount: int) -> None:
    """Free that much of a coldkey's locked alpha, and take the conviction that belongs to it."""
    model = read_conviction_model(ctx, coldkey, netuid)
    if model is None:
        return
    model = roll_forward(ctx, model)
    lock = reduced(model.lock, amount, ctx.block.number)
    total = rolled_now(ctx, model.total, model.kind)
    total = total.minus(model.lock.mass - lock.mass, model.lock.conviction - lock.conviction)
    save_conviction_model(ctx, coldkey, netuid, replace(model, lock=lock, total=total))


def cleanup_lock_if_zero(ctx: Context, coldkey: bytes, netuid: int) -> None:
    """Reckon a coldkey's lock to now, so that one that has run out is forgotten."""
    model = read_conviction_model(ctx, coldkey, netuid)
    if model is not None:
        save_conviction_model(ctx, coldkey, netuid, roll_forward(ctx, model))
