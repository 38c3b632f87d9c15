"""The limits of balances and of the issuance, on both sides: rules of the real pallet Balances.

The tests set parts of the state, so that not every rao in it is issued.
"""

from __future__ import annotations

import pytest
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import ArithmeticFault, DispatchFailed, as_dispatch_error
from pysubtensor.runtime.frame.extrinsic import Id
from pysubtensor.runtime.frame.origin import ROOT_ORIGIN
from pysubtensor.runtime.pallets.balances import fungible
from pysubtensor.runtime.pallets.balances.accounts import account_data
from pysubtensor.runtime.pallets.balances.calls import force_adjust_total_issuance, force_set_balance
from pysubtensor.runtime.pallets.balances.declared import (
    AdjustmentDirection,
    BalanceSet,
    Issued,
    Rescinded,
    TotalIssuance,
    TotalIssuanceForced,
)
from pysubtensor.runtime.pallets.balances.fungible import Preservation
from pysubtensor.runtime.pallets.shared.account_data import AccountData
from pysubtensor.runtime.pallets.system import Account, AccountInfo

from tests.world import ALICE, BOB, FUNDS, U64_MAX, Dispatch, Events, account

NEW = account(9)


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
