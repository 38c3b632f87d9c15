"""A connection: when its client counts as quiet, and what it may leave unread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.engine.local import LocalEngine
from pysubtensor.chain.rpc.connection import QUIET_S, QUIET_WAITS, Connection
from pysubtensor.chain.rpc.dispatch import Dispatcher
from pysubtensor.chain.rpc.node import Node, ServerLimits
from pysubtensor.chain.rpc.peers import Peers
from pysubtensor.chain.rpc.subscriptions import Hub, Subscription
from pysubtensor.chain.rpc.turns import Turns


class Later:
    """An event loop in which time is what a test makes it."""

    def __init__(self) -> None:
        self.due: list[tuple[float, Callable[..., None], tuple[Any, ...]]] = []

    def call_later(self, seconds: float, action: Callable[..., None], *arguments: Any) -> None:
        self.due.append((seconds, action, arguments))

    def go_on(self) -> None:
        """Do what is due next."""
        ((seconds, action, arguments),) = self.due
        assert seconds == QUIET_S
        self.due.clear()
        action(*arguments)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    made = Later()
    monkeypatch.setattr(asyncio, "get_running_loop", lambda: made)
    return made


def connected(chain: Chain, aborted: list[bool], limits: ServerLimits | None = None) -> Connection:
    """Return a connection to a client that reads nothing."""
    node = Node(chain, Hub(chain), LocalEngine(chain), limits=limits or ServerLimits())
    socket: Any = None  # nothing is written to it
    peers = Peers(node.limits, lambda: 0.0)
    return Connection(
        Dispatcher(node), socket, peers.enter(lambda: aborted.append(True)), peers, Turns(lambda: 0.0, lambda _: None)
    )


def test_a_client_that_asks_nothing_is_quiet_after_one_wait(chain: Chain, later: Later) -> None:
    done: list[bool] = []
    connection = connected(chain, [])
    connection.when_quiet(lambda: done.append(True))
    assert done == []
    later.go_on()
    assert (done, later.due) == ([True], [])


def test_a_client_that_asks_is_waited_for_until_it_stops(chain: Chain, later: Later) -> None:
    done: list[bool] = []
    connection = connected(chain, [])
    connection.when_quiet(lambda: done.append(True))
    for _ in range(3):
        connection._peer.messages += 1
        later.go_on()
    assert done == []
    later.go_on()
    assert done == [True]


def test_a_client_that_never_stops_is_waited_for_twenty_times(chain: Chain, later: Later) -> None:
    done: list[bool] = []
    connection = connected(chain, [])
    connection.when_quiet(lambda: done.append(True))
    waits = 0
    while later.due:
        connection._peer.messages += 1
        later.go_on()
        waits += 1
    assert done == [True]
    assert waits == QUIET_WAITS + 1 == 21


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
