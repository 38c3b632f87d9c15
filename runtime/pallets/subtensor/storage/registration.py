"""What becoming a neuron costs, and how many may."""

from __future__ import annotations

from ....frame.hashers import Identity
from ....scale import u16, u64
from ....scale.fixed_types import U64F64
from ...shared.types import NetUid, TaoBalance
from ..declared.constants import (
    InitialBurn,
    InitialDifficulty,
    InitialMaxBurn,
    InitialMaxDifficulty,
    InitialMaxRegistrationsPerBlock,
    InitialMinBurn,
    InitialMinDifficulty,
    InitialRAORecycledForRegistration,
    InitialTargetRegistrationsPerInterval,
)
from ..declared.pallet import pallet

Burn = pallet.map("Burn", Identity, NetUid, TaoBalance, default=InitialBurn, docs="Price of a registration, in rao.")
MinBurn = pallet.map(
    "MinBurn", Identity, NetUid, TaoBalance, default=InitialMinBurn, docs="Least price of a registration, in rao."
)
MaxBurn = pallet.map(
    "MaxBurn", Identity, NetUid, TaoBalance, default=InitialMaxBurn, docs="Greatest price of a registration, in rao."
)
BurnHalfLife = pallet.map("BurnHalfLife", Identity, NetUid, u16, default=360, docs="Blocks in which the price halves.")
#: Before it is set: 1.26.
BurnIncreaseMult = pallet.map(
    "BurnIncreaseMult",
    Identity,
    NetUid,
    U64F64,
    default=0x1_428F_5C28_F5C2_9000,
    docs="Factor by which each registration raises the price.",
)
Difficulty = pallet.map(
    "Difficulty", Identity, NetUid, u64, default=InitialDifficulty, docs="Difficulty of registration by proof of work."
)
MinDifficulty = pallet.map(
    "MinDifficulty", Identity, NetUid, u64, default=InitialMinDifficulty, docs="Least difficulty."
)
MaxDifficulty = pallet.map(
    "MaxDifficulty", Identity, NetUid, u64, default=InitialMaxDifficulty, docs="Greatest difficulty."
)
UsedWork = pallet.map(
    "UsedWork", Identity, bytes, u64, default=0, docs="Block in which a piece of work was used; none is taken twice."
)
NetworkRegistrationAllowed = pallet.map(
    "NetworkRegistrationAllowed", Identity, NetUid, bool, default=True, docs="Whether a subnet takes registrations."
)
NetworkPowRegistrationAllowed = pallet.map(
    "NetworkPowRegistrationAllowed", Identity, NetUid, bool, default=True, docs="Whether a subnet takes proof of work."
)
MaxRegistrationsPerBlock = pallet.map(
    "MaxRegistrationsPerBlock",
    Identity,
    NetUid,
    u16,
    default=InitialMaxRegistrationsPerBlock,
    docs="Most registrations in a block.",
)
TargetRegistrationsPerInterval = pallet.map(
    "TargetRegistrationsPerInterval",
    Identity,
    NetUid,
    u16,
    default=InitialTargetRegistrationsPerInterval,
    docs="Registrations aimed at in an interval; three times as many are the most.",
)
RegistrationsThisBlock = pallet.map(
    "RegistrationsThisBlock", Identity, NetUid, u16, default=0, docs="Registrations in this block."
)
RegistrationsThisInterval = pallet.map(
    "RegistrationsThisInterval", Identity, NetUid, u16, default=0, docs="Registrations in this interval."
)
POWRegistrationsThisInterval = pallet.map(
    "POWRegistrationsThisInterval",
    Identity,
    NetUid,
    u16,
    default=0,
    docs="Registrations by proof of work in this interval.",
)
BurnRegistrationsThisInterval = pallet.map(
    "BurnRegistrationsThisInterval", Identity, NetUid, u16, default=0, docs="Registrations by payment in this interval."
)
LastAdjustmentBlock = pallet.map(
    "LastAdjustmentBlock", Identity, NetUid, u64, default=0, docs="Block of the last adjustment."
)
RAORecycledForRegistration = pallet.map(
    "RAORecycledForRegistration",
    Identity,
    NetUid,
    TaoBalance,
    default=InitialRAORecycledForRegistration,
    docs="Rao that registrations have recycled on a subnet.",
)
