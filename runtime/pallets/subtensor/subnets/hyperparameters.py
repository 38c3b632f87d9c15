"""Setters of parameters: each writes a storage item and deposits its event. Callers check origins and bounds.

A parameter that is set without an event has no setter here; callers write its storage item.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from .....consensus.integers import saturating_mul_u64
from ....frame.context import Context
from ....frame.errors import ensure
from ....frame.storage import StorageMap, StorageValue
from ....scale import Sum
from ..declared import constants, events
from ..declared.errors import Error
from ..declared.limits import MAX_IMMUNE_OWNER_UIDS_LIMIT, MIN_IMMUNE_OWNER_UIDS_LIMIT
from ..storage import (
    delegation,
    emission,
    hyperparameters,
    migrations,
    networks,
    rate_limits,
    registration,
    staking,
    swaps,
    tempo,
    weights,
)

T = TypeVar("T")
#: Denominator of `NominatorMinRequiredStake`, a factor of the minimum stake.
NOMINATOR_FACTOR_DENOMINATOR = 1_000_000


def _chain_setter(item: StorageValue[T, T], event: Callable[[T], Sum]) -> Callable[[Context, T], None]:
    """Return the setter of a parameter of the whole chain."""

    def set_value(ctx: Context, value: T) -> None:
        item.put(ctx, value)
        ctx.deposit(event(value))

    return set_value


def _subnet_setter(item: StorageMap[int, T, T], event: Callable[[int, T], Sum]) -> Callable[[Context, int, T], None]:
    """Return the setter of a parameter of one subnet."""

    def set_entry(ctx: Context, netuid: int, value: T) -> None:
        item.put(ctx, netuid, value)
        ctx.deposit(event(netuid, value))

    return set_entry


# --- the whole chain -----------------------------------------------------------------------------------------------

set_admin_freeze_window = _chain_setter(hyperparameters.AdminFreezeWindow, events.AdminFreezeWindowSet)
set_owner_hyperparam_rate_limit = _chain_setter(
    rate_limits.OwnerHyperparamRateLimit, events.OwnerHyperparamRateLimitSet
)
set_tx_rate_limit = _chain_setter(rate_limits.TxRateLimit, events.TxRateLimitSet)
set_tx_delegate_take_rate_limit = _chain_setter(rate_limits.TxDelegateTakeRateLimit, events.TxDelegateTakeRateLimitSet)
set_min_delegate_take = _chain_setter(delegation.MinDelegateTake, events.MinDelegateTakeSet)
set_max_delegate_take = _chain_setter(delegation.MaxDelegateTake, events.MaxDelegateTakeSet)
set_max_subnets = _chain_setter(networks.SubnetLimit, events.SubnetLimitSet)
set_network_rate_limit = _chain_setter(networks.NetworkRateLimit, events.NetworkRateLimitSet)
set_network_immunity_period = _chain_setter(networks.NetworkImmunityPeriod, events.NetworkImmunityPeriodSet)
set_network_min_lock = _chain_setter(networks.NetworkMinLockCost, events.NetworkMinLockCostSet)
set_lock_reduction_interval = _chain_setter(
    networks.NetworkLockReductionInterval, events.NetworkLockCostReductionIntervalSet
)
set_start_call_delay = _chain_setter(networks.StartCallDelay, events.StartCallDelaySet)
set_subnet_owner_cut = _chain_setter(emission.SubnetOwnerCut, events.SubnetOwnerCutSet)
set_stake_threshold = _chain_setter(weights.StakeThreshold, events.StakeThresholdSet)
set_commit_reveal_weights_version = _chain_setter(weights.CommitRevealWeightsVersion, events.CommitRevealVersionSet)
set_max_epochs_per_block = _chain_setter(tempo.MaxEpochsPerBlock, events.MaxEpochsPerBlockSet)
set_coldkey_swap_announcement_delay = _chain_setter(
    swaps.ColdkeySwapAnnouncementDelay, events.ColdkeySwapAnnouncementDelaySet
)
set_coldkey_swap_reannouncement_delay = _chain_setter(
    swaps.ColdkeySwapReannouncementDelay, events.ColdkeySwapReannouncementDelaySet
)
set_dissolve_network_schedule_duration = _chain_setter(
    migrations.DissolveNetworkScheduleDuration, events.DissolveNetworkScheduleDurationSet
)

# --- one subnet: consensus and weights -----------------------------------------------------------------------------

set_kappa = _subnet_setter(hyperparameters.Kappa, events.KappaSet)
set_bonds_moving_average = _subnet_setter(hyperparameters.BondsMovingAverage, events.BondsMovingAverageSet)
set_bonds_penalty = _subnet_setter(hyperparameters.BondsPenalty, events.BondsPenaltySet)
set_bonds_reset = _subnet_setter(hyperparameters.BondsResetOn, events.BondsResetOnSet)
set_activity_cutoff = _subnet_setter(hyperparameters.ActivityCutoff, events.ActivityCutoffSet)
set_activity_cutoff_factor_milli = _subnet_setter(
    hyperparameters.ActivityCutoffFactorMilli, events.ActivityCutoffFactorMilliSet
)
set_min_allowed_weights = _subnet_setter(hyperparameters.MinAllowedWeights, events.MinAllowedWeightSet)
set_weights_version_key = _subnet_setter(hyperparameters.WeightsVersionKey, events.WeightsVersionKeySet)
set_weights_set_rate_limit = _subnet_setter(rate_limits.WeightsSetRateLimit, events.WeightsSetRateLimitSet)
set_commit_reveal_weights_enabled = _subnet_setter(
    hyperparameters.CommitRevealWeightsEnabled, events.CommitRevealEnabled
)

# --- one subnet: size and immunity ---------------------------------------------------------------------------------

set_min_allowed_uids = _subnet_setter(hyperparameters.MinAllowedUids, events.MinAllowedUidsSet)
set_max_allowed_uids = _subnet_setter(hyperparameters.MaxAllowedUids, events.MaxAllowedUidsSet)
set_max_allowed_validators = _subnet_setter(hyperparameters.MaxAllowedValidators, events.MaxAllowedValidatorsSet)
set_immunity_period = _subnet_setter(hyperparameters.ImmunityPeriod, events.ImmunityPeriodSet)
set_min_non_immune_uids = _subnet_setter(hyperparameters.MinNonImmuneUids, events.MinNonImmuneUidsSet)


def set_owner_immune_neuron_limit(ctx: Context, netuid: int, limit: int) -> None:
    """Set how many of the owner's neurons are never replaced. Fails with InvalidValue unless it is from 1 to 10."""
    ensure(MIN_IMMUNE_OWNER_UIDS_LIMIT <= limit <= MAX_IMMUNE_OWNER_UIDS_LIMIT, Error.InvalidValue)
    hyperparameters.ImmuneOwnerUidsLimit.put(ctx, netuid, limit)


# --- one subnet: registration --------------------------------------------------------------------------------------

set_network_registration_allowed = _subnet_setter(registration.NetworkRegistrationAllowed, events.RegistrationAllowed)
set_max_registrations_per_block = _subnet_setter(
    registration.MaxRegistrationsPerBlock, events.MaxRegistrationsPerBlockSet
)
set_target_registrations_per_interval = _subnet_setter(
    registration.TargetRegistrationsPerInterval, events.RegistrationPerIntervalSet
)
set_min_burn = _subnet_setter(registration.MinBurn, events.MinBurnSet)
set_max_burn = _subnet_setter(registration.MaxBurn, events.MaxBurnSet)
set_difficulty = _subnet_setter(registration.Difficulty, events.DifficultySet)
set_min_difficulty = _subnet_setter(registration.MinDifficulty, events.MinDifficultySet)
set_max_difficulty = _subnet_setter(registration.MaxDifficulty, events.MaxDifficultySet)
set_adjustment_interval = _subnet_setter(hyperparameters.AdjustmentInterval, events.AdjustmentIntervalSet)
set_adjustment_alpha = _subnet_setter(hyperparameters.AdjustmentAlpha, events.AdjustmentAlphaSet)
set_rao_recycled = _subnet_setter(registration.RAORecycledForRegistration, events.RAORecycledForRegistrationSet)

# --- one subnet: stake and serving ---------------------------------------------------------------------------------

toggle_transfer = _subnet_setter(networks.TransferToggle, events.TransferToggle)
set_min_childkey_take_for_subnet = _subnet_setter(
    delegation.MinChildkeyTakePerSubnet, events.MinChildKeyTakePerSubnetSet
)
set_serving_rate_limit = _subnet_setter(rate_limits.ServingRateLimit, events.ServingRateLimitSet)


# --- values derived from parameters --------------------------------------------------------------------------------


def get_nominator_min_required_stake(ctx: Context) -> int:
    """Return the minimum nomination, in rao: the minimum stake times a factor in millionths."""
    factor = staking.NominatorMinRequiredStake.get(ctx)
    return saturating_mul_u64(constants.InitialMinStake.get(ctx), factor) // NOMINATOR_FACTOR_DENOMINATOR


def get_effective_min_childkey_take(ctx: Context, netuid: int) -> int:
    """Return the minimum childkey take on a subnet, a u16 proportion: the greater of the chain's and the subnet's."""
    return max(delegation.MinChildkeyTake.get(ctx), delegation.MinChildkeyTakePerSubnet.get(ctx, netuid))
