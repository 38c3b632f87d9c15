"""Five clients of one node: each one sends transactions, and has a habit of its own.

| client | habit |
|---|---|
| wallet | asks for fees and nonces |
| miner | reads metagraphs and neurons, follows heads |
| explorer | reads blocks, keys and proofs of the past |
| indexer | subscribes to storage, and renews its subscription |
| careless | connects anew often, and sends requests and transactions that are refused |
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

import aiohttp
import orjson

TIMEOUT_S = 300.0


class Client:
    """A WebSocket, with one request at a time; notifications that arrive meanwhile are counted."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session, self._url = session, url
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._next = 0
        self.requests = self.notifications = 0

    async def send(self, text: str) -> Any:
        """Send a request and return its whole answer."""
        if self._socket is None:
            self._socket = await self._session.ws_connect(self._url, max_msg_size=1 << 28)
        self.requests += 1
        await self._socket.send_str(text)
        while True:
            message = await self._socket.receive(TIMEOUT_S)
            assert message.type is aiohttp.WSMsgType.TEXT, f"expected an answer, got {message.type.name}"
            answer = orjson.loads(message.data)
            if "method" not in answer:
                return answer
            self.notifications += 1

    async def ask(self, method: str, *params: Any) -> Any:
        """Return the answer of a method to a request; AssertionError if it is an error."""
        answer = await self._request(method, params)
        assert "error" not in answer, f"{method} {str(params)[:200]}: {answer['error']}"
        return answer["result"]

    async def try_to_ask(self, method: str, *params: Any) -> int | None:
        """Return the code of the error with which a request is answered, None for a result."""
        code: int | None = (await self._request(method, params)).get("error", {}).get("code")
        return code

    async def _request(self, method: str, params: tuple[Any, ...]) -> Any:
        self._next += 1
        request = {"jsonrpc": "2.0", "id": self._next, "method": method, "params": params}
        return await self.send(orjson.dumps(request).decode())

    async def close(self) -> None:
        """End the connection; the next request makes another one."""
        if self._socket is not None:
            await self._socket.close()
            self._socket = None


@dataclass(slots=True)
class Scene:
    """What clients may ask about: recent blocks, keys that changed, subnets, and transactions to send."""

    number: int = 0
    hashes: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    netuids: list[int] = field(default_factory=list)
    accounts: list[str] = field(default_factory=list)
    #: Some transactions of the last block.
    transactions: list[str] = field(default_factory=list)


async def wallet(client: Client, scene: Scene, random: Random) -> None:
    for raw in scene.transactions:
        await client.ask("payment_queryInfo", raw)
    await client.ask("system_accountNextIndex", random.choice(scene.accounts))


async def miner(client: Client, scene: Scene, random: Random) -> None:
    if scene.number % 500 == 1:
        await client.close()
        await client.ask("chain_subscribeNewHeads")
        await client.ask("state_getMetadata")
    netuid = random.choice(scene.netuids)
    await client.ask(random.choice(["subnetInfo_getMetagraph", "neuronInfo_getNeuronsLite"]), netuid)
    encoded = "0x" + netuid.to_bytes(2, "little").hex()
    await client.ask("state_call", "SubnetInfoRuntimeApi_get_subnet_hyperparams", encoded)


async def explorer(client: Client, scene: Scene, random: Random) -> None:
    past = random.choice(scene.hashes)
    keys = random.sample(scene.keys, min(3, len(scene.keys)))
    await client.ask("chain_getBlock", past)
    await client.ask("state_queryStorageAt", keys, past)
    if scene.number % 10 == 0:
        await client.ask("state_getReadProof", keys, random.choice(scene.hashes[-64:]))
        await client.ask("state_getKeysPaged", keys[0][:66], 100, None, past)


async def indexer(client: Client, scene: Scene, random: Random) -> None:
    if scene.number % 50 == 1:
        await client.close()
        await client.ask("chain_subscribeFinalizedHeads")
        await client.ask("state_subscribeStorage", random.sample(scene.keys, min(20, len(scene.keys))))
    await client.ask("chain_getHeader")


async def careless(client: Client, scene: Scene, random: Random) -> None:
    if scene.number % 20 == 0:
        await client.close()
    broken = "0x" + random.randbytes(random.randrange(1, 200)).hex()
    requests = [
        '{"jsonrpc": "2.0", "id": 1, "method": ',
        '{"jsonrpc": "2.0", "id": 1, "method": "no_method", "params": []}',
        f'{{"jsonrpc": "2.0", "id": 1, "method": "author_submitExtrinsic", "params": ["{broken}"]}}',
        f'{{"jsonrpc": "2.0", "id": 1, "method": "chain_getHeader", "params": ["0x{random.randbytes(32).hex()}x"]}}',
    ]
    answer = await client.send(random.choice(requests))
    assert "error" in answer, answer


HABITS: tuple[Callable[[Client, Scene, Random], Awaitable[None]], ...] = (wallet, miner, explorer, indexer, careless)


async def act(clients: list[Client], scene: Scene, randoms: list[Random]) -> None:
    """Let all clients follow their habits at the same time."""
    cast = zip(HABITS, clients, randoms, strict=True)
    await asyncio.gather(*(habit(client, scene, random) for habit, client, random in cast))
