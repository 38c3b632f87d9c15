"""Finding a crowdloan that the signer may use, and checking its end."""

from __future__ import annotations

from ...frame.context import Context
from ...frame.errors import DispatchFailed, ensure
from . import declared
from .declared import CrowdloanInfo, Crowdloans, Error


def find_crowdloan(ctx: Context, crowdloan_id: int) -> CrowdloanInfo:
    """Return a crowdloan; InvalidCrowdloanId."""
    crowdloan = Crowdloans.get(ctx, crowdloan_id)
    if crowdloan is None:
        raise DispatchFailed(Error.InvalidCrowdloanId)
    return crowdloan


def open_crowdloan(ctx: Context, crowdloan_id: int) -> CrowdloanInfo:
    """Return a crowdloan that is not finalized; InvalidCrowdloanId or AlreadyFinalized."""
    crowdloan = find_crowdloan(ctx, crowdloan_id)
    ensure(not crowdloan.finalized, Error.AlreadyFinalized)
    return crowdloan


def own_crowdloan(ctx: Context, crowdloan_id: int) -> CrowdloanInfo:
    """Return a crowdloan of the signer that is not finalized; InvalidOrigin for that of another."""
    who = ctx.ensure_signed()
    crowdloan = open_crowdloan(ctx, crowdloan_id)
    ensure(who == crowdloan.creator, Error.InvalidOrigin)
    return crowdloan


def ensure_valid_end(ctx: Context, end: int) -> None:
    """Refuse an end in the past, too near or too far: CannotEndInPast, BlockDurationTooShort, BlockDurationTooLong."""
    blocks = end - ctx.block.number
    ensure(blocks > 0, Error.CannotEndInPast)
    ensure(blocks >= declared.MinimumBlockDuration.get(ctx), Error.BlockDurationTooShort)
    ensure(blocks <= declared.MaximumBlockDuration.get(ctx), Error.BlockDurationTooLong)
