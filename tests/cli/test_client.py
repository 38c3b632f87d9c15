"""The calls of commands to a node: over HTTP, and over a WebSocket where there is no HTTP."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from aiohttp import web
from pysubtensor.chain.rpc.server import Running
from pysubtensor.cli.client import Client, NodeError, RpcFailed
from pysubtensor.cli.errors import Misused

from .conftest import Shell


@contextmanager
def serving(handle: object) -> Iterator[str]:
    """Serve a handler of aiohttp from a thread, and yield its address, `host:port`."""
    started, stop, loop, addresses = threading.Event(), asyncio.Event(), asyncio.new_event_loop(), list[str]()

    async def serve() -> None:
        runner = web.ServerRunner(web.Server(handle), shutdown_timeout=0)  # type: ignore[arg-type]  # any handler
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        addresses.append(f"127.0.0.1:{runner.addresses[0][1]}")
        started.set()
        await stop.wait()
        await runner.cleanup()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    started.wait()
    try:
        yield addresses[0]
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()


async def no_http(request: web.BaseRequest) -> web.StreamResponse:
    """Answer every call over a WebSocket by its method, with one notification, and none over HTTP."""
    if request.headers.get("Upgrade", "").lower() != "websocket":
        return web.Response(status=405, text="POST is not supported")
    opened = web.WebSocketResponse()
    await opened.prepare(request)
    async for message in opened:
        call = json.loads(message.data)
        await opened.send_json({"jsonrpc": "2.0", "method": "x_news", "params": {"subscription": "x", "result": 7}})
        await opened.send_json({"jsonrpc": "2.0", "id": call["id"], "result": "x"})
    return opened


async def nonsense(request: web.BaseRequest) -> web.StreamResponse:
    return web.Response(text="<html>")


def test_calls_need_no_websocket_and_subscriptions_have_one(node: Running) -> None:
    with Client(node.url) as client:
        assert client.call("chain_getBlockHash", 0) == "0x" + node.server.node.chain.genesis_hash.hex()
        assert client._websocket is None
        with pytest.raises(RpcFailed, match=r"state_getStorage: .* \(code -32602\)"):
            client.call("state_getStorage", 1)
        header = next(client.subscribe("chain_subscribeNewHeads"))
        assert header["number"] == "0x" + f"{node.server.node.chain.head.number:x}"


def test_a_node_without_http_is_asked_over_its_websocket() -> None:
    with serving(no_http) as address, Client(f"ws://{address}/rpc?key=1") as client:
        assert [client.call("one"), client.call("two")] == ["x", "x"]
        assert next(client.subscribe("three")) == 7


def test_what_is_no_node_is_named() -> None:
    with serving(nonsense) as address:
        client = Client(f"ws://{address}")
        with client, pytest.raises(NodeError, match=f"cannot talk to ws://{address}: "):
            client.call("system_name")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        client = Client(f"ws://127.0.0.1:{silent.getsockname()[1]}", 0.2)
        with client, pytest.raises(NodeError, match=r"did not answer within 0\.2 s"):
            client.call("system_name")
    with pytest.raises(Misused, match="expected a URL such as ws://localhost:9944, got ws://localhost:99999: Port"):
        Client("ws://localhost:99999")
    with pytest.raises(Misused, match="expected a URL that begins with ws:// or wss://, got http://localhost"):
        Client("http://localhost")


def test_text_that_is_no_unicode_is_named(online: Shell) -> None:
    result = online("snapshot", "take", "\udcff", code=2)
    assert "expected arguments that can be written as JSON: str is not valid UTF-8" in result.stderr


def test_reading_commands_do_not_import_what_only_subscriptions_need(node: Running) -> None:
    words = ["query", "system", "number", "--url", node.url]
    code = (
        "import sys\nfrom pysubtensor.cli import main\nmain(sys.argv[1:], standalone_mode=False)\n"
        "print([name for name in ('aiohttp', 'asyncio', 'rich') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
