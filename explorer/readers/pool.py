"""The price curve of a subnet's pool: what a trade of any size does to the price."""

from __future__ import annotations

from dataclasses import dataclass

from ...consensus.fixed import U64F64
from ...consensus.integers import U64_MAX
from ...consensus.reserves import HALF, Reserves, Side, TradeRefused, price, trade
from ..node.node import Node
from .text import RAO

#: Sizes of trades in parts of a thousand of the pool's TAO, in both directions.
SIZES = (1, 2, 5, 10, 20, 50, 100, 150, 200, 300, 400, 500)
THOUSAND = 1_000


@dataclass(frozen=True, slots=True)
class Point:
    """A trade: TAO paid in, or paid out if negative; the average price and the price after it, rao for one alpha."""

    tao: int
    average: int
    after: int


@dataclass(frozen=True, slots=True)
class Pool:
    """A pool: reserves in rao and billionths of alpha, TAO's weight in parts of 10^18, the fee in parts of 65535."""

    tao: int
    alpha: int
    tao_weight: int
    fee_rate: int
    curve: tuple[Point, ...]


async def read_pool(node: Node, netuid: int, at: str | None = None) -> Pool | None:
    """Return the pool of a subnet; None where there is none: root, and subnets with a fixed price."""
    mechanism = await node.storage("SubtensorModule", "SubnetMechanism", netuid, at=at)
    if netuid == 0 or not mechanism:
        return None
    tao = await node.storage("SubtensorModule", "SubnetTAO", netuid, at=at) or 0
    alpha = await node.storage("SubtensorModule", "SubnetAlphaIn", netuid, at=at) or 0
    balancer = await node.storage("Swap", "SwapBalancer", netuid, at=at)
    weight = balancer.get("quote", HALF) if isinstance(balancer, dict) else balancer if balancer else HALF
    rate = await node.storage("Swap", "FeeRate", netuid, at=at) or 0
    return Pool(tao, alpha, weight, rate, curve(Reserves(tao, alpha, weight), rate))


def curve(reserves: Reserves, fee_rate: int) -> tuple[Point, ...]:
    """Return trades of growing size, from the largest sale to the largest purchase, fees included."""
    if not reserves.tao or not reserves.alpha:
        return ()
    sales = [_sale(reserves, fee_rate, part) for part in reversed(SIZES)]
    purchases = [_purchase(reserves, fee_rate, reserves.tao * part // THOUSAND) for part in SIZES]
    now = in_rao(price(reserves))
    return tuple(point for point in (*sales, Point(0, now, now), *purchases) if point is not None)


def _purchase(reserves: Reserves, fee_rate: int, tao: int) -> Point | None:
    try:
        done = trade(reserves, Side.BUY, tao, U64_MAX << 64, fee_rate, 0)
    except TradeRefused:
        return None
    after = reserves.after(Side.BUY, done.amount_paid_in, done.amount_paid_out)
    return Point(tao, tao * RAO // done.amount_paid_out, in_rao(price(after))) if done.amount_paid_out else None


def _sale(reserves: Reserves, fee_rate: int, part: int) -> Point | None:
    alpha = reserves.alpha * part // THOUSAND
    try:
        done = trade(reserves, Side.SELL, alpha, 0, fee_rate, 0)
    except TradeRefused:
        return None
    after = reserves.after(Side.SELL, done.amount_paid_in, done.amount_paid_out)
    return Point(-done.amount_paid_out, done.amount_paid_out * RAO // alpha, in_rao(price(after))) if alpha else None


def in_rao(fixed: int) -> int:
    """Return a price of U64F64 bits in rao for one alpha."""
    return fixed * RAO // U64F64.one
