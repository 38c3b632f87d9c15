"""JSON-RPC to the node from which a fork reads, over WebSocket or HTTP. Calls wait in the caller's thread.

The connection lives in a thread of its own, because the caller may be the event loop of a server. The node is not
trusted: the time and the size of its answers are limited, and redirections are not followed.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ...errors import ChainError

# asyncio, aiohttp and orjson are imported where they are used: they take a quarter of a second, which only forks need.
if TYPE_CHECKING:
    import asyncio

    import aiohttp

#: Most bytes of one answer. The genuine node's responses have at most 15 MiB.
MAX_ANSWER = 32 * 1024 * 1024
#: Seconds until the answers to `AT_ONCE` requests are complete.
TIMEOUT_S = 30.0
#: Requests that are sent before their answers are awaited.
AT_ONCE = 8
#: Seconds before a failed exchange is tried again; at once, because the node may have ended an idle connection. A node
#: that has failed is tried once only, until it answers.
PAUSES_S: tuple[float, ...] = (0.0, 1.0)
#: Seconds that the node has to answer the end of a WebSocket.
CLOSE_S = 1.0
SCHEMES = ("ws://", "wss://", "http://", "https://")

#: A method and its parameters.
Request = tuple[str, Sequence[Any]]


class WireError(Exception):
    """The node cannot be reached, or what it sends is no JSON-RPC."""


class Refused(WireError):
    """The node's error object."""

    def __init__(self, method: str, error: Any) -> None:
        found = error if isinstance(error, dict) else {}
        self.code = found.get("code")
        data = found.get("data")
        detail = "" if data is None else f": {data}"
        super().__init__(f"it refuses {method}: {found.get('message')}{detail} (code {self.code})"[:1000])


class Wire:
    """A connection that is made when it is first used, and again after it broke."""

    def __init__(self, url: str, timeout_s: float = TIMEOUT_S) -> None:
        if not isinstance(url, str) or not url.startswith(SCHEMES):
            raise ChainError(f"expected the URL of a node, which begins with {', '.join(SCHEMES)}, got {url!r:.100}")
        self.url = url
        self._timeout_s = timeout_s
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._session: aiohttp.ClientSession | None = None
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._next_id = 0
        self._works = True

    def call(self, method: str, *params: Any) -> Any:
        """Return the result of a method; raises WireError."""
        return self.call_all([(method, params)])[0]

    def call_all(self, requests: Sequence[Request]) -> list[Any]:
        """Return the results of several requests, which are under way together; raises WireError."""
        import asyncio

        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=self._loop.run_forever, name="fork", daemon=True)
                self._thread.start()
            calls = asyncio.run_coroutine_threadsafe(self._call_all(requests), self._loop)
            try:
                return calls.result()
            except BaseException:  # such as Ctrl-C
                calls.cancel()
                raise

    def close(self) -> None:
        """End the connection; a later call makes another one."""
        import asyncio

        with self._lock:
            loop, thread, self._loop = self._loop, self._thread, None
            if loop is not None and thread is not None:
                asyncio.run_coroutine_threadsafe(self._disconnect(), loop).result()
                loop.call_soon_threadsafe(loop.stop)
                thread.join()
                loop.close()

    # --- in the thread of the connection -------------------------------------------------------------------

    async def _call_all(self, requests: Sequence[Request]) -> list[Any]:
        results: list[Any] = []
        for at in range(0, len(requests), AT_ONCE):
            part = requests[at : at + AT_ONCE]
            for (method, _), answer in zip(part, await self._try(part), strict=True):
                if "error" in answer or "result" not in answer:
                    raise Refused(method, answer.get("error"))
                results.append(answer["result"])
        return results

    async def _try(self, requests: Sequence[Request]) -> list[dict[str, Any]]:
        """Return the answers to requests; try again after failures of the connection."""
        import asyncio

        import aiohttp

        pauses = list(PAUSES_S) if self._works else []
        while True:
            try:
                answers = await asyncio.wait_for(self._exchange(requests), self._timeout_s)
                self._works = True
            except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
                await self._disconnect()
                if not pauses:
                    self._works = False
                    late = f"no answer within {self._timeout_s:g} s"
                    raise WireError(late if isinstance(error, TimeoutError) else str(error) or repr(error)) from error
                await asyncio.sleep(pauses.pop(0))
            else:
                return answers

    async def _exchange(self, requests: Sequence[Request]) -> list[dict[str, Any]]:
        import asyncio

        import aiohttp
        import orjson

        if self._session is None:
            self._session = aiohttp.ClientSession(auto_decompress=False)
        texts: dict[int, str] = {}
        for method, params in requests:
            self._next_id += 1
            request = {"jsonrpc": "2.0", "id": self._next_id, "method": method, "params": list(params)}
            texts[self._next_id] = orjson.dumps(request).decode()
        if self.url.startswith("ws"):
            return await self._over_websocket(self._session, texts)
        return list(await asyncio.gather(*(self._post(self._session, each, text) for each, text in texts.items())))

    async def _over_websocket(self, session: aiohttp.ClientSession, texts: dict[int, str]) -> list[dict[str, Any]]:
        if self._socket is None or self._socket.closed:
            import aiohttp

            goodbye = aiohttp.ClientWSTimeout(ws_close=CLOSE_S)
            self._socket = await session.ws_connect(self.url, max_msg_size=MAX_ANSWER, timeout=goodbye)
        for text in texts.values():
            await self._socket.send_str(text)
        answers: dict[Any, dict[str, Any]] = {}
        while len(answers) < len(texts):
            message = await self._socket.receive()
            if not isinstance(message.data, str | bytes):
                raise ConnectionError(f"it closed the connection ({message.data or message.type.name})")
            answer = parsed(message.data)
            if answer.get("id") in texts:
                answers[answer["id"]] = answer
        return [answers[each] for each in texts]

    async def _post(self, session: aiohttp.ClientSession, request: int, text: str) -> dict[str, Any]:
        headers = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
        async with session.post(self.url, data=text, headers=headers, allow_redirects=False) as response:
            if response.status != 200:
                raise ConnectionError(f"it answers with status {response.status}")
            parts, size = [], 0
            async for part in response.content.iter_any():
                size += len(part)
                if size > MAX_ANSWER:
                    raise ConnectionError(f"its answer has more than {MAX_ANSWER} bytes")
                parts.append(part)
        answer = parsed(b"".join(parts))
        if answer.get("id") != request:
            raise ConnectionError(f"expected an answer with id {request}, got {answer.get('id')!r:.40}")
        return answer

    async def _disconnect(self) -> None:
        session, socket, self._session, self._socket = self._session, self._socket, None, None
        if socket is not None:
            await socket.close()
        if session is not None:
            await session.close()


def parsed(text: str | bytes) -> dict[str, Any]:
    """Return a JSON object; raises ValueError for anything else."""
    import orjson

    try:
        answer = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise ValueError("its answer is no JSON") from None
    if not isinstance(answer, dict):
        raise ValueError("its answer is no JSON-RPC")
    return answer
