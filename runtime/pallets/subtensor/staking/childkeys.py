"""Parents and children: hotkeys that let a part of their stake count for other hotkeys.

Each relation is stored twice, in `ChildKeys` of the parent and in `ParentKeys` of the child. No hotkey is child and
parent of the same hotkey, nor of itself. Scheduled children take effect after a cooldown, or at once on a subnet
that has not started.
"""

from __future__ import annotations

from contextlib import suppress

from .....consensus.integers import U64_MAX, saturating_add_u64
from ....frame.context import Context
from ....frame.errors import DispatchFailed, ensure
from ....frame.storage import StorageDoubleMap
from ...shared.types import ROOT_NETUID
from .. import storage
from ..declared import events
from ..declared.errors import Error
from ..declared.types import TransactionType
from ..ledger.accounts import coldkey_owns_hotkey, get_owning_coldkey_for_hotkey
from ..subnets.hyperparameters import get_effective_min_childkey_take
from ..subnets.networks import if_subnet_exist
from ..subnets.rate_limits import passes_rate_limit_on_subnet, set_last_block_on_subnet
from .helpers import get_total_stake_for_hotkey

MAX_CHILDREN = 5

#: Relations of one hotkey: the part of the parent's stake, out of 2^64 - 1, and the hotkey at the other end.
Edges = list[tuple[int, bytes]]
EdgeMap = StorageDoubleMap[bytes, int, Edges, Edges]


def get_children(ctx: Context, hotkey: bytes, netuid: int) -> Edges:
    """Return the children of a hotkey: for each the part of its stake, out of 2^64 - 1, and the child."""
    return storage.ChildKeys.get(ctx, hotkey, netuid)


def get_parents(ctx: Context, child: bytes, netuid: int) -> Edges:
    """Return the parents of a hotkey: for each the part of its stake, out of 2^64 - 1, and the parent."""
    return storage.ParentKeys.get(ctx, child, netuid)


def get_childkey_take(ctx: Context, hotkey: bytes, netuid: int) -> int:
    """Return a hotkey's take from the dividends of its parents, a u16 proportion.

    It is at least the minimum of the subnet.
    """
    return max(storage.ChildkeyTake.get(ctx, hotkey, netuid), get_effective_min_childkey_take(ctx, netuid))


# --- checks --------------------------------------------------------------------------------------------------------


def without_self(hotkey: bytes, edges: Edges) -> dict[bytes, int]:
    """Return the proportions by hotkey, without the hotkey itself; of two entries the last counts."""
    return {other: proportion for proportion, other in edges if other != hotkey}


def ensure_consistent(children: dict[bytes, int], parents: dict[bytes, int]) -> None:
    """Refuse relations that contradict each other.

    Fails with ProportionOverflow for more than all of the stake, and with ChildParentInconsistency for a hotkey that
    is both child and parent.
    """
    ensure(sum(children.values()) <= U64_MAX, Error.ProportionOverflow)
    ensure(not children.keys() & parents.keys(), Error.ChildParentInconsistency)


def _ensure_pending_consistency(ctx: Context, hotkey: bytes, netuid: int, children: Edges) -> None:
    """Refuse children that cannot take effect.

    Fails with InvalidChild for the hotkey itself, TooManyChildren, and as `ensure_consistent`.
    """
    parents = without_self(hotkey, get_parents(ctx, hotkey, netuid))
    ensure_consistent(without_self(hotkey, get_children(ctx, hotkey, netuid)), parents)
    ensure_pending_children(hotkey, children, parents)


def ensure_pending_children(hotkey: bytes, children: Edges, parents: dict[bytes, int]) -> None:
    """Refuse children that a hotkey with these parents cannot have; fails as `_ensure_pending_consistency`."""
    ensure(all(child != hotkey for _, child in children), Error.InvalidChild)
    ensure(len(children) <= MAX_CHILDREN, Error.TooManyChildren)
    ensure_consistent(without_self(hotkey, children), parents)


# --- scheduling children -------------------------------------------------------------------------------------------


def do_schedule_children(ctx: Context, coldkey: bytes, hotkey: bytes, netuid: int, children: Edges) -> None:
    """Schedule the children of a coldkey's hotkey on a subnet, in place of those it has.

    Fails with TxRateLimitExceeded, RegistrationNotPermittedOnRootSubnet, SubnetNotExists, NonAssociatedColdKey,
    DuplicateChild, InvalidChild, TooManyChildren, ProportionOverflow, ChildParentInconsistency, and
    NotEnoughStakeToSetChildkeys unless the hotkey is that of the subnet's owner.
    """
    act, block = TransactionType.SetChildren, ctx.block.number
    ensure(passes_rate_limit_on_subnet(ctx, act, hotkey, netuid), Error.TxRateLimitExceeded)
    ensure(netuid != ROOT_NETUID, Error.RegistrationNotPermittedOnRootSubnet)
    ensure(if_subnet_exist(ctx, netuid), Error.SubnetNotExists)
    ensure(coldkey_owns_hotkey(ctx, coldkey, hotkey), Error.NonAssociatedColdKey)
    ensure(len({child for _, child in children}) == len(children), Error.DuplicateChild)
    _ensure_pending_consistency(ctx, hotkey, netuid, children)
    ensure(not children or _has_stake_for_children(ctx, hotkey, netuid), Error.NotEnoughStakeToSetChildkeys)
    set_last_block_on_subnet(ctx, act, hotkey, netuid, block)
    if not storage.SubtokenEnabled.get(ctx, netuid):
        _set_children(ctx, hotkey, netuid, children)
        return
    cooldown = saturating_add_u64(block, storage.PendingChildKeyCooldown.get(ctx))
    storage.PendingChildKeys.put(ctx, netuid, hotkey, (children, cooldown))
    ctx.deposit(events.SetChildrenScheduled(hotkey, netuid, cooldown, children))


def _has_stake_for_children(ctx: Context, hotkey: bytes, netuid: int) -> bool:
    """Return whether a hotkey has the stake to choose children; the subnet owner's needs none."""
    if get_total_stake_for_hotkey(ctx, hotkey) >= storage.StakeThreshold.get(ctx):
        return True
    return storage.SubnetOwnerHotkey.contains(ctx, netuid) and storage.SubnetOwnerHotkey.get(ctx, netuid) == hotkey


def do_set_pending_children(ctx: Context, netuid: int) -> None:
    """Put scheduled children into effect after their cooldown, all of them on a subnet that has not started."""
    started = storage.SubtokenEnabled.get(ctx, netuid)
    pending = list(storage.PendingChildKeys.under(ctx, netuid))
    due = [(hotkey, children) for hotkey, (children, at) in pending if at < ctx.block.number or not started]
    for hotkey, children in due:
        _set_children(ctx, hotkey, netuid, children)
    for hotkey, _ in due:
        storage.PendingChildKeys.remove(ctx, netuid, hotkey)


def do_set_root_validators_for_subnet(ctx: Context, netuid: int) -> None:
    """Make the subnet owner's hotkey the only child, with all stake, of each root validator that permits it.

    Fails with RegistrationNotPermittedOnRootSubnet and SubnetNotExists. Validators for which it fails are skipped.
    """
    ensure(netuid != ROOT_NETUID, Error.RegistrationNotPermittedOnRootSubnet)
    ensure(if_subnet_exist(ctx, netuid) and storage.SubnetOwnerHotkey.contains(ctx, netuid), Error.SubnetNotExists)
    owner = storage.SubnetOwnerHotkey.get(ctx, netuid)
    for _, validator in list(storage.Keys.under(ctx, ROOT_NETUID)):
        if validator != owner and storage.AutoParentDelegationEnabled.get(ctx, validator):
            coldkey = get_owning_coldkey_for_hotkey(ctx, validator)
            with suppress(DispatchFailed):  # fails before it writes
                do_schedule_children(ctx, coldkey, validator, netuid, [(U64_MAX, owner)])


# --- children in force ---------------------------------------------------------------------------------------------


def _set_children(ctx: Context, hotkey: bytes, netuid: int, children: Edges) -> None:
    """Put children into effect; do nothing when parents have changed so that they conflict."""
    wanted, parents = without_self(hotkey, children), without_self(hotkey, get_parents(ctx, hotkey, netuid))
    try:
        ensure_consistent(wanted, parents)
    except DispatchFailed:
        return
    set_relations(ctx, hotkey, netuid, wanted, parents)
    ctx.deposit(events.SetChildren(hotkey, netuid, children))


def set_relations(
    ctx: Context, hotkey: bytes, netuid: int, children: dict[bytes, int], parents: dict[bytes, int]
) -> None:
    """Store the children and parents of a hotkey, by their proportion, in place of those it has."""
    _relate(ctx, storage.ChildKeys, storage.ParentKeys, hotkey, netuid, children)
    _relate(ctx, storage.ParentKeys, storage.ChildKeys, hotkey, netuid, parents)


def _relate(
    ctx: Context, own: EdgeMap, opposite: EdgeMap, hotkey: bytes, netuid: int, related: dict[bytes, int]
) -> None:
    """Store the relations of a hotkey in one map, ordered by hotkey, and make the other map agree."""
    former = {other for _, other in own.get(ctx, hotkey, netuid)}
    _put(ctx, own, hotkey, netuid, [(proportion, other) for other, proportion in sorted(related.items())])
    for other in sorted(former | related.keys()):
        edges = opposite.get(ctx, other, netuid)
        if other not in related:
            edges = [edge for edge in edges if edge[1] != hotkey]
        elif any(edge[1] == hotkey for edge in edges):
            edges = [(related[other], hotkey) if edge[1] == hotkey else edge for edge in edges]
        else:
            edges = [*edges, (related[other], hotkey)]
        _put(ctx, opposite, other, netuid, edges)


def _put(ctx: Context, item: EdgeMap, hotkey: bytes, netuid: int, edges: Edges) -> None:
    if edges:
        item.put(ctx, hotkey, netuid, edges)
    else:
        item.remove(ctx, hotkey, netuid)
