"""The schedule of epochs: tempo, triggers, deferral, activity cutoff. Numbers are those of the real pallet's tests
(`tempo_control.rs`, `emission.rs`, `coinbase.rs`)."""

from __future__ import annotations

import pytest
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import BadOrigin
from pysubtensor.runtime.frame.origin import ROOT_ORIGIN
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error
from pysubtensor.runtime.pallets.subtensor.declared.events import ActivityCutoffFactorMilliSet, EpochTriggered, TempoSet
from pysubtensor.runtime.pallets.subtensor.storage.hyperparameters import (
    ActivityCutoffFactorMilli,
    AdminFreezeWindow,
    CommitRevealWeightsEnabled,
)
from pysubtensor.runtime.pallets.subtensor.storage.neurons import Keys
from pysubtensor.runtime.pallets.subtensor.storage.tempo import (
    BlocksSinceLastStep,
    LastEpochBlock,
    MaxEpochsPerBlock,
    PendingEpochAt,
    Tempo,
)
from pysubtensor.runtime.pallets.subtensor.subnets import epoch_schedule, tempo

from tests.world import U64_MAX, AddNetwork, Dispatch, Events, GoTo, RefusedCall, account

NETUID = 1
U16_MAX = (1 << 16) - 1
OWNER, STRANGER = account(1), account(2)


@pytest.fixture
def subnet(ctx: Context, add_network: AddNetwork) -> int:
    """A subnet with the default tempo, without a freeze window."""
    AdminFreezeWindow.put(ctx, 0)
    return add_network(NETUID, 360, OWNER)


# set_tempo


def test_the_owner_sets_the_tempo_and_the_next_epoch_is_one_tempo_from_now(
    ctx: Context, subnet: int, dispatch: Dispatch, events: Events, go_to: GoTo
) -> None:
    go_to(10)
    assert CommitRevealWeightsEnabled.get(ctx, subnet)  # no hindrance
    events()
    dispatch(OWNER, tempo.set_tempo.call(subnet, 720))
    assert (Tempo.get(ctx, subnet), LastEpochBlock.get(ctx, subnet)) == (720, 10)
    assert events() == [TempoSet(subnet, 720)]
    assert epoch_schedule.get_next_epoch_start_block(ctx, subnet) == 730


def test_only_the_owner_sets_the_tempo(subnet: int, refused: RefusedCall) -> None:
    for caller in (STRANGER, ROOT_ORIGIN):
        refused(caller, tempo.set_tempo.call(subnet, 720), BadOrigin())


def test_a_tempo_is_from_360_to_50400(subnet: int, dispatch: Dispatch, refused: RefusedCall, go_to: GoTo) -> None:
    for wrong in (0, 359, 50_401):
        refused(OWNER, tempo.set_tempo.call(subnet, wrong), Error.TempoOutOfBounds)
    dispatch(OWNER, tempo.set_tempo.call(subnet, 360))
    go_to(361)
    dispatch(OWNER, tempo.set_tempo.call(subnet, 50_400))


def test_the_tempo_is_set_once_in_360_blocks(
    ctx: Context, subnet: int, dispatch: Dispatch, refused: RefusedCall, go_to: GoTo
) -> None:
    dispatch(OWNER, tempo.set_tempo.call(subnet, 720))
    go_to(360)
    refused(OWNER, tempo.set_tempo.call(subnet, 800), Error.TxRateLimitExceeded)
    go_to(361)
    dispatch(OWNER, tempo.set_tempo.call(subnet, 800))
    assert Tempo.get(ctx, subnet) == 800


def test_the_tempo_cannot_be_set_shortly_before_an_epoch(ctx: Context, subnet: int, refused: RefusedCall) -> None:
    AdminFreezeWindow.put(ctx, 360)
    LastEpochBlock.put(ctx, subnet, 0)
    refused(OWNER, tempo.set_tempo.call(subnet, 720), Error.AdminActionProhibitedDuringWeightsWindow)


# trigger_epoch


def test_a_triggered_epoch_runs_after_the_freeze_window(
    ctx: Context, subnet: int, dispatch: Dispatch, events: Events
) -> None:
    CommitRevealWeightsEnabled.put(ctx, subnet, False)
    AdminFreezeWindow.put(ctx, 5)
    events()
    dispatch(OWNER, tempo.trigger_epoch.call(subnet))
    assert PendingEpochAt.get(ctx, subnet) == 6
    assert events() == [EpochTriggered(subnet, OWNER, 6)]


def test_epochs_cannot_be_triggered_with_commit_reveal(ctx: Context, subnet: int, refused: RefusedCall) -> None:
    refused(OWNER, tempo.trigger_epoch.call(subnet), Error.DynamicTempoBlockedByCommitReveal)


def test_epochs_cannot_be_triggered_while_one_is_pending(
    ctx: Context, subnet: int, dispatch: Dispatch, refused: RefusedCall
) -> None:
    CommitRevealWeightsEnabled.put(ctx, subnet, False)
    dispatch(OWNER, tempo.trigger_epoch.call(subnet))
    refused(OWNER, tempo.trigger_epoch.call(subnet), Error.EpochTriggerAlreadyPending)


def test_epochs_cannot_be_triggered_when_the_next_one_is_imminent(
    ctx: Context, subnet: int, refused: RefusedCall, go_to: GoTo
) -> None:
    CommitRevealWeightsEnabled.put(ctx, subnet, False)
    Tempo.put(ctx, subnet, 10)
    LastEpochBlock.put(ctx, subnet, 1)
    AdminFreezeWindow.put(ctx, 8)
    go_to(5)  # 1 + 10 - 5 = 6 blocks are left
    refused(OWNER, tempo.trigger_epoch.call(subnet), Error.AutoEpochAlreadyImminent)


def test_an_epoch_can_be_triggered_once_in_two_tempos(
    ctx: Context, subnet: int, dispatch: Dispatch, refused: RefusedCall, go_to: GoTo
) -> None:
    CommitRevealWeightsEnabled.put(ctx, subnet, False)
    dispatch(OWNER, tempo.trigger_epoch.call(subnet))
    PendingEpochAt.put(ctx, subnet, 0)
    go_to(720)
    refused(OWNER, tempo.trigger_epoch.call(subnet), Error.TxRateLimitExceeded)
    go_to(721)
    dispatch(OWNER, tempo.trigger_epoch.call(subnet))


def test_only_the_owner_triggers_an_epoch(ctx: Context, subnet: int, refused: RefusedCall) -> None:
    CommitRevealWeightsEnabled.put(ctx, subnet, False)
    for caller in (STRANGER, ROOT_ORIGIN):
        refused(caller, tempo.trigger_epoch.call(subnet), BadOrigin())


# set_activity_cutoff_factor


def test_root_sets_the_activity_cutoff_in_the_freeze_window_too(
    ctx: Context, subnet: int, dispatch: Dispatch, refused: RefusedCall, events: Events, go_to: GoTo
) -> None:
    Tempo.put(ctx, subnet, 10)
    LastEpochBlock.put(ctx, subnet, 1)
    AdminFreezeWindow.put(ctx, 8)
    go_to(5)
    call = tempo.set_activity_cutoff_factor.call(subnet, 5_000)
    refused(OWNER, call, Error.AdminActionProhibitedDuringWeightsWindow)
    refused(STRANGER, call, BadOrigin())
    events()
    dispatch(ROOT_ORIGIN, call)
    assert ActivityCutoffFactorMilli.get(ctx, subnet) == 5_000
    assert events() == [ActivityCutoffFactorMilliSet(subnet, 5_000)]


def test_the_owner_sets_the_activity_cutoff_once_in_two_tempos(
    subnet: int, dispatch: Dispatch, refused: RefusedCall, go_to: GoTo
) -> None:
    dispatch(OWNER, tempo.set_activity_cutoff_factor.call(subnet, 2_000))
    go_to(720)
    refused(OWNER, tempo.set_activity_cutoff_factor.call(subnet, 3_000), Error.TxRateLimitExceeded)
    dispatch(ROOT_ORIGIN, tempo.set_activity_cutoff_factor.call(subnet, 3_000))
    go_to(721)
    dispatch(OWNER, tempo.set_activity_cutoff_factor.call(subnet, 4_000))


def test_the_activity_cutoff_is_one_to_fifty_tempos(subnet: int, refused: RefusedCall) -> None:
    for wrong in (999, 50_001):
        call = tempo.set_activity_cutoff_factor.call(subnet, wrong)
        refused(ROOT_ORIGIN, call, Error.ActivityCutoffFactorMilliOutOfBounds)


def test_the_activity_cutoff_follows_the_tempo_and_is_at_least_one_block(ctx: Context, subnet: int) -> None:
    assert tempo.get_activity_cutoff_blocks(ctx, subnet) == 5_000  # 13.889 tempos of 360 blocks
    Tempo.put(ctx, subnet, 0)
    assert tempo.get_activity_cutoff_blocks(ctx, subnet) == 1


# When the next epoch is due


def test_the_next_epoch_is_the_earlier_of_automatic_and_triggered(ctx: Context, subnet: int) -> None:
    LastEpochBlock.put(ctx, subnet, 100)
    Tempo.put(ctx, subnet, 50)
    for asked, expected in ((0, 150), (120, 120), (200, 150)):
        PendingEpochAt.put(ctx, subnet, asked)
        assert epoch_schedule.get_next_epoch_start_block(ctx, subnet) == expected


def test_without_a_tempo_there_is_no_next_epoch(ctx: Context, subnet: int) -> None:
    Tempo.put(ctx, subnet, 0)
    PendingEpochAt.put(ctx, subnet, 1)
    assert epoch_schedule.get_next_epoch_start_block(ctx, subnet) is None
    assert not tempo.should_run_epoch(ctx, subnet, 10**6)


@pytest.mark.parametrize(
    ("length", "block", "left"),
    [
        (0, 100, U64_MAX),
        (10, 5, 5),
        (20, 15, 5),
        (10, 9, 1),
        (20, 21, 0),
        (U16_MAX, 0, U16_MAX),
        (U16_MAX - 1, 100, U16_MAX - 101),
        (U16_MAX, U64_MAX, 0),
    ],
)
def test_blocks_until_the_next_epoch(ctx: Context, length: int, block: int, left: int) -> None:
    assert epoch_schedule.blocks_until_next_auto_epoch(ctx, NETUID, length, block) == left


def test_an_epoch_is_due_after_a_tempo_or_when_triggered_or_overdue(ctx: Context, subnet: int) -> None:
    LastEpochBlock.put(ctx, subnet, 100)
    assert not tempo.should_run_epoch(ctx, subnet, 459)
    assert tempo.should_run_epoch(ctx, subnet, 460)
    PendingEpochAt.put(ctx, subnet, 200)
    assert not tempo.should_run_epoch(ctx, subnet, 199)
    assert tempo.should_run_epoch(ctx, subnet, 200)
    PendingEpochAt.put(ctx, subnet, 0)
    BlocksSinceLastStep.put(ctx, subnet, 50_400)
    assert not tempo.should_run_epoch(ctx, subnet, 101)
    BlocksSinceLastStep.put(ctx, subnet, 50_401)
    assert tempo.should_run_epoch(ctx, subnet, 101)


def test_epochs_beyond_the_limit_of_a_block_are_deferred(ctx: Context, add_network: AddNetwork) -> None:
    limit = MaxEpochsPerBlock.get(ctx)
    subnets = [add_network(netuid, 100) for netuid in range(1, limit + 3)]
    for netuid in subnets:
        PendingEpochAt.put(ctx, netuid, 1)
    assert tempo.epochs_deferred_this_block(ctx, subnets, 1) == {limit + 1, limit + 2}


def test_epochs_of_inconsistent_subnets_do_not_count_for_the_limit(ctx: Context, add_network: AddNetwork) -> None:
    MaxEpochsPerBlock.put(ctx, 1)
    subnets = [add_network(netuid, 100) for netuid in (1, 2, 3)]
    for netuid in subnets:
        PendingEpochAt.put(ctx, netuid, 1)
    Keys.put(ctx, 1, 0, OWNER)
    Keys.put(ctx, 1, 1, OWNER)
    assert not tempo.is_epoch_input_state_consistent(ctx, 1)
    assert tempo.epochs_deferred_this_block(ctx, subnets, 1) == {3}
