"""Proxy (index 16): accounts that let other accounts act for them, within limits and, if wanted, after a delay.

An account appoints delegates, each with a type (what it may do, `proxy_types`) and a delay: with a delay the delegate
has to announce a call by its hash that many blocks ahead, so that the account can reject it. Entries and announcements
cost deposits. A pure account has no key at all, only its proxy. The fee of a proxied call is its signer's, unless the
account opted to pay it (`RealPaysFee`, settled in extensions/payment.py).
"""

from __future__ import annotations

from collections.abc import Callable

from ....consensus.integers import saturating_sub
from ...crypto.accounts import pure_proxy_account
from ...crypto.hashing import blake2_256
from ...frame.call import Call, RuntimeCall
from ...frame.context import Context
from ...frame.errors import DispatchFailed, ensure
from ...frame.nested import attempt
from ...frame.origin import signed
from ...frame.weight import DB_READ, DB_WRITE, Pays, PostInfo, Weight, weight_of
from ...scale import AsCompact, Box, u16, u32
from ..balances.calls import lookup
from ..balances.reserves import reserve, unreserve
from ..shared.types import AccountIdLookup, BlockNumber
from .declared import (
    MAX_PENDING,
    MAX_PROXIES,
    Announced,
    Announcement,
    AnnouncementDepositBase,
    AnnouncementDepositFactor,
    Announcements,
    CallHashOf,
    DepositKind,
    DepositPoked,
    Error,
    LastCallResult,
    MaxPending,
    MaxProxies,
    Proxies,
    ProxyAdded,
    ProxyDefinition,
    ProxyDepositBase,
    ProxyDepositFactor,
    ProxyExecuted,
    ProxyKind,
    ProxyRemoved,
    PureCreated,
    PureKilled,
    RealPaysFee,
    RealPaysFeeSet,
)
from .declared import pallet as pallet
from .proxy_type import ProxyType

#: The account that a proxied call acts for.
REAL_ACCOUNT = Weight(DB_READ + DB_WRITE)


# --- rules ---------------------------------------------------------------------------------------------------


def proxies_deposit(ctx: Context, count: int) -> int:
    """What that many proxies ask for, in rao."""
    return ProxyDepositBase.get(ctx) + ProxyDepositFactor.get(ctx) * count if count else 0


def announcements_deposit(ctx: Context, count: int) -> int:
    """What that many announcements ask for, in rao."""
    return AnnouncementDepositBase.get(ctx) + AnnouncementDepositFactor.get(ctx) * count if count else 0


def _adjust_deposit(ctx: Context, who: bytes, old: int, new: int) -> None:
    if new > old:
        reserve(ctx, who, new - old)
    elif new < old:
        unreserve(ctx, who, old - new)


def add_proxy_delegate(ctx: Context, delegator: bytes, delegatee: bytes, proxy_type: ProxyType, delay: int) -> None:
    """Appoint a delegate, and reserve what it costs."""
    ensure(delegator != delegatee, Error.NoSelfProxy)
    proxies, deposit = Proxies.get(ctx, delegator)
    definition = ProxyDefinition(delegatee, proxy_type, delay)
    ensure(definition not in proxies, Error.Duplicate)
    ensure(len(proxies) < MaxProxies.get(ctx), Error.TooMany)
    proxies = sorted([*proxies, definition], key=lambda entry: entry.rank)
    new_deposit = proxies_deposit(ctx, len(proxies))
    _adjust_deposit(ctx, delegator, deposit, new_deposit)
    Proxies.put(ctx, delegator, (proxies, new_deposit))
    ctx.deposit(ProxyAdded(delegator, delegatee, proxy_type, delay))


def remove_proxy_delegate(ctx: Context, delegator: bytes, delegatee: bytes, proxy_type: ProxyType, delay: int) -> None:
    """Dismiss a delegate, and give back what it cost."""
    proxies, deposit = Proxies.get(ctx, delegator)
    definition = ProxyDefinition(delegatee, proxy_type, delay)
    ensure(definition in proxies, Error.NotFound)
    proxies.remove(definition)
    new_deposit = proxies_deposit(ctx, len(proxies))
    _adjust_deposit(ctx, delegator, deposit, new_deposit)
    if proxies:
        Proxies.put(ctx, delegator, (proxies, new_deposit))
    else:
        Proxies.remove(ctx, delegator)
    RealPaysFee.remove(ctx, delegator, delegatee)
    ctx.deposit(ProxyRemoved(delegator, delegatee, proxy_type, delay))


def find_proxy(ctx: Context, real: bytes, delegate: bytes, proxy_type: ProxyType | None = None) -> ProxyDefinition:
    """The first definition (of this type, if one is given) that makes `delegate` a proxy of `real`; NotProxy."""
    for definition in Proxies.get(ctx, real)[0]:
        if definition.delegate == delegate and proxy_type in (None, definition.proxy_type):
            return definition
    raise DispatchFailed(Error.NotProxy)


def is_real_pays_fee(ctx: Context, real: bytes, delegate: bytes) -> bool:
    """Whether `real` pays the fees of what `delegate` does for it."""
    return RealPaysFee.contains(ctx, real, delegate)


def may_make(definition: ProxyDefinition, call: Call) -> bool:
    """Whether a proxy may make a call. None may appoint, or dismiss, a proxy that is allowed more than itself."""
    function, own = call.function, definition.proxy_type
    if function is add_proxy or function is remove_proxy:
        proxy_type: ProxyType = call.args[1]
        if not own.is_superset(proxy_type):
            return False
    elif (function is remove_proxies or function is kill_pure) and own is not ProxyType.Any:
        return False
    return own.allows(call)


def _execute(ctx: Context, definition: ProxyDefinition, real: bytes, call: Call) -> None:
    """Make the call as `real`, within the proxy's limits but free of those of whoever signed."""
    origin = signed(real).restricted(lambda inner: may_make(definition, inner))
    result = attempt(ctx, origin, call).result
    LastCallResult.put(ctx, real, result)
    ctx.deposit(ProxyExecuted(result))


def _withdraw_announcements(ctx: Context, delegate: bytes, withdrawn: Callable[[Announcement], bool]) -> None:
    """Take out what `withdrawn` says, and give back its deposit; NotFound when that is nothing."""
    pending, deposit = Announcements.get(ctx, delegate)
    kept = [entry for entry in pending if not withdrawn(entry)]
    ensure(len(kept) < len(pending), Error.NotFound)
    new_deposit = announcements_deposit(ctx, len(kept))
    _adjust_deposit(ctx, delegate, deposit, new_deposit)
    if kept:
        Announcements.put(ctx, delegate, (kept, new_deposit))
    else:
        Announcements.remove(ctx, delegate)


@pallet.on_finalize
def forget_results(ctx: Context) -> None:
    """Results are there for the rest of their block only."""
    LastCallResult.clear(ctx)


# --- calls: proxies ------------------------------------------------------------------------------------------


def _entries_weight(base: int, each: int, reads: int = 1, writes: int = 1) -> Weight:
    """A weight by the number of an account's proxies, of which the most possible is assumed."""
    return weight_of(base + each * MAX_PROXIES, 4254, reads, writes)


def _announcements_weight(base: int, each_announcement: int, each_proxy: int, reads: int = 2) -> Weight:
    return weight_of(base + each_announcement * MAX_PENDING + each_proxy * MAX_PROXIES, 8615, reads, 2)


PROXY = _entries_weight(28_026_265, 53_205, reads=3) + Weight(0, 37 * MAX_PROXIES) + REAL_ACCOUNT
PROXY_ANNOUNCED = (
    weight_of(53_234_507 + 228_831 * MAX_PENDING + 54_037 * MAX_PROXIES, 8615, reads=5, writes=3)
    + Weight(0, 68 * MAX_PENDING + 37 * MAX_PROXIES)
    + REAL_ACCOUNT
)


@pallet.call(
    0,
    weight=lambda info, real, force_proxy_type, call: PROXY + info(call).call_weight,
    pays=lambda info, real, force_proxy_type, call: info(call).pays_fee,
    holds_calls=True,
)
def proxy(ctx: Context, real: AccountIdLookup, force_proxy_type: ProxyKind | None, call: Box[RuntimeCall]) -> None:
    """Make a call for an account whose proxy the signer is, by its entry of `force_proxy_type` if one is given.

    It succeeds whatever the call does: `ProxyExecuted` has its result.
    """
    who = ctx.ensure_signed()
    account = lookup(real)
    definition = find_proxy(ctx, account, who, force_proxy_type)
    ensure(definition.delay == 0, Error.Unannounced)
    _execute(ctx, definition, account, call)


@pallet.call(1, weight=_entries_weight(25_770_804, 80_892))
def add_proxy(ctx: Context, delegate: AccountIdLookup, proxy_type: ProxyKind, delay: BlockNumber) -> None:
    """Appoint a delegate of the signer, who has to announce its calls `delay` blocks ahead (0: not at all)."""
    who = ctx.ensure_signed()
    add_proxy_delegate(ctx, who, lookup(delegate), proxy_type, delay)


@pallet.call(2, weight=_entries_weight(27_827_049, 64_054, writes=2))
def remove_proxy(ctx: Context, delegate: AccountIdLookup, proxy_type: ProxyKind, delay: BlockNumber) -> None:
    """Dismiss a delegate of the signer, named by its whole entry."""
    who = ctx.ensure_signed()
    remove_proxy_delegate(ctx, who, lookup(delegate), proxy_type, delay)


@pallet.call(3, weight=_entries_weight(27_407_028, 55_808))
def remove_proxies(ctx: Context) -> None:
    """Dismiss all delegates of the signer. For a pure account this is the end."""
    who = ctx.ensure_signed()
    _, deposit = Proxies.take(ctx, who)
    unreserve(ctx, who, deposit)
    RealPaysFee.clear_under(ctx, who)


@pallet.call(4, weight=_entries_weight(27_853_436, 20_160))
def create_pure(ctx: Context, proxy_type: ProxyKind, delay: BlockNumber, index: u16) -> None:
    """Create an account that has no key, with the signer as its proxy. `index` tells apart several made at once."""
    who = ctx.ensure_signed()
    pure = pure_proxy_account(who, ctx.block.number, ctx.extrinsic_index or 0, proxy_type.value, index)
    ensure(not Proxies.contains(ctx, pure), Error.Duplicate)
    deposit = proxies_deposit(ctx, 1)
    reserve(ctx, who, deposit)
    Proxies.put(ctx, pure, ([ProxyDefinition(who, proxy_type, delay)], deposit))
    ctx.deposit(PureCreated(pure, who, proxy_type, index))


@pallet.call(5, weight=_entries_weight(26_529_087, 48_014))
def kill_pure(
    ctx: Context,
    spawner: AccountIdLookup,
    proxy_type: ProxyKind,
    index: u16,
    height: AsCompact[BlockNumber],
    ext_index: AsCompact[u32],
) -> None:
    """Give up a pure account, signed by itself, who names how it was created. What it still owns is lost."""
    who = ctx.ensure_signed()
    creator = lookup(spawner)
    pure = pure_proxy_account(creator, height, ext_index, proxy_type.value, index)
    ensure(pure == who, Error.NoPermission)
    _, deposit = Proxies.take(ctx, who)
    unreserve(ctx, creator, deposit)
    ctx.deposit(PureKilled(who, creator, proxy_type, index))


@pallet.call(11, weight=_entries_weight(14_259_931, 42_799))
def set_real_pays_fee(ctx: Context, delegate: AccountIdLookup, pays_fee: bool) -> None:
    """Say whether the signer pays the fees of what a delegate does for it."""
    real = ctx.ensure_signed()
    account = lookup(delegate)
    find_proxy(ctx, real, account)
    if pays_fee:
        RealPaysFee.put(ctx, real, account, None)
    else:
        RealPaysFee.remove(ctx, real, account)
    ctx.deposit(RealPaysFeeSet(real, account, pays_fee))


# --- calls: announcements ------------------------------------------------------------------------------------


@pallet.call(6, weight=_announcements_weight(34_286_251, 194_092, 53_615, reads=3))
def announce(ctx: Context, real: AccountIdLookup, call_hash: CallHashOf) -> None:
    """Announce a call for an account whose proxy the signer is, by the BLAKE2b-256 hash of the encoded call."""
    who = ctx.ensure_signed()
    account = lookup(real)
    find_proxy(ctx, account, who)
    pending, deposit = Announcements.get(ctx, who)
    ensure(len(pending) < MaxPending.get(ctx), Error.TooMany)
    pending = [*pending, Announcement(account, call_hash, ctx.block.number)]
    new_deposit = announcements_deposit(ctx, len(pending))
    _adjust_deposit(ctx, who, deposit, new_deposit)
    Announcements.put(ctx, who, (pending, new_deposit))
    ctx.deposit(Announced(account, who, call_hash))


@pallet.call(7, weight=_announcements_weight(25_595_226, 205_163, 40_277))
def remove_announcement(ctx: Context, real: AccountIdLookup, call_hash: CallHashOf) -> None:
    """Take back an announcement of the signer's own."""
    who = ctx.ensure_signed()
    account = lookup(real)
    _withdraw_announcements(ctx, who, lambda entry: entry.real == account and entry.call_hash == call_hash)


@pallet.call(8, weight=_announcements_weight(26_388_332, 199_703, 17_846))
def reject_announcement(ctx: Context, delegate: AccountIdLookup, call_hash: CallHashOf) -> None:
    """Veto a call that a delegate announced for the signer."""
    who = ctx.ensure_signed()
    account = lookup(delegate)
    _withdraw_announcements(ctx, account, lambda entry: entry.real == who and entry.call_hash == call_hash)


@pallet.call(
    9,
    weight=lambda info, delegate, real, force_proxy_type, call: PROXY_ANNOUNCED + info(call).call_weight,
    holds_calls=True,
)
def proxy_announced(
    ctx: Context,
    delegate: AccountIdLookup,
    real: AccountIdLookup,
    force_proxy_type: ProxyKind | None,
    call: Box[RuntimeCall],
) -> None:
    """Make a call that `delegate` announced long enough ago. Anybody may sign this."""
    ctx.ensure_signed()
    proxy_account, account = lookup(delegate), lookup(real)
    definition = find_proxy(ctx, account, proxy_account, force_proxy_type)
    call_hash, now = blake2_256(call.encode()), ctx.block.number

    def is_due(entry: Announcement) -> bool:
        matches = entry.real == account and entry.call_hash == call_hash
        return matches and saturating_sub(now, entry.height) >= definition.delay

    try:
        _withdraw_announcements(ctx, proxy_account, is_due)
    except DispatchFailed:
        raise DispatchFailed(Error.Unannounced) from None
    _execute(ctx, definition, account, call)


@pallet.call(10, weight=weight_of(46_757_000, 8615, 3, 3))
def poke_deposit(ctx: Context) -> PostInfo:
    """Bring the signer's deposits to what the rules ask now. Free when that changes anything."""
    who = ctx.ensure_signed()
    proxies, deposit = Proxies.get(ctx, who)
    new_deposit = proxies_deposit(ctx, len(proxies))
    changed = _poke(ctx, who, DepositKind.Proxies, deposit, new_deposit)
    if changed:
        Proxies.put(ctx, who, (proxies, new_deposit))
    pending, deposit = Announcements.get(ctx, who)
    new_deposit = announcements_deposit(ctx, len(pending))
    if _poke(ctx, who, DepositKind.Announcements, deposit, new_deposit):
        changed = True
        Announcements.put(ctx, who, (pending, new_deposit))
    return PostInfo(None, Pays.No if changed else Pays.Yes)


def _poke(ctx: Context, who: bytes, kind: DepositKind, old: int, new: int) -> bool:
    if old == new:
        return False
    _adjust_deposit(ctx, who, old, new)
    ctx.deposit(DepositPoked(who, kind, old, new))
    return True


# --- questions -------------------------------------------------------------------------------------------------


@pallet.view_function("(<TasConfig>::RuntimeCall,T::ProxyType) -> bool")
def check_permissions(ctx: Context, call: RuntimeCall, proxy_type: ProxyType) -> bool:
    """Whether a proxy of this type may make a call."""
    return proxy_type.allows(call)


@pallet.view_function("(T::ProxyType,T::ProxyType) -> bool")
def is_superset(ctx: Context, to_check: ProxyType, against: ProxyType) -> bool:
    """Whether a type of proxy allows all that another one does."""
    return to_check.is_superset(against)
