"""One WebSocket: messages in, responses and notifications out, in the order in which they were made."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable

from aiohttp import ClientConnectionResetError, WSMsgType, web

from .dispatch import Dispatcher, failure
from .errors import too_big_request
from .node import ServerLimits
from .quiet import Quiet
from .subscriptions import Subscription

#: Longest that a ping waits for a client that does not read, in seconds, because other clients wait for theirs.
PING_TIMEOUT_S = 1.0
#: Messages answered before other connections have their turn.
SLICE = 32


class Connection:
    """A connected client. A separate task writes, so that notifications do not wait for requests."""

    def __init__(self, dispatcher: Dispatcher, socket: web.WebSocketResponse, abort: Callable[[], None]) -> None:
        """`abort` ends the connection of a client that does not read its messages."""
        self.subscriptions: dict[str, Subscription] = {}
        self._dispatcher = dispatcher
        self._limits: ServerLimits = dispatcher.node.limits
        self._socket = socket
        self._abort = abort
        self._fresh: list[Subscription] = []
        #: Messages, and the payloads of pings, in their order.
        self._outbox: deque[tuple[bytes, bool]] = deque()
        self._quiet = Quiet(self._ping)
        self._unread = 0
        self._gone = False
        #: Number of messages from the client so far.
        self._turns = 0
        self._wake = asyncio.Event()
        self._drained = asyncio.Event()

    def push(self, message: bytes) -> None:
        """Send a message after those that were pushed before."""
        if self._gone:
            return
        self._outbox.append((message, False))
        self._unread += len(message)
        self._wake.set()
        if self._unread > self._limits.unread_bytes:
            self._leave()
            self._abort()

    def when_quiet(self, action: Callable[[], None]) -> None:
        """Run `action` when the client has sent its requests about the messages so far."""
        self._quiet.wait(action)

    def _ping(self, payload: bytes) -> None:
        if not self._gone:
            self._outbox.append((payload, True))
            self._wake.set()

    def add_subscription(self, subscription: Subscription) -> None:
        """Keep a new subscription, and start it after the answer that names it."""
        if subscription.open:
            self.subscriptions[subscription.id] = subscription
            subscription.on_close.append(lambda: self.subscriptions.pop(subscription.id, None))
        self._fresh.append(subscription)

    async def ping(self) -> None:
        """Send a ping, which keeps the client connected, without waiting for the answer."""
        if not self._gone and not self._unread:
            with contextlib.suppress(ConnectionError, TimeoutError):
                async with asyncio.timeout(PING_TIMEOUT_S):
                    await self._socket.ping()

    async def run(self) -> None:
        """Serve the client until it leaves."""
        writer = asyncio.create_task(self._write())
        try:
            await self._read()
        finally:
            for subscription in list(self.subscriptions.values()):
                subscription.close()
            self._quiet.close()
            writer.cancel()

    async def _read(self) -> None:
        async for message in self._socket:
            if message.type is WSMsgType.PING:
                await self._socket.pong(message.data)
                continue
            if message.type is WSMsgType.PONG:
                self._quiet.pong(bytes(message.data))
                continue
            if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                break
            limit = self._limits.request_bytes
            if len(message.data) > limit:
                answer: bytes | None = failure(None, too_big_request(limit))
            else:
                answer = await self._dispatcher.answer(message.data, self)
            if answer is not None:
                self.push(answer)
            self._start_fresh()
            self._quiet.disturb()
            self._turns += 1
            if self._turns % SLICE == 0:
                await asyncio.sleep(0)
            while self._unread > self._limits.response_bytes:
                self._drained.clear()
                await self._drained.wait()

    def _start_fresh(self) -> None:
        for subscription in self._fresh:
            subscription.start()
        self._fresh.clear()

    async def _write(self) -> None:
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                while self._outbox:
                    message, is_ping = self._outbox.popleft()
                    if is_ping:
                        await self._socket.ping(message)
                        continue
                    await self._socket.send_str(message.decode())
                    self._unread -= len(message)
                    self._drained.set()
        except ClientConnectionResetError:
            pass
        finally:
            self._leave()

    def _leave(self) -> None:
        """Discard the unsent messages of a client that is gone."""
        self._gone = True
        self._outbox.clear()
        self._unread = 0
        self._drained.set()
