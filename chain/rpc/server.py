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
from collections.abc import Callable, Iterator, Sequence
from typing import TypedDict, TypeVar, Unpack

from aiohttp import WSCloseCode, web

from ..chain import Blockchain
from ..engine.engine import Engine
from ..engine.local import LocalEngine
from .accept import Acceptor
from .endpoint import Endpoint
from .listen import Ports, is_local, listen
from .node import Node, ServerLimits
from .pages import PagePolicy
from .peers import PeerProtocol, Peers
from .slices import SlicedCall
from .subscriptions import Hub
from .turns import Turns

PORT = 9944
#: Some clients disconnect when they receive nothing, not even a ping, for 40 s.
PING_EVERY_S = 25.0
#: Some clients abandon a watched transaction when they receive nothing for 60 s.
READY_EVERY_S = 20.0

#: How often connections are checked whose time is up.
SWEEP_EVERY_S = 1.0

Result = TypeVar("Result")

log = logging.getLogger(__name__)


class Options(TypedDict, total=False):
    """Options of a server."""

    #: Appends the chain's blocks; by default the program that holds the chain does.
    engine: Engine | None
    limits: ServerLimits | None
    #: Whether clients may call the methods meant for operators; by default if only this machine can connect.
    #: Web pages on this machine and on polkadot.js.org may call them in that case, others may not.
    unsafe: bool | None
    #: Origins of the web pages that may send requests; None: all.
    cors: Sequence[str] | None
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
        self._engine = options.get("engine") or LocalEngine(chain)
        self._engine.sliced = SlicedCall
        self._hub = Hub(chain)
        allowed = is_local(host) if unsafe is None else unsafe
        dev = allowed and is_local(host) and chain.config.chain_type != "Live" and not self._engine.shared
        self.node = Node(chain, self._hub, self._engine, allowed, self.limits, dev)
        self._policy = PagePolicy.of(options.get("cors"), host)
        self._guard = unsafe is None
        self._compress = options.get("compress", False)
        self._tasks: list[asyncio.Task[None]] = []

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
        Ports.of(self.node.chain).open.add(self.port)
        loop = asyncio.get_running_loop()
        self.peers = Peers(self.limits, loop.time, Turns(loop.time, loop.call_soon))
        self.endpoint = Endpoint(self.node, self.peers, self._policy, self._guard, self._compress)
        self._web = web.Server(self.endpoint.handle)
        self._acceptor = Acceptor(sockets, self.peers, lambda: PeerProtocol(self._web, self.peers, loop))
        self._acceptor.start()
        work = [self._keep_alive(), self._keep_awake(), self._sweep(), self._engine.run()]
        self._tasks = [asyncio.create_task(each) for each in work]

    async def stop(self) -> None:
        """Make no more blocks, close all connections, and free the port; stopping twice is allowed."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._acceptor.close()
        Ports.of(self.node.chain).open.discard(self.port)
        closing = [each.close(code=WSCloseCode.GOING_AWAY) for each in self.endpoint.sockets]
        await asyncio.gather(*closing, return_exceptions=True)  # each with a time-out
        await self._web.shutdown(self.limits.close_s)
        self._hub.close()

    # --- timers --------------------------------------------------------------------------------------------

    async def _keep_alive(self) -> None:
        while True:
            await asyncio.sleep(PING_EVERY_S)
            for connection in list(self.endpoint.connections):
                await connection.ping()

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_EVERY_S)
            self.peers.sweep()

    async def _keep_awake(self) -> None:
        while True:
            await asyncio.sleep(READY_EVERY_S)
            self.repeat_ready()

    def repeat_ready(self) -> None:
        """Repeat "ready" to the watchers of transactions if their block may take long."""
        longest = self._engine.longest_wait_ms
        if longest is None or longest > READY_EVERY_S * 1000:
            self._hub.repeat_ready()


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
        self._thread = threading.get_ident()

    def is_current_thread(self) -> bool:
        """Return whether the caller runs in the server's thread."""
        return threading.get_ident() == self._thread

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
