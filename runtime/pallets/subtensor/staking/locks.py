"""Locked stake and the conviction that grows from it."""

from __future__ import annotations

from ....frame.context import Context
from ..storage.locks import (
    DecayingHotkeyLock,
    DecayingLock,
    DecayingOwnerLock,
    HotkeyLock,
    Lock,
    LockingColdkeys,
    OwnerLock,
)


def destroy_lock_maps(ctx: Context, netuid: int) -> None:
    """Forget all locks on a subnet, and their sums."""
    for (hotkey, coldkey), _ in list(LockingColdkeys.under(ctx, netuid)):
        Lock.remove(ctx, (coldkey, netuid, hotkey))
    LockingColdkeys.clear_under(ctx, netuid)
    HotkeyLock.clear_under(ctx, netuid)
    DecayingHotkeyLock.clear_under(ctx, netuid)
    OwnerLock.remove(ctx, netuid)
    DecayingOwnerLock.remove(ctx, netuid)
    for coldkey in [coldkey for (coldkey, other), _ in DecayingLock.items(ctx) if other == netuid]:
        DecayingLock.remove(ctx, coldkey, netuid)
