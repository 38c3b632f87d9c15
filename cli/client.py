"""JSON-RPC to a node over one WebSocket, as plain synchronous calls."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Coroutine, Iterator
from types import TracebackType
from typing import Any, TypeVar

import aiohttp
import orjson

from .errors import Failed, Misused

T = TypeVar("T")
#: Most bytes of a message; metadata and pages of storage are far shorter.
MAX_MESSAGE = 64 * 1024 * 1024
DEFAULT_TIMEOUT = 60.0
#: Longest time in which a connection is ended, in seconds.
CLOSE_S = 1.0


class NodeError(Failed):
    """The node cannot be reached, does not answer, or answers with an error."""


class RpcFailed(NodeError):
    """The node's error object: `code`, and a message with the data that explains it."""

    def __init__(self, method: str, error: dict[str, Any]) -> None:
        self.code = error.get("code")
        self.data = error.get("data")
        detail = f": {self.data}" if self.data is not None else ""
        super().__init__(f"{method}: {error.get('message')}{detail} (code {self.code})")


class Client:
    """A connection, to be used as a context manager. Everything runs in the caller's thread."""

    def __init__(self, url: str, timeout: float = DEFAULT_TIMEOUT) -> None:
        if not url.startswith(("ws://", "wss://")):
            raise Misused(f"expected a URL that begins with ws:// or wss://, got {url}")
        self.url, self.timeout = url, timeout
        self._next_id = 0
        self._answers: dict[int, dict[str, Any]] = {}
        self._notifications: defaultdict[str, deque[Any]] = defaultdict(deque)
        self._loop = asyncio.new_event_loop()
        self._session: aiohttp.ClientSession | None = None
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        try:
            self._socket = self._run(self._connect())
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the connection."""
        if self._socket is not None:
            self._loop.run_until_complete(self._socket.close())
        if self._session is not None:
            self._loop.run_until_complete(self._session.close())
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()

    def call(self, method: str, *params: Any) -> Any:
        """Return the result of a method; raises RpcFailed with the node's error, NodeError if it does not answer."""
        self._next_id += 1
        request = {"jsonrpc": "2.0", "id": self._next_id, "method": method, "params": params}
        answer = self._run(self._request(self._next_id, orjson.dumps(request).decode()))
        if "error" in answer:
            raise RpcFailed(method, answer["error"])
        return answer.get("result")

    def subscribe(self, method: str, *params: Any) -> Iterator[Any]:
        """Yield the notifications of a subscription, until the caller stops."""
        subscription = str(self.call(method, *params))
        while True:
            yield self._run(self._notification(subscription))

    # --- inside ------------------------------------------------------------------------------------------------

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        try:
            return self._loop.run_until_complete(asyncio.wait_for(work, self.timeout))
        except TimeoutError:
            raise NodeError(f"{self.url} did not answer within {self.timeout:g} s") from None
        except (aiohttp.ClientError, OSError) as error:
            raise NodeError(f"cannot talk to {self.url}: {error}. `pysubtensor devnet` starts a node there.") from None

    async def _connect(self) -> aiohttp.ClientWebSocketResponse:
        self._session = aiohttp.ClientSession()
        patience = aiohttp.ClientWSTimeout(ws_close=CLOSE_S)
        return await self._session.ws_connect(self.url, max_msg_size=MAX_MESSAGE, timeout=patience)

    @property
    def _connected(self) -> aiohttp.ClientWebSocketResponse:
        if self._socket is None:
            raise NodeError(f"not connected to {self.url}")
        return self._socket

    async def _request(self, request: int, text: str) -> dict[str, Any]:
        await self._connected.send_str(text)
        while request not in self._answers:
            await self._receive()
        return self._answers.pop(request)

    async def _notification(self, subscription: str) -> Any:
        waiting = self._notifications[subscription]
        while not waiting:
            await self._receive()
        return waiting.popleft()

    async def _receive(self) -> None:
        """Read one message, and keep it for its request or subscription."""
        message = await self._connected.receive()
        if message.type not in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY):
            raise NodeError(f"{self.url} closed the connection")
        try:
            body = orjson.loads(message.data)
        except orjson.JSONDecodeError:
            raise NodeError(f"{self.url} does not speak JSON-RPC") from None
        if not isinstance(body, dict):
            raise NodeError(f"{self.url} does not speak JSON-RPC")
        if "method" in body:
            params = body["params"]
            self._notifications[str(params["subscription"])].append(params.get("result"))
        else:
            self._answers[body.get("id")] = body  # type: ignore[index]  # an answer with another id is never read
