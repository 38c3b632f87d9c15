"""The weight of stake in consensus: alpha, and TAO on root, after inheritance between parents and children.

The weight of a hotkey on a subnet is its inherited alpha plus its inherited root stake times the weight of TAO.
Proportions of 2^64 - 1 are first converted to U96F32, which cuts them off to 32 fraction bits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .....consensus.fixed import I64F64, U96F32
from .....consensus.integers import U64_MAX
from ....frame.context import Context
from ...shared.types import ROOT_NETUID
from .. import storage
from ..ledger.share_pool import get_stake_for_hotkey_on_subnet


def part_of_u64(proportion: int) -> int:
    """Return a proportion of 2^64 - 1 as U96F32."""
    return (proportion << 32) // U64_MAX


def get_tao_weight(ctx: Context) -> int:
    """Return the weight of stake on root relative to alpha, U96F32."""
    return part_of_u64(storage.TaoWeight.get(ctx))


def get_ck_burn(ctx: Context) -> int:
    """Return the part of what children earn through parents of another coldkey that is burned, U96F32."""
    return part_of_u64(storage.CKBurn.get(ctx))


# --- inheritance ---------------------------------------------------------------------------------------------------

Relations = list[tuple[int, bytes]]


def _sum_parts(stakes: Iterable[tuple[int, int]]) -> int:
    """Return the sum of parts of stakes, given as (proportion, stake); U96F32."""
    total = 0
    for proportion, stake in stakes:
        total = U96F32.saturating_add(total, U96F32.saturating_mul(U96F32.from_int(stake), part_of_u64(proportion)))
    return total


def _inherit(ctx: Context, own: int, netuid: int, parents: Relations, children: Relations) -> int:
    """Return a hotkey's stake without its children's parts (at least 0), plus its parts of its parents' stake.

    In billionths, rounded down.
    """
    if not parents and not children:
        return own
    kept = U96F32.saturating_sub(U96F32.from_int(own), _sum_parts((proportion, own) for proportion, _ in children))
    gained = _sum_parts(
        (proportion, get_stake_for_hotkey_on_subnet(ctx, parent, netuid)) for proportion, parent in parents
    )
    return U96F32.to_int(U96F32.saturating_add(kept, gained), 64)


# --- weights -------------------------------------------------------------------------------------------------------

#: A weight, and the alpha and the TAO in it, each I64F64.
StakeWeights = tuple[int, int, int]


def get_stake_weights_for_hotkey_on_subnet(ctx: Context, hotkey: bytes, netuid: int) -> StakeWeights:
    """Return the weight of a hotkey, and the alpha and the TAO in it, each I64F64."""
    return _compute_weights(ctx, [hotkey], netuid)[0]


def _compute_weights(ctx: Context, hotkeys: Sequence[bytes], netuid: int) -> list[StakeWeights]:
    """Return the weights of hotkeys in their order."""
    tao_weight, weights = I64F64.convert(get_tao_weight(ctx), U96F32), []
    for parents, children, own_alpha, own_tao in zip(
        storage.ParentKeys.column(ctx, hotkeys, netuid),
        storage.ChildKeys.column(ctx, hotkeys, netuid),
        storage.TotalHotkeyAlpha.column(ctx, hotkeys, netuid),
        storage.TotalHotkeyAlpha.column(ctx, hotkeys, ROOT_NETUID),
        strict=True,
    ):
        relations = ([], []) if netuid == ROOT_NETUID else (parents, children)
        alpha = I64F64.from_int(_inherit(ctx, own_alpha, netuid, *relations))
        tao = I64F64.from_int(_inherit(ctx, own_tao, ROOT_NETUID, parents, children))
        weights.append((I64F64.saturating_add(alpha, I64F64.saturating_mul(tao, tao_weight)), alpha, tao))
    return weights


def get_stake_weights_for_network(ctx: Context, netuid: int) -> tuple[list[int], list[int], list[int]]:
    """Return the weights of all neurons by uid, and the alpha and the TAO in them, each I64F64."""
    uids = range(storage.SubnetworkN.get(ctx, netuid))
    hotkeys = storage.Keys.row(ctx, netuid, uids)
    by_uid = _compute_weights(ctx, hotkeys, netuid)
    if storage.Keys.default() in hotkeys:  # also read for a uid without a key, whose weight is zero
        by_uid = [
            each if storage.Keys.contains(ctx, netuid, uid) else (0, 0, 0)
            for uid, each in zip(uids, by_uid, strict=True)
        ]
    return [each[0] for each in by_uid], [each[1] for each in by_uid], [each[2] for each in by_uid]
