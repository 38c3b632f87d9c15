"""JSON-RPC to a node over one WebSocket, for many callers of one event loop.

The node is not trusted: its answers are limited in size and time, and what it sends without being asked is dropped.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import aiohttp
import orjson

#: Most bytes of a message; the genuine node's responses have at most 15 MiB.
MAX_MESSAGE = 32 * 1024 * 1024
#: Seconds until a request is given up, until a connection is, and until its end is.
TIMEOUT_S, CONNECT_S, CLOSE_S = 30.0, 10.0, 1.0
#: Requests under way at a time: a node has other clients, too.
AT_ONCE = 8
#: Notifications that wait to be read; older ones are dropped.
WAITING = 64
#: Characters of an error of the node that are kept.
MESSAGE_LENGTH = 1_000


class NodeError(Exception):
    """The node cannot be reached, does not answer in time, or answers with something other than JSON-RPC."""


class Refused(NodeError):
    """The node's error object, with its `code`."""

    def __init__(self, method: str, error: Any) -> None:
        found = error if isinstance(error, dict) else {}
        self.code = found.get("code")
        data = found.get("data")
        detail = "" if data is None else f": {data}"
        super().__init__(f"{method}: {found.get('message')}{detail}"[:MESSAGE_LENGTH])


@dataclass(slots=True)
class Waiting:
    """A request without an answer yet; with a queue it is a subscription, whose notifications the queue gets."""

    answer: asyncio.Future[dict[str, Any]]
    queue: asyncio.Queue[Any] | None = None


class Connection:
    """A connection that is made when it is first used, and again after it broke."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._session: aiohttp.ClientSession | None = None
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._reading: asyncio.Task[None] | None = None
        self._opening = asyncio.Lock()
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._next_id = 0
        self._waiting: dict[int, Waiting] = {}
        self._queues: dict[str, asyncio.Queue[Any]] = {}

    async def call(self, method: str, *params: Any) -> Any:
        """Return the result of a method; raise Refused with the node's error, NodeError if there is no answer."""
        return await self._call(method, params, None)

    async def call_all(self, requests: Sequence[tuple[str, Sequence[Any]]]) -> list[Any]:
        """Return the results of several requests, some of which are under way together."""
        return await asyncio.gather(*(self.call(method, *params) for method, params in requests))

    async def subscribe(self, method: str, *params: Any) -> AsyncIterator[Any]:
        """Yield the notifications of a subscription; raise NodeError when the connection ends."""
        queue: asyncio.Queue[Any] = asyncio.Queue(WAITING)
        name = str(await self._call(method, params, queue))
        try:
            while True:
                found = await queue.get()
                if isinstance(found, NodeError):
                    raise found
                yield found
        finally:
            self._queues.pop(name, None)

    async def close(self) -> None:
        """End the connection."""
        if self._reading is not None:
            self._reading.cancel()
            with suppress(asyncio.CancelledError):
                await self._reading
        if self._socket is not None:
            await self._socket.close()
        if self._session is not None:
            await self._session.close()
        self._session = self._socket = self._reading = None

    # --- inside ------------------------------------------------------------------------------------------------

    async def _call(self, method: str, params: Sequence[Any], queue: asyncio.Queue[Any] | None) -> Any:
        async with self._turns:
            socket = await self._open()
            self._next_id += 1
            number = self._next_id
            waiting = self._waiting[number] = Waiting(asyncio.get_running_loop().create_future(), queue)
            request = {"jsonrpc": "2.0", "id": number, "method": method, "params": list(params)}
            try:
                await socket.send_str(orjson.dumps(request).decode())
                answer = await asyncio.wait_for(waiting.answer, TIMEOUT_S)
            except TimeoutError:
                raise NodeError(f"{self.url} did not answer {method} within {TIMEOUT_S:g} s") from None
            except (aiohttp.ClientError, OSError) as error:
                raise NodeError(f"cannot talk to {self.url}: {error}"[:MESSAGE_LENGTH]) from None
            finally:
                del self._waiting[number]
        if "error" in answer or "result" not in answer:
            raise Refused(method, answer.get("error"))
        return answer["result"]

    async def _open(self) -> aiohttp.ClientWebSocketResponse:
        async with self._opening:
            if self._socket is not None and not self._socket.closed:
                return self._socket
            await self.close()
            self._session = aiohttp.ClientSession()
            patience = aiohttp.ClientWSTimeout(ws_close=CLOSE_S)
            connecting = self._session.ws_connect(self.url, max_msg_size=MAX_MESSAGE, timeout=patience)
            try:
                self._socket = await asyncio.wait_for(connecting, CONNECT_S)
            except (aiohttp.ClientError, OSError, ValueError, TimeoutError) as error:
                await self._session.close()
                self._session = None
                why = str(error) or f"no answer within {CONNECT_S:g} s"
                raise NodeError(f"cannot talk to {self.url}: {why}"[:MESSAGE_LENGTH]) from None
            self._reading = asyncio.create_task(self._read(self._socket))
            return self._socket

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Read messages until the connection ends, then fail everything that waits for it."""
        try:
            async for message in socket:
                if message.type in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY):
                    self._take(message.data)
        finally:
            ended = NodeError(f"{self.url} closed the connection")
            for waiting in self._waiting.values():
                if not waiting.answer.done():
                    waiting.answer.set_exception(ended)
            for queue in self._queues.values():
                put(queue, ended)
            self._queues.clear()

    def _take(self, text: str | bytes) -> None:
        """Give a message to its request or subscription; drop any other."""
        try:
            body = orjson.loads(text)
        except orjson.JSONDecodeError:
            return
        if not isinstance(body, dict):
            return
        if "method" in body:
            params = body.get("params")
            if isinstance(params, dict) and (queue := self._queues.get(str(params.get("subscription")))) is not None:
                put(queue, params.get("result"))
            return
        number = body.get("id")
        waiting = self._waiting.get(number) if isinstance(number, int) else None
        if waiting is None or waiting.answer.done():
            return
        if waiting.queue is not None and "result" in body:
            self._queues[str(body["result"])] = waiting.queue
        waiting.answer.set_result(body)


def put(queue: asyncio.Queue[Any], value: Any) -> None:
    """Append to a queue; drop its oldest entry if it is full."""
    if queue.full():
        queue.get_nowait()
    queue.put_nowait(value)
