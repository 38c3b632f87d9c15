"""LimitOrders: types, storage, events, errors and constants."""

from __future__ import annotations

import enum
from typing import Annotated

from ...crypto.accounts import pallet_account
from ...frame.errors import DispatchError, PalletError
from ...frame.extrinsic import MultiSignature
from ...frame.hashers import Blake2_128Concat, Identity
from ...frame.pallet import Pallet
from ...scale import H256, AccountId, MaxLen, Perbill, SourceName, Struct, Sum, scale_enum, u32, u64
from ..shared.types import NetUid
from ..shared.types import PalletId as PalletIdBytes

MAX_ORDERS, MAX_RELAYERS = 100, 10
MigrationKey = Annotated[bytes, MaxLen(128, bound="MigrationKeyMaxLen")]


@scale_enum("pallet_limit_orders::OrderSide")
class OrderSide(enum.Enum):
    """Whether alpha is bought or sold."""

    Buy = 0
    Sell = 1


@scale_enum("pallet_limit_orders::OrderType")
class OrderType(enum.Enum):
    """The kind of an order: buy below a price, sell above one, or sell below one."""

    LimitBuy = 0
    TakeProfit = 1
    StopLoss = 2

    @property
    def is_buy(self) -> bool:
        """Whether the order buys alpha."""
        return self is OrderType.LimitBuy


Relayers = Annotated[list[AccountId], MaxLen(MAX_RELAYERS)]


class Order(Struct, path="pallet_limit_orders::Order", params=[("AccountId", AccountId)]):
    """An order of `signer` on its stake on `hotkey`.

    `amount` is in rao for a purchase, in alpha for a sale; `limit_price` in rao for one alpha; `expiry` in milliseconds
    since 1970. Only these `relayer` accounts may execute it, any without a list; with a list it may be filled in parts.
    `max_slippage` limits how far the price may be beyond the limit.
    """

    signer: AccountId
    hotkey: AccountId
    netuid: NetUid
    order_type: OrderType
    amount: u64
    limit_price: u64
    expiry: u64
    fee_rate: Perbill
    fee_recipient: AccountId
    relayer: Relayers | None
    max_slippage: Perbill | None
    chain_id: u64
    partial_fills_enabled: bool


class VersionedOrder(
    Sum, path="pallet_limit_orders::VersionedOrder", params=[("AccountId", AccountId)], positional=True
):
    """An order of any version; its bytes are signed, and their hash is the order's id."""

    order: Order


class V1(VersionedOrder, index=0):
    order: Annotated[Order, SourceName("Order<AccountId>")]


class SignedOrder(Struct, path="pallet_limit_orders::SignedOrder", params=[("AccountId", AccountId)]):
    """An order with its signer's signature, and how much of it to fill; without, all of it."""

    order: Annotated[VersionedOrder, SourceName("VersionedOrder<AccountId>")]
    signature: MultiSignature
    partial_fill: u64 | None


class OrderStatus(Sum, path="pallet_limit_orders::OrderStatus", positional=True):
    """What became of an order."""


class Fulfilled(OrderStatus, index=0):
    """It was executed in full."""


class PartiallyFilled(OrderStatus, index=1):
    """This much of its amount was executed."""

    filled: u64


class Cancelled(OrderStatus, index=2):
    """Its signer cancelled it."""


class Event(Sum, params=[("T", None)]):
    pass


class OrderExecuted(Event, index=0):
    """An order was executed, or a part of it; amounts in rao and alpha, by its type."""

    order_id: H256
    signer: AccountId
    netuid: NetUid
    order_type: OrderType
    amount_in: u64
    amount_out: u64


class OrderSkipped(Event, index=1):
    """An order of a list was not executed, for this reason."""

    order_id: H256
    reason: Annotated[DispatchError, SourceName("sp_runtime::DispatchError")]


class OrderCancelled(Event, index=2):
    """A signer cancelled an order."""

    order_id: H256
    signer: AccountId


class GroupExecutionSummary(Event, index=3):
    """Orders were executed against each other; the rest was traded with the subnet's pool on this side."""

    netuid: NetUid
    net_side: OrderSide
    net_amount: u64
    actual_out: u64
    executed_count: u32


class LimitOrdersPalletStatusChanged(Event, index=4):
    """Root enabled or disabled the execution of orders."""

    enabled: bool


class Error(PalletError):
    InvalidSignature = 0, "The signature of the order is not valid; only sr25519 is accepted."
    OrderAlreadyProcessed = 1, "The order was executed or cancelled already."
    OrderCancelled = 2, "The order was cancelled."
    OrderExpired = 3, "The order has expired."
    PriceConditionNotMet = 4, "The price is not what the order asks for."
    Unauthorized = 5, "Only the signer of the order may do this."
    SwapReturnedZero = 6, "The pool pays out nothing."
    RootNetUidNotAllowed = 7, "There are no orders on root."
    OrderNetUidMismatch = 8, "The order is for another subnet than the batch."
    LimitOrdersDisabled = 9, "The execution of orders is disabled."
    RelayerMissMatch = 10, "The order names other relayers."
    PartialFillsNotEnabled = 11, "The order may not be filled in parts."
    IncorrectPartialFillAmount = 12, "The part is zero or more than what is left, or the rest was not stated as a part."
    RelayerRequiredForPartialFill = 13, "Only an order with relayers may be filled in parts."
    ChainIdMismatch = 14, "The order is for a chain with another id."
    PalletHotkeyNotRegistered = 15, "The hotkey of the pallet does not belong to the pallet's account."
    ArithmeticOverflow = 16, "An arithmetic overflow."
    DuplicateOrderInBatch = 17, "The order is in the batch twice."
    ZeroShareInBatch = 18, "The order would receive nothing in this batch."


pallet = Pallet("LimitOrders", 32, crate="pallet_limit_orders", event=Event, error=Error)

MaxOrdersPerBatch = pallet.constant(u32, MAX_ORDERS, docs="The greatest number of orders in one call.")
PalletId = pallet.constant(
    PalletIdBytes, b"bt/limit", docs="The id from which the account that holds the coins of a batch is derived."
)
PalletHotkey = pallet.constant(
    AccountId, pallet_account(b"bt/lmhky"), docs="The hotkey on which that account stakes during a batch."
)

Orders = pallet.map(Blake2_128Concat, H256, OrderStatus, docs="What became of an order, by its id.")
LimitOrdersEnabled = pallet.value(bool, default=False, docs="Whether orders are executed.")
HasMigrationRun = pallet.map(
    Identity, MigrationKey, bool, default=False, docs="Whether a migration of this pallet has run, by its name."
)

pallet.name_declared(globals())
