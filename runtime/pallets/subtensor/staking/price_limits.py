"""How much can be traded before the price reaches a limit: for the `_limit` calls.

Limits are in rao for one alpha; for a move between subnets they are the price of the origin's alpha in the
destination's, times 10^9. Root and subnets without a pool trade one for one, so a limit allows everything or nothing.
"""

from __future__ import annotations

from .....consensus.fixed import U64F64
from .....consensus.integers import U64_MAX, saturating_add_u64, saturating_mul_u64
from .....consensus.reserves import MAX_INPUT_PER_RESERVE, Side
from ....frame.context import Context
from ....frame.errors import ensure
from ...shared.types import ROOT_NETUID
from ...swap import RAO, current_price, is_dynamic, swap
from .. import storage
from ..declared.errors import Error

RAO_FIXED = U64F64.from_int(RAO)


def is_pooled(ctx: Context, netuid: int) -> bool:
    """Return whether trades on a subnet move its price."""
    return netuid != ROOT_NETUID and is_dynamic(ctx, netuid)


def max_input(ctx: Context, netuid: int, side: Side) -> int:
    """Return the most that a pool takes in one trade: 1,000 times its reserve of the coin paid in."""
    reserve = storage.SubnetTAO if side is Side.BUY else storage.SubnetAlphaIn
    return saturating_mul_u64(reserve.get(ctx, netuid), MAX_INPUT_PER_RESERVE)


def ensure_input_within_swap_limit(ctx: Context, netuid: int, side: Side, amount: int) -> None:
    """Refuse to trade more than a pool takes (InsufficientLiquidity)."""
    if is_pooled(ctx, netuid):
        ensure(amount <= max_input(ctx, netuid, side), Error.InsufficientLiquidity)


def get_max_amount_add(ctx: Context, netuid: int, limit_price: int) -> int:
    """Return the rao, fee included, that can be staked until alpha costs `limit_price`. Fails as `swap` does."""
    if not is_pooled(ctx, netuid):
        return U64_MAX if limit_price >= RAO else 0
    return _max_amount(ctx, netuid, Side.BUY, limit_price)


def get_max_amount_remove(ctx: Context, netuid: int, limit_price: int) -> int:
    """Return the alpha, fee included, that can be sold until it is worth `limit_price`. Fails as `swap` does."""
    if not is_pooled(ctx, netuid):
        return U64_MAX if limit_price <= RAO else 0
    return _max_amount(ctx, netuid, Side.SELL, limit_price)


def _max_amount(ctx: Context, netuid: int, side: Side, limit_price: int) -> int:
    trade = swap(ctx, netuid, side, max_input(ctx, netuid, side), limit_price, simulate=True)
    return saturating_add_u64(trade.amount_paid_in, trade.fee_paid)


def get_max_amount_move(ctx: Context, origin: int, destination: int, limit_price: int) -> int:
    """Return the alpha of `origin` that can be moved until the ratio of the prices falls to the limit.

    Fails as `swap` does where one of the two has no pool.
    """
    from_pool, to_pool = is_pooled(ctx, origin), is_pooled(ctx, destination)
    if not from_pool and not to_pool:
        return U64_MAX if limit_price <= RAO else 0
    if not from_pool:
        if limit_price == 0:
            return U64_MAX
        inverse = U64F64.saturating_mul(U64F64.safe_div(RAO_FIXED, U64F64.from_int(limit_price)), RAO_FIXED)
        return get_max_amount_add(ctx, destination, U64F64.to_int(inverse, 64))
    if not to_pool:
        return get_max_amount_remove(ctx, origin, limit_price)
    return _max_amount_between_pools(ctx, origin, destination, limit_price)


def _max_amount_between_pools(ctx: Context, origin: int, destination: int, limit_price: int) -> int:
    """Return the alpha that brings the ratio of two pools' prices to the limit, as if their weights were equal.

    With reserves (t1, a1) and (t2, a2) and the limit p: a2 · t1 / (t1 + t2) / p - a1 · t2 / (t1 + t2).
    """
    tao_1, tao_2 = storage.SubnetTAO.get(ctx, origin), storage.SubnetTAO.get(ctx, destination)
    alpha_1, alpha_2 = storage.SubnetAlphaIn.get(ctx, origin), storage.SubnetAlphaIn.get(ctx, destination)
    if not (tao_1 and tao_2 and alpha_1 and alpha_2):
        return 0
    limit = U64F64.checked_div(U64F64.from_int(limit_price), RAO_FIXED) or 0
    if limit > U64F64.safe_div(current_price(ctx, origin), current_price(ctx, destination)):
        return 0
    if limit_price == 0:
        return U64_MAX
    t1, t2 = U64F64.from_int(tao_1), U64F64.from_int(tao_2)
    total = U64F64.saturating_add(t2, t1)
    reached = U64F64.saturating_mul(U64F64.from_int(alpha_2), U64F64.safe_div(t1, total))
    present = U64F64.saturating_mul(U64F64.from_int(alpha_1), U64F64.safe_div(t2, total))
    return U64F64.to_int(U64F64.saturating_sub(U64F64.safe_div(reached, limit), present), 64)
