"""Creation and removal of alpha: the counts of the subnet and those of the pallet AlphaAssets."""

from __future__ import annotations

from collections.abc import Sequence

from .....consensus.integers import saturating_add_u64, saturating_sub
from ....frame.context import Context
from ... import alpha_assets
from .. import storage


def mint_alpha_out(ctx: Context, netuids: Sequence[int], amounts: Sequence[int]) -> None:
    """Create alpha of each subnet outside the pool; the caller assigns it to accounts."""
    minted = [(netuid, amount) for netuid, amount in zip(netuids, amounts, strict=True) if amount]
    subnets, alphas = [netuid for netuid, _ in minted], [amount for _, amount in minted]
    alpha_assets.mint_column(ctx, subnets, alphas)
    outstanding = zip(storage.SubnetAlphaOut.column(ctx, subnets), alphas, strict=True)
    storage.SubnetAlphaOut.put_column(ctx, subnets, [saturating_add_u64(total, alpha) for total, alpha in outstanding])


def recycle_subnet_alpha(ctx: Context, netuid: int, amount: int) -> None:
    """Remove `amount` alpha that no account holds any more from the issuance."""
    if amount:
        storage.SubnetAlphaOut.put(ctx, netuid, saturating_sub(storage.SubnetAlphaOut.get(ctx, netuid), amount))
        alpha_assets.recycle_alpha(ctx, netuid, amount)


def burn_subnet_alpha(ctx: Context, netuid: int, amount: int) -> None:
    """Take `amount` alpha that no account holds any more out of circulation; it still counts as issued."""
    if amount:
        alpha_assets.burn_alpha(ctx, netuid, amount)
