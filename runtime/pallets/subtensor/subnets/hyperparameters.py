"""How parameters are set: each setter writes its item and tells the world. Checks and rights are the callers'.

Parameters that are set without an event have no setter here: their storage item is it.
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
    networks,
    rate_limits,
    registration,
    staking,
    swaps,
    tempo,
    weights,
)
from ..storage import migrations as upkeep

T = TypeVar("T")
#: The factor of the least nomination is out of this.
MILLION = 1_000_000


def _global(item: StorageValue[T, T], event: Callable[[T], Sum]) -> Callable[[Context, T], None]:
    """The setter of a parameter of the whole chain."""

    def set_value(ctx: Context, value: T) -> None:
        item.put(ctx, value)
        ctx.deposit(event(value))

    return set_value


def _of_subnet(item: StorageMap[int, T, T], event: Callable[[int, T], Sum]) -> Callable[[Context, int, T], None]:
    """The setter of a parameter of one subnet."""

    def set_entry(ctx: Context, netuid: int, value: T) -> None:
        item.put(ctx, netuid, value)
        ctx.deposit(event(netuid, value))

    return set_entry


# --- the whole chain -------------------------------------------------------------------------------------------

set_admin_freeze_window = _global(hyperparameters.AdminFreezeWindow, events.AdminFreezeWindowSet)
set_owner_hyperparam_rate_limit = _global(rate_limits.OwnerHyperparamRateLimit, events.OwnerHyperparamRateLimitSet)
set_tx_rate_limit = _global(rate_limits.TxRateLimit, events.TxRateLimitSet)
set_tx_delegate_take_rate_limit = _global(rate_limits.TxDelegateTakeRateLimit, events.TxDelegateTakeRateLimitSet)
set_tx_childkey_take_rate_limit = _global(rate_limits.TxChildkeyTakeRateLimit, events.TxChildKeyTakeRateLimitSet)
set_min_delegate_take = _global(delegation.MinDelegateTake, events.MinDelegateTakeSet)
set_max_delegate_take = _global(delegation.MaxDelegateTake, events.MaxDelegateTakeSet)
set_min_childkey_take = _global(delegation.MinChildkeyTake, events.MinChildKeyTakeSet)
set_max_childkey_take = _global(delegation.MaxChildkeyTake, events.MaxChildKeyTakeSet)
set_max_subnets = _global(networks.SubnetLimit, events.SubnetLimitSet)
set_subnet_owner_cut = _global(emission.SubnetOwnerCut, events.SubnetOwnerCutSet)
set_stake_threshold = _global(weights.StakeThreshold, events.StakeThresholdSet)
set_commit_reveal_weights_version = _global(weights.CommitRevealWeightsVersion, events.CommitRevealVersionSet)
set_max_epochs_per_block = _global(tempo.MaxEpochsPerBlock, events.MaxEpochsPerBlockSet)
set_coldkey_swap_announcement_delay = _global(
    swaps.ColdkeySwapAnnouncementDelay, events.ColdkeySwapAnnouncementDelaySet
)
set_coldkey_swap_reannouncement_delay = _global(
    swaps.ColdkeySwapReannouncementDelay, events.ColdkeySwapReannouncementDelaySet
)
set_dissolve_network_schedule_duration = _global(
    upkeep.DissolveNetworkScheduleDuration, events.DissolveNetworkScheduleDurationSet
)

# --- one subnet: consensus and weights -------------------------------------------------------------------------

set_kappa = _of_subnet(hyperparameters.Kappa, events.KappaSet)
set_bonds_moving_average = _of_subnet(hyperparameters.BondsMovingAverage, events.BondsMovingAverageSet)
set_bonds_penalty = _of_subnet(hyperparameters.BondsPenalty, events.BondsPenaltySet)
set_bonds_reset = _of_subnet(hyperparameters.BondsResetOn, events.BondsResetOnSet)
set_activity_cutoff = _of_subnet(hyperparameters.ActivityCutoff, events.ActivityCutoffSet)
set_activity_cutoff_factor_milli = _of_subnet(
    hyperparameters.ActivityCutoffFactorMilli, events.ActivityCutoffFactorMilliSet
)
set_min_allowed_weights = _of_subnet(hyperparameters.MinAllowedWeights, events.MinAllowedWeightSet)
set_weights_version_key = _of_subnet(hyperparameters.WeightsVersionKey, events.WeightsVersionKeySet)
set_weights_set_rate_limit = _of_subnet(rate_limits.WeightsSetRateLimit, events.WeightsSetRateLimitSet)
set_commit_reveal_weights_enabled = _of_subnet(hyperparameters.CommitRevealWeightsEnabled, events.CommitRevealEnabled)

# --- one subnet: size and immunity -----------------------------------------------------------------------------

set_min_allowed_uids = _of_subnet(hyperparameters.MinAllowedUids, events.MinAllowedUidsSet)
set_max_allowed_uids = _of_subnet(hyperparameters.MaxAllowedUids, events.MaxAllowedUidsSet)
set_max_allowed_validators = _of_subnet(hyperparameters.MaxAllowedValidators, events.MaxAllowedValidatorsSet)
set_immunity_period = _of_subnet(hyperparameters.ImmunityPeriod, events.ImmunityPeriodSet)
set_min_non_immune_uids = _of_subnet(hyperparameters.MinNonImmuneUids, events.MinNonImmuneUidsSet)


def set_owner_immune_neuron_limit(ctx: Context, netuid: int, limit: int) -> None:
    """Set how many neurons of the owner are never replaced; InvalidValue unless it is from 1 to 10."""
    ensure(MIN_IMMUNE_OWNER_UIDS_LIMIT <= limit <= MAX_IMMUNE_OWNER_UIDS_LIMIT, Error.InvalidValue)
    hyperparameters.ImmuneOwnerUidsLimit.put(ctx, netuid, limit)


# --- one subnet: registration ----------------------------------------------------------------------------------

set_network_registration_allowed = _of_subnet(registration.NetworkRegistrationAllowed, events.RegistrationAllowed)
set_network_pow_registration_allowed = _of_subnet(
    registration.NetworkPowRegistrationAllowed, events.PowRegistrationAllowed
)
set_max_registrations_per_block = _of_subnet(registration.MaxRegistrationsPerBlock, events.MaxRegistrationsPerBlockSet)
set_target_registrations_per_interval = _of_subnet(
    registration.TargetRegistrationsPerInterval, events.RegistrationPerIntervalSet
)
set_min_burn = _of_subnet(registration.MinBurn, events.MinBurnSet)
set_max_burn = _of_subnet(registration.MaxBurn, events.MaxBurnSet)
set_difficulty = _of_subnet(registration.Difficulty, events.DifficultySet)
set_min_difficulty = _of_subnet(registration.MinDifficulty, events.MinDifficultySet)
set_max_difficulty = _of_subnet(registration.MaxDifficulty, events.MaxDifficultySet)
set_adjustment_interval = _of_subnet(hyperparameters.AdjustmentInterval, events.AdjustmentIntervalSet)
set_adjustment_alpha = _of_subnet(hyperparameters.AdjustmentAlpha, events.AdjustmentAlphaSet)
set_rao_recycled = _of_subnet(registration.RAORecycledForRegistration, events.RAORecycledForRegistrationSet)

# --- one subnet: stake and serving -----------------------------------------------------------------------------

toggle_transfer = _of_subnet(networks.TransferToggle, events.TransferToggle)
set_min_childkey_take_for_subnet = _of_subnet(delegation.MinChildkeyTakePerSubnet, events.MinChildKeyTakePerSubnetSet)
set_serving_rate_limit = _of_subnet(rate_limits.ServingRateLimit, events.ServingRateLimitSet)


# --- what follows from parameters ------------------------------------------------------------------------------


def get_nominator_min_required_stake(ctx: Context) -> int:
    """The least nomination, in rao: the least stake times a factor in millionths."""
    factor = staking.NominatorMinRequiredStake.get(ctx)
    return saturating_mul_u64(constants.InitialMinStake.get(ctx), factor) // MILLION


def get_effective_min_childkey_take(ctx: Context, netuid: int) -> int:
    """The least childkey take on a subnet, a u16 proportion: the chain's or the subnet's own, whichever is more."""
    return max(delegation.MinChildkeyTake.get(ctx), delegation.MinChildkeyTakePerSubnet.get(ctx, netuid))
