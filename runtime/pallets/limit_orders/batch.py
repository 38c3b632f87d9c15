"""Executing a batch of orders of one subnet against each other, and what is left over against the pool.

The pallet's account collects the TAO of the buyers and the alpha of the sellers, trades the difference, and pays all of
them at one price; then it pays the fees. Totals are u128 on the chain, prices U64F64 TAO for one alpha.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ....consensus.fixed import U64F64
from ....consensus.integers import U64_MAX, saturate_u128, saturating_add_u64, saturating_sub
from ...frame.context import Context
from ...frame.errors import DispatchFailed, ensure
from ..balances import fungible
from ..subtensor.staking.order_swap import buy_alpha, sell_alpha, transfer_staked_alpha
from . import declared
from .declared import Error, Order, OrderSide, SignedOrder
from .orders import (
    derive_order_id,
    effective_swap_limit,
    ensure_valid,
    note_execution,
    own_account,
    part_of,
)


class Entry(NamedTuple):
    """An order of a batch: what its signer pays in (`gross`), and what of that is traded after the fee (`net`)."""

    order_id: bytes
    order: Order
    gross: int
    net: int
    partial_fill: int | None


class Batch(NamedTuple):
    """The orders of a batch, by side, with their totals; `sell_tao` is the worth of the alpha that is sold."""

    netuid: int
    price: int
    account: bytes
    hotkey: bytes
    buys: Sequence[Entry]
    sells: Sequence[Entry]
    buy_tao: int
    sell_alpha: int
    sell_tao: int

    @property
    def side(self) -> OrderSide:
        """The side on which the pool is needed."""
        return OrderSide.Buy if self.buy_tao >= self.sell_tao else OrderSide.Sell


def alpha_to_tao(alpha: int, price: int) -> int:
    """Return the worth of alpha in rao at a price."""
    return U64F64.to_int(U64F64.saturating_mul(price, U64F64.from_int(alpha)), 128)


def tao_to_alpha(tao: int, price: int) -> int:
    """Return the alpha that is worth `tao` rao at a price, 0 at a price of zero; ArithmeticOverflow."""
    if price == 0:
        return 0
    alpha = U64F64.checked_div(U64F64.from_int(tao), price)
    if alpha is None:
        raise DispatchFailed(Error.ArithmeticOverflow)
    return U64F64.to_int(alpha, 128)


def transfer_tao(ctx: Context, source: bytes, dest: bytes, amount: int) -> None:
    """Move rao; the source may be reaped."""
    fungible.transfer(ctx, source, dest, amount, fungible.Preservation.Expendable)


def forward_fee(ctx: Context, payer: bytes, recipient: bytes, fee: int) -> None:
    """Pay a fee in rao, if there is one."""
    if fee:
        transfer_tao(ctx, payer, recipient, fee)


# --- collecting ----------------------------------------------------------------------------------------------------


def collect(ctx: Context, netuid: int, price: int, orders: Iterable[SignedOrder], relayer: bytes) -> Batch:
    """Check the orders and return them as a batch.

    Fails with DuplicateOrderInBatch, OrderNetUidMismatch, and as `ensure_valid`.
    """
    seen: set[bytes] = set()
    entries = []
    for signed in orders:
        order_id, order = derive_order_id(signed.order), signed.order.order
        ensure(order_id not in seen, Error.DuplicateOrderInBatch)
        seen.add(order_id)
        ensure(order.netuid == netuid, Error.OrderNetUidMismatch)
        ensure_valid(ctx, signed, order_id, price, relayer)
        gross = order.amount if signed.partial_fill is None else signed.partial_fill
        net = saturating_sub(gross, part_of(gross, order.fee_rate)) if order.order_type.is_buy else gross
        entries.append(Entry(order_id, order, gross, net, signed.partial_fill))
    buys = [entry for entry in entries if entry.order.order_type.is_buy]
    sells = [entry for entry in entries if not entry.order.order_type.is_buy]
    alpha = sum(entry.net for entry in sells)
    account, hotkey = own_account(ctx), declared.PalletHotkey.get(ctx)
    tao = sum(entry.net for entry in buys)
    return Batch(netuid, price, account, hotkey, buys, sells, tao, alpha, alpha_to_tao(alpha, price))


def take_in(ctx: Context, batch: Batch) -> None:
    """Move the coins of all orders to the pallet's account."""
    for entry in batch.buys:
        transfer_tao(ctx, entry.order.signer, batch.account, entry.gross)
    for entry in batch.sells:
        origin = entry.order.signer, entry.order.hotkey, batch.netuid
        destination = batch.account, batch.hotkey, batch.netuid
        transfer_staked_alpha(ctx, origin, destination, entry.gross, validate_sender=True, validate_receiver=False)


# --- trading -------------------------------------------------------------------------------------------------------


def trade_rest(ctx: Context, batch: Batch) -> int:
    """Trade with the pool what the orders do not trade among themselves, and return what it pays; SwapReturnedZero."""
    limit, coins = _pool_limit(batch), (batch.account, batch.hotkey, batch.netuid)
    if batch.side is OrderSide.Buy:
        tao = (batch.buy_tao - batch.sell_tao) & U64_MAX
        paid = buy_alpha(ctx, *coins, tao, limit, validate=False) if tao else None
    else:
        alpha = saturating_sub(batch.sell_alpha, tao_to_alpha(batch.buy_tao, batch.price)) & U64_MAX
        paid = sell_alpha(ctx, *coins, alpha, limit, validate=False) if alpha else None
    ensure(paid != 0, Error.SwapReturnedZero)
    return paid or 0


def _pool_limit(batch: Batch) -> int:
    """Return the strictest price limit of the orders on the side that needs the pool."""
    if batch.side is OrderSide.Buy:
        return min((effective_swap_limit(entry.order) for entry in batch.buys), default=U64_MAX)
    return max((effective_swap_limit(entry.order) for entry in batch.sells), default=0)


# --- paying out ----------------------------------------------------------------------------------------------------


def pay_buyers(ctx: Context, batch: Batch, paid: int) -> None:
    """Share the alpha among the buyers, in proportion to what they paid after the fee; ZeroShareInBatch."""
    if batch.side is OrderSide.Buy:
        alpha = saturate_u128(paid + batch.sell_alpha)
    else:
        alpha = tao_to_alpha(batch.buy_tao, batch.price)
    for entry in batch.buys:
        share = _share(alpha, entry.net, batch.buy_tao)
        ensure(share > 0, Error.ZeroShareInBatch)
        origin = batch.account, batch.hotkey, batch.netuid
        destination = entry.order.signer, entry.order.hotkey, batch.netuid
        transfer_staked_alpha(ctx, origin, destination, share, validate_sender=False, validate_receiver=True)
        _executed(ctx, batch, entry, share)


def pay_sellers(ctx: Context, batch: Batch, paid: int) -> dict[bytes, int]:
    """Share the TAO among the sellers, in proportion to the worth of their alpha; return the fees by recipient.

    Fails with ZeroShareInBatch.
    """
    tao = saturate_u128(paid + batch.buy_tao) if batch.side is OrderSide.Sell else batch.sell_tao
    fees: dict[bytes, int] = {}
    for entry in batch.sells:
        share = _share(tao, alpha_to_tao(entry.net, batch.price), batch.sell_tao)
        fee = part_of(share, entry.order.fee_rate)
        ensure(share > fee, Error.ZeroShareInBatch)
        _add_fee(fees, entry.order.fee_recipient, fee)
        transfer_tao(ctx, batch.account, entry.order.signer, share - fee)
        _executed(ctx, batch, entry, share - fee)
    return fees


def pay_fees(ctx: Context, batch: Batch, fees: dict[bytes, int]) -> None:
    """Pay the fees of the sellers, given by recipient, and those of the buyers."""
    for entry in batch.buys:
        _add_fee(fees, entry.order.fee_recipient, entry.gross - entry.net)
    for recipient, fee in fees.items():
        forward_fee(ctx, batch.account, recipient, fee)


def _share(total: int, part: int, whole: int) -> int:
    """Return the part of a total, of which the low 64 bits count, as on the chain."""
    return saturate_u128(total * part) // whole & U64_MAX if whole else 0


def _add_fee(fees: dict[bytes, int], recipient: bytes, fee: int) -> None:
    if fee:
        fees[recipient] = saturating_add_u64(fees.get(recipient, 0), fee)


def _executed(ctx: Context, batch: Batch, entry: Entry, amount_out: int) -> None:
    order = entry.order
    note_execution(ctx, entry.order_id, entry.partial_fill, order.amount)
    ctx.deposit(
        declared.OrderExecuted(entry.order_id, order.signer, batch.netuid, order.order_type, entry.gross, amount_out)
    )


def net_amount(batch: Batch) -> int:
    """Return what the pool was needed for: rao of buyers, or alpha of sellers."""
    if batch.side is OrderSide.Buy:
        return (batch.buy_tao - batch.sell_tao) & U64_MAX
    return saturating_sub(batch.sell_alpha & U64_MAX, tao_to_alpha(batch.buy_tao, batch.price) & U64_MAX)
