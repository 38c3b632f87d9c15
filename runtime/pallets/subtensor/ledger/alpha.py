"""Alpha that emission creates, and alpha taken out of use: the pool's counts and those of the pallet AlphaAssets."""

from __future__ import annotations

from .....consensus.integers import saturating_add_u64, saturating_sub
from ....frame.context import Context
from ....frame.storage import StorageMap
from ... import alpha_assets
from .. import storage


def _mint(ctx: Context, netuid: int, amount: int, destination: StorageMap[int, int, int]) -> None:
    if amount:
        alpha_assets.mint_alpha(ctx, netuid, amount)
        destination.put(ctx, netuid, saturating_add_u64(destination.get(ctx, netuid), amount))


def mint_alpha_in(ctx: Context, netuid: int, amount: int) -> None:
    """Create alpha in the subnet's pool."""
    _mint(ctx, netuid, amount, storage.SubnetAlphaIn)


def mint_alpha_out(ctx: Context, netuid: int, amount: int) -> None:
    """Create alpha that somebody will be given."""
    _mint(ctx, netuid, amount, storage.SubnetAlphaOut)


def recycle_subnet_alpha(ctx: Context, netuid: int, amount: int) -> None:
    """Take alpha that nobody holds any more out of the issuance."""
    if amount:
        storage.SubnetAlphaOut.put(ctx, netuid, saturating_sub(storage.SubnetAlphaOut.get(ctx, netuid), amount))
        alpha_assets.recycle_alpha(ctx, netuid, amount)


def burn_subnet_alpha(ctx: Context, netuid: int, amount: int) -> None:
    """Take alpha that nobody holds any more out of use; it still counts as issued."""
    if amount:
        alpha_assets.burn_alpha(ctx, netuid, amount)
