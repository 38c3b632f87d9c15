"""Voting power: its tracking, its average, and its removal. Numbers are those of the real pallet's tests
(`voting_power.rs`)."""

from __future__ import annotations

import pytest
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import BadOrigin
from pysubtensor.runtime.frame.origin import ROOT_ORIGIN
from pysubtensor.runtime.pallets.subtensor.coinbase.epoch import epoch_with_mechanisms
from pysubtensor.runtime.pallets.subtensor.declared import events as declared_events
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error
from pysubtensor.runtime.pallets.subtensor.staking import voting_power as subject
from pysubtensor.runtime.pallets.subtensor.storage.hyperparameters import MaxAllowedValidators
from pysubtensor.runtime.pallets.subtensor.storage.neurons import IsNetworkMember
from pysubtensor.runtime.pallets.subtensor.storage.voting import (
    VotingPower,
    VotingPowerDisableAtBlock,
    VotingPowerEmaAlpha,
    VotingPowerTrackingEnabled,
)
from pysubtensor.runtime.pallets.subtensor.storage.weights import StakeThreshold

from tests.world import AddNetwork, AddNeuron, Dispatch, Events, GoTo, RefusedCall, account

NETUID, ONE, STAKE = 1, 10**18, 1_000_000_000_000
OWNER, STRANGER, VALIDATOR, MINER = (account(number) for number in range(1, 5))


@pytest.fixture(autouse=True)
def subnet(ctx: Context, add_network: AddNetwork, add_neuron: AddNeuron) -> None:
    """A subnet with a validator of 1,000 alpha and a miner."""
    add_network(NETUID, 65_534, OWNER)
    add_neuron(NETUID, VALIDATOR, OWNER, STAKE)
    add_neuron(NETUID, MINER, OWNER)


def step(ctx: Context, *, permitted: bool = True, stake: int = STAKE) -> int:
    """Update the validator's voting power as an epoch does; return it."""
    subject.update_voting_power_for_subnet(ctx, NETUID, [VALIDATOR, MINER], [permitted, False], [stake, stake])
    return VotingPower.get(ctx, NETUID, VALIDATOR)


# Calls


def test_owner_and_root_switch_the_tracking_on(ctx: Context, dispatch: Dispatch, refused: RefusedCall) -> None:
    call = subject.enable_voting_power_tracking.call(NETUID)
    refused(STRANGER, call, BadOrigin())
    for caller in (OWNER, ROOT_ORIGIN):
        VotingPowerTrackingEnabled.put(ctx, NETUID, False)
        dispatch(caller, call)
        assert VotingPowerTrackingEnabled.get(ctx, NETUID)


def test_the_tracking_ends_after_fourteen_days(
    ctx: Context, dispatch: Dispatch, refused: RefusedCall, events: Events
) -> None:
    call = subject.disable_voting_power_tracking.call(NETUID)
    refused(OWNER, call, Error.VotingPowerTrackingNotEnabled)
    dispatch(OWNER, subject.enable_voting_power_tracking.call(NETUID))
    refused(STRANGER, call, BadOrigin())
    events()
    dispatch(OWNER, call)
    assert events() == [declared_events.VotingPowerTrackingDisableScheduled(NETUID, 1 + 100_800)]
    assert VotingPowerTrackingEnabled.get(ctx, NETUID)


def test_enabling_the_tracking_again_cancels_its_end(ctx: Context, dispatch: Dispatch, events: Events) -> None:
    dispatch(OWNER, subject.enable_voting_power_tracking.call(NETUID))
    dispatch(OWNER, subject.disable_voting_power_tracking.call(NETUID))
    events()
    dispatch(OWNER, subject.enable_voting_power_tracking.call(NETUID))
    assert events() == [declared_events.VotingPowerTrackingEnabled(NETUID)]
    assert VotingPowerDisableAtBlock.get(ctx, NETUID) == 0


def test_root_sets_the_weight_of_the_newest_stake(
    ctx: Context, dispatch: Dispatch, refused: RefusedCall, events: Events
) -> None:
    refused(OWNER, subject.sudo_set_voting_power_ema_alpha.call(NETUID, 1), BadOrigin())
    too_much = subject.sudo_set_voting_power_ema_alpha.call(NETUID, ONE + 1)
    refused(ROOT_ORIGIN, too_much, Error.InvalidVotingPowerEmaAlpha)
    dispatch(ROOT_ORIGIN, subject.sudo_set_voting_power_ema_alpha.call(NETUID, ONE))
    assert VotingPowerEmaAlpha.get(ctx, NETUID) == ONE
    assert events()[-1] == declared_events.VotingPowerEmaAlphaSet(NETUID, ONE)


# Epochs


def test_without_tracking_there_is_no_voting_power(ctx: Context) -> None:
    assert step(ctx) == 0


def test_voting_power_follows_stake_by_a_small_part_each_epoch(ctx: Context) -> None:
    VotingPowerTrackingEnabled.put(ctx, NETUID, True)
    assert step(ctx) == 3_570_000_000  # 0.357 % of 1,000 alpha
    assert step(ctx) == 3_570_000_000 + 3_557_255_100


def test_only_validators_have_voting_power(ctx: Context) -> None:
    VotingPowerTrackingEnabled.put(ctx, NETUID, True)
    assert step(ctx) > 0
    assert not VotingPower.contains(ctx, NETUID, MINER)
    step(ctx, permitted=False)
    assert not VotingPower.contains(ctx, NETUID, VALIDATOR)


def test_deregistered_hotkeys_lose_voting_power(ctx: Context) -> None:
    VotingPowerTrackingEnabled.put(ctx, NETUID, True)
    step(ctx)
    IsNetworkMember.remove(ctx, VALIDATOR, NETUID)
    step(ctx)
    assert not VotingPower.contains(ctx, NETUID, VALIDATOR)


def test_voting_power_that_falls_below_the_threshold_is_removed(ctx: Context) -> None:
    VotingPowerTrackingEnabled.put(ctx, NETUID, True)
    VotingPowerEmaAlpha.put(ctx, NETUID, ONE)
    StakeThreshold.put(ctx, 10**9)
    VotingPower.put(ctx, NETUID, VALIDATOR, 10**9)
    assert step(ctx, stake=10**9) == 10**9
    step(ctx, stake=10**9 - 1)
    assert not VotingPower.contains(ctx, NETUID, VALIDATOR)


def test_voting_power_below_the_threshold_from_the_start_may_grow(ctx: Context) -> None:
    VotingPowerTrackingEnabled.put(ctx, NETUID, True)
    StakeThreshold.put(ctx, 10**9)
    VotingPower.put(ctx, NETUID, VALIDATOR, 10**9 - 1)
    assert 0 < step(ctx, stake=0) < 10**9 - 1


def test_the_tracking_continues_until_its_end_and_is_then_removed(
    ctx: Context, dispatch: Dispatch, events: Events, go_to: GoTo
) -> None:
    dispatch(OWNER, subject.enable_voting_power_tracking.call(NETUID))
    dispatch(OWNER, subject.disable_voting_power_tracking.call(NETUID))
    go_to(100_800)
    assert step(ctx) > 0
    events()
    go_to(100_801)
    assert step(ctx) == 0
    assert events() == [declared_events.VotingPowerTrackingDisabled(NETUID)]
    assert not VotingPowerTrackingEnabled.get(ctx, NETUID)
    assert VotingPowerDisableAtBlock.get(ctx, NETUID) == 0


def test_an_epoch_updates_voting_power(ctx: Context) -> None:
    VotingPowerTrackingEnabled.put(ctx, NETUID, True)
    MaxAllowedValidators.put(ctx, NETUID, 2)
    epoch_with_mechanisms(ctx, NETUID, 0)
    assert VotingPower.get(ctx, NETUID, VALIDATOR) == 3_570_000_000
