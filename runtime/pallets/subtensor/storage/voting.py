"""Voting power: a moving average of stake."""

from __future__ import annotations

from ....frame.hashers import Blake2_128Concat, Identity
from ....scale import AccountId, u64
from ...shared.types import NetUid
from ..declared.pallet import pallet

VotingPower = pallet.double_map(
    (Identity, NetUid),
    (Blake2_128Concat, AccountId),
    u64,
    default=0,
    docs="A hotkey's moving average of stake, in alpha.",
)
VotingPowerTrackingEnabled = pallet.map(
    Identity, NetUid, bool, default=False, docs="Whether a subnet tracks voting power."
)
VotingPowerDisableAtBlock = pallet.map(
    Identity, NetUid, u64, default=0, docs="Block in which the tracking ends; 0: none."
)
VotingPowerEmaAlpha = pallet.map(
    Identity,
    NetUid,
    u64,
    default=3_570_000_000_000_000,
    docs="Weight of the newest stake, out of 10^18.",
)

pallet.name_declared(globals())
