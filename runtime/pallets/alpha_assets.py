"""AlphaAssets (index 31): counters of the alpha of each subnet that was issued, burned and recycled.

Burned alpha stays in the issuance, recycled alpha leaves it. The pallet only counts. SubtensorModule moves the alpha,
and its emission uses its own `SubnetAlphaIn` and `SubnetAlphaOut`.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...consensus.integers import saturate_u64, saturating_add_u64
from ..frame.context import Context
from ..frame.hashers import Twox64Concat
from ..frame.pallet import Pallet
from ..frame.storage import StorageMap
from .shared.types import AlphaBalance, NetUid

pallet = Pallet("AlphaAssets", 31, crate="pallet_alpha_assets")

TotalAlphaIssuance = pallet.map(Twox64Concat, NetUid, AlphaBalance, default=0, docs="The alpha issuance of a subnet.")
AlphaBurned = pallet.map(
    Twox64Concat,
    NetUid,
    AlphaBalance,
    default=0,
    docs="The alpha of a subnet that was burned; it still counts as issued.",
)
AlphaRecycled = pallet.map(
    Twox64Concat,
    NetUid,
    AlphaBalance,
    default=0,
    docs="The alpha of a subnet that was recycled; it does not count as issued.",
)

pallet.name_declared(globals())


def mint_alpha(ctx: Context, netuid: int, amount: int) -> None:
    """Count new alpha as issued; the caller adds it to an account or a pool."""
    _count(ctx, TotalAlphaIssuance, netuid, amount)


def mint_column(ctx: Context, netuids: Sequence[int], amounts: Sequence[int]) -> None:
    """`mint_alpha` for several subnets: an amount for each, none of them 0."""
    issued = zip(TotalAlphaIssuance.column(ctx, netuids), amounts, strict=True)
    TotalAlphaIssuance.put_column(ctx, netuids, [saturating_add_u64(total, amount) for total, amount in issued])


def burn_alpha(ctx: Context, netuid: int, amount: int) -> None:
    """Count alpha as burned; the caller takes it from an account."""
    _count(ctx, AlphaBurned, netuid, amount)


def recycle_alpha(ctx: Context, netuid: int, amount: int) -> None:
    """Count alpha as recycled and no longer as issued; the caller takes it from an account."""
    _count(ctx, AlphaRecycled, netuid, amount)
    _count(ctx, TotalAlphaIssuance, netuid, -amount)


def _count(ctx: Context, item: StorageMap[int, int, int], netuid: int, amount: int) -> None:
    """Add to a counter, saturating at 0 and 2^64 - 1. An amount of 0 writes nothing."""
    if amount:
        item.put(ctx, netuid, saturate_u64(max(item.get(ctx, netuid) + amount, 0)))
