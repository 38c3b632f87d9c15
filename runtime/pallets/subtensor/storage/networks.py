"""Subnets: existence, ownership, price, mechanisms and symbols."""

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

SubnetLimit = pallet.value(u16, default=128, docs="Maximum number of subnets, root excluded.")
TotalNetworks = pallet.value(u16, default=0, docs="Number of subnets, root included.")
NetworkImmunityPeriod = pallet.value(
    u64,
    default=InitialNetworkImmunityPeriod,
    docs="Blocks during which a new subnet is immune against removal.",
)
StartCallDelay = pallet.value(
    u64, default=InitialStartCallDelay, docs="Blocks from the registration of a subnet until it can be started."
)
NetworkMinLockCost = pallet.value(
    TaoBalance, default=InitialNetworkMinLockCost, docs="Minimum price of a subnet registration, in rao."
)
NetworkLastLockCost = pallet.value(
    TaoBalance,
    default=InitialNetworkMinLockCost,
    docs="Price of the last subnet registration, in rao; the current price falls from twice this.",
)
NetworkLockReductionInterval = pallet.value(
    u64,
    default=InitialNetworkLockReductionInterval,
    docs="Blocks in which the price of a subnet registration falls by half.",
)
#: No limit by default: localnets are built with the faucet feature, which also lifts this limit. Without it, the
#: default is the constant `InitialNetworkRateLimit`.
NetworkRateLimit = pallet.value(u64, default=0, docs="Blocks between two subnet registrations.")
NetworkRegistrationStartBlock = pallet.value(u64, default=0, docs="First block in which subnets can be registered.")
NetworksAdded = pallet.map(Identity, NetUid, bool, default=False, docs="Whether a subnet exists.")
NetworkRegisteredAt = pallet.map(Identity, NetUid, u64, default=0, docs="Block in which a subnet was registered.")
RegisteredSubnetCounter = pallet.map(
    Identity,
    NetUid,
    u64,
    default=0,
    docs="Number of subnets that were registered with this netuid so far.",
)
SubnetMechanism = pallet.map(
    Identity,
    NetUid,
    u16,
    default=0,
    docs="1: a subnet has a pool of its own; 0: its stake is TAO.",
)
FirstEmissionBlockNumber = pallet.map(
    Identity, NetUid, u64, docs="First block with emission for a subnet; set when the subnet is started."
)
SubtokenEnabled = pallet.map(Identity, NetUid, bool, default=False, docs="Whether a subnet's alpha is traded.")
SubnetOwner = pallet.map(Identity, NetUid, AccountId, default=ZERO_ACCOUNT, docs="Coldkey of a subnet's owner.")
SubnetOwnerHotkey = pallet.map(Identity, NetUid, AccountId, default=ZERO_ACCOUNT, docs="Hotkey of a subnet's owner.")
SubnetLocked = pallet.map(
    Identity, NetUid, TaoBalance, default=0, docs="Price that was paid for the registration of a subnet, in rao."
)
LargestLocked = pallet.map(Identity, NetUid, u64, default=0, docs="Unused.")
TransferToggle = pallet.map(
    Identity, NetUid, bool, default=True, docs="Whether stake on a subnet can be transferred between coldkeys."
)
TokenSymbol = pallet.map(Identity, NetUid, bytes, default="𝜏".encode(), docs="Symbol of a subnet's alpha, in UTF-8.")
MaxMechanismCount = pallet.value(MechId, default=2, docs="Maximum number of mechanisms of a subnet.")
MechanismCountCurrent = pallet.map(Twox64Concat, NetUid, MechId, default=1, docs="Number of mechanisms of a subnet.")
MechanismEmissionSplit = pallet.map(
    Twox64Concat,
    NetUid,
    VecU16,
    docs="Split of a subnet's emission among its mechanisms, u16 proportions with the sum 65535; even if absent.",
)

pallet.name_declared(globals())
