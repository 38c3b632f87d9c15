"""The server of a chain: WebSocket and HTTP on one port.

    server = await serve(chain)            in an event loop; `await server.stop()` ends it
    with running(chain) as server: ...     in a thread of its own, for tests and scripts

Everything runs in one thread, so nothing else touches the chain between two awaits.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable, Iterator
from typing import TypedDict, TypeVar, Unpack

import orjson
from aiohttp import WSCloseCode, web

from ..chain import Blockchain
from ..engine.engine import Engine
from ..engine.local import LocalEngine
from .connection import Connection
from .dispatch import Dispatcher, failure
from .errors import PARSE_ERROR, too_big_request
from .listen import is_local, listen
from .methods.system import system_health
from .node import Node, ServerLimits
from .subscriptions import Hub

PORT = 9944
#: Some clients disconnect when they receive nothing, not even a ping, for 40 s.
PING_EVERY_S = 25.0
#: Some clients abandon a watched transaction when they receive nothing for 60 s.
READY_EVERY_S = 20.0

JSON_TYPES = ("application/json", "application/json-rpc")
#: Web pages of any origin may send requests, as on localnets (`--rpc-cors=all`).
ANY_ORIGIN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "POST, GET, OPTIONS",
    "Access-Control-Allow-Headers": "*",
}

Result = TypeVar("Result")

log = logging.getLogger(__name__)


class Options(TypedDict, total=False):
    """Options of a server."""

    #: Appends the chain's blocks; by default the program that holds the chain does.
    engine: Engine | None
    limits: ServerLimits | None
    #: Whether clients may call the methods meant for operators; by default if only this machine can connect.
    unsafe: bool | None
    #: Whether to offer permessage-deflate, which costs more time than it saves on one machine.
    compress: bool


class Server:
    """Serves one chain. `host` None: localhost, over IPv4 and IPv6; `port` 0: a free port."""

    def __init__(
        self, chain: Blockchain, host: str | None = None, port: int = PORT, **options: Unpack[Options]
    ) -> None:
        unsafe = options.get("unsafe")
        self.host = host
        self.port = port
        self.limits = options.get("limits") or ServerLimits()
        self._compress = options.get("compress", False)
        self._engine = options.get("engine") or LocalEngine(chain)
        self._hub = Hub(chain)
        allowed = is_local(host) if unsafe is None else unsafe
        self.node = Node(chain, self._hub, self._engine, allowed, self.limits)
        self._dispatcher = Dispatcher(self.node)
        self._connections: set[Connection] = set()
        self._sockets: set[web.WebSocketResponse] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._runner: web.ServerRunner | None = None

    @property
    def url(self) -> str:
        """The address for clients on this machine."""
        host = "127.0.0.1" if self.host in (None, "0.0.0.0", "::") else self.host
        return f"ws://[{host}]:{self.port}" if host and ":" in host else f"ws://{host}:{self.port}"

    async def start(self) -> None:
        """Listen, and set `port` to the port in use; raises OSError if it is taken."""
        try:
            sockets = listen(self.host, self.port)
        except OSError:
            self._hub.close()
            raise
        self.port = sockets[0].getsockname()[1]
        self._runner = web.ServerRunner(web.Server(self._handle, access_log=None))
        await self._runner.setup()
        for each in sockets:
            await web.SockSite(self._runner, each, backlog=1024).start()
        work = [self._keep_alive(), self._keep_awake(), self._engine.run()]
        self._tasks = [asyncio.create_task(each) for each in work]

    async def stop(self) -> None:
        """Make no more blocks, close all connections, and free the port."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for each in list(self._sockets):
            await each.close(code=WSCloseCode.GOING_AWAY)
        if self._runner is not None:
            await self._runner.cleanup()
        self._hub.close()

    # --- requests ------------------------------------------------------------------------------------------

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return await self._websocket(request)
        if request.method == "POST":
            return await self._post(request)
        if request.method == "OPTIONS":
            return web.Response(headers=ANY_ORIGIN)
        if request.method == "GET" and request.path in ("/health", "/health/readiness"):
            body = orjson.dumps(system_health(self.node)) if request.path == "/health" else b""
            return web.Response(body=body, content_type="application/json")
        return web.Response(status=405, text="Used HTTP Method is not allowed. POST is required\n")

    async def _websocket(self, request: web.BaseRequest) -> web.StreamResponse:
        if len(self._sockets) >= self.limits.connections:
            return web.Response(status=429, text="Too many connections. Please try again later.")
        # Requests above the limit are answered with an error; only much longer ones end the connection.
        longest = 2 * self.limits.request_bytes
        websocket = web.WebSocketResponse(compress=self._compress, max_msg_size=longest, autoping=False)
        self._sockets.add(websocket)
        try:
            await websocket.prepare(request)
            assert request.transport is not None, "a prepared request has its transport"
            connection = Connection(self._dispatcher, websocket, request.transport.abort)
            self._connections.add(connection)
            try:
                await connection.run()
            finally:
                self._connections.discard(connection)
        finally:
            self._sockets.discard(websocket)
        return websocket

    async def _post(self, request: web.BaseRequest) -> web.Response:
        if request.content_type not in JSON_TYPES:
            why = "Supplied content type is not allowed. Content-Type: application/json is required\n"
            return web.Response(status=415, text=why)
        limit = self.limits.request_bytes
        chunks, size = [], 0
        async for chunk in request.content.iter_any():
            chunks.append(chunk)
            size += len(chunk)
            if size > limit:
                return _json(failure(None, too_big_request(limit)), 413)
        body = b"".join(chunks)
        if body.lstrip()[:1] not in (b"{", b"["):
            return _json(failure(None, PARSE_ERROR), 400)
        return _json(await self._dispatcher.answer(body, None) or b"")

    # --- timers --------------------------------------------------------------------------------------------

    async def _keep_alive(self) -> None:
        while True:
            await asyncio.sleep(PING_EVERY_S)
            for connection in list(self._connections):
                await connection.ping()

    async def _keep_awake(self) -> None:
        while True:
            await asyncio.sleep(READY_EVERY_S)
            self.repeat_ready()

    def repeat_ready(self) -> None:
        """Repeat "ready" to the watchers of transactions if their block may take long."""
        longest = self._engine.longest_wait_ms
        if longest is None or longest > READY_EVERY_S * 1000:
            self._hub.repeat_ready()


def _json(body: bytes, status: int = 200) -> web.Response:
    return web.Response(body=body, status=status, content_type="application/json", headers=ANY_ORIGIN)


async def serve(chain: Blockchain, host: str | None = None, port: int = PORT, **options: Unpack[Options]) -> Server:
    """Start a server and return it."""
    server = Server(chain, host, port, **options)
    await server.start()
    return server


class Running:
    """A server in its own thread. Other threads use its chain through `call`."""

    def __init__(self, server: Server, loop: asyncio.AbstractEventLoop) -> None:
        self.server = server
        self.url = server.url
        self.port = server.port
        self._loop = loop

    def call(self, action: Callable[[], Result]) -> Result:
        """Run `action` in the server's thread, between two requests, and return its result."""

        async def run() -> Result:
            return action()

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result()


@contextlib.contextmanager
def running(chain: Blockchain, host: str | None = None, port: int = 0, **options: Unpack[Options]) -> Iterator[Running]:
    """Serve a chain from a separate thread while the `with` block runs."""
    started: list[Running | BaseException] = []
    ready, leave = threading.Event(), asyncio.Event()

    async def main() -> None:
        server = await serve(chain, host, port, **options)
        started.append(Running(server, asyncio.get_running_loop()))
        ready.set()
        try:
            await leave.wait()
        finally:
            await server.stop()

    def work() -> None:
        try:
            asyncio.run(main())
        except BaseException as error:  # noqa: BLE001  # raised in the thread that waits
            started.append(error)
            ready.set()

    thread = threading.Thread(target=work, name="rpc", daemon=True)
    thread.start()
    ready.wait()
    first = started[0]
    if isinstance(first, BaseException):
        thread.join()
        raise first
    try:
        yield first
    finally:
        first._loop.call_soon_threadsafe(leave.set)
        thread.join()
        if len(started) > 1 and isinstance(started[1], BaseException):
            raise started[1]
