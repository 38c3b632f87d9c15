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

Burn = pallet.map(Identity, NetUid, TaoBalance, default=InitialBurn, docs="Price of a registration, in rao.")
MinBurn = pallet.map(
    Identity, NetUid, TaoBalance, default=InitialMinBurn, docs="Least price of a registration, in rao."
)
MaxBurn = pallet.map(
    Identity, NetUid, TaoBalance, default=InitialMaxBurn, docs="Greatest price of a registration, in rao."
)
BurnHalfLife = pallet.map(Identity, NetUid, u16, default=360, docs="Blocks in which the price halves.")
#: Before it is set: 1.26.
BurnIncreaseMult = pallet.map(
    Identity,
    NetUid,
    U64F64,
    default=0x1_428F_5C28_F5C2_9000,
    docs="Factor by which each registration raises the price.",
)
Difficulty = pallet.map(
    Identity, NetUid, u64, default=InitialDifficulty, docs="Difficulty of registration by proof of work."
)
MinDifficulty = pallet.map(Identity, NetUid, u64, default=InitialMinDifficulty, docs="Least difficulty.")
MaxDifficulty = pallet.map(Identity, NetUid, u64, default=InitialMaxDifficulty, docs="Greatest difficulty.")
UsedWork = pallet.map(
    Identity, bytes, u64, default=0, docs="Block in which a piece of work was used; none is taken twice."
)
NetworkRegistrationAllowed = pallet.map(
    Identity, NetUid, bool, default=True, docs="Whether a subnet takes registrations."
)
NetworkPowRegistrationAllowed = pallet.map(
    Identity, NetUid, bool, default=True, docs="Whether a subnet takes proof of work."
)
MaxRegistrationsPerBlock = pallet.map(
    Identity,
    NetUid,
    u16,
    default=InitialMaxRegistrationsPerBlock,
    docs="Most registrations in a block.",
)
TargetRegistrationsPerInterval = pallet.map(
    Identity,
    NetUid,
    u16,
    default=InitialTargetRegistrationsPerInterval,
    docs="Registrations aimed at in an interval; three times as many are the most.",
)
RegistrationsThisBlock = pallet.map(Identity, NetUid, u16, default=0, docs="Registrations in this block.")
RegistrationsThisInterval = pallet.map(Identity, NetUid, u16, default=0, docs="Registrations in this interval.")
POWRegistrationsThisInterval = pallet.map(
    Identity,
    NetUid,
    u16,
    default=0,
    docs="Registrations by proof of work in this interval.",
)
BurnRegistrationsThisInterval = pallet.map(
    Identity, NetUid, u16, default=0, docs="Registrations by payment in this interval."
)
LastAdjustmentBlock = pallet.map(Identity, NetUid, u64, default=0, docs="Block of the last adjustment.")
RAORecycledForRegistration = pallet.map(
    Identity,
    NetUid,
    TaoBalance,
    default=InitialRAORecycledForRegistration,
    docs="Rao that registrations have recycled on a subnet.",
)

pallet.name_declared(globals())
