"""Takes, parents and children, which decide who shares in whose dividends."""

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
    docs="Delegate take of a hotkey: the share of its nominators' dividends that it keeps, a u16 proportion.",
)
MaxDelegateTake = pallet.value(u16, default=InitialDefaultDelegateTake, docs="Maximum delegate take, a u16 proportion.")
MinDelegateTake = pallet.value(u16, default=InitialMinDelegateTake, docs="Minimum delegate take, a u16 proportion.")
ChildkeyTake = pallet.double_map(
    (Blake2_128Concat, AccountId),
    (Identity, NetUid),
    u16,
    default=0,
    docs="Childkey take: the share of its parents' dividends that a hotkey keeps, a u16 proportion.",
)
MaxChildkeyTake = pallet.value(u16, default=InitialMaxChildKeyTake, docs="Maximum childkey take, a u16 proportion.")
MinChildkeyTake = pallet.value(u16, default=InitialMinChildKeyTake, docs="Minimum childkey take, a u16 proportion.")
MinChildkeyTakePerSubnet = pallet.map(
    Identity,
    NetUid,
    u16,
    default=0,
    docs="Minimum childkey take on a subnet, a u16 proportion.",
)
CKBurn = pallet.value(
    u64,
    default=0,
    docs="Burned share of the dividends that children earn for parents of other coldkeys, out of 2^64 - 1.",
)
ChildKeys = pallet.double_map(
    (Blake2_128Concat, AccountId),
    (Identity, NetUid),
    Children,
    default=[],
    docs="Children of a hotkey: the proportion of its stake that each works with, out of 2^64 - 1, and their hotkeys.",
)
ParentKeys = pallet.double_map(
    (Blake2_128Concat, AccountId),
    (Identity, NetUid),
    Children,
    default=[],
    docs="Parents of a hotkey: the proportion of their stake that it works with, out of 2^64 - 1, and their hotkeys.",
)
PendingChildKeys = pallet.double_map(
    (Identity, NetUid),
    (Blake2_128Concat, AccountId),
    tuple[Children, u64],
    default=([], 0),
    docs="Children that have not taken effect yet, and the block at which they do.",
)
PendingChildKeyCooldown = pallet.value(
    u64, default=DefaultPendingCooldown, docs="Blocks until newly set children take effect."
)
AutoParentDelegationEnabled = pallet.map(
    Blake2_128Concat,
    AccountId,
    bool,
    default=True,
    docs="Whether owners of new subnets automatically become children of a root validator.",
)

pallet.name_declared(globals())
