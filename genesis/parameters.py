"""The configurable rules of subnets: `Parameters`, with the real chain's values as defaults.

Each field sets a constant of the runtime, or a value that block 0 stores. These are the ones that developers change
most; `ChainConfig.overrides` sets every other constant.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..runtime.frame.constant import Constant
from ..runtime.frame.storage import StorageValue
from ..runtime.pallets.crowdloan import declared as crowdloan
from ..runtime.pallets.subtensor.declared import constants as c
from ..runtime.pallets.subtensor.storage import hyperparameters, networks, rate_limits

#: The constant that a field sets.
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
    "crowdloan_minimum_duration": crowdloan.MinimumBlockDuration,
    "crowdloan_maximum_duration": crowdloan.MaximumBlockDuration,
    "evm_key_associate_rate_limit": c.EvmKeyAssociateRateLimit,
    "max_uids_trimming_rate_limit": c.MaxUidsTrimmingRateLimit,
    "mechanism_count_rate_limit": c.MechanismCountSetRateLimit,
    "mechanism_emission_rate_limit": c.MechanismEmissionRateLimit,
    "owner_hotkey_rate_limit": c.DefaultSetSNOwnerHotkeyRateLimit,
}
#: The stored value that a field sets; block 0 stores it when it is not the default.
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
    """Rules of subnets. Amounts are rao; intervals, delays and rate limits are blocks, unless documented otherwise."""

    #: The tempo of a new subnet: blocks between epochs.
    tempo: int = c.InitialTempo.default
    #: The tempo of root and of subnet 1, which exist from block 0 on.
    genesis_tempo: int = 100
    #: The most epochs in one block; further due epochs are deferred to the next block.
    max_epochs_per_block: int = c.InitialMaxEpochsPerBlock.default
    #: The blocks before an epoch in which a subnet's parameters cannot change.
    admin_freeze_window: int = hyperparameters.AdminFreezeWindow.default()

    #: The delay from a subnet's registration until it can be started.
    start_call_delay: int = c.InitialStartCallDelay.default
    #: The least price of a subnet, and the number of blocks in which the price falls by the last price.
    network_min_lock_cost: int = c.InitialNetworkMinLockCost.default
    network_lock_reduction_interval: int = c.InitialNetworkLockReductionInterval.default
    #: The interval between registrations of subnets, by any account.
    network_rate_limit: int = networks.NetworkRateLimit.default()
    #: The time in which a new subnet is not removed to make room for another.
    network_immunity_period: int = c.InitialNetworkImmunityPeriod.default
    #: The most subnets, root not counted, and the most mechanisms of a subnet.
    subnet_limit: int = networks.SubnetLimit.default()
    max_mechanism_count: int = networks.MaxMechanismCount.default()
    #: The owner's part of a subnet's emission, a u16 proportion.
    subnet_owner_cut: int = c.InitialSubnetOwnerCut.default
    #: The weight of TAO on root against alpha, out of 2^64 - 1.
    tao_weight: int = c.InitialTaoWeight.default
    #: The least amount to stake.
    min_stake: int = c.InitialMinStake.default

    #: Bounds of the price of a neuron's registration.
    min_burn: int = c.InitialMinBurn.default
    max_burn: int = c.InitialMaxBurn.default
    #: The difficulty of proof of work: of a new subnet, and the least.
    difficulty: int = c.InitialDifficulty.default
    min_difficulty: int = c.InitialMinDifficulty.default
    #: The most registrations of neurons in a block, and the target of a subnet per interval.
    max_registrations_per_block: int = c.InitialMaxRegistrationsPerBlock.default
    target_registrations_per_interval: int = c.InitialTargetRegistrationsPerInterval.default

    #: The interval between two calls of one kind: publishing an endpoint, swapping hotkeys, changing takes.
    serving_rate_limit: int = c.InitialServingRateLimit.default
    tx_rate_limit: int = c.InitialTxRateLimit.default
    delegate_take_rate_limit: int = c.InitialTxDelegateTakeRateLimit.default
    childkey_take_rate_limit: int = c.InitialTxChildKeyTakeRateLimit.default
    #: The delay until newly set children take effect.
    pending_childkey_cooldown: int = c.DefaultPendingCooldown.default
    #: The delay from the announcement of a coldkey's swap to the swap, and from there to another announcement.
    coldkey_swap_announcement_delay: int = c.InitialColdkeySwapAnnouncementDelay.default
    coldkey_swap_reannouncement_delay: int = c.InitialColdkeySwapReannouncementDelay.default
    hotkey_swap_on_subnet_interval: int = c.HotkeySwapOnSubnetInterval.default
    #: The least and the greatest number of blocks from the creation of a crowdloan to its end.
    crowdloan_minimum_duration: int = crowdloan.MinimumBlockDuration.default
    crowdloan_maximum_duration: int = crowdloan.MaximumBlockDuration.default
    evm_key_associate_rate_limit: int = c.EvmKeyAssociateRateLimit.default

    #: The interval between two calls of one kind of a subnet's owner; the next two are in epochs.
    owner_hyperparam_rate_limit: int = rate_limits.OwnerHyperparamRateLimit.default()
    weights_version_key_rate_limit: int = rate_limits.WeightsVersionKeyRateLimit.default()
    max_uids_trimming_rate_limit: int = c.MaxUidsTrimmingRateLimit.default
    mechanism_count_rate_limit: int = c.MechanismCountSetRateLimit.default
    mechanism_emission_rate_limit: int = c.MechanismEmissionRateLimit.default
    owner_hotkey_rate_limit: int = c.DefaultSetSNOwnerHotkeyRateLimit.default

    def changed_constants(self) -> dict[str, Any]:
        """Return the constants that differ from the real chain's, by "Pallet.Constant"."""
        return {
            constant.id: getattr(self, name)
            for name, constant in CONSTANTS.items()
            if getattr(self, name) != constant.default
        }

    def changed_values(self) -> list[tuple[StorageValue[int, int], int]]:
        """Return the values that block 0 must store because they differ from the defaults."""
        return [(item, getattr(self, name)) for name, item in STORED.items() if getattr(self, name) != item.default()]
