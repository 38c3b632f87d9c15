"""The commitments of a whole subnet, as other pallets read and remove them."""

from __future__ import annotations

from ...frame.context import Context
from .declared import (
    CommitmentOf,
    LastBondsReset,
    LastCommitment,
    Registration,
    RevealedCommitments,
    TimelockedIndex,
    UsedSpaceOf,
)


def get_commitments(ctx: Context, netuid: int) -> list[tuple[bytes, bytes]]:
    """Return the commitments on a subnet as (hotkey, encoded Registration), in the order of storage keys."""
    return [(who, Registration.scale.encode(registration)) for who, registration in CommitmentOf.under(ctx, netuid)]


def purge_netuid(ctx: Context, netuid: int) -> None:
    """Remove everything that was committed on a dissolved subnet. The index is written in any case."""
    for item in (CommitmentOf, LastCommitment, LastBondsReset, RevealedCommitments, UsedSpaceOf):
        item.clear_under(ctx, netuid)
    TimelockedIndex.mutate(ctx, lambda index: frozenset(entry for entry in index if entry[0] != netuid))
