"""Orders: their ids, whether they may be executed now, and what became of them."""

from __future__ import annotations

from ....consensus.fixed import U64F64
from ....consensus.integers import U64_MAX, saturating_add_u64, saturating_sub
from ...crypto.accounts import pallet_account
from ...crypto.hashing import blake2_256
from ...crypto.signatures import verify_account
from ...frame.context import Context
from ...frame.errors import ensure
from ...frame.extrinsic import Sr25519
from .. import evm_chain_id, swap, timestamp
from ..shared.types import ROOT_NETUID
from . import declared
from .declared import (
    Cancelled,
    Error,
    Fulfilled,
    Order,
    Orders,
    OrderStatus,
    OrderType,
    PartiallyFilled,
    SignedOrder,
    VersionedOrder,
)

#: The parts of a `Perbill` that make the whole.
WHOLE = 10**9


def part_of(amount: int, parts: int) -> int:
    """Return the part of an amount, in billionths of it, rounded down."""
    return amount * parts // WHOLE


def derive_order_id(order: VersionedOrder) -> bytes:
    """Return the id of an order: the BLAKE2b-256 hash of its bytes."""
    return blake2_256(VersionedOrder.scale.encode(order))


def own_account(ctx: Context) -> bytes:
    """Return the account that holds the coins of a batch while it is executed."""
    return pallet_account(declared.PalletId.get(ctx))


def effective_swap_limit(order: Order) -> int:
    """Return the price limit of the trade, in rao for one alpha: none without `max_slippage`."""
    if order.max_slippage is None:
        return U64_MAX if order.order_type.is_buy else 0
    slippage = part_of(order.limit_price, order.max_slippage)
    if order.order_type.is_buy:
        return saturating_add_u64(order.limit_price, slippage)
    return saturating_sub(order.limit_price, slippage)


# --- validity ------------------------------------------------------------------------------------------------------


def ensure_valid(ctx: Context, signed: SignedOrder, order_id: bytes, price: int, relayer: bytes) -> None:
    """Refuse an order that may not be executed now, at this price (U64F64 TAO for one alpha), by this relayer.

    Fails with RootNetUidNotAllowed, ChainIdMismatch, InvalidSignature, OrderAlreadyProcessed, OrderCancelled,
    OrderExpired, PriceConditionNotMet, RelayerMissMatch, and as `_ensure_fillable`.
    """
    order, status = signed.order.order, Orders.get(ctx, order_id)
    ensure(order.netuid != ROOT_NETUID, Error.RootNetUidNotAllowed)
    ensure(order.chain_id == evm_chain_id.ChainId.get(ctx), Error.ChainIdMismatch)
    ensure(_is_signed(signed), Error.InvalidSignature)
    ensure(not isinstance(status, Fulfilled), Error.OrderAlreadyProcessed)
    ensure(not isinstance(status, Cancelled), Error.OrderCancelled)
    ensure(timestamp.Now.get(ctx) <= order.expiry, Error.OrderExpired)
    ensure(_price_is_met(order, price), Error.PriceConditionNotMet)
    ensure(order.relayer is None or relayer in order.relayer, Error.RelayerMissMatch)
    _ensure_fillable(signed, status)


def _is_signed(signed: SignedOrder) -> bool:
    signature = signed.signature
    message = VersionedOrder.scale.encode(signed.order)
    return isinstance(signature, Sr25519) and verify_account(
        signature.scheme, signature.signature, message, signed.order.order.signer
    )


def _price_is_met(order: Order, price: int) -> bool:
    rao = U64F64.to_int(U64F64.saturating_mul(price, U64F64.from_int(swap.RAO)), 64)
    return rao >= order.limit_price if order.order_type is OrderType.TakeProfit else rao <= order.limit_price


def _ensure_fillable(signed: SignedOrder, status: OrderStatus | None) -> None:
    """Refuse a part that the order does not allow.

    Fails with RelayerRequiredForPartialFill, PartialFillsNotEnabled, and IncorrectPartialFillAmount, also for an order
    that was filled in part and is now to be filled without stating how much.
    """
    order, part = signed.order.order, signed.partial_fill
    filled = status.filled if isinstance(status, PartiallyFilled) else 0
    if part is None:
        ensure(not isinstance(status, PartiallyFilled), Error.IncorrectPartialFillAmount)
        return
    ensure(order.relayer is not None, Error.RelayerRequiredForPartialFill)
    ensure(order.partial_fills_enabled, Error.PartialFillsNotEnabled)
    ensure(0 < part <= saturating_sub(order.amount, filled), Error.IncorrectPartialFillAmount)


def note_execution(ctx: Context, order_id: bytes, part: int | None, amount: int) -> None:
    """Record that an order of this amount was executed, or a part of it."""
    status: OrderStatus = Fulfilled()
    if part is not None:
        former = Orders.get(ctx, order_id)
        total = saturating_add_u64(former.filled if isinstance(former, PartiallyFilled) else 0, part)
        if total < amount:
            status = PartiallyFilled(total)
    Orders.put(ctx, order_id, status)
