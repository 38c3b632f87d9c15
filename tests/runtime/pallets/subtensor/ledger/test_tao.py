"""TAO: transfers, minting, burning and recycling, and both counts of the issuance."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import DispatchFailed, PalletError
from pysubtensor.runtime.pallets.balances.declared import Deposit, Issued, Transfer, Withdraw
from pysubtensor.runtime.pallets.balances.declared import TotalIssuance as BalancesIssuance
from pysubtensor.runtime.pallets.shared.account_data import AccountData
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error
from pysubtensor.runtime.pallets.subtensor.ledger.subnet_accounts import (
    get_subnet_account_id,
    is_subnet_account_id,
    pallet_account,
)
from pysubtensor.runtime.pallets.subtensor.ledger.tao import (
    burn_tao,
    get_coldkey_balance,
    get_keep_alive_balance,
    mint_tao,
    recycle_credit,
    recycle_tao,
    spend_tao,
    transfer_tao,
    transfer_tao_from_subnet,
    transfer_tao_to_subnet,
)
from pysubtensor.runtime.pallets.subtensor.storage.emission import TotalIssuance
from pysubtensor.runtime.pallets.subtensor.storage.networks import NetworksAdded
from pysubtensor.runtime.pallets.system import Account, AccountInfo

from tests.world import U64_MAX, Events, account

DEPOSIT = 500
ORIGIN, DEST, FRESH = account(1), account(2), account(3)
SUPPLY = 21_000_000 * 10**9


@pytest.fixture
def ctx(ctx: Context) -> Context:
    """Two more accounts, with 10,000 and 5,000 rao; both counts of the issuance agree."""
    for who, free in ((ORIGIN, 10_000), (DEST, 5_000)):
        Account.put(ctx, who, AccountInfo(providers=1, data=AccountData(free=free)))
        BalancesIssuance.mutate(ctx, lambda issued, free=free: issued + free)
    TotalIssuance.put(ctx, BalancesIssuance.get(ctx))
    return ctx


def free(ctx: Context, who: bytes) -> int:
    return Account.get(ctx, who).data.free


def issued(ctx: Context) -> int:
    """Return the issuance, after checking that both counts agree."""
    assert TotalIssuance.get(ctx) == BalancesIssuance.get(ctx)
    return TotalIssuance.get(ctx)


def fails(error: PalletError, act: Callable[[], object]) -> None:
    with pytest.raises(DispatchFailed) as failure:
        act()
    assert failure.value.reason is error


# --- transfers -----------------------------------------------------------------------------------------------------


def test_a_transfer_moves_the_amount(ctx: Context, events: Events) -> None:
    before = issued(ctx)
    transfer_tao(ctx, ORIGIN, DEST, 200)
    assert (free(ctx, ORIGIN), free(ctx, DEST), issued(ctx)) == (9_800, 5_200, before)
    assert events() == [Transfer(ORIGIN, DEST, 200)]


def test_a_transfer_above_the_balance_is_refused(ctx: Context) -> None:
    fails(Error.InsufficientBalance, lambda: transfer_tao(ctx, ORIGIN, DEST, 10_001))
    fails(Error.InsufficientBalance, lambda: transfer_tao(ctx, FRESH, DEST, 1))


def test_an_account_may_transfer_its_whole_balance(ctx: Context) -> None:
    before = issued(ctx)
    transfer_tao(ctx, ORIGIN, DEST, 10_000)
    assert not Account.contains(ctx, ORIGIN)
    assert (free(ctx, DEST), issued(ctx)) == (15_000, before)


def test_dust_of_a_reaped_account_lowers_both_issuances(ctx: Context) -> None:
    before = issued(ctx)
    transfer_tao(ctx, ORIGIN, DEST, 10_000 - DEPOSIT + 1)
    assert not Account.contains(ctx, ORIGIN)
    assert issued(ctx) == before - (DEPOSIT - 1)


def test_a_transfer_to_oneself_changes_nothing(ctx: Context) -> None:
    before = issued(ctx)
    transfer_tao(ctx, ORIGIN, ORIGIN, 7_000)
    assert (free(ctx, ORIGIN), issued(ctx)) == (10_000, before)


# --- subnets' accounts ---------------------------------------------------------------------------------------------


def test_the_account_of_a_subnet_is_derived_from_its_netuid(ctx: Context) -> None:
    NetworksAdded.put(ctx, 258, True)
    assert get_subnet_account_id(ctx, 258) == b"modlsubtensr\x02\x01" + bytes(18)
    assert get_subnet_account_id(ctx, 0) == b"modlsubtensr" + bytes(20)
    assert get_subnet_account_id(ctx, 259) is None


@pytest.mark.parametrize("netuid", [0, 1, 255, 256, 2048, 65_535])
def test_a_subnet_is_found_by_its_account(ctx: Context, netuid: int) -> None:
    NetworksAdded.put(ctx, netuid, True)
    account = get_subnet_account_id(ctx, netuid)
    assert account is not None
    assert is_subnet_account_id(ctx, account) == netuid


@pytest.mark.parametrize(
    "account", [ORIGIN, b"modlsubtensr\x02\x01\x01".ljust(32, b"\0"), b"modlburntnsr".ljust(32, b"\0")]
)
def test_other_accounts_belong_to_no_subnet(ctx: Context, account: bytes) -> None:
    assert is_subnet_account_id(ctx, account) is None


def test_payments_to_a_subnet_keep_the_existential_deposit(ctx: Context) -> None:
    NetworksAdded.put(ctx, 1, True)
    assert transfer_tao_to_subnet(ctx, 1, ORIGIN, 10_000) == 10_000 - DEPOSIT
    assert free(ctx, ORIGIN) == DEPOSIT
    fails(Error.InsufficientBalance, lambda: transfer_tao_to_subnet(ctx, 1, ORIGIN, 1))
    assert transfer_tao_to_subnet(ctx, 1, ORIGIN, 0) == 0


def test_a_subnet_pays_from_its_account(ctx: Context) -> None:
    NetworksAdded.put(ctx, 1, True)
    transfer_tao_to_subnet(ctx, 1, ORIGIN, 4_000)
    transfer_tao_from_subnet(ctx, 1, DEST, 1_000)
    assert (free(ctx, ORIGIN), free(ctx, DEST)) == (6_000, 6_000)
    fails(Error.InsufficientBalance, lambda: transfer_tao_from_subnet(ctx, 1, DEST, 3_001))


def test_a_subnet_that_does_not_exist_has_no_account(ctx: Context) -> None:
    fails(Error.SubnetNotExists, lambda: transfer_tao_to_subnet(ctx, 9, ORIGIN, 1))
    fails(Error.SubnetNotExists, lambda: transfer_tao_from_subnet(ctx, 9, ORIGIN, 1))


# --- burned and recycled -------------------------------------------------------------------------------------------


def test_burned_tao_is_kept_on_an_account_without_a_key(ctx: Context) -> None:
    before = issued(ctx)
    burn_tao(ctx, ORIGIN, 600)
    assert (free(ctx, pallet_account(b"burntnsr")), free(ctx, ORIGIN), issued(ctx)) == (600, 9_400, before)


def test_recycled_tao_lowers_both_issuances(ctx: Context, events: Events) -> None:
    before = issued(ctx)
    recycle_tao(ctx, ORIGIN, 600)
    assert (free(ctx, ORIGIN), issued(ctx)) == (9_400, before - 600)
    assert events() == [Withdraw(ORIGIN, 600)]


def test_recycling_keeps_the_existential_deposit(ctx: Context) -> None:
    fails(Error.InsufficientBalance, lambda: recycle_tao(ctx, ORIGIN, 10_000 - DEPOSIT + 1))
    recycle_tao(ctx, ORIGIN, 10_000 - DEPOSIT)
    assert (get_coldkey_balance(ctx, ORIGIN), get_keep_alive_balance(ctx, ORIGIN)) == (DEPOSIT, 0)


# --- minted --------------------------------------------------------------------------------------------------------


def test_minted_tao_is_issued_as_a_credit(ctx: Context, events: Events) -> None:
    before = issued(ctx)
    assert mint_tao(ctx, 1_000) == 1_000
    assert issued(ctx) == before + 1_000
    assert events() == [Issued(1_000)]


def test_minting_zero_deposits_no_event(ctx: Context, events: Events) -> None:
    before = issued(ctx)
    assert mint_tao(ctx, 0) == 0
    assert (issued(ctx), events()) == (before, [])


def test_minting_stops_at_the_total_supply(ctx: Context) -> None:
    for item in (TotalIssuance, BalancesIssuance):
        item.put(ctx, SUPPLY - 300)
    assert mint_tao(ctx, 1_000) == 300
    assert mint_tao(ctx, 1) == 0
    assert issued(ctx) == SUPPLY


def test_credit_is_spent_in_parts_and_the_rest_recycled(ctx: Context, events: Events) -> None:
    before = issued(ctx)
    credit = mint_tao(ctx, 1_000)
    rest = spend_tao(ctx, DEST, credit, 600)
    assert rest == 400
    recycle_credit(ctx, rest)
    assert (free(ctx, DEST), issued(ctx)) == (5_600, before + 600)
    assert events() == [Issued(1_000), Deposit(DEST, 600)]


def test_spending_more_than_the_credit_is_refused(ctx: Context) -> None:
    assert spend_tao(ctx, DEST, 1_000, 1_001) is None
    assert free(ctx, DEST) == 5_000


def test_credit_does_not_make_an_account_below_the_existential_deposit(ctx: Context) -> None:
    assert spend_tao(ctx, FRESH, 1_000, DEPOSIT - 1) is None
    assert spend_tao(ctx, FRESH, 1_000, DEPOSIT) == 1_000 - DEPOSIT


@pytest.mark.parametrize(("counted", "amount", "left"), [(7, 6, 1), (7, 7, 0), (7, 8, 0)])
def test_the_pallets_count_does_not_fall_below_zero(ctx: Context, counted: int, amount: int, left: int) -> None:
    TotalIssuance.put(ctx, counted)
    recycle_tao(ctx, ORIGIN, amount)
    assert TotalIssuance.get(ctx) == left


def test_the_pallets_count_is_at_most_the_largest_u64(ctx: Context) -> None:
    TotalIssuance.put(ctx, U64_MAX - 7)
    mint_tao(ctx, 8)
    assert TotalIssuance.get(ctx) == U64_MAX
