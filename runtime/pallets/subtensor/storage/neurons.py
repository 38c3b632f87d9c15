"""Neurons: who has which uid, and the results of the last epoch, one entry for each uid."""

from __future__ import annotations

import numpy as np

from ....frame.hashers import Blake2_128Concat, Identity
from ....scale import AccountId, VecBool, VecU16, VecU16Pairs, VecU64, u16, u64
from ...shared.types import ZERO_ACCOUNT, NetUid, NetUidStorageIndex
from ..declared.pallet import pallet

NO_U16 = np.zeros(0, np.uint16)
NO_U64 = np.zeros(0, np.uint64)
NO_BOOL = np.zeros(0, np.bool_)
NO_PAIRS = np.zeros((0, 2), np.uint16)

SubnetworkN = pallet.map(Identity, NetUid, u16, default=0, docs="Number of neurons; uids run from 0 to one less.")
Uids = pallet.double_map((Identity, NetUid), (Blake2_128Concat, AccountId), u16, docs="Uid of a hotkey on a subnet.")
Keys = pallet.double_map((Identity, NetUid), (Identity, u16), AccountId, default=ZERO_ACCOUNT, docs="Hotkey of a uid.")
IsNetworkMember = pallet.double_map(
    (Blake2_128Concat, AccountId),
    (Identity, NetUid),
    bool,
    default=False,
    docs="Whether a hotkey is a neuron of a subnet.",
)
BlockAtRegistration = pallet.double_map(
    (Identity, NetUid),
    (Identity, u16),
    u64,
    default=0,
    docs="Block in which a uid got its hotkey.",
)
Active = pallet.map(Identity, NetUid, VecBool, default=NO_BOOL, docs="Whether a neuron has set weights lately, by uid.")
StakeWeight = pallet.map(
    Identity,
    NetUid,
    VecU16,
    default=NO_U16,
    docs="Stake in consensus, u16 with 65535 as the greatest, by uid.",
)
Consensus = pallet.map(
    Identity,
    NetUid,
    VecU16,
    default=NO_U16,
    docs="Consensus weight, u16 with 65535 as the greatest, by uid.",
)
Incentive = pallet.map(
    Identity,
    NetUidStorageIndex,
    VecU16,
    default=NO_U16,
    docs="Incentive in a mechanism, u16 with 65535 as the greatest, by uid.",
)
Dividends = pallet.map(
    Identity, NetUid, VecU16, default=NO_U16, docs="Dividends, u16 with 65535 as the greatest, by uid."
)
Emission = pallet.map(Identity, NetUid, VecU64, default=NO_U64, docs="Alpha earned in the last epoch, by uid.")
LastUpdate = pallet.map(
    Identity,
    NetUidStorageIndex,
    VecU64,
    default=NO_U64,
    docs="Block in which a neuron last set or committed weights in a mechanism, by uid.",
)
ValidatorTrust = pallet.map(
    Identity,
    NetUid,
    VecU16,
    default=NO_U16,
    docs="How much of a validator's weights was within consensus, u16, by uid.",
)
ValidatorPermit = pallet.map(
    Identity, NetUid, VecBool, default=NO_BOOL, docs="Whether a neuron may act as validator, by uid."
)
Bonds = pallet.double_map(
    (Identity, NetUidStorageIndex),
    (Identity, u16),
    VecU16Pairs,
    default=NO_PAIRS,
    docs="What a validator holds in miners of a mechanism: pairs of uid and u16 bond.",
)
LoadedEmission = pallet.map(
    Identity,
    NetUid,
    list[tuple[AccountId, u64, u64]],
    docs="Former queue of emission: hotkey, to server, to validator, in rao.",
)

pallet.name_declared(globals())
