"""Who owns a subnet that is a year old: whoever's hotkey has won most conviction, once there is enough of it.

Asked at each of a subnet's epochs, before the epoch runs: the new owner gets its cut. Sums of locks follow the change,
as they are kept apart by whether they are to the owner's hotkey.
"""

from __future__ import annotations

from collections.abc import Iterator

from .....consensus.conviction import Kind, Locked
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
from ..staking.conviction import locked_of, rolled_now, save_total, stored_total

#: The part of the alpha outside of the pool that all conviction together must be: one in so many.
ENOUGH = 10


def convictions(ctx: Context, netuid: int) -> Iterator[tuple[bytes, int]]:
    """The conviction (U64F64) of each sum of locks on a subnet as of now, with the hotkey that they are to."""
    for of_hotkeys, perpetual in ((storage.HotkeyLock, True), (storage.DecayingHotkeyLock, False)):
        kind = Kind(to_owner=False, perpetual=perpetual)
        for hotkey, stored in of_hotkeys.under(ctx, netuid):
            yield hotkey, rolled_now(ctx, locked_of(ctx, stored), kind).conviction
    owner = storage.SubnetOwnerHotkey.get(ctx, netuid)
    for of_owner, perpetual in ((storage.OwnerLock, True), (storage.DecayingOwnerLock, False)):
        if (of_all := of_owner.get(ctx, netuid)) is not None:
            kind = Kind(to_owner=True, perpetual=perpetual)
            yield owner, rolled_now(ctx, locked_of(ctx, of_all), kind).conviction


def convictions_by_hotkey(ctx: Context, netuid: int) -> dict[bytes, int]:
    """The conviction (U64F64) of all locks on a subnet to each hotkey that has some."""
    scores: dict[bytes, int] = {}
    for hotkey, conviction in convictions(ctx, netuid):
        scores[hotkey] = U64F64.saturating_add(scores.get(hotkey, 0), conviction)
    return scores


def get_total_conviction(ctx: Context, netuid: int) -> int:
    """The conviction of all locks on a subnet, U64F64."""
    total = 0
    for _, conviction in convictions(ctx, netuid):
        total = U64F64.saturating_add(total, conviction)
    return total


def hotkey_conviction(ctx: Context, hotkey: bytes, netuid: int) -> int:
    """The conviction of all locks to a hotkey on a subnet, U64F64."""
    return convictions_by_hotkey(ctx, netuid).get(hotkey, 0)


def subnet_king(ctx: Context, netuid: int) -> bytes | None:
    """The hotkey of the greatest conviction on a subnet, of several the greatest account; None without locks."""
    scores = convictions_by_hotkey(ctx, netuid)
    return max(scores, key=lambda hotkey: (scores[hotkey], hotkey), default=None)


def change_subnet_owner_if_needed(ctx: Context, netuid: int) -> None:
    """Give the subnet to the coldkey of its king, if it is old enough and there is enough conviction.

    A king that is no neuron becomes one, without paying; where there is no room for it, nothing changes.
    """
    if not _may_change(ctx, netuid) or (king := subnet_king(ctx, netuid)) is None:
        return
    old, new = storage.SubnetOwner.get(ctx, netuid), get_owning_coldkey_for_hotkey(ctx, king)
    if new in (ZERO_ACCOUNT, old) or not _is_neuron(ctx, netuid, king):
        return
    former = storage.SubnetOwnerHotkey.get(ctx, netuid)
    for hotkey, to_owner in ((former, False), (king, True)):
        for perpetual in (True, False):
            _move_sum(ctx, netuid, hotkey, Kind(not to_owner, perpetual), Kind(to_owner, perpetual))
    storage.SubnetOwner.put(ctx, netuid, new)
    storage.SubnetOwnerHotkey.put(ctx, netuid, king)
    ctx.deposit(events.SubnetOwnerChanged(netuid, old, new))


def _may_change(ctx: Context, netuid: int) -> bool:
    outstanding = storage.SubnetAlphaOut.get(ctx, netuid)
    if outstanding == 0 or ctx.block.number < storage.NetworkRegisteredAt.get(ctx, netuid) + ONE_YEAR:
        return False
    conviction = U64F64.saturating_mul(get_total_conviction(ctx, netuid), U64F64.from_int(ENOUGH))
    return conviction >= U64F64.from_int(outstanding)


def _is_neuron(ctx: Context, netuid: int, hotkey: bytes) -> bool:
    """Whether the hotkey is a neuron, or could be made one."""
    if is_hotkey_registered_on_network(ctx, netuid, hotkey):
        return True
    try:
        register_neuron(ctx, netuid, hotkey)
    except DispatchFailed:
        return False
    return True


def _move_sum(ctx: Context, netuid: int, hotkey: bytes, source: Kind, target: Kind) -> None:
    """Add the sum of locks to a hotkey as one kind to that as another, both reckoned to now."""
    stored = stored_total(ctx, netuid, hotkey, source)
    if stored is None:
        return
    moved = rolled_now(ctx, locked_of(ctx, stored), source)
    present = rolled_now(ctx, locked_of(ctx, stored_total(ctx, netuid, hotkey, target)), target)
    together = Locked(0, 0, ctx.block.number).plus(moved).plus(present)
    save_total(ctx, netuid, hotkey, source, Locked(0, 0, ctx.block.number))
    save_total(ctx, netuid, hotkey, target, rolled_now(ctx, together, target) if target.to_owner else together)
