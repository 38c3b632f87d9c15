"""Utility (index 11): several calls as one, a call as somebody else, a call for when another one fails.

Calls here hold calls. Each is dispatched with its caller's filters on, so that a proxy's restrictions hold in any
nesting; root passes them all. What a call really cost is the sum of what its inner calls really cost.
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
from ..frame.origin_caller import origin_of
from ..frame.pallet import Pallet
from ..frame.runtime_types import OriginCaller, PalletsOrigin
from ..frame.weight import ZERO, Pays, PostInfo, Weight, weight_of
from ..scale import Box, Ok, Sum, u16, u32


class Event(Sum):
    pass


class BatchInterrupted(Event, index=0):
    """A batch stopped at the call with this index, because of this error; the calls before it stay."""

    index: u32
    error: DispatchError


class BatchCompleted(Event, index=1):
    """All calls of a batch succeeded."""


class BatchCompletedWithErrors(Event, index=2):
    """A batch went through to its end, but some of its calls failed."""


class ItemCompleted(Event, index=3):
    """One call of a batch succeeded."""


class ItemFailed(Event, index=4):
    """One call of a batch failed."""

    error: DispatchError


class DispatchedAs(Event, index=5):
    """A call was dispatched as another origin."""

    result: DispatchResult


class IfElseMainSuccess(Event, index=6):
    """The main call succeeded."""


class IfElseFallbackCalled(Event, index=7):
    """The main call failed with this error; the fallback succeeded."""

    main_error: DispatchError


class Error(PalletError):
    TooManyCalls = 0, "Too many calls in one batch."
    InvalidDerivedAccount = 1, "Bad input data for a derived account id."


pallet = Pallet("Utility", 11, crate="pallet_subtensor_utility", imported_as="pallet_utility", event=Event, error=Error)
pallet.associated_type("RuntimeCall", RuntimeCall, docs="Any call of the runtime.")
pallet.associated_type("PalletsOrigin", OriginCaller, docs="Any origin, as a value.")

BatchedCallsLimit = pallet.constant(
    u32,
    32 * 1024 * 1024 // 3 // 1024,
    docs="The most calls in one batch: a third of what the Wasm allocator gives at once, at 1 KiB a call.",
    name="batched_calls_limit",
)

pallet.name_declared(globals())


# --- weights -------------------------------------------------------------------------------------------------


def _batch(calls: int) -> Weight:
    return weight_of(19_446_696 + 5_450_264 * calls, 3983, reads=2)


def _batch_all(calls: int) -> Weight:
    return weight_of(13_428_230 + 5_663_250 * calls, 3983, reads=2)


def _force_batch(calls: int) -> Weight:
    return weight_of(12_134_867 + 5_477_293 * calls, 3983, reads=2)


#: The second part is the account that the inner call acts for.
AS_DERIVATIVE = weight_of(15_378_000, 3983, reads=2) + weight_of(0, reads=1, writes=1)
IF_ELSE = weight_of(21_831_000, 3983, reads=2)


def _declared(info: InfoOf, calls: list[Call]) -> Weight:
    return sum((info(call).call_weight for call in calls), ZERO)


def _pays(info: InfoOf, calls: list[Call]) -> Pays:
    """Return Pays.No for a batch each of whose calls is free."""
    return Pays.Yes if any(info(call).pays_fee is Pays.Yes for call in calls) else Pays.No


# --- calls ---------------------------------------------------------------------------------------------------


@pallet.call(
    0,
    weight=lambda info, calls: _declared(info, calls) + _batch(len(calls)),
    pays=_pays,
    holds_calls=True,
)
def batch(ctx: Context, calls: list[RuntimeCall]) -> PostInfo:
    """Dispatch calls one after the other, up to the first that fails.

    It succeeds in any case: `BatchCompleted` or `BatchInterrupted` tells how far it came. Any origin but none.
    """
    _check_batch(ctx, calls)
    used = ZERO
    for index, call in enumerate(calls):
        outcome = attempt(ctx, ctx.origin, call)
        used += outcome.weight(ctx.runtime.info(call))
        if outcome.error is not None:
            ctx.deposit(BatchInterrupted(index, outcome.error))
            return PostInfo(_batch(index + 1) + used)
        ctx.deposit(ItemCompleted())
    ctx.deposit(BatchCompleted())
    return PostInfo(_batch(len(calls)) + used)


@pallet.call(1, weight=lambda info, index, call: AS_DERIVATIVE + info(call).call_weight, holds_calls=True)
def as_derivative(ctx: Context, index: u16, call: Box[RuntimeCall]) -> PostInfo:
    """Dispatch a call as the signer's account number `index`, under the same filters as the signer."""
    pseudonym = derivative_account(ctx.ensure_signed(), index)
    outcome = attempt(ctx, replace(ctx.origin, account=pseudonym), call)
    post = PostInfo(AS_DERIVATIVE + outcome.weight(ctx.runtime.info(call)))
    if outcome.error is not None:
        raise DispatchFailed(outcome.error, post)
    return post


@pallet.call(
    2,
    weight=lambda info, calls: _declared(info, calls) + _batch_all(len(calls)),
    pays=_pays,
    holds_calls=True,
)
def batch_all(ctx: Context, calls: list[RuntimeCall]) -> PostInfo:
    """Dispatch calls one after the other: all of them or, when one fails, none. Any origin but none."""
    _check_batch(ctx, calls)
    origin = ctx.origin.restricted(_is_no_batch_all)
    used = ZERO
    for index, call in enumerate(calls):
        outcome = attempt(ctx, origin, call)
        used += outcome.weight(ctx.runtime.info(call))
        if outcome.error is not None:
            raise DispatchFailed(outcome.error, PostInfo(_batch_all(index + 1) + used))
        ctx.deposit(ItemCompleted())
    ctx.deposit(BatchCompleted())
    return PostInfo(_batch_all(len(calls)) + used)


@pallet.call(3, weight=lambda info, as_origin, call: Weight(6_893_000) + info(call).call_weight, holds_calls=True)
def dispatch_as(ctx: Context, as_origin: Box[PalletsOrigin], call: Box[RuntimeCall]) -> None:
    """Dispatch a call as any origin, by root. It succeeds whatever the call does: the event has its result."""
    ctx.ensure_root()
    outcome = attempt_unfiltered(ctx, origin_of(as_origin), call)
    ctx.deposit(DispatchedAs(outcome.result))


@pallet.call(
    4,
    weight=lambda info, calls: _declared(info, calls) + _force_batch(len(calls)),
    pays=_pays,
    holds_calls=True,
)
def force_batch(ctx: Context, calls: list[RuntimeCall]) -> PostInfo:
    """Dispatch calls one after the other, whether or not some of them fail. Any origin but none."""
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
    return PostInfo(_force_batch(len(calls)) + used)


@pallet.call(5, weight=lambda call, weight: weight)
def with_weight(ctx: Context, call: Box[RuntimeCall], weight: Weight) -> None:
    """Dispatch a call as root and let it count as `weight`, whatever it costs. By root."""
    ctx.ensure_root()
    _all_or_error(ctx, ROOT_ORIGIN, call)


@pallet.call(
    6,
    weight=lambda info, main, fallback: IF_ELSE + info(main).call_weight + info(fallback).call_weight,
    holds_calls=True,
)
def if_else(ctx: Context, main: Box[RuntimeCall], fallback: Box[RuntimeCall]) -> PostInfo:
    """Dispatch `main`; only when it fails, dispatch `fallback`. Fails when both do. Any origin but none."""
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
    """Dispatch a call as any origin, by root. It fails when the call fails."""
    ctx.ensure_root()
    _all_or_error(ctx, origin_of(as_origin), call)
    ctx.deposit(DispatchedAs(Ok(None)))


# --- rules ---------------------------------------------------------------------------------------------------

#: Calls whose calls lie side by side in their one argument.
BATCHES = frozenset({batch, batch_all, force_batch})


def nests_batches(call: Call) -> bool:
    """Whether a batch lies directly in a batch, which this chain's call filter forbids to all but root."""
    return call.function in BATCHES and any(inner.function in BATCHES for inner in call.args[0])


def _is_no_batch_all(call: Call) -> bool:
    return call.function is not batch_all


def _check_batch(ctx: Context, calls: list[Any]) -> None:
    _refuse_none(ctx)
    ensure(len(calls) <= BatchedCallsLimit.get(ctx), Error.TooManyCalls)


def _refuse_none(ctx: Context) -> None:
    ensure(not is_none(ctx.origin), BadOrigin())


def _all_or_error(ctx: Context, origin: Origin, call: Call) -> None:
    """The inner call's error becomes the outer one's; its own account of its cost is lost on the way."""
    error = attempt_unfiltered(ctx, origin, call).error
    if error is not None:
        raise DispatchFailed(error)
