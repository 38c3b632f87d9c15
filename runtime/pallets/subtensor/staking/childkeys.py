"""Parents and children: hotkeys that let a part of their stake work for others.

Both sides of each relation are stored, `ChildKeys` with the parent and `ParentKeys` with the child. Nobody is child and
parent of the same hotkey, nor of itself. Chosen children wait until they hold, unless the subnet has not started yet.
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

#: The part of stake that works for a child, out of 2^64 - 1, and a hotkey: the child, or with a child the parent.
Edges = list[tuple[int, bytes]]
EdgeMap = StorageDoubleMap[bytes, int, Edges, Edges]


def get_children(ctx: Context, hotkey: bytes, netuid: int) -> Edges:
    """The children of a hotkey: the part of its stake that works for each, out of 2^64 - 1, and the child."""
    return storage.ChildKeys.get(ctx, hotkey, netuid)


def get_parents(ctx: Context, child: bytes, netuid: int) -> Edges:
    """The parents of a hotkey: the part of their stake that works for it, out of 2^64 - 1, and the parent."""
    return storage.ParentKeys.get(ctx, child, netuid)


def get_childkey_take(ctx: Context, hotkey: bytes, netuid: int) -> int:
    """What a hotkey keeps of its parents' dividends, a u16 proportion; never less than the least that is allowed."""
    return max(storage.ChildkeyTake.get(ctx, hotkey, netuid), get_effective_min_childkey_take(ctx, netuid))


def get_auto_parent_delegation_enabled(ctx: Context, root_validator_hotkey: bytes) -> bool:
    """Whether a root validator lets owners of new subnets become its children."""
    return storage.AutoParentDelegationEnabled.get(ctx, root_validator_hotkey)


# --- what relations must be ----------------------------------------------------------------------------------------


def _others(hotkey: bytes, edges: Edges) -> dict[bytes, int]:
    """The proportions by hotkey; of one named twice the last counts, and nobody is related to itself."""
    return {other: proportion for proportion, other in edges if other != hotkey}


def _ensure_consistent(children: dict[bytes, int], parents: dict[bytes, int]) -> None:
    """ProportionOverflow for more than all of the stake, ChildParentInconsistency for who is child and parent."""
    ensure(sum(children.values()) <= U64_MAX, Error.ProportionOverflow)
    ensure(not children.keys() & parents.keys(), Error.ChildParentInconsistency)


def _ensure_pending_consistency(ctx: Context, hotkey: bytes, netuid: int, children: Edges) -> None:
    """InvalidChild for the hotkey itself, TooManyChildren, and the errors of relations."""
    parents = _others(hotkey, get_parents(ctx, hotkey, netuid))
    _ensure_consistent(_others(hotkey, get_children(ctx, hotkey, netuid)), parents)
    ensure(all(child != hotkey for _, child in children), Error.InvalidChild)
    ensure(len(children) <= MAX_CHILDREN, Error.TooManyChildren)
    _ensure_consistent(_others(hotkey, children), parents)


# --- choosing children ---------------------------------------------------------------------------------------------


def do_schedule_children(ctx: Context, coldkey: bytes, hotkey: bytes, netuid: int, children: Edges) -> None:
    """Choose the children of a coldkey's hotkey on a subnet, in place of those it has.

    Fails with TxRateLimitExceeded, RegistrationNotPermittedOnRootSubnet, SubnetNotExists, NonAssociatedColdKey,
    DuplicateChild, InvalidChild, TooManyChildren, ProportionOverflow, ChildParentInconsistency, and
    NotEnoughStakeToSetChildkeys unless the hotkey is the subnet owner's.
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
    if get_total_stake_for_hotkey(ctx, hotkey) >= storage.StakeThreshold.get(ctx):
        return True
    return storage.SubnetOwnerHotkey.contains(ctx, netuid) and storage.SubnetOwnerHotkey.get(ctx, netuid) == hotkey


def do_set_pending_children(ctx: Context, netuid: int) -> None:
    """Let the chosen children hold whose time has come, all of them on a subnet that has not started."""
    started = storage.SubtokenEnabled.get(ctx, netuid)
    pending = list(storage.PendingChildKeys.under(ctx, netuid))
    due = [(hotkey, children) for hotkey, (children, at) in pending if at < ctx.block.number or not started]
    for hotkey, children in due:
        _set_children(ctx, hotkey, netuid, children)
    for hotkey, _ in due:
        storage.PendingChildKeys.remove(ctx, netuid, hotkey)


def do_set_root_validators_for_subnet(ctx: Context, netuid: int) -> None:
    """Make the subnet owner's hotkey the only child, with all stake, of each root validator that lets it.

    RegistrationNotPermittedOnRootSubnet, SubnetNotExists. A validator for which it fails is passed over.
    """
    ensure(netuid != ROOT_NETUID, Error.RegistrationNotPermittedOnRootSubnet)
    ensure(if_subnet_exist(ctx, netuid) and storage.SubnetOwnerHotkey.contains(ctx, netuid), Error.SubnetNotExists)
    owner = storage.SubnetOwnerHotkey.get(ctx, netuid)
    for _, validator in list(storage.Keys.under(ctx, ROOT_NETUID)):
        if validator != owner and get_auto_parent_delegation_enabled(ctx, validator):
            coldkey = get_owning_coldkey_for_hotkey(ctx, validator)
            with suppress(DispatchFailed):  # fails before it writes
                do_schedule_children(ctx, coldkey, validator, netuid, [(U64_MAX, owner)])


# --- children in force ---------------------------------------------------------------------------------------------


def _set_children(ctx: Context, hotkey: bytes, netuid: int, children: Edges) -> None:
    """Let children hold; nothing happens when relations have changed so that they cannot."""
    wanted, parents = _others(hotkey, children), _others(hotkey, get_parents(ctx, hotkey, netuid))
    try:
        _ensure_consistent(wanted, parents)
    except DispatchFailed:
        return
    _relate(ctx, storage.ChildKeys, storage.ParentKeys, hotkey, netuid, wanted)
    _relate(ctx, storage.ParentKeys, storage.ChildKeys, hotkey, netuid, parents)
    ctx.deposit(events.SetChildren(hotkey, netuid, children))


def _relate(
    ctx: Context, mine: EdgeMap, theirs: EdgeMap, hotkey: bytes, netuid: int, related: dict[bytes, int]
) -> None:
    """Store a hotkey's relations of one side, in the order of hotkeys, and make the other ends agree."""
    former = {other for _, other in mine.get(ctx, hotkey, netuid)}
    _put(ctx, mine, hotkey, netuid, [(proportion, other) for other, proportion in sorted(related.items())])
    for other in sorted(former | related.keys()):
        edges = theirs.get(ctx, other, netuid)
        if other not in related:
            edges = [edge for edge in edges if edge[1] != hotkey]
        elif any(edge[1] == hotkey for edge in edges):
            edges = [(related[other], hotkey) if edge[1] == hotkey else edge for edge in edges]
        else:
            edges = [*edges, (related[other], hotkey)]
        _put(ctx, theirs, other, netuid, edges)


def _put(ctx: Context, item: EdgeMap, hotkey: bytes, netuid: int, edges: Edges) -> None:
    if edges:
        item.put(ctx, hotkey, netuid, edges)
    else:
        item.remove(ctx, hotkey, netuid)
