"""A node with two blocks and a client of it, without sockets; and a real server in a thread."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.engine.local import LocalEngine, Sealing
from pysubtensor.chain.rpc.dispatch import Dispatcher
from pysubtensor.chain.rpc.node import Node, ServerLimits
from pysubtensor.chain.rpc.notices import Followers, Notice
from pysubtensor.chain.rpc.subscriptions import Hub, Subscription
from pysubtensor.runtime.frame.extrinsic import Id
from pysubtensor.runtime.pallets.balances.calls import transfer_keep_alive

from tests.world import ALICE_KEY as ALICE
from tests.world import BOB_KEY as BOB


class Client:
    """Calls a node like a connection, and keeps the notifications."""

    def __init__(self, chain: Chain, sealing: Sealing = Sealing.MANUAL, **options: Any) -> None:
        self.chain = chain
        self.node = Node(chain, Hub(chain), LocalEngine(chain, sealing), **options)
        self.dispatcher = Dispatcher(self.node)
        self.subscriptions: dict[str, Subscription] = {}
        self._pushed: list[bytes] = []

    def push(self, message: bytes) -> None:
        self._pushed.append(message)

    def push_notice(self, notice: Notice, followers: Followers) -> None:
        self._pushed += notice.notifications(followers)

    def when_quiet(self, action: Callable[[], None]) -> None:
        action()

    def add_subscription(self, subscription: Subscription) -> None:
        self.subscriptions[subscription.id] = subscription
        subscription.on_close.append(lambda: self.subscriptions.pop(subscription.id, None))
        subscription.start()

    def send(self, text: str | bytes) -> Any:
        """Return the response to any text, after the operations that it began; None when there is none."""
        answer = asyncio.run(self._answer(text))
        return None if answer is None else json.loads(answer)

    async def _answer(self, text: str | bytes) -> bytes | None:
        answer = await self.dispatcher.answer(text, self)
        await self.node.jobs.finish()
        return answer

    def ask(self, method: str, *params: Any) -> Any:
        """Return the result of a successful call."""
        answer = self.send(json.dumps({"jsonrpc": "2.0", "id": 7, "method": method, "params": params}))
        assert answer["id"] == 7
        assert set(answer) == {"jsonrpc", "id", "result"}, answer
        return answer["result"]

    def ask_named(self, method: str, **params: Any) -> Any:
        """Return the result of a successful call with parameters by name."""
        return self.send(json.dumps({"jsonrpc": "2.0", "id": 7, "method": method, "params": params}))["result"]

    def fail(self, method: str, *params: Any) -> tuple[int, str, str | None]:
        """Return code, message and data of a failing call."""
        answer = self.send(json.dumps({"jsonrpc": "2.0", "id": 7, "method": method, "params": params}))
        assert set(answer) == {"jsonrpc", "id", "error"}, answer
        error = answer["error"]
        return error["code"], error["message"], error.get("data")

    def heard(self) -> list[tuple[str, str, Any]]:
        """Return the notifications since the last call: method, subscription, result."""
        messages = [json.loads(each) for each in self._pushed]
        self._pushed.clear()
        assert all(set(each) == {"jsonrpc", "method", "params"} for each in messages)
        return [(each["method"], each["params"]["subscription"], each["params"]["result"]) for each in messages]

    def transfer(self, nonce: int | None = None, value: int = 10**9) -> bytes:
        """Return a signed transfer from Alice to Bob."""
        return self.chain.sign(transfer_keep_alive.call(Id(BOB.account), value), ALICE, nonce=nonce)


@pytest.fixture
def chain() -> Iterator[Chain]:
    """The chain of tests with two empty blocks."""
    with Chain.dev() as made:
        made.produce(2)
        yield made


@pytest.fixture
def client(chain: Chain) -> Client:
    """A client of a node that seals by hand."""
    return Client(chain)


@pytest.fixture
def connect(chain: Chain) -> Callable[..., Client]:
    """Create clients of nodes with other options."""

    def make(
        sealing: Sealing = Sealing.MANUAL,
        limits: ServerLimits | None = None,
        unsafe: bool = True,
        dev: bool = False,
    ) -> Client:
        return Client(chain, sealing, limits=limits or ServerLimits(), unsafe=unsafe, dev=dev)

    return make
