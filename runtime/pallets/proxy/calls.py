"""Proxy (index 16): accounts that let other accounts act for them, within limits and optionally after a delay.

An account appoints delegates, each with a type (what it may do, `proxy_type`) and a delay in blocks. With a delay the
delegate has to announce the hash of a call that many blocks ahead, so that the account can reject it. Entries and
announcements cost deposits. A pure account has no key, only its proxies. The signer pays the fee of a proxied call,
unless the account opted to pay it (`RealPaysFee`, settled in extensions/payment.py).
"""

from __future__ import annotations

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
    Announcements,
    CallHashOf,
    DepositKind,
    DepositPoked,
    Error,
    LastCallResult,
    MaxPending,
    Proxies,
    ProxyDefinition,
    ProxyExecuted,
    ProxyKind,
    PureCreated,
    PureKilled,
    RealPaysFee,
    RealPaysFeeSet,
)
from .declared import pallet as pallet
from .entries import (
    add_proxy_delegate,
    adjust_deposit,
    announcements_deposit,
    find_proxy,
    proxies_deposit,
    remove_proxy_delegate,
    withdraw_announcements,
)
from .proxy_type import ProxyType

#: Reading and writing the account that a proxied call acts for.
REAL_ACCOUNT = Weight(DB_READ + DB_WRITE)


def is_allowed(definition: ProxyDefinition, call: Call) -> bool:
    """Return whether a proxy may make a call.

    No proxy may appoint or remove a proxy that is allowed more than itself; only type Any may remove all proxies.
    """
    function, own = call.function, definition.proxy_type
    if function is add_proxy or function is remove_proxy:
        proxy_type: ProxyType = call.args[1]
        if not own.is_superset(proxy_type):
            return False
    elif (function is remove_proxies or function is kill_pure) and own is not ProxyType.Any:
        return False
    return own.allows(call)


def _execute(ctx: Context, definition: ProxyDefinition, real: bytes, call: Call) -> None:
    """Dispatch the call as `real`, under the filter of the proxy's type. The signer's own filters do not apply."""
    origin = signed(real).restricted(lambda inner: is_allowed(definition, inner))
    result = attempt(ctx, origin, call).result
    LastCallResult.put(ctx, real, result)
    ctx.deposit(ProxyExecuted(result))


# --- calls: proxies ------------------------------------------------------------------------------------------


def _entries_weight(base: int, each: int, reads: int = 1, writes: int = 1) -> Weight:
    """Return a weight that depends on the number of an account's proxies, for the largest number."""
    return weight_of(base + each * MAX_PROXIES, 4254, reads, writes)


def _announcements_weight(base: int, each_announcement: int, each_proxy: int, reads: int = 2) -> Weight:
    """Return a weight that depends on the numbers of announcements and proxies, for the largest numbers."""
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
    """Dispatch a call as account `real`, whose proxy the signer is.

    With `force_proxy_type`, only a proxy entry of that type counts. Fails with NotProxy, or with Unannounced when the
    entry has a delay. The inner call may fail without failing this one: event `ProxyExecuted` has its result.
    """
    who = ctx.ensure_signed()
    account = lookup(real)
    definition = find_proxy(ctx, account, who, force_proxy_type)
    ensure(definition.delay == 0, Error.Unannounced)
    _execute(ctx, definition, account, call)


@pallet.call(1, weight=_entries_weight(25_770_804, 80_892))
def add_proxy(ctx: Context, delegate: AccountIdLookup, proxy_type: ProxyKind, delay: BlockNumber) -> None:
    """Register `delegate` as a proxy of the signer, for a deposit.

    The proxy must announce its calls `delay` blocks ahead; with a delay of 0 it need not announce them.
    """
    add_proxy_delegate(ctx, ctx.ensure_signed(), lookup(delegate), proxy_type, delay)


@pallet.call(2, weight=_entries_weight(27_827_049, 64_054, writes=2))
def remove_proxy(ctx: Context, delegate: AccountIdLookup, proxy_type: ProxyKind, delay: BlockNumber) -> None:
    """Remove a proxy of the signer and unreserve its deposit; NotFound unless type and delay match the entry too."""
    remove_proxy_delegate(ctx, ctx.ensure_signed(), lookup(delegate), proxy_type, delay)


@pallet.call(3, weight=_entries_weight(27_407_028, 55_808))
def remove_proxies(ctx: Context) -> None:
    """Remove all proxies of the signer. A pure account becomes inaccessible by this."""
    who = ctx.ensure_signed()
    _, deposit = Proxies.take(ctx, who)
    unreserve(ctx, who, deposit)
    RealPaysFee.clear_under(ctx, who)


@pallet.call(4, weight=_entries_weight(27_853_436, 20_160))
def create_pure(ctx: Context, proxy_type: ProxyKind, delay: BlockNumber, index: u16) -> None:
    """Create an account without a key, with the signer as its proxy, for a deposit.

    With another `index` the same extrinsic can create another account; fails with Duplicate if the account exists.
    """
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
    """Remove a pure account, called by the account itself. Funds that it still owns are lost.

    `spawner` created it with `proxy_type` and `index`, in block `height`, in the extrinsic with index `ext_index`;
    NoPermission unless the signer is that account. The deposit goes back to the spawner.
    """
    who = ctx.ensure_signed()
    creator = lookup(spawner)
    pure = pure_proxy_account(creator, height, ext_index, proxy_type.value, index)
    ensure(pure == who, Error.NoPermission)
    _, deposit = Proxies.take(ctx, who)
    unreserve(ctx, creator, deposit)
    ctx.deposit(PureKilled(who, creator, proxy_type, index))


@pallet.call(11, weight=_entries_weight(14_259_931, 42_799))
def set_real_pays_fee(ctx: Context, delegate: AccountIdLookup, pays_fee: bool) -> None:
    """Set whether the signer pays the fees of the calls that its proxy `delegate` makes for it.

    NotProxy unless `delegate` is a proxy of the signer.
    """
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
    """Announce a call that the signer, a proxy of `real`, will make, by the BLAKE2b-256 hash of the encoded call.

    Reserves a deposit; fails with NotProxy, or TooMany when too many announcements are pending.
    """
    who = ctx.ensure_signed()
    account = lookup(real)
    find_proxy(ctx, account, who)
    pending, deposit = Announcements.get(ctx, who)
    ensure(len(pending) < MaxPending.get(ctx), Error.TooMany)
    pending = [*pending, Announcement(account, call_hash, ctx.block.number)]
    new_deposit = announcements_deposit(ctx, len(pending))
    adjust_deposit(ctx, who, deposit, new_deposit)
    Announcements.put(ctx, who, (pending, new_deposit))
    ctx.deposit(Announced(account, who, call_hash))


@pallet.call(7, weight=_announcements_weight(25_595_226, 205_163, 40_277))
def remove_announcement(ctx: Context, real: AccountIdLookup, call_hash: CallHashOf) -> None:
    """Withdraw an announcement that the signer made for `real`; the deposit is unreserved."""
    who = ctx.ensure_signed()
    account = lookup(real)
    withdraw_announcements(ctx, who, lambda entry: entry.real == account and entry.call_hash == call_hash)


@pallet.call(8, weight=_announcements_weight(26_388_332, 199_703, 17_846))
def reject_announcement(ctx: Context, delegate: AccountIdLookup, call_hash: CallHashOf) -> None:
    """Reject a call that the proxy `delegate` announced for the signer. The proxy's deposit is unreserved."""
    who = ctx.ensure_signed()
    account = lookup(delegate)
    withdraw_announcements(ctx, account, lambda entry: entry.real == who and entry.call_hash == call_hash)


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
    """Dispatch a call as account `real` that its proxy `delegate` announced. Any account may sign.

    Fails with NotProxy, or with Unannounced when there is no announcement or its delay is not over.
    """
    ctx.ensure_signed()
    proxy_account, account = lookup(delegate), lookup(real)
    definition = find_proxy(ctx, account, proxy_account, force_proxy_type)
    call_hash, now = blake2_256(call.encode()), ctx.block.number

    def is_due(entry: Announcement) -> bool:
        matches = entry.real == account and entry.call_hash == call_hash
        return matches and saturating_sub(now, entry.height) >= definition.delay

    try:
        withdraw_announcements(ctx, proxy_account, is_due)
    except DispatchFailed:
        raise DispatchFailed(Error.Unannounced) from None
    _execute(ctx, definition, account, call)


@pallet.call(10, weight=weight_of(46_757_000, 8615, 3, 3))
def poke_deposit(ctx: Context) -> PostInfo:
    """Adjust the signer's deposits for proxies and announcements to the current rates. Free when one changes."""
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
    """Adjust one deposit (rao); return whether it changed."""
    if old == new:
        return False
    adjust_deposit(ctx, who, old, new)
    ctx.deposit(DepositPoked(who, kind, old, new))
    return True
