"""Price and limits of neuron registrations."""

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
    Identity, NetUid, TaoBalance, default=InitialMinBurn, docs="Minimum price of a registration, in rao."
)
MaxBurn = pallet.map(
    Identity, NetUid, TaoBalance, default=InitialMaxBurn, docs="Maximum price of a registration, in rao."
)
BurnHalfLife = pallet.map(
    Identity, NetUid, u16, default=360, docs="Blocks in which the price of a registration falls by half."
)
#: Default: 1.26.
BurnIncreaseMult = pallet.map(
    Identity,
    NetUid,
    U64F64,
    default=0x1_428F_5C28_F5C2_9000,
    docs="Factor by which each registration increases the price, U64F64.",
)
Difficulty = pallet.map(
    Identity, NetUid, u64, default=InitialDifficulty, docs="Difficulty of registration by proof of work."
)
MinDifficulty = pallet.map(
    Identity, NetUid, u64, default=InitialMinDifficulty, docs="Minimum difficulty of registration by proof of work."
)
MaxDifficulty = pallet.map(
    Identity, NetUid, u64, default=InitialMaxDifficulty, docs="Maximum difficulty of registration by proof of work."
)
UsedWork = pallet.map(
    Identity, bytes, u64, default=0, docs="Block in which a proof of work was used; none is accepted twice."
)
NetworkRegistrationAllowed = pallet.map(
    Identity, NetUid, bool, default=True, docs="Whether registrations are allowed on a subnet."
)
NetworkPowRegistrationAllowed = pallet.map(
    Identity, NetUid, bool, default=True, docs="Whether registrations by proof of work are allowed on a subnet."
)
MaxRegistrationsPerBlock = pallet.map(
    Identity,
    NetUid,
    u16,
    default=InitialMaxRegistrationsPerBlock,
    docs="Maximum number of registrations per block.",
)
TargetRegistrationsPerInterval = pallet.map(
    Identity,
    NetUid,
    u16,
    default=InitialTargetRegistrationsPerInterval,
    docs="Target number of registrations per interval; three times this number is the maximum.",
)
RegistrationsThisBlock = pallet.map(Identity, NetUid, u16, default=0, docs="Number of registrations in this block.")
RegistrationsThisInterval = pallet.map(
    Identity, NetUid, u16, default=0, docs="Number of registrations in this interval."
)
POWRegistrationsThisInterval = pallet.map(
    Identity,
    NetUid,
    u16,
    default=0,
    docs="Number of registrations by proof of work in this interval.",
)
BurnRegistrationsThisInterval = pallet.map(
    Identity, NetUid, u16, default=0, docs="Number of registrations by payment in this interval."
)
LastAdjustmentBlock = pallet.map(Identity, NetUid, u64, default=0, docs="Block of the last adjustment.")
RAORecycledForRegistration = pallet.map(
    Identity,
    NetUid,
    TaoBalance,
    default=InitialRAORecycledForRegistration,
    docs="TAO recycled by the registrations on a subnet, in rao.",
)

pallet.name_declared(globals())
