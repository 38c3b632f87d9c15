"""The entries of proxies and announcements: their deposits, finding and withdrawing them, questions about types."""

from __future__ import annotations

from collections.abc import Callable

from ...frame.call import RuntimeCall
from ...frame.context import Context
from ...frame.errors import DispatchFailed, ensure
from ..balances.reserves import reserve, unreserve
from .declared import (
    Announcement,
    AnnouncementDepositBase,
    AnnouncementDepositFactor,
    Announcements,
    Error,
    LastCallResult,
    MaxProxies,
    Proxies,
    ProxyAdded,
    ProxyDefinition,
    ProxyDepositBase,
    ProxyDepositFactor,
    ProxyRemoved,
    RealPaysFee,
    pallet,
)
from .proxy_type import ProxyType


def proxies_deposit(ctx: Context, count: int) -> int:
    """Return the deposit for this many proxies, in rao."""
    return ProxyDepositBase.get(ctx) + ProxyDepositFactor.get(ctx) * count if count else 0


def announcements_deposit(ctx: Context, count: int) -> int:
    """Return the deposit for this many announcements, in rao."""
    return AnnouncementDepositBase.get(ctx) + AnnouncementDepositFactor.get(ctx) * count if count else 0


def adjust_deposit(ctx: Context, who: bytes, old: int, new: int) -> None:
    """Reserve or unreserve the difference between two deposits, in rao."""
    if new > old:
        reserve(ctx, who, new - old)
    elif new < old:
        unreserve(ctx, who, old - new)


def find_proxy(ctx: Context, real: bytes, delegate: bytes, proxy_type: ProxyType | None = None) -> ProxyDefinition:
    """Return the first definition that makes `delegate` a proxy of `real`; NotProxy when there is none.

    With a `proxy_type`, only definitions of that type count.
    """
    for definition in Proxies.get(ctx, real)[0]:
        if definition.delegate == delegate and proxy_type in (None, definition.proxy_type):
            return definition
    raise DispatchFailed(Error.NotProxy)


def add_proxy_delegate(ctx: Context, delegator: bytes, delegatee: bytes, proxy_type: ProxyType, delay: int) -> None:
    """Make `delegatee` a proxy of `delegator`, for a deposit; NoSelfProxy, Duplicate or TooMany."""
    ensure(delegator != delegatee, Error.NoSelfProxy)
    proxies, deposit = Proxies.get(ctx, delegator)
    definition = ProxyDefinition(delegatee, proxy_type, delay)
    ensure(definition not in proxies, Error.Duplicate)
    ensure(len(proxies) < MaxProxies.get(ctx), Error.TooMany)
    proxies = sorted([*proxies, definition], key=lambda entry: entry.rank)
    new_deposit = proxies_deposit(ctx, len(proxies))
    adjust_deposit(ctx, delegator, deposit, new_deposit)
    Proxies.put(ctx, delegator, (proxies, new_deposit))
    ctx.deposit(ProxyAdded(delegator, delegatee, proxy_type, delay))


def remove_proxy_delegate(ctx: Context, delegator: bytes, delegatee: bytes, proxy_type: ProxyType, delay: int) -> None:
    """Remove a proxy and unreserve its deposit; NotFound unless type and delay match the entry too."""
    proxies, deposit = Proxies.get(ctx, delegator)
    definition = ProxyDefinition(delegatee, proxy_type, delay)
    ensure(definition in proxies, Error.NotFound)
    proxies.remove(definition)
    new_deposit = proxies_deposit(ctx, len(proxies))
    adjust_deposit(ctx, delegator, deposit, new_deposit)
    if proxies:
        Proxies.put(ctx, delegator, (proxies, new_deposit))
    else:
        Proxies.remove(ctx, delegator)
    RealPaysFee.remove(ctx, delegator, delegatee)
    ctx.deposit(ProxyRemoved(delegator, delegatee, proxy_type, delay))


def withdraw_announcements(ctx: Context, delegate: bytes, matches: Callable[[Announcement], bool]) -> None:
    """Remove the announcements that match, and unreserve their deposit; NotFound when none does."""
    pending, deposit = Announcements.get(ctx, delegate)
    kept = [entry for entry in pending if not matches(entry)]
    ensure(len(kept) < len(pending), Error.NotFound)
    new_deposit = announcements_deposit(ctx, len(kept))
    adjust_deposit(ctx, delegate, deposit, new_deposit)
    if kept:
        Announcements.put(ctx, delegate, (kept, new_deposit))
    else:
        Announcements.remove(ctx, delegate)


@pallet.on_finalize
def clear_results(ctx: Context) -> None:
    """Remove the results of proxied calls at the end of the block."""
    LastCallResult.clear(ctx)


@pallet.view_function("(<TasConfig>::RuntimeCall,T::ProxyType) -> bool")
def check_permissions(ctx: Context, call: RuntimeCall, proxy_type: ProxyType) -> bool:
    """Return whether a proxy of this type may make a call. Calls inside it are not checked."""
    return proxy_type.allows(call)


@pallet.view_function("(T::ProxyType,T::ProxyType) -> bool")
def is_superset(ctx: Context, to_check: ProxyType, against: ProxyType) -> bool:
    """Return whether the type `to_check` allows everything that the type `against` allows."""
    return to_check.is_superset(against)
