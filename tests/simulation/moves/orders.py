"""Moves about limit orders: their owners sign them outside of the chain, and relayers execute them."""

from __future__ import annotations

from dataclasses import replace

from pysubtensor.genesis.presets import LOCAL_EVM_CHAIN_ID
from pysubtensor.runtime.crypto import Keypair
from pysubtensor.runtime.pallets import timestamp
from pysubtensor.runtime.pallets.limit_orders.declared import Order, OrderType, SignedOrder

from ..players import Move, Players, by_root, move, sign_order

#: Orders that relayers know at a time.
KNOWN = 30


def new_order(players: Players, netuid: int | None = None) -> SignedOrder:
    """Return a signed order: to buy, or to sell what the signer has staked."""
    chance, found = players.random, players.stake(on_root=False, netuid=netuid)
    buys = found is None or chance.random() < 0.5
    kind = OrderType.LimitBuy if buys else chance.choice([OrderType.TakeProfit, OrderType.StopLoss])
    signer, where = players.coldkey(), players.netuid() if netuid is None else netuid
    hotkey: Keypair = players.neuron(where) or players.hotkey()
    amount = players.amount()
    if found is not None and not buys:
        hotkey, signer, where, amount = found
    price = players.price(where, 0.9, 2) if kind is not OrderType.TakeProfit else players.price(where, 0.5, 1.1)
    relayers = chance.choice([None, [key.account for key in players.coldkeys[:3]]])
    order = Order(
        signer=signer.account,
        hotkey=hotkey.account,
        netuid=where,
        order_type=kind,
        amount=amount,
        limit_price=price,
        expiry=timestamp.Now.get(players.ctx) + chance.choice([12_000, 600_000]),
        fee_rate=chance.choice([0, 1_000_000, 100_000_000]),
        fee_recipient=players.coldkey().account,
        relayer=relayers,
        max_slippage=chance.choice([None, None, 500_000_000]),
        chain_id=LOCAL_EVM_CHAIN_ID,
        partial_fills_enabled=chance.random() < 0.5,
    )
    signed = sign_order(signer, order)
    players.orders = [*players.orders, signed][-KNOWN:]
    return signed


def with_part(players: Players, signed: SignedOrder) -> SignedOrder:
    """Return an order with a part to fill, where it allows parts."""
    order = signed.order.order
    if order.relayer is None or not order.partial_fills_enabled or players.random.random() < 0.3:
        return signed
    return replace(signed, partial_fill=max(order.amount // players.random.choice([1, 2, 3]), 1))


@move(8)
def execute_orders(players: Players) -> Move:
    chosen = [new_order(players) for _ in range(players.random.randint(1, 3))]
    chosen += players.random.sample(players.orders, players.random.randrange(2))
    arguments = {"orders": [with_part(players, each) for each in chosen], "should_fail": players.random.random() < 0.1}
    return players.coldkey(), "LimitOrders.execute_orders", arguments


@move(8)
def execute_batched_orders(players: Players) -> Move:
    netuid = players.netuid()
    chosen = [new_order(players, netuid) for _ in range(players.random.randint(1, 3))]
    arguments = {"netuid": netuid, "orders": [with_part(players, each) for each in chosen]}
    return players.coldkeys[0], "LimitOrders.execute_batched_orders", arguments


@move(2)
def cancel_order(players: Players) -> Move:
    signed = players.random.choice(players.orders or [new_order(players)])
    signer = players.keys[signed.order.order.signer]
    return signer, "LimitOrders.cancel_order", {"order": signed.order}


@move(1)
def set_pallet_status(players: Players) -> Move:
    return by_root(players, "LimitOrders.set_pallet_status", {"enabled": players.random.random() < 0.8})
