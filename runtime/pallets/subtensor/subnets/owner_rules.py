"""Who may set a subnet's parameters, and when: its owner or root, not too often, not shortly before an epoch."""

from __future__ import annotations

from ....frame.context import Context
from ....frame.errors import BadOrigin, DispatchFailed, ensure
from .. import storage
from ..declared.errors import Error
from .epoch_schedule import blocks_until_next_auto_epoch
from .rate_limits import Act, passes_rate_limit_on_subnet, set_last_block_on_subnet


def ensure_subnet_owner(ctx: Context, netuid: int) -> bytes:
    """The caller, who must be the subnet's owner; BadOrigin for anybody else."""
    who = ctx.ensure_signed()
    if storage.SubnetOwner.get(ctx, netuid) != who:
        raise DispatchFailed(BadOrigin())
    return who


def ensure_subnet_owner_or_root(ctx: Context, netuid: int) -> bytes | None:
    """The subnet's owner when it calls, None when root does; BadOrigin for anybody else."""
    return None if ctx.origin.is_root else ensure_subnet_owner(ctx, netuid)


def ensure_sn_owner_or_root_with_limits(ctx: Context, netuid: int, act: Act) -> bytes | None:
    """The same, but TxRateLimitExceeded when the owner did this too short a time ago. Root has no limits."""
    owner = ensure_subnet_owner_or_root(ctx, netuid)
    if owner is not None:
        ensure(passes_rate_limit_on_subnet(ctx, act, owner, netuid), Error.TxRateLimitExceeded)
    return owner


def record_owner_rl(ctx: Context, owner: bytes | None, netuid: int, act: Act) -> None:
    """Remember that the owner did this in this block; what root does is not counted."""
    if owner is not None:
        set_last_block_on_subnet(ctx, act, owner, netuid, ctx.block.number)


def is_in_admin_freeze_window(ctx: Context, netuid: int, block: int) -> bool:
    """Whether validators are about to set weights for the next epoch, and may rely on the parameters that they see.

    That is so in the last `AdminFreezeWindow` blocks of a tempo, and while an epoch asked for by the owner is ahead.
    """
    tempo = storage.Tempo.get(ctx, netuid)
    if tempo == 0:
        return False
    return storage.PendingEpochAt.get(ctx, netuid) > block or (
        blocks_until_next_auto_epoch(ctx, netuid, tempo, block) < storage.AdminFreezeWindow.get(ctx)
    )


def ensure_admin_window_open(ctx: Context, netuid: int) -> None:
    """AdminActionProhibitedDuringWeightsWindow while parameters are frozen, for root too."""
    frozen = is_in_admin_freeze_window(ctx, netuid, ctx.block.number)
    ensure(not frozen, Error.AdminActionProhibitedDuringWeightsWindow)
