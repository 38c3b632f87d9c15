"""The fees of executions: withdrawn for the whole gas limit before, refunded for the rest, and paid to the author.

A port of `SubtensorEvmFeeHandler`: fees are in rao, rounded down from wei.
"""

from __future__ import annotations

from ....consensus.integers import saturating_sub
from ...frame.context import Context
from ...frame.errors import DispatchFailed
from ..balances import fungible
from .accounts import to_rao
from .addresses import account_of, author_address
from .declared import Error


def withdraw_fee(ctx: Context, payer: bytes, fee: int) -> int | None:
    """Withdraw a fee (wei) from the account of an address; return it in rao, None if there is none to pay.

    Fails with FeeOverflow for a fee above all balances, BalanceLow when the account cannot pay it and live.
    """
    if fee == 0:
        return None
    amount = to_rao(fee)
    if amount is None:
        raise DispatchFailed(Error.FeeOverflow)
    try:
        fungible.withdraw(ctx, account_of(payer), amount, fungible.Preservation.Preserve)
    except DispatchFailed:
        raise DispatchFailed(Error.BalanceLow) from None
    return amount


def settle_fee(ctx: Context, payer: bytes, withdrawn: int, fee: int, base_fee: int) -> None:
    """Refund what was withdrawn (rao) beyond the fee (wei); pay the part that is base fee (wei) to the author.

    The rest, which can only be what could not be refunded, is a tip for the author's address.
    """
    earned = withdrawn - fungible.deposit(ctx, account_of(payer), saturating_sub(withdrawn, to_rao(fee) or 0))
    base = min(earned, to_rao(base_fee) or 0)
    if base and ctx.block.author is not None:
        fungible.resolve(ctx, ctx.block.author, base)
    else:
        fungible.rescind(ctx, base)
    fungible.resolve(ctx, account_of(author_address(ctx)), earned - base)
