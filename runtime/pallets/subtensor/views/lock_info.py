"""What is locked and whose conviction it makes, reckoned to the current block."""

from __future__ import annotations

from collections.abc import Iterator

from .....consensus.conviction import Kind, Locked, rolled
from .....consensus.fixed import U64F64
from ....frame.context import Context
from ..conviction import read_conviction_model, roll_forward
from ..storage.locks import (
    DecayingHotkeyLock,
    DecayingOwnerLock,
    HotkeyLock,
    MaturityRate,
    OwnerLock,
    UnlockRate,
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
            total = U64F64.saturating_add(total, _conviction(ctx, stored, kind))
    return total


def subnet_king(ctx: Context, netuid: int) -> bytes | None:
    """The hotkey of the greatest conviction on a subnet, of several the greatest account; None without locks."""
    scores: dict[bytes, int] = {}
    for hotkey, stored, kind in _all_sums(ctx, netuid):
        scores[hotkey] = U64F64.saturating_add(scores.get(hotkey, 0), _conviction(ctx, stored, kind))
    return max(scores, key=lambda hotkey: (scores[hotkey], hotkey), default=None)


def _all_sums(ctx: Context, netuid: int) -> Iterator[tuple[bytes, LockState, Kind]]:
    """The sums of locks on a subnet by hotkey and kind."""
    for item, perpetual in ((HotkeyLock, True), (DecayingHotkeyLock, False)):
        for hotkey, stored in item.under(ctx, netuid):
            yield hotkey, stored, Kind(to_owner=False, perpetual=perpetual)
    owner = SubnetOwnerHotkey.get(ctx, netuid)
    for of_owner, kind in _locks_to_owner(ctx, netuid):
        if of_owner is not None:
            yield owner, of_owner, kind


def _locks_to_owner(ctx: Context, netuid: int) -> list[tuple[LockState | None, Kind]]:
    return [
        (OwnerLock.get(ctx, netuid), Kind(to_owner=True, perpetual=True)),
        (DecayingOwnerLock.get(ctx, netuid), Kind(to_owner=True, perpetual=False)),
    ]


def _conviction(ctx: Context, stored: LockState, kind: Kind) -> int:
    lock = Locked(stored.locked_mass, stored.conviction, stored.last_update)
    return rolled(lock, ctx.block.number, kind, UnlockRate.get(ctx), MaturityRate.get(ctx)).conviction
