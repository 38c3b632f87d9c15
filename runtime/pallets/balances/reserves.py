"""Reserves: deposits of proxies, multisigs and other pallets. All amounts are in rao.

Reserved funds belong to the account but cannot be spent. The pallet that reserves them stores how much it reserved.
"""

from __future__ import annotations

from dataclasses import replace

from ....consensus.integers import U64_MAX, saturating_add_u64
from ...frame.context import Context
from ...frame.errors import ArithmeticFault, DispatchFailed, ensure
from .accounts import account_data, drop_dust, mutate_account
from .declared import Error, Reserved, Unreserved


def reserve(ctx: Context, who: bytes, amount: int) -> None:
    """Reserve free balance; InsufficientBalance, or LiquidityRestrictions when it is frozen."""
    if amount == 0:
        return
    data = account_data(ctx, who)
    ensure(data.free >= amount, Error.InsufficientBalance)
    ensure(data.reserved + amount <= U64_MAX, ArithmeticFault.Overflow)
    ensure(data.free - amount >= data.frozen, Error.LiquidityRestrictions)
    new = replace(data, free=data.free - amount, reserved=data.reserved + amount)
    drop_dust(ctx, mutate_account(ctx, who, new))
    ctx.deposit(Reserved(who, amount))


def unreserve(ctx: Context, who: bytes, amount: int) -> int:
    """Move up to `amount` of reserved balance to the free balance; return how much was not reserved."""
    data = account_data(ctx, who)
    if amount == 0 or data.total == 0:
        return amount
    actual = min(data.reserved, amount)
    new = replace(data, free=saturating_add_u64(data.free, actual), reserved=data.reserved - actual)
    try:
        drop_dust(ctx, mutate_account(ctx, who, new))
    except DispatchFailed:
        return amount
    ctx.deposit(Unreserved(who, actual))
    return amount - actual
