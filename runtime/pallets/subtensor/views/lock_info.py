"""What is locked and whose conviction it makes, reckoned to the current block."""

from __future__ import annotations

from .....consensus.conviction import Kind
from .....consensus.fixed import U64F64
from ....frame.context import Context
from ..conviction import locked_of, read_conviction_model, roll_forward, rolled_now
from ..storage.locks import (
    DecayingHotkeyLock,
    DecayingOwnerLock,
    HotkeyLock,
    OwnerLock,
)
from ..storage.networks import SubnetOwnerHotkey
from ..types import LockState


def get_coldkey_lock(ctx: Context, coldkey: bytes, netuid: int) -> LockState | None:
    """A coldkey's lock on a subnet as of now, None when it has none."""
    model = read_conviction_model(ctx, coldkey, netuid)
    if model is None:
        return None
    lock = roll_forward(ctx, model).lock
    return LockState(lock.mass, lock.conviction, lock.block)


def hotkey_conviction(ctx: Context, hotkey: bytes, netuid: int) -> int:
    """The conviction of all locks to a hotkey on a subnet, U64F64."""
    sums = [
        (HotkeyLock.get(ctx, netuid, hotkey), Kind(to_owner=False, perpetual=True)),
        (DecayingHotkeyLock.get(ctx, netuid, hotkey), Kind(to_owner=False, perpetual=False)),
    ]
    if hotkey == SubnetOwnerHotkey.get(ctx, netuid):
        sums += _locks_to_owner(ctx, netuid)
    total = 0
    for stored, kind in sums:
        if stored is not None:
            total = U64F64.saturating_add(total, rolled_now(ctx, locked_of(ctx, stored), kind).conviction)
    return total


def _locks_to_owner(ctx: Context, netuid: int) -> list[tuple[LockState | None, Kind]]:
    return [
        (OwnerLock.get(ctx, netuid), Kind(to_owner=True, perpetual=True)),
        (DecayingOwnerLock.get(ctx, netuid), Kind(to_owner=True, perpetual=False)),
    ]
