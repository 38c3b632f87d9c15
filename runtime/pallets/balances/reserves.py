"""Reserving balance: deposits of proxies, multisigs and the like. All amounts are in rao.

Reserved funds stay the account's but cannot be spent; whoever reserved them remembers how much.
"""

from __future__ import annotations

from dataclasses import replace

from ...frame.context import Context
from ...frame.errors import ArithmeticFault, DispatchFailed, TokenError, ensure
from .accounts import account_data, drop_dust, mutate_account
from .pallet import (
    BalanceStatus,
    Error,
    ExistentialDeposit,
    Reserved,
    ReserveRepatriated,
    Slashed,
    TotalIssuance,
    Unreserved,
)

U64_MAX = (1 << 64) - 1


def can_reserve(ctx: Context, who: bytes, amount: int) -> bool:
    """Whether `amount` can be reserved with the existential deposit left over."""
    data = account_data(ctx, who)
    rest = data.free - amount
    return amount == 0 or rest >= max(ExistentialDeposit.get(ctx), data.frozen)


def reserve(ctx: Context, who: bytes, amount: int) -> None:
    """Set free balance aside; InsufficientBalance, or LiquidityRestrictions when it is frozen."""
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
    """Make up to `amount` of reserved balance free again; returns what was missing."""
    data = account_data(ctx, who)
    if amount == 0 or data.total == 0:
        return amount
    actual = min(data.reserved, amount)
    new = replace(data, free=min(data.free + actual, U64_MAX), reserved=data.reserved - actual)
    try:
        drop_dust(ctx, mutate_account(ctx, who, new))
    except DispatchFailed:
        return amount
    ctx.deposit(Unreserved(who, actual))
    return amount - actual


def slash_reserved(ctx: Context, who: bytes, amount: int) -> int:
    """Destroy up to `amount` of reserved balance; returns what was missing."""
    data = account_data(ctx, who)
    if amount == 0 or data.total == 0:
        return amount
    actual = min(data.reserved, amount)
    drop_dust(ctx, mutate_account(ctx, who, replace(data, reserved=data.reserved - actual)))
    TotalIssuance.put(ctx, max(TotalIssuance.get(ctx) - actual, 0))
    ctx.deposit(Slashed(who, actual))
    return amount - actual


def repatriate_reserved(ctx: Context, source: bytes, dest: bytes, amount: int, status: BalanceStatus) -> int:
    """Move up to `amount` of reserved balance to another account that exists; returns what was missing."""
    if amount == 0:
        return 0
    actual = min(account_data(ctx, source).reserved, amount)
    if source == dest:
        return unreserve(ctx, source, amount) if status is BalanceStatus.Free else amount - actual
    to = account_data(ctx, dest)
    ensure(to.total > 0, Error.DeadAccount)
    ensure(to.total + actual <= U64_MAX, ArithmeticFault.Overflow)
    ensure(actual <= account_data(ctx, source).reserved, TokenError.FundsUnavailable)
    new = (
        replace(to, free=to.free + actual)
        if status is BalanceStatus.Free
        else replace(to, reserved=to.reserved + actual)
    )
    data = account_data(ctx, source)
    drop_dust(ctx, mutate_account(ctx, source, replace(data, reserved=data.reserved - actual)))
    drop_dust(ctx, mutate_account(ctx, dest, new))
    ctx.deposit(ReserveRepatriated(source, dest, actual, status))
    return amount - actual
