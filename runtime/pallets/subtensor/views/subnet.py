"""One subnet as it is seen from outside: how each field is read, by the name that answers give it.

The answers overlap: the tempo of a `SubnetInfo` is that of a `Metagraph`, and of the hyperparameters. So a field is
read in one way, said in one table, and an answer is filled by the names of its fields.
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

NO_NUMBERS = np.zeros(0, np.uint64)
NOWHERE = AxonInfo()

T = TypeVar("T", bound=Struct)
Numbers = NDArray[np.uint64]


class SubnetView:
    """A subnet, or one of its mechanisms, at one block. What several fields need is read once."""

    def __init__(self, ctx: Context, netuid: int, mechanism: int = 0) -> None:
        self.ctx, self.netuid = ctx, netuid
        #: The number under which the mechanism stores what it has for itself; the netuid for mechanism 0.
        self.index = get_mechanism_storage_index(netuid, mechanism)

    @cached_property
    def n(self) -> int:
        """How many neurons there are."""
        return neurons.SubnetworkN.get(self.ctx, self.netuid)

    @cached_property
    def hotkeys(self) -> list[bytes]:
        """The hotkey of each uid; zeros where there is none."""
        known = dict(neurons.Keys.under(self.ctx, self.netuid))
        return [known.get(uid, ZERO_ACCOUNT) for uid in range(self.n)]

    @cached_property
    def coldkeys(self) -> list[bytes]:
        """The coldkey that owns each uid's hotkey; zeros where none does."""
        return [storage.Owner.get(self.ctx, hotkey) for hotkey in self.hotkeys]

    @cached_property
    def stake_weights(self) -> tuple[Numbers, Numbers, Numbers]:
        """What each uid's stake weighs, the alpha and the TAO in it, cut off to billionths."""
        total, alpha, tao = get_stake_weights_for_network(self.ctx, self.netuid)
        return _whole(total), _whole(alpha), _whole(tao)

    def read(self, name: str) -> Any:
        """The field of this name, of the type that answers declare for it."""
        return FIELDS[name](self)


def filled(cls: type[T], view: SubnetView, **given: object) -> T:
    """The answer of this type, its fields read by their names except for those that are given."""
    names = [field.name for field in dataclasses.fields(cls)]  # type: ignore[arg-type]  # a Struct is a dataclass
    return cls(**{name: given[name] if name in given else view.read(name) for name in names})


def _whole(weights: list[int]) -> Numbers:
    return np.array([I64F64.to_int(weight, 64) for weight in weights], np.uint64)


# --- fields that take more than a look ---------------------------------------------------------------------------

Read = Callable[[SubnetView], Any]  # each field has a type of its own, which the answer's codec checks


def _pending_alpha(view: SubnetView) -> int:
    waiting = emission.PendingValidatorEmission, emission.PendingServerEmission
    return saturate_u64(sum(item.get(view.ctx, view.netuid) for item in waiting))


def _blocks_since_last_step(view: SubnetView) -> int:
    return saturating_sub(view.ctx.block.number, tempo.LastMechansimStepBlock.get(view.ctx, view.netuid))


def _identities(view: SubnetView) -> list[ChainIdentityV2 | None]:
    return [storage.IdentitiesV2.get(view.ctx, coldkey) for coldkey in view.coldkeys]


def _axons(view: SubnetView) -> list[AxonInfo]:
    known = dict(storage.Axons.under(view.ctx, view.netuid))
    return [known.get(hotkey, NOWHERE) for hotkey in view.hotkeys]


def _blocks_at_registration(view: SubnetView) -> Numbers:
    known = dict(neurons.BlockAtRegistration.under(view.ctx, view.netuid))
    return np.array([known.get(uid, 0) for uid in range(view.n)], np.uint64)


def _alpha_dividends(view: SubnetView) -> list[tuple[bytes, int]]:
    known = dict(storage.AlphaDividendsPerSubnet.under(view.ctx, view.netuid))
    return [(hotkey, known.get(hotkey, 0)) for hotkey in view.hotkeys]


def _yuma_version(view: SubnetView) -> int:
    return 3 if hyperparameters.Yuma3On.get(view.ctx, view.netuid) else 2


def _steepness(view: SubnetView) -> int:
    """As I32F32; stored is a whole number."""
    return hyperparameters.AlphaSigmoidSteepness.get(view.ctx, view.netuid) << 32


# --- the table ----------------------------------------------------------------------------------------------------

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

COMPUTED: dict[str, Read] = {
    "netuid": lambda view: view.index,
    "name": lambda view: get_name_for_subnet(view.ctx, view.netuid),
    "subnet_name": lambda view: get_name_for_subnet(view.ctx, view.netuid),
    "block": lambda view: view.ctx.block.number,
    "blocks_since_last_step": _blocks_since_last_step,
    "pending_alpha_emission": _pending_alpha,
    "activity_cutoff": lambda view: get_activity_cutoff_blocks(view.ctx, view.netuid),
    "alpha_low": lambda view: hyperparameters.AlphaValues.get(view.ctx, view.netuid)[0],
    "alpha_high": lambda view: hyperparameters.AlphaValues.get(view.ctx, view.netuid)[1],
    "alpha_sigmoid_steepness": _steepness,
    "yuma_version": _yuma_version,
    "min_childkey_take": lambda view: get_effective_min_childkey_take(view.ctx, view.netuid),
    # by uid
    "hotkeys": lambda view: view.hotkeys,
    "coldkeys": lambda view: view.coldkeys,
    "identities": _identities,
    "axons": _axons,
    "last_update": lambda view: neurons.LastUpdate.get(view.ctx, view.index),
    "incentives": lambda view: neurons.Incentive.get(view.ctx, view.index),
    "block_at_registration": _blocks_at_registration,
    "total_stake": lambda view: view.stake_weights[0],
    "alpha_stake": lambda view: view.stake_weights[1],
    "tao_stake": lambda view: view.stake_weights[2],
    "tao_dividends_per_hotkey": lambda view: [(hotkey, 0) for hotkey in view.hotkeys],
    "alpha_dividends_per_hotkey": _alpha_dividends,
}

#: What the chain no longer reckons but still answers.
FORMER: dict[str, object] = {
    "network_modality": 0,
    "network_connect": [],
    "emission_value": 0,
    "emission_values": 0,
    "subnet_emission": 0,
    "pending_root_emission": 0,
    "max_weights_limit": U16_MAX,
    "user_liquidity_enabled": False,
    "pruning_score": NO_NUMBERS,
    "trust": NO_NUMBERS,
    "rank": NO_NUMBERS,
}


def _stored(item: StorageMap[int, Any, Any]) -> Read:
    return lambda view: item.get(view.ctx, view.netuid)


def _always(value: object) -> Read:
    return lambda view: value


FIELDS: dict[str, Read] = (
    {name: _stored(item) for name, item in STORED.items()}
    | COMPUTED
    | {name: _always(value) for name, value in FORMER.items()}
)
