"""JSON-RPC to a node, as plain synchronous calls.

Calls are requests over HTTP, which nodes answer on the port of their WebSocket, too: the library for WebSockets takes
longer to import than many commands take altogether. A subscription opens a WebSocket, and so does the first call to a
node, or to a proxy before it, that does not answer over HTTP.
"""

from __future__ import annotations

import http.client
import time
from collections.abc import Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import orjson

from .answers import MAX_MESSAGE, NodeError, NotJsonRpc, RpcFailed, cannot_talk, late, parsed
from .errors import Misused

if TYPE_CHECKING:
    from .websocket import WebSocket

DEFAULT_TIMEOUT = 60.0
#: Seconds after which an idle connection is not used again: the node may have ended it.
IDLE_S = 10.0
HEADERS = {"Content-Type": "application/json"}

__all__ = ["DEFAULT_TIMEOUT", "Client", "NodeError", "RpcFailed"]


class Client:
    """The calls to the node at a URL, to be used as a context manager."""

    def __init__(self, url: str, timeout: float = DEFAULT_TIMEOUT) -> None:
        if not url.startswith(("ws://", "wss://")):
            raise Misused(f"expected a URL that begins with ws:// or wss://, got {url}")
        self.url, self.timeout = url, timeout
        self._next_id = 0
        self._http: Http | None = Http(url, timeout)
        self._websocket: WebSocket | None = None

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the connections."""
        if self._http is not None:
            self._http.close()
        if self._websocket is not None:
            self._websocket.close()

    def call(self, method: str, *params: Any) -> Any:
        """Return the result of a method; raises RpcFailed with the node's error, NodeError if it does not answer."""
        answer = self._answer(method, params)
        if "error" in answer:
            raise RpcFailed(method, answer["error"])
        return answer.get("result")

    def subscribe(self, method: str, *params: Any) -> Iterator[Any]:
        """Yield the notifications of a subscription, until the caller stops."""
        websocket = self._opened()
        subscription = str(self.call(method, *params))
        yield from websocket.notifications(subscription)

    # --- inside ------------------------------------------------------------------------------------------------

    def _answer(self, method: str, params: tuple[Any, ...]) -> dict[str, Any]:
        self._next_id += 1
        try:
            request = orjson.dumps({"jsonrpc": "2.0", "id": self._next_id, "method": method, "params": params})
        except TypeError as error:
            raise Misused(f"expected arguments that can be written as JSON: {error}") from None
        if self._http is not None and self._websocket is None:
            try:
                return self._http.answer(request)
            except NotJsonRpc:
                self._http.close()
                self._http = None
        return self._opened().answer(self._next_id, request)

    def _opened(self) -> WebSocket:
        if self._websocket is None:
            from .websocket import WebSocket

            self._websocket = WebSocket(self.url, self.timeout)
        return self._websocket


class Http:
    """One connection at a time to a node, over HTTP or, with wss://, over TLS."""

    def __init__(self, url: str, timeout: float) -> None:
        self._url, self._timeout, self._used = url, timeout, 0.0
        try:
            parts = urlsplit(url)
            address, port = parts.hostname or "", parts.port
        except ValueError as error:
            raise Misused(f"expected a URL such as ws://localhost:9944, got {url}: {error}") from None
        kind = http.client.HTTPSConnection if parts.scheme == "wss" else http.client.HTTPConnection
        self._connection = kind(address, port, timeout=timeout)
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        #: Whether a name and a password are in the URL, which a WebSocket sends.
        self._named = parts.username is not None

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

    def answer(self, request: bytes) -> dict[str, Any]:
        """Return the answer to a request; raises NotJsonRpc if the node has none over HTTP, NodeError."""
        if self._named:
            raise NotJsonRpc
        if time.monotonic() - self._used > IDLE_S:
            self.close()
        try:
            self._connection.request("POST", self._path, request, HEADERS)
            body = self._connection.getresponse().read(MAX_MESSAGE)
        except TimeoutError:
            raise late(self._url, self._timeout) from None
        except http.client.HTTPException:
            raise NotJsonRpc from None
        except OSError as error:
            raise cannot_talk(self._url, error) from None
        self._used = time.monotonic()
        return parsed(body)
