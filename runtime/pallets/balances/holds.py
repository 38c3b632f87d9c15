"""Holds: reserved balance, counted by reason. All amounts are in rao.

Held funds are part of `reserved`. A reason is a value of a pallet's own enum (`preimage.HoldReason.Preimage`).
"""

from __future__ import annotations

from dataclasses import replace
from enum import Enum

from ....consensus.integers import U64_MAX
from ...frame.context import Context
from ...frame.errors import ArithmeticFault, TokenError, ensure
from ..system import Account
from . import fungible
from .accounts import account_data, mutate_account
from .declared import MAX_HOLDS, Error, HoldAmount, Holds


def balance_on_hold(ctx: Context, reason: Enum, who: bytes) -> int:
    """Return the amount of an account that is held for a reason."""
    return next((held.amount for held in Holds.get(ctx, who) if held.id == reason), 0)


def hold(ctx: Context, reason: Enum, who: bytes, amount: int) -> None:
    """Hold more of the free balance, frozen or not; the account keeps its last provider.

    FundsUnavailable when there is not enough, CannotCreateHold when the account has no provider or too many holds.
    """
    available = fungible.reducible_balance(ctx, who, fungible.Preservation.Protect, fungible.Fortitude.Force)
    ensure(amount <= available, TokenError.FundsUnavailable)
    ensure(_has_room(ctx, reason, who), TokenError.CannotCreateHold)
    fungible.decrease(ctx, who, amount, fungible.Preservation.Protect, fungible.Fortitude.Force)
    if amount:
        _set(ctx, reason, who, balance_on_hold(ctx, reason, who) + amount)


def release(ctx: Context, reason: Enum, who: bytes, amount: int) -> int:
    """Release up to `amount` of a hold into the free balance; return the amount released."""
    ensure(fungible.find_deposit_error(ctx, who, amount) is None, TokenError.CannotCreate)
    return fungible.increase(ctx, who, _take(ctx, reason, who, amount))


def burn_held(ctx: Context, reason: Enum, who: bytes, amount: int) -> int:
    """Burn up to `amount` of a hold, frozen or not; return the amount burned."""
    burned = _take(ctx, reason, who, amount)
    fungible.rescind(ctx, burned)
    return burned


def _has_room(ctx: Context, reason: Enum, who: bytes) -> bool:
    """Return whether the account may have a hold for this reason."""
    holds = Holds.get(ctx, who)
    exists = any(held.id == reason for held in holds)
    return Account.get(ctx, who).providers > 0 and (exists or len(holds) < MAX_HOLDS)


def _take(ctx: Context, reason: Enum, who: bytes, amount: int) -> int:
    """Reduce a hold by up to `amount`; return the reduction."""
    held = balance_on_hold(ctx, reason, who)
    taken = min(amount, held)
    _set(ctx, reason, who, held - taken)
    return taken


def _set(ctx: Context, reason: Enum, who: bytes, amount: int) -> None:
    """Set the amount of a hold, and change `reserved` by the difference.

    Holds keep their order. The storage entry stays when no hold is left, as on the chain.
    """
    holds, data = Holds.get(ctx, who), account_data(ctx, who)
    change = amount - balance_on_hold(ctx, reason, who)
    kept = [HoldAmount(held.id, amount if held.id == reason else held.amount) for held in holds]
    if all(held.id != reason for held in holds):
        kept.append(HoldAmount(reason, amount))
    kept = [held for held in kept if held.amount]
    ensure(len(kept) <= MAX_HOLDS, Error.TooManyHolds)
    reserved = data.reserved + change
    ensure(reserved <= U64_MAX, ArithmeticFault.Overflow)
    ensure(reserved >= 0, ArithmeticFault.Underflow)
    mutate_account(ctx, who, replace(data, reserved=reserved))
    Holds.put(ctx, who, kept)
