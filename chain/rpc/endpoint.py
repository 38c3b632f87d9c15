"""The requests of one port: WebSockets, JSON-RPC over HTTP, and the health of the node."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import orjson
from aiohttp import web

from ...consensus.internal import InternalError
from .connection import Connection
from .dispatch import Dispatcher, failure
from .errors import PARSE_ERROR, too_big_request
from .methods.system import system_health
from .node import Node
from .pages import PagePolicy
from .peers import Peer, PeerProtocol, Peers, Phase

JSON_TYPES = ("application/json", "application/json-rpc")
#: Bytes of a response that are written at a time.
PART_BYTES = 64 * 1024


class Endpoint:
    """Answers the requests to a node."""

    def __init__(self, node: Node, peers: Peers, policy: PagePolicy, guard: bool, compress: bool) -> None:
        """`guard` refuses operators' methods to web pages of elsewhere; `compress` offers permessage-deflate."""
        self.connections: set[Connection] = set()
        self.sockets: set[web.WebSocketResponse] = set()
        self._node, self._peers, self._policy, self._compress = node, peers, policy, compress
        self._dispatcher = Dispatcher(node)
        self._for_pages = self._dispatcher if not guard else Dispatcher(replace(node, unsafe=False, dev=False))

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request."""
        protocol = request.protocol
        if not isinstance(protocol, PeerProtocol) or protocol.peer is None:
            raise InternalError("expected a request of a connection that is counted")
        peer = protocol.peer
        try:
            response = self._refused(request, peer) or await self._answer(request, protocol, peer)
        finally:
            self._peers.consume(peer)
            self._peers.enter_phase(peer, Phase.IDLE)
        return response

    def _refused(self, request: web.BaseRequest, peer: Peer) -> web.Response | None:
        if not self._peers.admits(peer):
            response = web.Response(status=429, text="Too many connections. Please try again later.")
            response.force_close()
            return response
        why = self._policy.refusal(request)
        if why is None or request.method == "OPTIONS":
            return None
        return web.Response(status=403, text=why, headers=self._policy.headers(request))

    async def _answer(self, request: web.BaseRequest, protocol: PeerProtocol, peer: Peer) -> web.StreamResponse:
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return await self._websocket(request, protocol, peer)
        headers = self._policy.headers(request)
        if request.method == "POST":
            return await self._post(request, peer, headers)
        if request.method == "OPTIONS":
            return web.Response(headers=headers)
        if request.method == "GET" and request.path in ("/health", "/health/readiness"):
            body = orjson.dumps(system_health(self._node)) if request.path == "/health" else b""
            return web.Response(body=body, content_type="application/json", headers=headers)
        return web.Response(status=405, text="Used HTTP Method is not allowed. POST is required\n")

    def _dispatcher_for(self, request: web.BaseRequest) -> Dispatcher:
        return self._for_pages if self._policy.is_foreign(request) else self._dispatcher

    # --- websocket -----------------------------------------------------------------------------------------

    async def _websocket(self, request: web.BaseRequest, protocol: PeerProtocol, peer: Peer) -> web.StreamResponse:
        # Requests above the limit are answered with an error; only much longer ones end the connection.
        limits = self._peers.limits
        websocket = web.WebSocketResponse(
            compress=self._compress, max_msg_size=2 * limits.request_bytes, timeout=limits.close_s, autoping=False
        )
        self.sockets.add(websocket)
        try:
            await websocket.prepare(request)
            self._peers.consume(peer)
            self._peers.enter_phase(peer, Phase.SOCKET)
            connection = Connection(self._dispatcher_for(request), websocket, protocol, peer, self._peers)
            self.connections.add(connection)
            try:
                await connection.run()
            finally:
                self.connections.discard(connection)
        finally:
            self.sockets.discard(websocket)
        return websocket

    # --- http ----------------------------------------------------------------------------------------------

    async def _post(self, request: web.BaseRequest, peer: Peer, headers: Mapping[str, str]) -> web.StreamResponse:
        if request.content_type not in JSON_TYPES:
            why = "Supplied content type is not allowed. Content-Type: application/json is required\n"
            return web.Response(status=415, text=why)
        self._peers.enter_phase(peer, Phase.BODY)
        body = await self._read(request)
        self._peers.enter_phase(peer, Phase.ANSWER)
        if body is None:
            answer, status = failure(None, too_big_request(self._peers.limits.request_bytes)), 413
        elif body.lstrip()[:1] not in (b"{", b"["):
            answer, status = failure(None, PARSE_ERROR), 400
        else:
            answer, status = await self._answer_text(self._dispatcher_for(request), body, peer) or b"", 200
        del body
        self._peers.consume(peer)
        response = web.StreamResponse(status=status, headers=headers)
        response.content_type = "application/json"
        response.content_length = len(answer)
        await self._write(request, response, answer, peer)
        return response

    async def _answer_text(self, dispatcher: Dispatcher, body: bytes, peer: Peer) -> bytes | None:
        """Answer a request; light ones are paced here, others while they are answered."""
        start = peer.share.time()
        answer = dispatcher.begin(body, None, peer.share)
        if answer is not None and not isinstance(answer, bytes):
            return await answer
        if peer.share.spend(start):
            await peer.share.turn()
        return answer

    async def _read(self, request: web.BaseRequest) -> bytes | None:
        """Return the body; None if it is too big."""
        chunks: list[bytes] = []
        size = 0
        try:
            async for chunk in request.content.iter_any():
                chunks.append(chunk)
                size += len(chunk)
                if size > self._peers.limits.request_bytes:
                    return None
            return b"".join(chunks)
        finally:
            chunks.clear()  # the error of a client that left keeps this frame until garbage is collected

    async def _write(self, request: web.BaseRequest, response: web.StreamResponse, answer: bytes, peer: Peer) -> None:
        """Write a response as fast as the client reads it; a client that leaves meanwhile is no error."""
        self._peers.owe(peer, len(answer))
        left = len(answer)
        try:
            await response.prepare(request)
            for start in range(0, len(answer), PART_BYTES):
                self._peers.enter_phase(peer, Phase.READING)
                part = answer[start : start + PART_BYTES]
                await response.write(part)
                self._peers.settle(peer, len(part))
                left -= len(part)
            await response.write_eof()
        except ConnectionError:
            pass
        finally:
            self._peers.settle(peer, left)
