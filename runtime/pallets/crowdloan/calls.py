"""The calls of Crowdloan (index 27).

A creator opens a crowdloan with a deposit; others contribute until its cap is raised or its end has come, and may
withdraw as long as it is not finalized. The creator finalizes it, which pays a target or dispatches a call, for example
one that registers a leased subnet. A crowdloan that fails is refunded and dissolved by its creator.
"""

from __future__ import annotations

from dataclasses import replace

from ....consensus.integers import saturating_sub
from ...crypto.accounts import pallet_sub_account
from ...frame.call import Call, InfoOf, RuntimeCall
from ...frame.context import Context
from ...frame.errors import DispatchFailed, ensure
from ...frame.origin import signed
from ...frame.weight import PostInfo, Weight, weight_of
from ...scale import AccountId, AsCompact, Box
from .. import system
from ..balances import fungible
from ..balances.accounts import account_data
from ..bounded_calls import BoundedCall, bound, drop, peek
from ..shared.types import Balance, BlockNumber
from . import changes as changes  # registers the calls that change a crowdloan
from . import declared
from .checks import ensure_valid_end, find_crowdloan, open_crowdloan, own_crowdloan
from .declared import (
    Contributions,
    CrowdloanId,
    CrowdloanInfo,
    Crowdloans,
    CurrentCrowdloanId,
    Error,
    MaxContributions,
    NextCrowdloanId,
)
from .declared import pallet as pallet

CREATE = weight_of(59_829_000, 6148, reads=3, writes=5)
#: The number of contributors that one refund pays for at most; `RefundContributorsLimit`.
REFUNDED_AT_ONCE = 50


def _refund_weight(contributors: int) -> Weight:
    ref_time, proof_size = 110_703_000 + 39_503_253 * contributors, 3747 + 2579 * contributors
    return weight_of(ref_time, proof_size, reads=2 + 2 * contributors, writes=2 * contributors)


def _transfer(ctx: Context, source: bytes, dest: bytes, amount: int) -> None:
    """Move rao; the source may be reaped."""
    fungible.transfer(ctx, source, dest, amount, fungible.Preservation.Expendable)


# --- contributions -------------------------------------------------------------------------------------------------


def _create_weight(
    info: InfoOf, deposit: int, min_contribution: int, cap: int, end: int, call: Call | None, target: bytes | None
) -> Weight:
    return CREATE if call is None else CREATE + info(call).call_weight


@pallet.call(0, weight=_create_weight, holds_calls=True)
def create(
    ctx: Context,
    deposit: AsCompact[Balance],
    min_contribution: AsCompact[Balance],
    cap: AsCompact[Balance],
    end: AsCompact[BlockNumber],
    call: Box[RuntimeCall] | None,
    target_address: AccountId | None,
) -> None:
    """Create a crowdloan that raises `cap` rao before block `end`, then pays `target_address` or dispatches `call`.

    The signer deposits `deposit` rao as its first contribution, and dispatches the call later as itself. Fails with
    DepositTooLow, CapTooLow, MinimumContributionTooLow, InvalidFinalizationConfig unless there is either a call or a
    target, CannotEndInPast, BlockDurationTooShort, BlockDurationTooLong, and InsufficientBalance.
    """
    creator = ctx.ensure_signed()
    ensure(deposit >= declared.MinimumDeposit.get(ctx), Error.DepositTooLow)
    ensure(cap > deposit, Error.CapTooLow)
    ensure(min_contribution >= declared.AbsoluteMinimumContribution.get(ctx), Error.MinimumContributionTooLow)
    ensure((call is None) != (target_address is None), Error.InvalidFinalizationConfig)
    ensure_valid_end(ctx, end)
    ensure(account_data(ctx, creator).free >= deposit, Error.InsufficientBalance)
    crowdloan_id = NextCrowdloanId.get(ctx)
    ensure(crowdloan_id < (1 << 32) - 1, Error.Overflow)
    NextCrowdloanId.put(ctx, crowdloan_id + 1)
    funds = pallet_sub_account(declared.PalletId.get(ctx), crowdloan_id.to_bytes(4, "little"))
    system.inc_providers(ctx, funds)
    bounded = None if call is None else bound(ctx, call)
    crowdloan = CrowdloanInfo(
        creator, deposit, min_contribution, end, cap, funds, deposit, target_address, bounded, False, 1
    )
    Crowdloans.put(ctx, crowdloan_id, crowdloan)
    _transfer(ctx, creator, funds, deposit)
    Contributions.put(ctx, crowdloan_id, creator, deposit)
    ctx.deposit(declared.Created(crowdloan_id, creator, end, cap))


@pallet.call(1, weight=weight_of(66_609_000, 6148, reads=5, writes=4))
def contribute(ctx: Context, crowdloan_id: AsCompact[CrowdloanId], amount: AsCompact[Balance]) -> None:
    """Contribute `amount` rao of the signer, at most what is left to raise and what the account may contribute.

    Fails with InvalidCrowdloanId, ContributionPeriodEnded, CapRaised, ContributionTooLow, MaxContributorsReached,
    MaxContributionReached and InsufficientBalance.
    """
    contributor = ctx.ensure_signed()
    crowdloan = find_crowdloan(ctx, crowdloan_id)
    ensure(ctx.block.number < crowdloan.end, Error.ContributionPeriodEnded)
    ensure(crowdloan.raised < crowdloan.cap, Error.CapRaised)
    ensure(amount >= crowdloan.min_contribution, Error.ContributionTooLow)
    ensure(crowdloan.contributors_count < declared.MaxContributors.get(ctx), Error.MaxContributorsReached)
    amount = min(amount, crowdloan.cap - crowdloan.raised)
    former, most = Contributions.get(ctx, crowdloan_id, contributor), MaxContributions.get(ctx, crowdloan_id)
    if most is not None:
        ensure((former or 0) < most, Error.MaxContributionReached)
        amount = min(amount, most - (former or 0))
    ensure(account_data(ctx, contributor).free >= amount, Error.InsufficientBalance)
    _transfer(ctx, contributor, crowdloan.funds_account, amount)
    Contributions.put(ctx, crowdloan_id, contributor, (former or 0) + amount)
    count = crowdloan.contributors_count + (former is None)
    Crowdloans.put(ctx, crowdloan_id, replace(crowdloan, raised=crowdloan.raised + amount, contributors_count=count))
    ctx.deposit(declared.Contributed(crowdloan_id, contributor, amount))


@pallet.call(2, weight=weight_of(60_259_000, 6148, reads=4, writes=4))
def withdraw(ctx: Context, crowdloan_id: AsCompact[CrowdloanId]) -> None:
    """Withdraw what the signer has contributed; the creator keeps the deposit in.

    Fails with InvalidCrowdloanId, AlreadyFinalized, NoContribution, and DepositCannotBeWithdrawn.
    """
    who = ctx.ensure_signed()
    crowdloan = open_crowdloan(ctx, crowdloan_id)
    amount, count = Contributions.get(ctx, crowdloan_id, who) or 0, crowdloan.contributors_count
    ensure(amount > 0, Error.NoContribution)
    if who == crowdloan.creator:
        amount = saturating_sub(amount, crowdloan.deposit)
        ensure(amount > 0, Error.DepositCannotBeWithdrawn)
        Contributions.put(ctx, crowdloan_id, who, crowdloan.deposit)
    else:
        Contributions.remove(ctx, crowdloan_id, who)
        ensure(count > 0, Error.Underflow)
        count -= 1
    _transfer(ctx, crowdloan.funds_account, who, amount)
    raised = saturating_sub(crowdloan.raised, amount)
    Crowdloans.put(ctx, crowdloan_id, replace(crowdloan, raised=raised, contributors_count=count))
    ctx.deposit(declared.Withdrew(crowdloan_id, who, amount))


# --- the end -------------------------------------------------------------------------------------------------------


@pallet.call(3, weight=weight_of(31_507_000, 4197809, reads=4, writes=2))
def finalize(ctx: Context, crowdloan_id: AsCompact[CrowdloanId]) -> None:
    """Finalize a crowdloan of the signer whose cap is raised: pay its target, or dispatch its call as the signer.

    Fails with InvalidCrowdloanId, InvalidOrigin, CapNotRaised, AlreadyFinalized, CallUnavailable,
    InvalidFinalizationConfig, and the error of the call.
    """
    who = ctx.ensure_signed()
    crowdloan = find_crowdloan(ctx, crowdloan_id)
    ensure(who == crowdloan.creator, Error.InvalidOrigin)
    ensure(crowdloan.raised == crowdloan.cap, Error.CapNotRaised)
    ensure(not crowdloan.finalized, Error.AlreadyFinalized)
    call, target = crowdloan.call, crowdloan.target_address
    if call is not None and target is None:
        _dispatch(ctx, crowdloan_id, who, call)
    elif call is None and target is not None:
        _transfer(ctx, crowdloan.funds_account, target, crowdloan.raised)
    else:
        raise DispatchFailed(Error.InvalidFinalizationConfig)
    Crowdloans.put(ctx, crowdloan_id, replace(crowdloan, finalized=True))
    ctx.deposit(declared.Finalized(crowdloan_id))


def _dispatch(ctx: Context, crowdloan_id: int, creator: bytes, bounded: BoundedCall) -> None:
    """Dispatch the call of a crowdloan as its creator; the call may look up which crowdloan that is."""
    CurrentCrowdloanId.put(ctx, crowdloan_id)
    try:
        call, _ = peek(ctx, bounded)
    except DispatchFailed:
        raise DispatchFailed(Error.CallUnavailable) from None
    try:
        ctx.runtime.dispatch(ctx.with_origin(signed(creator)), call)
    except DispatchFailed as failed:
        raise DispatchFailed(failed.error) from failed
    CurrentCrowdloanId.kill(ctx)


@pallet.call(4, weight=_refund_weight(REFUNDED_AT_ONCE))
def refund(ctx: Context, crowdloan_id: AsCompact[CrowdloanId]) -> PostInfo | None:
    """Refund the contributors of a crowdloan of the signer, up to 50 of them, but not the signer.

    To be repeated until event AllRefunded. Fails with InvalidCrowdloanId, AlreadyFinalized and InvalidOrigin.
    """
    crowdloan = own_crowdloan(ctx, crowdloan_id)
    owed = [entry for entry in Contributions.under(ctx, crowdloan_id) if entry[0] != crowdloan.creator]
    refunded = owed[: declared.RefundContributorsLimit.get(ctx)]
    raised = crowdloan.raised
    for contributor, amount in refunded:
        _transfer(ctx, crowdloan.funds_account, contributor, amount)
        raised = saturating_sub(raised, amount)
    ensure(crowdloan.contributors_count >= len(refunded), Error.Underflow)
    count = crowdloan.contributors_count - len(refunded)
    Crowdloans.put(ctx, crowdloan_id, replace(crowdloan, raised=raised, contributors_count=count))
    for contributor, _ in refunded:
        Contributions.remove(ctx, crowdloan_id, contributor)
    if len(refunded) < len(owed):
        ctx.deposit(declared.PartiallyRefunded(crowdloan_id))
        return None
    ctx.deposit(declared.AllRefunded(crowdloan_id))
    return PostInfo(_refund_weight(len(refunded)))


@pallet.call(5, weight=weight_of(66_939_000, 6148, reads=4, writes=5))
def dissolve(ctx: Context, crowdloan_id: AsCompact[CrowdloanId]) -> None:
    """Remove a crowdloan of the signer in which only the signer's contribution is left, and return that.

    Fails with InvalidCrowdloanId, AlreadyFinalized, InvalidOrigin, NoContribution and NotReadyToDissolve.
    """
    crowdloan = own_crowdloan(ctx, crowdloan_id)
    contribution = Contributions.get(ctx, crowdloan_id, crowdloan.creator)
    if contribution is None:
        raise DispatchFailed(Error.NoContribution)
    ensure(contribution == crowdloan.raised, Error.NotReadyToDissolve)
    _transfer(ctx, crowdloan.funds_account, crowdloan.creator, contribution)
    Contributions.remove(ctx, crowdloan_id, crowdloan.creator)
    if crowdloan.call is not None:
        drop(ctx, crowdloan.call)
    system.try_dec_providers(ctx, crowdloan.funds_account)
    Crowdloans.remove(ctx, crowdloan_id)
    MaxContributions.remove(ctx, crowdloan_id)
    ctx.deposit(declared.Dissolved(crowdloan_id))
