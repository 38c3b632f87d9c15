"""Prices of alpha: their moving averages and their median, and the amount of alpha of a subnet."""

from __future__ import annotations

from collections.abc import Sequence

from .....consensus import emission as rules
from .....consensus.fixed import I96F32, U64F64
from .....consensus.integers import saturating_add_u64, saturating_sub
from ....frame.context import Context
from ...shared.types import ROOT_NETUID
from ...swap import STABLE, current_price, current_prices
from .. import storage


def get_alpha_issuance(ctx: Context, netuid: int) -> int:
    """Return all alpha of a subnet, in its pool and outside."""
    return get_alpha_issuances(ctx, [netuid])[0]


def get_alpha_issuances(ctx: Context, netuids: Sequence[int]) -> list[int]:
    """Return all alpha of each of several subnets."""
    counts = zip(storage.SubnetAlphaIn.column(ctx, netuids), storage.SubnetAlphaOut.column(ctx, netuids), strict=True)
    return [saturating_add_u64(inside, outside) for inside, outside in counts]


def get_moving_alpha_price(ctx: Context, netuid: int) -> int:
    """Return the moving average of the price of a subnet, U64F64; one for root and for subnets without a pool."""
    return get_moving_alpha_prices(ctx, [netuid])[0]


def get_moving_alpha_prices(ctx: Context, netuids: Sequence[int]) -> list[int]:
    """Return the moving average of the price of each of several subnets, U64F64."""
    mechanisms, prices = storage.SubnetMechanism.column(ctx, netuids), storage.SubnetMovingPrice.column(ctx, netuids)
    return [
        U64F64.one if netuid == ROOT_NETUID or mechanism == STABLE else max(price, 0) << 32
        for netuid, mechanism, price in zip(netuids, mechanisms, prices, strict=True)
    ]


def update_moving_prices(ctx: Context, netuids: Sequence[int]) -> None:
    """Update the moving price of each subnet by its current price (`consensus.emission.moved_price`).

    The current price has the weight m·b / (b + h), where m is `SubnetMovingAlpha`, b the blocks since the block before
    the first emission of the subnet and h its halving time in blocks.
    """
    block, follow = ctx.block.number, U64F64.convert(storage.SubnetMovingAlpha.get(ctx), I96F32)
    terms = zip(
        get_moving_alpha_prices(ctx, netuids),
        current_prices(ctx, netuids),
        storage.FirstEmissionBlockNumber.column(ctx, netuids),
        storage.EMAPriceHalvingBlocks.column(ctx, netuids),
        strict=True,
    )
    moved = [
        rules.moved_price(former, price, saturating_sub(block, saturating_sub(started or 0, 1)), halving, follow)
        for former, price, started, halving in terms
    ]
    storage.SubnetMovingPrice.put_column(ctx, netuids, moved)


def get_median_subnet_alpha_price(ctx: Context) -> int:
    """Return the median of the current prices above zero of all subnets but root, U64F64; one if there are none."""
    subnets = (netuid for netuid, added in storage.NetworksAdded.items(ctx) if added and netuid != ROOT_NETUID)
    prices = sorted(price for netuid in subnets if (price := current_price(ctx, netuid)))
    if not prices:
        return U64F64.one
    lower, upper = prices[(len(prices) - 1) // 2], prices[len(prices) // 2]
    return upper if len(prices) % 2 else U64F64.saturating_add(lower, upper) // 2
