"""AlphaAssets (index 31): how much alpha of each subnet exists, and how much was taken out of use.

Burned alpha stays issued, recycled alpha does not. The pallet only counts: whose alpha it was and where minted alpha
goes is SubtensorModule's business, whose emission reckons with its own `SubnetAlphaIn` and `SubnetAlphaOut`.
"""

from __future__ import annotations

from ...consensus.integers import saturate_u64
from ..frame.context import Context
from ..frame.hashers import Twox64Concat
from ..frame.pallet import Pallet
from ..frame.storage import StorageMap
from .shared.types import AlphaBalance, NetUid

pallet = Pallet("AlphaAssets", 31, crate="pallet_alpha_assets")

TotalAlphaIssuance = pallet.map(
    Twox64Concat, NetUid, AlphaBalance, default=0, docs="All alpha of a subnet that exists."
)
AlphaBurned = pallet.map(
    Twox64Concat,
    NetUid,
    AlphaBalance,
    default=0,
    docs="Alpha that was burned; it still counts as issued.",
)
AlphaRecycled = pallet.map(
    Twox64Concat,
    NetUid,
    AlphaBalance,
    default=0,
    docs="Alpha that was recycled; it no longer counts as issued.",
)

pallet.name_declared(globals())


def mint_alpha(ctx: Context, netuid: int, amount: int) -> None:
    """Count new alpha as issued; the caller gives it to somebody."""
    _count(ctx, TotalAlphaIssuance, netuid, amount)


def burn_alpha(ctx: Context, netuid: int, amount: int) -> None:
    """Count alpha as burned; the caller takes it from somebody."""
    _count(ctx, AlphaBurned, netuid, amount)


def recycle_alpha(ctx: Context, netuid: int, amount: int) -> None:
    """Count alpha as recycled and no longer as issued; the caller takes it from somebody."""
    _count(ctx, AlphaRecycled, netuid, amount)
    _count(ctx, TotalAlphaIssuance, netuid, -amount)


def _count(ctx: Context, item: StorageMap[int, int, int], netuid: int, amount: int) -> None:
    """Add to a counter; it stops at 0 and 2^64 - 1, and nothing is written for nothing."""
    if amount:
        item.put(ctx, netuid, saturate_u64(max(item.get(ctx, netuid) + amount, 0)))
