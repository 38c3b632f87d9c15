"""Crowdloans: contributions up to a cap, the end by success or refund; rules and numbers of the chain's `tests.rs`.

The genuine tests have amounts such as 300; here they are in TAO.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from pysubtensor.runtime.crypto.accounts import pallet_sub_account
from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import BadOrigin, DispatchFailed
from pysubtensor.runtime.frame.extrinsic import Id
from pysubtensor.runtime.frame.origin import NONE, ROOT_ORIGIN
from pysubtensor.runtime.frame.weight import Weight
from pysubtensor.runtime.pallets import preimage, system
from pysubtensor.runtime.pallets.balances.accounts import account_data
from pysubtensor.runtime.pallets.balances.calls import transfer_keep_alive
from pysubtensor.runtime.pallets.bounded_calls import Inline, Lookup
from pysubtensor.runtime.pallets.crowdloan import declared
from pysubtensor.runtime.pallets.crowdloan.calls import contribute, create, dissolve, finalize, refund, withdraw
from pysubtensor.runtime.pallets.crowdloan.changes import (
    set_max_contribution,
    update_cap,
    update_end,
    update_min_contribution,
)
from pysubtensor.runtime.pallets.crowdloan.declared import (
    Contributions,
    CrowdloanInfo,
    Crowdloans,
    CurrentCrowdloanId,
    Error,
    MaxContributions,
)
from pysubtensor.runtime.pallets.sudo import sudo
from pysubtensor.runtime.pallets.system import remark

from tests.world import ALICE, BOB, CHARLIE, DAVE, EVE, FERDIE, FUNDS, TAO, Dispatch, RefusedCall, SetConstant, account

#: The account of crowdloan 0, and the receiver of some.
FUNDS_ACCOUNT, TARGET = pallet_sub_account(b"bt/cloan", bytes(4)), account(42)
DEPOSIT, LEAST, CAP, END = 50 * TAO, 10 * TAO, 300 * TAO, 50
NOTHING = remark.call(b"")


@pytest.fixture(autouse=True)
def _constants(set_constant: SetConstant) -> None:
    """The constants of the genuine tests."""
    set_constant(declared.MinimumDeposit, DEPOSIT)
    set_constant(declared.AbsoluteMinimumContribution, LEAST)
    set_constant(declared.MinimumBlockDuration, 20)
    set_constant(declared.MaximumBlockDuration, 100)
    set_constant(declared.RefundContributorsLimit, 3)
    set_constant(declared.MaxContributors, 6)


def open_one(call: Call | None = NOTHING, target: bytes | None = None, cap: int = CAP) -> Call:
    """Return the call that creates a crowdloan."""
    return create.call(DEPOSIT, LEAST, cap, END, call, target)


@pytest.fixture
def crowdloan(dispatch: Dispatch) -> int:
    """Alice's crowdloan of 300 TAO, to which she has given 50."""
    dispatch(ALICE, open_one())
    return 0


@pytest.fixture
def raised(crowdloan: int, dispatch: Dispatch) -> int:
    """The crowdloan, to which Bob has given the rest."""
    dispatch(BOB, contribute.call(crowdloan, CAP))
    return crowdloan


def info(ctx: Context) -> CrowdloanInfo:
    found = Crowdloans.get(ctx, 0)
    assert found is not None
    return found


def free(ctx: Context, who: bytes) -> int:
    return account_data(ctx, who).free


# --- create --------------------------------------------------------------------------------------------------------


def test_the_deposit_is_the_first_contribution(ctx: Context, dispatch: Dispatch) -> None:
    dispatch(ALICE, open_one())
    assert info(ctx) == CrowdloanInfo(
        ALICE, DEPOSIT, LEAST, END, CAP, FUNDS_ACCOUNT, DEPOSIT, None, Inline(NOTHING.encode()), False, 1
    )
    assert (free(ctx, FUNDS_ACCOUNT), free(ctx, ALICE)) == (DEPOSIT, FUNDS - DEPOSIT)
    assert list(Contributions.items(ctx)) == [((0, ALICE), DEPOSIT)]
    assert ctx.block.events[-1] == declared.Created(0, ALICE, END, CAP)
    dispatch(ALICE, open_one())
    assert Crowdloans.contains(ctx, 1)


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (create.call(DEPOSIT - 1, LEAST, CAP, END, NOTHING, None), Error.DepositTooLow),
        (create.call(DEPOSIT, LEAST, DEPOSIT, END, NOTHING, None), Error.CapTooLow),
        (create.call(DEPOSIT, LEAST - 1, CAP, END, NOTHING, None), Error.MinimumContributionTooLow),
        (create.call(DEPOSIT, LEAST, CAP, END, NOTHING, TARGET), Error.InvalidFinalizationConfig),
        (create.call(DEPOSIT, LEAST, CAP, END, None, None), Error.InvalidFinalizationConfig),
        (create.call(DEPOSIT, LEAST, CAP, 1, NOTHING, None), Error.CannotEndInPast),
        (create.call(DEPOSIT, LEAST, CAP, 20, NOTHING, None), Error.BlockDurationTooShort),
        (create.call(DEPOSIT, LEAST, CAP, 102, NOTHING, None), Error.BlockDurationTooLong),
        (create.call(FUNDS + 1, LEAST, 2 * FUNDS, END, NOTHING, None), Error.InsufficientBalance),
    ],
)
def test_a_crowdloan_is_created_within_bounds(refused: RefusedCall, call: Call, error: Error) -> None:
    refused(ALICE, call, error)


@pytest.mark.parametrize("end", [21, 101])
def test_the_bounds_of_the_end_are_included(ctx: Context, dispatch: Dispatch, end: int) -> None:
    dispatch(ALICE, create.call(DEPOSIT, LEAST, CAP, end, NOTHING, None))
    assert info(ctx).end == end


def test_a_long_call_is_kept_as_a_preimage(ctx: Context, dispatch: Dispatch) -> None:
    dispatch(ALICE, open_one(remark.call(bytes(200))))
    call = info(ctx).call
    assert isinstance(call, Lookup)
    assert preimage.fetch(ctx, call.hash, call.len) == remark.call(bytes(200)).encode()


@pytest.mark.parametrize("origin", [NONE, ROOT_ORIGIN], ids=["unsigned", "root"])
@pytest.mark.parametrize(
    "call",
    [
        open_one(),
        contribute.call(0, LEAST),
        withdraw.call(0),
        finalize.call(0),
        refund.call(0),
        dissolve.call(0),
        update_min_contribution.call(0, LEAST),
        update_end.call(0, END),
        update_cap.call(0, CAP),
        set_max_contribution.call(0, None),
    ],
    ids=lambda call: call.name,
)
def test_all_calls_are_signed(crowdloan: int, refused: RefusedCall, call: Call, origin: object) -> None:
    refused(origin, call, BadOrigin())  # type: ignore[arg-type]  # an origin of the two


# --- contribute ----------------------------------------------------------------------------------------------------


def test_contributions_add_up(ctx: Context, crowdloan: int, dispatch: Dispatch) -> None:
    for who, amount, own, count in ((ALICE, 50, 100, 1), (BOB, 100, 100, 2), (CHARLIE, 50, 50, 3)):
        dispatch(who, contribute.call(crowdloan, amount * TAO))
        assert ctx.block.events[-1] == declared.Contributed(crowdloan, who, amount * TAO)
        assert Contributions.get(ctx, crowdloan, who) == own * TAO
        assert info(ctx).contributors_count == count
        assert free(ctx, who) == FUNDS - own * TAO
    assert info(ctx).raised == free(ctx, FUNDS_ACCOUNT) == 250 * TAO


def test_a_contribution_is_cut_at_the_cap(ctx: Context, crowdloan: int, dispatch: Dispatch) -> None:
    dispatch(ALICE, contribute.call(crowdloan, 50 * TAO))
    dispatch(BOB, contribute.call(crowdloan, 300 * TAO))
    assert ctx.block.events[-1] == declared.Contributed(crowdloan, BOB, 200 * TAO)
    assert info(ctx).raised == free(ctx, FUNDS_ACCOUNT) == CAP


def test_a_contribution_is_cut_at_the_maximum_of_an_account(
    ctx: Context, crowdloan: int, dispatch: Dispatch, refused: RefusedCall
) -> None:
    dispatch(ALICE, set_max_contribution.call(crowdloan, 120 * TAO))
    dispatch(BOB, contribute.call(crowdloan, 200 * TAO))
    assert Contributions.get(ctx, crowdloan, BOB) == 120 * TAO
    assert info(ctx).raised == 170 * TAO
    refused(BOB, contribute.call(crowdloan, LEAST), Error.MaxContributionReached)


def test_a_contribution_may_be_cut_below_the_minimum(ctx: Context, dispatch: Dispatch) -> None:
    """By the cap of 115 TAO, and by the maximum of 105 of an account."""
    dispatch(ALICE, open_one(cap=115 * TAO))
    dispatch(BOB, contribute.call(0, 60 * TAO))
    dispatch(CHARLIE, contribute.call(0, LEAST))
    assert ctx.block.events[-1] == declared.Contributed(0, CHARLIE, 5 * TAO)
    dispatch(ALICE, open_one())
    dispatch(ALICE, set_max_contribution.call(1, 105 * TAO))
    dispatch(BOB, contribute.call(1, 100 * TAO))
    dispatch(BOB, contribute.call(1, LEAST))
    assert ctx.block.events[-1] == declared.Contributed(1, BOB, 5 * TAO)


def test_contributions_are_refused_outside_of_their_bounds(
    ctx: Context, crowdloan: int, dispatch: Dispatch, refused: RefusedCall
) -> None:
    refused(BOB, contribute.call(9, LEAST), Error.InvalidCrowdloanId)
    refused(BOB, contribute.call(crowdloan, LEAST - 1), Error.ContributionTooLow)
    refused(account(77), contribute.call(crowdloan, LEAST), Error.InsufficientBalance)
    ctx.block.number = END
    refused(BOB, contribute.call(crowdloan, LEAST), Error.ContributionPeriodEnded)
    ctx.block.number = END - 1
    dispatch(BOB, contribute.call(crowdloan, CAP))
    refused(CHARLIE, contribute.call(crowdloan, LEAST), Error.CapRaised)


def test_a_crowdloan_has_a_greatest_number_of_contributors(
    crowdloan: int, dispatch: Dispatch, refused: RefusedCall
) -> None:
    """Six in these tests; then not even those may add more."""
    for who in (BOB, CHARLIE, DAVE, EVE, FERDIE):
        dispatch(who, contribute.call(crowdloan, LEAST))
    refused(BOB, contribute.call(crowdloan, LEAST), Error.MaxContributorsReached)


# --- withdraw ------------------------------------------------------------------------------------------------------


def test_a_contributor_withdraws_everything(ctx: Context, crowdloan: int, dispatch: Dispatch) -> None:
    dispatch(BOB, contribute.call(crowdloan, 100 * TAO))
    dispatch(BOB, withdraw.call(crowdloan))
    assert ctx.block.events[-1] == declared.Withdrew(crowdloan, BOB, 100 * TAO)
    assert Contributions.get(ctx, crowdloan, BOB) is None
    assert (free(ctx, BOB), info(ctx).raised, info(ctx).contributors_count) == (FUNDS, DEPOSIT, 1)


def test_the_creator_withdraws_what_exceeds_the_deposit(
    ctx: Context, crowdloan: int, dispatch: Dispatch, refused: RefusedCall
) -> None:
    refused(ALICE, withdraw.call(crowdloan), Error.DepositCannotBeWithdrawn)
    dispatch(ALICE, contribute.call(crowdloan, 100 * TAO))
    dispatch(ALICE, withdraw.call(crowdloan))
    assert Contributions.get(ctx, crowdloan, ALICE) == info(ctx).raised == DEPOSIT
    assert free(ctx, ALICE) == FUNDS - DEPOSIT


def test_nothing_is_withdrawn_without_a_contribution_or_after_the_end(
    raised: int, dispatch: Dispatch, refused: RefusedCall
) -> None:
    refused(CHARLIE, withdraw.call(raised), Error.NoContribution)
    refused(CHARLIE, withdraw.call(9), Error.InvalidCrowdloanId)
    dispatch(ALICE, finalize.call(raised))
    refused(BOB, withdraw.call(raised), Error.AlreadyFinalized)


# --- finalize ------------------------------------------------------------------------------------------------------


def test_the_call_is_dispatched_as_the_creator(ctx: Context, dispatch: Dispatch) -> None:
    """Only Alice has the sudo key. The funds stay in the crowdloan's account, as the call does not take them."""
    dispatch(ALICE, open_one(sudo.call(remark.call(b""))))
    dispatch(BOB, contribute.call(0, CAP))
    dispatch(ALICE, finalize.call(0))
    assert info(ctx).finalized
    assert not CurrentCrowdloanId.exists(ctx)
    assert ctx.block.events[-1] == declared.Finalized(0)
    assert free(ctx, FUNDS_ACCOUNT) == CAP


def test_the_target_is_paid(ctx: Context, dispatch: Dispatch) -> None:
    dispatch(ALICE, open_one(None, TARGET))
    dispatch(BOB, contribute.call(0, CAP))
    dispatch(ALICE, finalize.call(0))
    assert (free(ctx, TARGET), free(ctx, FUNDS_ACCOUNT)) == (CAP, 0)
    assert info(ctx).finalized


def test_only_the_creator_finalizes_and_once(crowdloan: int, dispatch: Dispatch, refused: RefusedCall) -> None:
    refused(ALICE, finalize.call(9), Error.InvalidCrowdloanId)
    refused(ALICE, finalize.call(crowdloan), Error.CapNotRaised)
    dispatch(BOB, contribute.call(crowdloan, CAP))
    refused(BOB, finalize.call(crowdloan), Error.InvalidOrigin)
    dispatch(ALICE, finalize.call(crowdloan))
    refused(ALICE, finalize.call(crowdloan), Error.AlreadyFinalized)


@pytest.mark.parametrize(("call", "target"), [(Inline(NOTHING.encode()), TARGET), (None, None)])
def test_a_crowdloan_with_a_call_and_a_target_or_with_neither_is_not_finalized(
    ctx: Context, raised: int, refused: RefusedCall, call: Inline | None, target: bytes | None
) -> None:
    Crowdloans.put(ctx, raised, replace(info(ctx), call=call, target_address=target))
    refused(ALICE, finalize.call(raised), Error.InvalidFinalizationConfig)


def test_a_failing_call_fails_the_finalization(ctx: Context, dispatch: Dispatch) -> None:
    dispatch(ALICE, open_one(transfer_keep_alive.call(Id(TARGET), 2 * FUNDS)))
    dispatch(BOB, contribute.call(0, CAP))
    with pytest.raises(DispatchFailed) as failure:
        dispatch(ALICE, finalize.call(0))
    assert "FundsUnavailable" in str(failure.value)
    assert not info(ctx).finalized
    assert not CurrentCrowdloanId.exists(ctx)


# --- refund and dissolve -------------------------------------------------------------------------------------------


def test_contributors_are_refunded_some_at_a_time(ctx: Context, crowdloan: int, dispatch: Dispatch) -> None:
    """Three at once in these tests; the creator keeps the deposit in."""
    givers = (BOB, CHARLIE, DAVE, EVE)
    for who in givers:
        dispatch(who, contribute.call(crowdloan, 50 * TAO))
    assert info(ctx).raised == 250 * TAO
    dispatch(ALICE, refund.call(crowdloan))
    assert ctx.block.events[-1] == declared.PartiallyRefunded(crowdloan)
    assert (info(ctx).contributors_count, info(ctx).raised, free(ctx, FUNDS_ACCOUNT)) == (2, 100 * TAO, 100 * TAO)
    post = dispatch(ALICE, refund.call(crowdloan))
    assert ctx.block.events[-1] == declared.AllRefunded(crowdloan)
    assert (info(ctx).contributors_count, info(ctx).raised) == (1, DEPOSIT)
    assert [free(ctx, who) for who in givers] == [FUNDS] * 4
    assert list(Contributions.items(ctx)) == [((crowdloan, ALICE), DEPOSIT)]
    assert isinstance(post.actual_weight, Weight)


def test_a_refunded_crowdloan_is_dissolved(
    ctx: Context, crowdloan: int, dispatch: Dispatch, refused: RefusedCall
) -> None:
    dispatch(ALICE, set_max_contribution.call(crowdloan, CAP))
    dispatch(BOB, contribute.call(crowdloan, 50 * TAO))
    refused(ALICE, dissolve.call(crowdloan), Error.NotReadyToDissolve)
    dispatch(ALICE, refund.call(crowdloan))
    dispatch(ALICE, dissolve.call(crowdloan))
    assert ctx.block.events[-1] == declared.Dissolved(crowdloan)
    assert not Crowdloans.contains(ctx, crowdloan)
    assert not MaxContributions.contains(ctx, crowdloan)
    assert (free(ctx, ALICE), free(ctx, BOB)) == (FUNDS, FUNDS)
    assert not system.Account.contains(ctx, FUNDS_ACCOUNT)


def test_the_preimage_of_a_dissolved_crowdloan_is_removed(ctx: Context, dispatch: Dispatch) -> None:
    dispatch(ALICE, open_one(remark.call(bytes(200))))
    dispatch(ALICE, dissolve.call(0))
    assert not list(preimage.PreimageFor.items(ctx))


@pytest.mark.parametrize("call", [refund, dissolve], ids=["refund", "dissolve"])
def test_only_the_creator_ends_a_crowdloan_that_is_not_finalized(
    raised: int, dispatch: Dispatch, refused: RefusedCall, call: type[refund]
) -> None:
    refused(BOB, call.call(raised), Error.InvalidOrigin)
    refused(ALICE, call.call(9), Error.InvalidCrowdloanId)
    dispatch(ALICE, finalize.call(raised))
    refused(ALICE, call.call(raised), Error.AlreadyFinalized)


# --- changes -------------------------------------------------------------------------------------------------------


def test_the_creator_changes_the_terms(ctx: Context, crowdloan: int, dispatch: Dispatch) -> None:
    dispatch(ALICE, update_min_contribution.call(crowdloan, 20 * TAO))
    assert ctx.block.events[-1] == declared.MinContributionUpdated(crowdloan, 20 * TAO)
    dispatch(ALICE, update_end.call(crowdloan, 60))
    assert ctx.block.events[-1] == declared.EndUpdated(crowdloan, 60)
    dispatch(ALICE, update_cap.call(crowdloan, DEPOSIT))
    assert ctx.block.events[-1] == declared.CapUpdated(crowdloan, DEPOSIT)
    assert (info(ctx).min_contribution, info(ctx).end, info(ctx).cap) == (20 * TAO, 60, DEPOSIT)
    dispatch(ALICE, set_max_contribution.call(crowdloan, DEPOSIT))
    assert MaxContributions.get(ctx, crowdloan) == DEPOSIT
    dispatch(ALICE, set_max_contribution.call(crowdloan, None))
    assert MaxContributions.get(ctx, crowdloan) is None
    assert ctx.block.events[-1] == declared.MaxContributionUpdated(crowdloan, None)


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (update_min_contribution.call(0, LEAST - 1), Error.MinimumContributionTooLow),
        (update_min_contribution.call(0, 121 * TAO), Error.MinimumContributionTooHigh),
        (update_end.call(0, 1), Error.CannotEndInPast),
        (update_end.call(0, 20), Error.BlockDurationTooShort),
        (update_end.call(0, 102), Error.BlockDurationTooLong),
        (update_cap.call(0, DEPOSIT - 1), Error.CapTooLow),
        (set_max_contribution.call(0, DEPOSIT - 1), Error.MaximumContributionTooLow),
        (set_max_contribution.call(0, LEAST - 1), Error.MaximumContributionTooLow),
    ],
)
def test_terms_stay_within_bounds(
    crowdloan: int, dispatch: Dispatch, refused: RefusedCall, call: Call, error: Error
) -> None:
    dispatch(ALICE, set_max_contribution.call(crowdloan, 120 * TAO))
    refused(ALICE, call, error)


@pytest.mark.parametrize(
    "call",
    [
        update_min_contribution.call(0, LEAST),
        update_end.call(0, 60),
        update_cap.call(0, CAP),
        set_max_contribution.call(0, None),
    ],
    ids=lambda call: call.name,
)
def test_only_the_creator_changes_terms_before_the_end(
    ctx: Context, raised: int, dispatch: Dispatch, refused: RefusedCall, call: Call
) -> None:
    refused(BOB, call, Error.InvalidOrigin)
    missing = Call(call.function, (9, *call.args[1:]))
    refused(ALICE, missing, Error.InvalidCrowdloanId)
    dispatch(ALICE, finalize.call(raised))
    refused(ALICE, call, Error.AlreadyFinalized)
