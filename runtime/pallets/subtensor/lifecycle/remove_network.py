"""Removal of the storage of a dissolved subnet: all items in these tables.

Items that the chain does not clear are not in them, and the next subnet with the same netuid inherits their values:
`AdjustmentInterval`, `MinAllowedUids`, `RecycleOrBurn`, `OwnerCutEnabled`, `RootProp`, voting power and others.
"""

from __future__ import annotations

from typing import Any

from .....consensus.integers import saturating_sub
from ....frame.context import Context
from ....frame.storage import StorageDoubleMap, StorageMap
from ...shared.types import ROOT_NETUID
from ..declared import events
from ..staking.locks import destroy_lock_maps
from ..storage import (
    delegation,
    emission,
    hyperparameters,
    leases,
    locks,
    networks,
    neurons,
    pools,
    rate_limits,
    registration,
    serving,
    staking,
    swaps,
    tempo,
    weights,
)
from ..subnets.mechanism import clear_all_mechanisms

#: Items with one entry for each subnet.
OF_SUBNET: tuple[StorageMap[int, Any, Any], ...] = (
    # owner, name and registration
    networks.SubnetOwner,
    networks.SubnetOwnerHotkey,
    networks.NetworksAdded,
    networks.NetworkRegisteredAt,
    networks.SubnetMechanism,
    networks.TokenSymbol,
    networks.SubnetLocked,
    networks.LargestLocked,
    networks.FirstEmissionBlockNumber,
    networks.SubtokenEnabled,
    networks.TransferToggle,
    locks.OwnerCutAutoLockEnabled,
    # neurons
    neurons.SubnetworkN,
    neurons.Active,
    neurons.Emission,
    neurons.Consensus,
    neurons.Dividends,
    neurons.ValidatorPermit,
    neurons.ValidatorTrust,
    neurons.StakeWeight,
    neurons.LoadedEmission,
    # parameters
    hyperparameters.Rho,
    hyperparameters.Kappa,
    hyperparameters.AlphaSigmoidSteepness,
    hyperparameters.AlphaValues,
    hyperparameters.LiquidAlphaOn,
    hyperparameters.Yuma3On,
    hyperparameters.BondsMovingAverage,
    hyperparameters.BondsPenalty,
    hyperparameters.BondsResetOn,
    hyperparameters.MaxAllowedUids,
    hyperparameters.MaxAllowedValidators,
    hyperparameters.ImmunityPeriod,
    hyperparameters.ImmuneOwnerUidsLimit,
    hyperparameters.ActivityCutoff,
    hyperparameters.ActivityCutoffFactorMilli,
    hyperparameters.MinAllowedWeights,
    hyperparameters.WeightsVersionKey,
    hyperparameters.CommitRevealWeightsEnabled,
    hyperparameters.RevealPeriodEpochs,
    hyperparameters.ValidatorPruneLen,
    hyperparameters.ScalingLawPower,
    rate_limits.ServingRateLimit,
    rate_limits.WeightsSetRateLimit,
    # registrations of neurons
    registration.NetworkRegistrationAllowed,
    registration.NetworkPowRegistrationAllowed,
    registration.Burn,
    registration.MinBurn,
    registration.MaxBurn,
    registration.BurnHalfLife,
    registration.BurnIncreaseMult,
    registration.Difficulty,
    registration.MinDifficulty,
    registration.MaxDifficulty,
    registration.MaxRegistrationsPerBlock,
    registration.TargetRegistrationsPerInterval,
    registration.RegistrationsThisBlock,
    registration.RegistrationsThisInterval,
    registration.POWRegistrationsThisInterval,
    registration.BurnRegistrationsThisInterval,
    registration.LastAdjustmentBlock,
    registration.RAORecycledForRegistration,
    # epochs
    tempo.Tempo,
    tempo.LastEpochBlock,
    tempo.PendingEpochAt,
    tempo.SubnetEpochIndex,
    tempo.BlocksSinceLastStep,
    tempo.LastMechansimStepBlock,
    # pool and emission
    pools.SubnetVolume,
    pools.SubnetMovingPrice,
    pools.EMAPriceHalvingBlocks,
    emission.SubnetAlphaInEmission,
    emission.SubnetAlphaOutEmission,
    emission.SubnetTaoInEmission,
    emission.SubnetExcessTao,
    emission.SubnetRootSellTao,
    emission.SubnetTaoFlow,
    emission.SubnetEmaTaoFlow,
    emission.SubnetProtocolFlow,
    emission.SubnetEmaProtocolFlow,
    emission.PendingValidatorEmission,
    emission.PendingServerEmission,
    emission.PendingRootAlphaDivs,
    emission.PendingOwnerCut,
    emission.MinerBurned,
)
#: Items with several entries for each subnet, whose first key is the netuid.
UNDER_SUBNET: tuple[StorageDoubleMap[int, Any, Any, Any], ...] = (
    neurons.Uids,
    neurons.Keys,
    neurons.BlockAtRegistration,
    serving.Axons,
    serving.NeuronCertificates,
    serving.Prometheus,
    serving.AssociatedEvmAddress,
    staking.AlphaDividendsPerSubnet,
    delegation.PendingChildKeys,
    swaps.LastHotkeySwapOnNetuid,
)
#: Items with several entries for each subnet, whose second key is the netuid: removal visits all entries.
BY_HOTKEY: tuple[StorageDoubleMap[bytes, int, Any, Any], ...] = (
    delegation.ChildkeyTake,
    delegation.ChildKeys,
    delegation.ParentKeys,
    staking.LastHotkeyEmissionOnNetuid,
    staking.TotalHotkeyAlphaLastEpoch,
)


def remove_network(ctx: Context, netuid: int) -> None:
    """Remove the storage of a subnet whose stakes are settled."""
    networks.TotalNetworks.mutate(ctx, lambda count: saturating_sub(count, 1))
    for _, hotkey in list(neurons.Keys.under(ctx, netuid)):
        neurons.IsNetworkMember.remove(ctx, hotkey, netuid)
    _clear_root_weights(ctx, netuid)
    clear_all_mechanisms(ctx, netuid)
    for item in OF_SUBNET:
        item.remove(ctx, netuid)
    for of_neurons in UNDER_SUBNET:
        of_neurons.clear_under(ctx, netuid)
    for by_hotkey in BY_HOTKEY:
        for hotkey in [hotkey for (hotkey, other), _ in by_hotkey.items(ctx) if other == netuid]:
            by_hotkey.remove(ctx, hotkey, netuid)
    for key in [key for key, _ in rate_limits.TransactionKeyLastBlock.items(ctx) if key[1] == netuid]:
        rate_limits.TransactionKeyLastBlock.remove(ctx, key)
    _remove_identity(ctx, netuid)
    _remove_lease(ctx, netuid)
    destroy_lock_maps(ctx, netuid)


def _clear_root_weights(ctx: Context, netuid: int) -> None:
    """Set the weights on this subnet to zero that validators on root set in earlier versions of the chain."""
    for uid, pairs in list(weights.Weights.under(ctx, ROOT_NETUID)):
        kept = pairs.copy()
        kept[kept[:, 0] == netuid, 1] = 0
        weights.Weights.put(ctx, ROOT_NETUID, uid, kept)


def _remove_identity(ctx: Context, netuid: int) -> None:
    """Remove the identity of a subnet, if it has one."""
    if serving.SubnetIdentitiesV3.contains(ctx, netuid):
        serving.SubnetIdentitiesV3.remove(ctx, netuid)
        ctx.deposit(events.SubnetIdentityRemoved(netuid))


def _remove_lease(ctx: Context, netuid: int) -> None:
    """Remove the lease of a subnet, if it has one."""
    lease = leases.SubnetUidToLeaseId.take(ctx, netuid)
    if lease is not None:
        leases.SubnetLeases.remove(ctx, lease)
        leases.SubnetLeaseShares.clear_under(ctx, lease)
        leases.AccumulatedLeaseDividends.remove(ctx, lease)
