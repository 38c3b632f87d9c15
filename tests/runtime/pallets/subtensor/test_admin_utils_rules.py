"""AdminUtils, rules of single calls. Numbers and scenarios are those of the real pallet's tests."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import BadOrigin
from pysubtensor.runtime.frame.origin import NONE, ROOT_ORIGIN, Origin
from pysubtensor.runtime.pallets import aura, evm_chain_id, grandpa
from pysubtensor.runtime.pallets.admin_utils.chain_by_root import (
    schedule_grandpa_change,
    sudo_set_evm_chain_id,
    sudo_toggle_evm_precompile,
    swap_authorities,
)
from pysubtensor.runtime.pallets.admin_utils.consensus_by_owner import (
    sudo_set_activity_cutoff,
    sudo_set_alpha_sigmoid_steepness,
    sudo_set_alpha_values,
    sudo_set_bonds_moving_average,
    sudo_set_commit_reveal_weights_interval,
    sudo_set_mechanism_count,
    sudo_set_mechanism_emission_split,
)
from pysubtensor.runtime.pallets.admin_utils.pallet import Error, PrecompileEnable, PrecompileEnum, PrecompileUpdated
from pysubtensor.runtime.pallets.admin_utils.parameters import (
    sudo_set_max_epochs_per_block,
    sudo_set_max_mechanism_count,
    sudo_set_nominator_min_required_stake,
    sudo_set_start_call_delay,
    sudo_set_tao_flow_normalization_exponent,
    sudo_set_total_issuance,
)
from pysubtensor.runtime.pallets.admin_utils.subnet_by_owner import (
    sudo_set_burn_half_life,
    sudo_set_burn_increase_mult,
    sudo_set_max_allowed_uids,
    sudo_set_max_burn,
    sudo_set_min_burn,
    sudo_set_min_childkey_take_per_subnet,
    sudo_set_owner_immune_neuron_limit,
    sudo_set_sn_owner_hotkey,
    sudo_set_subnet_owner_hotkey,
    sudo_trim_to_max_allowed_uids,
)
from pysubtensor.runtime.pallets.admin_utils.subnet_by_root import (
    sudo_set_max_allowed_validators,
    sudo_set_min_allowed_uids,
    sudo_set_network_pow_registration_allowed,
    sudo_set_subtoken_enabled,
    sudo_set_tempo,
)
from pysubtensor.runtime.pallets.subtensor.declared import events as declared_events
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error as SubtensorError
from pysubtensor.runtime.pallets.subtensor.ledger.accounts import create_account_if_non_existent
from pysubtensor.runtime.pallets.subtensor.ledger.share_pool import (
    get_stake_for_hotkey_and_coldkey_on_subnet,
    increase_stake_for_hotkey_and_coldkey_on_subnet,
)
from pysubtensor.runtime.pallets.subtensor.lifecycle.network_registration import start_call
from pysubtensor.runtime.pallets.subtensor.storage.delegation import MaxChildkeyTake, MinChildkeyTake
from pysubtensor.runtime.pallets.subtensor.storage.hyperparameters import (
    AlphaSigmoidSteepness,
    AlphaValues,
    BondsMovingAverage,
    LiquidAlphaOn,
    MaxAllowedUids,
    MinAllowedUids,
)
from pysubtensor.runtime.pallets.subtensor.storage.networks import (
    FirstEmissionBlockNumber,
    MaxMechanismCount,
    MechanismCountCurrent,
    MechanismEmissionSplit,
    NetworkRegisteredAt,
    SubnetOwnerHotkey,
    SubtokenEnabled,
)
from pysubtensor.runtime.pallets.subtensor.storage.neurons import SubnetworkN
from pysubtensor.runtime.pallets.subtensor.storage.pools import SubnetAlphaIn, SubnetTAO
from pysubtensor.runtime.pallets.subtensor.storage.registration import MaxBurn, MinBurn
from pysubtensor.runtime.pallets.subtensor.storage.tempo import LastEpochBlock, PendingEpochAt, Tempo
from pysubtensor.runtime.pallets.subtensor.subnets.hyperparameters import (
    get_effective_min_childkey_take,
    get_nominator_min_required_stake,
)
from pysubtensor.runtime.pallets.subtensor.subnets.networks import get_all_subnet_netuids
from pysubtensor.runtime.pallets.subtensor.subnets.tempo import epochs_deferred_this_block

from tests.world import ALICE, BOB, CHARLIE, ONE, AddNetwork, Dispatch, Events, GoTo, RefusedCall

OWNER, OTHER = BOB, CHARLIE
HOTKEY = b"\5" * 32
NETUID, UNKNOWN = 1, 42
WEEK = 7 * 7_200


pytestmark = pytest.mark.usefixtures("owned_subnet")


# --- sizes ---------------------------------------------------------------------------------------------------------


def test_the_maximum_of_neurons_is_within_its_bounds(ctx: Context, dispatch: Dispatch, refused: RefusedCall) -> None:
    SubnetworkN.put(ctx, NETUID, 9)
    for most, error in (
        (1, Error.MaxAllowedUidsLessThanMinAllowedUids),
        (8, Error.MaxAllowedUIdsLessThanCurrentUIds),
        (257, Error.MaxAllowedUidsGreaterThanDefaultMaxAllowedUids),
    ):
        refused(OWNER, sudo_set_max_allowed_uids.call(NETUID, most), error)
    MinAllowedUids.put(ctx, NETUID, 9)
    for most in (12, 9, 256):
        dispatch(ROOT_ORIGIN, sudo_set_max_allowed_uids.call(NETUID, most))
        assert MaxAllowedUids.get(ctx, NETUID) == most


def test_neurons_times_mechanisms_are_at_most_256(ctx: Context, dispatch: Dispatch, refused: RefusedCall) -> None:
    MechanismCountCurrent.put(ctx, NETUID, 32)
    refused(OWNER, sudo_set_max_allowed_uids.call(NETUID, 16), SubtensorError.TooManyUIDsPerMechanism)
    dispatch(OWNER, sudo_set_max_allowed_uids.call(NETUID, 8))
    assert MaxAllowedUids.get(ctx, NETUID) == 8


def test_a_subnet_is_trimmed_within_its_bounds(ctx: Context, dispatch: Dispatch, refused: RefusedCall) -> None:
    SubnetworkN.put(ctx, NETUID, 17)
    refused(ROOT_ORIGIN, sudo_set_min_allowed_uids.call(NETUID, 256), Error.MinAllowedUidsGreaterThanMaxAllowedUids)
    for least in (17, 18):
        refused(ROOT_ORIGIN, sudo_set_min_allowed_uids.call(NETUID, least), Error.MinAllowedUidsGreaterThanCurrentUids)
    dispatch(ROOT_ORIGIN, sudo_set_min_allowed_uids.call(NETUID, 8))
    assert MinAllowedUids.get(ctx, NETUID) == 8


def test_the_maximum_of_validators_is_at_most_that_of_neurons(dispatch: Dispatch, refused: RefusedCall) -> None:
    refused(ROOT_ORIGIN, sudo_set_max_allowed_validators.call(NETUID, 257), Error.MaxValidatorsLargerThanMaxUIds)
    dispatch(ROOT_ORIGIN, sudo_set_max_allowed_validators.call(NETUID, 256))


def test_one_to_ten_neurons_of_the_owner_are_immune(dispatch: Dispatch, refused: RefusedCall) -> None:
    for limit in (0, 11):
        refused(OWNER, sudo_set_owner_immune_neuron_limit.call(NETUID, limit), SubtensorError.InvalidValue)
    for limit in (1, 10):
        dispatch(ROOT_ORIGIN, sudo_set_owner_immune_neuron_limit.call(NETUID, limit))


def test_owners_and_root_trim_a_subnet(refused: RefusedCall, go_to: GoTo) -> None:
    call = sudo_trim_to_max_allowed_uids.call(NETUID, 1)
    refused(OTHER, call, BadOrigin())
    for who in (OWNER, ROOT_ORIGIN):
        refused(who, call, SubtensorError.InvalidValue)  # below the minimum
    refused(ROOT_ORIGIN, sudo_trim_to_max_allowed_uids.call(UNKNOWN, 8), SubtensorError.SubnetNotExists)
    go_to(10)
    refused(ROOT_ORIGIN, call, SubtensorError.AdminActionProhibitedDuringWeightsWindow)


# --- prices --------------------------------------------------------------------------------------------------------


def test_the_minimum_price_is_below_one_tao_and_the_maximum(
    ctx: Context, dispatch: Dispatch, refused: RefusedCall
) -> None:
    for price in (1_000_000_000, 1_000_000_001):
        refused(OWNER, sudo_set_min_burn.call(NETUID, price), Error.ValueNotInBounds)
    MaxBurn.put(ctx, NETUID, 2_000_000)
    refused(ROOT_ORIGIN, sudo_set_min_burn.call(NETUID, 2_000_000), Error.ValueNotInBounds)
    dispatch(OWNER, sudo_set_min_burn.call(NETUID, 1_999_999))


def test_the_maximum_price_is_above_a_tenth_of_a_tao_and_the_minimum(
    ctx: Context, dispatch: Dispatch, refused: RefusedCall
) -> None:
    for price in (99_999_999, 100_000_000):
        refused(OWNER, sudo_set_max_burn.call(NETUID, price), Error.ValueNotInBounds)
    MinBurn.put(ctx, NETUID, 200_000_000)
    refused(ROOT_ORIGIN, sudo_set_max_burn.call(NETUID, 200_000_000), Error.ValueNotInBounds)
    dispatch(OWNER, sudo_set_max_burn.call(NETUID, 200_000_001))


def test_the_price_halves_in_one_to_36100_blocks(dispatch: Dispatch, refused: RefusedCall) -> None:
    for blocks in (0, 36_101):
        refused(OWNER, sudo_set_burn_half_life.call(NETUID, blocks), Error.InvalidValue)
    dispatch(OWNER, sudo_set_burn_half_life.call(NETUID, 1))


def test_a_registration_raises_the_price_up_to_threefold(dispatch: Dispatch, refused: RefusedCall) -> None:
    for factor in (ONE - 1, 3 * ONE + 1):
        refused(OWNER, sudo_set_burn_increase_mult.call(NETUID, factor), Error.InvalidValue)
    dispatch(OWNER, sudo_set_burn_increase_mult.call(NETUID, ONE))


# --- consensus -----------------------------------------------------------------------------------------------------


def test_only_root_sets_a_bonds_moving_average_above_975000(
    ctx: Context, dispatch: Dispatch, refused: RefusedCall
) -> None:
    call = sudo_set_bonds_moving_average.call(NETUID, 975_001)
    refused(OWNER, call, Error.BondsMovingAverageMaxReached)
    dispatch(ROOT_ORIGIN, call)
    assert BondsMovingAverage.get(ctx, NETUID) == 975_001


def test_only_root_sets_a_negative_steepness(ctx: Context, dispatch: Dispatch, refused: RefusedCall) -> None:
    call = sudo_set_alpha_sigmoid_steepness.call(NETUID, -5_000)
    refused(OWNER, call, Error.NegativeSigmoidSteepness)
    dispatch(ROOT_ORIGIN, call)
    assert AlphaSigmoidSteepness.get(ctx, NETUID) == -5_000


def test_the_bounds_of_liquid_alpha_are_ordered_and_at_least_a_fortieth(
    ctx: Context, dispatch: Dispatch, refused: RefusedCall
) -> None:
    low, high = 1_638, 65_525
    refused(OWNER, sudo_set_alpha_values.call(NETUID, low, high), SubtensorError.LiquidAlphaDisabled)
    LiquidAlphaOn.put(ctx, NETUID, True)
    refused(OTHER, sudo_set_alpha_values.call(NETUID, low, high), BadOrigin())
    refused(OWNER, sudo_set_alpha_values.call(NETUID, low, 1_637), SubtensorError.AlphaHighTooLow)
    for wrong in (0, 1_637, high + 1):
        refused(OWNER, sudo_set_alpha_values.call(NETUID, wrong, high), SubtensorError.AlphaLowOutOfRange)
    dispatch(OWNER, sudo_set_alpha_values.call(NETUID, low, high))
    assert AlphaValues.get(ctx, NETUID) == (low, high)
    refused(OWNER, sudo_set_alpha_values.call(NETUID, low, high), SubtensorError.TxRateLimitExceeded)


def test_commits_are_revealed_after_one_to_a_hundred_epochs(refused: RefusedCall) -> None:
    too_long = sudo_set_commit_reveal_weights_interval.call(NETUID, 101)
    refused(OWNER, too_long, SubtensorError.RevealPeriodTooLarge)
    refused(OWNER, sudo_set_commit_reveal_weights_interval.call(NETUID, 0), SubtensorError.RevealPeriodTooSmall)


def test_the_activity_cutoff_has_a_minimum(refused: RefusedCall) -> None:
    refused(OWNER, sudo_set_activity_cutoff.call(NETUID, 359), SubtensorError.ActivityCutoffTooLow)


def test_the_number_of_mechanisms_is_limited_by_the_neurons(
    ctx: Context, dispatch: Dispatch, refused: RefusedCall
) -> None:
    most = MaxMechanismCount.get(ctx)
    refused(OTHER, sudo_set_mechanism_count.call(NETUID, most), BadOrigin())
    for count in (0, most + 1):
        refused(ROOT_ORIGIN, sudo_set_mechanism_count.call(NETUID, count), SubtensorError.InvalidValue)
    MaxAllowedUids.put(ctx, NETUID, 256)
    refused(ROOT_ORIGIN, sudo_set_mechanism_count.call(NETUID, most), SubtensorError.TooManyUIDsPerMechanism)
    MaxAllowedUids.put(ctx, NETUID, 128)
    dispatch(OWNER, sudo_set_mechanism_count.call(NETUID, most))
    assert MechanismCountCurrent.get(ctx, NETUID) == most
    refused(OWNER, sudo_set_mechanism_count.call(NETUID, 1), SubtensorError.TxRateLimitExceeded)


def test_the_split_among_mechanisms_adds_up(ctx: Context, dispatch: Dispatch, refused: RefusedCall) -> None:
    MaxAllowedUids.put(ctx, NETUID, 128)
    fifth = 0xFFFF // 5
    dispatch(OWNER, sudo_set_mechanism_count.call(NETUID, 2))
    for shares in ([2 * fifth, 2 * fifth, fifth], [4 * fifth, fifth - 1], []):
        split = np.array(shares, np.uint16)
        refused(OWNER, sudo_set_mechanism_emission_split.call(NETUID, split), SubtensorError.InvalidValue)
    split = np.array([fifth, 4 * fifth], np.uint16)
    dispatch(OWNER, sudo_set_mechanism_emission_split.call(NETUID, split))
    kept = MechanismEmissionSplit.get(ctx, NETUID)
    assert kept is not None
    assert list(kept) == [13_107, 52_428]
    again = sudo_set_mechanism_emission_split.call(NETUID, None)
    refused(OWNER, again, SubtensorError.TxRateLimitExceeded)
    dispatch(ROOT_ORIGIN, again)
    assert MechanismEmissionSplit.get(ctx, NETUID) is None


def test_the_most_mechanisms_are_one_to_sixteen(dispatch: Dispatch, refused: RefusedCall) -> None:
    for count in (0, 17):
        refused(ROOT_ORIGIN, sudo_set_max_mechanism_count.call(count), SubtensorError.InvalidValue)
    for count in (1, 16):
        dispatch(ROOT_ORIGIN, sudo_set_max_mechanism_count.call(count))


# --- time ----------------------------------------------------------------------------------------------------------


def test_a_new_tempo_begins_at_once(ctx: Context, dispatch: Dispatch, events: Events, go_to: GoTo) -> None:
    go_to(7)
    events()
    dispatch(ROOT_ORIGIN, sudo_set_tempo.call(NETUID, 2))
    assert (Tempo.get(ctx, NETUID), LastEpochBlock.get(ctx, NETUID)) == (2, 7)
    assert events() == [declared_events.TempoSet(NETUID, 2)]


def test_trading_of_alpha_can_be_enabled_and_disabled(ctx: Context, dispatch: Dispatch, refused: RefusedCall) -> None:
    close = sudo_set_subtoken_enabled.call(NETUID, False)
    refused(OWNER, close, BadOrigin())
    dispatch(ROOT_ORIGIN, close)
    assert SubtokenEnabled.get(ctx, NETUID) is False


def test_at_least_one_epoch_runs_in_a_block(refused: RefusedCall) -> None:
    refused(ROOT_ORIGIN, sudo_set_max_epochs_per_block.call(0), Error.ValueNotInBounds)


def test_the_limit_of_epochs_defers_the_others(ctx: Context, dispatch: Dispatch, add_network: AddNetwork) -> None:
    subnets = [NETUID, *(add_network(netuid, 100) for netuid in (2, 3, 4))]
    for netuid in subnets:
        PendingEpochAt.put(ctx, netuid, 1)
    dispatch(ROOT_ORIGIN, sudo_set_max_epochs_per_block.call(1))
    assert len(epochs_deferred_this_block(ctx, get_all_subnet_netuids(ctx), 1)) == 3
    dispatch(ROOT_ORIGIN, sudo_set_max_epochs_per_block.call(6))
    assert not epochs_deferred_this_block(ctx, get_all_subnet_netuids(ctx), 1)


def test_a_subnet_starts_once_the_delay_is_over(
    ctx: Context, dispatch: Dispatch, refused: RefusedCall, go_to: GoTo
) -> None:
    FirstEmissionBlockNumber.remove(ctx, NETUID)
    NetworkRegisteredAt.put(ctx, NETUID, 1)
    dispatch(ROOT_ORIGIN, sudo_set_start_call_delay.call(5))
    go_to(5)
    refused(OWNER, start_call.call(NETUID), SubtensorError.NeedWaitingMoreBlocksToStarCall)
    dispatch(ROOT_ORIGIN, sudo_set_start_call_delay.call(0))
    dispatch(OWNER, start_call.call(NETUID))
    assert FirstEmissionBlockNumber.get(ctx, NETUID) == 6
    refused(OWNER, start_call.call(NETUID), SubtensorError.FirstEmissionBlockNumberAlreadySet)


# --- stake and the owner's hotkey ----------------------------------------------------------------------------------


def test_a_subnets_childkey_take_is_within_the_chains_bounds(
    ctx: Context, dispatch: Dispatch, refused: RefusedCall
) -> None:
    MinChildkeyTake.put(ctx, 100)
    most = MaxChildkeyTake.get(ctx)
    for take in (99, most + 1):
        refused(OWNER, sudo_set_min_childkey_take_per_subnet.call(NETUID, take), Error.InvalidValue)
    assert get_effective_min_childkey_take(ctx, NETUID) == 100
    dispatch(OWNER, sudo_set_min_childkey_take_per_subnet.call(NETUID, most // 2))
    assert get_effective_min_childkey_take(ctx, NETUID) == most // 2
    assert get_effective_min_childkey_take(ctx, UNKNOWN) == 100


def test_the_least_nomination_is_in_millionths_of_the_least_stake(
    ctx: Context, dispatch: Dispatch, refused: RefusedCall
) -> None:
    refused(OTHER, sudo_set_nominator_min_required_stake.call(5), BadOrigin())
    for factor, rao in ((10, 20), (5, 10), (15, 30), ((1 << 64) - 1, 18_446_744_073_709)):
        dispatch(ROOT_ORIGIN, sudo_set_nominator_min_required_stake.call(factor))
        assert get_nominator_min_required_stake(ctx) == rao


def test_a_higher_minimum_nomination_sells_nominations_below_it(ctx: Context, dispatch: Dispatch) -> None:
    create_account_if_non_existent(ctx, OWNER, HOTKEY)
    for reserve in (SubnetTAO, SubnetAlphaIn):
        reserve.put(ctx, NETUID, 10**12)
    dispatch(ROOT_ORIGIN, sudo_set_nominator_min_required_stake.call(10))
    for coldkey in (OWNER, OTHER):
        increase_stake_for_hotkey_and_coldkey_on_subnet(ctx, HOTKEY, coldkey, NETUID, 11)

    def stakes() -> tuple[int, int]:
        owners, nominators = (
            get_stake_for_hotkey_and_coldkey_on_subnet(ctx, HOTKEY, coldkey, NETUID) for coldkey in (OWNER, OTHER)
        )
        return owners, nominators

    dispatch(ROOT_ORIGIN, sudo_set_nominator_min_required_stake.call(5))  # lower: stakes are not checked
    assert stakes() == (11, 11)
    dispatch(ROOT_ORIGIN, sudo_set_nominator_min_required_stake.call(10))  # 20 rao now, but 10 is no more than 10 rao
    assert stakes() == (11, 11)
    dispatch(ROOT_ORIGIN, sudo_set_nominator_min_required_stake.call(21))
    assert stakes() == (11, 0)


@pytest.mark.parametrize("set_hotkey", [sudo_set_sn_owner_hotkey, sudo_set_subnet_owner_hotkey])
def test_a_subnets_owner_changes_its_hotkey_once_a_week(
    set_hotkey: Any, ctx: Context, dispatch: Dispatch, refused: RefusedCall, events: Events, go_to: GoTo
) -> None:
    call = set_hotkey.call(NETUID, ALICE)
    for origin in (OTHER, NONE):
        refused(origin, call, BadOrigin())
    events()
    dispatch(OWNER, call)
    assert SubnetOwnerHotkey.get(ctx, NETUID) == ALICE
    assert events() == [declared_events.SubnetOwnerHotkeySet(NETUID, ALICE)]
    go_to(WEEK)
    for who in (OWNER, ROOT_ORIGIN):
        refused(who, call, SubtensorError.TxRateLimitExceeded)
    go_to(1 + WEEK)
    dispatch(ROOT_ORIGIN, call)
    refused(ROOT_ORIGIN, set_hotkey.call(UNKNOWN, ALICE), SubtensorError.SubnetNotExists)


# --- the chain -----------------------------------------------------------------------------------------------------


def test_flows_are_raised_to_a_power_from_one_to_two(dispatch: Dispatch, refused: RefusedCall) -> None:
    for power in (ONE - 1, 2 * ONE + 1):
        refused(ROOT_ORIGIN, sudo_set_tao_flow_normalization_exponent.call(power), Error.InvalidValue)
    dispatch(ROOT_ORIGIN, sudo_set_tao_flow_normalization_exponent.call(ONE))


def test_root_sets_the_evm_chain_id(ctx: Context, dispatch: Dispatch, refused: RefusedCall) -> None:
    assert evm_chain_id.ChainId.get(ctx) == 0
    refused(OWNER, sudo_set_evm_chain_id.call(945), BadOrigin())
    dispatch(ROOT_ORIGIN, sudo_set_evm_chain_id.call(945))
    assert evm_chain_id.ChainId.get(ctx) == 945


def test_switching_a_precompile_deposits_one_event(
    ctx: Context, dispatch: Dispatch, refused: RefusedCall, events: Events
) -> None:
    which = PrecompileEnum.BalanceTransfer
    off, on = (sudo_toggle_evm_precompile.call(which, enabled) for enabled in (False, True))
    refused(OTHER, off, BadOrigin())
    assert PrecompileEnable.get(ctx, which)
    events()
    for call in (off, off, on):
        dispatch(ROOT_ORIGIN, call)
    assert events() == [PrecompileUpdated(which, False), PrecompileUpdated(which, True)]
    assert PrecompileEnable.get(ctx, which)


def test_root_schedules_new_voters(ctx: Context, dispatch: Dispatch, refused: RefusedCall, go_to: GoTo) -> None:
    voters = [(bytes(range(32)), 1)]
    call = schedule_grandpa_change.call(voters, 41, None)
    refused(OTHER, call, BadOrigin())
    dispatch(ROOT_ORIGIN, call)
    refused(ROOT_ORIGIN, call, grandpa.Error.ChangePending)
    go_to(42)
    grandpa.enact_changes(ctx)
    assert grandpa.Authorities.get(ctx) == voters


def test_root_changes_authors_at_once(ctx: Context, dispatch: Dispatch, refused: RefusedCall) -> None:
    call = swap_authorities.call([OWNER, OTHER])
    refused(OTHER, call, BadOrigin())
    dispatch(ROOT_ORIGIN, call)
    assert aura.Authorities.get(ctx) == [OWNER, OTHER]


@pytest.mark.parametrize("who", [ROOT_ORIGIN, OWNER, NONE], ids=["root", "owner", "none"])
def test_deprecated_calls_always_fail(who: bytes | Origin, refused: RefusedCall) -> None:
    refused(who, sudo_set_total_issuance.call(1), Error.Deprecated)
    refused(who, sudo_set_network_pow_registration_allowed.call(NETUID, True), Error.POWRegistrationDisabled)
