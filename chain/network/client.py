"""The engine's own RPC, on this machine: transactions for its peers, and what it knows of them."""

from __future__ import annotations

import base64
from typing import Any

import aiohttp

#: Seconds for an answer of the engine.
TIMEOUT_S = 5.0


class EngineUnavailable(Exception):
    """The engine does not answer, or not as expected: it is starting, stopped, or busy."""


class EngineRefused(Exception):
    """The engine has answered with an error."""


class EngineClient:
    """Calls methods of an engine. Close it in the event loop in which it was used."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._session: aiohttp.ClientSession | None = None

    async def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Return the result of a method; raises EngineUnavailable and EngineRefused."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_S))
        request = {"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}
        try:
            async with self._session.post(self.url, json=request) as response:
                answer = await response.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise EngineUnavailable(f"the engine at {self.url} does not answer: {error!r}") from error
        if "error" in answer:
            detail = answer["error"]
            raise EngineRefused(f"{detail.get('message')}: {detail.get('data')}")
        result: dict[str, Any] = answer["result"]
        return result

    async def spread(self, transaction: bytes) -> None:
        """Give a transaction to the engine, which passes it on to its peers; EngineRefused if it has it already."""
        await self.call("broadcast_tx_sync", tx=base64.b64encode(transaction).decode())

    async def close(self) -> None:
        """Close the connections; calls open new ones."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()
