"""Sudo (index 12): one account that may dispatch calls as root or as any account, free of charge."""

from __future__ import annotations

from ..frame.call import RuntimeCall
from ..frame.context import Context
from ..frame.errors import BadOrigin, DispatchFailed, PalletError, ensure
from ..frame.nested import DispatchResult, attempt_unfiltered
from ..frame.origin import ROOT_ORIGIN, signed
from ..frame.pallet import Pallet
from ..frame.weight import Pays, PostInfo, Weight, weight_of
from ..scale import AccountId, Box, Sum
from .balances.calls import lookup
from .shared.types import AccountIdLookup


class Event(Sum, params=[("T", None)]):
    pass


class Sudid(Event, index=0):
    """The sudo key dispatched a call as root, with this result."""

    sudo_result: DispatchResult


class KeyChanged(Event, index=1):
    """The sudo key was changed; `old` is None if there was no key."""

    old: AccountId | None
    new: AccountId


class KeyRemoved(Event, index=2):
    """The sudo key was removed permanently."""


class SudoAsDone(Event, index=3):
    """The sudo key dispatched a call as another account, with this result."""

    sudo_result: DispatchResult


class Error(PalletError):
    RequireSudo = 0, "Requires sudo: the sender must be the sudo account."


pallet = Pallet("Sudo", 12, crate="pallet_sudo", event=Event, error=Error)
pallet.associated_type("RuntimeCall", RuntimeCall, docs="Any call of the runtime.")

Key = pallet.value(AccountId, docs="The account of the sudo key.")

pallet.name_declared(globals())

FREE = PostInfo(None, Pays.No)


def ensure_sudo(ctx: Context) -> None:
    """Refuse callers other than root and the sudo key: RequireSudo for accounts, BadOrigin for other origins."""
    origin = ctx.origin
    if origin.is_root:
        return
    if origin.account is None:
        raise DispatchFailed(BadOrigin())
    ensure(origin.account == Key.get(ctx), Error.RequireSudo)


@pallet.call(
    0,
    weight=lambda info, call: weight_of(7_939_000, 1517, reads=1) + info(call).call_weight,
    class_=lambda info, call: info(call).class_,
    holds_calls=True,
)
def sudo(ctx: Context, call: Box[RuntimeCall]) -> PostInfo:
    """Dispatch a call as root. Only the sudo key or root may; free.

    The inner call may fail without failing this one: event `Sudid` has its result.
    """
    ensure_sudo(ctx)
    ctx.deposit(Sudid(attempt_unfiltered(ctx, ROOT_ORIGIN, call).result))
    return FREE


@pallet.call(
    1,
    weight=lambda info, call, weight: weight,
    class_=lambda info, call, weight: info(call).class_,
    holds_calls=True,
)
def sudo_unchecked_weight(ctx: Context, call: Box[RuntimeCall], weight: Weight) -> PostInfo:
    """Dispatch a call as root, counted as `weight` instead of its own weight. Only the sudo key or root may; free.

    The inner call may fail without failing this one: event `Sudid` has its result.
    """
    ensure_sudo(ctx)
    ctx.deposit(Sudid(attempt_unfiltered(ctx, ROOT_ORIGIN, call).result))
    return FREE


@pallet.call(2, weight=weight_of(7_237_000, 1517, 1, 1))
def set_key(ctx: Context, new: AccountIdLookup) -> PostInfo:
    """Make `new` the sudo key. Only the current sudo key or root may; free."""
    ensure_sudo(ctx)
    account = lookup(new)
    ctx.deposit(KeyChanged(Key.get(ctx), account))
    Key.put(ctx, account)
    return FREE


@pallet.call(
    3,
    weight=lambda info, who, call: weight_of(7_870_000, 1517, reads=1) + info(call).call_weight,
    class_=lambda info, who, call: info(call).class_,
    holds_calls=True,
)
def sudo_as(ctx: Context, who: AccountIdLookup, call: Box[RuntimeCall]) -> PostInfo:
    """Dispatch a call as if account `who` had signed it. Only the sudo key or root may; free.

    The inner call may fail without failing this one: event `SudoAsDone` has its result.
    """
    ensure_sudo(ctx)
    outcome = attempt_unfiltered(ctx, signed(lookup(who)), call)
    ctx.deposit(SudoAsDone(outcome.result))
    return FREE


@pallet.call(4, weight=weight_of(6_417_000, 1517, 1, 1))
def remove_key(ctx: Context) -> PostInfo:
    """Remove the sudo key permanently. Only the sudo key or root may; free."""
    ensure_sudo(ctx)
    ctx.deposit(KeyRemoved())
    Key.kill(ctx)
    return FREE
