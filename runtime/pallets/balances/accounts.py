"""The balances of an account, kept consistent with its reference counts and its existence.

An account has a provider while its free balance is at least the existential deposit, and a consumer while it has
reserved or frozen funds. Every change of balances goes through `mutate_account` or `change_free`.
"""

from __future__ import annotations

from dataclasses import replace

from ....consensus.integers import saturating_sub
from ...frame.context import Context
from .. import system
from ..shared.account_data import NEW_LOGIC, AccountData
from .declared import DustLost, Endowed, ExistentialDeposit, TotalIssuance, Upgraded

EMPTY = AccountData()


def account_data(ctx: Context, who: bytes) -> AccountData:
    """Return the balances of an account, all in rao."""
    return system.Account.get(ctx, who).data


def mutate_account(ctx: Context, who: bytes, new: AccountData) -> int:
    """Store new balances of an account; return the dust (rao) that is left when the account is reaped.

    The dust is removed from the account but still counted in the issuance, from which `drop_dust` takes it.
    """
    return _mutate(ctx, who, system.Account.get(ctx, who), new)


def _mutate(ctx: Context, who: bytes, info: system.AccountInfo, new: AccountData) -> int:
    """Store new balances of an account whose current entry is `info`; return the dust (rao)."""
    if info.data.flags < NEW_LOGIC:
        ensure_upgraded(ctx, who)
        info, new = system.Account.get(ctx, who), replace(new, flags=new.flags | NEW_LOGIC)
    old, existential_deposit = info.data, ExistentialDeposit.get(ctx)
    lives = new.free >= existential_deposit <= old.free
    if lives and not (old.reserved or old.frozen or new.reserved or new.frozen):
        # The common case, an existing account whose free balance changes: no reference count changes.
        system.Account.put(
            ctx, who, system.AccountInfo(info.nonce, info.consumers, info.providers, info.sufficients, new)
        )
        return 0
    return _mutate_references(ctx, who, old, new, existential_deposit)


def _mutate_references(ctx: Context, who: bytes, old: AccountData, new: AccountData, deposit: int) -> int:
    """Update providers and consumers, then store the new balances; return the dust (rao)."""
    is_new = old == EMPTY
    did_provide, does_provide = old.free >= deposit, new.free >= deposit
    did_consume = not is_new and bool(old.reserved or old.frozen)
    does_consume = bool(new.reserved or new.frozen)
    if not did_provide and does_provide:
        system.inc_providers(ctx, who)
    if did_consume and not does_consume:
        system.dec_consumers(ctx, who)
    if not did_consume and does_consume:
        system.inc_consumers(ctx, who)
    if does_consume and system.Account.get(ctx, who).consumers == 0:
        system.inc_consumers(ctx, who)
    if did_provide and not does_provide:
        system.dec_providers(ctx, who)
    is_reaped = new.free < deposit and new.reserved == 0
    _store(ctx, who, EMPTY if is_reaped else new)
    if is_new:
        ctx.deposit(Endowed(who, new.free))
    if is_reaped and new.free:
        ctx.deposit(DustLost(who, new.free))
        return new.free
    return 0


def _store(ctx: Context, who: bytes, data: AccountData) -> None:
    """Write the balances; remove an account without providers and sufficients."""
    info = system.Account.get(ctx, who)
    if info.providers or info.sufficients:
        system.Account.put(ctx, who, replace(info, data=data))
    else:
        system.Account.remove(ctx, who)


def drop_dust(ctx: Context, dust: int) -> None:
    """Subtract dust (rao) from the issuance."""
    if dust:
        dust = min(dust, ExistentialDeposit.get(ctx) - 1)
        TotalIssuance.put(ctx, saturating_sub(TotalIssuance.get(ctx), dust))


def add_free(ctx: Context, who: bytes, amount: int) -> None:
    """Add `amount` rao (negative to subtract) to the free balance of an account, and drop the dust if it is reaped."""
    change_free(ctx, who, system.Account.get(ctx, who), amount)


def change_free(ctx: Context, who: bytes, info: system.AccountInfo, amount: int) -> None:
    """Add `amount` rao to the free balance of an account whose current entry is `info`, as `add_free`."""
    data = info.data
    new = AccountData(data.free + amount, data.reserved, data.frozen, data.flags)
    if dust := _mutate(ctx, who, info, new):
        drop_dust(ctx, dust)


def ensure_upgraded(ctx: Context, who: bytes) -> bool:
    """Upgrade an account to the rules by which reserved funds count as a consumer; return whether it was old."""
    info = system.Account.get(ctx, who)
    data = info.data
    if data.flags & NEW_LOGIC:
        return False
    free = data.free
    if data.reserved and not data.frozen:
        if info.providers == 0:
            free = max(free, ExistentialDeposit.get(ctx))
            system.inc_providers(ctx, who)
        system.inc_consumers_without_limit(ctx, who)
    _store(ctx, who, replace(data, free=free, flags=data.flags | NEW_LOGIC))
    ctx.deposit(Upgraded(who))
    return True
