"""Locks of coldkeys, computed for the current block. The conviction of hotkeys is in `lifecycle.succession`."""

from __future__ import annotations

from ....frame.context import Context
from ..declared.types import LockState
from ..staking.conviction import read_conviction_model, roll_forward


def get_coldkey_lock(ctx: Context, coldkey: bytes, netuid: int) -> LockState | None:
    """Return a coldkey's lock on a subnet at the current block, None when it has none."""
    model = read_conviction_model(ctx, coldkey, netuid)
    if model is None:
        return None
    lock = roll_forward(ctx, model).lock
    return LockState(lock.mass, lock.conviction, lock.block)
