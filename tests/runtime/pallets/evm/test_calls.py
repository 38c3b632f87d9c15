"""The calls of the pallet, by the accounts of the chain."""

from __future__ import annotations

from typing import Any

import pytest
from pysubtensor.runtime.crypto.hashing import keccak_256
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import BadOrigin, DispatchFailed, TokenError
from pysubtensor.runtime.frame.origin import ROOT_ORIGIN
from pysubtensor.runtime.frame.weight import Pays, PostInfo, Weight
from pysubtensor.runtime.pallets.balances.declared import Deposit, Transfer, Withdraw
from pysubtensor.runtime.pallets.evm import calls
from pysubtensor.runtime.pallets.evm.addresses import account_of, created_address2
from pysubtensor.runtime.pallets.evm.declared import (
    AccountCodes,
    Created,
    CreatedFailed,
    DisableWhitelistCheck,
    Error,
    Executed,
    ExecutedFailed,
    WhitelistedCreators,
)

from tests.world import ALICE, BOB, Dispatch, Events, RefusedCall

from .conftest import OFFER, OTHER, REVERT, TAO, World, deploy, op

SOURCE = ALICE[:20]
GAS = 100_000
#: 40,000 ps for a unit of gas, without the base weight of an extrinsic; bytes of the proof as for a whole block.
BASE = 108_157_000


def weight_of_gas(gas: int) -> Weight:
    return Weight(gas * 40_000 - BASE, gas * 184_467_440_737)


def evm_call(target: bytes = OTHER, *, source: bytes = SOURCE, **parts: Any) -> Any:
    known = {"input": b"", "value": 0, "gas_limit": GAS, "max_fee_per_gas": OFFER, **parts}
    known = {"max_priority_fee_per_gas": None, "nonce": None, "access_list": [], "authorization_list": [], **known}
    return calls.call.call(source=source, target=target, **known)


def create(init: bytes, salt: bytes | None = None) -> Any:
    rest = (0, GAS, OFFER, None, None, [], [])
    if salt is None:
        return calls.create.call(SOURCE, init, *rest)
    return calls.create2.call(SOURCE, init, salt, *rest)


@pytest.fixture
def funded(world: World) -> World:
    world.fund(SOURCE, 10 * TAO)
    return world


def test_withdraw_moves_funds_of_the_own_address(funded: World, dispatch: Dispatch, events: Events) -> None:
    dispatch(ALICE, calls.withdraw.call(SOURCE, 3 * TAO))
    assert events()[-1] == Transfer(account_of(SOURCE), ALICE, 3 * TAO)
    assert funded.rao(SOURCE) == 7 * TAO


def test_withdraw_takes_no_funds_of_others(funded: World, refused: RefusedCall) -> None:
    refused(BOB, calls.withdraw.call(SOURCE, 1), BadOrigin())
    refused(ROOT_ORIGIN, calls.withdraw.call(SOURCE, 1), BadOrigin())
    refused(ALICE, calls.withdraw.call(SOURCE, 11 * TAO), TokenError.FundsUnavailable)


def test_a_call_pays_for_its_gas_and_not_for_its_extrinsic(funded: World, dispatch: Dispatch, events: Events) -> None:
    funded.ctx.block.author = BOB
    post = dispatch(ALICE, evm_call(value=TAO * 10**9))
    payer, fee = account_of(SOURCE), 21_000 * 20
    assert post == PostInfo(weight_of_gas(21_000), Pays.No)
    withdrawn, *moved, refund, earned, executed = events()
    assert withdrawn == Withdraw(payer, GAS * 20)
    assert Transfer(payer, account_of(OTHER), TAO) in moved
    assert (refund, earned) == (Deposit(payer, GAS * 20 - fee), Deposit(BOB, fee))
    assert executed == Executed(OTHER)
    assert funded.rao(SOURCE) == 9 * TAO - fee


def test_without_an_author_the_fee_is_burnt(funded: World, dispatch: Dispatch) -> None:
    """The invariants, which are checked around each call, count the issuance."""
    dispatch(ALICE, evm_call())
    assert funded.rao(SOURCE) == 10 * TAO - 21_000 * 20


def test_a_failed_execution_is_no_failed_call(funded: World, dispatch: Dispatch, events: Events) -> None:
    funded.place(REVERT, OTHER)
    dispatch(ALICE, evm_call())
    assert events()[-1] == ExecutedFailed(OTHER)


@pytest.mark.parametrize(
    ("parts", "error", "reads"),
    [
        ({"gas_limit": 20_999}, Error.GasLimitTooLow, 3),
        ({"gas_limit": 75_000_001}, Error.GasLimitTooHigh, 3),
        ({"max_fee_per_gas": OFFER - 1}, Error.GasPriceTooLow, 3),
        ({"max_priority_fee_per_gas": OFFER + 1}, Error.GasPriceTooLow, 3),
        ({"nonce": 1}, Error.InvalidNonce, 3),
        ({"value": 10**30}, Error.BalanceLow, 3),
        ({"max_fee_per_gas": 2**255}, Error.BalanceLow, 3),
    ],
)
def test_a_call_that_cannot_begin_pays_for_what_was_read(
    funded: World, refused: RefusedCall, parts: dict[str, Any], error: Error, reads: int
) -> None:
    assert refused(ALICE, evm_call(**parts), error).post == PostInfo(Weight(reads * 25_000_000), Pays.Yes)


def test_a_call_is_only_for_the_own_address(funded: World, refused: RefusedCall) -> None:
    refused(BOB, evm_call(), BadOrigin())
    refused(ROOT_ORIGIN, evm_call(), BadOrigin())


def test_an_address_with_code_sends_no_transactions(funded: World, refused: RefusedCall) -> None:
    funded.place(op(0), SOURCE)
    failure = refused(ALICE, evm_call(), Error.TransactionMustComeFromEOA)
    assert failure.post == PostInfo(Weight(25_000_000), Pays.Yes)


def test_contracts_are_created_by_listed_addresses(
    funded: World, dispatch: Dispatch, refused: RefusedCall, events: Events
) -> None:
    init = deploy(op(0))
    assert refused(ALICE, create(init), Error.NotAllowed).post == PostInfo(Weight(), Pays.Yes)
    dispatch(ROOT_ORIGIN, calls.set_whitelist.call([SOURCE]))
    assert WhitelistedCreators.get(funded.ctx) == [SOURCE]
    dispatch(ALICE, create(init))
    created = events()[-1]
    assert isinstance(created, Created)
    assert AccountCodes.get(funded.ctx, created.address) == op(0)


def test_create2_makes_an_address_from_salt_and_code(funded: World, dispatch: Dispatch, events: Events) -> None:
    dispatch(ROOT_ORIGIN, calls.disable_whitelist.call(True))
    assert DisableWhitelistCheck.get(funded.ctx)
    init, salt = deploy(op(0)), b"\x11" * 32
    dispatch(ALICE, create(init, salt))
    address = created_address2(SOURCE, salt, keccak_256(init))
    assert events()[-1] == Created(address)
    dispatch(ALICE, create(init, salt))
    assert events()[-1] == CreatedFailed(address)


@pytest.mark.parametrize("call", [calls.set_whitelist.call([]), calls.disable_whitelist.call(True)])
def test_only_root_changes_who_may_create(ctx: Context, refused: RefusedCall, call: Any) -> None:
    refused(ALICE, call, BadOrigin())


def test_the_declared_weight_is_that_of_the_gas_limit(ctx: Context) -> None:
    guards = ctx.runtime.info(calls.withdraw.call(SOURCE, 1)).call_weight - Weight(1_696_000)
    assert ctx.runtime.info(evm_call(gas_limit=50_000)).call_weight == weight_of_gas(50_000) + guards


def test_a_source_in_the_middle_of_an_account_is_not_its_own(funded: World) -> None:
    with pytest.raises(DispatchFailed):
        funded.ctx.runtime.dispatch(funded.ctx, evm_call(source=ALICE[1:21]))
