"""Subnet (2051): registration of subnets, and the parameters of a subnet for its owner.

A setter dispatches the call of AdminUtils with the same arguments. Three setters do nothing: owners may not set these
parameters any more.
"""

from __future__ import annotations

from typing import Any

from ....frame.call import CallDef
from ....frame.storage import StorageMap
from ...admin_utils import consensus_by_owner, subnet_by_owner, subnet_by_root
from ...admin_utils.pallet import PrecompileEnum
from ...subtensor import storage
from ...subtensor.declared.types import SubnetIdentityV3
from ...subtensor.lifecycle.network_registration import register_network_with_identity
from ...subtensor.subnets.tempo import set_activity_cutoff_factor
from .contract import Contract
from .dispatching import dispatch
from .handle import Handle
from .numbers import U16_MAX

contract = Contract(2051, PrecompileEnum.Subnet)

# --- registration --------------------------------------------------------------------------------------------

#: The longest texts of an identity, in bytes.
MOST = {
    "subnet_name": 256,
    "github_repo": 1024,
    "subnet_contact": 1024,
    "subnet_url": 1024,
    "discord": 256,
    "description": 1024,
    "additional": 1024,
}


@contract.call("registerNetwork(bytes32)", payable=True)
def register(handle: Handle, hotkey: bytes) -> None:
    """Dispatch `SubtensorModule.register_network_with_identity` without an identity."""
    dispatch(handle, register_network_with_identity.call(hotkey, None))


@contract.call("registerNetwork(bytes32,string,string,string,string,string,string,string)", payable=True, most=MOST)
def register_with_identity(
    handle: Handle,
    hotkey: bytes,
    subnet_name: bytes,
    github_repo: bytes,
    subnet_contact: bytes,
    subnet_url: bytes,
    discord: bytes,
    description: bytes,
    additional: bytes,
) -> None:
    """Dispatch `SubtensorModule.register_network_with_identity` without a logo."""
    texts = subnet_name, github_repo, subnet_contact, subnet_url, discord, description
    dispatch(handle, register_network_with_identity.call(hotkey, SubnetIdentityV3(*texts, b"", additional)))


@contract.call(
    "registerNetwork(bytes32,string,string,string,string,string,string,string,string)",
    payable=True,
    most={**MOST, "logo_url": 1024},
)
def register_with_logo(
    handle: Handle,
    hotkey: bytes,
    subnet_name: bytes,
    github_repo: bytes,
    subnet_contact: bytes,
    subnet_url: bytes,
    discord: bytes,
    description: bytes,
    additional: bytes,
    logo_url: bytes,
) -> None:
    """Dispatch `SubtensorModule.register_network_with_identity`."""
    texts = subnet_name, github_repo, subnet_contact, subnet_url, discord, description
    dispatch(handle, register_network_with_identity.call(hotkey, SubnetIdentityV3(*texts, logo_url, additional)))


# --- parameters ----------------------------------------------------------------------------------------------

ITEMS: dict[str, tuple[str, StorageMap[int, Any, Any]]] = {
    "getNetworkRegistrationBlock": ("uint64", storage.NetworkRegisteredAt),
    "getServingRateLimit": ("uint64", storage.ServingRateLimit),
    "getMinDifficulty": ("uint64", storage.MinDifficulty),
    "getMaxDifficulty": ("uint64", storage.MaxDifficulty),
    "getWeightsVersionKey": ("uint64", storage.WeightsVersionKey),
    "getWeightsSetRateLimit": ("uint64", storage.WeightsSetRateLimit),
    "getAdjustmentAlpha": ("uint64", storage.AdjustmentAlpha),
    "getImmunityPeriod": ("uint16", storage.ImmunityPeriod),
    "getMinAllowedWeights": ("uint16", storage.MinAllowedWeights),
    "getKappa": ("uint16", storage.Kappa),
    "getRho": ("uint16", storage.Rho),
    "getActivityCutoff": ("uint16", storage.ActivityCutoff),
    "getNetworkRegistrationAllowed": ("bool", storage.NetworkRegistrationAllowed),
    "getNetworkPowRegistrationAllowed": ("bool", storage.NetworkPowRegistrationAllowed),
    "getMinBurn": ("uint64", storage.MinBurn),
    "getMaxBurn": ("uint64", storage.MaxBurn),
    "getDifficulty": ("uint64", storage.Difficulty),
    "getBondsMovingAverage": ("uint64", storage.BondsMovingAverage),
    "getCommitRevealWeightsEnabled": ("bool", storage.CommitRevealWeightsEnabled),
    "getLiquidAlphaEnabled": ("bool", storage.LiquidAlphaOn),
    "getYuma3Enabled": ("bool", storage.Yuma3On),
    "getBondsResetEnabled": ("bool", storage.BondsResetOn),
    "getAlphaValues": ("(uint16,uint16)", storage.AlphaValues),
    "getCommitRevealWeightsInterval": ("uint64", storage.RevealPeriodEpochs),
}
for name, (returns, item) in ITEMS.items():
    contract.item(f"{name}(uint16)", returns, item)

SETTERS: dict[str, CallDef[Any]] = {
    "setServingRateLimit(uint16,uint64)": subnet_by_owner.sudo_set_serving_rate_limit,
    "setMinDifficulty(uint16,uint64)": subnet_by_root.sudo_set_min_difficulty,
    "setMaxDifficulty(uint16,uint64)": subnet_by_owner.sudo_set_max_difficulty,
    "setWeightsVersionKey(uint16,uint64)": consensus_by_owner.sudo_set_weights_version_key,
    "setAdjustmentAlpha(uint16,uint64)": subnet_by_owner.sudo_set_adjustment_alpha,
    "setImmunityPeriod(uint16,uint16)": subnet_by_owner.sudo_set_immunity_period,
    "setMinAllowedWeights(uint16,uint16)": consensus_by_owner.sudo_set_min_allowed_weights,
    "setKappa(uint16,uint16)": subnet_by_root.sudo_set_kappa,
    "setRho(uint16,uint16)": consensus_by_owner.sudo_set_rho,
    "setActivityCutoff(uint16,uint16)": consensus_by_owner.sudo_set_activity_cutoff,
    "setActivityCutoffFactor(uint16,uint32)": set_activity_cutoff_factor,
    "setNetworkRegistrationAllowed(uint16,bool)": subnet_by_root.sudo_set_network_registration_allowed,
    "setNetworkPowRegistrationAllowed(uint16,bool)": subnet_by_root.sudo_set_network_pow_registration_allowed,
    "setDifficulty(uint16,uint64)": subnet_by_root.sudo_set_difficulty,
    "setBondsMovingAverage(uint16,uint64)": consensus_by_owner.sudo_set_bonds_moving_average,
    "setCommitRevealWeightsEnabled(uint16,bool)": consensus_by_owner.sudo_set_commit_reveal_weights_enabled,
    "setLiquidAlphaEnabled(uint16,bool)": consensus_by_owner.sudo_set_liquid_alpha_enabled,
    "setYuma3Enabled(uint16,bool)": consensus_by_owner.sudo_set_yuma3_enabled,
    "setBondsResetEnabled(uint16,bool)": consensus_by_owner.sudo_set_bonds_reset_enabled,
    "setAlphaValues(uint16,uint16,uint16)": consensus_by_owner.sudo_set_alpha_values,
    "setCommitRevealWeightsInterval(uint16,uint64)": consensus_by_owner.sudo_set_commit_reveal_weights_interval,
    "toggleTransfers(uint16,bool)": subnet_by_owner.sudo_set_toggle_transfer,
}
for signature, setter in SETTERS.items():
    contract.forward(signature, setter)


@contract.view("getMaxWeightLimit(uint16)", "uint16")
def max_weight_limit(handle: Handle, netuid: int) -> int:
    """Return 65535: weights are not limited any more. Costs nothing."""
    return U16_MAX


@contract.view("getActivityCutoffFactor(uint16)", "uint32")
def activity_cutoff_factor(handle: Handle, netuid: int) -> int:
    """Return the part of a tempo after which validators are inactive, in thousandths. Costs nothing."""
    return storage.ActivityCutoffFactorMilli.get(handle.ctx, netuid)


@contract.view("getAlphaSigmoidSteepness(uint16)", "uint16")
def alpha_sigmoid_steepness(handle: Handle, netuid: int) -> int:
    """Return the steepness of liquid alpha's sigmoid, an i16, with its bits as u16."""
    handle.charge_reads(1)
    return storage.AlphaSigmoidSteepness.get(handle.ctx, netuid) & U16_MAX


@contract.call("setAlphaSigmoidSteepness(uint16,uint16)", payable=True)
def set_alpha_sigmoid_steepness(handle: Handle, netuid: int, steepness: int) -> None:
    """Dispatch `AdminUtils.sudo_set_alpha_sigmoid_steepness` with the bits of a u16 as i16."""
    signed = steepness - ((steepness & 0x8000) << 1)
    dispatch(handle, consensus_by_owner.sudo_set_alpha_sigmoid_steepness.call(netuid, signed))


@contract.call("setWeightsSetRateLimit(uint16,uint64)", payable=True)
def set_weights_set_rate_limit(handle: Handle, _netuid: int, _weights_set_rate_limit: int) -> None:
    """Do nothing: owners may not set it any more."""


@contract.call("setMinBurn(uint16,uint64)", payable=True)
def set_min_burn(handle: Handle, _netuid: int, _min_burn: int) -> None:
    """Do nothing: owners may not set it any more."""


@contract.call("setMaxBurn(uint16,uint64)", payable=True)
def set_max_burn(handle: Handle, _netuid: int, _max_burn: int) -> None:
    """Do nothing: owners may not set it any more."""
