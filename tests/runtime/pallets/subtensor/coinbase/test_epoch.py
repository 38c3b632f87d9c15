"""Epochs with storage: what an epoch reads and stores. `tests/consensus` tests what it computes.

Numbers are those of the real pallet's tests (`epoch.rs`, `mechanism.rs`).
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pysubtensor.consensus.yuma import NO_COMMIT
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import AnyError, BadOrigin, DispatchFailed, as_dispatch_error
from pysubtensor.runtime.frame.origin import ROOT_ORIGIN, signed
from pysubtensor.runtime.pallets.subtensor.coinbase import epoch
from pysubtensor.runtime.pallets.subtensor.coinbase.epoch import epoch_with_mechanisms
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error
from pysubtensor.runtime.pallets.subtensor.declared.events import IncentiveAlphaEmittedToMiners
from pysubtensor.runtime.pallets.subtensor.storage import neurons
from pysubtensor.runtime.pallets.subtensor.storage.hyperparameters import (
    ActivityCutoffFactorMilli,
    AlphaValues,
    BondsPenalty,
    BondsResetOn,
    CommitRevealWeightsEnabled,
    LiquidAlphaOn,
    MaxAllowedValidators,
    RevealPeriodEpochs,
    Yuma3On,
)
from pysubtensor.runtime.pallets.subtensor.storage.networks import (
    MechanismCountCurrent,
    MechanismEmissionSplit,
    SubnetOwnerHotkey,
)
from pysubtensor.runtime.pallets.subtensor.storage.neurons import BlockAtRegistration, Bonds, LastUpdate
from pysubtensor.runtime.pallets.subtensor.storage.tempo import LastMechansimStepBlock, SubnetEpochIndex
from pysubtensor.runtime.pallets.subtensor.storage.weights import (
    StakeThreshold,
    TimelockedWeightCommits,
    WeightCommits,
    Weights,
)
from pysubtensor.runtime.pallets.subtensor.subnets.mechanism import get_mechanism_storage_index

from tests.world import TAO, AddNetwork, AddNeuron, Events, GoTo, account

NETUID, FULL = 1, 65_535
#: More blocks than any test produces.
LONG = 65_534

Subnet = Callable[..., None]


def key(number: int) -> bytes:
    return account(number)


@pytest.fixture
def subnet(ctx: Context, add_network: AddNetwork, add_neuron: AddNeuron, go_to: GoTo) -> Subnet:
    """Create the subnet in block 2: neurons of these stakes, all with a permit, that set weights in block 1.

    Bonds are those of Yuma 2, as in the real tests.
    """

    def make(*stakes: int) -> None:
        add_network(NETUID, LONG)
        for number, stake in enumerate(stakes):
            add_neuron(NETUID, key(number), key(number), stake)
        CommitRevealWeightsEnabled.put(ctx, NETUID, False)
        Yuma3On.put(ctx, NETUID, False)
        MaxAllowedValidators.put(ctx, NETUID, len(stakes))
        neurons.ValidatorPermit.put(ctx, NETUID, [True] * len(stakes))
        LastUpdate.put(ctx, NETUID, [1] * len(stakes))
        LastMechansimStepBlock.put(ctx, NETUID, 1)
        go_to(2)

    return make


def arrays(ctx: Context, *names: str) -> list[list[int]]:
    return [getattr(neurons, name).get(ctx, NETUID).tolist() for name in names]


def bonds(ctx: Context, uid: int, index: int = NETUID) -> list[list[int]]:
    return Bonds.get(ctx, index, uid).tolist()


# Who earns what


def test_without_weights_emission_follows_stake(ctx: Context, subnet: Subnet) -> None:
    subnet(1, 0)
    earned = epoch_with_mechanisms(ctx, NETUID, TAO)
    assert [tuple(each) for each in earned] == [(key(0), 0, TAO), (key(1), 0, 0)]
    assert arrays(ctx, "Emission", "Consensus", "Dividends") == [[TAO, 0], [0, 0], [0, 0]]


def test_self_weights_alone_count_as_no_weights(ctx: Context, subnet: Subnet) -> None:
    subnet(*[1] * 10)
    for uid in range(10):
        Weights.put(ctx, NETUID, uid, [(uid, FULL)])
    epoch_with_mechanisms(ctx, NETUID, TAO)
    assert arrays(ctx, "Emission", "Incentive") == [[99_999_999] * 10, [0] * 10]


def test_the_owner_may_set_a_self_weight(ctx: Context, subnet: Subnet) -> None:
    subnet(5_000 * TAO, 0)
    SubnetOwnerHotkey.put(ctx, NETUID, key(0))
    Weights.put(ctx, NETUID, 0, [(0, FULL // 2), (1, FULL // 2)])
    owner, other = epoch_with_mechanisms(ctx, NETUID, TAO)
    assert owner.incentive == other.incentive > 0


def test_bonds_grow_by_stake_and_are_stored_scaled_to_the_largest(ctx: Context, subnet: Subnet) -> None:
    subnet(1, 2, 3, 4, 0, 0, 0, 0)
    BondsPenalty.put(ctx, NETUID, FULL)
    for uid in range(4):
        Weights.put(ctx, NETUID, uid, [(4, 16383), (5, 32767), (6, 49149), (7, 65535)])
    earned = epoch_with_mechanisms(ctx, NETUID, TAO)
    assert [bonds(ctx, uid)[0][1] for uid in range(4)] == [16383, 32767, 49151, 65535]
    assert [bonds(ctx, uid) for uid in range(4, 8)] == [[]] * 4
    expected = [49999998, 99999999, 150000000, 200000001, 49998779, 100000610, 149996337, 200004272]
    assert arrays(ctx, "Emission") == [expected]
    assert [each.dividend or each.incentive for each in earned] == expected

    Weights.put(ctx, NETUID, 0, [(0, FULL)])
    epoch_with_mechanisms(ctx, NETUID, TAO)
    expected = [44998351, 101110561, 151667215, 202223870, 49998779, 100000610, 149996337, 200004272]
    assert arrays(ctx, "Emission") == [expected]


def test_inactive_validators_have_no_active_stake_but_keep_old_bonds(ctx: Context, subnet: Subnet, go_to: GoTo) -> None:
    subnet(1, 1, 1, 1)
    ActivityCutoffFactorMilli.put(ctx, NETUID, 77)  # 5,046 blocks of a tempo of 65,534
    for uid in (0, 1):
        Weights.put(ctx, NETUID, uid, [(2, FULL), (3, FULL)])
    epoch_with_mechanisms(ctx, NETUID, TAO)
    assert arrays(ctx, "Dividends", "Emission") == [[32767, 32767, 0, 0], [250_000_000] * 4]

    go_to(5_049)
    LastUpdate.put(ctx, NETUID, [5_049, 1, 1, 1])
    epoch_with_mechanisms(ctx, NETUID, TAO)
    assert arrays(ctx, "Active") == [[True, False, False, False]]
    assert arrays(ctx, "Dividends") == [[36044, 29490, 0, 0]]
    assert arrays(ctx, "Emission") == [[274999999, 224999999, 250000000, 250000000]]
    assert [bonds(ctx, 0), bonds(ctx, 1)] == [[[2, 65535], [3, 65535]], [[2, 53619], [3, 53619]]]

    LastUpdate.put(ctx, NETUID, [5_049, 5_049, 1, 1])
    epoch_with_mechanisms(ctx, NETUID, TAO)
    assert arrays(ctx, "Dividends") == [[35716, 29818, 0, 0]]
    assert arrays(ctx, "Emission") == [[272501132, 227498866, 250000000, 250000000]]


def test_weights_older_than_their_target_are_invalid(ctx: Context, subnet: Subnet, go_to: GoTo) -> None:
    subnet(1, 1, 1, 0)
    BondsPenalty.put(ctx, NETUID, FULL)
    neurons.ValidatorPermit.put(ctx, NETUID, [True, True, True, False])
    for uid in (0, 1):
        Weights.put(ctx, NETUID, uid, [(2, 65535), (3, 32768)])
        Bonds.put(ctx, NETUID, uid, [(2, 65535), (3, 65535)])
    Bonds.put(ctx, NETUID, 1, [(2, 65535)])
    BlockAtRegistration.put(ctx, NETUID, 3, 1)  # uid 1 set its weights in that block
    LastUpdate.put(ctx, NETUID, [2, 1, 1, 1])
    epoch_with_mechanisms(ctx, NETUID, TAO)
    assert arrays(ctx, "Emission") == [[250_000_000, 250_000_000, 500_000_000, 0]]
    assert arrays(ctx, "Dividends", "Consensus") == [[32767, 32767, 0, 0], [0, 0, 43689, 0]]


def test_bonds_in_newly_registered_neurons_are_dropped(ctx: Context, subnet: Subnet) -> None:
    subnet(1, 0, 0)
    Weights.put(ctx, NETUID, 0, [(1, FULL)])
    for registered, kept in ((1, True), (2, False)):
        Bonds.put(ctx, NETUID, 0, [(1, FULL), (2, FULL)])
        BlockAtRegistration.put(ctx, NETUID, 2, registered)
        epoch_with_mechanisms(ctx, NETUID, TAO)
        assert (2 in [target for target, _ in bonds(ctx, 0)]) is kept


def test_permits_go_to_the_largest_stakes_above_the_threshold(ctx: Context, subnet: Subnet) -> None:
    subnet(1, 5, 3, 4)
    MaxAllowedValidators.put(ctx, NETUID, 2)
    epoch_with_mechanisms(ctx, NETUID, TAO)
    assert arrays(ctx, "ValidatorPermit") == [[False, True, False, True]]
    StakeThreshold.put(ctx, 5)
    epoch_with_mechanisms(ctx, NETUID, TAO)
    assert arrays(ctx, "ValidatorPermit", "StakeWeight") == [[False, True, False, False], [0, FULL, 0, 0]]


def test_neurons_without_a_permit_have_no_bonds(ctx: Context, subnet: Subnet) -> None:
    subnet(1, 2)
    MaxAllowedValidators.put(ctx, NETUID, 1)
    for uid in (0, 1):
        Bonds.put(ctx, NETUID, uid, [(1 - uid, FULL)])
    epoch_with_mechanisms(ctx, NETUID, TAO)
    assert bonds(ctx, 0) == []
    assert Bonds.contains(ctx, NETUID, 0)  # an empty row, as on the chain


def test_weights_of_uids_beyond_the_last_are_ignored(ctx: Context, subnet: Subnet) -> None:
    subnet(1, 0)
    Weights.put(ctx, NETUID, 0, [(1, FULL), (9, FULL)])
    Weights.put(ctx, NETUID, 7, [(0, FULL)])
    LastUpdate.put(ctx, NETUID, [1, 1, 1])
    epoch_with_mechanisms(ctx, NETUID, TAO)
    assert arrays(ctx, "Emission", "Incentive") == [[500_000_000] * 2, [0, FULL]]


def test_an_empty_subnet_has_epochs(ctx: Context, subnet: Subnet) -> None:
    subnet()
    assert epoch_with_mechanisms(ctx, NETUID, TAO) == []


# Commits


@pytest.mark.parametrize("enabled", [True, False])
def test_weights_on_neurons_registered_after_a_commit_are_invalid(ctx: Context, subnet: Subnet, enabled: bool) -> None:
    subnet(1, 0, 0)
    CommitRevealWeightsEnabled.put(ctx, NETUID, enabled)
    Weights.put(ctx, NETUID, 0, [(1, FULL), (2, FULL)])
    WeightCommits.put(ctx, NETUID, key(0), [(bytes(32), 0, 1, 0)])
    LastUpdate.put(ctx, NETUID, [5, 1, 1])
    BlockAtRegistration.put(ctx, NETUID, 1, 1)
    BlockAtRegistration.put(ctx, NETUID, 2, 2)
    epoch_with_mechanisms(ctx, NETUID, TAO)
    assert arrays(ctx, "Incentive") == [[0, FULL, 0] if enabled else [0, 32767, 32767]]


def test_the_oldest_unexpired_commit_counts(ctx: Context, subnet: Subnet) -> None:
    subnet(1, 1, 1, 1)
    RevealPeriodEpochs.put(ctx, NETUID, 2)
    SubnetEpochIndex.put(ctx, NETUID, 9)
    uids = {key(number): number for number in range(4)}
    hashed = bytes(32)
    WeightCommits.put(ctx, NETUID, key(0), [(hashed, 6, 60, 0), (hashed, 7, 70, 0), (hashed, 8, 80, 0)])
    WeightCommits.put(ctx, NETUID, key(9), [(hashed, 8, 1, 0)])
    TimelockedWeightCommits.put(ctx, NETUID, 6, [(key(1), 61, b"", 0)])
    TimelockedWeightCommits.put(ctx, NETUID, 7, [(key(0), 75, b"", 0), (key(2), 72, b"", 0), (key(2), 71, b"", 0)])
    blocks = epoch.get_commit_blocks(ctx, NETUID, uids)
    assert blocks.tolist() == [70, NO_COMMIT, 71, NO_COMMIT]


# Mechanisms


@pytest.fixture
def two_mechanisms(ctx: Context, subnet: Subnet) -> tuple[int, int]:
    """Create two neurons of equal stake with weights on each other in both mechanisms; return the storage indices."""
    subnet(TAO, TAO, 0)
    MechanismCountCurrent.put(ctx, NETUID, 2)
    indices = get_mechanism_storage_index(NETUID, 0), get_mechanism_storage_index(NETUID, 1)
    for index in indices:
        LastUpdate.put(ctx, index, [1, 1, 1])
        for uid in (0, 1):
            Weights.put(ctx, index, uid, [(0, FULL), (1, FULL)])
    return indices


def test_each_mechanism_has_its_own_incentive_and_bonds(
    ctx: Context, two_mechanisms: tuple[int, int], events: Events
) -> None:
    first, second = two_mechanisms
    Weights.put(ctx, second, 0, [(0, FULL), (1, 0)])
    events()
    epoch_with_mechanisms(ctx, NETUID, TAO)
    assert neurons.Incentive.get(ctx, first).tolist() == [32767, 32767, 0]
    assert [bonds(ctx, 0, first), bonds(ctx, 1, first)] == [[[1, FULL]], [[0, FULL]]]
    assert [bonds(ctx, 0, second), bonds(ctx, 1, second)] == [[], [[0, FULL]]]
    new_events = [event for event in events() if isinstance(event, IncentiveAlphaEmittedToMiners)]
    assert [event.netuid for event in new_events] == [first, second]
    assert new_events[0].emissions.tolist() == [125_000_000, 125_000_000, 0]


def test_mechanisms_share_the_emission_by_their_split(ctx: Context, two_mechanisms: tuple[int, int]) -> None:
    MechanismEmissionSplit.put(ctx, NETUID, [FULL, 0])
    for index, target in zip(two_mechanisms, (1, 2), strict=True):
        Weights.put(ctx, index, 0, [(target, FULL)])
        Weights.remove(ctx, index, 1)
    _, first, second = epoch_with_mechanisms(ctx, NETUID, TAO)
    assert (first.incentive, second.incentive) == (500_000_000, 0)
    assert arrays(ctx, "Consensus") == [[0, 32768 * 2 - 1, 0]]


def test_incentives_of_mechanisms_follow_their_weights(ctx: Context, two_mechanisms: tuple[int, int]) -> None:
    neurons.ValidatorPermit.put(ctx, NETUID, [True, False, False])
    parts = list(zip(two_mechanisms, ((1, 4), (4, 1)), strict=True))
    for index, (low, high) in parts:
        Weights.put(ctx, index, 0, [(1, FULL // 5 * high), (2, FULL // 5 * low)])
    epoch_with_mechanisms(ctx, NETUID, TAO)
    for index, (low, high) in parts:
        assert neurons.Incentive.get(ctx, index).tolist()[1:] == [
            pytest.approx(FULL // 5 * high, abs=1),
            pytest.approx(FULL // 5 * low, abs=1),
        ]


# What owners and commitments change


def fails(error: AnyError) -> pytest.RaisesExc[DispatchFailed]:
    return pytest.RaisesExc(DispatchFailed, check=lambda failure: failure.error == as_dispatch_error(error))


def test_liquid_alpha_stays_within_its_bounds(ctx: Context, add_network: AddNetwork) -> None:
    add_network(NETUID, 10, key(1))
    owner = ctx.with_origin(signed(key(1)))
    with fails(Error.LiquidAlphaDisabled):
        epoch.do_set_alpha_values(owner, NETUID, 2_000, 3_000)
    LiquidAlphaOn.put(ctx, NETUID, True)
    with fails(BadOrigin()):
        epoch.do_set_alpha_values(ctx.with_origin(signed(key(2))), NETUID, 2_000, 3_000)
    with fails(Error.AlphaHighTooLow):
        epoch.do_set_alpha_values(owner, NETUID, 1_638, 1_637)
    for low, high in ((1_637, 60_000), (60_001, 60_000)):
        with fails(Error.AlphaLowOutOfRange):
            epoch.do_set_alpha_values(owner, NETUID, low, high)
    epoch.do_set_alpha_values(owner, NETUID, 1_638, 1_638)
    epoch.do_set_alpha_values(ctx.with_origin(ROOT_ORIGIN), NETUID, 1_638, 65_535)
    assert AlphaValues.get(ctx, NETUID) == (1_638, 65_535)


def test_bonds_in_a_neuron_are_reset_where_the_subnet_allows_it(ctx: Context, subnet: Subnet) -> None:
    subnet(1, 1, 1)
    for uid in (0, 1):
        Bonds.put(ctx, NETUID, uid, [(1, 5), (2, 6)])
    epoch.do_reset_bonds(ctx, NETUID, key(2))
    assert bonds(ctx, 0) == [[1, 5], [2, 6]]
    BondsResetOn.put(ctx, NETUID, True)
    epoch.do_reset_bonds(ctx, NETUID, key(9))  # no neuron of the subnet
    assert bonds(ctx, 0) == [[1, 5], [2, 6]]
    epoch.do_reset_bonds(ctx, NETUID, key(2))
    assert [bonds(ctx, 0), bonds(ctx, 1)] == [[[1, 5]], [[1, 5]]]
