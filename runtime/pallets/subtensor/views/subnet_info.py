"""SubnetInfo and hyperparameters of a subnet, in all versions that clients use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from ....frame.context import Context
from ....scale import AccountId, Compact, FixedLen, Struct, Sum, u16, u32, u64, u128
from ....scale.fixed_types import I32F32, U64F64
from ...shared.types import NetUid
from ...shared.types import TaoBalance as Rao
from .. import storage
from ..declared.types import SubnetIdentityV3
from ..subnets.networks import if_subnet_exist
from .subnet_fields import SubnetView, read_record

PATH = "pallet_subtensor::rpc_info::subnet_info"


class SubnetInfo(Struct, path=f"{PATH}::SubnetInfo", params=[("AccountId", AccountId)]):
    """Summary of a subnet. Obsolete fields are zero or empty; `max_weights_limit` is 65535."""

    netuid: Compact[NetUid]
    rho: Compact[u16]
    kappa: Compact[u16]
    difficulty: Compact[u64]
    immunity_period: Compact[u16]
    max_allowed_validators: Compact[u16]
    min_allowed_weights: Compact[u16]
    max_weights_limit: Compact[u16]
    scaling_law_power: Compact[u16]
    subnetwork_n: Compact[u16]
    max_allowed_uids: Compact[u16]
    blocks_since_last_step: Compact[u64]
    tempo: Compact[u16]
    network_modality: Compact[u16]
    network_connect: list[Annotated[list[u16], FixedLen(2)]]
    emission_values: Compact[u64]
    burn: Compact[Rao]
    owner: AccountId


class SubnetInfov2(Struct, path=f"{PATH}::SubnetInfov2", params=[("AccountId", AccountId)]):
    """Summary of a subnet with its identity."""

    netuid: Compact[NetUid]
    rho: Compact[u16]
    kappa: Compact[u16]
    difficulty: Compact[u64]
    immunity_period: Compact[u16]
    max_allowed_validators: Compact[u16]
    min_allowed_weights: Compact[u16]
    max_weights_limit: Compact[u16]
    scaling_law_power: Compact[u16]
    subnetwork_n: Compact[u16]
    max_allowed_uids: Compact[u16]
    blocks_since_last_step: Compact[u64]
    tempo: Compact[u16]
    network_modality: Compact[u16]
    network_connect: list[Annotated[list[u16], FixedLen(2)]]
    emission_value: Compact[u64]
    burn: Compact[Rao]
    owner: AccountId
    identity: SubnetIdentityV3 | None


class SubnetHyperparams(Struct, path=f"{PATH}::SubnetHyperparams"):
    """Hyperparameters of a subnet: times in blocks, prices in rao, shares as u16 proportions."""

    rho: Compact[u16]
    kappa: Compact[u16]
    immunity_period: Compact[u16]
    min_allowed_weights: Compact[u16]
    max_weights_limit: Compact[u16]
    tempo: Compact[u16]
    min_difficulty: Compact[u64]
    max_difficulty: Compact[u64]
    weights_version: Compact[u64]
    weights_rate_limit: Compact[u64]
    adjustment_interval: Compact[u16]
    activity_cutoff: Compact[u64]
    registration_allowed: bool
    target_regs_per_interval: Compact[u16]
    min_burn: Compact[Rao]
    max_burn: Compact[Rao]
    bonds_moving_avg: Compact[u64]
    max_regs_per_block: Compact[u16]
    serving_rate_limit: Compact[u64]
    max_validators: Compact[u16]
    adjustment_alpha: Compact[u64]
    difficulty: Compact[u64]
    commit_reveal_period: Compact[u64]
    commit_reveal_weights_enabled: bool
    alpha_high: Compact[u16]
    alpha_low: Compact[u16]
    liquid_alpha_enabled: bool


class SubnetHyperparamsV2(SubnetHyperparams, path=f"{PATH}::SubnetHyperparamsV2"):
    """Hyperparameters of a subnet, with six more than version 1."""

    alpha_sigmoid_steepness: I32F32
    yuma_version: Compact[u16]
    subnet_is_active: bool
    transfers_enabled: bool
    bonds_reset_enabled: bool
    user_liquidity_enabled: bool


class HyperparamValue(Sum, path=f"{PATH}::HyperparamValue", positional=True):
    """Value of a hyperparameter, with its type."""


class Bool(HyperparamValue, index=0):
    value: bool


class U16(HyperparamValue, index=1):
    value: Compact[u16]


class U32(HyperparamValue, index=2):
    value: Compact[u32]


class U64(HyperparamValue, index=3):
    value: Compact[u64]


class U128(HyperparamValue, index=4):
    value: Compact[u128]


class TaoBalance(HyperparamValue, index=5):
    value: Compact[Rao]


class FixedI32F32(HyperparamValue, index=6, name="I32F32"):
    value: I32F32


class FixedU64F64(HyperparamValue, index=7, name="U64F64"):
    value: U64F64


class HyperparamEntry(Struct, path=f"{PATH}::HyperparamEntry"):
    """A hyperparameter: its name in ASCII, and its value."""

    name: bytes
    value: HyperparamValue


#: Hyperparameters of version 3 in the order of the answer, with their types.
HYPERPARAMETERS_V3: dict[str, Callable[[Any], HyperparamValue]] = {
    "kappa": U16,
    "immunity_period": U16,
    "min_allowed_weights": U16,
    "max_weights_limit": U16,
    "tempo": U16,
    "weights_version": U64,
    "weights_rate_limit": U64,
    "activity_cutoff": U64,
    "activity_cutoff_factor": U32,
    "registration_allowed": Bool,
    "target_regs_per_interval": U16,
    "min_burn": TaoBalance,
    "max_burn": TaoBalance,
    "burn_half_life": U16,
    "burn_increase_mult": FixedU64F64,
    "bonds_moving_avg": U64,
    "max_regs_per_block": U16,
    "serving_rate_limit": U64,
    "max_validators": U16,
    "commit_reveal_period": U64,
    "commit_reveal_weights_enabled": Bool,
    "alpha_high": U16,
    "alpha_low": U16,
    "liquid_alpha_enabled": Bool,
    "alpha_sigmoid_steepness": FixedI32F32,
    "yuma_version": U16,
    "subnet_is_active": Bool,
    "transfers_enabled": Bool,
    "bonds_reset_enabled": Bool,
    "user_liquidity_enabled": Bool,
    "owner_cut_enabled": Bool,
    "owner_cut_auto_lock_enabled": Bool,
    "min_childkey_take": U16,
}


def get_subnet_info(ctx: Context, netuid: int) -> SubnetInfo | None:
    """Return the summary of a subnet, None when it does not exist."""
    if not if_subnet_exist(ctx, netuid):
        return None
    since = storage.BlocksSinceLastStep.get(ctx, netuid)
    return read_record(SubnetInfo, SubnetView(ctx, netuid), blocks_since_last_step=since)


def get_subnet_info_v2(ctx: Context, netuid: int) -> SubnetInfov2 | None:
    """Return the summary of a subnet with its identity, None when it does not exist."""
    if not if_subnet_exist(ctx, netuid):
        return None
    since = storage.BlocksSinceLastStep.get(ctx, netuid)
    return read_record(SubnetInfov2, SubnetView(ctx, netuid), blocks_since_last_step=since)


def get_subnets_info(ctx: Context) -> list[SubnetInfo | None]:
    """Return the summaries of all subnets and root, by netuid."""
    return [get_subnet_info(ctx, netuid) for netuid in _existing_netuids(ctx)]


def get_subnets_info_v2(ctx: Context) -> list[SubnetInfov2 | None]:
    """Return the summaries of all subnets and root with their identities, by netuid."""
    return [get_subnet_info_v2(ctx, netuid) for netuid in _existing_netuids(ctx)]


def _existing_netuids(ctx: Context) -> list[int]:
    return sorted(netuid for netuid, added in storage.NetworksAdded.items(ctx) if added)


def get_subnet_hyperparams(ctx: Context, netuid: int) -> SubnetHyperparams | None:
    """Return the hyperparameters of a subnet, None when the subnet does not exist."""
    return read_record(SubnetHyperparams, SubnetView(ctx, netuid)) if if_subnet_exist(ctx, netuid) else None


def get_subnet_hyperparams_v2(ctx: Context, netuid: int) -> SubnetHyperparamsV2 | None:
    """Return the hyperparameters of version 2, None when the subnet does not exist."""
    return read_record(SubnetHyperparamsV2, SubnetView(ctx, netuid)) if if_subnet_exist(ctx, netuid) else None


def get_subnet_hyperparams_v3(ctx: Context, netuid: int) -> list[HyperparamEntry] | None:
    """Return the hyperparameters by name, None when the subnet does not exist."""
    if not if_subnet_exist(ctx, netuid):
        return None
    view = SubnetView(ctx, netuid)
    return [HyperparamEntry(name.encode(), typed(view.read(name))) for name, typed in HYPERPARAMETERS_V3.items()]


def get_coldkey_auto_stake_hotkey(ctx: Context, coldkey: bytes, netuid: int) -> bytes | None:
    """Return the hotkey to which a coldkey's mining rewards on a subnet are staked, None when it has not set one."""
    return storage.AutoStakeDestination.get(ctx, coldkey, netuid)
