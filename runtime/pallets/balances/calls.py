"""Balances (index 5): the calls."""

from __future__ import annotations

from ....consensus.integers import saturate_u64
from ...frame.context import Context
from ...frame.errors import CannotLookup, DispatchFailed, ensure
from ...frame.extrinsic import Id, MultiAddress
from ...frame.weight import Pays, PostInfo, Weight, weight_of
from ...scale import AccountId, AsCompact
from ..shared.account_data import AccountData, Balance
from ..shared.types import AccountIdLookup
from . import accounts, fungible, reserves
from .declared import (
    AdjustmentDirection,
    BalanceSet,
    Error,
    ExistentialDeposit,
    InactiveIssuance,
    Issued,
    Rescinded,
    TotalIssuance,
    TotalIssuanceForced,
)
from .declared import pallet as pallet


def lookup(address: MultiAddress) -> bytes:
    """Return the account of an address; CannotLookup for every form but `Id`."""
    if not isinstance(address, Id):
        raise DispatchFailed(CannotLookup())
    return address.account


def _preservation(keep_alive: bool) -> fungible.Preservation:
    """Return Preserve if the account must stay alive, else Expendable."""
    return fungible.Preservation.Preserve if keep_alive else fungible.Preservation.Expendable


@pallet.call(0, weight=weight_of(48_834_000, 3593, 1, 1))
def transfer_allow_death(ctx: Context, dest: AccountIdLookup, value: AsCompact[Balance]) -> None:
    """Transfer `value` rao of free balance to `dest`.

    An account left with less than the existential deposit is reaped, and loses the rest.
    """
    source = ctx.ensure_signed()
    fungible.transfer(ctx, source, lookup(dest), value, fungible.Preservation.Expendable)


@pallet.call(2, weight=weight_of(49_519_000, 6196, 2, 2))
def force_transfer(ctx: Context, source: AccountIdLookup, dest: AccountIdLookup, value: AsCompact[Balance]) -> None:
    """Transfer `value` rao of free balance from `source` to `dest`. Only root may."""
    ctx.ensure_root()
    fungible.transfer(ctx, lookup(source), lookup(dest), value, fungible.Preservation.Expendable)


@pallet.call(3, weight=weight_of(39_051_000, 3593, 1, 1))
def transfer_keep_alive(ctx: Context, dest: AccountIdLookup, value: AsCompact[Balance]) -> None:
    """Transfer `value` rao of free balance to `dest`.

    Fails when less than the existential deposit would remain with the sender.
    """
    source = ctx.ensure_signed()
    fungible.transfer(ctx, source, lookup(dest), value, fungible.Preservation.Preserve)


@pallet.call(4, weight=weight_of(48_209_000, 3593, 1, 1))
def transfer_all(ctx: Context, dest: AccountIdLookup, keep_alive: bool) -> None:
    """Transfer the whole transferable balance to `dest`; with `keep_alive` all but the existential deposit."""
    source = ctx.ensure_signed()
    preservation = _preservation(keep_alive)
    fungible.transfer(ctx, source, lookup(dest), fungible.reducible_balance(ctx, source, preservation), preservation)


@pallet.call(5, weight=weight_of(15_515_000, 3593, 1, 1))
def force_unreserve(ctx: Context, who: AccountIdLookup, amount: Balance) -> None:
    """Unreserve up to `amount` rao of the reserved balance of `who`. Only root may."""
    ctx.ensure_root()
    reserves.unreserve(ctx, lookup(who), amount)


@pallet.call(
    6,
    weight=lambda who: weight_of(14_674_000 + 14_648_188 * len(who), 990 + 2603 * len(who), len(who), len(who)),
)
def upgrade_accounts(ctx: Context, who: list[AccountId]) -> PostInfo:
    """Upgrade accounts to the current rules for reserved funds. Free when at least nine out of ten needed it."""
    ctx.ensure_signed()
    upgraded = sum([accounts.ensure_upgraded(ctx, account) for account in who])
    return PostInfo(None, Pays.No if who and 10 * upgraded >= 9 * len(who) else Pays.Yes)


@pallet.call(8, weight=weight_of(19_206_000, 3593, 1, 1))
def force_set_balance(ctx: Context, who: AccountIdLookup, new_free: AsCompact[Balance]) -> None:
    """Set the free balance of `who` to `new_free` rao. Only root may.

    An amount below the existential deposit counts as zero. The total issuance changes by the difference.
    """
    ctx.ensure_root()
    account = lookup(who)
    free = new_free if new_free >= ExistentialDeposit.get(ctx) else 0
    old = accounts.account_data(ctx, account)
    accounts.drop_dust(
        ctx, accounts.mutate_account(ctx, account, AccountData(free, old.reserved, old.frozen, old.flags))
    )
    if change := free - old.free:
        TotalIssuance.put(ctx, saturate_u64(max(TotalIssuance.get(ctx) + change, 0)))
        ctx.deposit(Issued(change) if change > 0 else Rescinded(-change))
    ctx.deposit(BalanceSet(account, free))


@pallet.call(9, weight=Weight(5_351_000))
def force_adjust_total_issuance(ctx: Context, direction: AdjustmentDirection, delta: AsCompact[Balance]) -> None:
    """Increase or decrease the total issuance by `delta` rao. Only root may.

    Fails with DeltaZero, or with IssuanceDeactivated when it would fall below the inactive issuance.
    """
    ctx.ensure_root()
    ensure(delta > 0, Error.DeltaZero)
    old = TotalIssuance.get(ctx)
    change = delta if direction is AdjustmentDirection.Increase else -delta
    new = saturate_u64(max(old + change, 0))
    ensure(InactiveIssuance.get(ctx) <= new, Error.IssuanceDeactivated)
    TotalIssuance.put(ctx, new)
    ctx.deposit(TotalIssuanceForced(old, new))


#: The real runtime charges the two forms of `burn` with each other's weight.
@pallet.call(10, weight=lambda value, keep_alive: Weight(30_219_000) if keep_alive else Weight(20_720_000))
def burn(ctx: Context, value: AsCompact[Balance], keep_alive: bool) -> None:
    """Burn `value` rao of the signer's free balance. With `keep_alive` the existential deposit must remain."""
    source = ctx.ensure_signed()
    fungible.burn_from(ctx, source, value, _preservation(keep_alive))
