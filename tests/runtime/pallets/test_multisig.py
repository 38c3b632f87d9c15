"""Multisig: approvals, timepoints, deposits and weights."""

from __future__ import annotations

from typing import Any

import pytest
from pysubtensor.runtime.composition import spec_425
from pysubtensor.runtime.crypto import blake2_256, multisig_account
from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import BadOrigin, TokenError, as_dispatch_error
from pysubtensor.runtime.frame.events import ApplyExtrinsic
from pysubtensor.runtime.frame.extrinsic import Id
from pysubtensor.runtime.frame.origin import NONE, ROOT_ORIGIN
from pysubtensor.runtime.frame.weight import DispatchClass, Pays, PostInfo, Weight, weight_of
from pysubtensor.runtime.pallets import system
from pysubtensor.runtime.pallets.balances.accounts import account_data
from pysubtensor.runtime.pallets.balances.calls import transfer_keep_alive
from pysubtensor.runtime.pallets.balances.declared import Error as BalancesError
from pysubtensor.runtime.pallets.balances.declared import Reserved, Transfer, Unreserved
from pysubtensor.runtime.pallets.multisig import (
    DepositBase,
    DepositPoked,
    Error,
    MultisigApproval,
    MultisigCancelled,
    MultisigExecuted,
    Multisigs,
    NewMultisig,
    Timepoint,
    approve_as_multi,
    as_multi,
    as_multi_threshold_1,
    cancel_as_multi,
    poke_deposit,
)
from pysubtensor.runtime.pallets.utility import batch
from pysubtensor.runtime.scale import Err, Ok

from tests.costs import own_info, weight
from tests.world import ALICE, BOB, CHARLIE, DAVE, FUNDS, Dispatch, Events, RefusedCall

#: Block 1, extrinsic 1: the position of the tests.
NOW = Timepoint(1, 1)
ENOUGH = Weight(10**9, 10**6)
PAY = transfer_keep_alive.call(Id(DAVE), 6_000)
HASH = blake2_256(PAY.encode())
#: 132,000,000 rao and 32,000,000 for each approval that is needed.
DEPOSIT_2, DEPOSIT_3 = 196_000_000, 228_000_000


def others(who: bytes) -> list[bytes]:
    """Return the other two of Alice, Bob and Charlie, in order."""
    return sorted({ALICE, BOB, CHARLIE} - {who})


def shared(threshold: int) -> bytes:
    return multisig_account([ALICE, BOB, CHARLIE], threshold)


def approve(who: bytes, threshold: int, when: Timepoint | None, call_hash: bytes = HASH) -> Call:
    return approve_as_multi.call(threshold, others(who), when, call_hash, ENOUGH)


def finish(who: bytes, threshold: int, when: Timepoint | None, call: Call = PAY, limit: Weight = ENOUGH) -> Call:
    return as_multi.call(threshold, others(who), when, call, limit)


@pytest.fixture
def funded(dispatch: Dispatch, events: Events) -> None:
    """The accounts of the three, for any threshold, own 1 TAO each."""
    for threshold in (1, 2, 3):
        dispatch(DAVE, transfer_keep_alive.call(Id(shared(threshold)), 10**9))
    events()


@pytest.mark.usefixtures("funded")
def test_two_of_three_act_together(ctx: Context, dispatch: Dispatch, events: Events) -> None:
    dispatch(ALICE, approve(ALICE, 2, None))
    assert events() == [Reserved(ALICE, DEPOSIT_2), NewMultisig(ALICE, shared(2), HASH)]
    assert account_data(ctx, ALICE).reserved == DEPOSIT_2
    dispatch(BOB, finish(BOB, 2, NOW))
    assert events() == [
        Unreserved(ALICE, DEPOSIT_2),
        Transfer(shared(2), DAVE, 6_000),
        MultisigExecuted(BOB, NOW, shared(2), HASH, Ok(None)),
    ]
    assert account_data(ctx, ALICE).free == FUNDS
    assert Multisigs.get(ctx, shared(2), HASH) is None


@pytest.mark.usefixtures("funded")
def test_three_of_three_need_all_approvals(ctx: Context, dispatch: Dispatch, events: Events) -> None:
    dispatch(CHARLIE, finish(CHARLIE, 3, None))
    dispatch(ALICE, approve(ALICE, 3, NOW))
    assert events() == [
        Reserved(CHARLIE, DEPOSIT_3),
        NewMultisig(CHARLIE, shared(3), HASH),
        MultisigApproval(ALICE, NOW, shared(3), HASH),
    ]
    operation = Multisigs.get(ctx, shared(3), HASH)
    assert operation is not None
    assert operation.approvals == sorted([ALICE, CHARLIE])
    assert (operation.when, operation.deposit, operation.depositor) == (NOW, DEPOSIT_3, CHARLIE)
    dispatch(BOB, finish(BOB, 3, NOW))
    assert events()[-1] == MultisigExecuted(BOB, NOW, shared(3), HASH, Ok(None))
    assert account_data(ctx, shared(3)).free == 10**9 - 6_000


@pytest.mark.usefixtures("funded")
def test_the_call_may_fail_without_failing_the_approval(dispatch: Dispatch, events: Events) -> None:
    broke = transfer_keep_alive.call(Id(DAVE), FUNDS)
    dispatch(ALICE, finish(ALICE, 2, None, broke))
    dispatch(BOB, finish(BOB, 2, NOW, broke))
    error = as_dispatch_error(TokenError.FundsUnavailable)
    assert events()[-1] == MultisigExecuted(BOB, NOW, shared(2), blake2_256(broke.encode()), Err(error))


@pytest.mark.usefixtures("funded")
def test_an_executed_call_can_be_proposed_again(ctx: Context, dispatch: Dispatch) -> None:
    for _ in range(2):
        dispatch(ALICE, finish(ALICE, 2, None))
        dispatch(BOB, finish(BOB, 2, NOW))
    assert account_data(ctx, DAVE).free == FUNDS - 3 * 10**9 + 12_000


@pytest.mark.usefixtures("funded")
def test_approvals_by_hash_wait_for_the_call(dispatch: Dispatch, refused: RefusedCall, events: Events) -> None:
    dispatch(ALICE, approve(ALICE, 2, None))
    dispatch(BOB, approve(BOB, 2, NOW))
    refused(CHARLIE, approve(CHARLIE, 2, NOW), Error.AlreadyApproved)
    # With all approvals any signatory may execute the call, also one who approved before.
    dispatch(ALICE, finish(ALICE, 2, NOW))
    assert events()[-1] == MultisigExecuted(ALICE, NOW, shared(2), HASH, Ok(None))


def test_a_signatory_approves_once(dispatch: Dispatch, refused: RefusedCall) -> None:
    dispatch(ALICE, approve(ALICE, 3, None))
    refused(ALICE, approve(ALICE, 3, NOW), Error.AlreadyApproved)
    refused(ALICE, finish(ALICE, 3, NOW), Error.AlreadyApproved)


def test_timepoints_distinguish_operations(ctx: Context, dispatch: Dispatch, refused: RefusedCall) -> None:
    refused(ALICE, approve(ALICE, 2, NOW), Error.UnexpectedTimepoint)
    refused(ALICE, finish(ALICE, 2, NOW), Error.UnexpectedTimepoint)
    ctx.block.phase = ApplyExtrinsic(7)
    dispatch(ALICE, approve(ALICE, 2, None))
    for make in (approve, finish):
        refused(BOB, make(BOB, 2, None), Error.NoTimepoint)
        refused(BOB, make(BOB, 2, Timepoint(1, 1)), Error.WrongTimepoint)
        refused(BOB, make(BOB, 2, Timepoint(2, 7)), Error.WrongTimepoint)
    dispatch(BOB, approve(BOB, 2, Timepoint(1, 7)))


def test_signatories_are_two_or_more_in_order_without_the_sender(refused: RefusedCall) -> None:
    low, high = others(ALICE)
    crowd = [bytes((i,)) * 32 for i in range(100)]
    for others_, error in (
        ([], Error.TooFewSignatories),
        (crowd, Error.TooManySignatories),
        ([high, low], Error.SignatoriesOutOfOrder),
        ([low, low], Error.SignatoriesOutOfOrder),
        (sorted([low, ALICE]), Error.SenderInSignatories),
    ):
        refused(ALICE, as_multi_threshold_1.call(others_, PAY), error)
        refused(ALICE, as_multi.call(2, others_, None, PAY, ENOUGH), error)
        refused(ALICE, approve_as_multi.call(2, others_, None, HASH, ENOUGH), error)
        refused(ALICE, cancel_as_multi.call(2, others_, NOW, HASH), error)
        refused(ALICE, poke_deposit.call(2, others_, HASH), error)


@pytest.mark.parametrize("threshold", [0, 1])
def test_operations_need_a_threshold_of_two(refused: RefusedCall, threshold: int) -> None:
    refused(ALICE, finish(ALICE, threshold, None), Error.MinimumThreshold)
    refused(ALICE, approve(ALICE, threshold, None), Error.MinimumThreshold)
    refused(ALICE, cancel_as_multi.call(threshold, others(ALICE), NOW, HASH), Error.MinimumThreshold)
    refused(ALICE, poke_deposit.call(threshold, others(ALICE), HASH), Error.MinimumThreshold)


@pytest.mark.parametrize("origin", [NONE, ROOT_ORIGIN])
def test_multisig_calls_must_be_signed(refused: RefusedCall, origin: Any) -> None:
    for call in (
        as_multi_threshold_1.call(others(ALICE), PAY),
        finish(ALICE, 2, None),
        approve(ALICE, 2, None),
        cancel_as_multi.call(2, others(ALICE), NOW, HASH),
        poke_deposit.call(2, others(ALICE), HASH),
    ):
        refused(origin, call, BadOrigin())


def test_the_deposit_must_be_available(dispatch: Dispatch, refused: RefusedCall) -> None:
    dispatch(ALICE, transfer_keep_alive.call(Id(DAVE), FUNDS - DEPOSIT_2 + 1))
    refused(ALICE, approve(ALICE, 2, None), BalancesError.InsufficientBalance)


def test_a_call_above_the_maximum_weight_is_not_executed(dispatch: Dispatch, refused: RefusedCall) -> None:
    dispatch(ALICE, approve(ALICE, 2, None))
    need = weight(PAY)
    refused(BOB, finish(BOB, 2, NOW, limit=need - Weight(1)), Error.MaxWeightTooLow)
    refused(BOB, finish(BOB, 2, NOW, limit=need - Weight(0, 1)), Error.MaxWeightTooLow)
    dispatch(BOB, finish(BOB, 2, NOW, limit=need))


# --- cancelling, poking --------------------------------------------------------------------------------------


def test_the_depositor_may_cancel_an_operation(
    ctx: Context, dispatch: Dispatch, refused: RefusedCall, events: Events
) -> None:
    cancel = cancel_as_multi.call(3, others(ALICE), NOW, HASH)
    refused(ALICE, cancel, Error.NotFound)
    dispatch(ALICE, approve(ALICE, 3, None))
    dispatch(BOB, approve(BOB, 3, NOW))
    events()
    refused(BOB, cancel_as_multi.call(3, others(BOB), NOW, HASH), Error.NotOwner)
    refused(ALICE, cancel_as_multi.call(3, others(ALICE), Timepoint(1, 2), HASH), Error.WrongTimepoint)
    dispatch(ALICE, cancel)
    assert events() == [Unreserved(ALICE, DEPOSIT_3), MultisigCancelled(ALICE, NOW, shared(3), HASH)]
    assert account_data(ctx, ALICE).free == FUNDS
    refused(ALICE, cancel, Error.NotFound)


@pytest.mark.parametrize(("base", "event"), [(150_000_000, Reserved), (100_000_000, Unreserved)])
def test_poking_settles_the_deposit_free_of_charge(
    ctx: Context, dispatch: Dispatch, refused: RefusedCall, events: Events, base: int, event: Any
) -> None:
    poke = poke_deposit.call(2, others(ALICE), HASH)
    refused(ALICE, poke, Error.NotFound)
    dispatch(ALICE, approve(ALICE, 2, None))
    assert dispatch(ALICE, poke) == PostInfo(None, Pays.Yes)
    events()
    refused(BOB, poke_deposit.call(2, others(BOB), HASH), Error.NotOwner)
    ctx.runtime = spec_425({DepositBase.id: base})
    assert dispatch(ALICE, poke) == PostInfo(None, Pays.No)
    new = base + 2 * 32_000_000
    assert events() == [event(ALICE, abs(new - DEPOSIT_2)), DepositPoked(ALICE, HASH, DEPOSIT_2, new)]
    assert account_data(ctx, ALICE).reserved == new
    dispatch(ALICE, cancel_as_multi.call(2, others(ALICE), NOW, HASH))
    assert account_data(ctx, ALICE).free == FUNDS


# --- one is enough -------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("funded")
def test_one_of_three_acts_at_once(ctx: Context, dispatch: Dispatch, events: Events) -> None:
    call = as_multi_threshold_1.call(others(ALICE), PAY)
    assert dispatch(ALICE, call) == PostInfo()
    assert events() == [
        Transfer(shared(1), DAVE, 6_000),
        MultisigExecuted(ALICE, NOW, shared(1), HASH, Ok(None)),
    ]


def test_one_of_three_fails_with_its_call(refused: RefusedCall) -> None:
    failing = batch.call([PAY] * 2)
    refused(ALICE, as_multi_threshold_1.call(others(ALICE), PAY), TokenError.FundsUnavailable)
    nested = as_multi_threshold_1.call(others(ALICE), batch.call([failing]))
    refused(ALICE, nested, system.Error.CallFiltered)


# --- weights -------------------------------------------------------------------------------------------------


def test_approvals_are_declared_at_their_largest_weight_and_corrected(dispatch: Dispatch) -> None:
    length, limit = len(PAY.encode()), Weight(10**9, 10**6)
    call = finish(ALICE, 2, None, limit=limit)
    assert own_info(call).call_weight == limit + weight_of(34_745_418 + 2 * 193_313 + 2_057 * length, 6811, 4, 2)
    assert dispatch(ALICE, call) == PostInfo(
        weight_of(29_976_762 + 2 * 144_320 + 1_819 * length, 6811, reads=1, writes=1)
    )
    by_hash = approve(BOB, 2, NOW)
    assert own_info(by_hash).call_weight == ENOUGH + weight_of(27_463_275 + 2 * 139_226, 6811, 1, 1)
    # The chain charges approvals by hash like approvals with a call of no length.
    assert dispatch(BOB, by_hash) == PostInfo(weight_of(14_821_348 + 2 * 127_874, 6811, 1, 1))
    # A transfer does not report an actual weight, so the last approval has the declared one.
    assert dispatch(ALICE, finish(ALICE, 2, NOW)) == PostInfo()


def test_the_last_approval_reports_the_actual_weight_of_the_call(dispatch: Dispatch) -> None:
    call = batch.call([system.remark.call(b"")])
    length = len(call.encode())
    dispatch(ALICE, finish(ALICE, 2, None, call))
    complete = weight_of(34_745_418 + 2 * 193_313 + 2_057 * length, 6811, reads=4, writes=2)
    assert dispatch(BOB, finish(BOB, 2, NOW, call)) == PostInfo(complete + own_info(call).call_weight)


def test_weights_of_the_other_calls(dispatch: Dispatch) -> None:
    inner, length = weight(PAY), len(PAY.encode())
    one = own_info(as_multi_threshold_1.call(others(ALICE), PAY))
    assert one.call_weight == weight_of(20_470_382 + 397 * length, 3997, reads=3, writes=1) + inner
    operational = own_info(as_multi_threshold_1.call(others(ALICE), system.set_heap_pages.call(1)))
    assert operational.class_ is DispatchClass.Operational
    cancel = own_info(cancel_as_multi.call(2, others(ALICE), NOW, HASH))
    assert cancel.call_weight == weight_of(28_623_566 + 2 * 135_351, 6811, 1, 1)
    poke = own_info(poke_deposit.call(2, others(ALICE), HASH))
    assert poke.call_weight == weight_of(27_349_525 + 2 * 121_813, 6811, 1, 1)
    nested = batch.call([])
    post = dispatch(ALICE, as_multi_threshold_1.call(others(ALICE), nested))
    assert post == PostInfo(
        weight_of(20_470_382 + 397 * len(nested.encode()), 3997, reads=2) + own_info(nested).call_weight
    )
