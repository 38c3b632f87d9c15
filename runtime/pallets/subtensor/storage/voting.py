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
    docs="Voting power of a hotkey: moving average of its stake, in billionths of alpha.",
)
VotingPowerTrackingEnabled = pallet.map(
    Identity, NetUid, bool, default=False, docs="Whether voting power is tracked on a subnet."
)
VotingPowerDisableAtBlock = pallet.map(
    Identity, NetUid, u64, default=0, docs="Block in which the tracking ends; 0: no end is scheduled."
)
VotingPowerEmaAlpha = pallet.map(
    Identity,
    NetUid,
    u64,
    default=3_570_000_000_000_000,
    docs="Weight of the current stake in the moving average, out of 10^18.",
)

pallet.name_declared(globals())
