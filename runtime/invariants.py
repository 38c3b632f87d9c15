"""What holds after every block, whatever the calls in it: tests check it, and so may anybody who doubts a state."""

from __future__ import annotations

from .frame.context import Context
from .pallets.balances.pallet import Holds, Locks, Reserves, TotalIssuance
from .pallets.system import Account, AccountInfo


def check(ctx: Context) -> None:
    """Raises AssertionError, which says what does not hold. Reads all accounts."""
    total = 0
    for who, info in Account.items(ctx):
        total += info.data.total
        _check_account(ctx, who, info)
    issuance = TotalIssuance.get(ctx)
    assert total == issuance, f"accounts own {total} rao, but {issuance} rao are issued"


def _check_account(ctx: Context, who: bytes, info: AccountInfo) -> None:
    """What an account owns is kept alive by a provider, and what is set aside is relied upon by a consumer."""
    name, data = f"account {who.hex()}", info.data
    if data.total or info.consumers:
        assert info.providers, f"{name} owns {data.total} rao and has {info.consumers} consumers, but no provider"
    if data.reserved or data.frozen:
        assert info.consumers, f"{name} has {data.reserved} rao reserved, {data.frozen} frozen, but no consumer"
    held = sum(hold.amount for hold in Holds.get(ctx, who)) + sum(named.amount for named in Reserves.get(ctx, who))
    assert held <= data.reserved, f"{name} has {held} rao on hold, but only {data.reserved} reserved"
    frozen = max((lock.amount for lock in Locks.get(ctx, who)), default=0)
    assert frozen == data.frozen, f"{name} has {data.frozen} rao frozen, but its largest lock is {frozen}"
