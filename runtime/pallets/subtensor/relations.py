"""Who becomes whose child: a hotkey chooses children, each for a part of its stake, and becomes a parent of theirs.

The choice holds after a cooldown, on subnets that are not started at once. Nobody is parent and child of the same
hotkey. Parts are out of 2^64 - 1. Both ends store each relation; the lists are ordered by account where they are
written as a whole.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from ...frame.context import Context
from ...frame.errors import DispatchFailed, ensure
from ...frame.storage import StorageDoubleMap
from ..common_types import ROOT
from .account import coldkey_owns_hotkey, get_owning_coldkey_for_hotkey
from .errors import Error
from .events import SetChildren, SetChildrenScheduled
from .networks import if_subnet_exist
from .rate_limits import passes_rate_limit_on_subnet, set_last_block_on_subnet
from .storage.delegation import (
    AutoParentDelegationEnabled,
    ChildKeys,
    ParentKeys,
    PendingChildKeyCooldown,
    PendingChildKeys,
)
from .storage.networks import SubnetOwnerHotkey, SubtokenEnabled
from .storage.neurons import Keys
from .storage.weights import StakeThreshold
from .types import TransactionType

U64_MAX = (1 << 64) - 1
MAX_CHILDREN = 5

#: As stored: part and account.
Edges = list[tuple[int, bytes]]
EdgeMap = StorageDoubleMap[bytes, int, Edges, Edges]


@dataclass(frozen=True, slots=True)
class PCRelations:
    """A hotkey with its children and its parents on one subnet, and the part of each."""

    pivot: bytes
    children: dict[bytes, int]
    parents: dict[bytes, int]

    def check(self, children: dict[bytes, int]) -> None:
        """Whether it could have these children: ProportionOverflow, ChildParentInconsistency."""
        ensure(sum(children.values()) <= U64_MAX, Error.ProportionOverflow)
        ensure(children.keys().isdisjoint(self.parents), Error.ChildParentInconsistency)

    def ensure_pending_consistency(self, pending: Edges) -> None:
        """The same for a choice; InvalidChild when it is among them itself; TooManyChildren."""
        children = {child: part for part, child in pending}
        ensure(self.pivot not in children, Error.InvalidChild)
        ensure(len(children) <= MAX_CHILDREN, Error.TooManyChildren)
        self.check(children)


def _without(hotkey: bytes, edges: Edges) -> dict[bytes, int]:
    return {account: part for part, account in edges if account != hotkey}


def load_relations_from_pending(ctx: Context, hotkey: bytes, children: Edges, netuid: int) -> PCRelations:
    """A hotkey with these children and the parents that it has."""
    parents = _without(hotkey, ParentKeys.get(ctx, hotkey, netuid))
    relations = PCRelations(hotkey, _without(hotkey, children), parents)
    relations.check(relations.children)
    return relations


def load_child_parent_relations(ctx: Context, hotkey: bytes, netuid: int) -> PCRelations:
    """A hotkey with the children and the parents that it has."""
    return load_relations_from_pending(ctx, hotkey, ChildKeys.get(ctx, hotkey, netuid), netuid)


def persist_child_parent_relations(ctx: Context, relations: PCRelations, netuid: int) -> None:
    """Store the relations of a hotkey, at both ends of each."""
    _store(ctx, netuid, relations.pivot, relations.children, ChildKeys, ParentKeys)
    _store(ctx, netuid, relations.pivot, relations.parents, ParentKeys, ChildKeys)


def _store(ctx: Context, netuid: int, pivot: bytes, relatives: dict[bytes, int], own: EdgeMap, theirs: EdgeMap) -> None:
    """Store one side: the hotkey's list, and it in the lists of those who are on its list or were."""
    former = {account for _, account in own.get(ctx, pivot, netuid)}
    _put(ctx, own, pivot, netuid, [(relatives[account], account) for account in sorted(relatives)])
    for account in sorted(former | relatives.keys()):
        edges = theirs.get(ctx, account, netuid)
        if account not in relatives:
            edges = [edge for edge in edges if edge[1] != pivot]
        elif any(other == pivot for _, other in edges):
            edges = [(relatives[account] if other == pivot else part, other) for part, other in edges]
        else:
            edges = [*edges, (relatives[account], pivot)]
        _put(ctx, theirs, account, netuid, edges)


def _put(ctx: Context, item: EdgeMap, hotkey: bytes, netuid: int, edges: Edges) -> None:
    if edges:
        item.put(ctx, hotkey, netuid, edges)
    else:
        item.remove(ctx, hotkey, netuid)


# --- choosing ------------------------------------------------------------------------------------------------------


def do_schedule_children(ctx: Context, coldkey: bytes, hotkey: bytes, netuid: int, children: Edges) -> None:
    """Choose the children of a hotkey on a subnet, all of them, by its coldkey.

    TxRateLimitExceeded, RegistrationNotPermittedOnRootSubnet, SubnetNotExists, NonAssociatedColdKey, DuplicateChild,
    what `ensure_pending_consistency` raises, NotEnoughStakeToSetChildkeys.
    """
    from .staking_helpers import get_total_stake_for_hotkey

    act = TransactionType.SetChildren
    ensure(passes_rate_limit_on_subnet(ctx, act, hotkey, netuid), Error.TxRateLimitExceeded)
    ensure(netuid != ROOT, Error.RegistrationNotPermittedOnRootSubnet)
    ensure(if_subnet_exist(ctx, netuid), Error.SubnetNotExists)
    ensure(coldkey_owns_hotkey(ctx, coldkey, hotkey), Error.NonAssociatedColdKey)
    ensure(len({child for _, child in children}) == len(children), Error.DuplicateChild)
    load_child_parent_relations(ctx, hotkey, netuid).ensure_pending_consistency(children)
    is_owner = SubnetOwnerHotkey.contains(ctx, netuid) and SubnetOwnerHotkey.get(ctx, netuid) == hotkey
    may = not children or is_owner or get_total_stake_for_hotkey(ctx, hotkey) >= StakeThreshold.get(ctx)
    ensure(may, Error.NotEnoughStakeToSetChildkeys)
    set_last_block_on_subnet(ctx, act, hotkey, netuid, ctx.block.number)
    _schedule_or_apply(ctx, netuid, hotkey, children)


def _schedule_or_apply(ctx: Context, netuid: int, hotkey: bytes, children: Edges) -> None:
    if not SubtokenEnabled.get(ctx, netuid):
        _apply(ctx, netuid, hotkey, children)
        return
    holds_from = min(ctx.block.number + PendingChildKeyCooldown.get(ctx), U64_MAX)
    PendingChildKeys.put(ctx, netuid, hotkey, (children, holds_from))
    ctx.deposit(SetChildrenScheduled(hotkey, netuid, holds_from, children))


def _apply(ctx: Context, netuid: int, hotkey: bytes, children: Edges) -> None:
    """Let a choice hold; one that has become impossible in the meantime is dropped."""
    with suppress(DispatchFailed):
        relations = load_relations_from_pending(ctx, hotkey, children, netuid)
        persist_child_parent_relations(ctx, relations, netuid)
        ctx.deposit(SetChildren(hotkey, netuid, children))


def do_set_pending_children(ctx: Context, netuid: int) -> None:
    """Let the choices hold whose cooldown is over."""
    started = SubtokenEnabled.get(ctx, netuid)
    for hotkey, (children, holds_from) in list(PendingChildKeys.under(ctx, netuid)):
        if holds_from < ctx.block.number or not started:
            _apply(ctx, netuid, hotkey, children)
            PendingChildKeys.remove(ctx, netuid, hotkey)


def do_set_root_validators_for_subnet(ctx: Context, netuid: int) -> None:
    """Make the owner's hotkey the only child of each validator of root that lets owners be its children.

    Those who cannot have it as a child are left out.
    """
    ensure(netuid != ROOT, Error.RegistrationNotPermittedOnRootSubnet)
    ensure(if_subnet_exist(ctx, netuid) and SubnetOwnerHotkey.contains(ctx, netuid), Error.SubnetNotExists)
    owner = SubnetOwnerHotkey.get(ctx, netuid)
    for _, validator in list(Keys.under(ctx, ROOT)):
        if validator != owner and AutoParentDelegationEnabled.get(ctx, validator):
            coldkey = get_owning_coldkey_for_hotkey(ctx, validator)
            with suppress(DispatchFailed):
                do_schedule_children(ctx, coldkey, validator, netuid, [(U64_MAX, owner)])
