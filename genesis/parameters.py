"""The rules of subnets that a chain may have otherwise: `Parameters`, with the real chain's values as defaults.

Each field stands for a constant of the runtime, or for a value that block 0 stores. They are named here because
developers meet them; every other constant can be set by `ChainConfig.overrides`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..runtime.frame.constant import Constant
from ..runtime.frame.storage import StorageValue
from ..runtime.pallets.subtensor.declared import constants as c
from ..runtime.pallets.subtensor.storage import hyperparameters, networks, rate_limits

#: Which constant a field stands for.
CONSTANTS: dict[str, Constant[int]] = {
    "tempo": c.InitialTempo,
    "max_epochs_per_block": c.InitialMaxEpochsPerBlock,
    "start_call_delay": c.InitialStartCallDelay,
    "network_min_lock_cost": c.InitialNetworkMinLockCost,
    "network_lock_reduction_interval": c.InitialNetworkLockReductionInterval,
    "network_immunity_period": c.InitialNetworkImmunityPeriod,
    "subnet_owner_cut": c.InitialSubnetOwnerCut,
    "tao_weight": c.InitialTaoWeight,
    "min_stake": c.InitialMinStake,
    "min_burn": c.InitialMinBurn,
    "max_burn": c.InitialMaxBurn,
    "difficulty": c.InitialDifficulty,
    "min_difficulty": c.InitialMinDifficulty,
    "max_registrations_per_block": c.InitialMaxRegistrationsPerBlock,
    "target_registrations_per_interval": c.InitialTargetRegistrationsPerInterval,
    "serving_rate_limit": c.InitialServingRateLimit,
    "tx_rate_limit": c.InitialTxRateLimit,
    "delegate_take_rate_limit": c.InitialTxDelegateTakeRateLimit,
    "childkey_take_rate_limit": c.InitialTxChildKeyTakeRateLimit,
    "pending_childkey_cooldown": c.DefaultPendingCooldown,
    "coldkey_swap_announcement_delay": c.InitialColdkeySwapAnnouncementDelay,
    "coldkey_swap_reannouncement_delay": c.InitialColdkeySwapReannouncementDelay,
    "hotkey_swap_on_subnet_interval": c.HotkeySwapOnSubnetInterval,
    "evm_key_associate_rate_limit": c.EvmKeyAssociateRateLimit,
    "max_uids_trimming_rate_limit": c.MaxUidsTrimmingRateLimit,
    "mechanism_count_rate_limit": c.MechanismCountSetRateLimit,
    "mechanism_emission_rate_limit": c.MechanismEmissionRateLimit,
    "owner_hotkey_rate_limit": c.DefaultSetSNOwnerHotkeyRateLimit,
}
#: Which stored value a field stands for; block 0 stores it when it is not the default.
STORED: dict[str, StorageValue[int, int]] = {
    "admin_freeze_window": hyperparameters.AdminFreezeWindow,
    "owner_hyperparam_rate_limit": rate_limits.OwnerHyperparamRateLimit,
    "weights_version_key_rate_limit": rate_limits.WeightsVersionKeyRateLimit,
    "network_rate_limit": networks.NetworkRateLimit,
    "subnet_limit": networks.SubnetLimit,
    "max_mechanism_count": networks.MaxMechanismCount,
}


@dataclass(frozen=True)
class Parameters:
    """Rules of subnets. Amounts are rao; intervals, delays and limits of rates are blocks, unless it says otherwise."""

    #: From epoch to epoch of a new subnet.
    tempo: int = c.InitialTempo.default
    #: The same of root and of subnet 1, which block 0 holds.
    genesis_tempo: int = 100
    #: Epochs that run in one block at most; what is left waits for the next.
    max_epochs_per_block: int = c.InitialMaxEpochsPerBlock.default
    #: Before a subnet's parameters change, epochs must be so far away.
    admin_freeze_window: int = hyperparameters.AdminFreezeWindow.default()

    #: From a subnet's registration until it can be started.
    start_call_delay: int = c.InitialStartCallDelay.default
    #: The least price of a subnet, and in how many blocks it falls by the last price.
    network_min_lock_cost: int = c.InitialNetworkMinLockCost.default
    network_lock_reduction_interval: int = c.InitialNetworkLockReductionInterval.default
    #: Between two registrations of subnets, whoever makes them.
    network_rate_limit: int = networks.NetworkRateLimit.default()
    #: In which a new subnet does not make room for another.
    network_immunity_period: int = c.InitialNetworkImmunityPeriod.default
    #: Most subnets, root not counted; most mechanisms of a subnet.
    subnet_limit: int = networks.SubnetLimit.default()
    max_mechanism_count: int = networks.MaxMechanismCount.default()
    #: The owner's part of a subnet's emission, a u16 proportion.
    subnet_owner_cut: int = c.InitialSubnetOwnerCut.default
    #: What stake on root weighs against alpha, out of 2^64 - 1.
    tao_weight: int = c.InitialTaoWeight.default
    #: The least amount to stake.
    min_stake: int = c.InitialMinStake.default

    #: Bounds of the price of becoming a neuron.
    min_burn: int = c.InitialMinBurn.default
    max_burn: int = c.InitialMaxBurn.default
    #: Of proof of work, on a new subnet and at least.
    difficulty: int = c.InitialDifficulty.default
    min_difficulty: int = c.InitialMinDifficulty.default
    #: Neurons that register in a block at most, and that a subnet aims at in an interval.
    max_registrations_per_block: int = c.InitialMaxRegistrationsPerBlock.default
    target_registrations_per_interval: int = c.InitialTargetRegistrationsPerInterval.default

    #: Between two of the same act: publishing an endpoint, swapping hotkeys, changing takes.
    serving_rate_limit: int = c.InitialServingRateLimit.default
    tx_rate_limit: int = c.InitialTxRateLimit.default
    delegate_take_rate_limit: int = c.InitialTxDelegateTakeRateLimit.default
    childkey_take_rate_limit: int = c.InitialTxChildKeyTakeRateLimit.default
    #: From the choice of children until they count.
    pending_childkey_cooldown: int = c.DefaultPendingCooldown.default
    #: From the announcement of a coldkey's swap to the swap, and from there to the next announcement.
    coldkey_swap_announcement_delay: int = c.InitialColdkeySwapAnnouncementDelay.default
    coldkey_swap_reannouncement_delay: int = c.InitialColdkeySwapReannouncementDelay.default
    hotkey_swap_on_subnet_interval: int = c.HotkeySwapOnSubnetInterval.default
    evm_key_associate_rate_limit: int = c.EvmKeyAssociateRateLimit.default

    #: Between two of the same act of a subnet's owner. The next two count epochs.
    owner_hyperparam_rate_limit: int = rate_limits.OwnerHyperparamRateLimit.default()
    weights_version_key_rate_limit: int = rate_limits.WeightsVersionKeyRateLimit.default()
    max_uids_trimming_rate_limit: int = c.MaxUidsTrimmingRateLimit.default
    mechanism_count_rate_limit: int = c.MechanismCountSetRateLimit.default
    mechanism_emission_rate_limit: int = c.MechanismEmissionRateLimit.default
    owner_hotkey_rate_limit: int = c.DefaultSetSNOwnerHotkeyRateLimit.default

    def changed_constants(self) -> dict[str, Any]:
        """The constants that differ from the real chain's, by "Pallet.Constant"."""
        return {
            constant.id: getattr(self, name)
            for name, constant in CONSTANTS.items()
            if getattr(self, name) != constant.default
        }

    def changed_values(self) -> list[tuple[StorageValue[int, int], int]]:
        """The values that block 0 has to store because they differ from the defaults."""
        return [(item, getattr(self, name)) for name, item in STORED.items() if getattr(self, name) != item.default()]
