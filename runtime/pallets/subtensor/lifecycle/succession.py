"""Succession: a subnet that is a year old passes to the owner of the hotkey with the most conviction, once there is
enough.

The rule is applied at each epoch of a subnet before the epoch runs, so that the new owner gets its cut. The sums of
locks are moved with it, because locks to the owner's hotkey are summed apart.
"""

from __future__ import annotations

from collections.abc import Iterator

from .....consensus.conviction import LockKind, LockSnapshot
from .....consensus.fixed import U64F64
from ....frame.context import Context
from ....frame.errors import DispatchFailed
from ...shared.types import ZERO_ACCOUNT
from .. import storage
from ..declared import events
from ..declared.limits import ONE_YEAR
from ..ledger.accounts import get_owning_coldkey_for_hotkey
from ..neurons.registration import register_neuron
from ..neurons.uids import is_hotkey_registered_on_network
from ..staking.conviction import lock_from_state, read_total, roll_to_now, save_total

#: All conviction must be at least the alpha outside of the pool divided by this.
CONVICTION_DIVISOR = 10


def iter_convictions(ctx: Context, netuid: int) -> Iterator[tuple[bytes, int]]:
    """Yield for each sum of locks on a subnet its hotkey and its conviction (U64F64) as of this block."""
    for of_hotkeys, perpetual in ((storage.HotkeyLock, True), (storage.DecayingHotkeyLock, False)):
        kind = LockKind(to_owner=False, perpetual=perpetual)
        for hotkey, stored in of_hotkeys.under(ctx, netuid):
            yield hotkey, roll_to_now(ctx, lock_from_state(ctx, stored), kind).conviction
    owner = storage.SubnetOwnerHotkey.get(ctx, netuid)
    for of_owner, perpetual in ((storage.OwnerLock, True), (storage.DecayingOwnerLock, False)):
        if (of_all := of_owner.get(ctx, netuid)) is not None:
            kind = LockKind(to_owner=True, perpetual=perpetual)
            yield owner, roll_to_now(ctx, lock_from_state(ctx, of_all), kind).conviction


def sum_convictions_by_hotkey(ctx: Context, netuid: int) -> dict[bytes, int]:
    """Return the conviction (U64F64) of all locks on a subnet by hotkey."""
    scores: dict[bytes, int] = {}
    for hotkey, conviction in iter_convictions(ctx, netuid):
        scores[hotkey] = U64F64.saturating_add(scores.get(hotkey, 0), conviction)
    return scores


def get_total_conviction(ctx: Context, netuid: int) -> int:
    """Return the conviction of all locks on a subnet, U64F64."""
    total = 0
    for _, conviction in iter_convictions(ctx, netuid):
        total = U64F64.saturating_add(total, conviction)
    return total


def hotkey_conviction(ctx: Context, hotkey: bytes, netuid: int) -> int:
    """Return the conviction of all locks to a hotkey on a subnet, U64F64."""
    return sum_convictions_by_hotkey(ctx, netuid).get(hotkey, 0)


def subnet_king(ctx: Context, netuid: int) -> bytes | None:
    """Return the hotkey with the greatest conviction on a subnet; None without locks.

    Among equals it is the greatest account.
    """
    scores = sum_convictions_by_hotkey(ctx, netuid)
    return max(scores, key=lambda hotkey: (scores[hotkey], hotkey), default=None)


def change_subnet_owner_if_needed(ctx: Context, netuid: int) -> None:
    """Make the coldkey of the king the owner of the subnet, if the subnet is old enough and conviction suffices.

    A king that is not a neuron is registered without payment; where that is not possible, the owner does not change.
    """
    if not _is_due(ctx, netuid) or (king := subnet_king(ctx, netuid)) is None:
        return
    old, new = storage.SubnetOwner.get(ctx, netuid), get_owning_coldkey_for_hotkey(ctx, king)
    if new in (ZERO_ACCOUNT, old) or not _ensure_neuron(ctx, netuid, king):
        return
    former = storage.SubnetOwnerHotkey.get(ctx, netuid)
    for hotkey, to_owner in ((former, False), (king, True)):
        for perpetual in (True, False):
            _move_sum(ctx, netuid, hotkey, LockKind(not to_owner, perpetual), LockKind(to_owner, perpetual))
    storage.SubnetOwner.put(ctx, netuid, new)
    storage.SubnetOwnerHotkey.put(ctx, netuid, king)
    ctx.deposit(events.SubnetOwnerChanged(netuid, old, new))


def _is_due(ctx: Context, netuid: int) -> bool:
    """Return whether the subnet is a year old and all conviction together reaches a tenth of its outstanding alpha."""
    outstanding = storage.SubnetAlphaOut.get(ctx, netuid)
    if outstanding == 0 or ctx.block.number < storage.NetworkRegisteredAt.get(ctx, netuid) + ONE_YEAR:
        return False
    conviction = U64F64.saturating_mul(get_total_conviction(ctx, netuid), U64F64.from_int(CONVICTION_DIVISOR))
    return conviction >= U64F64.from_int(outstanding)


def _ensure_neuron(ctx: Context, netuid: int, hotkey: bytes) -> bool:
    """Register the hotkey if it is not a neuron; return whether it is one afterwards."""
    if is_hotkey_registered_on_network(ctx, netuid, hotkey):
        return True
    try:
        register_neuron(ctx, netuid, hotkey)
    except DispatchFailed:
        return False
    return True


def _move_sum(ctx: Context, netuid: int, hotkey: bytes, source: LockKind, target: LockKind) -> None:
    """Add the sum of the locks to a hotkey of one kind to that of another kind, both as of this block."""
    stored = read_total(ctx, netuid, hotkey, source)
    if stored is None:
        return
    moved = roll_to_now(ctx, lock_from_state(ctx, stored), source)
    present = roll_to_now(ctx, lock_from_state(ctx, read_total(ctx, netuid, hotkey, target)), target)
    together = LockSnapshot(0, 0, ctx.block.number).add(moved).add(present)
    save_total(ctx, netuid, hotkey, source, LockSnapshot(0, 0, ctx.block.number))
    save_total(ctx, netuid, hotkey, target, roll_to_now(ctx, together, target) if target.to_owner else together)
