"""Dividends of stake on root, and their claims."""

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
    docs="Minimum claim that is paid, in billionths of alpha, I96F32.",
)
RootClaimable = pallet.map(
    Blake2_128Concat,
    AccountId,
    dict[NetUid, I96F32],
    default={},
    docs="Total root dividends of a hotkey so far, by subnet: alpha for each rao staked on root, I96F32.",
)
RootClaimed = pallet.n_map(
    [Identity, Blake2_128Concat, Blake2_128Concat],
    tuple[NetUid, AccountId, AccountId],
    u128,
    default=0,
    docs="Alpha of a subnet that a coldkey has claimed from a hotkey, in billionths.",
)
RootClaimType = pallet.map(
    Blake2_128Concat,
    AccountId,
    RootClaimTypeEnum,
    default=Swap(),
    docs="Payout of a coldkey's root dividends: as TAO or as alpha.",
)
StakingColdkeys = pallet.map(Identity, AccountId, u64, docs="Index of a coldkey in the list of coldkeys with stake.")
StakingColdkeysByIndex = pallet.map(
    Identity, u64, AccountId, docs="Coldkey at an index of the list of coldkeys with stake, from 0."
)
NumStakingColdkeys = pallet.value(u64, default=0, docs="Number of coldkeys in the list of coldkeys with stake.")
NumRootClaim = pallet.value(u64, default=5, docs="Number of coldkeys with an automatic root claim per block.")

pallet.name_declared(globals())
