"""The calls of LimitOrders (index 32).

An owner of TAO or stake signs an order off the chain: buy alpha below a price, or sell above or below one. A relayer
submits signed orders when their prices are met, each on its own or as a batch that is executed at one price. An order
is executed once, or in parts up to its amount; its signer can cancel it before.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from ...frame.context import Context
from ...frame.errors import DispatchFailed, as_dispatch_error, ensure
from ...frame.weight import Weight, weight_of
from ...scale import MaxLen, SourceName
from .. import swap
from ..shared.types import ROOT_NETUID, NetUid
from ..subtensor.ledger.accounts import coldkey_owns_hotkey, create_account_if_non_existent
from ..subtensor.staking.order_swap import buy_alpha, sell_alpha
from . import batch as batches
from . import declared
from .declared import Cancelled, Error, LimitOrdersEnabled, Orders, SignedOrder, VersionedOrder
from .declared import pallet as pallet
from .orders import (
    derive_order_id,
    effective_swap_limit,
    ensure_valid,
    note_execution,
    own_account,
    part_of,
)

SignedOrders = Annotated[
    list[Annotated[SignedOrder, SourceName("SignedOrder<T::AccountId>")]],
    MaxLen(declared.MAX_ORDERS, bound="T::MaxOrdersPerBatch"),
]


def _list_weight(orders: Sequence[SignedOrder], should_fail: bool) -> Weight:
    n = len(orders)
    return weight_of(61_768_457 + 520_180_782 * n, 6148 + 5158 * n, reads=17 + 11 * n, writes=10 + 7 * n)


def _batch_weight(netuid: int, orders: Sequence[SignedOrder]) -> Weight:
    n = len(orders)
    return weight_of(499_718_496 + 259_134_004 * n, 8727 + 5158 * n, reads=25 + 10 * n, writes=15 + 7 * n)


@pallet.call(0, weight=_list_weight)
def execute_orders(ctx: Context, orders: SignedOrders, should_fail: bool) -> None:
    """Execute signed orders one after the other, at most 100; the signer is their relayer.

    An order that fails is skipped, with event OrderSkipped, or fails the call with `should_fail`. Fails with
    LimitOrdersDisabled.
    """
    relayer = ctx.ensure_signed()
    ensure(LimitOrdersEnabled.get(ctx), Error.LimitOrdersDisabled)
    for signed in orders:
        order_id, mark = derive_order_id(signed.order), ctx.block.mark()
        try:
            with ctx.state.transaction():
                _execute(ctx, signed, order_id, relayer)
        except DispatchFailed as failed:
            if should_fail:
                raise
            ctx.block.rewind(mark)
            ctx.deposit(declared.OrderSkipped(order_id, as_dispatch_error(failed.error)))


def _execute(ctx: Context, signed: SignedOrder, order_id: bytes, relayer: bytes) -> None:
    """Trade with the pool for one order, and pay its fee in rao: of what is paid in, or of what is paid out."""
    order, part = signed.order.order, signed.partial_fill
    ensure_valid(ctx, signed, order_id, swap.current_price(ctx, order.netuid), relayer)
    limit, amount = effective_swap_limit(order), order.amount if part is None else part
    stake = order.signer, order.hotkey, order.netuid
    if order.order_type.is_buy:
        fee = part_of(amount, order.fee_rate)
        paid_in = amount - fee
        paid_out = buy_alpha(ctx, *stake, paid_in, limit, validate=True)
    else:
        paid_in = amount
        tao = sell_alpha(ctx, *stake, amount, limit, validate=True)
        fee = part_of(tao, order.fee_rate)
        paid_out = tao - fee
    batches.forward_fee(ctx, order.signer, order.fee_recipient, fee)
    note_execution(ctx, order_id, part, order.amount)
    ctx.deposit(declared.OrderExecuted(order_id, order.signer, order.netuid, order.order_type, paid_in, paid_out))


@pallet.call(1, weight=_batch_weight)
def execute_batched_orders(ctx: Context, netuid: NetUid, orders: SignedOrders) -> None:
    """Execute signed orders of one subnet against each other, and the rest with the pool, at one price for all.

    All orders, at most 100, are executed, or none; the signer is their relayer. Fails with LimitOrdersDisabled,
    RootNetUidNotAllowed, DuplicateOrderInBatch, OrderNetUidMismatch, SwapReturnedZero, ZeroShareInBatch, and the
    reasons for which an order may not be executed.
    """
    relayer = ctx.ensure_signed()
    ensure(LimitOrdersEnabled.get(ctx), Error.LimitOrdersDisabled)
    ensure(netuid != ROOT_NETUID, Error.RootNetUidNotAllowed)
    batch = batches.collect(ctx, netuid, swap.current_price(ctx, netuid), orders, relayer)
    if not orders:
        return
    batches.take_in(ctx, batch)
    paid = batches.trade_rest(ctx, batch)
    batches.pay_buyers(ctx, batch, paid)
    fees = batches.pay_sellers(ctx, batch, paid)
    batches.pay_fees(ctx, batch, fees)
    net = batches.net_amount(batch)
    ctx.deposit(declared.GroupExecutionSummary(netuid, batch.side, net, paid, len(orders)))


@pallet.call(2, weight=weight_of(14_822_000, 3522, reads=1, writes=1))
def cancel_order(ctx: Context, order: Annotated[VersionedOrder, SourceName("VersionedOrder<T::AccountId>")]) -> None:
    """Cancel an order of the signer for good. Fails with Unauthorized and OrderAlreadyProcessed."""
    who = ctx.ensure_signed()
    ensure(order.order.signer == who, Error.Unauthorized)
    order_id = derive_order_id(order)
    ensure(Orders.get(ctx, order_id) is None, Error.OrderAlreadyProcessed)
    Orders.put(ctx, order_id, Cancelled())
    ctx.deposit(declared.OrderCancelled(order_id, who))


@pallet.call(3, weight=weight_of(4_266_000, writes=1))
def set_pallet_status(ctx: Context, enabled: bool) -> None:
    """Enable or disable the execution of orders. Only root may.

    Fails with PalletHotkeyNotRegistered when the pallet's hotkey does not belong to its account.
    """
    ctx.ensure_root()
    owned = not enabled or coldkey_owns_hotkey(ctx, own_account(ctx), declared.PalletHotkey.get(ctx))
    ensure(owned, Error.PalletHotkeyNotRegistered)
    LimitOrdersEnabled.put(ctx, enabled)
    ctx.deposit(declared.LimitOrdersPalletStatusChanged(enabled))


def build_genesis(ctx: Context) -> None:
    """Give the pallet's hotkey to its account, and enable the execution of orders."""
    create_account_if_non_existent(ctx, own_account(ctx), declared.PalletHotkey.get(ctx))
    LimitOrdersEnabled.put(ctx, True)
