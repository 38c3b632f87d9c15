"""What the web server refuses, and what it forbids pages: other names of this machine, other pages, other hosts."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..chain.rpc.pages import host_name

#: Everything comes from this server. NiceGUI compiles templates in the browser, which needs the two `unsafe` entries.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' ws: wss:; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
)
HEADERS = [
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
]


class Guard:
    """Refuses requests by other names than the server's (DNS rebinding) and WebSockets of other pages."""

    def __init__(self, app: ASGIApp, hosts: Sequence[str] | None) -> None:
        """Guard an application; `hosts` are the names of the server, None for any."""
        self.app, self.hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        if self.is_allowed(headers.get(b"host", ""), headers.get(b"origin")):
            await self.app(scope, receive, self._with_headers(send))
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await send({"type": "http.response.start", "status": 403, "headers": [(b"content-type", b"text/plain")]})
            await send(
                {"type": "http.response.body", "body": b"This name of the server, or this page, is not allowed.\n"}
            )

    def is_allowed(self, host: str, origin: str | None) -> bool:
        """Return whether a request names this server, and comes from its own pages or from no page."""
        if self.hosts is not None and host_name(host) not in self.hosts:
            return False
        return origin is None or origin.lower().partition("://")[2] == host.lower()

    @staticmethod
    def _with_headers(send: Send) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *HEADERS]}
            await send(message)

        return sending
