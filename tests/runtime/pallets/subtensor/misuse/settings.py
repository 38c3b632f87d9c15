"""Misuse of SubtensorModule: tempo, voting power and other settings of a subnet."""

from __future__ import annotations

from collections.abc import Callable

from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.origin import ROOT_ORIGIN as BY_ROOT
from pysubtensor.runtime.frame.origin import Origin
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error
from pysubtensor.runtime.pallets.subtensor.staking.voting_power import (
    disable_voting_power_tracking,
    enable_voting_power_tracking,
    sudo_set_voting_power_ema_alpha,
    update_voting_power_for_subnet,
)
from pysubtensor.runtime.pallets.subtensor.storage.hyperparameters import AdminFreezeWindow, CommitRevealWeightsEnabled
from pysubtensor.runtime.pallets.subtensor.storage.tempo import LastEpochBlock, PendingEpochAt
from pysubtensor.runtime.pallets.subtensor.subnets.tempo import set_activity_cutoff_factor, set_tempo, trigger_epoch

from .table import NETUID, OWNER, Attempt, Kind, Table, World

table = Table()

TEMPO, WINDOW = 400, 10
#: Blocks between two changes of the tempo; two tempos for other settings.
TEMPO_RATE_LIMIT, RATE_LIMIT = 360, 2 * TEMPO
#: Fourteen days.
GRACE = 100_800
LEAST_TEMPO, GREATEST_TEMPO = 360, 50_400
LEAST_FACTOR, GREATEST_FACTOR = 1_000, 50_000
ONE = 10**18

#: Valid changes by an owner, and its trigger of an epoch.
SETTINGS = {
    "set_tempo": set_tempo.call(NETUID, TEMPO),
    "set_activity_cutoff_factor": set_activity_cutoff_factor.call(NETUID, 2_000),
}
TRIGGER = trigger_epoch.call(NETUID)


def subnet(world: World) -> None:
    """Create a subnet whose last epoch was in this block, without commit-reveal."""
    world.subnet(tempo=TEMPO)
    LastEpochBlock.put(world.ctx, NETUID, world.ctx.block.number)
    AdminFreezeWindow.put(world.ctx, WINDOW)
    CommitRevealWeightsEnabled.put(world.ctx, NETUID, False)


def pass_blocks(world: World, blocks: int) -> None:
    """Advance by a number of blocks, the last of which has an epoch."""
    world.go_to(world.ctx.block.number + blocks)
    LastEpochBlock.put(world.ctx, NETUID, world.ctx.block.number)
    PendingEpochAt.put(world.ctx, NETUID, 0)


# --- tempo and activity cutoff -------------------------------------------------------------------------------------


@table.misuse_of_each(SETTINGS, Kind.EARLY, Error.AdminActionProhibitedDuringWeightsWindow)
def shortly_before_an_epoch(world: World, call: str) -> Attempt:
    subnet(world)
    world.go_to(world.ctx.block.number + TEMPO - WINDOW + 1)
    return OWNER, SETTINGS[call]


@table.misuse_of_each(SETTINGS, Kind.EARLY, Error.AdminActionProhibitedDuringWeightsWindow)
def while_an_epoch_that_was_asked_for_is_ahead(world: World, call: str) -> Attempt:
    subnet(world)
    world.do(OWNER, TRIGGER)
    return OWNER, SETTINGS[call]


def again_within(blocks: int) -> Callable[[World, str], Attempt]:
    """Return a call of the owner, one block before its rate limit of `blocks` has passed."""

    def again_within_the_limit(world: World, call: str) -> Attempt:
        subnet(world)
        made = SETTINGS.get(call, TRIGGER)
        world.do(OWNER, made)
        pass_blocks(world, blocks - 1)
        return OWNER, made

    return again_within_the_limit


table.misuse_of_each(("set_tempo",), Kind.FAST, Error.TxRateLimitExceeded)(again_within(TEMPO_RATE_LIMIT))
table.misuse_of_each(("set_activity_cutoff_factor", "trigger_epoch"), Kind.FAST, Error.TxRateLimitExceeded)(
    again_within(RATE_LIMIT)
)


def misuse_of_values(who: bytes | Origin, error: Error, wrong: dict[str, Call]) -> None:
    """Add misuses: calls with values outside of their bounds."""
    for name, call in wrong.items():

        def attempt(world: World, call: Call = call) -> Attempt:
            subnet(world)
            return who, call

        attempt.__name__ = name
        table.misuse(call.name, Kind.MUCH, error)(attempt)


misuse_of_values(
    OWNER,
    Error.TempoOutOfBounds,
    {
        "less_than_the_least_tempo": set_tempo.call(NETUID, LEAST_TEMPO - 1),
        "more_than_the_greatest_tempo": set_tempo.call(NETUID, GREATEST_TEMPO + 1),
        "no_tempo_at_all": set_tempo.call(NETUID, 0),
    },
)
TOO_SMALL, TOO_GREAT = (set_activity_cutoff_factor.call(NETUID, f) for f in (LEAST_FACTOR - 1, GREATEST_FACTOR + 1))
misuse_of_values(
    OWNER,
    Error.ActivityCutoffFactorMilliOutOfBounds,
    {"less_than_the_least_factor": TOO_SMALL, "more_than_the_greatest_factor": TOO_GREAT},
)
misuse_of_values(
    BY_ROOT,
    Error.ActivityCutoffFactorMilliOutOfBounds,
    {"less_than_the_least_factor_by_root": TOO_SMALL, "more_than_the_greatest_factor_by_root": TOO_GREAT},
)
table.never(Kind.LENGTHS, "it takes no list", *SETTINGS)
table.never(Kind.TWICE, "the same value may be set again", *SETTINGS)


# --- asking for an epoch -------------------------------------------------------------------------------------------


@table.misuse("trigger_epoch", Kind.EARLY, Error.AutoEpochAlreadyImminent)
def when_an_epoch_comes_soon_anyway(world: World) -> Attempt:
    subnet(world)
    world.go_to(world.ctx.block.number + TEMPO - WINDOW + 1)
    return OWNER, TRIGGER


@table.misuse("trigger_epoch", Kind.EARLY, Error.DynamicTempoBlockedByCommitReveal)
def where_reveals_go_by_epochs(world: World) -> Attempt:
    subnet(world)
    CommitRevealWeightsEnabled.put(world.ctx, NETUID, True)
    return OWNER, TRIGGER


@table.misuse("trigger_epoch", Kind.TWICE, Error.EpochTriggerAlreadyPending)
def while_one_is_asked_for(world: World) -> Attempt:
    subnet(world)
    world.do(OWNER, TRIGGER)
    return OWNER, TRIGGER


table.never(Kind.MUCH, "it takes no value", "trigger_epoch")
table.never(Kind.LENGTHS, "it takes no list", "trigger_epoch")


# --- voting power --------------------------------------------------------------------------------------------------


@table.misuse("disable_voting_power_tracking", Kind.EARLY, Error.VotingPowerTrackingNotEnabled)
def before_it_was_switched_on(world: World) -> Attempt:
    subnet(world)
    return OWNER, disable_voting_power_tracking.call(NETUID)


@table.misuse("disable_voting_power_tracking", Kind.EARLY, Error.VotingPowerTrackingNotEnabled)
def after_its_end(world: World) -> Attempt:
    subnet(world)
    world.do(OWNER, enable_voting_power_tracking.call(NETUID))
    world.do(OWNER, disable_voting_power_tracking.call(NETUID))
    pass_blocks(world, GRACE)
    update_voting_power_for_subnet(world.ctx, NETUID, [], [], [])
    return OWNER, disable_voting_power_tracking.call(NETUID)


misuse_of_values(
    BY_ROOT,
    Error.InvalidVotingPowerEmaAlpha,
    {"more_than_one": sudo_set_voting_power_ema_alpha.call(NETUID, ONE + 1)},
)
TRACKING = ("enable_voting_power_tracking", "disable_voting_power_tracking")
table.never(Kind.EARLY, "tracking begins at any time", "enable_voting_power_tracking")
table.never(Kind.FAST, "tracking is switched as often as one pays for it", *TRACKING)
table.never(Kind.MUCH, "it takes no value", *TRACKING)
table.never(Kind.LENGTHS, "it takes no list", *TRACKING)
table.never(Kind.TWICE, "it stays on, and a planned end is called off", "enable_voting_power_tracking")
table.never(Kind.TWICE, "its end is put off: the fourteen days begin anew", "disable_voting_power_tracking")
table.open_to_root("sudo_set_voting_power_ema_alpha", but=(Kind.MUCH,))
