"""Balances from nothing."""

from __future__ import annotations

from ...runtime.edits import balances
from ..arguments import AccountLike, Amount, account_of, rao_of
from ..chain import Blockchain
from .editing import editing


def fund(chain: Blockchain, account: AccountLike, amount: Amount) -> int:
    """Add `amount` to the free balance of an account, and return that balance in rao.

    ChainError beyond the 21 million TAO that the chain may issue.
    """
    with editing(chain) as ctx:
        return balances.add_balance(ctx, account_of(account), rao_of(amount))


def set_balance(chain: Blockchain, account: AccountLike, amount: Amount) -> int:
    """Let the free balance of an account be `amount`, and return it; 0 removes an account that nothing refers to."""
    with editing(chain) as ctx:
        return balances.set_balance(ctx, account_of(account), rao_of(amount))
