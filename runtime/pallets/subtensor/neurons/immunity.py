"""Immunity from replacement: of neurons in their first blocks, and permanently of some neurons of the subnet's
owner."""

from __future__ import annotations

from ....frame.context import Context
from .. import storage


def get_neuron_block_at_registration(ctx: Context, netuid: int, uid: int) -> int:
    """Return the block in which the uid was assigned to its hotkey."""
    return storage.BlockAtRegistration.get(ctx, netuid, uid)


def get_neuron_is_immune(ctx: Context, netuid: int, uid: int) -> bool:
    """Return whether the neuron is younger than the subnet's immunity period."""
    age = ctx.block.number - get_neuron_block_at_registration(ctx, netuid, uid)
    return max(age, 0) < storage.ImmunityPeriod.get(ctx, netuid)


def get_immune_owner_uids(ctx: Context, netuid: int, coldkey: bytes) -> list[int]:
    """Return the uids of an owner's coldkey that are never replaced, at most `ImmuneOwnerUidsLimit`.

    They are those registered first. The subnet's owner hotkey takes the first position when it is not among them.
    """
    limit = storage.ImmuneOwnerUidsLimit.get(ctx, netuid)
    registered = [storage.Uids.get(ctx, netuid, hotkey) for hotkey in storage.OwnedHotkeys.get(ctx, coldkey)]
    by_age = sorted((get_neuron_block_at_registration(ctx, netuid, uid), uid) for uid in registered if uid is not None)
    immune = [uid for _, uid in by_age[:limit]]
    if storage.SubnetOwnerHotkey.contains(ctx, netuid):
        owner_uid = storage.Uids.get(ctx, netuid, storage.SubnetOwnerHotkey.get(ctx, netuid))
        if owner_uid is not None and owner_uid not in immune:
            immune = [owner_uid, *immune][:limit]
    return immune
