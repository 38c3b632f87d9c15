"""A node that answers as a test says, over WebSocket and HTTP."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from aiohttp import web
from pysubtensor.chain.history.fork import wire

#: Returns the result of a method; text is sent instead of any answer, and an exception is its error object.
Answers = Callable[[str, list[Any]], Any]


class Raw(str):
    """A message that is sent as it is."""


class Refusal(Exception):
    """An error object: its code and message."""


def answer(answers: Answers, text: str) -> str:
    request = json.loads(text)
    body: dict[str, Any] = {"jsonrpc": "2.0", "id": request["id"]}
    try:
        result = answers(request["method"], request["params"])
    except Refusal as refusal:
        code, message = refusal.args
        return json.dumps({**body, "error": {"code": code, "message": message}})
    return result if isinstance(result, Raw) else json.dumps({**body, "result": result})


@contextmanager
def answering(answers: Answers) -> Iterator[str]:
    """Serve answers, and yield `host:port`."""

    async def handle(request: web.Request) -> web.StreamResponse:
        if request.headers.get("Upgrade", "").lower() != "websocket":
            return web.Response(text=answer(answers, await request.text()))
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        async for message in socket:
            await socket.send_str(answer(answers, message.data))
        return socket

    async def serve() -> None:
        application = web.Application(client_max_size=1 << 30)
        application.router.add_route("*", "/", handle)
        runner = web.AppRunner(application, shutdown_timeout=0)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        addresses.append(f"127.0.0.1:{runner.addresses[0][1]}")
        started.set()
        await stop.wait()
        await runner.cleanup()

    addresses, started, stop, loop = list[str](), threading.Event(), asyncio.Event(), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    started.wait()
    try:
        yield addresses[0]
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a failed exchange be the last one."""
    monkeypatch.setattr(wire, "PAUSES_S", ())
