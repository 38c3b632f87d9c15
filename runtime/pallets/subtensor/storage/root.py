"""Dividends of stake on root, and how they are claimed."""

from __future__ import annotations

from ....frame.hashers import Blake2_128Concat, Identity
from ....scale import AccountId, u64, u128
from ....scale.fixed_types import I96F32
from ...shared.types import NetUid
from ..declared.pallet import pallet
from ..declared.types import RootClaimTypeEnum, Swap

RootClaimableThreshold = pallet.map(
    Blake2_128Concat,
    NetUid,
    I96F32,
    default=500_000 << 32,
    docs="Least claim that is paid out, in alpha, I96F32.",
)
RootClaimable = pallet.map(
    Blake2_128Concat,
    AccountId,
    dict[NetUid, I96F32],
    default={},
    docs="Alpha for each rao staked on root with a hotkey, ever earned on each subnet, I96F32.",
)
RootClaimed = pallet.n_map(
    [Identity, Blake2_128Concat, Blake2_128Concat],
    tuple[NetUid, AccountId, AccountId],
    u128,
    default=0,
    docs="Alpha of a subnet that a coldkey has claimed through a hotkey.",
)
RootClaimType = pallet.map(
    Blake2_128Concat,
    AccountId,
    RootClaimTypeEnum,
    default=Swap(),
    docs="What a coldkey wants for its root dividends.",
)
StakingColdkeys = pallet.map(Identity, AccountId, u64, docs="Place of a coldkey among those that stake.")
StakingColdkeysByIndex = pallet.map(Identity, u64, AccountId, docs="Coldkey in a place, from 0.")
NumStakingColdkeys = pallet.value(u64, default=0, docs="Number of coldkeys that stake.")
NumRootClaim = pallet.value(u64, default=5, docs="Coldkeys whose dividends are claimed for them in each block.")

pallet.name_declared(globals())
