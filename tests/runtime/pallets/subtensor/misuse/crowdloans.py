"""Misuse of Crowdloan."""

from __future__ import annotations

from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.pallets.crowdloan import declared
from pysubtensor.runtime.pallets.crowdloan.calls import contribute, create, dissolve, finalize, refund, withdraw
from pysubtensor.runtime.pallets.crowdloan.changes import (
    set_max_contribution,
    update_cap,
    update_end,
    update_min_contribution,
)
from pysubtensor.runtime.pallets.crowdloan.declared import Error

from tests.world import ALICE, CHARLIE, FUNDS, TAO, account

from .table import STRANGER, Attempt, Kind, Table, World

table = Table()

TARGET = account(60)
DEPOSIT, CAP, DURATION = 10 * TAO, 100 * TAO, 60_000
CHANGES: dict[str, Call] = {
    "update_min_contribution": update_min_contribution.call(0, TAO),
    "update_end": update_end.call(0, DURATION),
    "update_cap": update_cap.call(0, CAP),
    "set_max_contribution": set_max_contribution.call(0, None),
}
#: Calls of the creator of a crowdloan that is not finalized.
OF_CREATOR: dict[str, Call] = {"refund": refund.call(0), "dissolve": dissolve.call(0), **CHANGES}


def open_one(world: World, *, raised: bool = False, finalized: bool = False) -> World:
    """Let Alice open crowdloan 0; raise its cap, and finalize it, if wanted."""
    world.do(ALICE, create.call(DEPOSIT, TAO, CAP, DURATION, None, TARGET))
    if raised or finalized:
        world.do(CHARLIE, contribute.call(0, CAP))
    if finalized:
        world.do(ALICE, finalize.call(0))
    return world


# --- create --------------------------------------------------------------------------------------------------------


@table.misuse("create", Kind.EARLY, Error.CannotEndInPast)
def with_an_end_that_has_come(world: World) -> Attempt:
    world.go_to(DURATION)
    return ALICE, create.call(DEPOSIT, TAO, CAP, DURATION, None, TARGET)


@table.misuse("create", Kind.EARLY, Error.BlockDurationTooShort)
def with_an_end_too_near(world: World) -> Attempt:
    return ALICE, create.call(DEPOSIT, TAO, CAP, 50_400, None, TARGET)


@table.misuse("create", Kind.EARLY, Error.BlockDurationTooLong)
def with_an_end_too_far(world: World) -> Attempt:
    return ALICE, create.call(DEPOSIT, TAO, CAP, 432_002, None, TARGET)


@table.misuse("create", Kind.MUCH, Error.DepositTooLow)
def with_too_small_a_deposit(world: World) -> Attempt:
    return ALICE, create.call(DEPOSIT - 1, TAO, CAP, DURATION, None, TARGET)


@table.misuse("create", Kind.MUCH, Error.CapTooLow)
def with_a_cap_that_the_deposit_raises(world: World) -> Attempt:
    return ALICE, create.call(DEPOSIT, TAO, DEPOSIT, DURATION, None, TARGET)


@table.misuse("create", Kind.MUCH, Error.InsufficientBalance)
def with_more_than_the_balance(world: World) -> Attempt:
    return ALICE, create.call(FUNDS + 1, TAO, 2 * FUNDS, DURATION, None, TARGET)


@table.misuse("create", Kind.LENGTHS, Error.InvalidFinalizationConfig)
def without_an_end(world: World) -> Attempt:
    return ALICE, create.call(DEPOSIT, TAO, CAP, DURATION, None, None)


# --- contributions -------------------------------------------------------------------------------------------------


@table.misuse("contribute", Kind.EARLY, Error.ContributionPeriodEnded)
def after_the_end(world: World) -> Attempt:
    open_one(world).go_to(DURATION)
    return CHARLIE, contribute.call(0, TAO)


@table.misuse("contribute", Kind.EARLY, Error.CapRaised)
def after_the_cap_is_raised(world: World) -> Attempt:
    open_one(world, raised=True)
    return STRANGER, contribute.call(0, TAO)


@table.misuse("contribute", Kind.MUCH, Error.ContributionTooLow)
def less_than_the_minimum(world: World) -> Attempt:
    open_one(world)
    return CHARLIE, contribute.call(0, TAO - 1)


@table.misuse("contribute", Kind.MUCH, Error.MaxContributionReached)
def more_than_the_maximum(world: World) -> Attempt:
    open_one(world).do(ALICE, set_max_contribution.call(0, DEPOSIT))
    world.do(CHARLIE, contribute.call(0, DEPOSIT))
    return CHARLIE, contribute.call(0, TAO)


@table.misuse("contribute", Kind.LENGTHS, Error.MaxContributorsReached)
def as_one_too_many(world: World) -> Attempt:
    world.set_constant(declared.MaxContributors, 1)
    open_one(world)
    return CHARLIE, contribute.call(0, TAO)


@table.misuse("withdraw", Kind.EARLY, Error.AlreadyFinalized)
def after_the_finalization(world: World) -> Attempt:
    open_one(world, finalized=True)
    return CHARLIE, withdraw.call(0)


@table.misuse("withdraw", Kind.MUCH, Error.DepositCannotBeWithdrawn)
def the_deposit(world: World) -> Attempt:
    open_one(world)
    return ALICE, withdraw.call(0)


@table.misuse("withdraw", Kind.MUCH, Error.NoContribution)
def what_was_not_given(world: World) -> Attempt:
    open_one(world)
    return STRANGER, withdraw.call(0)


@table.misuse("withdraw", Kind.TWICE, Error.NoContribution)
def twice(world: World) -> Attempt:
    open_one(world, raised=True).do(CHARLIE, withdraw.call(0))
    return CHARLIE, withdraw.call(0)


# --- the end -------------------------------------------------------------------------------------------------------


@table.misuse("finalize", Kind.EARLY, Error.CapNotRaised)
def before_the_cap_is_raised(world: World) -> Attempt:
    open_one(world)
    return ALICE, finalize.call(0)


@table.misuse("finalize", Kind.MUCH, Error.InvalidOrigin)
def the_crowdloan_of_another(world: World) -> Attempt:
    open_one(world, raised=True)
    return CHARLIE, finalize.call(0)


@table.misuse("finalize", Kind.TWICE, Error.AlreadyFinalized)
def finalized_twice(world: World) -> Attempt:
    open_one(world, finalized=True)
    return ALICE, finalize.call(0)


@table.misuse_of_each(OF_CREATOR, Kind.EARLY, Error.AlreadyFinalized)
def too_late(world: World, call: str) -> Attempt:
    open_one(world, finalized=True)
    return ALICE, OF_CREATOR[call]


@table.misuse_of_each(("refund",), Kind.MUCH, Error.InvalidOrigin)
def for_another(world: World, call: str) -> Attempt:
    open_one(world)
    return CHARLIE, OF_CREATOR[call]


@table.misuse("dissolve", Kind.MUCH, Error.NotReadyToDissolve)
def before_all_are_refunded(world: World) -> Attempt:
    open_one(world, raised=True)
    return ALICE, dissolve.call(0)


@table.misuse("dissolve", Kind.TWICE, Error.InvalidCrowdloanId)
def dissolved_twice(world: World) -> Attempt:
    open_one(world).do(ALICE, dissolve.call(0))
    return ALICE, dissolve.call(0)


# --- terms ---------------------------------------------------------------------------------------------------------


@table.misuse("update_min_contribution", Kind.MUCH, Error.MinimumContributionTooLow)
def a_minimum_below_that_of_the_chain(world: World) -> Attempt:
    open_one(world)
    return ALICE, update_min_contribution.call(0, TAO // 10 - 1)


@table.misuse("update_min_contribution", Kind.MUCH, Error.MinimumContributionTooHigh)
def a_minimum_above_the_maximum(world: World) -> Attempt:
    open_one(world).do(ALICE, set_max_contribution.call(0, DEPOSIT))
    return ALICE, update_min_contribution.call(0, DEPOSIT + 1)


@table.misuse("update_end", Kind.MUCH, Error.BlockDurationTooLong)
def an_end_too_far(world: World) -> Attempt:
    open_one(world)
    return ALICE, update_end.call(0, 432_002)


@table.misuse("update_end", Kind.EARLY, Error.CannotEndInPast)
def an_end_in_the_past(world: World) -> Attempt:
    open_one(world)
    return ALICE, update_end.call(0, world.ctx.block.number)


@table.misuse("update_cap", Kind.MUCH, Error.CapTooLow)
def a_cap_below_what_was_raised(world: World) -> Attempt:
    open_one(world)
    return ALICE, update_cap.call(0, DEPOSIT - 1)


@table.misuse("set_max_contribution", Kind.MUCH, Error.MaximumContributionTooLow)
def a_maximum_below_the_deposit(world: World) -> Attempt:
    open_one(world)
    return ALICE, set_max_contribution.call(0, DEPOSIT - 1)


ALL = ("create", "contribute", "withdraw", "finalize", *OF_CREATOR)
table.never(Kind.FAST, "no call of crowdloans has a rate limit", *ALL)
table.never(Kind.LENGTHS, "they take no list", "withdraw", "finalize", *OF_CREATOR)
table.never(Kind.TWICE, "an account may open several crowdloans", "create")
table.never(Kind.TWICE, "contributions add up", "contribute")
table.never(Kind.TWICE, "without contributors there is nothing to refund", "refund")
table.never(Kind.TWICE, "the same terms may be set again", *CHANGES)
