"""Utility: batches, pseudonyms, other origins, fallbacks; their events, weights, filters and refusals."""

from __future__ import annotations

from typing import Any

import pytest
from pysubtensor.runtime.crypto import blake2_256
from pysubtensor.runtime.frame.call import RUNTIME_CALL, Call
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import BadOrigin, TokenError, as_dispatch_error
from pysubtensor.runtime.frame.extrinsic import Id
from pysubtensor.runtime.frame.origin import NONE, ROOT_ORIGIN, signed
from pysubtensor.runtime.frame.origin_caller import Authorized, NoSigner, Root, Signed, to_origin, to_origin_caller
from pysubtensor.runtime.frame.runtime_types import OriginCaller
from pysubtensor.runtime.frame.weight import DispatchClass, Pays, PostInfo, Weight, weight_of
from pysubtensor.runtime.pallets import multisig, sudo, system, utility
from pysubtensor.runtime.pallets.balances.accounts import account_data
from pysubtensor.runtime.pallets.balances.calls import force_set_balance, transfer_keep_alive
from pysubtensor.runtime.pallets.balances.declared import Transfer
from pysubtensor.runtime.pallets.ethereum.declared import EthereumTransaction
from pysubtensor.runtime.pallets.timestamp import set_ as set_time
from pysubtensor.runtime.pallets.utility import (
    BatchCompleted,
    BatchCompletedWithErrors,
    BatchInterrupted,
    DispatchedAs,
    IfElseFallbackCalled,
    IfElseMainSuccess,
    ItemCompleted,
    ItemFailed,
    as_derivative,
    batch,
    batch_all,
    dispatch_as,
    dispatch_as_fallible,
    force_batch,
    if_else,
    with_weight,
)
from pysubtensor.runtime.scale import Err, Ok, ScaleError, codec_of

from tests.costs import GUARD, RUNTIME, own_info, weight
from tests.world import ALICE, BOB, CHARLIE, FUNDS, Dispatch, Events, RefusedCall

#: A transfer above the balance, its error, and a call that only root may make.
TOO_MUCH = transfer_keep_alive.call(Id(BOB), 2 * FUNDS)
NO_FUNDS = as_dispatch_error(TokenError.FundsUnavailable)
ROOT_ONLY = system.set_storage.call([(b"key", b"value")])
CALL_FILTERED = system.Error.CallFiltered.as_dispatch_error()


def pay(amount: int) -> Call:
    return transfer_keep_alive.call(Id(BOB), amount)


def refunding() -> Call:
    """Return a call with the declared weight of a multisig's last approval that is in fact the first one."""
    return multisig.as_multi.call(2, [CHARLIE], None, system.remark.call(b""), Weight(10**9))


def free(ctx: Context, who: bytes) -> int:
    return account_data(ctx, who).free


# --- batch ---------------------------------------------------------------------------------------------------


def test_a_batch_runs_its_calls_in_order(ctx: Context, dispatch: Dispatch, events: Events) -> None:
    dispatch(ALICE, batch.call([pay(5), pay(7)]))
    assert events() == [
        Transfer(ALICE, BOB, 5),
        ItemCompleted(),
        Transfer(ALICE, BOB, 7),
        ItemCompleted(),
        BatchCompleted(),
    ]
    assert free(ctx, BOB) == FUNDS + 12


def test_a_batch_stops_at_the_first_failure_and_keeps_earlier_calls(
    ctx: Context, dispatch: Dispatch, events: Events
) -> None:
    post = dispatch(ALICE, batch.call([pay(5), TOO_MUCH, pay(7)]))
    assert events() == [Transfer(ALICE, BOB, 5), ItemCompleted(), BatchInterrupted(1, NO_FUNDS)]
    assert free(ctx, BOB) == FUNDS + 5
    # Two calls of three ran: the base of two, and two transfers.
    transfers = weight(pay(0)) * 2
    assert post == PostInfo(Weight(19_446_696 + 2 * 5_450_264 + 2 * 25_000_000, 3983) + transfers)


def test_a_batch_declares_its_calls_and_its_own_weight() -> None:
    info = own_info(batch.call([pay(1), pay(2), pay(3)]))
    assert info.call_weight == Weight(19_446_696 + 3 * 5_450_264 + 50_000_000, 3983) + weight(pay(1)) * 3
    assert own_info(batch_all.call([])).call_weight == Weight(13_428_230 + 50_000_000, 3983)
    assert own_info(force_batch.call([])).call_weight == Weight(12_134_867 + 50_000_000, 3983)


def test_a_batch_reports_the_actual_weight_of_its_calls(dispatch: Dispatch) -> None:
    call = batch.call([refunding(), pay(1)])
    post = dispatch(ALICE, call)
    length = len(system.remark.call(b"").encode())
    declared = 34_745_418 + 193_313 + 2_057 * length + 4 * 25_000_000 + 2 * 100_000_000 + 10**9
    used = 29_976_762 + 144_320 + 1_819 * length + 25_000_000 + 100_000_000 - GUARD.ref_time  # guards count once more
    assert own_info(call).call_weight - post.actual_weight == Weight(declared - used, GUARD.proof_size)


def test_a_batch_of_operational_calls_is_normal() -> None:
    for make in (batch, batch_all, force_batch):
        assert own_info(make.call([ROOT_ONLY])).class_ is DispatchClass.Normal
    assert own_info(ROOT_ONLY).class_ is DispatchClass.Operational


def test_a_batch_without_paying_calls_is_free() -> None:
    assert own_info(batch.call([])).pays_fee is Pays.No
    assert own_info(batch.call([pay(1)])).pays_fee is Pays.Yes


def test_signed_batches_keep_their_origin(dispatch: Dispatch, events: Events) -> None:
    dispatch(ALICE, batch.call([ROOT_ONLY]))
    assert events() == [BatchInterrupted(0, BadOrigin())]


def test_inherents_do_not_work_in_a_batch(dispatch: Dispatch, events: Events) -> None:
    dispatch(ROOT_ORIGIN, force_batch.call([set_time.call(12_000)]))
    assert events() == [ItemFailed(BadOrigin()), BatchCompletedWithErrors()]


def test_root_batches_run_as_root_past_all_filters(ctx: Context, dispatch: Dispatch, events: Events) -> None:
    dispatch(ROOT_ORIGIN, batch.call([batch_all.call([batch_all.call([ROOT_ONLY])])]))
    assert events() == [
        ItemCompleted(),
        BatchCompleted(),
        ItemCompleted(),
        BatchCompleted(),
        ItemCompleted(),
        BatchCompleted(),
    ]
    assert ctx.state.get(b"key") == b"value"


@pytest.mark.parametrize("outer", [batch, batch_all, force_batch])
@pytest.mark.parametrize("inner", [batch, batch_all, force_batch])
def test_a_batch_directly_in_a_batch_is_filtered(refused: RefusedCall, outer: Any, inner: Any) -> None:
    refused(ALICE, outer.call([pay(1), inner.call([])]), system.Error.CallFiltered)


def test_a_batch_nested_in_another_call_is_not_filtered(ctx: Context, dispatch: Dispatch) -> None:
    pseudonym = utility.derivative_account(ALICE, 0)
    dispatch(ALICE, pay_to(pseudonym, 1_000_000))
    dispatch(ALICE, batch.call([as_derivative.call(0, batch.call([pay(7)]))]))
    assert free(ctx, BOB) == FUNDS + 7


def pay_to(dest: bytes, amount: int) -> Call:
    return transfer_keep_alive.call(Id(dest), amount)


@pytest.mark.parametrize("make", [batch, batch_all, force_batch])
def test_a_batch_has_a_limit(dispatch: Dispatch, refused: RefusedCall, make: Any) -> None:
    nothing = system.remark.call(b"")
    refused(ALICE, make.call([nothing] * 10_923), utility.Error.TooManyCalls)
    assert dispatch(ALICE, make.call([])).actual_weight is not None


@pytest.mark.parametrize(
    "call", [batch.call([]), batch_all.call([]), force_batch.call([]), if_else.call(pay(1), pay(1))], ids=str
)
def test_unsigned_batches_are_refused(refused: RefusedCall, call: Call) -> None:
    refused(NONE, call, BadOrigin())


# --- batch_all, force_batch ----------------------------------------------------------------------------------


def test_batch_all_reverts_all_calls_on_a_failure(dispatch: Dispatch, refused: RefusedCall, events: Events) -> None:
    failure = refused(ALICE, batch_all.call([pay(5), TOO_MUCH, pay(7)]), TokenError.FundsUnavailable)
    used = Weight(13_428_230 + 2 * 5_663_250 + 50_000_000, 3983) + weight(pay(0)) * 2
    assert failure.post == PostInfo(used)
    dispatch(ALICE, batch_all.call([pay(5)]))
    assert events() == [Transfer(ALICE, BOB, 5), ItemCompleted(), BatchCompleted()]


def test_batch_all_cannot_be_nested_at_any_depth(refused: RefusedCall) -> None:
    disguised = if_else.call(batch_all.call([pay(1)]), batch_all.call([pay(2)]))
    refused(ALICE, batch_all.call([disguised]), system.Error.CallFiltered)


def test_force_batch_continues_after_failures(ctx: Context, dispatch: Dispatch, events: Events) -> None:
    post = dispatch(ALICE, force_batch.call([pay(5), TOO_MUCH, pay(7)]))
    assert events() == [
        Transfer(ALICE, BOB, 5),
        ItemCompleted(),
        ItemFailed(NO_FUNDS),
        Transfer(ALICE, BOB, 7),
        ItemCompleted(),
        BatchCompletedWithErrors(),
    ]
    assert post.actual_weight == own_info(force_batch.call([pay(5), TOO_MUCH, pay(7)])).call_weight
    dispatch(ALICE, force_batch.call([]))
    assert events() == [BatchCompleted()]


# --- as_derivative -------------------------------------------------------------------------------------------


def test_a_pseudonym_is_an_account_of_its_own(ctx: Context, dispatch: Dispatch, refused: RefusedCall) -> None:
    # b"modlpy/utilisuba", the account, the index in two bytes.
    pseudonym = blake2_256(b"modlpy/utilisuba" + ALICE + b"\x07\x00")
    call = as_derivative.call(7, pay(40_000))
    refused(ALICE, call, TokenError.FundsUnavailable)
    dispatch(ALICE, pay_to(pseudonym, 100_000))
    post = dispatch(ALICE, call)
    assert free(ctx, pseudonym) == 60_000
    assert free(ctx, BOB) == FUNDS + 40_000
    assert post.actual_weight == own_info(call).call_weight
    assert post.actual_weight == weight_of(15_378_000, 3983, reads=3, writes=1) + weight(pay(0))


def test_a_failing_pseudonym_reports_its_actual_weight(refused: RefusedCall) -> None:
    inner = as_derivative.call(0, as_derivative.call(1, batch_all.call([TOO_MUCH, pay(1)])))
    failure = refused(ALICE, inner, TokenError.FundsUnavailable)
    # The last call of the batch did not run, and the two calls inside report their weight without their guards.
    wasted = Weight(5_663_250) + weight(pay(1)) + GUARD * 2
    assert own_info(inner).call_weight - failure.post.actual_weight == wasted


def test_a_pseudonym_stays_under_the_filters_of_its_owner(refused: RefusedCall) -> None:
    origin = signed(ALICE).restricted(lambda call: call.function is as_derivative)
    refused(origin, as_derivative.call(0, system.remark.call(b"")), system.Error.CallFiltered)


@pytest.mark.parametrize("origin", [NONE, ROOT_ORIGIN])
def test_only_accounts_have_pseudonyms(refused: RefusedCall, origin: Any) -> None:
    refused(origin, as_derivative.call(0, system.remark.call(b"")), BadOrigin())


# --- dispatch_as, dispatch_as_fallible, with_weight ----------------------------------------------------------


def test_root_dispatches_as_any_account(ctx: Context, dispatch: Dispatch, events: Events) -> None:
    dispatch(ROOT_ORIGIN, dispatch_as.call(Signed(ALICE), pay(5)))
    assert events() == [Transfer(ALICE, BOB, 5), DispatchedAs(Ok(None))]
    dispatch(ROOT_ORIGIN, dispatch_as.call(Signed(ALICE), TOO_MUCH))
    assert events() == [DispatchedAs(Err(NO_FUNDS))]
    dispatch(ROOT_ORIGIN, dispatch_as.call(Root(), ROOT_ONLY))
    assert ctx.state.get(b"key") == b"value"


def test_special_origins_are_neither_signed_nor_root_nor_none(dispatch: Dispatch, events: Events) -> None:
    for caller in (Authorized(), EthereumTransaction(bytes(20))):
        for call in (pay(1), ROOT_ONLY, set_time.call(12_000)):
            dispatch(ROOT_ORIGIN, dispatch_as.call(caller, call))
            assert events() == [DispatchedAs(Err(BadOrigin()))]


def test_dispatch_as_passes_the_filter_but_its_inner_calls_do_not(dispatch: Dispatch, events: Events) -> None:
    nested = batch.call([batch.call([])])
    dispatch(ROOT_ORIGIN, dispatch_as.call(Signed(ALICE), nested))
    assert events() == [BatchCompleted(), ItemCompleted(), BatchCompleted(), DispatchedAs(Ok(None))]
    dispatch(ROOT_ORIGIN, dispatch_as.call(Signed(ALICE), batch.call([nested])))
    assert events() == [BatchInterrupted(0, CALL_FILTERED), DispatchedAs(Ok(None))]


def test_dispatch_as_fallible_fails_with_its_call(dispatch: Dispatch, refused: RefusedCall, events: Events) -> None:
    dispatch(ROOT_ORIGIN, dispatch_as_fallible.call(Signed(ALICE), pay(5)))
    assert events() == [Transfer(ALICE, BOB, 5), DispatchedAs(Ok(None))]
    failing = batch_all.call([pay(5), TOO_MUCH])
    failure = refused(ROOT_ORIGIN, dispatch_as_fallible.call(Signed(ALICE), failing), TokenError.FundsUnavailable)
    assert failure.post is None


def test_with_weight_has_the_weight_set_by_root(ctx: Context, dispatch: Dispatch, refused: RefusedCall) -> None:
    call = with_weight.call(ROOT_ONLY, Weight(123, 456))
    assert own_info(call).call_weight == Weight(123, 456)
    assert own_info(call).class_ is DispatchClass.Normal
    assert dispatch(ROOT_ORIGIN, call) == PostInfo()
    assert ctx.state.get(b"key") == b"value"
    refused(ROOT_ORIGIN, with_weight.call(pay(1), Weight(1)), BadOrigin())


@pytest.mark.parametrize(
    "call",
    [
        dispatch_as.call(Root(), ROOT_ONLY),
        dispatch_as_fallible.call(Root(), ROOT_ONLY),
        with_weight.call(ROOT_ONLY, Weight()),
    ],
    ids=str,
)
def test_only_root_chooses_its_origin(refused: RefusedCall, call: Call) -> None:
    refused(ALICE, call, BadOrigin())
    refused(NONE, call, BadOrigin())


def test_origins_have_the_wire_form_of_the_chain() -> None:
    codec = codec_of(OriginCaller)
    forms = {
        b"\x00\x00": Root(),
        b"\x00\x01" + ALICE: Signed(ALICE),
        b"\x00\x02": NoSigner(),
        b"\x00\x03": Authorized(),
        b"\x15\x00" + bytes(20): EthereumTransaction(bytes(20)),
    }
    for raw, caller in forms.items():
        assert codec.encode(caller) == raw
        assert codec.decode(raw, RUNTIME) == caller
        assert to_origin_caller(to_origin(caller)) == caller


# --- if_else -------------------------------------------------------------------------------------------------


def test_the_fallback_is_not_needed_when_the_main_call_succeeds(dispatch: Dispatch, events: Events) -> None:
    post = dispatch(ALICE, if_else.call(pay(5), pay(7)))
    assert events() == [Transfer(ALICE, BOB, 5), IfElseMainSuccess()]
    assert post.actual_weight == Weight(21_831_000 + 50_000_000, 3983) + weight(pay(5))


def test_the_fallback_runs_when_the_main_call_fails(dispatch: Dispatch, events: Events) -> None:
    call = if_else.call(TOO_MUCH, pay(7))
    post = dispatch(ALICE, call)
    assert events() == [Transfer(ALICE, BOB, 7), IfElseFallbackCalled(NO_FUNDS)]
    assert post.actual_weight == own_info(call).call_weight
    assert own_info(call).call_weight == Weight(21_831_000 + 50_000_000, 3983) + weight(pay(5)) * 2


def test_if_else_fails_with_the_error_of_the_fallback(refused: RefusedCall) -> None:
    call = if_else.call(TOO_MUCH, ROOT_ONLY)
    failure = refused(ALICE, call, BadOrigin())
    assert failure.post == PostInfo(own_info(call).call_weight)


def test_if_else_as_root_runs_as_root(dispatch: Dispatch, events: Events) -> None:
    dispatch(ROOT_ORIGIN, if_else.call(pay(5), force_set_balance.call(Id(BOB), 0)))
    assert events()[-1] == IfElseFallbackCalled(BadOrigin())


# --- nesting -------------------------------------------------------------------------------------------------


def test_deep_nesting_costs_as_much_as_its_depth(ctx: Context, dispatch: Dispatch) -> None:
    """255 nested calls are weighed, decoded and run within the limits of stack and time."""
    call = system.remark.call(b"deep")
    for _ in range(255):
        call = sudo.sudo.call(call)
    expected = weight(system.remark.call(b"deep")) + (Weight(32_939_000, 1517) + GUARD) * 255
    decoded = RUNTIME_CALL.decode(call.encode(), RUNTIME)
    assert weight(decoded) == expected
    dispatch(ALICE, decoded)
    # The outer call is the sudo key's own, all further ones are root's.
    assert len(ctx.block.events) == 255
    with pytest.raises(ScaleError, match="nested deeper than 256"):
        RUNTIME_CALL.decode(sudo.sudo.call(call).encode(), RUNTIME)


def test_a_nested_failure_reverts_only_its_own_call(ctx: Context, dispatch: Dispatch, events: Events) -> None:
    dispatch(ALICE, if_else.call(batch_all.call([pay(3), as_derivative.call(0, TOO_MUCH)]), pay(4)))
    assert events() == [Transfer(ALICE, BOB, 4), IfElseFallbackCalled(NO_FUNDS)]
    assert free(ctx, BOB) == FUNDS + 4
