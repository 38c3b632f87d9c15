"""Moving, minting and burning free balance. All amounts are in rao.

`Preservation` says whether the account may die of it, `Fortitude` whether frozen funds count. Functions that take
funds fail as a whole; none takes a part of what was asked.
"""

from __future__ import annotations

from enum import Enum

from ....consensus.integers import U64_MAX, saturating_add_u64, saturating_sub
from ...frame.context import Context
from ...frame.errors import ArithmeticFault, DispatchFailed, TokenError, ensure
from ..system import Account, AccountInfo
from .accounts import account_data, add_free, change_free
from .pallet import Burned, Deposit, ExistentialDeposit, Minted, TotalIssuance, Transfer, Withdraw

Problem = TokenError | ArithmeticFault


class Preservation(Enum):
    """What must remain of an account that pays."""

    Expendable = 0  # it may die
    Protect = 1  # its last provider must stay
    Preserve = 2  # the existential deposit must stay


class Fortitude(Enum):
    """Whether frozen funds can be taken."""

    Polite = 0
    Force = 1


def reducible_balance(
    ctx: Context, who: bytes, preservation: Preservation, fortitude: Fortitude = Fortitude.Polite
) -> int:
    """How much can be taken from an account."""
    return reducible(Account.get(ctx, who), preservation, fortitude, ExistentialDeposit.get(ctx))


def reducible(info: AccountInfo, preservation: Preservation, fortitude: Fortitude, existential_deposit: int) -> int:
    """How much can be taken from an account with these balances and references."""
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


def withdraw_problem(ctx: Context, who: bytes, amount: int, must_live: bool) -> Problem | None:
    """Why `amount` cannot be withdrawn, None when it can; `must_live` forbids the account to die of it."""
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


def deposit_problem(ctx: Context, who: bytes, amount: int) -> Problem | None:
    """Why an account cannot take `amount` that is already issued, None when it can."""
    if amount == 0:
        return None
    data = account_data(ctx, who)
    free = data.free + amount
    if free <= U64_MAX and free < ExistentialDeposit.get(ctx):
        return TokenError.BelowMinimum
    return ArithmeticFault.Overflow if free + data.reserved > U64_MAX else None


def transfer(ctx: Context, source: bytes, dest: bytes, amount: int, preservation: Preservation) -> None:
    """Move `amount` from one account to another."""
    must_live = preservation is not Preservation.Expendable
    problem = withdraw_problem(ctx, source, amount, must_live) or deposit_problem(ctx, dest, amount)
    if problem is not None:
        raise DispatchFailed(problem)
    if source == dest:
        return
    add_free(ctx, source, -amount)
    if amount:
        add_free(ctx, dest, amount)
    ctx.deposit(Transfer(source, dest, amount))


def withdraw(ctx: Context, who: bytes, amount: int, preservation: Preservation) -> None:
    """Take `amount` off an account, still issued: whoever takes it deposits or drops it.

    FundsUnavailable when the account cannot spare it.
    """
    decrease(ctx, who, amount, preservation)
    ctx.deposit(Withdraw(who, amount))


def decrease(
    ctx: Context, who: bytes, amount: int, preservation: Preservation, fortitude: Fortitude = Fortitude.Polite
) -> None:
    """Like `withdraw`, without an event."""
    info = Account.get(ctx, who)
    spare = reducible(info, preservation, fortitude, ExistentialDeposit.get(ctx))
    ensure(spare >= amount, TokenError.FundsUnavailable)
    change_free(ctx, who, info, -amount)


def deposit(ctx: Context, who: bytes, amount: int) -> int:
    """Give issued funds to an account. Returns what it took: nothing if it would stay below the existential deposit."""
    taken = increase(ctx, who, amount)
    ctx.deposit(Deposit(who, taken))
    return taken


def increase(ctx: Context, who: bytes, amount: int) -> int:
    """Like `deposit`, without an event."""
    if amount == 0:
        return 0
    info = Account.get(ctx, who)
    old = info.data.free
    free = saturating_add_u64(old, amount)
    taken = free - old if free >= ExistentialDeposit.get(ctx) else 0
    if taken:
        change_free(ctx, who, info, taken)
    return taken


def resolve(ctx: Context, who: bytes, amount: int) -> None:
    """Give issued funds to an account as a whole; when it cannot take them they leave the issuance."""
    info = Account.get(ctx, who)
    if ExistentialDeposit.get(ctx) <= info.data.free + amount <= U64_MAX:
        change_free(ctx, who, info, amount)
        ctx.deposit(Deposit(who, amount))
    else:
        rescind(ctx, amount)


def rescind(ctx: Context, amount: int) -> None:
    """Take `amount` that nobody owns out of the issuance."""
    if amount:
        TotalIssuance.put(ctx, saturating_sub(TotalIssuance.get(ctx), amount))


def mint_into(ctx: Context, who: bytes, amount: int) -> None:
    """Create `amount` in an account; Overflow, or BelowMinimum when the account could not exist with it."""
    ensure(TotalIssuance.get(ctx) + amount <= U64_MAX, ArithmeticFault.Overflow)
    free = account_data(ctx, who).free + amount
    ensure(free <= U64_MAX, ArithmeticFault.Overflow)
    ensure(free >= ExistentialDeposit.get(ctx), TokenError.BelowMinimum)
    add_free(ctx, who, amount)
    TotalIssuance.put(ctx, TotalIssuance.get(ctx) + amount)
    ctx.deposit(Minted(who, amount))


def burn_from(ctx: Context, who: bytes, amount: int, preservation: Preservation) -> None:
    """Destroy `amount` of an account; FundsUnavailable when it cannot spare that."""
    ensure(reducible_balance(ctx, who, preservation) >= amount, TokenError.FundsUnavailable)
    ensure(TotalIssuance.get(ctx) >= amount, ArithmeticFault.Overflow)
    add_free(ctx, who, -amount)
    rescind(ctx, amount)
    ctx.deposit(Burned(who, amount))
