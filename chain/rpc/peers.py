"""The open connections: how many there may be, what waits in them, and which ones make way for others.

A connection counts from the moment it is accepted. Those that ask for nothing are closed first: a server that is full
of idle sockets still serves the next client that sends a request.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from enum import Enum

from aiohttp import web

from ...consensus.internal import InternalError
from .node import MEBIBYTE, ServerLimits
from .notices import Notice
from .turns import Share, Turns

#: Connections beyond the limit, which are kept until their request is answered with a refusal.
REFUSALS = 16
#: Seconds after which a connection that waits for its client makes way for another one.
STALLED_S = 1.0
#: Bytes after which a header is given up; aiohttp's own limits are about 1 MiB.
LONGEST_HEADER = 2 * MEBIBYTE
#: Bytes that are taken from a connection at once. They may be thousands of frames, and all connections are read in one
#: round of the event loop, so asyncio's 256 KiB are too many.
RECEIVED_BYTES = 32 * 1024
#: The part of the bytes that may still wait for all clients which one client may leave unread before its next requests
#: wait, too. So that those that read late do not use up the bytes of all.
UNREAD_PART = 8


class Phase(Enum):
    """What a connection waits for."""

    #: The header of a request.
    HEADER = "header"
    #: The body of a request.
    BODY = "body"
    #: An answer of this server.
    ANSWER = "answer"
    #: The client, to read a response over HTTP.
    READING = "reading"
    #: The next request over HTTP.
    IDLE = "idle"
    #: The next message over a WebSocket.
    SOCKET = "socket"


#: Which connections make way first; the others never do. Those of rank 2 only if they have stalled.
RANKS = {Phase.HEADER: 0, Phase.IDLE: 1, Phase.BODY: 2, Phase.READING: 2, Phase.SOCKET: 2}


class Peer:
    """One connection, from its acceptance to its end. Times are those of the event loop, in seconds."""

    __slots__ = ("abort", "heard", "messages", "on_drop", "open", "own", "phase", "share", "shared", "since", "waiting")

    def __init__(self, abort: Callable[[], None], now: float, share: Share) -> None:
        self.abort = abort
        self.share = share
        self.open = True
        self.phase = Phase.HEADER
        #: When the phase began, or when a client read a part of its response.
        self.since = now
        #: When the last bytes arrived.
        self.heard = now
        #: Bytes of requests that are not answered yet.
        self.waiting = 0
        #: Bytes that the client has not read yet: those that are kept for it alone, and those that others share.
        self.own = 0
        self.shared = 0
        #: Messages over the WebSocket so far.
        self.messages = 0
        #: Called when the server ends the connection.
        self.on_drop: Callable[[], None] | None = None

    @property
    def unread(self) -> int:
        """Bytes that the client has not read yet."""
        return self.own + self.shared


class Peers:
    """All open connections of a server. `time` is the clock of the event loop."""

    def __init__(self, limits: ServerLimits, time: Callable[[], float], turns: Turns) -> None:
        self.limits = limits
        self.time = time
        self._turns = turns
        #: Bytes that wait for all clients, and bytes of their requests that are not answered yet.
        self.unread = 0
        self.waiting = 0
        self._peers: dict[Peer, None] = {}

    def __len__(self) -> int:
        return len(self._peers)

    # --- coming and going ----------------------------------------------------------------------------------

    def enter(self, abort: Callable[[], None]) -> Peer:
        """Count a new connection; `abort` ends it."""
        peer = Peer(abort, self.time(), Share(self._turns))
        self._peers[peer] = None
        return peer

    def leave(self, peer: Peer) -> None:
        """Count a connection no longer, with all that waits in it."""
        if self._peers.pop(peer, peer) is None:
            peer.open = False
            self.waiting -= peer.waiting
            self.unread -= peer.own
            peer.waiting = peer.own = 0

    def drop(self, peer: Peer) -> None:
        """End a connection at once."""
        self.leave(peer)
        if peer.on_drop is not None:
            peer.on_drop()
        peer.abort()

    def accepts(self, pending: int = 0) -> bool:
        """Return whether another connection may be accepted beside the `pending` ones; make way for it if possible."""
        return len(self._peers) + pending < self.limits.connections + REFUSALS or self.make_way()

    def admits(self, peer: Peer) -> bool:
        """Return whether the request of a connection may be answered; make way for it if possible."""
        while peer.open and len(self._peers) > self.limits.connections:
            if not self.make_way(peer):
                return False
        return peer.open

    def make_way(self, beneficiary: Peer | None = None) -> bool:
        """End the connection that is missed least; return whether there was one that asks for nothing."""
        now = self.time()
        found = [peer for peer in self._peers if peer is not beneficiary and self._is_missed_least(peer, now)]
        if not found:
            return False
        self.drop(min(found, key=lambda peer: (RANKS[peer.phase], peer.since)))
        return True

    def _is_missed_least(self, peer: Peer, now: float) -> bool:
        if peer.phase is Phase.ANSWER or (peer.phase is Phase.SOCKET and peer.messages):
            return False
        return RANKS[peer.phase] < 2 or now - max(peer.since, peer.heard) >= STALLED_S

    # --- phases --------------------------------------------------------------------------------------------

    def enter_phase(self, peer: Peer, phase: Phase) -> None:
        """Note what a connection waits for from now on."""
        peer.phase = phase
        peer.since = self.time()

    def sweep(self) -> None:
        """End the connections whose time is up."""
        now = self.time()
        for peer in [each for each in self._peers if now >= self._deadline(each)]:
            self.drop(peer)

    def _deadline(self, peer: Peer) -> float:
        limits = self.limits
        match peer.phase:
            case Phase.HEADER:
                return peer.since + limits.header_s
            case Phase.BODY:
                return peer.since + limits.body_s + peer.waiting / limits.body_rate
            case Phase.READING:
                return peer.since + limits.reading_s
            case Phase.SOCKET:
                return max(peer.since, peer.heard) + limits.silent_s
            case Phase.IDLE:  # aiohttp ends it earlier, unless a response is not read
                return peer.since + limits.idle_s + limits.reading_s
            case Phase.ANSWER:
                return float("inf")

    # --- bytes ---------------------------------------------------------------------------------------------

    def receive(self, peer: Peer, size: int) -> None:
        """Count bytes of a client; end the connections that are silent for longest while too many bytes wait."""
        if not peer.open:
            return
        peer.heard = self.time()
        if peer.phase is Phase.IDLE:
            self.enter_phase(peer, Phase.HEADER)
        peer.waiting += size
        self.waiting += size
        if peer.phase is Phase.HEADER and peer.waiting > LONGEST_HEADER:
            self.drop(peer)
        while self.waiting > self.limits.waiting_total:
            half = self.waiting / len(self._peers) / 2  # of the mean: many small parts are as bad as a large one
            large = [each for each in self._peers if each.waiting >= half and each.phase is not Phase.ANSWER]
            self.drop(min(large, key=lambda each: each.heard, default=peer))

    def consume(self, peer: Peer, size: int | None = None) -> None:
        """Count bytes of requests as answered; by default all."""
        taken = peer.waiting if size is None else min(size, peer.waiting)
        peer.waiting -= taken
        self.waiting -= taken

    @property
    def most_unread(self) -> int:
        """The unread bytes of a client beyond which its next request waits."""
        return min(self.limits.response_bytes, (self.limits.unread_total - self.unread) // UNREAD_PART)

    def owe(self, peer: Peer, size: int) -> None:
        """Count bytes that wait for a client, unless it is gone."""
        if peer.open:
            peer.own += size
            self.unread += size
            if peer.unread > self.limits.unread_bytes or self.unread > self.limits.unread_total:
                self._limit_unread(peer)

    def settle(self, peer: Peer, size: int) -> None:
        """Count bytes as read."""
        if peer.open:
            peer.own -= size
            self.unread -= size

    def share(self, peer: Peer, notice: Notice) -> None:
        """Count a notice that waits for a client. Its bytes count once in the sum of all clients."""
        peer.shared += notice.size
        self.unread += 0 if notice.holders else notice.size
        notice.holders += 1
        self._limit_unread(peer)

    def unshare(self, peer: Peer, notice: Notice) -> None:
        """Count a notice as read by a client."""
        peer.shared -= notice.size
        notice.holders -= 1
        self.unread -= 0 if notice.holders else notice.size

    def _limit_unread(self, peer: Peer) -> None:
        """End a connection beyond its limit, and those that read least beyond the limit of all."""
        if peer.open and peer.unread > self.limits.unread_bytes:
            self.drop(peer)
        while self.unread > self.limits.unread_total:
            slowest = max(self._peers, key=lambda each: each.unread, default=peer)
            if not slowest.open or not slowest.unread:
                return
            self.drop(slowest)


class PeerProtocol(web.RequestHandler):
    """aiohttp's handling of one connection, which also tells the server's `Peers` of it."""

    __slots__ = ("_peers", "peer")

    def __init__(self, server: web.Server, peers: Peers, loop: asyncio.AbstractEventLoop) -> None:
        # Requests are not decompressed: as on the genuine node, and so that a small one cannot become a large one.
        idle = peers.limits.idle_s
        super().__init__(server, loop=loop, keepalive_timeout=idle, auto_decompress=False, access_log=None)  # type: ignore[arg-type]  # None: no log
        self._peers = peers
        self.peer: Peer | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not isinstance(transport, asyncio.Transport):
            raise InternalError(f"expected a transport of a socket, got {transport!r}")
        transport.max_size = RECEIVED_BYTES  # type: ignore[attr-defined]  # of all selector transports
        self.peer = self._peers.enter(transport.abort)
        super().connection_made(transport)

    def data_received(self, data: bytes) -> None:
        if data and self.peer is not None:
            self._peers.receive(self.peer, len(data))
        super().data_received(data)

    def connection_lost(self, exc: BaseException | None) -> None:
        if self.peer is not None:
            self._peers.leave(self.peer)
        super().connection_lost(exc)

    async def drained(self) -> None:
        """Wait until the client has read most of what was written; raises ConnectionError if it is gone."""
        await self._drain_helper()
