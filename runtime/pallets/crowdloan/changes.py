"""The calls by which a creator changes the terms of a crowdloan that is not finalized."""

from __future__ import annotations

from dataclasses import replace

from ...frame.context import Context
from ...frame.errors import ensure
from ...frame.weight import weight_of
from ...scale import AsCompact
from ..shared.types import Balance, BlockNumber
from . import declared
from .checks import ensure_valid_end, own_crowdloan
from .declared import Contributions, CrowdloanId, Crowdloans, Error, MaxContributions, pallet


@pallet.call(6, weight=weight_of(13_259_000, 3747, reads=2, writes=1))
def update_min_contribution(
    ctx: Context, crowdloan_id: AsCompact[CrowdloanId], new_min_contribution: AsCompact[Balance]
) -> None:
    """Change the minimum contribution of a crowdloan of the signer, in rao.

    Fails with InvalidCrowdloanId, AlreadyFinalized, InvalidOrigin, MinimumContributionTooLow, and
    MinimumContributionTooHigh above the maximum.
    """
    crowdloan = own_crowdloan(ctx, crowdloan_id)
    least, most = declared.AbsoluteMinimumContribution.get(ctx), MaxContributions.get(ctx, crowdloan_id)
    ensure(new_min_contribution >= least, Error.MinimumContributionTooLow)
    ensure(most is None or new_min_contribution <= most, Error.MinimumContributionTooHigh)
    Crowdloans.put(ctx, crowdloan_id, replace(crowdloan, min_contribution=new_min_contribution))
    ctx.deposit(declared.MinContributionUpdated(crowdloan_id, new_min_contribution))


@pallet.call(7, weight=weight_of(12_048_000, 3747, reads=1, writes=1))
def update_end(ctx: Context, crowdloan_id: AsCompact[CrowdloanId], new_end: AsCompact[BlockNumber]) -> None:
    """Change the end of a crowdloan of the signer.

    Fails with InvalidCrowdloanId, AlreadyFinalized, InvalidOrigin, CannotEndInPast, BlockDurationTooShort and
    BlockDurationTooLong.
    """
    crowdloan = own_crowdloan(ctx, crowdloan_id)
    ensure_valid_end(ctx, new_end)
    Crowdloans.put(ctx, crowdloan_id, replace(crowdloan, end=new_end))
    ctx.deposit(declared.EndUpdated(crowdloan_id, new_end))


@pallet.call(8, weight=weight_of(11_357_000, 3747, reads=1, writes=1))
def update_cap(ctx: Context, crowdloan_id: AsCompact[CrowdloanId], new_cap: AsCompact[Balance]) -> None:
    """Change the cap of a crowdloan of the signer, in rao, to at least what was raised.

    Fails with InvalidCrowdloanId, AlreadyFinalized, InvalidOrigin and CapTooLow.
    """
    crowdloan = own_crowdloan(ctx, crowdloan_id)
    ensure(new_cap >= crowdloan.raised, Error.CapTooLow)
    Crowdloans.put(ctx, crowdloan_id, replace(crowdloan, cap=new_cap))
    ctx.deposit(declared.CapUpdated(crowdloan_id, new_cap))


@pallet.call(9, weight=weight_of(16_024_000, 3747, reads=2, writes=1))
def set_max_contribution(
    ctx: Context, crowdloan_id: AsCompact[CrowdloanId], new_max_contribution: Balance | None
) -> None:
    """Set the most that an account may contribute to a crowdloan of the signer, in rao; without a value, no limit.

    Fails with InvalidCrowdloanId, AlreadyFinalized, InvalidOrigin, and MaximumContributionTooLow below the minimum or
    what the signer has contributed.
    """
    crowdloan = own_crowdloan(ctx, crowdloan_id)
    if new_max_contribution is None:
        MaxContributions.remove(ctx, crowdloan_id)
    else:
        own = Contributions.get(ctx, crowdloan_id, crowdloan.creator) or 0
        ensure(new_max_contribution >= max(own, crowdloan.min_contribution), Error.MaximumContributionTooLow)
        MaxContributions.put(ctx, crowdloan_id, new_max_contribution)
    ctx.deposit(declared.MaxContributionUpdated(crowdloan_id, new_max_contribution))
