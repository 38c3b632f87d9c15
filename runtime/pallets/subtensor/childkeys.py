"""Parents and children: hotkeys that let a part of their stake work for others."""

from __future__ import annotations

from ...frame.context import Context
from .hyperparameters import get_effective_min_childkey_take
from .storage.delegation import AutoParentDelegationEnabled, ChildKeys, ChildkeyTake, ParentKeys


def get_children(ctx: Context, hotkey: bytes, netuid: int) -> list[tuple[int, bytes]]:
    """The children of a hotkey: the part of its stake that works for each, out of 2^64 - 1, and the child."""
    return ChildKeys.get(ctx, hotkey, netuid)


def get_parents(ctx: Context, child: bytes, netuid: int) -> list[tuple[int, bytes]]:
    """The parents of a hotkey: the part of their stake that works for it, out of 2^64 - 1, and the parent."""
    return ParentKeys.get(ctx, child, netuid)


def get_childkey_take(ctx: Context, hotkey: bytes, netuid: int) -> int:
    """What a hotkey keeps of its parents' dividends, a u16 proportion; never less than the least that is allowed."""
    return max(ChildkeyTake.get(ctx, hotkey, netuid), get_effective_min_childkey_take(ctx, netuid))


def get_auto_parent_delegation_enabled(ctx: Context, root_validator_hotkey: bytes) -> bool:
    """Whether a root validator lets owners of new subnets become its children."""
    return AutoParentDelegationEnabled.get(ctx, root_validator_hotkey)
