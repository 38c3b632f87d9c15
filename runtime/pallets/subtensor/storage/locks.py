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
    docs="Choices of an account, one bit each; bit 0: takes locked alpha.",
)
Lock = pallet.n_map(
    [Blake2_128Concat, Identity, Blake2_128Concat],
    tuple[AccountId, NetUid, AccountId],
    LockState,
    docs="A coldkey's lock to a hotkey.",
)
LockingColdkeys = pallet.n_map(
    [Identity, Blake2_128Concat, Blake2_128Concat],
    tuple[NetUid, AccountId, AccountId],
    None,
    docs="Present where a coldkey has a lock to a hotkey.",
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
OwnerLock = pallet.map(Identity, NetUid, LockState, docs="Sum of the perpetual locks to the subnet owner's hotkey.")
DecayingOwnerLock = pallet.map(
    Identity, NetUid, LockState, docs="Sum of the decaying locks to the subnet owner's hotkey."
)
DecayingLock = pallet.double_map(
    (Blake2_128Concat, AccountId),
    (Identity, NetUid),
    bool,
    docs="False where a coldkey's lock is perpetual; locks decay when absent.",
)
OwnerCutAutoLockEnabled = pallet.map(
    Identity,
    NetUid,
    bool,
    default=False,
    docs="Whether the owner's cut is locked as it comes.",
)
MaturityRate = pallet.value(u64, default=934_866, docs="Blocks in which conviction ripens by the factor e.")
UnlockRate = pallet.value(u64, default=934_866, docs="Blocks in which locks decay by the factor e.")

pallet.name_declared(globals())
