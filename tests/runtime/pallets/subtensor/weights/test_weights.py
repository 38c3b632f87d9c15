"""Setting weights: conditions, rate limits, and storage. Numbers are those of the real pallet's tests."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from pysubtensor.consensus.fixed import max_upscale_to_u16
from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import BadOrigin, as_dispatch_error
from pysubtensor.runtime.frame.origin import NONE
from pysubtensor.runtime.frame.weight import DispatchClass, Pays, weight_of
from pysubtensor.runtime.pallets.shared.types import ROOT_NETUID
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error
from pysubtensor.runtime.pallets.subtensor.declared.events import (
    BatchCompletedWithErrors,
    BatchWeightItemFailed,
    BatchWeightsCompleted,
    WeightsSet,
)
from pysubtensor.runtime.pallets.subtensor.ledger.share_pool import increase_stake_for_hotkey_and_coldkey_on_subnet
from pysubtensor.runtime.pallets.subtensor.neurons.uids import set_element_at
from pysubtensor.runtime.pallets.subtensor.storage.hyperparameters import (
    CommitRevealWeightsEnabled,
    MinAllowedWeights,
    WeightsVersionKey,
)
from pysubtensor.runtime.pallets.subtensor.storage.networks import MechanismCountCurrent, SubnetOwnerHotkey
from pysubtensor.runtime.pallets.subtensor.storage.neurons import ValidatorPermit
from pysubtensor.runtime.pallets.subtensor.storage.rate_limits import WeightsSetRateLimit
from pysubtensor.runtime.pallets.subtensor.storage.weights import StakeThreshold, Weights
from pysubtensor.runtime.pallets.subtensor.views.metagraph import get_validators
from pysubtensor.runtime.pallets.subtensor.weights.set_weights import (
    batch_set_weights,
    check_length,
    check_weights_min_stake,
    get_last_update_for_uid,
    has_duplicate_uids,
    is_self_weight,
    set_mechanism_weights,
    set_weights,
    vec_u16_max_upscale_to_u16,
)

from tests.costs import own_info
from tests.world import (
    ALICE,
    BOB,
    CHARLIE,
    DAVE,
    EVE,
    AddNetwork,
    AddNeuron,
    Dispatch,
    Events,
    GoTo,
    RefusedCall,
    RefusedUnguarded,
    Unguarded,
)

NETUID, MECHANISM_1 = 1, 4096 + 1
VALIDATOR, MINER, OTHER, STRANGER = ALICE, BOB, CHARLIE, DAVE
COLDKEY = EVE


def u16s(*values: int) -> NDArray[np.uint16]:
    return np.array(values, np.uint16)


def direct(uids: tuple[int, ...], weights: tuple[int, ...], version_key: int = 0, netuid: int = NETUID) -> Call:
    return set_weights.call(netuid, u16s(*uids), u16s(*weights), version_key)


@pytest.fixture
def add_open_network(ctx: Context, add_network: AddNetwork) -> AddNetwork:
    """Add a subnet without commit-reveal and without rate limit."""

    def add(netuid: int) -> int:
        add_network(netuid, 13)
        CommitRevealWeightsEnabled.put(ctx, netuid, False)
        WeightsSetRateLimit.put(ctx, netuid, 0)
        return netuid

    return add


@pytest.fixture(autouse=True)
def neurons(ctx: Context, add_open_network: AddNetwork, add_neuron: AddNeuron, events: Events) -> None:
    """Three neurons of a subnet; uid 0 is a validator."""
    add_open_network(NETUID)
    for hotkey in (VALIDATOR, MINER, OTHER):
        add_neuron(NETUID, hotkey, COLDKEY)
    set_element_at(ctx, ValidatorPermit, NETUID, 0, 1)
    events()


def stored(ctx: Context, index: int = NETUID, uid: int = 0) -> list[list[int]]:
    rows: list[list[int]] = Weights.get(ctx, index, uid).tolist()
    return rows


# --- the numbers ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("weights", "scaled"),
    [
        ([], []),
        ([0, 0], [0, 0]),
        ([1], [65535]),
        ([0, 1], [0, 65535]),
        ([65534], [65535]),
        ([65535, 65535], [65535, 65535]),
        ([0, 1, 65534], [0, 1, 65535]),
        ([0, 1, 2, 3, 4, 65533, 65535], [0, 1, 2, 3, 4, 65533, 65535]),
        ([0, 1, 2, 32768], [0, 2, 4, 65535]),
        ([0, 1, 2, 32768, 32769], [0, 2, 4, 65533, 65535]),
    ],
)
def test_the_largest_weight_becomes_65535(weights: list[int], scaled: list[int]) -> None:
    assert vec_u16_max_upscale_to_u16(u16s(*weights)).tolist() == scaled


@settings(max_examples=200)
@given(st.lists(st.integers(0, 65535) | st.sampled_from([1, 32767, 32768, 32769]), max_size=8))
def test_arrays_are_scaled_as_single_numbers_are(weights: list[int]) -> None:
    assert vec_u16_max_upscale_to_u16(u16s(*weights)).tolist() == max_upscale_to_u16(weights)


def test_a_uid_may_occur_once() -> None:
    assert not has_duplicate_uids(u16s(3, 1, 2))
    assert has_duplicate_uids(u16s(3, 1, 3))


def test_a_self_weight_is_one_weight_on_the_neuron_itself() -> None:
    assert is_self_weight(1, u16s(1), u16s(5))
    assert not is_self_weight(1, u16s(2), u16s(5))
    assert not is_self_weight(1, u16s(1, 2), u16s(5, 5))
    assert not is_self_weight(1, u16s(), u16s(5))


# --- setting them --------------------------------------------------------------------------------------------------


def test_weights_are_stored_scaled_with_block_and_event(
    ctx: Context, go_to: GoTo, unguarded: Unguarded, events: Events
) -> None:
    go_to(7)
    unguarded(VALIDATOR, direct((2, 1), (1, 2)))
    assert stored(ctx) == [[2, 32768], [1, 65535]]
    assert get_last_update_for_uid(ctx, NETUID, 0) == 7
    assert events() == [WeightsSet(NETUID, 0)]


def test_weights_whose_sum_is_above_65535_are_kept(ctx: Context, unguarded: Unguarded) -> None:
    unguarded(VALIDATOR, direct((0, 1), (65535, 65535)))
    assert stored(ctx) == [[0, 65535], [1, 65535]]


def test_new_weights_replace_all_old_ones(ctx: Context, unguarded: Unguarded) -> None:
    unguarded(VALIDATOR, direct((0, 1), (1, 2)))
    unguarded(VALIDATOR, direct((2,), (9,)))
    assert stored(ctx) == [[2, 65535]]


def test_a_new_subnet_requires_one_weight(
    ctx: Context, unguarded: Unguarded, refused_unguarded: RefusedUnguarded
) -> None:
    refused_unguarded(VALIDATOR, direct((), ()), Error.WeightVecLengthIsLow)
    MinAllowedWeights.put(ctx, NETUID, 0)
    unguarded(VALIDATOR, direct((), ()))
    assert stored(ctx) == []


def test_setting_weights_is_free_and_weighs_as_on_the_chain() -> None:
    batch = batch_set_weights.call([NETUID], [[(0, 1)]], [0])
    mechanism = set_mechanism_weights.call(NETUID, 0, u16s(0), u16s(1), 0)
    calls = {
        direct((0,), (1,)): weight_of(15_513_610_000, 10_327_410, 4112, 2),
        mechanism: weight_of(15_540_000_000, 0, 4111, 2),
        batch: weight_of(103_092_000, 7395, 16, 2),
    }
    for call, weight in calls.items():
        info = own_info(call)
        assert (info.call_weight, info.class_, info.pays_fee) == (weight, DispatchClass.Normal, Pays.No)


def test_root_has_no_weights(ctx: Context, add_open_network: AddNetwork, refused_unguarded: RefusedUnguarded) -> None:
    CommitRevealWeightsEnabled.put(ctx, ROOT_NETUID, False)
    refused_unguarded(VALIDATOR, direct((0,), (1,), netuid=ROOT_NETUID), Error.CanNotSetRootNetworkWeights)


def test_direct_weights_are_refused_with_commit_reveal(ctx: Context, refused_unguarded: RefusedUnguarded) -> None:
    CommitRevealWeightsEnabled.put(ctx, NETUID, True)
    refused_unguarded(VALIDATOR, direct((0,), (1,)), Error.CommitRevealEnabled)
    mechanism = set_mechanism_weights.call(NETUID, 0, u16s(0), u16s(1), 0)
    refused_unguarded(VALIDATOR, mechanism, Error.CommitRevealEnabled)


@pytest.mark.parametrize(
    ("uids", "weights", "error"),
    [
        ((0, 1, 2), (1, 2), Error.WeightVecNotEqualSize),
        ((0, 1, 2, 3), (88, 102, 303, 1212), Error.UidsLengthExceedUidsInSubNet),
        ((1, 1), (1, 2), Error.DuplicateUids),
        ((1, 3), (1, 2), Error.UidVecContainInvalidOne),
        ((1,), (10,), Error.WeightVecLengthIsLow),
    ],
)
def test_malformed_weights_are_refused(
    ctx: Context, refused_unguarded: RefusedUnguarded, uids: tuple[int, ...], weights: tuple[int, ...], error: Error
) -> None:
    MinAllowedWeights.put(ctx, NETUID, 2)
    refused_unguarded(VALIDATOR, direct(uids, weights), error)


def test_one_weight_on_oneself_is_always_enough(ctx: Context, unguarded: Unguarded) -> None:
    MinAllowedWeights.put(ctx, NETUID, 2)
    unguarded(MINER, direct((1,), (5,)))
    assert stored(ctx, uid=1) == [[1, 65535]]


def test_at_most_as_many_weights_as_neurons_are_required(ctx: Context) -> None:
    MinAllowedWeights.put(ctx, NETUID, 1024)
    assert check_length(ctx, NETUID, 0, u16s(0, 1, 2), u16s(1, 1, 1))
    assert not check_length(ctx, NETUID, 0, u16s(1, 2), u16s(1, 1))


def test_weights_on_others_need_a_permit(
    ctx: Context, unguarded: Unguarded, refused_unguarded: RefusedUnguarded
) -> None:
    refused_unguarded(MINER, direct((0, 1), (1, 2)), Error.NeuronNoValidatorPermit)
    set_element_at(ctx, ValidatorPermit, NETUID, 1, 1)
    unguarded(MINER, direct((0, 1), (1, 2)))


def test_only_neurons_of_a_subnet_that_exists_set_weights(
    ctx: Context, dispatch: Dispatch, refused_unguarded: RefusedUnguarded, refused: RefusedCall
) -> None:
    refused_unguarded(STRANGER, direct((0,), (1,)), Error.HotKeyNotRegisteredInSubNet)
    CommitRevealWeightsEnabled.put(ctx, 9, False)
    refused_unguarded(VALIDATOR, direct((0,), (1,), netuid=9), Error.MechanismDoesNotExist)
    refused(NONE, direct((0,), (1,)), BadOrigin())


def test_weights_need_stake_above_the_threshold(
    ctx: Context, unguarded: Unguarded, refused_unguarded: RefusedUnguarded
) -> None:
    StakeThreshold.put(ctx, 20_000_000_000_000)
    increase_stake_for_hotkey_and_coldkey_on_subnet(ctx, VALIDATOR, COLDKEY, NETUID, 19_999_999_999_999)
    assert not check_weights_min_stake(ctx, VALIDATOR, NETUID)
    refused_unguarded(VALIDATOR, direct((0,), (1,)), Error.NotEnoughStakeToSetWeights)
    increase_stake_for_hotkey_and_coldkey_on_subnet(ctx, VALIDATOR, COLDKEY, NETUID, 1)
    unguarded(VALIDATOR, direct((0,), (1,)))


@pytest.mark.parametrize(("threshold", "passes"), [(2**63 - 1, False), (2**63, True), (2**64 - 1, True)])
def test_a_threshold_from_2_to_the_63_on_wraps_and_every_hotkey_passes(
    ctx: Context, threshold: int, passes: bool
) -> None:
    StakeThreshold.put(ctx, threshold)
    assert check_weights_min_stake(ctx, VALIDATOR, NETUID) is passes


def test_the_metagraphs_comparison_with_the_threshold_does_not_wrap(ctx: Context) -> None:
    increase_stake_for_hotkey_and_coldkey_on_subnet(ctx, VALIDATOR, COLDKEY, NETUID, 1)
    assert get_validators(ctx, NETUID).tolist() == [0]
    StakeThreshold.put(ctx, 2**63)
    assert get_validators(ctx, NETUID).tolist() == []


def test_the_subnets_owner_needs_neither_stake_nor_permit(ctx: Context, unguarded: Unguarded) -> None:
    StakeThreshold.put(ctx, 1)
    SubnetOwnerHotkey.put(ctx, NETUID, MINER)
    assert not check_weights_min_stake(ctx, OTHER, NETUID)
    assert check_weights_min_stake(ctx, MINER, NETUID)
    unguarded(MINER, direct((2,), (1,)))
    assert stored(ctx, uid=1) == [[2, 65535]]


def test_weights_of_an_older_version_are_refused(
    ctx: Context, unguarded: Unguarded, refused_unguarded: RefusedUnguarded
) -> None:
    unguarded(VALIDATOR, direct((0,), (1,)))
    WeightsVersionKey.put(ctx, NETUID, 20_313)
    refused_unguarded(VALIDATOR, direct((0,), (1,), 12_312), Error.IncorrectWeightVersionKey)
    unguarded(VALIDATOR, direct((0,), (1,), 20_313))
    unguarded(VALIDATOR, direct((0,), (1,), 20_314))


def test_setting_weights_is_rate_limited(
    ctx: Context, go_to: GoTo, unguarded: Unguarded, refused_unguarded: RefusedUnguarded
) -> None:
    """After block 1 every tenth block; there is no wait without former weights, or with those of block 0."""
    WeightsSetRateLimit.put(ctx, NETUID, 10)
    go_to(0)
    unguarded(VALIDATOR, direct((1, 2), (1, 2)))
    for block in range(1, 42):
        go_to(block)
        if block % 10 == 1:
            unguarded(VALIDATOR, direct((1, 2), (1, 2)))
        else:
            refused_unguarded(VALIDATOR, direct((1, 2), (1, 2)), Error.SettingWeightsTooFast)


# --- mechanisms ----------------------------------------------------------------------------------------------------


def test_each_mechanism_has_weights_and_a_rate_limit_of_its_own(
    ctx: Context, go_to: GoTo, unguarded: Unguarded, refused_unguarded: RefusedUnguarded, events: Events
) -> None:
    MechanismCountCurrent.put(ctx, NETUID, 2)
    WeightsSetRateLimit.put(ctx, NETUID, 10)
    go_to(20)
    unguarded(VALIDATOR, direct((1,), (7,)))
    unguarded(VALIDATOR, set_mechanism_weights.call(NETUID, 1, u16s(2), u16s(7), 0))
    assert events() == [WeightsSet(NETUID, 0), WeightsSet(MECHANISM_1, 0)]
    assert (stored(ctx), stored(ctx, MECHANISM_1)) == ([[1, 65535]], [[2, 65535]])
    again = set_mechanism_weights.call(NETUID, 1, u16s(1), u16s(7), 0)
    refused_unguarded(VALIDATOR, again, Error.SettingWeightsTooFast)
    beyond = set_mechanism_weights.call(NETUID, 2, u16s(1), u16s(7), 0)
    refused_unguarded(VALIDATOR, beyond, Error.MechanismDoesNotExist)


# --- batches -------------------------------------------------------------------------------------------------------


def test_a_batch_continues_after_failures_and_reports_each_with_its_subnet(
    ctx: Context, add_open_network: AddNetwork, add_neuron: AddNeuron, unguarded: Unguarded, events: Events
) -> None:
    add_neuron(add_open_network(2), VALIDATOR, COLDKEY)
    CommitRevealWeightsEnabled.put(ctx, add_open_network(3), True)
    netuids = [3, NETUID, 9, 2]
    events()
    unguarded(VALIDATOR, batch_set_weights.call(netuids, [[], [(1, 1), (2, 4)], [(0, 1)], [(0, 3)]], [0, 0, 0, 0]))
    assert (stored(ctx), stored(ctx, 2)) == ([[1, 16384], [2, 65535]], [[0, 65535]])
    assert events() == [
        WeightsSet(NETUID, 0),
        WeightsSet(2, 0),
        BatchCompletedWithErrors(),
        BatchWeightItemFailed(3, as_dispatch_error(Error.CommitRevealEnabled)),
        BatchWeightItemFailed(9, as_dispatch_error(Error.CommitRevealEnabled)),
        BatchWeightsCompleted(netuids, VALIDATOR),
    ]


def test_a_batch_without_failures_deposits_its_completion(unguarded: Unguarded, events: Events) -> None:
    unguarded(VALIDATOR, batch_set_weights.call([NETUID], [[(1, 1)]], [0]))
    assert events() == [WeightsSet(NETUID, 0), BatchWeightsCompleted([NETUID], VALIDATOR)]


@pytest.mark.parametrize(("weights", "keys"), [([], [0]), ([[(0, 1)]], [])])
def test_the_lists_of_a_batch_are_equally_long(
    refused_unguarded: RefusedUnguarded, weights: list[list[tuple[int, int]]], keys: list[int]
) -> None:
    refused_unguarded(VALIDATOR, batch_set_weights.call([NETUID], weights, keys), Error.InputLengthsUnequal)


def test_calls_with_arrays_are_equal_when_their_bytes_are() -> None:
    assert direct((0, 1), (2, 3)) == direct((0, 1), (2, 3))
    assert len({direct((0, 1), (2, 3)), direct((0, 1), (2, 3)), direct((0, 1), (2, 4))}) == 2
