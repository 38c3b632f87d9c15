"""Children and parents of a hotkey that is replaced by another (see `staking.childkeys`)."""

from __future__ import annotations

from ....frame.context import Context
from ....frame.errors import ensure
from .. import storage
from ..declared.errors import Error
from ..staking.childkeys import (
    EdgeMap,
    Edges,
    ensure_consistent,
    ensure_pending_children,
    get_children,
    get_parents,
    set_relations,
    without_self,
)
from .database_cost import DatabaseCost


def parent_child_swap_hotkey(ctx: Context, old: bytes, new: bytes, netuid: int, cost: DatabaseCost) -> None:
    """Give the children, parents and scheduled children of a hotkey on a subnet to another.

    Fails with InvalidChild when the new hotkey is one of them, and with ProportionOverflow, TooManyChildren or
    ChildParentInconsistency for relations that contradict each other.
    """
    children = without_self(old, get_children(ctx, old, netuid))
    parents = without_self(old, get_parents(ctx, old, netuid))
    ensure_consistent(children, parents)
    cost.add(2)
    for child in sorted(children):
        _remove_edge(ctx, storage.ParentKeys, child, netuid, old, keep_empty=False)
    for parent in sorted(parents):
        _remove_edge(ctx, storage.ChildKeys, parent, netuid, old, keep_empty=True)
    cost.add(len(children) + len(parents), len(children) + len(parents))
    storage.ChildKeys.put(ctx, old, netuid, [])  # an empty list stays, as on the chain
    storage.ParentKeys.remove(ctx, old, netuid)
    cost.add(0, 2)
    ensure(new not in children and new not in parents, Error.InvalidChild)
    _move_pending_children(ctx, old, new, netuid, parents, cost)
    related = {child for _, child in get_children(ctx, new, netuid)} | children.keys()
    fostering = {parent for _, parent in get_parents(ctx, new, netuid)} | parents.keys()
    set_relations(ctx, new, netuid, children, parents)
    cost.add(1 + len(related) + len(fostering), 1 + len(related) + len(fostering))


def _remove_edge(ctx: Context, item: EdgeMap, hotkey: bytes, netuid: int, other: bytes, *, keep_empty: bool) -> None:
    edges: Edges = [edge for edge in item.get(ctx, hotkey, netuid) if edge[1] != other]
    if edges or keep_empty:
        item.put(ctx, hotkey, netuid, edges)
    else:
        item.remove(ctx, hotkey, netuid)


def _move_pending_children(
    ctx: Context, old: bytes, new: bytes, netuid: int, parents: dict[bytes, int], cost: DatabaseCost
) -> None:
    """Give the children that a hotkey has scheduled to another."""
    if storage.PendingChildKeys.contains(ctx, netuid, old):
        pending = storage.PendingChildKeys.take(ctx, netuid, old)
        ensure_pending_children(new, pending[0], parents)
        storage.PendingChildKeys.put(ctx, netuid, new, pending)
        cost.add(1, 2)


def rename_in_pending_children(ctx: Context, old: bytes, new: bytes, netuid: int, cost: DatabaseCost) -> None:
    """Replace a hotkey among the children that others have scheduled; it becomes the last of them."""
    for hotkey, (children, cooldown) in list(storage.PendingChildKeys.under(ctx, netuid)):
        cost.add(1)
        renamed = next((edge for edge in children if edge[1] == old), None)
        if renamed is not None:
            at = children.index(renamed)
            edges = [*children[:at], *children[at + 1 :], (renamed[0], new)]
            storage.PendingChildKeys.put(ctx, netuid, hotkey, (edges, cooldown))
            cost.add(1, 2)
