"""Alpha that emission creates, and alpha taken out of use: the pool's counts and those of the pallet AlphaAssets."""

from __future__ import annotations

from ....frame.context import Context
from ....frame.storage import StorageMap
from ... import alpha_assets
from ..storage.pools import SubnetAlphaIn, SubnetAlphaOut

U64_MAX = (1 << 64) - 1


def _mint(ctx: Context, netuid: int, amount: int, destination: StorageMap[int, int, int]) -> None:
    if amount:
        alpha_assets.mint_alpha(ctx, netuid, amount)
        destination.put(ctx, netuid, min(destination.get(ctx, netuid) + amount, U64_MAX))


def mint_alpha_in(ctx: Context, netuid: int, amount: int) -> None:
    """Create alpha in the subnet's pool."""
    _mint(ctx, netuid, amount, SubnetAlphaIn)


def mint_alpha_out(ctx: Context, netuid: int, amount: int) -> None:
    """Create alpha that somebody will be given."""
    _mint(ctx, netuid, amount, SubnetAlphaOut)


def recycle_subnet_alpha(ctx: Context, netuid: int, amount: int) -> None:
    """Take alpha that nobody holds any more out of the issuance."""
    if amount:
        SubnetAlphaOut.put(ctx, netuid, max(SubnetAlphaOut.get(ctx, netuid) - amount, 0))
        alpha_assets.recycle_alpha(ctx, netuid, amount)


def burn_subnet_alpha(ctx: Context, netuid: int, amount: int) -> None:
    """Take alpha that nobody holds any more out of use; it still counts as issued."""
    if amount:
        alpha_assets.burn_alpha(ctx, netuid, amount)
