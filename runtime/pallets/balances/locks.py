"""Locks: amounts of an account that may not be spent, one on top of the other. All amounts are in rao.

The largest lock counts, over free and reserved balance together. Freezes would do the same for a reason of a pallet;
no pallet of this runtime has one, so there are none.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from ...frame.context import Context
from ...frame.errors import DispatchFailed
from .accounts import account_data, mutate_account
from .pallet import BalanceLock, Locked, Locks, Reasons, Unlocked


def set_lock(ctx: Context, name: bytes, who: bytes, amount: int, reasons: Reasons) -> None:
    """Set the lock of this name (8 bytes); an amount of 0 removes it."""
    if amount == 0:
        remove_lock(ctx, name, who)
    else:
        _put(ctx, who, BalanceLock(name, amount, reasons))


def extend_lock(ctx: Context, name: bytes, who: bytes, amount: int, reasons: Reasons) -> None:
    """Make the lock of this name hold at least `amount`, for its reasons and these."""
    if amount == 0:
        return
    for lock in Locks.get(ctx, who):
        if lock.id == name:
            amount = max(amount, lock.amount)
            reasons = reasons if reasons is lock.reasons else Reasons.All
    _put(ctx, who, BalanceLock(name, amount, reasons))


def remove_lock(ctx: Context, name: bytes, who: bytes) -> None:
    """Remove the lock of this name."""
    _update(ctx, who, [lock for lock in Locks.get(ctx, who) if lock.id != name])


def _put(ctx: Context, who: bytes, new: BalanceLock) -> None:
    """Replace the lock of the same name where it stands, or add it at the end."""
    locks = Locks.get(ctx, who)
    if any(lock.id == new.id for lock in locks):
        _update(ctx, who, [new if lock.id == new.id else lock for lock in locks])
    else:
        _update(ctx, who, [*locks, new])


def _update(ctx: Context, who: bytes, locks: list[BalanceLock]) -> None:
    """Store the locks and freeze what the largest one demands."""
    data = account_data(ctx, who)
    frozen = max((lock.amount for lock in locks), default=0)
    # An account without provider cannot be frozen; it has nothing to spend either. Its lock is kept for later.
    with suppress(DispatchFailed):
        mutate_account(ctx, who, replace(data, frozen=frozen))
    if locks:
        Locks.put(ctx, who, locks)
    else:
        Locks.remove(ctx, who)
    if frozen != data.frozen:
        change = abs(frozen - data.frozen)
        ctx.deposit(Locked(who, change) if frozen > data.frozen else Unlocked(who, change))
