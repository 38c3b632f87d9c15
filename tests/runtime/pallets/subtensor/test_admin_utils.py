"""AdminUtils, call by call: the item that it sets, its event, its origin and its time.

The rules of single calls are in `test_admin_utils_rules.py`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import BadOrigin
from pysubtensor.runtime.frame.origin import NONE, ROOT_ORIGIN
from pysubtensor.runtime.frame.weight import DispatchClass, Pays
from pysubtensor.runtime.pallets import admin_utils
from pysubtensor.runtime.pallets.admin_utils.pallet import Error, Event
from pysubtensor.runtime.pallets.subtensor import calls as subtensor
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error as SubtensorError
from pysubtensor.runtime.pallets.subtensor.declared.events import Event as SubtensorEvent
from pysubtensor.runtime.pallets.subtensor.declared.types import RecycleOrBurnEnum
from pysubtensor.runtime.pallets.subtensor.storage.neurons import SubnetworkN
from pysubtensor.runtime.pallets.subtensor.storage.tempo import LastEpochBlock
from pysubtensor.runtime.scale import Sum

from tests.costs import own_info
from tests.world import BOB, CHARLIE, ONE, AddNetwork, Dispatch, Events, GoTo, RefusedCall

OWNER, OTHER = BOB, CHARLIE
NETUID, UNKNOWN = 1, 2
CALLS = {call.name: call for call in admin_utils.pallet.calls.values()}
EVENTS = {event.__name__: event for event in (*SubtensorEvent.__subclasses__(), *Event.__subclasses__())}


class Setter(NamedTuple):
    """A call that sets one item: its name, the value, the item, and its events."""

    call: str
    value: Any
    item: str
    events: str = ""


#: Parameters of the whole chain, by root.
GLOBAL = [
    Setter("sudo_set_default_take", 10, "MaxDelegateTake", "MaxDelegateTakeSet"),
    Setter("sudo_set_tx_rate_limit", 10, "TxRateLimit", "TxRateLimitSet"),
    Setter("sudo_set_subnet_owner_cut", 10, "SubnetOwnerCut", "SubnetOwnerCutSet"),
    Setter("sudo_set_network_rate_limit", 10, "NetworkRateLimit", "NetworkRateLimitSet"),
    Setter("sudo_set_network_immunity_period", 10, "NetworkImmunityPeriod", "NetworkImmunityPeriodSet"),
    Setter("sudo_set_network_min_lock_cost", 10, "NetworkMinLockCost", "NetworkMinLockCostSet"),
    Setter("sudo_set_subnet_limit", 10, "SubnetLimit", "SubnetLimitSet"),
    Setter(
        "sudo_set_lock_reduction_interval", 7_200, "NetworkLockReductionInterval", "NetworkLockCostReductionIntervalSet"
    ),
    Setter("sudo_set_stake_threshold", 10, "StakeThreshold", "StakeThresholdSet"),
    Setter("sudo_set_tx_delegate_take_rate_limit", 10, "TxDelegateTakeRateLimit", "TxDelegateTakeRateLimitSet"),
    Setter("sudo_set_min_delegate_take", 655, "MinDelegateTake", "MinDelegateTakeSet"),
    Setter(
        "sudo_set_dissolve_network_schedule_duration",
        200,
        "DissolveNetworkScheduleDuration",
        "DissolveNetworkScheduleDurationSet",
    ),
    Setter("sudo_set_subnet_moving_alpha", 1 << 31, "SubnetMovingAlpha"),
    Setter("sudo_set_commit_reveal_version", 5, "CommitRevealWeightsVersion", "CommitRevealVersionSet"),
    Setter("sudo_set_ck_burn", 10, "CKBurn"),
    Setter("sudo_set_admin_freeze_window", 7, "AdminFreezeWindow", "AdminFreezeWindowSet"),
    Setter("sudo_set_owner_hparam_rate_limit", 5, "OwnerHyperparamRateLimit", "OwnerHyperparamRateLimitSet"),
    Setter("sudo_set_tao_flow_cutoff", -ONE, "TaoFlowCutoff"),
    Setter("sudo_set_tao_flow_normalization_exponent", 2 * ONE, "FlowNormExponent"),
    Setter("sudo_set_tao_flow_smoothing_factor", 10, "FlowEmaSmoothingFactor"),
    Setter("sudo_set_start_call_delay", 10, "StartCallDelay", "StartCallDelaySet"),
    Setter(
        "sudo_set_coldkey_swap_announcement_delay",
        100,
        "ColdkeySwapAnnouncementDelay",
        "ColdkeySwapAnnouncementDelaySet",
    ),
    Setter(
        "sudo_set_coldkey_swap_reannouncement_delay",
        100,
        "ColdkeySwapReannouncementDelay",
        "ColdkeySwapReannouncementDelaySet",
    ),
    Setter("sudo_set_max_mechanism_count", 8, "MaxMechanismCount"),
    Setter("sudo_set_net_tao_flow_enabled", False, "NetTaoFlowEnabled"),
    Setter("sudo_set_max_epochs_per_block", 35, "MaxEpochsPerBlock", "MaxEpochsPerBlockSet"),
]

#: Parameters of an existing subnet, by root only, at any time.
BY_ROOT = [
    Setter("sudo_set_weights_set_rate_limit", 10, "WeightsSetRateLimit", "WeightsSetRateLimitSet"),
    Setter("sudo_set_adjustment_interval", 10, "AdjustmentInterval", "AdjustmentIntervalSet"),
    Setter("sudo_set_kappa", 10, "Kappa", "KappaSet"),
    Setter("sudo_set_rao_recycled", 10, "RAORecycledForRegistration", "RAORecycledForRegistrationSet"),
    Setter("sudo_set_subnet_emission_enabled", False, "SubnetEmissionEnabled", "SubnetEmissionEnabledSet"),
]

#: The same, whether the subnet exists or not.
BY_ROOT_ANYWHERE = [
    Setter("sudo_set_network_registration_allowed", False, "NetworkRegistrationAllowed", "RegistrationAllowed"),
    Setter("sudo_set_ema_price_halving_period", 10, "EMAPriceHalvingBlocks"),
    Setter("sudo_set_min_non_immune_uids", 12, "MinNonImmuneUids", "MinNonImmuneUidsSet"),
]

#: The same for an existing subnet, while parameters are not frozen.
BY_ROOT_IN_WINDOW = [
    Setter("sudo_set_tempo", 20, "Tempo", "TempoSet"),
    Setter("sudo_set_min_difficulty", 10, "MinDifficulty", "MinDifficultySet"),
    Setter("sudo_set_difficulty", 10, "Difficulty", "DifficultySet"),
    Setter(
        "sudo_set_target_registrations_per_interval", 10, "TargetRegistrationsPerInterval", "RegistrationPerIntervalSet"
    ),
    Setter("sudo_set_max_registrations_per_block", 10, "MaxRegistrationsPerBlock", "MaxRegistrationsPerBlockSet"),
    Setter("sudo_set_max_allowed_validators", 10, "MaxAllowedValidators", "MaxAllowedValidatorsSet"),
    Setter("sudo_set_min_allowed_uids", 3, "MinAllowedUids", "MinAllowedUidsSet"),
]

#: Parameters that the owner of a subnet may set, too.
BY_OWNER = [
    Setter("sudo_set_max_difficulty", 10, "MaxDifficulty", "MaxDifficultySet"),
    Setter("sudo_set_weights_version_key", 10, "WeightsVersionKey", "WeightsVersionKeySet"),
    Setter("sudo_set_adjustment_alpha", 10, "AdjustmentAlpha", "AdjustmentAlphaSet"),
    Setter("sudo_set_immunity_period", 10, "ImmunityPeriod", "ImmunityPeriodSet"),
    Setter("sudo_set_min_allowed_weights", 10, "MinAllowedWeights", "MinAllowedWeightSet"),
    Setter("sudo_set_max_allowed_uids", 12, "MaxAllowedUids", "MaxAllowedUidsSet"),
    Setter("sudo_set_rho", 10, "Rho"),
    Setter("sudo_set_activity_cutoff", 360, "ActivityCutoff", "ActivityCutoffSet"),
    Setter("sudo_set_min_burn", 1_000_000, "MinBurn", "MinBurnSet"),
    Setter("sudo_set_max_burn", 100_000_001, "MaxBurn", "MaxBurnSet"),
    Setter("sudo_set_bonds_moving_average", 975_000, "BondsMovingAverage", "BondsMovingAverageSet"),
    Setter("sudo_set_bonds_penalty", 10, "BondsPenalty", "BondsPenaltySet"),
    Setter("sudo_set_min_childkey_take_per_subnet", 5_898, "MinChildkeyTakePerSubnet", "MinChildKeyTakePerSubnetSet"),
    Setter("sudo_set_commit_reveal_weights_enabled", False, "CommitRevealWeightsEnabled", "CommitRevealEnabled"),
    Setter("sudo_set_commit_reveal_weights_interval", 55, "RevealPeriodEpochs", "CommitRevealPeriodsSet"),
    Setter("sudo_set_alpha_sigmoid_steepness", 5_000, "AlphaSigmoidSteepness"),
    Setter("sudo_set_burn_half_life", 36_100, "BurnHalfLife", "BurnHalfLifeSet"),
    Setter("sudo_set_burn_increase_mult", 3 * ONE, "BurnIncreaseMult", "BurnIncreaseMultSet"),
]

#: The same, whether or not the subnet exists: only root can set them before it does.
BY_OWNER_ANYWHERE = [
    Setter("sudo_set_serving_rate_limit", 10, "ServingRateLimit", "ServingRateLimitSet"),
    Setter("sudo_set_liquid_alpha_enabled", True, "LiquidAlphaOn"),
    Setter("sudo_set_toggle_transfer", False, "TransferToggle", "TransferToggle"),
    Setter("sudo_set_recycle_or_burn", RecycleOrBurnEnum.Recycle, "RecycleOrBurn"),
    Setter("sudo_set_yuma3_enabled", False, "Yuma3On", "Yuma3EnableToggled"),
    Setter("sudo_set_bonds_reset_enabled", True, "BondsResetOn", "BondsResetOnSet BondsResetToggled"),
    Setter("sudo_set_owner_immune_neuron_limit", 10, "ImmuneOwnerUidsLimit"),
]

#: The same for an existing subnet, without rate limit.
BY_OWNER_UNLIMITED = [
    Setter("sudo_set_owner_cut_enabled", False, "OwnerCutEnabled"),
    Setter("sudo_set_owner_cut_auto_lock_enabled", True, "OwnerCutAutoLockEnabled"),
]

ALL = [*GLOBAL, *BY_ROOT, *BY_ROOT_ANYWHERE, *BY_ROOT_IN_WINDOW, *BY_OWNER, *BY_OWNER_ANYWHERE, *BY_OWNER_UNLIMITED]
OF_SUBNET = ALL[len(GLOBAL) :]
ROOT_ALONE = [*BY_ROOT, *BY_ROOT_ANYWHERE, *BY_ROOT_IN_WINDOW]
LIMITED = [*BY_OWNER, *BY_OWNER_ANYWHERE]
IN_WINDOW = [*BY_ROOT_IN_WINDOW, *LIMITED, *BY_OWNER_UNLIMITED]


def each(setters: list[Setter]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("setter", setters, ids=lambda setter: setter.call)


def on(netuid: int, setter: Setter) -> Call:
    """Return the call for a subnet."""
    return CALLS[setter.call].call(netuid, setter.value)


def stored(ctx: Context, setter: Setter, *key: int) -> Any:
    item: Any = subtensor.pallet.storage[setter.item]
    return item.get(ctx, *key)


def events_of(setter: Setter, *key: int) -> list[Sum]:
    """Return the expected events of the call."""
    return [EVENTS[name](*key, setter.value) for name in setter.events.split()]


@pytest.fixture(autouse=True)
def nine_neurons(ctx: Context, owned_subnet: int) -> None:
    SubnetworkN.put(ctx, owned_subnet, 9)


@each(GLOBAL)
def test_root_sets_a_parameter_of_the_chain(
    setter: Setter, ctx: Context, dispatch: Dispatch, refused: RefusedCall, events: Events
) -> None:
    change = CALLS[setter.call].call(setter.value)
    assert stored(ctx, setter) != setter.value
    for origin in (OWNER, OTHER, NONE):
        refused(origin, change, BadOrigin())
    events()
    dispatch(ROOT_ORIGIN, change)
    assert stored(ctx, setter) == setter.value
    assert events() == events_of(setter)


@each(OF_SUBNET)
def test_root_sets_a_parameter_of_a_subnet(setter: Setter, ctx: Context, dispatch: Dispatch, events: Events) -> None:
    change = on(NETUID, setter)
    assert stored(ctx, setter, NETUID) != setter.value
    events()
    dispatch(ROOT_ORIGIN, change)
    assert stored(ctx, setter, NETUID) == setter.value
    assert events() == events_of(setter, NETUID)
    dispatch(ROOT_ORIGIN, change)  # at once again: root has no rate limit


@each(OF_SUBNET)
def test_strangers_set_no_parameter_of_a_subnet(setter: Setter, refused: RefusedCall) -> None:
    for origin in (OTHER, NONE):
        refused(origin, on(NETUID, setter), BadOrigin())


@each(ROOT_ALONE)
def test_some_parameters_of_a_subnet_need_root(setter: Setter, refused: RefusedCall) -> None:
    refused(OWNER, on(NETUID, setter), BadOrigin())


@each(LIMITED)
def test_changes_of_owners_are_rate_limited(
    setter: Setter, ctx: Context, dispatch: Dispatch, refused: RefusedCall, go_to: GoTo
) -> None:
    change = on(NETUID, setter)
    wait = 50 if setter.item == "WeightsVersionKey" else 20  # five tempos, or two
    dispatch(OWNER, change)
    assert stored(ctx, setter, NETUID) == setter.value
    refused(OWNER, change, SubtensorError.TxRateLimitExceeded)
    LastEpochBlock.put(ctx, NETUID, wait)
    go_to(wait)
    refused(OWNER, change, SubtensorError.TxRateLimitExceeded)
    go_to(1 + wait)
    dispatch(OWNER, change)


@each(LIMITED)
def test_changes_of_root_do_not_count_for_the_owners_rate_limit(setter: Setter, dispatch: Dispatch) -> None:
    dispatch(ROOT_ORIGIN, on(NETUID, setter))
    dispatch(OWNER, on(NETUID, setter))


@each(BY_OWNER_UNLIMITED)
def test_some_parameters_have_no_rate_limit(setter: Setter, ctx: Context, dispatch: Dispatch) -> None:
    dispatch(OWNER, on(NETUID, setter))
    dispatch(OWNER, on(NETUID, setter))
    assert stored(ctx, setter, NETUID) == setter.value


@each([setter for setter in OF_SUBNET if setter not in [*BY_ROOT_ANYWHERE, *BY_OWNER_ANYWHERE]])
def test_parameters_belong_to_subnets_that_exist(setter: Setter, refused: RefusedCall) -> None:
    refused(ROOT_ORIGIN, on(UNKNOWN, setter), Error.SubnetDoesNotExist)


@each([*BY_ROOT_ANYWHERE, *BY_OWNER_ANYWHERE])
def test_some_parameters_can_be_set_before_the_subnet_exists(setter: Setter, ctx: Context, dispatch: Dispatch) -> None:
    dispatch(ROOT_ORIGIN, on(UNKNOWN, setter))
    assert stored(ctx, setter, UNKNOWN) == setter.value


@each(IN_WINDOW)
def test_parameters_are_frozen_before_an_epoch(
    setter: Setter, ctx: Context, dispatch: Dispatch, refused: RefusedCall, go_to: GoTo
) -> None:
    go_to(10)
    for who in (ROOT_ORIGIN, OWNER) if setter not in ROOT_ALONE else (ROOT_ORIGIN,):
        refused(who, on(NETUID, setter), SubtensorError.AdminActionProhibitedDuringWeightsWindow)
    LastEpochBlock.put(ctx, NETUID, 10)  # once the epoch is over
    dispatch(ROOT_ORIGIN, on(NETUID, setter))


@each([*BY_ROOT, *BY_ROOT_ANYWHERE])
def test_some_parameters_are_never_frozen(setter: Setter, dispatch: Dispatch, go_to: GoTo) -> None:
    go_to(10)
    dispatch(ROOT_ORIGIN, on(NETUID, setter))


@each([*BY_OWNER_UNLIMITED, BY_ROOT[-1], *BY_OWNER[-2:]])
def test_root_has_no_owner_cut_pool_or_price(setter: Setter, refused: RefusedCall, add_network: AddNetwork) -> None:
    refused(ROOT_ORIGIN, on(add_network(0, 10), setter), Error.NotPermittedOnRootSubnet)


@pytest.mark.parametrize(
    ("name", "args", "ref_time", "proof_size"),
    [
        ("sudo_set_kappa", (1, 2), 16_301_000 + 25_000_000 + 100_000_000, 4_084),
        ("sudo_set_max_allowed_uids", (1, 2), 43_381_000 + 8 * 25_000_000 + 100_000_000, 4_433),
        ("sudo_set_tempo", (1, 2), 36_298_000 + 5 * 25_000_000 + 200_000_000, 4_383),
        ("sudo_set_burn_half_life", (1, 2), 25_000_000 + 4 * 25_000_000 + 100_000_000, 0),
        ("sudo_set_total_issuance", (1,), 5_931_000, 0),
        ("swap_authorities", ([bytes(32)] * 3,), 4_442_146 + 3 * 29_392 + 100_000_000, 0),
        (
            "schedule_grandpa_change",
            ([(bytes(32), 1)] * 2, 1, None),
            7_972_506 + 2 * 15_444 + 25_000_000 + 100_000_000,
            2_779,
        ),
    ],
)
def test_calls_have_the_weights_of_the_chain(name: str, args: Any, ref_time: int, proof_size: int) -> None:
    info = own_info(CALLS[name].call(*args))
    assert (info.call_weight.ref_time, info.call_weight.proof_size) == (ref_time, proof_size)
    assert info.pays_fee is Pays.Yes


def test_the_calls_of_owners_about_prices_and_cuts_are_operational() -> None:
    indices = [i for i, call in admin_utils.pallet.calls.items() if call.class_ is DispatchClass.Operational]
    assert sorted(indices) == [89, 90, 92, 95]
