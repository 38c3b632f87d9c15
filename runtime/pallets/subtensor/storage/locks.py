"""Locked stake and the conviction that grows from it."""

from __future__ import annotations

from ....frame.hashers import Blake2_128Concat, Identity
from ....scale import AccountId, u64, u128
from ...shared.types import NetUid
from ..declared.pallet import pallet
from ..declared.types import LockState

AccountFlags = pallet.map(
    Blake2_128Concat,
    AccountId,
    u128,
    default=0,
    docs="Flags of an account, one bit each. Bit 0: the account accepts locked alpha.",
)
Lock = pallet.n_map(
    [Blake2_128Concat, Identity, Blake2_128Concat],
    tuple[AccountId, NetUid, AccountId],
    LockState,
    docs="Lock of a coldkey's alpha on a subnet to a hotkey.",
)
LockingColdkeys = pallet.n_map(
    [Identity, Blake2_128Concat, Blake2_128Concat],
    tuple[NetUid, AccountId, AccountId],
    None,
    docs="Coldkeys with a lock to a hotkey of a subnet.",
)
HotkeyLock = pallet.double_map(
    (Identity, NetUid),
    (Blake2_128Concat, AccountId),
    LockState,
    docs="Sum of the perpetual locks to a hotkey.",
)
DecayingHotkeyLock = pallet.double_map(
    (Identity, NetUid),
    (Blake2_128Concat, AccountId),
    LockState,
    docs="Sum of the decaying locks to a hotkey.",
)
OwnerLock = pallet.map(
    Identity, NetUid, LockState, docs="Sum of the perpetual locks to the hotkey of the subnet's owner."
)
DecayingOwnerLock = pallet.map(
    Identity, NetUid, LockState, docs="Sum of the decaying locks to the hotkey of the subnet's owner."
)
DecayingLock = pallet.double_map(
    (Blake2_128Concat, AccountId),
    (Identity, NetUid),
    bool,
    docs="False: the coldkey's lock on the subnet is perpetual. True or absent: it decays.",
)
OwnerCutAutoLockEnabled = pallet.map(
    Identity,
    NetUid,
    bool,
    default=False,
    docs="Whether the owner's cut is locked when it is paid.",
)
MaturityRate = pallet.value(
    u64, default=934_866, docs="Blocks in which the distance of conviction from its limit shrinks by the factor e."
)
UnlockRate = pallet.value(u64, default=934_866, docs="Blocks in which a decaying lock shrinks by the factor e.")

pallet.name_declared(globals())
