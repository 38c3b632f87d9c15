"""Balances from nothing. Amounts are in rao.

Minted TAO counts in the issuance of Balances, as what block 0 funds does, but not in that of SubtensorModule, from
which emission follows: a test may fund accounts without changing the emission.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ..frame.context import Context
from ..frame.errors import ArithmeticFault, TokenError, ensure
from ..pallets.balances import fungible
from ..pallets.balances.accounts import account_data, add_free
from ..pallets.balances.declared import ExistentialDeposit, TotalIssuance
from ..pallets.subtensor.declared.limits import TOTAL_SUPPLY
from ..pallets.system import Account


def account_nonce(ctx: Context, who: bytes) -> int:
    """Return the number of an account's transactions so far."""
    return Account.get(ctx, who).nonce


def mintable(ctx: Context) -> int:
    """Return how much can be minted until the supply is issued; from then on the chain would emit nothing."""
    return max(TOTAL_SUPPLY - TotalIssuance.get(ctx), 0)


def add_balance(ctx: Context, who: bytes, amount: int) -> int:
    """Mint `amount` into an account and return its free balance.

    Fails with Overflow beyond the supply of TAO, and with BelowMinimum if less than the existential deposit results.
    """
    if amount:
        ensure(amount <= mintable(ctx), ArithmeticFault.Overflow)
        fungible.mint_into(ctx, who, amount)
    return account_data(ctx, who).free


def set_balance(ctx: Context, who: bytes, amount: int) -> int:
    """Mint or burn so that an account has a free balance of `amount`, and return it; 0 reaps the account.

    Fails as `add_balance`, and where the account has reserved funds or consumers and so cannot be reaped.
    """
    free = account_data(ctx, who).free
    ensure(amount == 0 or amount >= ExistentialDeposit.get(ctx), TokenError.BelowMinimum)
    if amount < free:
        add_free(ctx, who, amount - free)
        fungible.rescind(ctx, free - amount)
    return add_balance(ctx, who, max(amount - free, 0))


@contextmanager
def paid_for(ctx: Context, who: bytes, cost: int) -> Iterator[None]:
    """Let an account spend up to `cost` inside without having it: its free balance is the same at the end."""
    free = account_data(ctx, who).free
    add_balance(ctx, who, cost + ExistentialDeposit.get(ctx))
    yield
    set_balance(ctx, who, free)
