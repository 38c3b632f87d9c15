"""Limit orders, one by one and in batches; rules and numbers of the chain's `limit-orders/src/tests`.

The genuine tests mock the pool. Here it is real, and what it should pay is computed with exact fractions.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from pysubtensor.consensus.fixed import U64F64
from pysubtensor.runtime.crypto import Keypair
from pysubtensor.runtime.crypto.schemes import Scheme
from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import AnyError, BadOrigin, DispatchFailed, as_dispatch_error
from pysubtensor.runtime.frame.extrinsic import SIGNATURES
from pysubtensor.runtime.frame.origin import NONE, ROOT_ORIGIN
from pysubtensor.runtime.pallets import timestamp
from pysubtensor.runtime.pallets.balances.fungible import mint_into
from pysubtensor.runtime.pallets.limit_orders import declared
from pysubtensor.runtime.pallets.limit_orders.batch import (
    Batch,
    Entry,
    alpha_to_tao,
    net_amount,
    pay_buyers,
    pay_sellers,
    tao_to_alpha,
)
from pysubtensor.runtime.pallets.limit_orders.calls import (
    build_genesis,
    cancel_order,
    execute_batched_orders,
    execute_orders,
    set_pallet_status,
)
from pysubtensor.runtime.pallets.limit_orders.declared import (
    V1,
    Cancelled,
    Error,
    Fulfilled,
    LimitOrdersEnabled,
    Order,
    Orders,
    OrderSide,
    OrderStatus,
    OrderType,
    PalletHotkey,
    PartiallyFilled,
    SignedOrder,
    VersionedOrder,
)
from pysubtensor.runtime.pallets.limit_orders.orders import (
    derive_order_id,
    effective_swap_limit,
    note_execution,
    own_account,
)
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error as SubtensorError
from pysubtensor.runtime.pallets.subtensor.genesis import GENESIS_NETUID
from pysubtensor.runtime.pallets.subtensor.lifecycle.network_registration import init_new_network
from pysubtensor.runtime.pallets.subtensor.storage.networks import SubnetMechanism, SubtokenEnabled
from pysubtensor.runtime.pallets.subtensor.storage.pools import SubnetAlphaIn, SubnetTAO

from tests.runtime.pallets.subtensor.pools import bought, free, give_stake, set_reserves, sold, stake_of
from tests.world import (
    ALICE,
    ALICE_KEY,
    BOB,
    BOB_KEY,
    CHARLIE,
    CHARLIE_KEY,
    DAVE,
    FUNDS,
    KEYS,
    TAO,
    U64_MAX,
    Dispatch,
    RefusedCall,
    account,
)

NETUID, HOT, COLLECTOR = GENESIS_NETUID, account(1), account(2)
NOW, FOREVER = 1_000_000, U64_MAX
PERCENT = 10_000_000
#: The reserves: an alpha costs two TAO.
POOL_TAO, POOL_ALPHA = 2_000_000 * TAO, 1_000_000 * TAO


@pytest.fixture(autouse=True)
def _market(ctx: Context) -> None:
    """Subnet 1 with a deep pool, and orders enabled; the block has no author."""
    for netuid in (0, NETUID):
        init_new_network(ctx, netuid, 100)
        SubtokenEnabled.put(ctx, netuid, True)
    SubnetMechanism.put(ctx, NETUID, 1)
    set_reserves(ctx, NETUID, POOL_TAO, POOL_ALPHA)
    give_stake(ctx, HOT, DAVE, NETUID, TAO)
    build_genesis(ctx)
    timestamp.Now.put(ctx, NOW)


def order_of(key: Keypair, kind: OrderType, amount: int, **changes: Any) -> SignedOrder:
    """Return a signed order on Dave's hotkey at any price, without a fee; `changes` are other fields."""
    limit = 0 if kind is OrderType.TakeProfit else U64_MAX
    order = Order(
        key.account, HOT, NETUID, kind, amount, limit, FOREVER, 0, COLLECTOR, None, None, 0, partial_fills_enabled=False
    )
    return sign(key, replace(order, **changes))


def sign(key: Keypair, order: Order) -> SignedOrder:
    message = VersionedOrder.scale.encode(V1(order))
    return SignedOrder(V1(order), SIGNATURES[key.scheme](key.sign(message)), None)


def buy(key: Keypair, amount: int, **changes: Any) -> SignedOrder:
    return order_of(key, OrderType.LimitBuy, amount, **changes)


def sell(key: Keypair, amount: int, **changes: Any) -> SignedOrder:
    return order_of(key, OrderType.TakeProfit, amount, **changes)


def status(ctx: Context, signed: SignedOrder) -> OrderStatus | None:
    return Orders.get(ctx, derive_order_id(signed.order))


def skipped(ctx: Context) -> list[AnyError]:
    """Return why orders were skipped."""
    return [event.reason for event in ctx.block.events if isinstance(event, declared.OrderSkipped)]


# --- single orders -------------------------------------------------------------------------------------------------


def test_a_purchase_is_executed_below_its_price(ctx: Context, dispatch: Dispatch) -> None:
    signed = buy(ALICE_KEY, 10 * TAO, limit_price=2 * TAO)
    dispatch(CHARLIE, execute_orders.call([signed], False))
    assert status(ctx, signed) == Fulfilled()
    assert free(ctx, ALICE) == FUNDS - 10 * TAO
    alpha = stake_of(ctx, HOT, ALICE, NETUID)
    assert alpha == pytest.approx(bought(POOL_TAO, POOL_ALPHA, 10 * TAO), abs=1)
    executed = ctx.block.events[-1]
    assert executed == declared.OrderExecuted(
        derive_order_id(signed.order), ALICE, NETUID, OrderType.LimitBuy, 10 * TAO, alpha
    )


@pytest.mark.parametrize(
    ("kind", "limit"), [(OrderType.TakeProfit, 2 * TAO), (OrderType.StopLoss, 2 * TAO), (OrderType.StopLoss, U64_MAX)]
)
def test_a_sale_is_executed_above_or_below_its_price(
    ctx: Context, dispatch: Dispatch, kind: OrderType, limit: int
) -> None:
    give_stake(ctx, HOT, ALICE, NETUID, 10 * TAO)
    signed = order_of(ALICE_KEY, kind, 10 * TAO, limit_price=limit)
    dispatch(CHARLIE, execute_orders.call([signed], False))
    assert status(ctx, signed) == Fulfilled()
    assert stake_of(ctx, HOT, ALICE, NETUID) == 0
    assert free(ctx, ALICE) - FUNDS == pytest.approx(sold(POOL_TAO, POOL_ALPHA, 10 * TAO), abs=2)


def test_a_price_below_one_is_compared_exactly(ctx: Context, dispatch: Dispatch) -> None:
    """A quarter of a TAO is 250,000,000 rao."""
    set_reserves(ctx, NETUID, POOL_ALPHA // 4, POOL_ALPHA)
    give_stake(ctx, HOT, ALICE, NETUID, 100 * TAO)
    orders = [sell(ALICE_KEY, TAO, limit_price=limit) for limit in (250_000_001, 250_000_000)]
    dispatch(CHARLIE, execute_orders.call(orders, False))
    assert [status(ctx, each) for each in orders] == [None, Fulfilled()]


REFUSALS: list[tuple[dict[str, Any], Error]] = [
    ({"netuid": 0}, Error.RootNetUidNotAllowed),
    ({"chain_id": 1}, Error.ChainIdMismatch),
    ({"expiry": NOW - 1}, Error.OrderExpired),
    ({"limit_price": 2 * TAO - 1}, Error.PriceConditionNotMet),
    ({"relayer": [BOB]}, Error.RelayerMissMatch),
]


@pytest.mark.parametrize(("change", "error"), REFUSALS, ids=lambda value: str(value)[:20])
def test_an_order_that_cannot_be_executed_is_skipped_or_fails_the_call(
    ctx: Context, dispatch: Dispatch, refused: RefusedCall, change: dict[str, Any], error: Error
) -> None:
    good, bad = buy(ALICE_KEY, 10 * TAO), buy(ALICE_KEY, 10 * TAO, **change)
    refused(CHARLIE, execute_orders.call([good, bad], True), error)
    dispatch(CHARLIE, execute_orders.call([bad, good], False))
    assert skipped(ctx) == [as_dispatch_error(error)]
    assert (status(ctx, bad), status(ctx, good)) == (None, Fulfilled())


def test_an_order_expires_after_its_last_millisecond(ctx: Context, dispatch: Dispatch) -> None:
    signed = buy(ALICE_KEY, 10 * TAO, expiry=NOW)
    dispatch(CHARLIE, execute_orders.call([signed], True))
    assert status(ctx, signed) == Fulfilled()


@pytest.mark.parametrize("scheme", [Scheme.ED25519, Scheme.ECDSA], ids=lambda scheme: scheme.name)
def test_only_sr25519_signs_orders(refused: RefusedCall, scheme: Scheme) -> None:
    signed = buy(Keypair.from_uri("//Alice", scheme), 10 * TAO)
    refused(CHARLIE, execute_orders.call([signed], True), Error.InvalidSignature)


def test_an_order_is_signed_by_its_owner_as_it_is(refused: RefusedCall) -> None:
    signed = buy(ALICE_KEY, 10 * TAO)
    forged = sign(BOB_KEY, signed.order.order)
    more = replace(signed, order=V1(replace(signed.order.order, amount=11 * TAO)))
    for each in (forged, more):
        refused(CHARLIE, execute_orders.call([each], True), Error.InvalidSignature)


def test_an_order_is_executed_once(dispatch: Dispatch, refused: RefusedCall) -> None:
    signed = buy(ALICE_KEY, 10 * TAO)
    dispatch(CHARLIE, execute_orders.call([signed], True))
    refused(CHARLIE, execute_orders.call([signed], True), Error.OrderAlreadyProcessed)


def test_no_orders_are_executed_without_a_trace(ctx: Context, dispatch: Dispatch) -> None:
    before = dict(ctx.state.changes())
    dispatch(CHARLIE, execute_orders.call([], True))
    dispatch(CHARLIE, execute_batched_orders.call(NETUID, []))
    assert ctx.state.changes() == before


def test_the_fee_of_a_purchase_is_part_of_its_amount(ctx: Context, dispatch: Dispatch) -> None:
    """One percent of 10 TAO; what is traded is the rest."""
    dispatch(CHARLIE, execute_orders.call([buy(ALICE_KEY, 10 * TAO, fee_rate=PERCENT)], True))
    assert free(ctx, COLLECTOR) == TAO // 10
    assert free(ctx, ALICE) == FUNDS - 10 * TAO
    assert stake_of(ctx, HOT, ALICE, NETUID) == pytest.approx(bought(POOL_TAO, POOL_ALPHA, 9_900_000_000), abs=1)


def test_the_fee_of_a_sale_is_part_of_what_it_brings(ctx: Context, dispatch: Dispatch) -> None:
    give_stake(ctx, HOT, ALICE, NETUID, 10 * TAO)
    dispatch(CHARLIE, execute_orders.call([sell(ALICE_KEY, 10 * TAO, fee_rate=PERCENT)], True))
    gross = free(ctx, ALICE) - FUNDS + free(ctx, COLLECTOR)
    assert gross == pytest.approx(sold(POOL_TAO, POOL_ALPHA, 10 * TAO), abs=2)
    assert free(ctx, COLLECTOR) == gross // 100


@pytest.mark.parametrize(
    ("kind", "limit", "slippage", "wanted"),
    [
        (OrderType.LimitBuy, 1_000, None, U64_MAX),
        (OrderType.TakeProfit, 1_000, None, 0),
        (OrderType.StopLoss, 1_000, None, 0),
        (OrderType.LimitBuy, 1_000, PERCENT, 1_010),
        (OrderType.TakeProfit, 1_000, PERCENT, 990),
        (OrderType.TakeProfit, 500, 100 * PERCENT, 0),
        (OrderType.LimitBuy, U64_MAX, 100 * PERCENT, U64_MAX),
    ],
)
def test_the_slippage_widens_the_limit_for_the_pool(
    kind: OrderType, limit: int, slippage: int | None, wanted: int
) -> None:
    signed = order_of(ALICE_KEY, kind, 1, limit_price=limit, max_slippage=slippage)
    assert effective_swap_limit(signed.order.order) == wanted


def test_an_order_that_the_slippage_would_cut_short_is_not_executed(
    ctx: Context, dispatch: Dispatch, refused: RefusedCall
) -> None:
    """100 TAO, of 2,000 in the pool, would raise the price by a tenth; the order allows a hundredth."""
    set_reserves(ctx, NETUID, POOL_TAO // 1_000, POOL_ALPHA // 1_000)
    narrow = buy(ALICE_KEY, 100 * TAO, limit_price=2 * TAO, max_slippage=PERCENT)
    refused(CHARLIE, execute_orders.call([narrow], True), SubtensorError.SlippageTooHigh)
    refused(CHARLIE, execute_batched_orders.call(NETUID, [narrow]), SubtensorError.SlippageTooHigh)
    wide = buy(ALICE_KEY, 100 * TAO, limit_price=2 * TAO, max_slippage=15 * PERCENT)
    dispatch(CHARLIE, execute_orders.call([wide], True))
    assert status(ctx, wide) == Fulfilled()


# --- cancelling ----------------------------------------------------------------------------------------------------


def test_a_signer_cancels_an_order_for_good(ctx: Context, dispatch: Dispatch, refused: RefusedCall) -> None:
    signed = buy(ALICE_KEY, 10 * TAO)
    refused(BOB, cancel_order.call(signed.order), Error.Unauthorized)
    refused(NONE, cancel_order.call(signed.order), BadOrigin())
    dispatch(ALICE, cancel_order.call(signed.order))
    assert status(ctx, signed) == Cancelled()
    assert ctx.block.events[-1] == declared.OrderCancelled(derive_order_id(signed.order), ALICE)
    refused(ALICE, cancel_order.call(signed.order), Error.OrderAlreadyProcessed)
    refused(CHARLIE, execute_orders.call([signed], True), Error.OrderCancelled)
    refused(CHARLIE, execute_batched_orders.call(NETUID, [signed]), Error.OrderCancelled)


def test_an_executed_order_is_not_cancelled(dispatch: Dispatch, refused: RefusedCall) -> None:
    signed = buy(ALICE_KEY, 10 * TAO)
    dispatch(CHARLIE, execute_orders.call([signed], True))
    refused(ALICE, cancel_order.call(signed.order), Error.OrderAlreadyProcessed)


# --- parts ---------------------------------------------------------------------------------------------------------


def in_parts(amount: int = 10 * TAO, **changes: Any) -> SignedOrder:
    return buy(ALICE_KEY, amount, **({"relayer": [CHARLIE], "partial_fills_enabled": True} | changes))


BOTH = pytest.mark.parametrize("batched", [False, True], ids=["single", "batch"])


def execute(orders: list[SignedOrder], batched: bool) -> Call:
    return execute_batched_orders.call(NETUID, orders) if batched else execute_orders.call(orders, True)


@BOTH
def test_an_order_is_filled_in_parts_by_its_relayer(ctx: Context, dispatch: Dispatch, batched: bool) -> None:
    signed = in_parts()
    dispatch(CHARLIE, execute([replace(signed, partial_fill=4 * TAO)], batched))
    assert status(ctx, signed) == PartiallyFilled(4 * TAO)
    dispatch(CHARLIE, execute([replace(signed, partial_fill=6 * TAO)], batched))
    assert status(ctx, signed) == Fulfilled()
    assert free(ctx, ALICE) == FUNDS - 10 * TAO


@BOTH
@pytest.mark.parametrize(
    ("change", "part", "error"),
    [
        ({"relayer": None}, TAO, Error.RelayerRequiredForPartialFill),
        ({"partial_fills_enabled": False}, TAO, Error.PartialFillsNotEnabled),
        ({}, 0, Error.IncorrectPartialFillAmount),
        ({}, 10 * TAO + 1, Error.IncorrectPartialFillAmount),
    ],
)
def test_a_part_must_be_allowed_and_left(
    refused: RefusedCall, batched: bool, change: dict[str, Any], part: int, error: Error
) -> None:
    refused(CHARLIE, execute([replace(in_parts(**change), partial_fill=part)], batched), error)


@BOTH
def test_the_rest_of_an_order_is_stated_as_a_part(dispatch: Dispatch, refused: RefusedCall, batched: bool) -> None:
    signed = in_parts()
    dispatch(CHARLIE, execute([replace(signed, partial_fill=4 * TAO)], batched))
    refused(CHARLIE, execute([signed], batched), Error.IncorrectPartialFillAmount)
    refused(CHARLIE, execute([replace(signed, partial_fill=6 * TAO + 1)], batched), Error.IncorrectPartialFillAmount)


@pytest.mark.parametrize(
    ("former", "part", "later"),
    [
        (None, None, Fulfilled()),
        (None, 400, PartiallyFilled(400)),
        (None, 1_000, Fulfilled()),
        (PartiallyFilled(300), 400, PartiallyFilled(700)),
        (PartiallyFilled(600), 400, Fulfilled()),
        (Fulfilled(), None, Fulfilled()),
    ],
)
def test_parts_add_up_to_the_amount(
    ctx: Context, former: OrderStatus | None, part: int | None, later: OrderStatus
) -> None:
    if former is not None:
        Orders.put(ctx, bytes(32), former)
    note_execution(ctx, bytes(32), part, 1_000)
    assert Orders.get(ctx, bytes(32)) == later


# --- batches -------------------------------------------------------------------------------------------------------


def test_buyers_share_what_the_pool_pays(ctx: Context, dispatch: Dispatch) -> None:
    """600 and 400 TAO, without sellers. The pallet's account keeps its existential deposit, 500 rao, of the 1,000."""
    orders = [buy(ALICE_KEY, 600 * TAO), buy(BOB_KEY, 400 * TAO)]
    dispatch(CHARLIE, execute_batched_orders.call(NETUID, orders))
    paid = bought(POOL_TAO, POOL_ALPHA, 1_000 * TAO - 500)
    summary = ctx.block.events[-1]
    assert isinstance(summary, declared.GroupExecutionSummary)
    assert summary.actual_out == pytest.approx(paid, abs=1)
    assert (summary.net_side, summary.net_amount, summary.executed_count) == (OrderSide.Buy, 1_000 * TAO, 2)
    for who, part in ((ALICE, Fraction(6, 10)), (BOB, Fraction(4, 10))):
        assert stake_of(ctx, HOT, who, NETUID) == pytest.approx(int(summary.actual_out * part), abs=1)
    assert [status(ctx, each) for each in orders] == [Fulfilled(), Fulfilled()]


def test_buyers_and_sellers_trade_with_each_other_and_the_rest_with_the_pool(ctx: Context, dispatch: Dispatch) -> None:
    """At a price of 2: 1,600 TAO against 200 alpha, worth 400; 1,200 TAO go to the pool. Shares are 1000 to 600."""
    give_stake(ctx, HOT, CHARLIE, NETUID, 200 * TAO)
    orders = [buy(ALICE_KEY, 900 * TAO), buy(BOB_KEY, 700 * TAO), sell(CHARLIE_KEY, 200 * TAO)]
    dispatch(DAVE, execute_batched_orders.call(NETUID, orders))
    paid = bought(POOL_TAO, POOL_ALPHA, 1_200 * TAO)
    total = paid + 200 * TAO
    assert stake_of(ctx, HOT, ALICE, NETUID) == pytest.approx(total * 9 // 16, abs=2)
    assert stake_of(ctx, HOT, BOB, NETUID) == pytest.approx(total * 7 // 16, abs=2)
    assert free(ctx, CHARLIE) == FUNDS + 400 * TAO
    summary = ctx.block.events[-1]
    assert isinstance(summary, declared.GroupExecutionSummary)
    assert (summary.net_side, summary.net_amount, summary.executed_count) == (OrderSide.Buy, 1_200 * TAO, 3)


def test_sellers_share_what_buyers_and_the_pool_pay(ctx: Context, dispatch: Dispatch) -> None:
    """200 TAO are worth 100 of 500 alpha; 400 alpha go to the pool. Shares are 300 to 200."""
    for who, alpha in ((BOB, 300), (CHARLIE, 200)):
        give_stake(ctx, HOT, who, NETUID, alpha * TAO)
    orders = [buy(ALICE_KEY, 200 * TAO), sell(BOB_KEY, 300 * TAO), sell(CHARLIE_KEY, 200 * TAO)]
    dispatch(DAVE, execute_batched_orders.call(NETUID, orders))
    total = sold(POOL_TAO, POOL_ALPHA, 400 * TAO) + 200 * TAO
    assert stake_of(ctx, HOT, ALICE, NETUID) == 100 * TAO
    assert free(ctx, BOB) - FUNDS == pytest.approx(total * 3 // 5, abs=2)
    assert free(ctx, CHARLIE) - FUNDS == pytest.approx(total * 2 // 5, abs=2)
    summary = ctx.block.events[-1]
    assert isinstance(summary, declared.GroupExecutionSummary)
    assert (summary.net_side, summary.net_amount) == (OrderSide.Sell, 400 * TAO)


def test_orders_that_offset_each_other_need_no_pool(ctx: Context, dispatch: Dispatch) -> None:
    give_stake(ctx, HOT, BOB, NETUID, 100 * TAO)
    before = SubnetTAO.get(ctx, NETUID), SubnetAlphaIn.get(ctx, NETUID)
    dispatch(CHARLIE, execute_batched_orders.call(NETUID, [buy(ALICE_KEY, 200 * TAO), sell(BOB_KEY, 100 * TAO)]))
    assert (SubnetTAO.get(ctx, NETUID), SubnetAlphaIn.get(ctx, NETUID)) == before
    assert (stake_of(ctx, HOT, ALICE, NETUID), free(ctx, BOB)) == (100 * TAO, FUNDS + 200 * TAO)
    assert ctx.block.events[-1] == declared.GroupExecutionSummary(NETUID, OrderSide.Buy, 0, 0, 2)


def test_fees_of_both_sides_go_to_their_recipients(ctx: Context, dispatch: Dispatch) -> None:
    """One percent of 100 TAO that are paid in, and of 99 that are paid out, to one of them or to two."""
    other = account(3)
    give_stake(ctx, HOT, BOB, NETUID, 49_500_000_000)
    give_stake(ctx, HOT, CHARLIE, NETUID, 49_500_000_000)
    orders = [
        buy(ALICE_KEY, 100 * TAO, fee_rate=PERCENT),
        sell(BOB_KEY, 49_500_000_000, fee_rate=PERCENT),
        buy(ALICE_KEY, 100 * TAO, fee_rate=PERCENT, fee_recipient=other),
        sell(CHARLIE_KEY, 49_500_000_000, fee_rate=PERCENT, fee_recipient=other),
    ]
    dispatch(DAVE, execute_batched_orders.call(NETUID, orders))
    assert free(ctx, COLLECTOR) == free(ctx, other) == TAO + 990_000_000
    assert free(ctx, BOB) == free(ctx, CHARLIE) == FUNDS + 99 * TAO - 990_000_000


@pytest.mark.parametrize(("change", "error"), REFUSALS[1:], ids=lambda value: str(value)[:20])
def test_a_batch_is_executed_whole_or_not_at_all(refused: RefusedCall, change: dict[str, Any], error: Error) -> None:
    orders = [buy(ALICE_KEY, 10 * TAO), buy(BOB_KEY, 10 * TAO, **change)]
    refused(CHARLIE, execute_batched_orders.call(NETUID, orders), error)


def test_a_batch_has_each_order_once_and_of_its_own_subnet(refused: RefusedCall) -> None:
    signed, other = buy(ALICE_KEY, 10 * TAO), buy(ALICE_KEY, 10 * TAO, netuid=2)
    refused(CHARLIE, execute_batched_orders.call(NETUID, [signed, signed]), Error.DuplicateOrderInBatch)
    refused(CHARLIE, execute_batched_orders.call(NETUID, [other]), Error.OrderNetUidMismatch)
    refused(CHARLIE, execute_batched_orders.call(0, []), Error.RootNetUidNotAllowed)
    parts = [replace(in_parts(), partial_fill=part) for part in (TAO, 2 * TAO)]
    refused(CHARLIE, execute_batched_orders.call(NETUID, parts), Error.DuplicateOrderInBatch)


def test_an_order_that_would_receive_nothing_fails_the_batch(ctx: Context, refused: RefusedCall) -> None:
    """One rao of 10 TAO is no share of the alpha, and one alpha, less a fee of all of it, nothing."""
    refused(
        CHARLIE,
        execute_batched_orders.call(NETUID, [buy(ALICE_KEY, 10 * TAO), buy(BOB_KEY, 1)]),
        Error.ZeroShareInBatch,
    )
    give_stake(ctx, HOT, BOB, NETUID, 10 * TAO)
    refused(
        CHARLIE,
        execute_batched_orders.call(NETUID, [sell(BOB_KEY, 10 * TAO, fee_rate=100 * PERCENT)]),
        Error.ZeroShareInBatch,
    )


# --- shares --------------------------------------------------------------------------------------------------------


def batch_of(ctx: Context, buys: list[Entry], sells: list[Entry], price: int) -> Batch:
    alpha, fixed = sum(entry.net for entry in sells), U64F64.from_int(price)
    tao = sum(entry.net for entry in buys)
    hotkey = PalletHotkey.get(ctx)
    return Batch(NETUID, fixed, own_account(ctx), hotkey, buys, sells, tao, alpha, alpha_to_tao(alpha, fixed))


def entries(kind: OrderType, amounts: list[int], fee_rate: int = 0) -> list[Entry]:
    """Return entries of Alice, Bob and Charlie."""
    made = []
    for key, amount in zip(KEYS, amounts, strict=False):
        version = order_of(key, kind, amount, fee_rate=fee_rate).order
        made.append(Entry(derive_order_id(version), version.order, amount, amount, None))
    return made


@pytest.mark.parametrize(
    ("net", "paid", "passed", "price", "shares"),
    [
        ([300, 200, 500], 800, 200, 1, [300, 200, 500]),
        ([300, 200, 500], 750, 200, 1, [285, 190, 475]),
        ([1, 1, 1], 10, 0, 1, [3, 3, 3]),
        ([400, 600], 0, 999, 2, [200, 300]),
    ],
    ids=["buyers prevail", "with slippage", "dust stays", "sellers prevail"],
)
def test_buyers_receive_alpha_in_proportion(
    ctx: Context, net: list[int], paid: int, passed: int, price: int, shares: list[int]
) -> None:
    give_stake(ctx, PalletHotkey.get(ctx), own_account(ctx), NETUID, 1_000)
    batch = batch_of(
        ctx, entries(OrderType.LimitBuy, net), entries(OrderType.TakeProfit, [passed] if passed else []), price
    )
    pay_buyers(ctx, batch, paid)
    assert [stake_of(ctx, HOT, key.account, NETUID) for key in KEYS[: len(net)]] == shares
    assert stake_of(ctx, batch.hotkey, batch.account, NETUID) == 1_000 - sum(shares)


@pytest.mark.parametrize(
    ("alphas", "bought_for", "paid", "price", "fee_rate", "shares", "fee"),
    [
        ([400, 600], 800, 1_200, 2, 0, [800, 1_200], 0),
        ([400, 600], 800, 1_200, 2, PERCENT, [792, 1_188], 20),
        ([300, 200], 2_000, 0, 2, 0, [600, 400], 0),
        ([1, 1, 1], 0, 10, 1, 0, [3, 3, 3], 0),
    ],
    ids=["sellers prevail", "with a fee", "buyers prevail", "dust stays"],
)
def test_sellers_receive_tao_in_proportion(
    ctx: Context, alphas: list[int], bought_for: int, paid: int, price: int, fee_rate: int, shares: list[int], fee: int
) -> None:
    mint_into(ctx, own_account(ctx), TAO)
    buys = entries(OrderType.LimitBuy, [bought_for] if bought_for else [])
    batch = batch_of(ctx, buys, entries(OrderType.TakeProfit, alphas, fee_rate), price)
    assert pay_sellers(ctx, batch, paid) == ({COLLECTOR: fee} if fee else {})
    assert [free(ctx, key.account) - FUNDS for key in KEYS[: len(alphas)]] == shares


@pytest.mark.parametrize(
    ("buys", "alpha", "net"),
    [(1_000, 150, 700), (200, 500, 400), (200, 100, 0)],
    ids=["buyers prevail", "sellers prevail", "offset"],
)
def test_the_summary_has_what_the_pool_was_needed_for(ctx: Context, buys: int, alpha: int, net: int) -> None:
    """At a price of 2 TAO."""
    batch = batch_of(ctx, entries(OrderType.LimitBuy, [buys]), entries(OrderType.TakeProfit, [alpha]), 2)
    assert net_amount(batch) == net


def test_a_price_too_small_for_the_quotient_is_an_overflow() -> None:
    with pytest.raises(DispatchFailed) as failure:
        tao_to_alpha(U64_MAX, 1)
    assert failure.value.reason is Error.ArithmeticOverflow
    assert tao_to_alpha(U64_MAX, 0) == 0


# --- the switch ----------------------------------------------------------------------------------------------------


def test_root_switches_the_execution_of_orders(ctx: Context, dispatch: Dispatch, refused: RefusedCall) -> None:
    signed = buy(ALICE_KEY, 10 * TAO)
    refused(ALICE, set_pallet_status.call(False), BadOrigin())
    dispatch(ROOT_ORIGIN, set_pallet_status.call(False))
    assert ctx.block.events[-1] == declared.LimitOrdersPalletStatusChanged(False)
    refused(CHARLIE, execute_orders.call([signed], False), Error.LimitOrdersDisabled)
    refused(CHARLIE, execute_batched_orders.call(NETUID, [signed]), Error.LimitOrdersDisabled)
    dispatch(ALICE, cancel_order.call(signed.order))
    dispatch(ROOT_ORIGIN, set_pallet_status.call(True))
    assert LimitOrdersEnabled.get(ctx)


def test_only_signed_accounts_relay(refused: RefusedCall) -> None:
    for call in (execute_orders.call([], False), execute_batched_orders.call(NETUID, [])):
        refused(NONE, call, BadOrigin())
        refused(ROOT_ORIGIN, call, BadOrigin())


# --- extremes ------------------------------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize("kind", OrderType, ids=lambda kind: kind.name)
@pytest.mark.parametrize("pool", [(1, 1), (1, U64_MAX), (U64_MAX, 1), (1_000_000, 1_000_000), (U64_MAX, U64_MAX)])
def test_orders_at_the_extremes_succeed_or_fail_without_a_trace(
    ctx: Context, dispatch: Dispatch, batched: bool, kind: OrderType, pool: tuple[int, int]
) -> None:
    give_stake(ctx, HOT, ALICE, NETUID, U64_MAX // 4)
    SubnetTAO.put(ctx, NETUID, pool[0])
    SubnetAlphaIn.put(ctx, NETUID, pool[1])
    for amount in (0, 1, TAO, U64_MAX // 4, U64_MAX):
        for slippage in (None, 0, 100 * PERCENT):
            signed = order_of(ALICE_KEY, kind, amount, max_slippage=slippage, fee_rate=PERCENT)
            before = dict(ctx.state.changes())
            with ctx.state.anchor():
                try:
                    dispatch(CHARLIE, execute([signed], batched))
                except DispatchFailed:
                    assert ctx.state.changes() == before
