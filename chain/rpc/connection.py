"""One WebSocket: messages in, responses and notifications out, in the order in which they were made."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Iterator
from time import monotonic
from typing import NamedTuple

from aiohttp import WSMessage, WSMsgType, web

from .dispatch import Dispatcher, failure
from .errors import too_big_request
from .notices import Followers, Notice
from .peers import Peer, Peers, Phase
from .quiet import Quiet
from .subscriptions import Subscription
from .turns import Turns

#: Longest that a ping waits for a client that does not read, in seconds, because other clients wait for theirs.
PING_TIMEOUT_S = 1.0
#: Time in seconds for which messages are answered, and pings too, before others have their turn.
SLICE_S = 0.001
#: Most bytes of a WebSocket frame around its message.
FRAME_BYTES = 14


class Ping(NamedTuple):
    """A ping that waits for its turn among the messages."""

    payload: bytes


class Connection:
    """A connected client. A separate task writes, so that notifications do not wait for requests."""

    def __init__(
        self, dispatcher: Dispatcher, socket: web.WebSocketResponse, peer: Peer, peers: Peers, turns: Turns
    ) -> None:
        self.subscriptions: dict[str, Subscription] = {}
        self._dispatcher = dispatcher
        self._socket = socket
        self._peer, self._peers, self._turns = peer, peers, turns
        self._fresh: list[Subscription] = []
        self._outbox: deque[bytes | tuple[Notice, Followers] | Ping] = deque()
        self._quiet = Quiet(self._ping)
        self._gone = False
        self._wake = asyncio.Event()
        self._drained = asyncio.Event()
        peer.on_drop = self._discard

    def push(self, message: bytes) -> None:
        """Send a message after those that were pushed before."""
        if self._peer.open and not self._gone:
            self._outbox.append(message)
            self._wake.set()
            self._peers.owe(self._peer, len(message))

    def push_notice(self, notice: Notice, followers: Followers) -> None:
        """Send the notifications of a notice after the messages that were pushed before."""
        if self._peer.open and not self._gone:
            self._outbox.append((notice, followers))
            self._wake.set()
            self._peers.share(self._peer, notice)

    def when_quiet(self, action: Callable[[], None]) -> None:
        """Run `action` when the client has sent its requests about the messages so far."""
        self._quiet.wait(action)

    def _ping(self, payload: bytes) -> None:
        if self._peer.open and not self._gone:
            self._outbox.append(Ping(payload))
            self._wake.set()

    def add_subscription(self, subscription: Subscription) -> None:
        """Keep a new subscription, and start it after the answer that names it."""
        if subscription.open:
            self.subscriptions[subscription.id] = subscription
            subscription.kept_in = self.subscriptions
        self._fresh.append(subscription)

    async def ping(self) -> None:
        """Send a ping, which keeps the client connected, without waiting for the answer."""
        if self._peer.open and not self._peer.unread:
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
            self._discard()

    async def _read(self) -> None:
        until = monotonic() + SLICE_S
        async for message in self._socket:
            if message.type in (WSMsgType.PING, WSMsgType.PONG):
                await self._control(message)
                self._peers.consume(self._peer, len(message.data) + FRAME_BYTES)
            elif message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                await self._serve(message.data)
            else:
                break
            if monotonic() >= until:
                await asyncio.sleep(0)
                until = monotonic() + SLICE_S

    async def _control(self, message: WSMessage) -> None:
        """Answer a ping, or note the answer to one."""
        if message.type is WSMsgType.PONG:
            self._quiet.pong(bytes(message.data))
            return
        with contextlib.suppress(ConnectionError):  # a client that has left
            await self._socket.pong(message.data)

    async def _serve(self, data: str | bytes) -> None:
        """Answer a message, and wait until the client has read enough of what was sent to it."""
        peer, limits = self._peer, self._peers.limits
        self._peers.enter_phase(peer, Phase.ANSWER)
        peer.messages += 1
        answer = await self._answer(data)
        self._peers.consume(peer, size_of(data) + FRAME_BYTES)
        self._peers.enter_phase(peer, Phase.SOCKET)
        if answer is not None:
            self.push(answer)
        self._start_fresh()
        self._quiet.disturb()
        while self._outbox and peer.unread > limits.response_bytes:
            self._drained.clear()
            await self._drained.wait()

    async def _answer(self, data: str | bytes) -> bytes | None:
        limit = self._peers.limits.request_bytes
        if size_of(data) > limit:
            return failure(None, too_big_request(limit))
        return await self._dispatcher.answer(data, self)

    def _start_fresh(self) -> None:
        for subscription in self._fresh:
            subscription.start()
        self._fresh.clear()

    async def _write(self) -> None:
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                written = 0
                while self._outbox:
                    entry = self._outbox[0]
                    if isinstance(entry, Ping):
                        self._outbox.popleft()
                        await self._socket.ping(entry.payload)
                        continue
                    for message in self._make(entry):
                        await self._turns.take(written)
                        await self._socket.send_frame(message, WSMsgType.TEXT)
                        written += len(message)
        except ConnectionError:
            pass
        finally:
            self._discard()

    def _make(self, entry: bytes | tuple[Notice, Followers]) -> Iterator[bytes]:
        """Make the messages of the outbox's first entry, one at a time, and take it out afterwards."""
        if isinstance(entry, bytes):
            yield entry
        else:
            for message in entry[0].notifications(entry[1]):
                self._peers.owe(self._peer, len(message))
                yield message
                self._peers.settle(self._peer, len(message))
        if not self._gone:
            self._take_out()
            self._drained.set()

    def _take_out(self) -> None:
        """Take the first entry out of the outbox and count it as read."""
        entry = self._outbox.popleft()
        if isinstance(entry, bytes):
            self._peers.settle(self._peer, len(entry))
        elif not isinstance(entry, Ping):
            self._peers.unshare(self._peer, entry[0])

    def _discard(self) -> None:
        """Discard what waits for a client that is gone."""
        self._gone = True
        while self._outbox:
            self._take_out()
        self._drained.set()


def size_of(data: str | bytes) -> int:
    """Return the length of a message in bytes."""
    return len(data) if isinstance(data, bytes) or data.isascii() else len(data.encode())
