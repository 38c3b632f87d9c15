"""What an attack is: a hostile act against a node, how large it is, and what the node must do about it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import orjson
from pysubtensor.runtime.client.signing import Signer
from pysubtensor.runtime.crypto import Keypair
from pysubtensor.runtime.frame.call import Call

#: Longest answer that an attacker reads, in bytes: more than a node may send.
LARGEST_ANSWER = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Target:
    """The node under attack."""

    port: int
    host: str = "127.0.0.1"

    @property
    def http(self) -> str:
        """Its address for HTTP."""
        return f"http://{self.host}:{self.port}"

    @property
    def ws(self) -> str:
        """Its address for WebSockets."""
        return f"ws://{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Attack:
    """An attack of a given size. `run` returns the outcome in a few words; a wrong one raises AssertionError."""

    name: str
    run: Callable[[Target, int], Awaitable[str]]
    #: Size in the test suite, and in `make attack`: requests, keys, bytes or connections, as `run` counts them.
    small: int
    full: int
    #: Options of `pysubtensor devnet` in `make attack`.
    options: tuple[str, ...] = ()
    #: Why the attack is played at full size only, if it is.
    only_full: str = ""


class Disconnected(ConnectionError):
    """The node ended the connection."""


@asynccontextmanager
async def connected(target: Target) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """Connect over a WebSocket that takes answers of any length."""
    async with aiohttp.ClientSession() as session, session.ws_connect(target.ws, max_msg_size=LARGEST_ANSWER) as socket:
        yield socket


async def ask(socket: aiohttp.ClientWebSocketResponse, method: str, *params: Any) -> dict[str, Any]:
    """Send one request and return its response; notifications before it are skipped. Raises `Disconnected`."""
    await socket.send_bytes(request(method, *params))
    while True:
        answer = await receive(socket)
        if "id" in answer:
            return answer


async def receive(socket: aiohttp.ClientWebSocketResponse) -> dict[str, Any]:
    """Return the next message of the node; raises `Disconnected`."""
    message = await socket.receive()
    if message.type is not aiohttp.WSMsgType.TEXT:
        raise Disconnected(f"the node ended the connection: {socket.close_code}")
    answer: dict[str, Any] = orjson.loads(message.data)
    return answer


async def include(socket: aiohttp.ClientWebSocketResponse, call: Call) -> None:
    """Submit a call of //Alice, who is root on a devnet, and return when it is in a block."""
    alice = Keypair.from_uri("//Alice")
    genesis = bytes.fromhex((await ask(socket, "chain_getBlockHash", 0))["result"][2:])
    nonce = (await ask(socket, "system_accountNextIndex", alice.address))["result"]
    raw = Signer(genesis).sign(call, alice, nonce=nonce)
    answer = await ask(socket, "author_submitAndWatchExtrinsic", "0x" + raw.hex())
    assert "result" in answer, f"expected a watched transaction, got {outcome(answer)}"
    while True:
        status = (await receive(socket))["params"]["result"]
        if isinstance(status, dict):
            assert "inBlock" in status, f"expected the transaction in a block, got {status}"
            return


async def post(target: Target, body: bytes) -> dict[str, Any] | list[Any]:
    """Send a body over HTTP and return the decoded response."""
    headers = {"Content-Type": "application/json"}
    async with aiohttp.ClientSession() as session, session.post(target.http, data=body, headers=headers) as response:
        answer: dict[str, Any] | list[Any] = orjson.loads(await response.read())
        return answer


def request(method: str, *params: Any) -> bytes:
    """Return the text of a request."""
    return orjson.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})


def outcome(answer: dict[str, Any] | list[Any]) -> str:
    """Describe a response: its error, or that there is a result."""
    if isinstance(answer, list):
        return f"{len(answer)} answers"
    error = answer.get("error")
    return f"error {error['code']}: {str(error['message'])[:40]}" if error else "a result"
