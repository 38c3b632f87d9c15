"""One WebSocket to a node, as plain synchronous calls and subscriptions."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Coroutine, Iterator
from typing import Any, TypeVar

import aiohttp

from .answers import MAX_MESSAGE, NodeError, NotJsonRpc, cannot_talk, late, parsed

T = TypeVar("T")
#: Longest time in which a connection is ended, in seconds.
CLOSE_S = 1.0


class WebSocket:
    """A connection. Everything runs in the caller's thread."""

    def __init__(self, url: str, timeout: float) -> None:
        self.url, self.timeout = url, timeout
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

    def close(self) -> None:
        """End the connection."""
        if self._socket is not None:
            self._loop.run_until_complete(self._socket.close())
        if self._session is not None:
            self._loop.run_until_complete(self._session.close())
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()

    def answer(self, number: int, request: bytes) -> dict[str, Any]:
        """Return the answer to the request with this number; raises NodeError."""
        return self._run(self._request(number, request.decode()))

    def notifications(self, subscription: str) -> Iterator[Any]:
        """Yield the notifications of a subscription, until the caller stops."""
        while True:
            yield self._run(self._notification(subscription))

    # --- inside ------------------------------------------------------------------------------------------------

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        try:
            return self._loop.run_until_complete(asyncio.wait_for(work, self.timeout))
        except TimeoutError:
            raise late(self.url, self.timeout) from None
        except (aiohttp.ClientError, OSError) as error:
            raise cannot_talk(self.url, error) from None

    async def _connect(self) -> aiohttp.ClientWebSocketResponse:
        self._session = aiohttp.ClientSession()
        patience = aiohttp.ClientWSTimeout(ws_close=CLOSE_S)
        return await self._session.ws_connect(self.url, max_msg_size=MAX_MESSAGE, timeout=patience)

    @property
    def _connected(self) -> aiohttp.ClientWebSocketResponse:
        if self._socket is None:
            raise NodeError(f"not connected to {self.url}")
        return self._socket

    async def _request(self, number: int, text: str) -> dict[str, Any]:
        await self._connected.send_str(text)
        while number not in self._answers:
            await self._receive()
        return self._answers.pop(number)

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
            body = parsed(message.data)
        except NotJsonRpc:
            raise NodeError(f"{self.url} does not speak JSON-RPC") from None
        if "method" in body:
            params = body["params"]
            self._notifications[str(params["subscription"])].append(params.get("result"))
        else:
            self._answers[body.get("id")] = body  # type: ignore[index]  # an answer with another id is never read
