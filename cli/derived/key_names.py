"""Names of the keys of storage maps, for help. The declarations only have their types."""

from __future__ import annotations

#: Pallets whose u16 keys are netuids.
SUBNET_PALLETS = ("SubtensorModule", "Commitments", "Swap", "AlphaAssets")
#: Names by type, where an item is not listed below.
BY_TYPE = {"AccountId32": "account", "H256": "hash", "[u8;32]": "id"}

#: Names of the keys of single items, in their order.
KEY_NAMES: dict[str, tuple[str, ...]] = {
    "System.BlockHash": ("block",),
    "System.ExtrinsicData": ("index",),
    "System.EventTopics": ("topic",),
    "Grandpa.SetIdSession": ("set-id",),
    "SubtensorModule.LastHotkeySwapOnNetuid": ("netuid", "coldkey"),
    "SubtensorModule.Owner": ("hotkey",),
    "SubtensorModule.Delegates": ("hotkey",),
    "SubtensorModule.ChildkeyTake": ("hotkey", "netuid"),
    "SubtensorModule.PendingChildKeys": ("netuid", "parent"),
    "SubtensorModule.ChildKeys": ("parent", "netuid"),
    "SubtensorModule.ParentKeys": ("child", "netuid"),
    "SubtensorModule.AlphaDividendsPerSubnet": ("netuid", "hotkey"),
    "SubtensorModule.RootAlphaDividendsPerSubnet": ("netuid", "hotkey"),
    "SubtensorModule.LastHotkeyEmissionOnNetuid": ("hotkey", "netuid"),
    "SubtensorModule.StakingHotkeys": ("coldkey",),
    "SubtensorModule.OwnedHotkeys": ("coldkey",),
    "SubtensorModule.AutoStakeDestination": ("coldkey", "netuid"),
    "SubtensorModule.AutoStakeDestinationColdkeys": ("hotkey", "netuid"),
    "SubtensorModule.ColdkeySwapAnnouncements": ("coldkey",),
    "SubtensorModule.ColdkeySwapDisputes": ("coldkey",),
    "SubtensorModule.TotalHotkeyAlpha": ("hotkey", "netuid"),
    "SubtensorModule.TotalHotkeyAlphaLastEpoch": ("hotkey", "netuid"),
    "SubtensorModule.TotalHotkeyShares": ("hotkey", "netuid"),
    "SubtensorModule.Alpha": ("hotkey", "coldkey", "netuid"),
    "SubtensorModule.TotalHotkeySharesV2": ("hotkey", "netuid"),
    "SubtensorModule.AlphaV2": ("hotkey", "coldkey", "netuid"),
    "SubtensorModule.Lock": ("coldkey", "netuid", "hotkey"),
    "SubtensorModule.LockingColdkeys": ("netuid", "hotkey", "coldkey"),
    "SubtensorModule.HotkeyLock": ("netuid", "hotkey"),
    "SubtensorModule.DecayingHotkeyLock": ("netuid", "hotkey"),
    "SubtensorModule.DecayingLock": ("coldkey", "netuid"),
    "SubtensorModule.UsedWork": ("work",),
    "SubtensorModule.LastRateLimitedBlock": ("limit",),
    "SubtensorModule.IsNetworkMember": ("hotkey", "netuid"),
    "SubtensorModule.VotingPower": ("netuid", "hotkey"),
    "SubtensorModule.Uids": ("netuid", "hotkey"),
    "SubtensorModule.Keys": ("netuid", "uid"),
    "SubtensorModule.Incentive": ("netuid-index",),
    "SubtensorModule.LastUpdate": ("netuid-index",),
    "SubtensorModule.Weights": ("netuid-index", "uid"),
    "SubtensorModule.Bonds": ("netuid-index", "uid"),
    "SubtensorModule.BlockAtRegistration": ("netuid", "uid"),
    "SubtensorModule.Axons": ("netuid", "hotkey"),
    "SubtensorModule.NeuronCertificates": ("netuid", "hotkey"),
    "SubtensorModule.Prometheus": ("netuid", "hotkey"),
    "SubtensorModule.IdentitiesV2": ("coldkey",),
    "SubtensorModule.TransactionKeyLastBlock": ("hotkey", "netuid", "type"),
    "SubtensorModule.LastTxBlockChildKeyTake": ("hotkey",),
    "SubtensorModule.LastTxBlockDelegateTake": ("hotkey",),
    "SubtensorModule.WeightCommits": ("netuid-index", "hotkey"),
    "SubtensorModule.TimelockedWeightCommits": ("netuid-index", "epoch"),
    "SubtensorModule.CRV3WeightCommits": ("netuid-index", "epoch"),
    "SubtensorModule.CRV3WeightCommitsV2": ("netuid-index", "epoch"),
    "SubtensorModule.LastColdkeyHotkeyStakeBlock": ("coldkey", "hotkey"),
    "SubtensorModule.RootClaimable": ("hotkey",),
    "SubtensorModule.RootClaimed": ("netuid", "hotkey", "coldkey"),
    "SubtensorModule.RootClaimType": ("coldkey",),
    "SubtensorModule.StakingColdkeysByIndex": ("index",),
    "SubtensorModule.StakingColdkeys": ("coldkey",),
    "SubtensorModule.AssociatedEvmAddress": ("netuid", "uid"),
    "SubtensorModule.SubnetLeases": ("lease",),
    "SubtensorModule.SubnetLeaseShares": ("lease", "contributor"),
    "SubtensorModule.AccumulatedLeaseDividends": ("lease",),
    "SubtensorModule.HasMigrationRun": ("migration",),
    "SubtensorModule.AutoParentDelegationEnabled": ("hotkey",),
    "Multisig.Multisigs": ("multisig", "call-hash"),
    "Preimage.PreimageFor": ("hash-and-length",),
    "Scheduler.Agenda": ("block",),
    "Scheduler.Retries": ("task",),
    "Scheduler.Lookup": ("name",),
    "Proxy.Announcements": ("delegate",),
    "Proxy.RealPaysFee": ("real", "delegate"),
    "Commitments.CommitmentOf": ("netuid", "hotkey"),
    "Commitments.LastCommitment": ("netuid", "hotkey"),
    "Commitments.LastBondsReset": ("netuid", "hotkey"),
    "Commitments.RevealedCommitments": ("netuid", "hotkey"),
    "Commitments.UsedSpaceOf": ("netuid", "hotkey"),
    "AdminUtils.PrecompileEnable": ("precompile",),
    "SafeMode.Deposits": ("account", "block"),
    "Ethereum.Pending": ("index",),
    "Ethereum.BlockHash": ("number",),
    "EVM.AccountCodes": ("address",),
    "EVM.AccountCodesMetadata": ("address",),
    "EVM.AccountStorages": ("address", "slot"),
    "Drand.HasMigrationRun": ("migration",),
    "Drand.Pulses": ("round",),
    "Crowdloan.Crowdloans": ("crowdloan",),
    "Crowdloan.Contributions": ("crowdloan", "contributor"),
    "Crowdloan.MaxContributions": ("crowdloan",),
    "Crowdloan.HasMigrationRun": ("migration",),
    "Swap.HasMigrationRun": ("migration",),
    "MevShield.AuthorKeys": ("author",),
    "MevShield.HasMigrationRun": ("migration",),
    "MevShield.PendingExtrinsics": ("index",),
    "LimitOrders.Orders": ("order",),
    "LimitOrders.HasMigrationRun": ("migration",),
}


def key_names(pallet: str, item: str, types: list[str]) -> list[str]:
    """Return the names of the keys of a storage map, whose types have these names; unknown ones are numbered."""
    known = KEY_NAMES.get(f"{pallet}.{item}")
    if known is not None and len(known) == len(types):
        return list(known)
    if types == ["u16"] and pallet in SUBNET_PALLETS:
        return ["netuid"]
    return [
        BY_TYPE.get(type_, "key" if len(types) == 1 else f"key-{place}") for place, type_ in enumerate(types, start=1)
    ]
