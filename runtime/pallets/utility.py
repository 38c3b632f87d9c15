"""Utility (index 11): batches of calls, calls with another origin, a fallback for a call that fails.

The inner calls are dispatched under the filters of the caller, so that the restrictions of a proxy apply at any depth;
root passes all filters. The actual weight of a call is the sum of the actual weights of its inner calls.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..crypto.accounts import derivative_account
from ..frame.call import Call, InfoOf, RuntimeCall
from ..frame.context import Context
from ..frame.errors import BadOrigin, DispatchError, DispatchFailed, PalletError, ensure
from ..frame.nested import DispatchResult, attempt, attempt_unfiltered
from ..frame.origin import ROOT_ORIGIN, Origin, is_none
from ..frame.origin_caller import to_origin
from ..frame.pallet import Pallet
from ..frame.runtime_types import OriginCaller, PalletsOrigin
from ..frame.weight import ZERO, Pays, PostInfo, Weight, weight_of
from ..scale import Box, Ok, Sum, u16, u32


class Event(Sum):
    pass


class BatchInterrupted(Event, index=0):
    """A batch stopped at the call with this index, with this error; the calls before it stay applied."""

    index: u32
    error: DispatchError


class BatchCompleted(Event, index=1):
    """All calls of a batch succeeded."""


class BatchCompletedWithErrors(Event, index=2):
    """All calls of a batch were dispatched; some of them failed."""


class ItemCompleted(Event, index=3):
    """One call of a batch succeeded."""


class ItemFailed(Event, index=4):
    """One call of a batch failed."""

    error: DispatchError


class DispatchedAs(Event, index=5):
    """A call was dispatched with another origin, with this result."""

    result: DispatchResult


class IfElseMainSuccess(Event, index=6):
    """The main call succeeded."""


class IfElseFallbackCalled(Event, index=7):
    """The main call failed with this error; the fallback succeeded."""

    main_error: DispatchError


class Error(PalletError):
    TooManyCalls = 0, "There are too many calls in one batch."
    InvalidDerivedAccount = 1, "Invalid derived account: bad input data for its id."


pallet = Pallet("Utility", 11, crate="pallet_subtensor_utility", imported_as="pallet_utility", event=Event, error=Error)
pallet.associated_type("RuntimeCall", RuntimeCall, docs="Any call of the runtime.")
pallet.associated_type("PalletsOrigin", OriginCaller, docs="Any origin of the runtime.")

BatchedCallsLimit = pallet.constant(
    u32,
    32 * 1024 * 1024 // 3 // 1024,
    docs="The largest number of calls in a batch: a third of the Wasm allocator's largest allocation, at 1 KiB a call.",
    name="batched_calls_limit",
)

pallet.name_declared(globals())


# --- weights -------------------------------------------------------------------------------------------------


def _batch_weight(calls: int) -> Weight:
    return weight_of(19_446_696 + 5_450_264 * calls, 3983, reads=2)


def _batch_all_weight(calls: int) -> Weight:
    return weight_of(13_428_230 + 5_663_250 * calls, 3983, reads=2)


def _force_batch_weight(calls: int) -> Weight:
    return weight_of(12_134_867 + 5_477_293 * calls, 3983, reads=2)


#: The second part is for the account that the inner call acts for.
AS_DERIVATIVE = weight_of(15_378_000, 3983, reads=2) + weight_of(0, reads=1, writes=1)
IF_ELSE = weight_of(21_831_000, 3983, reads=2)


def _sum_weights(info: InfoOf, calls: list[Call]) -> Weight:
    """Return the sum of the declared weights of calls."""
    return sum((info(call).call_weight for call in calls), ZERO)


def _pays(info: InfoOf, calls: list[Call]) -> Pays:
    """Return Pays.No for a batch of calls that are all free."""
    return Pays.Yes if any(info(call).pays_fee is Pays.Yes for call in calls) else Pays.No


# --- calls ---------------------------------------------------------------------------------------------------


@pallet.call(
    0,
    weight=lambda info, calls: _sum_weights(info, calls) + _batch_weight(len(calls)),
    pays=_pays,
    holds_calls=True,
)
def batch(ctx: Context, calls: list[RuntimeCall]) -> PostInfo:
    """Dispatch calls one after the other, up to the first that fails. Any origin but none may.

    A failed call does not fail the batch: event `BatchInterrupted` has its index and error. TooManyCalls above
    `batched_calls_limit`.
    """
    _check_batch(ctx, calls)
    used = ZERO
    for index, call in enumerate(calls):
        outcome = attempt(ctx, ctx.origin, call)
        used += outcome.weight(ctx.runtime.info(call))
        if outcome.error is not None:
            ctx.deposit(BatchInterrupted(index, outcome.error))
            return PostInfo(_batch_weight(index + 1) + used)
        ctx.deposit(ItemCompleted())
    ctx.deposit(BatchCompleted())
    return PostInfo(_batch_weight(len(calls)) + used)


@pallet.call(1, weight=lambda info, index, call: AS_DERIVATIVE + info(call).call_weight, holds_calls=True)
def as_derivative(ctx: Context, index: u16, call: Box[RuntimeCall]) -> PostInfo:
    """Dispatch a call as the signer's derivative account `index`, under the filters of the signer.

    Fails with the error of the call when the call fails.
    """
    pseudonym = derivative_account(ctx.ensure_signed(), index)
    outcome = attempt(ctx, replace(ctx.origin, account=pseudonym), call)
    post = PostInfo(AS_DERIVATIVE + outcome.weight(ctx.runtime.info(call)))
    if outcome.error is not None:
        raise DispatchFailed(outcome.error, post)
    return post


@pallet.call(
    2,
    weight=lambda info, calls: _sum_weights(info, calls) + _batch_all_weight(len(calls)),
    pays=_pays,
    holds_calls=True,
)
def batch_all(ctx: Context, calls: list[RuntimeCall]) -> PostInfo:
    """Dispatch calls one after the other, all or none: the first error reverts and fails the batch.

    Any origin but none may. A `batch_all` inside it is filtered; TooManyCalls above `batched_calls_limit`.
    """
    _check_batch(ctx, calls)
    origin = ctx.origin.restricted(_is_not_batch_all)
    used = ZERO
    for index, call in enumerate(calls):
        outcome = attempt(ctx, origin, call)
        used += outcome.weight(ctx.runtime.info(call))
        if outcome.error is not None:
            raise DispatchFailed(outcome.error, PostInfo(_batch_all_weight(index + 1) + used))
        ctx.deposit(ItemCompleted())
    ctx.deposit(BatchCompleted())
    return PostInfo(_batch_all_weight(len(calls)) + used)


@pallet.call(3, weight=lambda info, as_origin, call: Weight(6_893_000) + info(call).call_weight, holds_calls=True)
def dispatch_as(ctx: Context, as_origin: Box[PalletsOrigin], call: Box[RuntimeCall]) -> None:
    """Dispatch a call with origin `as_origin`. Only root may.

    The inner call may fail without failing this one: event `DispatchedAs` has its result.
    """
    ctx.ensure_root()
    outcome = attempt_unfiltered(ctx, to_origin(as_origin), call)
    ctx.deposit(DispatchedAs(outcome.result))


@pallet.call(
    4,
    weight=lambda info, calls: _sum_weights(info, calls) + _force_batch_weight(len(calls)),
    pays=_pays,
    holds_calls=True,
)
def force_batch(ctx: Context, calls: list[RuntimeCall]) -> PostInfo:
    """Dispatch calls one after the other, including those after a call that fails. Any origin but none may.

    Events `ItemCompleted` and `ItemFailed` have the results. TooManyCalls above `batched_calls_limit`.
    """
    _check_batch(ctx, calls)
    used, failures = ZERO, 0
    for call in calls:
        outcome = attempt(ctx, ctx.origin, call)
        used += outcome.weight(ctx.runtime.info(call))
        if outcome.error is None:
            ctx.deposit(ItemCompleted())
        else:
            failures += 1
            ctx.deposit(ItemFailed(outcome.error))
    ctx.deposit(BatchCompletedWithErrors() if failures else BatchCompleted())
    return PostInfo(_force_batch_weight(len(calls)) + used)


@pallet.call(5, weight=lambda call, weight: weight)
def with_weight(ctx: Context, call: Box[RuntimeCall], weight: Weight) -> None:
    """Dispatch a call as root, counted as `weight` instead of its own weight. Only root may; fails with the call."""
    ctx.ensure_root()
    _dispatch_or_fail(ctx, ROOT_ORIGIN, call)


@pallet.call(
    6,
    weight=lambda info, main, fallback: IF_ELSE + info(main).call_weight + info(fallback).call_weight,
    holds_calls=True,
)
def if_else(ctx: Context, main: Box[RuntimeCall], fallback: Box[RuntimeCall]) -> PostInfo:
    """Dispatch `main`, and `fallback` when it fails. Any origin but none may.

    Fails with the error of `fallback` when both fail.
    """
    _refuse_none(ctx)
    first = attempt(ctx, ctx.origin, main)
    used = IF_ELSE + first.weight(ctx.runtime.info(main))
    if first.error is None:
        ctx.deposit(IfElseMainSuccess())
        return PostInfo(used)
    second = attempt(ctx, ctx.origin, fallback)
    used += second.weight(ctx.runtime.info(fallback))
    if second.error is not None:
        raise DispatchFailed(second.error, PostInfo(used))
    ctx.deposit(IfElseFallbackCalled(first.error))
    return PostInfo(used)


@pallet.call(7, weight=lambda info, as_origin, call: Weight(7_113_000) + info(call).call_weight, holds_calls=True)
def dispatch_as_fallible(ctx: Context, as_origin: Box[PalletsOrigin], call: Box[RuntimeCall]) -> None:
    """Dispatch a call with origin `as_origin`. Only root may; fails with the error of the call when the call fails."""
    ctx.ensure_root()
    _dispatch_or_fail(ctx, to_origin(as_origin), call)
    ctx.deposit(DispatchedAs(Ok(None)))


# --- rules ---------------------------------------------------------------------------------------------------

#: The calls whose one argument is a list of calls.
BATCHES = frozenset({batch, batch_all, force_batch})


def nests_batches(call: Call) -> bool:
    """Return whether a call is a batch directly in a batch, which this chain's call filter refuses to all but root."""
    return call.function in BATCHES and any(inner.function in BATCHES for inner in call.args[0])


def _is_not_batch_all(call: Call) -> bool:
    """Return whether a call may be in a `batch_all`."""
    return call.function is not batch_all


def _check_batch(ctx: Context, calls: list[Any]) -> None:
    """Refuse origin none (BadOrigin), and too many calls (TooManyCalls)."""
    _refuse_none(ctx)
    ensure(len(calls) <= BatchedCallsLimit.get(ctx), Error.TooManyCalls)


def _refuse_none(ctx: Context) -> None:
    """Refuse origin none with BadOrigin."""
    ensure(not is_none(ctx.origin), BadOrigin())


def _dispatch_or_fail(ctx: Context, origin: Origin, call: Call) -> None:
    """Dispatch a call without filters; fail with its error, but without its actual weight, as on the chain."""
    error = attempt_unfiltered(ctx, origin, call).error
    if error is not None:
        raise DispatchFailed(error)
