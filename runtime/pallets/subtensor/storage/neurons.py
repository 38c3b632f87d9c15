"""Neurons: their uids, and the results of the last epoch with one entry for each uid."""

from __future__ import annotations

import numpy as np

from ....frame.hashers import Blake2_128Concat, Identity
from ....scale import AccountId, VecBool, VecU16, VecU16Pairs, VecU64, u16, u64
from ...shared.types import ZERO_ACCOUNT, NetUid, NetUidStorageIndex
from ..declared.pallet import pallet

EMPTY_U16 = np.zeros(0, np.uint16)
EMPTY_U64 = np.zeros(0, np.uint64)
EMPTY_BOOL = np.zeros(0, np.bool_)
EMPTY_PAIRS = np.zeros((0, 2), np.uint16)

SubnetworkN = pallet.map(
    Identity,
    NetUid,
    u16,
    default=0,
    docs="Number of neurons of a subnet; their uids run from 0 to this number less one.",
)
Uids = pallet.double_map((Identity, NetUid), (Blake2_128Concat, AccountId), u16, docs="Uid of a hotkey on a subnet.")
Keys = pallet.double_map(
    (Identity, NetUid), (Identity, u16), AccountId, default=ZERO_ACCOUNT, docs="Hotkey of a uid on a subnet."
)
IsNetworkMember = pallet.double_map(
    (Blake2_128Concat, AccountId),
    (Identity, NetUid),
    bool,
    default=False,
    docs="Whether a hotkey is registered on a subnet.",
)
BlockAtRegistration = pallet.double_map(
    (Identity, NetUid),
    (Identity, u16),
    u64,
    default=0,
    docs="Block in which the hotkey of a uid was registered.",
)
Active = pallet.map(
    Identity,
    NetUid,
    VecBool,
    default=EMPTY_BOOL,
    docs="Whether a neuron has set weights within the activity cutoff, by uid.",
)
StakeWeight = pallet.map(
    Identity,
    NetUid,
    VecU16,
    default=EMPTY_U16,
    docs="Stake weight in consensus, u16 with 65535 for the maximum, by uid.",
)
Consensus = pallet.map(
    Identity,
    NetUid,
    VecU16,
    default=EMPTY_U16,
    docs="Consensus weight, u16 with 65535 for the maximum, by uid.",
)
Incentive = pallet.map(
    Identity,
    NetUidStorageIndex,
    VecU16,
    default=EMPTY_U16,
    docs="Incentive in a mechanism, u16 with 65535 for the maximum, by uid.",
)
Dividends = pallet.map(
    Identity, NetUid, VecU16, default=EMPTY_U16, docs="Dividends, u16 with 65535 for the maximum, by uid."
)
Emission = pallet.map(
    Identity, NetUid, VecU64, default=EMPTY_U64, docs="Alpha earned in the last epoch, in billionths, by uid."
)
LastUpdate = pallet.map(
    Identity,
    NetUidStorageIndex,
    VecU64,
    default=EMPTY_U64,
    docs="Block in which a neuron last set or committed weights in a mechanism, by uid.",
)
ValidatorTrust = pallet.map(
    Identity,
    NetUid,
    VecU16,
    default=EMPTY_U16,
    docs="Share of a validator's weights within consensus, a u16 proportion, by uid.",
)
ValidatorPermit = pallet.map(
    Identity, NetUid, VecBool, default=EMPTY_BOOL, docs="Whether a neuron has a validator permit, by uid."
)
Bonds = pallet.double_map(
    (Identity, NetUidStorageIndex),
    (Identity, u16),
    VecU16Pairs,
    default=EMPTY_PAIRS,
    docs="Bonds of a validator in a mechanism: pairs of a miner's uid and the bond, u16.",
)
LoadedEmission = pallet.map(
    Identity,
    NetUid,
    list[tuple[AccountId, u64, u64]],
    docs="Former queue of emission: hotkey, server and validator emission in rao.",
)

pallet.name_declared(globals())
