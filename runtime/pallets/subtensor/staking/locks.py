"""Removal of all locks of a subnet."""

from __future__ import annotations

from ....frame.context import Context
from .. import storage


def destroy_lock_maps(ctx: Context, netuid: int) -> None:
    """Remove all locks on a subnet, and their sums."""
    for (hotkey, coldkey), _ in list(storage.LockingColdkeys.under(ctx, netuid)):
        storage.Lock.remove(ctx, (coldkey, netuid, hotkey))
    storage.LockingColdkeys.clear_under(ctx, netuid)
    storage.HotkeyLock.clear_under(ctx, netuid)
    storage.DecayingHotkeyLock.clear_under(ctx, netuid)
    storage.OwnerLock.remove(ctx, netuid)
    storage.DecayingOwnerLock.remove(ctx, netuid)
    for coldkey in [coldkey for (coldkey, other), _ in storage.DecayingLock.items(ctx) if other == netuid]:
        storage.DecayingLock.remove(ctx, coldkey, netuid)
