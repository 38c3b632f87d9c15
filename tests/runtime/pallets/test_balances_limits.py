"""The limits of balances and of the issuance, on both sides: rules of the real pallet Balances.

The tests set parts of the state, so that not every rao in it is issued.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import AnyError, ArithmeticFault, DispatchFailed, as_dispatch_error
from pysubtensor.runtime.frame.extrinsic import Id
from pysubtensor.runtime.frame.origin import ROOT_ORIGIN
from pysubtensor.runtime.pallets.balances import fungible
from pysubtensor.runtime.pallets.balances.accounts import account_data, mutate_account
from pysubtensor.runtime.pallets.balances.calls import (
    force_adjust_total_issuance,
    force_set_balance,
    transfer_keep_alive,
)
from pysubtensor.runtime.pallets.balances.declared import (
    AdjustmentDirection,
    BalanceSet,
    Error,
    Issued,
    Rescinded,
    TotalIssuance,
    TotalIssuanceForced,
)
from pysubtensor.runtime.pallets.balances.fungible import Preservation
from pysubtensor.runtime.pallets.balances.reserves import reserve
from pysubtensor.runtime.pallets.shared.account_data import AccountData
from pysubtensor.runtime.pallets.system import Account, AccountInfo

from tests.world import ALICE, BOB, FUNDS, U64_MAX, Dispatch, Events, RefusedCall, account

NEW, OTHER = account(9), account(10)


def test_the_issuance_is_at_most_the_largest_u64(ctx: Context) -> None:
    TotalIssuance.put(ctx, U64_MAX - 700)
    with pytest.raises(DispatchFailed) as failure:
        fungible.mint_into(ctx, NEW, 701)
    assert failure.value.error == as_dispatch_error(ArithmeticFault.Overflow)
    assert not Account.contains(ctx, NEW)
    fungible.mint_into(ctx, NEW, 700)
    assert TotalIssuance.get(ctx) == U64_MAX


def test_a_balance_is_at_most_the_largest_u64(ctx: Context) -> None:
    Account.put(ctx, NEW, AccountInfo(providers=1, data=AccountData(free=U64_MAX - 5)))
    with pytest.raises(DispatchFailed) as failure:
        fungible.mint_into(ctx, NEW, 6)
    assert failure.value.error == as_dispatch_error(ArithmeticFault.Overflow)
    fungible.mint_into(ctx, NEW, 5)
    assert account_data(ctx, NEW).free == U64_MAX


def test_all_that_is_issued_can_be_burned_and_no_more(ctx: Context) -> None:
    TotalIssuance.put(ctx, 999)
    with pytest.raises(DispatchFailed) as failure:
        fungible.burn_from(ctx, ALICE, 1000, Preservation.Preserve)
    assert failure.value.error == as_dispatch_error(ArithmeticFault.Overflow)
    fungible.burn_from(ctx, ALICE, 999, Preservation.Preserve)
    assert TotalIssuance.get(ctx) == 0


@pytest.mark.parametrize(
    ("issued", "new_free", "expected", "event"),
    [
        (7, FUNDS + 1, 8, Issued(1)),
        (7, FUNDS - 1, 6, Rescinded(1)),
        (7, FUNDS - 7, 0, Rescinded(7)),
        (7, FUNDS - 8, 0, Rescinded(8)),
        (U64_MAX - 7, FUNDS + 7, U64_MAX, Issued(7)),
        (U64_MAX - 7, FUNDS + 8, U64_MAX, Issued(8)),
    ],
)
def test_setting_a_balance_saturates_the_issuance(
    ctx: Context, dispatch: Dispatch, events: Events, issued: int, new_free: int, expected: int, event: Issued
) -> None:
    TotalIssuance.put(ctx, issued)
    dispatch(ROOT_ORIGIN, force_set_balance.call(Id(BOB), new_free))
    assert TotalIssuance.get(ctx) == expected
    assert events() == [event, BalanceSet(BOB, new_free)]


@pytest.mark.parametrize(("delta", "left"), [(6, 1), (7, 0), (8, 0)])
def test_the_issuance_is_not_adjusted_below_zero(
    ctx: Context, dispatch: Dispatch, events: Events, delta: int, left: int
) -> None:
    TotalIssuance.put(ctx, 7)
    dispatch(ROOT_ORIGIN, force_adjust_total_issuance.call(AdjustmentDirection.Decrease, delta))
    assert events() == [TotalIssuanceForced(7, left)]
    assert TotalIssuance.get(ctx) == left


# --- accounts ----------------------------------------------------------------------------------------------------

#: The existential deposit, in rao.
LEAST = 500


def fails(error: AnyError, action: Callable[[], object]) -> None:
    with pytest.raises(DispatchFailed) as failure:
        action()
    assert failure.value.error == as_dispatch_error(error)


def test_a_transfer_is_at_most_the_issuance(ctx: Context, dispatch: Dispatch, refused: RefusedCall) -> None:
    TotalIssuance.put(ctx, 999)
    refused(ALICE, transfer_keep_alive.call(Id(BOB), 1000), ArithmeticFault.Underflow)
    dispatch(ALICE, transfer_keep_alive.call(Id(BOB), 999))


def test_all_balances_of_an_account_together_are_at_most_the_largest_u64(
    ctx: Context, dispatch: Dispatch, refused: RefusedCall
) -> None:
    rich = AccountData(free=LEAST, reserved=U64_MAX - LEAST - 7)
    Account.put(ctx, NEW, AccountInfo(consumers=1, providers=1, data=rich))
    refused(ALICE, transfer_keep_alive.call(Id(NEW), 8), ArithmeticFault.Overflow)
    dispatch(ALICE, transfer_keep_alive.call(Id(NEW), 7))


def test_issued_funds_enter_an_account_that_they_keep_alive(ctx: Context) -> None:
    """`deposit` leaves the others with the caller, `resolve` takes them out of the issuance."""
    issued = TotalIssuance.get(ctx)
    assert [fungible.deposit(ctx, NEW, amount) for amount in (LEAST - 1, LEAST, 1)] == [0, LEAST, 1]
    fungible.resolve(ctx, OTHER, LEAST - 1)
    assert (Account.contains(ctx, OTHER), TotalIssuance.get(ctx)) == (False, issued - LEAST + 1)
    fungible.resolve(ctx, OTHER, LEAST)
    assert (account_data(ctx, OTHER).free, TotalIssuance.get(ctx)) == (LEAST, issued - LEAST + 1)


@pytest.mark.parametrize(("amount", "free"), [(7, U64_MAX), (8, U64_MAX - 7)])
def test_issued_funds_that_an_account_cannot_hold_are_rescinded(ctx: Context, amount: int, free: int) -> None:
    Account.put(ctx, NEW, AccountInfo(providers=1, data=AccountData(free=U64_MAX - 7)))
    issued = TotalIssuance.get(ctx)
    fungible.resolve(ctx, NEW, amount)
    assert account_data(ctx, NEW).free == free
    assert TotalIssuance.get(ctx) == issued - (0 if amount == 7 else amount)


def test_all_funds_that_are_not_frozen_can_be_reserved(ctx: Context) -> None:
    mutate_account(ctx, ALICE, AccountData(free=FUNDS, frozen=LEAST + 1))
    fails(Error.LiquidityRestrictions, lambda: reserve(ctx, ALICE, FUNDS - LEAST))
    reserve(ctx, ALICE, FUNDS - LEAST - 1)
    assert account_data(ctx, ALICE).free == LEAST + 1


def test_reserved_funds_are_at_most_the_largest_u64(ctx: Context) -> None:
    Account.put(ctx, NEW, AccountInfo(1, 1, 1, 0, AccountData(free=1000, reserved=U64_MAX - 7)))
    fails(ArithmeticFault.Overflow, lambda: reserve(ctx, NEW, 8))
    reserve(ctx, NEW, 7)
    assert account_data(ctx, NEW).reserved == U64_MAX


@pytest.mark.parametrize(("frozen", "reserved", "spendable"), [(0, 0, 9500), (3000, 0, 7000), (3000, 2600, 9500)])
def test_what_can_be_taken_keeps_the_frozen_rest_and_the_deposit(
    ctx: Context, frozen: int, reserved: int, spendable: int
) -> None:
    """Reserved funds count towards the frozen ones. With 400 left to freeze, the deposit is what must stay."""
    Account.put(ctx, NEW, AccountInfo(0, 0, 1, 0, AccountData(10_000, reserved, frozen)))
    assert fungible.reducible_balance(ctx, NEW, Preservation.Preserve) == spendable
