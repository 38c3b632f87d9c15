"""The chain's own epochs with storage: the values stored afterwards equal the known answers, bit by bit."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from pysubtensor.consensus.yuma import NO_COMMIT, EpochInput, SparseRows
from pysubtensor.consensus.yuma.case import epoch_input
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.pallets.subtensor.coinbase import epoch
from pysubtensor.runtime.pallets.subtensor.ledger.share_pool import increase_stake_for_hotkey_and_coldkey_on_subnet
from pysubtensor.runtime.pallets.subtensor.storage import hyperparameters, networks, neurons, tempo, weights
from pysubtensor.runtime.pallets.subtensor.storage.staking import TaoWeight

from tests.vectors import load
from tests.world import AddNetwork, AddNeuron, GoTo

#: The cases that detect the most faults for their size.
CASES = (
    "001_n1_owner_self_weight",
    "017_ties_equal_stake_topk",
    "018_ties_median_boundary",
    "023_activity_boundary",
    "031_deregistered_yuma3la",
    "039_bonds_penalty32767_yuma3",
    "044_bonds_ma999999_yuma2",
    "046_liquid_steep0",
    "050_liquid_consensus_mostly_zero",
    "052_unsorted_and_out_of_range_yuma3la",
    "053_unsorted_and_out_of_range_yuma2",
    "054_commit_reveal_on_yuma2",
    "061_stake_vanishes_in_i32f32",
    "077_median_last_bit_renorm1",
    "092_owner_below_threshold_and_topk",
)
ROOT, NETUID = 0, 1
#: The names of stored items in a case.
STORED = {
    "Active": "active",
    "Consensus": "consensus",
    "Dividends": "dividends",
    "Emission": "combined_emission",
    "Incentive": "incentive",
    "StakeWeight": "stake_weight",
    "ValidatorPermit": "new_validator_permits",
    "ValidatorTrust": "validator_trust",
}
#: Parameters of a subnet that are stored as the epoch reads them.
PARAMETERS = {
    tempo.Tempo: "tempo",
    tempo.LastMechansimStepBlock: "last_mechanism_step_block",
    hyperparameters.MaxAllowedValidators: "max_allowed_validators",
    hyperparameters.Kappa: "kappa",
    hyperparameters.BondsPenalty: "bonds_penalty",
    hyperparameters.BondsMovingAverage: "bonds_moving_average",
    hyperparameters.Yuma3On: "yuma3_on",
    hyperparameters.LiquidAlphaOn: "liquid_alpha_on",
    hyperparameters.AlphaSigmoidSteepness: "alpha_sigmoid_steepness",
    hyperparameters.CommitRevealWeightsEnabled: "commit_reveal_enabled",
    neurons.ValidatorPermit: "validator_permits",
    neurons.LastUpdate: "last_update",
}


def key(uid: int) -> bytes:
    return uid.to_bytes(2, "big") * 16


def store(ctx: Context, given: EpochInput, add_neuron: AddNeuron) -> None:
    """Write the input of the epoch. Fractions of stake are on root, a rao of which weighs 2^-32."""
    TaoWeight.put(ctx, 1 << 32)
    for uid, stake in enumerate(given.total_stake):
        add_neuron(NETUID, key(uid), key(uid), stake >> 64)
        increase_stake_for_hotkey_and_coldkey_on_subnet(ctx, key(uid), key(uid), ROOT, stake >> 32 & 0xFFFFFFFF)
        neurons.BlockAtRegistration.put(ctx, NETUID, uid, int(given.block_at_registration[uid]))
        weights.Weights.put(ctx, NETUID, uid, given.weights.row(uid))
        neurons.Bonds.put(ctx, NETUID, uid, given.bonds.row(uid))
        if given.commit_blocks[uid] != NO_COMMIT:
            weights.WeightCommits.put(ctx, NETUID, key(uid), [(bytes(32), 0, int(given.commit_blocks[uid]), 0)])
    for item, name in PARAMETERS.items():
        item.put(ctx, NETUID, getattr(given, name))
    hyperparameters.AlphaValues.put(ctx, NETUID, (given.alpha_low, given.alpha_high))
    hyperparameters.ActivityCutoffFactorMilli.put(ctx, NETUID, -(-given.activity_cutoff * 1000 // given.tempo))
    weights.StakeThreshold.put(ctx, given.min_stake)
    if given.owner_uid is not None:
        networks.SubnetOwnerHotkey.put(ctx, NETUID, key(given.owner_uid))
    tempo.LastEpochBlock.put(ctx, NETUID, given.current_block)


def plain(value: object) -> object:
    """Return a field of an input for comparison; stake has only the 32 fraction bits that storage can express."""
    if isinstance(value, SparseRows):
        return value.to_lists()
    if isinstance(value, list):
        return [stake >> 32 for stake in value]
    return value.tolist() if isinstance(value, np.ndarray) else value


@pytest.mark.parametrize("name", CASES)
def test_an_epoch_stores_the_chains_known_answers(
    ctx: Context,
    add_network: AddNetwork,
    add_neuron: AddNeuron,
    go_to: GoTo,
    name: str,
) -> None:
    case = load(f"yuma/{name}")
    given, expected = epoch_input(case), case["outputs"]
    go_to(given.current_block)
    add_network(NETUID, given.tempo)
    store(ctx, given, add_neuron)

    read = epoch.epoch_input(ctx, epoch.Subnet.read(ctx, NETUID), 0, given.rao_emission)
    for name in (field.name for field in fields(EpochInput)):
        assert plain(getattr(read, name)) == plain(getattr(given, name)), name

    earned = epoch.epoch_with_mechanisms(ctx, NETUID, given.rao_emission)
    assert [each.incentive for each in earned] == expected["server_emission"]
    assert [each.dividend for each in earned] == expected["validator_emission"]
    for name, output in STORED.items():
        assert getattr(neurons, name).get(ctx, NETUID).tolist() == expected[output], name
    stored = [neurons.Bonds.get(ctx, NETUID, uid).tolist() for uid in range(given.n)]
    assert stored == expected["bonds"]
