"""Locks of a coldkey, and locks to a hotkey, that is replaced by another (see `staking.conviction`)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from .....consensus.conviction import LockKind
from ....frame.context import Context
from ....frame.errors import ensure
from .. import storage
from ..declared.errors import Error
from ..staking.conviction import (
    change_total,
    insert_lock_state,
    lock_from_state,
    read_conviction_model_for_hotkey,
    read_total,
    roll_to_now,
    save_total,
)
from ..staking.transfer_lock import rejects_locked_alpha
from .database_cost import DatabaseCost

# --- of a hotkey ---------------------------------------------------------------------------------------------------


class _Subnet(NamedTuple):
    """A subnet on which locks to a hotkey move, and whether the old and the new hotkey are its owner's."""

    netuid: int
    from_owner: bool
    to_owner: bool


def swap_hotkey_locks(ctx: Context, old: bytes, new: bytes, netuids: Iterable[int], cost: DatabaseCost) -> None:
    """Move all locks to a hotkey on these subnets to another hotkey, with their conviction."""
    subnets = []
    for netuid in netuids:
        owner = storage.SubnetOwnerHotkey.get(ctx, netuid)
        locked = storage.HotkeyLock.contains(ctx, netuid, old) or storage.DecayingHotkeyLock.contains(ctx, netuid, old)
        if owner in (old, new) or locked:
            subnets.append(_Subnet(netuid, owner == old, owner in (old, new)))
        cost.add(5)
    for subnet in subnets:
        _move_locks_of_coldkeys(ctx, old, new, subnet, cost)
    for subnet in subnets:
        for perpetual in (True, False):
            _move_sum(ctx, old, new, subnet, perpetual)
        cost.add(0, 6)


def _move_locks_of_coldkeys(ctx: Context, old: bytes, new: bytes, subnet: _Subnet, cost: DatabaseCost) -> None:
    """Move the locks that coldkeys have to a hotkey; forget coldkeys that have none."""
    netuid = subnet.netuid
    for (coldkey,), _ in list(storage.LockingColdkeys.under(ctx, netuid, old)):
        cost.add(1)
        stored = storage.Lock.get(ctx, (coldkey, netuid, old))
        storage.LockingColdkeys.remove(ctx, (netuid, old, coldkey))
        if stored is None:
            cost.add(0, 1)
            continue
        perpetual = storage.DecayingLock.get(ctx, coldkey, netuid) is False
        lock = roll_to_now(ctx, lock_from_state(ctx, stored), LockKind(subnet.from_owner, perpetual))
        storage.Lock.remove(ctx, (coldkey, netuid, old))
        moved = roll_to_now(ctx, lock, LockKind(subnet.to_owner, perpetual))
        insert_lock_state(ctx, coldkey, netuid, new, moved)
        cost.add(0, 2)


def _move_sum(ctx: Context, old: bytes, new: bytes, subnet: _Subnet, perpetual: bool) -> None:
    """Move the sum of the perpetual, or of the decaying, locks to a hotkey; it replaces a sum that is there."""
    former, later = LockKind(subnet.from_owner, perpetual), LockKind(subnet.to_owner, perpetual)
    stored = read_total(ctx, subnet.netuid, old, former)
    if stored is None:
        return
    total = roll_to_now(ctx, lock_from_state(ctx, stored), former)
    save_total(ctx, subnet.netuid, old, former, lock_from_state(ctx, None))
    save_total(ctx, subnet.netuid, new, later, roll_to_now(ctx, total, later))


# --- of a coldkey --------------------------------------------------------------------------------------------------


def swap_coldkey_locks(ctx: Context, old: bytes, new: bytes) -> None:
    """Give the locks of a coldkey, their kind, and its choice about locked alpha to another coldkey.

    Fails with ActiveLockExists when the new coldkey has locked alpha.
    """
    _ensure_no_active_locks(ctx, new)
    locks = []
    for (netuid, hotkey), _ in list(storage.Lock.under(ctx, old)):
        model = read_conviction_model_for_hotkey(ctx, old, netuid, hotkey)
        locks.append((netuid, hotkey, model.kind, roll_to_now(ctx, model.lock, model.kind)))
    ensure(not any(lock.mass for *_, lock in locks) or not rejects_locked_alpha(ctx, new), _REJECTED)
    for netuid, hotkey, _, lock in locks:
        storage.Lock.remove(ctx, (old, netuid, hotkey))
        storage.LockingColdkeys.remove(ctx, (netuid, hotkey, old))
        change_total(ctx, old, netuid, hotkey, removed=lock)
    _move_flags(ctx, old, new)
    for netuid, hotkey, kind, lock in locks:
        moved = roll_to_now(ctx, lock, kind)
        insert_lock_state(ctx, new, netuid, hotkey, moved)
        change_total(ctx, new, netuid, hotkey, added=moved)


_REJECTED = Error.AccountRejectsLockedAlpha


def _ensure_no_active_locks(ctx: Context, coldkey: bytes) -> None:
    for (netuid, hotkey), _ in storage.Lock.under(ctx, coldkey):
        model = read_conviction_model_for_hotkey(ctx, coldkey, netuid, hotkey)
        ensure(roll_to_now(ctx, model.lock, model.kind).mass == 0, Error.ActiveLockExists)


def _move_flags(ctx: Context, old: bytes, new: bytes) -> None:
    """Move which locks of a coldkey are perpetual, and the flags of its account."""
    for netuid, decaying in list(storage.DecayingLock.under(ctx, old)):
        storage.DecayingLock.remove(ctx, old, netuid)
        storage.DecayingLock.put(ctx, new, netuid, decaying)
    flags = storage.AccountFlags.take(ctx, old)
    if flags:
        storage.AccountFlags.put(ctx, new, flags)
    else:
        storage.AccountFlags.remove(ctx, new)
