"""One WebSocket: messages in, responses and notifications out, in the order in which they were made."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from typing import Any

from aiohttp import WSMessage, WSMsgType, web

from .dispatch import Dispatcher, failure
from .errors import too_big_request
from .notices import Followers, Notice
from .outbox import OPCODES, Outbox, Ping, Pong, frames
from .peers import Peer, PeerProtocol, Peers, Phase
from .quiet import Quiet
from .subscriptions import Subscription

#: Longest that a ping waits for a client that does not read, in seconds, because other clients wait for theirs.
PING_TIMEOUT_S = 1.0
#: Most bytes of a WebSocket frame around its message.
FRAME_BYTES = 14


class Connection:
    """A connected client. A separate task writes, so that notifications do not wait for requests."""

    def __init__(
        self, dispatcher: Dispatcher, socket: web.WebSocketResponse, protocol: PeerProtocol, peer: Peer, peers: Peers
    ) -> None:
        self.subscriptions: dict[str, Subscription] = {}
        self._dispatcher = dispatcher
        self._socket, self._protocol = socket, protocol
        self._peer, self._peers = peer, peers
        self._fresh: list[Subscription] = []
        self._outbox = Outbox(peer, peers)
        self._quiet = Quiet(lambda payload: self.push(Ping(payload)))
        self._gone = False
        self._wake = asyncio.Event()
        self._drained = asyncio.Event()
        peer.on_drop = self._discard

    def push(self, message: bytes) -> None:
        """Send a message after those that were pushed before."""
        if self._peer.open and not self._gone:
            self._outbox.push(message)
            self._wake.set()

    def push_notice(self, notice: Notice, followers: Followers) -> None:
        """Send the notifications of a notice after the messages that were pushed before."""
        if self._peer.open and not self._gone:
            self._outbox.push_notice(notice, followers)
            self._wake.set()

    def when_quiet(self, action: Callable[[], None]) -> None:
        """Run `action` when the client has sent its requests about the messages so far."""
        self._quiet.wait(action)

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

    # --- reading -------------------------------------------------------------------------------------------

    async def _read(self) -> None:
        receive, share, peer, peers = self._socket.receive, self._peer.share, self._peer, self._peers
        while True:
            message = await receive()
            start = share.time()
            if message.type is WSMsgType.TEXT or message.type is WSMsgType.BINARY:
                size = size_of(message.data)
                pending = self._serve(message.data, size)
                if pending is not None:
                    start = await self._serve_later(pending)
            elif message.type is WSMsgType.PING or message.type is WSMsgType.PONG:
                size = len(message.data)
                self._control(message)
            else:
                return
            peers.consume(peer, size + FRAME_BYTES)
            if peer.unread > peers.most_unread:
                await self._until_read()
            if share.spend(start):
                await share.turn()

    def _control(self, message: WSMessage) -> None:
        """Answer a ping, or note the answer to one."""
        if message.type is WSMsgType.PONG:
            self._quiet.pong(bytes(message.data))
        else:
            self.push(Pong(message.data))

    def _serve(self, data: str | bytes, size: int) -> Coroutine[Any, Any, bytes | None] | None:
        """Answer a message of `size` bytes; return what finds the answer if that takes long."""
        self._peer.messages += 1
        limit, begin = self._peers.limits.request_bytes, self._dispatcher.begin
        answer = failure(None, too_big_request(limit)) if size > limit else begin(data, self, self._peer.share)
        if answer is not None and not isinstance(answer, bytes):
            return answer
        self._respond(answer)
        return None

    async def _serve_later(self, pending: Coroutine[Any, Any, bytes | None]) -> float:
        """Answer a message that takes long; return when the answer was there."""
        self._peers.enter_phase(self._peer, Phase.ANSWER)
        answer = await pending
        self._peers.enter_phase(self._peer, Phase.SOCKET)
        start = self._peer.share.time()
        self._respond(answer)
        return start

    def _respond(self, answer: bytes | None) -> None:
        if answer is not None:
            self.push(answer)
        if self._fresh:
            self._start_fresh()
        self._quiet.disturb()

    def _start_fresh(self) -> None:
        for subscription in self._fresh:
            subscription.start()
        self._fresh.clear()

    async def _until_read(self) -> None:
        """Wait until the client has read enough of what was sent to it."""
        while self._outbox and self._peer.unread > self._peers.most_unread:
            self._drained.clear()
            await self._drained.wait()

    # --- writing -------------------------------------------------------------------------------------------

    async def _write(self) -> None:
        share, outbox = self._peer.share, self._outbox
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                while outbox:
                    start = share.time()
                    await self._send(outbox.take())
                    is_late = share.spend(start)
                    if self._protocol.writing_paused:
                        await self._protocol.drained()
                    outbox.settle()
                    self._drained.set()
                    if is_late:
                        await share.turn()
        except ConnectionError:
            pass
        finally:
            self._discard()

    async def _send(self, messages: list[bytes]) -> None:
        """Write messages; raises ConnectionError if the client is gone."""
        if self._socket.compress:
            for message in messages:
                await self._socket.send_frame(message, OPCODES[type(message)])
        elif messages:
            transport = self._protocol.transport
            if self._gone or self._socket.closed or transport is None or transport.is_closing():
                raise ConnectionResetError("the connection is closed")
            for part in frames(messages):
                transport.write(part)

    def _discard(self) -> None:
        """Discard what waits for a client that is gone."""
        self._gone = True
        self._outbox.clear()
        self._drained.set()


def size_of(data: str | bytes) -> int:
    """Return the length of a message in bytes."""
    return len(data) if isinstance(data, bytes) or data.isascii() else len(data.encode())
