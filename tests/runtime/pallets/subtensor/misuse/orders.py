"""Misuse of LimitOrders."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.extrinsic import Sr25519
from pysubtensor.runtime.frame.origin import ROOT_ORIGIN
from pysubtensor.runtime.pallets import timestamp
from pysubtensor.runtime.pallets.limit_orders.calls import (
    build_genesis,
    cancel_order,
    execute_batched_orders,
    execute_orders,
    set_pallet_status,
)
from pysubtensor.runtime.pallets.limit_orders.declared import V1, Error, Order, OrderType, SignedOrder, VersionedOrder
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error as SubtensorError
from pysubtensor.runtime.pallets.subtensor.ledger.accounts import create_account_if_non_existent

from tests.world import ALICE, ALICE_KEY, TAO, U64_MAX, account

from .table import STRANGER, Attempt, Kind, Table, World

table = Table()

HOT, OWNER_HOT, COLLECTOR = account(60), account(61), account(62)
EXECUTE = ("execute_orders", "execute_batched_orders")
NOW = 1_000


def market(world: World) -> int:
    """Add a subnet with a pool, and enable orders; Alice has a hotkey."""
    build_genesis(world.ctx)
    netuid = world.add_dynamic_network(OWNER_HOT, ALICE)
    create_account_if_non_existent(world.ctx, ALICE, HOT)
    timestamp.Now.put(world.ctx, NOW)
    return netuid


def order_of(netuid: int, **changes: Any) -> SignedOrder:
    """Return Alice's order to buy for one TAO at any price; `changes` are other fields."""
    order = Order(ALICE, HOT, netuid, OrderType.LimitBuy, TAO, U64_MAX, U64_MAX, 0, COLLECTOR, None, None, 0, False)
    version = V1(replace(order, **changes))
    return SignedOrder(version, Sr25519(ALICE_KEY.sign(VersionedOrder.scale.encode(version))), None)


def execute(call: str, netuid: int, *orders: SignedOrder) -> Call:
    if call == "execute_orders":
        return execute_orders.call(list(orders), True)
    return execute_batched_orders.call(netuid, list(orders))


@table.misuse_of_each(EXECUTE, Kind.EARLY, Error.OrderExpired)
def expired(world: World, call: str) -> Attempt:
    netuid = market(world)
    return STRANGER, execute(call, netuid, order_of(netuid, expiry=NOW - 1))


@table.misuse_of_each(EXECUTE, Kind.EARLY, Error.PriceConditionNotMet)
def before_its_price_is_met(world: World, call: str) -> Attempt:
    netuid = market(world)
    return STRANGER, execute(call, netuid, order_of(netuid, limit_price=1))


@table.misuse_of_each(EXECUTE, Kind.EARLY, Error.LimitOrdersDisabled)
def while_orders_are_disabled(world: World, call: str) -> Attempt:
    netuid = market(world)
    world.do(ROOT_ORIGIN, set_pallet_status.call(False))
    return STRANGER, execute(call, netuid, order_of(netuid))


@table.misuse("execute_orders", Kind.MUCH, SubtensorError.NotEnoughBalanceToStake)
def for_more_than_the_balance(world: World) -> Attempt:
    netuid = market(world)
    return STRANGER, execute("execute_orders", netuid, order_of(netuid, amount=U64_MAX))


@table.misuse_of_each(EXECUTE, Kind.MUCH, Error.IncorrectPartialFillAmount)
def a_part_larger_than_the_order(world: World, call: str) -> Attempt:
    netuid = market(world)
    order = order_of(netuid, relayer=[STRANGER], partial_fills_enabled=True)
    return STRANGER, execute(call, netuid, replace(order, partial_fill=TAO + 1))


@table.misuse_of_each(EXECUTE, Kind.LENGTHS, Error.RelayerMissMatch)
def by_none_of_its_relayers(world: World, call: str) -> Attempt:
    netuid = market(world)
    return STRANGER, execute(call, netuid, order_of(netuid, relayer=[]))


@table.misuse_of_each(EXECUTE, Kind.TWICE, Error.OrderAlreadyProcessed)
def executed_twice(world: World, call: str) -> Attempt:
    netuid = market(world)
    world.do(STRANGER, execute(call, netuid, order_of(netuid)))
    return STRANGER, execute(call, netuid, order_of(netuid))


@table.misuse("execute_batched_orders", Kind.TWICE, Error.DuplicateOrderInBatch)
def twice_in_a_batch(world: World) -> Attempt:
    netuid = market(world)
    return STRANGER, execute("execute_batched_orders", netuid, order_of(netuid), order_of(netuid))


@table.misuse("cancel_order", Kind.EARLY, Error.OrderAlreadyProcessed)
def after_the_execution(world: World) -> Attempt:
    netuid = market(world)
    world.do(STRANGER, execute("execute_orders", netuid, order_of(netuid)))
    return ALICE, cancel_order.call(order_of(netuid).order)


@table.misuse("cancel_order", Kind.MUCH, Error.Unauthorized)
def the_order_of_another(world: World) -> Attempt:
    return STRANGER, cancel_order.call(order_of(market(world)).order)


@table.misuse("cancel_order", Kind.TWICE, Error.OrderAlreadyProcessed)
def cancelled_twice(world: World) -> Attempt:
    order = order_of(market(world)).order
    world.do(ALICE, cancel_order.call(order))
    return ALICE, cancel_order.call(order)


@table.misuse("set_pallet_status", Kind.EARLY, Error.PalletHotkeyNotRegistered)
def before_the_pallet_has_its_hotkey(world: World) -> Attempt:
    return ROOT_ORIGIN, set_pallet_status.call(True)


table.never(Kind.FAST, "no call of orders has a rate limit", *EXECUTE, "cancel_order", "set_pallet_status")
table.never(Kind.LENGTHS, "they take no list", "cancel_order", "set_pallet_status")
table.never(Kind.MUCH, "it is on or off", "set_pallet_status")
table.never(Kind.TWICE, "root may set the same status again", "set_pallet_status")
