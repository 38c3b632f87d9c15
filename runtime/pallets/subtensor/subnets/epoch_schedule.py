"""The block in which a subnet's next epoch is due; a separate file because `owner_rules` and `tempo` both need it."""

from __future__ import annotations

from .....consensus.integers import U64_MAX, saturating_sub
from ....frame.context import Context
from .. import storage


def blocks_until_next_auto_epoch(ctx: Context, netuid: int, tempo: int, block_number: int) -> int:
    """Return the number of blocks until the epoch at the end of the tempo; 2^64 - 1 with a tempo of 0."""
    if tempo == 0:
        return U64_MAX
    return saturating_sub(storage.LastEpochBlock.get(ctx, netuid) + tempo, block_number)


def get_next_epoch_start_block(ctx: Context, netuid: int) -> int | None:
    """Return the block of the next epoch, at the end of the tempo or triggered by the owner; None with a tempo of 0.

    The epoch may be deferred to a later block.
    """
    tempo = storage.Tempo.get(ctx, netuid)
    if tempo == 0:
        return None
    by_tempo, by_owner = storage.LastEpochBlock.get(ctx, netuid) + tempo, storage.PendingEpochAt.get(ctx, netuid)
    return min(by_tempo, by_owner) if by_owner else by_tempo
