"""Takes, parents and children: who shares in whose dividends."""

from __future__ import annotations

from ....frame.hashers import Blake2_128Concat, Identity
from ....scale import AccountId, u16, u64
from ...shared.types import NetUid
from ..declared.constants import (
    DefaultPendingCooldown,
    InitialDefaultDelegateTake,
    InitialMaxChildKeyTake,
    InitialMinChildKeyTake,
    InitialMinDelegateTake,
)
from ..declared.pallet import pallet
from ..declared.types import Children

Delegates = pallet.map(
    Blake2_128Concat,
    AccountId,
    u16,
    default=InitialDefaultDelegateTake,
    docs="Part of its nominators' dividends that a hotkey keeps, a u16 proportion.",
)
MaxDelegateTake = pallet.value(
    u16, default=InitialDefaultDelegateTake, docs="Greatest take of delegates, a u16 proportion."
)
MinDelegateTake = pallet.value(u16, default=InitialMinDelegateTake, docs="Least take of delegates, a u16 proportion.")
ChildkeyTake = pallet.double_map(
    (Blake2_128Concat, AccountId),
    (Identity, NetUid),
    u16,
    default=0,
    docs="Part of its parents' dividends that a hotkey keeps, a u16 proportion.",
)
MaxChildkeyTake = pallet.value(u16, default=InitialMaxChildKeyTake, docs="Greatest childkey take, a u16 proportion.")
MinChildkeyTake = pallet.value(u16, default=InitialMinChildKeyTake, docs="Least childkey take, a u16 proportion.")
MinChildkeyTakePerSubnet = pallet.map(
    Identity,
    NetUid,
    u16,
    default=0,
    docs="Least childkey take on a subnet, a u16 proportion.",
)
CKBurn = pallet.value(
    u64,
    default=0,
    docs="Part burned of what children earn that their parents' coldkey does not own, out of 2^64 - 1.",
)
ChildKeys = pallet.double_map(
    (Blake2_128Concat, AccountId),
    (Identity, NetUid),
    Children,
    default=[],
    docs="Children of a hotkey: the part of its stake that works for them, out of 2^64 - 1, and their hotkeys.",
)
ParentKeys = pallet.double_map(
    (Blake2_128Concat, AccountId),
    (Identity, NetUid),
    Children,
    default=[],
    docs="Parents of a hotkey: the part of their stake that works for it, out of 2^64 - 1, and their hotkeys.",
)
PendingChildKeys = pallet.double_map(
    (Identity, NetUid),
    (Blake2_128Concat, AccountId),
    tuple[Children, u64],
    default=([], 0),
    docs="Children chosen, and the block from which they hold.",
)
PendingChildKeyCooldown = pallet.value(u64, default=DefaultPendingCooldown, docs="Blocks before chosen children hold.")
AutoParentDelegationEnabled = pallet.map(
    Blake2_128Concat,
    AccountId,
    bool,
    default=True,
    docs="Whether a root validator lets owners of new subnets become its children.",
)

pallet.name_declared(globals())
