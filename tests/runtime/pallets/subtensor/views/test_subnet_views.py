"""Runtime APIs about subnets and neurons: every field against storage, bytes against the plain codecs."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from pysubtensor.runtime.apis import delegate_info, neuron_info, stake_info, subnet_info, subnet_registration
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.runtime_api import RuntimeApi
from pysubtensor.runtime.pallets.commitments.declared import CommitmentInfo, CommitmentOf, Registration
from pysubtensor.runtime.pallets.subtensor.declared.types import AxonInfo, ChainIdentityV2, SubnetIdentityV3
from pysubtensor.runtime.pallets.subtensor.storage import neurons
from pysubtensor.runtime.pallets.subtensor.storage.delegation import MinChildkeyTake
from pysubtensor.runtime.pallets.subtensor.storage.emission import PendingServerEmission, PendingValidatorEmission
from pysubtensor.runtime.pallets.subtensor.storage.hyperparameters import (
    AlphaSigmoidSteepness,
    LiquidAlphaOn,
    MaxAllowedUids,
    Yuma3On,
)
from pysubtensor.runtime.pallets.subtensor.storage.networks import NetworkImmunityPeriod, NetworksAdded
from pysubtensor.runtime.pallets.subtensor.storage.pools import SubnetAlphaIn, SubnetTAO
from pysubtensor.runtime.pallets.subtensor.storage.registration import BurnHalfLife, BurnIncreaseMult
from pysubtensor.runtime.pallets.subtensor.storage.serving import Axons, IdentitiesV2, SubnetIdentitiesV3
from pysubtensor.runtime.pallets.subtensor.storage.staking import (
    AlphaDividendsPerSubnet,
    AutoStakeDestination,
    LastHotkeyEmissionOnNetuid,
)
from pysubtensor.runtime.pallets.subtensor.storage.tempo import BlocksSinceLastStep, LastMechansimStepBlock, Tempo
from pysubtensor.runtime.pallets.subtensor.storage.weights import StakeThreshold, Weights
from pysubtensor.runtime.pallets.subtensor.subnets import hyperparameters as setters
from pysubtensor.runtime.pallets.subtensor.subnets.mechanism import do_set_mechanism_count
from pysubtensor.runtime.pallets.subtensor.subnets.networks import get_network_lock_cost
from pysubtensor.runtime.pallets.subtensor.views.metagraph import FIELD_NAMES
from pysubtensor.runtime.pallets.subtensor.views.neuron_info import NeuronInfo
from pysubtensor.runtime.pallets.subtensor.views.subnet_info import (
    U16,
    U32,
    U64,
    Bool,
    FixedI32F32,
    FixedU64F64,
    TaoBalance,
)

from tests.world import AddNetwork, AddNeuron, GoTo, account

SUBNETS, NEURONS = subnet_info.api, neuron_info.api
HOTKEYS, COLDKEYS = [account(n) for n in (1, 2, 3)], [account(n) for n in (11, 12, 12)]
ZERO = bytes(32)
NOW = 100


def ask(ctx: Context, api: RuntimeApi, name: str, *arguments: Any) -> Any:
    """Return the result of a method, with encoded arguments and result."""
    method = api.methods[name]
    encoded = b"".join(field.codec.encode(value) for field, value in zip(method.inputs, arguments, strict=True))
    return method.output.decode(method.answer(ctx, encoded))


@pytest.fixture
def subnet(ctx: Context, add_network: AddNetwork, add_neuron: AddNeuron, go_to: GoTo) -> int:
    """Subnet 1, of a tempo of 20, with three neurons of two coldkeys and 10, 20 and 30 alpha; it is block 100."""
    netuid = add_network(1, 20, owner=COLDKEYS[0])
    for position, (hotkey, coldkey) in enumerate(zip(HOTKEYS, COLDKEYS, strict=True)):
        add_neuron(netuid, hotkey, coldkey, stake=10 * (position + 1) * 10**9)
        neurons.BlockAtRegistration.put(ctx, netuid, position, 7 + position)
    go_to(NOW)
    return netuid


# --- subnets in short ----------------------------------------------------------------------------------------------


def test_a_subnet_that_does_not_exist_has_no_views(ctx: Context) -> None:
    for name, method in SUBNETS.methods.items():
        given = [field.name for field in method.inputs]
        if given and given[0] == "netuid" and name != "get_next_epoch_start_block":
            arguments = {"netuid": 7, "mecid": 0, "subid": 0, "metagraph_indexes": [0, 1]}
            assert ask(ctx, SUBNETS, name, *(arguments[each] for each in given)) is None, name
    assert ask(ctx, NEURONS, "get_neurons", 7) == ask(ctx, NEURONS, "get_neurons_lite", 7) == []
    assert ask(ctx, NEURONS, "get_neuron", 7, 0) is ask(ctx, NEURONS, "get_neuron_lite", 7, 0) is None


def test_subnet_info_is_what_is_stored_and_former_fields_are_fixed(ctx: Context, subnet: int) -> None:
    BlocksSinceLastStep.put(ctx, subnet, 9)
    LastMechansimStepBlock.put(ctx, subnet, 60)
    info = ask(ctx, SUBNETS, "get_subnet_info", subnet)
    assert (info.netuid, info.tempo, info.subnetwork_n, info.owner) == (subnet, 20, 3, COLDKEYS[0])
    assert info.blocks_since_last_step == 9  # as counted, not as the difference of blocks
    assert (info.max_weights_limit, info.network_modality, info.network_connect, info.emission_values) == (
        65535,
        0,
        [],
        0,
    )
    assert info.max_allowed_uids == MaxAllowedUids.get(ctx, subnet)
    second = ask(ctx, SUBNETS, "get_subnet_info_v2", subnet)
    assert second.identity is None
    common = {field.name for field in dataclasses.fields(info)} & {field.name for field in dataclasses.fields(second)}
    assert len(common) == 17
    assert all(getattr(info, name) == getattr(second, name) for name in common)


def test_lists_of_subnets_omit_removed_subnets(ctx: Context, subnet: int, add_network: AddNetwork) -> None:
    add_network(256, 13)
    NetworksAdded.put(ctx, 5, False)
    assert [info.netuid for info in ask(ctx, SUBNETS, "get_subnets_info")] == [subnet, 256]
    assert [info.netuid for info in ask(ctx, SUBNETS, "get_subnets_info_v2")] == [subnet, 256]
    # The chain's order is that of keys: 256 is 00 01, subnet 1 is 01 00.
    NetworksAdded.remove(ctx, 5)
    assert [info.netuid for info in ask(ctx, SUBNETS, "get_all_dynamic_info")] == [256, subnet]
    assert [graph.netuid for graph in ask(ctx, SUBNETS, "get_all_metagraphs")] == [256, subnet]


def test_dynamic_info_sums_pending_emission(ctx: Context, subnet: int) -> None:
    SubnetTAO.put(ctx, subnet, 5)
    SubnetAlphaIn.put(ctx, subnet, 6)
    PendingServerEmission.put(ctx, subnet, 2**64 - 3)
    PendingValidatorEmission.put(ctx, subnet, 1)
    LastMechansimStepBlock.put(ctx, subnet, 60)
    info = ask(ctx, SUBNETS, "get_dynamic_info", subnet)
    assert (info.tao_in, info.alpha_in, info.last_step, info.blocks_since_last_step) == (5, 6, 60, 40)
    assert (info.pending_alpha_emission, info.emission, info.pending_root_emission) == (2**64 - 2, 0, 0)
    PendingValidatorEmission.put(ctx, subnet, 9)
    assert ask(ctx, SUBNETS, "get_dynamic_info", subnet).pending_alpha_emission == 2**64 - 1
    assert (info.subnet_name, info.token_symbol) == (b"apex", "𝜏".encode())


def test_a_name_and_a_symbol_are_a_compact_number_for_each_byte(ctx: Context, subnet: int) -> None:
    SubnetIdentitiesV3.put(ctx, subnet, SubnetIdentityV3(subnet_name="é".encode()))
    answer = SUBNETS.methods["get_dynamic_info"].answer(ctx, b"\1\0")
    # Some; netuid 1; two accounts; two bytes above 63, each in two.
    assert answer[:2] == b"\1\4"
    assert answer[66:71] == bytes.fromhex("08 0d03 a502")


# --- hyperparameters -----------------------------------------------------------------------------------------------


def test_hyperparameters_of_version_3_are_the_stored_ones(ctx: Context, subnet: int) -> None:
    """Numbers of the real pallet's test."""
    setters.set_kappa(ctx, subnet, 12)
    setters.set_immunity_period(ctx, subnet, 13)
    setters.set_min_allowed_weights(ctx, subnet, 14)
    Tempo.put(ctx, subnet, 16)
    setters.set_weights_version_key(ctx, subnet, 19)
    setters.set_weights_set_rate_limit(ctx, subnet, 20)
    setters.set_activity_cutoff_factor_milli(ctx, subnet, 1375)
    setters.set_network_registration_allowed(ctx, subnet, False)
    setters.set_min_burn(ctx, subnet, 25)
    BurnHalfLife.put(ctx, subnet, 33)
    BurnIncreaseMult.put(ctx, subnet, 2 << 64)
    LiquidAlphaOn.put(ctx, subnet, True)
    AlphaSigmoidSteepness.put(ctx, subnet, -5)
    Yuma3On.put(ctx, subnet, True)
    MinChildkeyTake.put(ctx, 31)
    setters.set_min_childkey_take_for_subnet(ctx, subnet, 32)
    entries = ask(ctx, SUBNETS, "get_subnet_hyperparams_v3", subnet)
    values = {entry.name.decode(): entry.value for entry in entries}
    assert len(entries) == len(values) == 33
    assert values["kappa"] == U16(12)
    assert values["immunity_period"] == U16(13)
    assert values["min_allowed_weights"] == U16(14)
    assert values["max_weights_limit"] == U16(65535)
    assert values["weights_version"] == U64(19)
    assert values["weights_rate_limit"] == U64(20)
    assert values["activity_cutoff"] == U64(22)
    assert values["activity_cutoff_factor"] == U32(1375)
    assert values["registration_allowed"] == Bool(False)
    assert values["min_burn"] == TaoBalance(25)
    assert values["burn_half_life"] == U16(33)
    assert values["burn_increase_mult"] == FixedU64F64(2 << 64)
    assert values["liquid_alpha_enabled"] == Bool(True)
    assert values["alpha_sigmoid_steepness"] == FixedI32F32(-5 << 32)
    assert values["yuma_version"] == U16(3)
    assert values["user_liquidity_enabled"] == Bool(False)
    assert values["min_childkey_take"] == U16(32)


def test_the_versions_of_hyperparameters_agree(ctx: Context, subnet: int) -> None:
    first = ask(ctx, SUBNETS, "get_subnet_hyperparams", subnet)
    second = ask(ctx, SUBNETS, "get_subnet_hyperparams_v2", subnet)
    third = {entry.name.decode(): entry.value.value for entry in ask(ctx, SUBNETS, "get_subnet_hyperparams_v3", subnet)}
    one, two = dataclasses.asdict(first), dataclasses.asdict(second)
    assert {name: two[name] for name in one} == one
    shared = third.keys() & two.keys()
    assert len(shared) == 27
    assert {name: two[name] for name in shared} == {name: third[name] for name in shared}
    assert (two["yuma_version"], two["alpha_low"], two["alpha_high"]) == (3, 45_875, 58_982)


# --- metagraphs ----------------------------------------------------------------------------------------------------


def test_a_metagraph_has_each_neurons_own_values_by_uid(ctx: Context, subnet: int) -> None:
    Axons.put(ctx, subnet, HOTKEYS[1], AxonInfo(5, 1, 2**31, 8091, 4, 0, 0, 0))
    IdentitiesV2.put(ctx, COLDKEYS[1], ChainIdentityV2(name=b"twelve"))
    AlphaDividendsPerSubnet.put(ctx, subnet, HOTKEYS[2], 77)
    neurons.Emission.put(ctx, subnet, np.array([1, 2**14, 2**40], np.uint64))
    neurons.Dividends.put(ctx, subnet, np.array([0, 64, 65535], np.uint16))
    graph = ask(ctx, SUBNETS, "get_metagraph", subnet)
    assert (graph.hotkeys, graph.coldkeys) == (HOTKEYS, COLDKEYS)
    assert (graph.block, graph.num_uids, graph.tempo) == (NOW, 3, 20)
    assert [axon.port for axon in graph.axons] == [0, 8091, 0]
    assert [each and each.name for each in graph.identities] == [None, b"twelve", b"twelve"]
    assert graph.emission.tolist() == [1, 2**14, 2**40]
    assert graph.dividends.tolist() == [0, 64, 65535]
    assert graph.block_at_registration.tolist() == [7, 8, 9]
    assert graph.alpha_stake.tolist() == graph.total_stake.tolist() == [10 * 10**9, 20 * 10**9, 30 * 10**9]
    assert graph.tao_stake.tolist() == [0, 0, 0]
    assert graph.tao_dividends_per_hotkey == [(hotkey, 0) for hotkey in HOTKEYS]
    assert graph.alpha_dividends_per_hotkey == list(zip(HOTKEYS, (0, 0, 77), strict=True))
    assert len(graph.pruning_score) == len(graph.trust) == len(graph.rank) == 0


def test_a_uid_without_hotkey_has_zeros(ctx: Context, subnet: int) -> None:
    neurons.Keys.remove(ctx, subnet, 1)
    graph = ask(ctx, SUBNETS, "get_metagraph", subnet)
    assert graph.hotkeys == [HOTKEYS[0], ZERO, HOTKEYS[2]]
    assert graph.coldkeys[1] == ZERO
    assert graph.total_stake.tolist()[1] == 0
    # Lists of neurons end there instead.
    assert len(ask(ctx, NEURONS, "get_neurons", subnet)) == 1


def test_a_selective_metagraph_has_only_the_requested_fields(ctx: Context, subnet: int) -> None:
    whole = ask(ctx, SUBNETS, "get_metagraph", subnet)
    plain = [i for i, name in enumerate(FIELD_NAMES) if name not in ("netuid", "identity", "validators", "commitments")]
    for index in plain:
        graph = ask(ctx, SUBNETS, "get_selective_metagraph", subnet, [index])
        there = {name for name in FIELD_NAMES if getattr(graph, name) is not None}
        assert there == {"netuid", FIELD_NAMES[index]}
        np.testing.assert_array_equal(getattr(graph, FIELD_NAMES[index]), getattr(whole, FIELD_NAMES[index]))


def test_fields_are_numbered_as_clients_number_them(ctx: Context, subnet: int) -> None:
    numbers = {0: "netuid", 3: "identity", 7: "block", 21: "moving_price", 32: "burn", 51: "bonds_moving_avg"}
    numbers |= {52: "hotkeys", 60: "emission", 66: "block_at_registration", 71: "alpha_dividends_per_hotkey"}
    numbers |= {72: "validators", 73: "commitments"}
    assert {number: FIELD_NAMES[number] for number in numbers} == numbers
    assert len(FIELD_NAMES) == 74


def test_the_netuid_of_a_selective_metagraph_is_0_unless_requested(ctx: Context, subnet: int) -> None:
    assert ask(ctx, SUBNETS, "get_selective_metagraph", subnet, [7]).netuid == 0
    assert ask(ctx, SUBNETS, "get_selective_metagraph", subnet, [7, 0]).netuid == subnet
    assert ask(ctx, SUBNETS, "get_selective_mechagraph", subnet, 1, [7]).netuid == subnet
    assert ask(ctx, SUBNETS, "get_selective_mechagraph", subnet, 1, [0]).netuid == subnet


def test_unknown_fields_are_ignored(ctx: Context, subnet: int) -> None:
    nothing = ask(ctx, SUBNETS, "get_selective_metagraph", subnet, [74, 65535])
    assert all(value is None for value in list(dataclasses.asdict(nothing).values())[1:])


def test_a_missing_identity_differs_from_one_not_requested(ctx: Context, subnet: int) -> None:
    method = SUBNETS.methods["get_selective_metagraph"]

    def identity(asked: bytes) -> bytes:
        """Return the fields after netuid, name and symbol."""
        return method.answer(ctx, b"\1\0" + asked)[4:6]

    assert identity(b"\0") == b"\0\0"
    assert identity(b"\4\3\0") == b"\1\0"
    SubnetIdentitiesV3.put(ctx, subnet, SubnetIdentityV3(subnet_name=b"x"))
    assert identity(b"\4\3\0") == b"\1\1"


def test_validators_have_a_permit_and_more_stake_than_the_threshold_by_rising_stake(ctx: Context, subnet: int) -> None:
    neurons.ValidatorPermit.put(ctx, subnet, np.array([True, False, True]))
    validators = FIELD_NAMES.index("validators")
    assert ask(ctx, SUBNETS, "get_selective_metagraph", subnet, [validators]).validators.tolist() == [0, 2]
    neurons.ValidatorPermit.put(ctx, subnet, np.array([True, True, True]))
    StakeThreshold.put(ctx, 10 * 10**9)
    assert ask(ctx, SUBNETS, "get_selective_metagraph", subnet, [validators]).validators.tolist() == [1, 2]


def test_commitments_are_the_stored_registrations(ctx: Context, subnet: int) -> None:
    registration = Registration(deposit=200, block=3, info=CommitmentInfo([]))
    CommitmentOf.put(ctx, subnet, HOTKEYS[1], registration)
    graph = ask(ctx, SUBNETS, "get_selective_metagraph", subnet, [FIELD_NAMES.index("commitments")])
    assert graph.commitments == [(HOTKEYS[1], Registration.scale.encode(registration))]


def test_a_mechagraph_has_the_mechanisms_own_incentives_and_updates(ctx: Context, subnet: int) -> None:
    MaxAllowedUids.put(ctx, subnet, 128)
    do_set_mechanism_count(ctx, subnet, 2)
    index = 4096 + subnet
    neurons.Incentive.put(ctx, index, np.array([7, 8, 9], np.uint16))
    neurons.LastUpdate.put(ctx, index, np.array([17, 18, 19], np.uint64))
    graph = ask(ctx, SUBNETS, "get_mechagraph", subnet, 1)
    assert (graph.netuid, graph.incentives.tolist(), graph.last_update.tolist()) == (index, [7, 8, 9], [17, 18, 19])
    assert graph.hotkeys == HOTKEYS
    assert ask(ctx, SUBNETS, "get_mechagraph", subnet, 2) is None
    assert [each.netuid for each in ask(ctx, SUBNETS, "get_all_mechagraphs")] == [subnet, index]
    selected = ask(ctx, SUBNETS, "get_selective_mechagraph", subnet, 1, [FIELD_NAMES.index("incentives"), 7])
    assert (selected.incentives.tolist(), selected.block) == ([7, 8, 9], NOW)


def test_the_state_of_a_subnet_has_emission_history_of_all_subnets(
    ctx: Context, subnet: int, add_network: AddNetwork
) -> None:
    add_network(2, 13)
    LastHotkeyEmissionOnNetuid.put(ctx, HOTKEYS[1], subnet, 5)
    LastHotkeyEmissionOnNetuid.put(ctx, HOTKEYS[2], 2, 6)
    state = ask(ctx, SUBNETS, "get_subnet_state", subnet)
    assert [row.tolist() for row in state.emission_history] == [[0, 5, 0], [0, 0, 6]]
    assert (state.hotkeys, state.coldkeys) == (HOTKEYS, COLDKEYS)
    assert state.alpha_stake.tolist() == [10 * 10**9, 20 * 10**9, 30 * 10**9]


# --- neurons -------------------------------------------------------------------------------------------------------


def test_a_neuron_has_all_stake_on_its_hotkey_and_its_positive_weights(ctx: Context, subnet: int) -> None:
    Weights.put(ctx, subnet, 1, np.array([[0, 5], [1, 0], [2, 65535]], np.uint16))
    neurons.Bonds.put(ctx, subnet, 1, np.array([[2, 100]], np.uint16))
    neurons.ValidatorTrust.put(ctx, subnet, np.array([1, 2, 3], np.uint16))
    neuron = ask(ctx, NEURONS, "get_neuron", subnet, 1)
    assert (neuron.uid, neuron.hotkey, neuron.coldkey) == (1, HOTKEYS[1], COLDKEYS[1])
    assert neuron.weights.tolist() == [[0, 5], [2, 65535]]
    assert neuron.bonds.tolist() == [[2, 100]]
    assert neuron.stake == [(COLDKEYS[1], 20 * 10**9)]
    assert (neuron.validator_trust, neuron.active, neuron.rank, neuron.trust, neuron.pruning_score) == (
        2,
        True,
        0,
        0,
        65535,
    )
    lite = ask(ctx, NEURONS, "get_neuron_lite", subnet, 1)
    assert all(getattr(neuron, field.name) == getattr(lite, field.name) for field in dataclasses.fields(lite))


def test_lists_of_neurons_are_the_single_neurons(ctx: Context, subnet: int) -> None:
    for name in ("get_neurons", "get_neurons_lite"):
        one = NEURONS.methods[name.replace("neurons", "neuron")].answer
        singles = [one(ctx, b"\1\0" + uid.to_bytes(2, "little")) for uid in range(3)]
        assert NEURONS.methods[name].answer(ctx, b"\1\0") == bytes((3 << 2,)) + b"".join(each[1:] for each in singles)
    assert ask(ctx, NEURONS, "get_neuron", subnet, 3) is None


def test_an_array_that_is_too_short_reads_as_zero(ctx: Context, subnet: int) -> None:
    neurons.Active.put(ctx, subnet, np.array([True]))
    neurons.Emission.put(ctx, subnet, np.array([1], np.uint64))
    neuron = ask(ctx, NEURONS, "get_neuron_lite", subnet, 2)
    assert (neuron.active, neuron.emission) == (False, 0)


# --- the rest ------------------------------------------------------------------------------------------------------


def test_small_queries_about_subnets(ctx: Context, subnet: int, go_to: GoTo) -> None:
    AutoStakeDestination.put(ctx, COLDKEYS[0], subnet, HOTKEYS[2])
    assert ask(ctx, SUBNETS, "get_coldkey_auto_stake_hotkey", COLDKEYS[0], subnet) == HOTKEYS[2]
    assert ask(ctx, SUBNETS, "get_coldkey_auto_stake_hotkey", COLDKEYS[1], subnet) is None
    assert ask(ctx, SUBNETS, "get_subnet_account_id", subnet)[:4] == b"modl"
    assert ask(ctx, SUBNETS, "get_next_epoch_start_block", subnet) == 20
    NetworkImmunityPeriod.put(ctx, NOW + 1)
    assert ask(ctx, SUBNETS, "get_subnet_to_prune") is None
    go_to(NOW + 200)
    assert ask(ctx, SUBNETS, "get_subnet_to_prune") == subnet
    cost = ask(ctx, subnet_registration.api, "get_network_registration_cost")
    assert cost == get_network_lock_cost(ctx) >= 10**11


def test_every_method_of_the_chain_exists_with_its_output_type() -> None:
    """The real interface is compared in `tests/runtime/test_interface.py`."""
    apis = (SUBNETS, NEURONS, stake_info.api, delegate_info.api)
    assert [len(api.methods) for api in apis] == [20, 4, 8, 3]
    assert SUBNETS.version == 2
    account, crate = "sp_core::crypto::AccountId32", "pallet_subtensor::rpc_info"
    stake = f"{crate}::stake_info::StakeInfo<{account}>"
    outputs = {name: method.output.name for api in apis for name, method in api.methods.items()}
    assert outputs["get_stake_info_for_coldkeys"] == f"Vec<({account}, Vec<{stake}>)>"
    assert outputs["get_all_metagraphs"] == f"Vec<Option<{crate}::metagraph::Metagraph<{account}>>>"
    fields = {field.name: field.codec.name for field in NeuronInfo.scale.fields}
    assert fields["weights"] == "Vec<(Compact<u16>, Compact<u16>)>"
    assert fields["stake"] == f"Vec<({account}, Compact<u64>)>"
