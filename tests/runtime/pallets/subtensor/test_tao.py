"""TAO in the pallet's hands: what moves, what is minted, burned and recycled, and both counts of the issuance."""

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

from tests.world import Events, account

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
    """What exists, on which both counts must agree."""
    assert TotalIssuance.get(ctx) == BalancesIssuance.get(ctx)
    return TotalIssuance.get(ctx)


def fails(error: PalletError, act: Callable[[], object]) -> None:
    with pytest.raises(DispatchFailed) as failure:
        act()
    assert failure.value.reason is error


# --- transfers -----------------------------------------------------------------------------------------------------


def test_a_transfer_moves_what_was_asked(ctx: Context, events: Events) -> None:
    before = issued(ctx)
    transfer_tao(ctx, ORIGIN, DEST, 200)
    assert (free(ctx, ORIGIN), free(ctx, DEST), issued(ctx)) == (9_800, 5_200, before)
    assert events() == [Transfer(ORIGIN, DEST, 200)]


def test_nobody_transfers_more_than_they_have(ctx: Context) -> None:
    fails(Error.InsufficientBalance, lambda: transfer_tao(ctx, ORIGIN, DEST, 10_001))
    fails(Error.InsufficientBalance, lambda: transfer_tao(ctx, FRESH, DEST, 1))


def test_an_account_may_give_all_away(ctx: Context) -> None:
    before = issued(ctx)
    transfer_tao(ctx, ORIGIN, DEST, 10_000)
    assert not Account.contains(ctx, ORIGIN)
    assert (free(ctx, DEST), issued(ctx)) == (15_000, before)


def test_dust_of_a_dying_account_leaves_both_counts(ctx: Context) -> None:
    before = issued(ctx)
    transfer_tao(ctx, ORIGIN, DEST, 10_000 - DEPOSIT + 1)
    assert not Account.contains(ctx, ORIGIN)
    assert issued(ctx) == before - (DEPOSIT - 1)


def test_a_transfer_to_oneself_changes_nothing(ctx: Context) -> None:
    before = issued(ctx)
    transfer_tao(ctx, ORIGIN, ORIGIN, 7_000)
    assert (free(ctx, ORIGIN), issued(ctx)) == (10_000, before)


# --- subnets' accounts ---------------------------------------------------------------------------------------------


def test_the_account_of_a_subnet_is_made_of_the_pallet_and_the_netuid(ctx: Context) -> None:
    NetworksAdded.put(ctx, 258, True)
    assert get_subnet_account_id(ctx, 258) == b"modlsubtensr\x02\x01" + bytes(18)
    assert get_subnet_account_id(ctx, 0) == b"modlsubtensr" + bytes(20)
    assert get_subnet_account_id(ctx, 259) is None


@pytest.mark.parametrize("netuid", [0, 1, 255, 256, 2048, 65_535])
def test_a_subnets_account_tells_the_subnet(ctx: Context, netuid: int) -> None:
    NetworksAdded.put(ctx, netuid, True)
    account = get_subnet_account_id(ctx, netuid)
    assert account is not None
    assert is_subnet_account_id(ctx, account) == netuid


@pytest.mark.parametrize(
    "account", [ORIGIN, b"modlsubtensr\x02\x01\x01".ljust(32, b"\0"), b"modlburntnsr".ljust(32, b"\0")]
)
def test_other_accounts_are_no_subnets(ctx: Context, account: bytes) -> None:
    assert is_subnet_account_id(ctx, account) is None


def test_who_pays_a_subnet_keeps_the_existential_deposit(ctx: Context) -> None:
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


def test_burned_tao_lies_where_nobody_can_spend_it(ctx: Context) -> None:
    before = issued(ctx)
    burn_tao(ctx, ORIGIN, 600)
    assert (free(ctx, pallet_account(b"burntnsr")), free(ctx, ORIGIN), issued(ctx)) == (600, 9_400, before)


def test_recycled_tao_is_gone_from_both_counts(ctx: Context, events: Events) -> None:
    before = issued(ctx)
    recycle_tao(ctx, ORIGIN, 600)
    assert (free(ctx, ORIGIN), issued(ctx)) == (9_400, before - 600)
    assert events() == [Withdraw(ORIGIN, 600)]


def test_who_recycles_must_survive_it(ctx: Context) -> None:
    fails(Error.InsufficientBalance, lambda: recycle_tao(ctx, ORIGIN, 10_000 - DEPOSIT + 1))
    recycle_tao(ctx, ORIGIN, 10_000 - DEPOSIT)
    assert (get_coldkey_balance(ctx, ORIGIN), get_keep_alive_balance(ctx, ORIGIN)) == (DEPOSIT, 0)


# --- minted --------------------------------------------------------------------------------------------------------


def test_minted_tao_counts_as_issued_and_belongs_to_nobody(ctx: Context, events: Events) -> None:
    before = issued(ctx)
    assert mint_tao(ctx, 1_000) == 1_000
    assert issued(ctx) == before + 1_000
    assert events() == [Issued(1_000)]


def test_minting_nothing_says_nothing(ctx: Context, events: Events) -> None:
    before = issued(ctx)
    assert mint_tao(ctx, 0) == 0
    assert (issued(ctx), events()) == (before, [])


def test_no_more_tao_is_minted_than_may_exist(ctx: Context) -> None:
    for item in (TotalIssuance, BalancesIssuance):
        item.put(ctx, SUPPLY - 300)
    assert mint_tao(ctx, 1_000) == 300
    assert mint_tao(ctx, 1) == 0
    assert issued(ctx) == SUPPLY


def test_credit_is_spent_in_parts_and_the_rest_taken_back(ctx: Context, events: Events) -> None:
    before = issued(ctx)
    credit = mint_tao(ctx, 1_000)
    rest = spend_tao(ctx, DEST, credit, 600)
    assert rest == 400
    recycle_credit(ctx, rest)
    assert (free(ctx, DEST), issued(ctx)) == (5_600, before + 600)
    assert events() == [Issued(1_000), Deposit(DEST, 600)]


def test_more_than_the_credit_is_not_spent(ctx: Context) -> None:
    assert spend_tao(ctx, DEST, 1_000, 1_001) is None
    assert free(ctx, DEST) == 5_000


def test_credit_does_not_make_an_account_below_the_existential_deposit(ctx: Context) -> None:
    assert spend_tao(ctx, FRESH, 1_000, DEPOSIT - 1) is None
    assert spend_tao(ctx, FRESH, 1_000, DEPOSIT) == 1_000 - DEPOSIT
