"""Prices of alpha: their moving averages, their median, and how much alpha there is."""

from __future__ import annotations

from .....consensus.fixed import I96F32, U64F64
from .....consensus.integers import saturating_add_u64, saturating_sub
from ....frame.context import Context
from ...shared.types import ROOT_NETUID
from ...swap import STABLE, current_price
from .. import storage


def get_alpha_issuance(ctx: Context, netuid: int) -> int:
    """All alpha of a subnet, in its pool and outside."""
    return saturating_add_u64(storage.SubnetAlphaIn.get(ctx, netuid), storage.SubnetAlphaOut.get(ctx, netuid))


def get_moving_alpha_price(ctx: Context, netuid: int) -> int:
    """The moving average of a subnet's price, U64F64; one for root and for subnets without a pool."""
    if netuid == ROOT_NETUID or storage.SubnetMechanism.get(ctx, netuid) == STABLE:
        return U64F64.one
    return U64F64.convert(storage.SubnetMovingPrice.get(ctx, netuid), I96F32)


def update_moving_price(ctx: Context, netuid: int) -> None:
    """Let the moving price follow the current one, which counts as at most 1.

    The newest price weighs m·b / (b + h), m being `SubnetMovingAlpha`, b the blocks since the subnet's start and h its
    halving time.
    """
    start = saturating_sub(storage.FirstEmissionBlockNumber.get(ctx, netuid) or 0, 1)
    age = U64F64.from_int(saturating_sub(ctx.block.number, start))
    halving = U64F64.from_int(storage.EMAPriceHalvingBlocks.get(ctx, netuid))
    follow = U64F64.convert(storage.SubnetMovingAlpha.get(ctx), I96F32)
    weight = U64F64.saturating_mul(follow, U64F64.safe_div(age, U64F64.saturating_add(age, halving)))
    newest = U64F64.saturating_mul(weight, min(current_price(ctx, netuid), U64F64.one))
    rest = U64F64.saturating_sub(U64F64.one, weight)
    former = U64F64.saturating_mul(rest, get_moving_alpha_price(ctx, netuid))
    storage.SubnetMovingPrice.put(ctx, netuid, I96F32.convert(U64F64.saturating_add(newest, former), U64F64))


def get_median_subnet_alpha_price(ctx: Context) -> int:
    """The median of the current prices of all subnets but root, U64F64, those of zero left aside; one if there are
    none."""
    subnets = (netuid for netuid, added in storage.NetworksAdded.items(ctx) if added and netuid != ROOT_NETUID)
    prices = sorted(price for netuid in subnets if (price := current_price(ctx, netuid)))
    if not prices:
        return U64F64.one
    lower, upper = prices[(len(prices) - 1) // 2], prices[len(prices) // 2]
    return upper if len(prices) % 2 else U64F64.saturating_add(lower, upper) // 2
