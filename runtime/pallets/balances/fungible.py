"""Transfers, withdrawals, deposits, minting and burning of free balance. All amounts are in rao.

`Preservation` is what must remain of the paying account, `Fortitude` whether frozen funds can be taken. A function that
takes funds takes the whole amount or fails.
"""

from __future__ import annotations

from enum import Enum, auto

from ....consensus.integers import U64_MAX, saturating_add_u64, saturating_sub
from ...frame.context import Context
from ...frame.errors import ArithmeticFault, DispatchFailed, TokenError, ensure
from ..system import Account, AccountInfo
from .accounts import account_data, add_free, change_free
from .declared import Burned, Deposit, ExistentialDeposit, Minted, TotalIssuance, Transfer, Withdraw

#: The error of a balance that cannot change.
BalanceError = TokenError | ArithmeticFault


class Preservation(Enum):
    """What must remain of an account that pays."""

    Expendable = auto()  # nothing: it may be reaped
    Protect = auto()  # its last provider
    Preserve = auto()  # the existential deposit


class Fortitude(Enum):
    """Whether frozen funds can be taken."""

    Polite = auto()
    Force = auto()


def reducible_balance(
    ctx: Context, who: bytes, preservation: Preservation, fortitude: Fortitude = Fortitude.Polite
) -> int:
    """Return how much can be taken from an account."""
    return reducible(Account.get(ctx, who), preservation, fortitude, ExistentialDeposit.get(ctx))


def reducible(info: AccountInfo, preservation: Preservation, fortitude: Fortitude, existential_deposit: int) -> int:
    """Return how much can be taken from an account with this entry."""
    data = info.data
    untouchable = 0
    if data.frozen > data.reserved and fortitude is Fortitude.Polite:
        untouchable = data.frozen - data.reserved
    if preservation is Preservation.Preserve or (
        data.free > 0
        and (
            info.providers == 1 if preservation is Preservation.Protect else info.consumers != 0 and info.providers <= 1
        )
    ):
        untouchable = max(untouchable, existential_deposit)
    return data.free - untouchable if data.free > untouchable else 0


def find_withdraw_error(ctx: Context, who: bytes, amount: int, must_live: bool) -> BalanceError | None:
    """Return the error that withdrawing `amount` would fail with; None when it can be withdrawn.

    With `must_live`, the account must not be reaped by it.
    """
    if amount == 0:
        return None
    if amount > TotalIssuance.get(ctx):
        return ArithmeticFault.Underflow
    info, existential_deposit = Account.get(ctx, who), ExistentialDeposit.get(ctx)
    data = info.data
    rest = data.free - amount
    if rest < 0:
        return TokenError.FundsUnavailable
    if amount > reducible(info, Preservation.Expendable, Fortitude.Polite, existential_deposit):
        return TokenError.Frozen
    if rest < existential_deposit:
        if info.consumers != 0 and info.providers <= 1:
            return TokenError.OnlyProvider
        if rest + data.reserved >= data.frozen and must_live:
            return TokenError.NotExpendable
    return TokenError.Frozen if rest + data.reserved < data.frozen else None


def find_deposit_error(ctx: Context, who: bytes, amount: int) -> BalanceError | None:
    """Return the error that depositing `amount` of issued funds would fail with; None when it can be deposited."""
    if amount == 0:
        return None
    data = account_data(ctx, who)
    free = data.free + amount
    if free <= U64_MAX and free < ExistentialDeposit.get(ctx):
        return TokenError.BelowMinimum
    return ArithmeticFault.Overflow if free + data.reserved > U64_MAX else None


def transfer(ctx: Context, source: bytes, dest: bytes, amount: int, preservation: Preservation) -> None:
    """Transfer `amount`; fails with the error of the withdrawal or of the deposit."""
    must_live = preservation is not Preservation.Expendable
    error = find_withdraw_error(ctx, source, amount, must_live) or find_deposit_error(ctx, dest, amount)
    if error is not None:
        raise DispatchFailed(error)
    if source == dest:
        return
    add_free(ctx, source, -amount)
    if amount:
        add_free(ctx, dest, amount)
    ctx.deposit(Transfer(source, dest, amount))


def withdraw(ctx: Context, who: bytes, amount: int, preservation: Preservation) -> None:
    """Withdraw `amount` from an account; FundsUnavailable when it has less to take.

    The amount stays in the issuance until the caller deposits or rescinds it.
    """
    decrease(ctx, who, amount, preservation)
    ctx.deposit(Withdraw(who, amount))


def decrease(
    ctx: Context, who: bytes, amount: int, preservation: Preservation, fortitude: Fortitude = Fortitude.Polite
) -> None:
    """Withdraw `amount` as `withdraw`, without an event."""
    info = Account.get(ctx, who)
    available = reducible(info, preservation, fortitude, ExistentialDeposit.get(ctx))
    ensure(available >= amount, TokenError.FundsUnavailable)
    change_free(ctx, who, info, -amount)


def deposit(ctx: Context, who: bytes, amount: int) -> int:
    """Deposit issued funds; return the amount deposited, 0 if less than the existential deposit would result."""
    deposited = increase(ctx, who, amount)
    ctx.deposit(Deposit(who, deposited))
    return deposited


def increase(ctx: Context, who: bytes, amount: int) -> int:
    """Deposit issued funds as `deposit`, without an event."""
    if amount == 0:
        return 0
    info = Account.get(ctx, who)
    old = info.data.free
    free = saturating_add_u64(old, amount)
    deposited = free - old if free >= ExistentialDeposit.get(ctx) else 0
    if deposited:
        change_free(ctx, who, info, deposited)
    return deposited


def resolve(ctx: Context, who: bytes, amount: int) -> None:
    """Deposit the whole `amount` of issued funds in an account; rescind it when the account cannot hold it."""
    info = Account.get(ctx, who)
    if ExistentialDeposit.get(ctx) <= info.data.free + amount <= U64_MAX:
        change_free(ctx, who, info, amount)
        ctx.deposit(Deposit(who, amount))
    else:
        rescind(ctx, amount)


def rescind(ctx: Context, amount: int) -> None:
    """Subtract `amount`, which no account owns, from the issuance."""
    if amount:
        TotalIssuance.put(ctx, saturating_sub(TotalIssuance.get(ctx), amount))


def mint_into(ctx: Context, who: bytes, amount: int) -> None:
    """Mint `amount` into an account; Overflow, or BelowMinimum when less than the existential deposit results."""
    ensure(TotalIssuance.get(ctx) + amount <= U64_MAX, ArithmeticFault.Overflow)
    free = account_data(ctx, who).free + amount
    ensure(free <= U64_MAX, ArithmeticFault.Overflow)
    ensure(free >= ExistentialDeposit.get(ctx), TokenError.BelowMinimum)
    add_free(ctx, who, amount)
    TotalIssuance.put(ctx, TotalIssuance.get(ctx) + amount)
    ctx.deposit(Minted(who, amount))


def burn_from(ctx: Context, who: bytes, amount: int, preservation: Preservation) -> None:
    """Burn `amount` of an account; FundsUnavailable when it has less to take."""
    ensure(reducible_balance(ctx, who, preservation) >= amount, TokenError.FundsUnavailable)
    ensure(TotalIssuance.get(ctx) >= amount, ArithmeticFault.Overflow)
    add_free(ctx, who, -amount)
    rescind(ctx, amount)
    ctx.deposit(Burned(who, amount))
