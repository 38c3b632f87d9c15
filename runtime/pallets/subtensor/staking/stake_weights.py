"""What stake weighs in consensus: alpha and TAO on root, with what hotkeys inherit from parents and leave to children.

A hotkey's weight on a subnet is its inherited alpha plus its inherited root stake times the weight of TAO. Parts of
2^64 - 1 become U96F32 first, so that they are cut off to 32 bits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .....consensus.fixed import I64F64, U96F32
from .....consensus.integers import U64_MAX
from ....frame.context import Context
from ...shared.types import ROOT_NETUID
from .. import storage
from ..ledger.share_pool import get_stake_for_hotkey_on_subnet


def _part(proportion: int) -> int:
    """A part of 2^64 - 1 as U96F32."""
    return (proportion << 32) // U64_MAX


def get_tao_weight(ctx: Context) -> int:
    """What stake on root weighs against alpha, U96F32."""
    return _part(storage.TaoWeight.get(ctx))


def get_ck_burn(ctx: Context) -> int:
    """The part burned of what children earn through parents of another coldkey, U96F32."""
    return _part(storage.CKBurn.get(ctx))


# --- inheritance ---------------------------------------------------------------------------------------------------

Relations = list[tuple[int, bytes]]


def _parts_of(stakes: Iterable[tuple[int, int]]) -> int:
    """The sum of parts of stakes: (proportion, stake) each; U96F32."""
    total = 0
    for proportion, stake in stakes:
        total = U96F32.saturating_add(total, U96F32.saturating_mul(U96F32.from_int(stake), _part(proportion)))
    return total


def _inherited(ctx: Context, own: int, netuid: int, parents: Relations, children: Relations) -> int:
    """A hotkey's own stake on a subnet, less its children's parts, but not below zero, and with its parts of its
    parents'.

    Rounded down to whole billionths.
    """
    if not parents and not children:
        return own
    kept = U96F32.saturating_sub(U96F32.from_int(own), _parts_of((proportion, own) for proportion, _ in children))
    gained = _parts_of(
        (proportion, get_stake_for_hotkey_on_subnet(ctx, parent, netuid)) for proportion, parent in parents
    )
    return U96F32.to_int(U96F32.saturating_add(kept, gained), 64)


def get_inherited_for_hotkey_on_subnet(ctx: Context, hotkey: bytes, netuid: int) -> int:
    """The alpha that works for a hotkey. On root nothing is inherited."""
    own = get_stake_for_hotkey_on_subnet(ctx, hotkey, netuid)
    if netuid == ROOT_NETUID:
        return own
    return _inherited(
        ctx, own, netuid, storage.ParentKeys.get(ctx, hotkey, netuid), storage.ChildKeys.get(ctx, hotkey, netuid)
    )


def get_tao_inherited_for_hotkey_on_subnet(ctx: Context, hotkey: bytes, netuid: int) -> int:
    """The rao staked on root that work for a hotkey on a subnet, whose parents and children count."""
    own = get_stake_for_hotkey_on_subnet(ctx, hotkey, ROOT_NETUID)
    return _inherited(
        ctx, own, ROOT_NETUID, storage.ParentKeys.get(ctx, hotkey, netuid), storage.ChildKeys.get(ctx, hotkey, netuid)
    )


# --- weights -------------------------------------------------------------------------------------------------------

#: A weight, and the alpha and the TAO in it, each I64F64.
StakeWeights = tuple[int, int, int]


def get_stake_weights_for_hotkey_on_subnet(ctx: Context, hotkey: bytes, netuid: int) -> StakeWeights:
    """A hotkey's weight, and the alpha and the TAO in it, each I64F64."""
    return _weights(ctx, [hotkey], netuid)[0]


def _weights(ctx: Context, hotkeys: Sequence[bytes], netuid: int) -> list[StakeWeights]:
    tao_weight, weights = I64F64.convert(get_tao_weight(ctx), U96F32), []
    for parents, children, own_alpha, own_tao in zip(
        storage.ParentKeys.column(ctx, hotkeys, netuid),
        storage.ChildKeys.column(ctx, hotkeys, netuid),
        storage.TotalHotkeyAlpha.column(ctx, hotkeys, netuid),
        storage.TotalHotkeyAlpha.column(ctx, hotkeys, ROOT_NETUID),
        strict=True,
    ):
        relations = ([], []) if netuid == ROOT_NETUID else (parents, children)
        alpha = I64F64.from_int(_inherited(ctx, own_alpha, netuid, *relations))
        tao = I64F64.from_int(_inherited(ctx, own_tao, ROOT_NETUID, parents, children))
        weights.append((I64F64.saturating_add(alpha, I64F64.saturating_mul(tao, tao_weight)), alpha, tao))
    return weights


def get_stake_weights_for_network(ctx: Context, netuid: int) -> tuple[list[int], list[int], list[int]]:
    """The weights of all neurons by uid, and the alpha and the TAO in them, each I64F64."""
    hotkeys = dict(storage.Keys.under(ctx, netuid))
    weights = dict(zip(hotkeys, _weights(ctx, list(hotkeys.values()), netuid), strict=True))
    by_uid = [weights.get(uid, (0, 0, 0)) for uid in range(storage.SubnetworkN.get(ctx, netuid))]
    return [each[0] for each in by_uid], [each[1] for each in by_uid], [each[2] for each in by_uid]
