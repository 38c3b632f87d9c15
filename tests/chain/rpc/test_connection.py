"""A connection: what its client may leave unread, and when its subscriptions start."""

from __future__ import annotations

import asyncio
from typing import Any

from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.engine.local import LocalEngine
from pysubtensor.chain.rpc.connection import Connection
from pysubtensor.chain.rpc.dispatch import Dispatcher
from pysubtensor.chain.rpc.node import Node, ServerLimits
from pysubtensor.chain.rpc.peers import Peers
from pysubtensor.chain.rpc.subscriptions import Hub, Subscription
from pysubtensor.chain.rpc.turns import Turns


def connected(chain: Chain, aborted: list[bool], limits: ServerLimits | None = None) -> Connection:
    """Return a connection to a client that reads nothing."""
    node = Node(chain, Hub(chain), LocalEngine(chain), limits=limits or ServerLimits())
    socket: Any = None  # nothing is written to it
    peers = Peers(node.limits, lambda: 0.0, Turns(lambda: 0.0, lambda _: None))
    return Connection(Dispatcher(node), socket, socket, peers.enter(lambda: aborted.append(True)), peers)


def test_a_client_may_leave_as_much_unread_as_the_limit(chain: Chain) -> None:
    aborted: list[bool] = []

    async def scene() -> None:
        connection = connected(chain, aborted, ServerLimits(unread_bytes=10))
        connection.push(b"12345")
        connection.push(b"67890")
        assert aborted == []
        connection.push(b"1")
        assert aborted == [True]
        connection.push(b"2" * 20)  # it is gone
        assert aborted == [True]

    asyncio.run(scene())


def test_a_subscription_starts_once_after_its_answer_and_ends_with_itself(chain: Chain) -> None:
    async def scene() -> None:
        connection = connected(chain, [])
        subscription = Subscription("chain_newHead", connection)
        subscription.send(1)
        connection.add_subscription(subscription)
        assert len(connection._outbox) == 0
        connection._start_fresh()
        assert (len(connection._outbox), connection._fresh) == (1, [])
        connection._start_fresh()
        assert len(connection._outbox) == 1
        assert list(connection.subscriptions) == [subscription.id]
        subscription.close()
        assert connection.subscriptions == {}

    asyncio.run(scene())
