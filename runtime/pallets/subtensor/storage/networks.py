"""Subnets: which there are, whose they are, what they cost, their mechanisms and symbols."""

from __future__ import annotations

from ....frame.hashers import Identity, Twox64Concat
from ....scale import AccountId, VecU16, u16, u64
from ...shared.types import ZERO_ACCOUNT, MechId, NetUid, TaoBalance
from ..declared.constants import (
    InitialNetworkImmunityPeriod,
    InitialNetworkLockReductionInterval,
    InitialNetworkMinLockCost,
    InitialStartCallDelay,
)
from ..declared.pallet import pallet

SubnetLimit = pallet.value(u16, default=128, docs="Most subnets, root not counted.")
TotalNetworks = pallet.value(u16, default=0, docs="Number of subnets, root counted.")
NetworkImmunityPeriod = pallet.value(
    u64,
    default=InitialNetworkImmunityPeriod,
    docs="Blocks in which a new subnet is not removed for another.",
)
StartCallDelay = pallet.value(u64, default=InitialStartCallDelay, docs="Blocks before a new subnet can be started.")
NetworkMinLockCost = pallet.value(
    TaoBalance, default=InitialNetworkMinLockCost, docs="Least price of a subnet, in rao."
)
NetworkLastLockCost = pallet.value(
    TaoBalance,
    default=InitialNetworkMinLockCost,
    docs="Price of the last subnet registered, in rao; the next one's falls from its double.",
)
NetworkLockReductionInterval = pallet.value(
    u64,
    default=InitialNetworkLockReductionInterval,
    docs="Blocks in which the price of a subnet falls by half.",
)
#: None by default: localnets are built with the feature of the faucet, which also lifts this limit. The constant
#: `InitialNetworkRateLimit` is the default without it.
NetworkRateLimit = pallet.value(u64, default=0, docs="Blocks between two registrations of subnets.")
NetworkRegistrationStartBlock = pallet.value(u64, default=0, docs="Subnets can be registered from this block on.")
NetworksAdded = pallet.map(Identity, NetUid, bool, default=False, docs="Whether a subnet exists.")
NetworkRegisteredAt = pallet.map(Identity, NetUid, u64, default=0, docs="Block in which a subnet was registered.")
RegisteredSubnetCounter = pallet.map(
    Identity,
    NetUid,
    u64,
    default=0,
    docs="How often a subnet of this id has been registered.",
)
SubnetMechanism = pallet.map(
    Identity,
    NetUid,
    u16,
    default=0,
    docs="1 when a subnet has a pool of its own, 0 when its stake is TAO.",
)
FirstEmissionBlockNumber = pallet.map(
    Identity, NetUid, u64, docs="Block from which a subnet emits; set when it is started."
)
SubtokenEnabled = pallet.map(Identity, NetUid, bool, default=False, docs="Whether a subnet's alpha is traded.")
SubnetOwner = pallet.map(Identity, NetUid, AccountId, default=ZERO_ACCOUNT, docs="Coldkey of a subnet's owner.")
SubnetOwnerHotkey = pallet.map(Identity, NetUid, AccountId, default=ZERO_ACCOUNT, docs="Hotkey of a subnet's owner.")
SubnetLocked = pallet.map(Identity, NetUid, TaoBalance, default=0, docs="What a subnet's registration cost, in rao.")
LargestLocked = pallet.map(Identity, NetUid, u64, default=0, docs="Unused.")
TransferToggle = pallet.map(Identity, NetUid, bool, default=True, docs="Whether a subnet lets stake change coldkeys.")
TokenSymbol = pallet.map(Identity, NetUid, bytes, default="𝜏".encode(), docs="Sign of a subnet's alpha, in UTF-8.")
MaxMechanismCount = pallet.value(MechId, default=2, docs="Most mechanisms of a subnet.")
MechanismCountCurrent = pallet.map(Twox64Concat, NetUid, MechId, default=1, docs="Number of a subnet's mechanisms.")
MechanismEmissionSplit = pallet.map(
    Twox64Concat,
    NetUid,
    VecU16,
    docs="How a subnet's mechanisms share its emission, u16 proportions that add up to 65535; equally when absent.",
)

pallet.name_declared(globals())
