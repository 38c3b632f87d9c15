"""Fields of the answers about a subnet: how each is read, by the name that it has in the answers.

The answers overlap: the tempo in a `SubnetInfo` is also that in a `Metagraph` and in the hyperparameters. Each field is
therefore defined once, in the table `FIELDS`, and a record is read by the names of its fields.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from .....consensus.fixed import I64F64
from .....consensus.integers import U16_MAX, saturate_u64, saturating_sub
from ....frame.context import Context
from ....frame.storage import StorageMap
from ....scale import Struct
from ...shared.types import ZERO_ACCOUNT
from .. import storage
from ..declared.types import AxonInfo, ChainIdentityV2
from ..staking.stake_weights import get_stake_weights_for_network
from ..storage import emission, hyperparameters, networks, neurons, pools, registration, tempo
from ..subnets.hyperparameters import get_effective_min_childkey_take
from ..subnets.mechanism import get_mechanism_storage_index
from ..subnets.symbols import get_name_for_subnet
from ..subnets.tempo import get_activity_cutoff_blocks

EMPTY_U64 = np.zeros(0, np.uint64)
NO_AXON = AxonInfo()

T = TypeVar("T", bound=Struct)
U64Array = NDArray[np.uint64]


class SubnetView:
    """A subnet, or one of its mechanisms, at one block. Values that several fields need are read once."""

    def __init__(self, ctx: Context, netuid: int, mechanism: int = 0) -> None:
        self.ctx, self.netuid = ctx, netuid
        #: Storage index of the mechanism; it equals the netuid for mechanism 0.
        self.storage_index = get_mechanism_storage_index(netuid, mechanism)

    @cached_property
    def n(self) -> int:
        """Number of neurons."""
        return neurons.SubnetworkN.get(self.ctx, self.netuid)

    @cached_property
    def hotkeys(self) -> list[bytes]:
        """Hotkey of each uid; the zero account where there is none."""
        by_uid = dict(neurons.Keys.under(self.ctx, self.netuid))
        return [by_uid.get(uid, ZERO_ACCOUNT) for uid in range(self.n)]

    @cached_property
    def coldkeys(self) -> list[bytes]:
        """Coldkey that owns the hotkey of each uid; the zero account where there is none."""
        return [storage.Owner.get(self.ctx, hotkey) for hotkey in self.hotkeys]

    @cached_property
    def stake_weights(self) -> tuple[U64Array, U64Array, U64Array]:
        """Total stake weight of each uid, its alpha and its TAO, truncated to billionths."""
        total, alpha, tao = get_stake_weights_for_network(self.ctx, self.netuid)
        return _truncate(total), _truncate(alpha), _truncate(tao)

    def read(self, name: str) -> Any:
        """Return the field of this name, with the type that the answers declare for it."""
        return FIELDS[name](self)


def read_record(cls: type[T], view: SubnetView, **values: object) -> T:
    """Return a record of type `cls` whose fields are read by name; `values` replaces some of them."""
    names = [field.name for field in dataclasses.fields(cls)]  # type: ignore[arg-type]  # a Struct is a dataclass
    return cls(**{name: values[name] if name in values else view.read(name) for name in names})


def _truncate(weights: list[int]) -> U64Array:
    return np.array([I64F64.to_int(weight, 64) for weight in weights], np.uint64)


# --- computed fields ---------------------------------------------------------------------------------------------

#: Reader of one field. The types of fields differ; the codec of the answer checks them.
Read = Callable[[SubnetView], Any]


def _pending_alpha(view: SubnetView) -> int:
    pending = emission.PendingValidatorEmission, emission.PendingServerEmission
    return saturate_u64(sum(item.get(view.ctx, view.netuid) for item in pending))


def _blocks_since_last_step(view: SubnetView) -> int:
    return saturating_sub(view.ctx.block.number, tempo.LastMechansimStepBlock.get(view.ctx, view.netuid))


def _identities(view: SubnetView) -> list[ChainIdentityV2 | None]:
    return [storage.IdentitiesV2.get(view.ctx, coldkey) for coldkey in view.coldkeys]


def _axons(view: SubnetView) -> list[AxonInfo]:
    by_hotkey = dict(storage.Axons.under(view.ctx, view.netuid))
    return [by_hotkey.get(hotkey, NO_AXON) for hotkey in view.hotkeys]


def _blocks_at_registration(view: SubnetView) -> U64Array:
    by_uid = dict(neurons.BlockAtRegistration.under(view.ctx, view.netuid))
    return np.array([by_uid.get(uid, 0) for uid in range(view.n)], np.uint64)


def _alpha_dividends(view: SubnetView) -> list[tuple[bytes, int]]:
    by_hotkey = dict(storage.AlphaDividendsPerSubnet.under(view.ctx, view.netuid))
    return [(hotkey, by_hotkey.get(hotkey, 0)) for hotkey in view.hotkeys]


def _yuma_version(view: SubnetView) -> int:
    return 3 if hyperparameters.Yuma3On.get(view.ctx, view.netuid) else 2


def _sigmoid_steepness(view: SubnetView) -> int:
    """Return the steepness as I32F32; it is stored as an integer."""
    return hyperparameters.AlphaSigmoidSteepness.get(view.ctx, view.netuid) << 32


# --- table of fields-----------------------------------------------------------------------------------------------

#: Fields that are the value of a storage item.
STORED: dict[str, StorageMap[int, Any, Any]] = {
    "owner": networks.SubnetOwner,
    "owner_hotkey": networks.SubnetOwnerHotkey,
    "owner_coldkey": networks.SubnetOwner,
    "symbol": networks.TokenSymbol,
    "token_symbol": networks.TokenSymbol,
    "identity": storage.SubnetIdentitiesV3,
    "subnet_identity": storage.SubnetIdentitiesV3,
    "network_registered_at": networks.NetworkRegisteredAt,
    "tempo": tempo.Tempo,
    "last_step": tempo.LastMechansimStepBlock,
    # the pool and what flows into it
    "alpha_in": pools.SubnetAlphaIn,
    "alpha_out": pools.SubnetAlphaOut,
    "tao_in": pools.SubnetTAO,
    "alpha_out_emission": emission.SubnetAlphaOutEmission,
    "alpha_in_emission": emission.SubnetAlphaInEmission,
    "tao_in_emission": emission.SubnetTaoInEmission,
    "subnet_volume": pools.SubnetVolume,
    "moving_price": pools.SubnetMovingPrice,
    # hyperparameters
    "rho": hyperparameters.Rho,
    "kappa": hyperparameters.Kappa,
    "min_allowed_weights": hyperparameters.MinAllowedWeights,
    "weights_version": hyperparameters.WeightsVersionKey,
    "weights_rate_limit": storage.WeightsSetRateLimit,
    "activity_cutoff_factor": hyperparameters.ActivityCutoffFactorMilli,
    "max_validators": hyperparameters.MaxAllowedValidators,
    "max_allowed_validators": hyperparameters.MaxAllowedValidators,
    "scaling_law_power": hyperparameters.ScalingLawPower,
    "subnetwork_n": neurons.SubnetworkN,
    "num_uids": neurons.SubnetworkN,
    "max_uids": hyperparameters.MaxAllowedUids,
    "max_allowed_uids": hyperparameters.MaxAllowedUids,
    "immunity_period": hyperparameters.ImmunityPeriod,
    "burn": registration.Burn,
    "min_burn": registration.MinBurn,
    "max_burn": registration.MaxBurn,
    "burn_half_life": registration.BurnHalfLife,
    "burn_increase_mult": registration.BurnIncreaseMult,
    "difficulty": registration.Difficulty,
    "min_difficulty": registration.MinDifficulty,
    "max_difficulty": registration.MaxDifficulty,
    "registration_allowed": registration.NetworkRegistrationAllowed,
    "pow_registration_allowed": registration.NetworkPowRegistrationAllowed,
    "adjustment_alpha": hyperparameters.AdjustmentAlpha,
    "adjustment_interval": hyperparameters.AdjustmentInterval,
    "target_regs_per_interval": registration.TargetRegistrationsPerInterval,
    "max_regs_per_block": registration.MaxRegistrationsPerBlock,
    "serving_rate_limit": storage.ServingRateLimit,
    "commit_reveal_weights_enabled": hyperparameters.CommitRevealWeightsEnabled,
    "commit_reveal_period": hyperparameters.RevealPeriodEpochs,
    "liquid_alpha_enabled": hyperparameters.LiquidAlphaOn,
    "bonds_moving_avg": hyperparameters.BondsMovingAverage,
    "bonds_reset_enabled": hyperparameters.BondsResetOn,
    "subnet_is_active": networks.SubtokenEnabled,
    "transfers_enabled": networks.TransferToggle,
    "owner_cut_enabled": emission.OwnerCutEnabled,
    "owner_cut_auto_lock_enabled": storage.OwnerCutAutoLockEnabled,
    # by uid
    "active": neurons.Active,
    "validator_permit": neurons.ValidatorPermit,
    "emission": neurons.Emission,
    "dividends": neurons.Dividends,
    "consensus": neurons.Consensus,
}

#: Fields that are computed.
COMPUTED: dict[str, Read] = {
    "netuid": lambda view: view.storage_index,
    "name": lambda view: get_name_for_subnet(view.ctx, view.netuid),
    "subnet_name": lambda view: get_name_for_subnet(view.ctx, view.netuid),
    "block": lambda view: view.ctx.block.number,
    "blocks_since_last_step": _blocks_since_last_step,
    "pending_alpha_emission": _pending_alpha,
    "activity_cutoff": lambda view: get_activity_cutoff_blocks(view.ctx, view.netuid),
    "alpha_low": lambda view: hyperparameters.AlphaValues.get(view.ctx, view.netuid)[0],
    "alpha_high": lambda view: hyperparameters.AlphaValues.get(view.ctx, view.netuid)[1],
    "alpha_sigmoid_steepness": _sigmoid_steepness,
    "yuma_version": _yuma_version,
    "min_childkey_take": lambda view: get_effective_min_childkey_take(view.ctx, view.netuid),
    # by uid
    "hotkeys": lambda view: view.hotkeys,
    "coldkeys": lambda view: view.coldkeys,
    "identities": _identities,
    "axons": _axons,
    "last_update": lambda view: neurons.LastUpdate.get(view.ctx, view.storage_index),
    "incentives": lambda view: neurons.Incentive.get(view.ctx, view.storage_index),
    "block_at_registration": _blocks_at_registration,
    "total_stake": lambda view: view.stake_weights[0],
    "alpha_stake": lambda view: view.stake_weights[1],
    "tao_stake": lambda view: view.stake_weights[2],
    "tao_dividends_per_hotkey": lambda view: [(hotkey, 0) for hotkey in view.hotkeys],
    "alpha_dividends_per_hotkey": _alpha_dividends,
}

#: Fields that the chain no longer computes, with their constant values.
OBSOLETE: dict[str, object] = {
    "network_modality": 0,
    "network_connect": [],
    "emission_value": 0,
    "emission_values": 0,
    "subnet_emission": 0,
    "pending_root_emission": 0,
    "max_weights_limit": U16_MAX,
    "user_liquidity_enabled": False,
    "pruning_score": EMPTY_U64,
    "trust": EMPTY_U64,
    "rank": EMPTY_U64,
}


def _read_stored(item: StorageMap[int, Any, Any]) -> Read:
    return lambda view: item.get(view.ctx, view.netuid)


def _read_constant(value: object) -> Read:
    return lambda view: value


#: All fields by name.
FIELDS: dict[str, Read] = (
    {name: _read_stored(item) for name, item in STORED.items()}
    | COMPUTED
    | {name: _read_constant(value) for name, value in OBSOLETE.items()}
)
