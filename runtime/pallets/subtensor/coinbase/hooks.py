"""The hook of the pallet at the beginning of each block, and its weight."""

from __future__ import annotations

from ....frame.context import Context
from ....frame.weight import Weight, weight_of
from .. import storage
from ..declared import constants
from ..declared.pallet import pallet
from ..subnets.networks import get_all_subnet_netuids
from .block_step import run_block_step

#: Weight counted for the block step, independent of what it does.
BLOCK_STEP_WEIGHT = weight_of(110_634_229_000, reads=8304, writes=110)


@pallet.on_initialize
def on_initialize(ctx: Context) -> Weight:
    """Remove old records of hotkey swaps, then run the steps of the block."""
    cleaned = clean_up_hotkey_swap_records(ctx)
    run_block_step(ctx)
    return BLOCK_STEP_WEIGHT + cleaned


def clean_up_hotkey_swap_records(ctx: Context) -> Weight:
    """Remove records of swaps that no longer limit the next swap; each subnet is visited once in an interval."""
    interval, number = constants.HotkeySwapOnSubnetInterval.get(ctx), ctx.block.number
    netuids = get_all_subnet_netuids(ctx)
    reads, writes = 2 + len(netuids), 0
    for netuid in netuids:
        if interval and netuid % interval == number % interval:
            for coldkey, swapped in list(storage.LastHotkeySwapOnNetuid.under(ctx, netuid)):
                reads += 1
                if swapped + interval < number:
                    storage.LastHotkeySwapOnNetuid.remove(ctx, netuid, coldkey)
                    writes += 1
    return weight_of(0, reads=reads, writes=writes)
