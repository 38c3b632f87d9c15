"""Web pages that find the node: which ones it answers, by the headers `Origin` and `Host` that browsers send."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.engine.local import LocalEngine, Sealing
from pysubtensor.chain.rpc.pages import LOCAL_ORIGINS, host_name, matches
from pysubtensor.chain.rpc.server import Server, serve

EVIL = "https://evil.example"
#: The genuine node's list of origins without --dev.
LISTED = ["http://localhost:*", "https://polkadot.js.org"]
CREATE = {"jsonrpc": "2.0", "id": 1, "method": "engine_createBlock", "params": [True, True]}
NAME = {"jsonrpc": "2.0", "id": 1, "method": "system_chain", "params": []}
UNSAFE = {"code": -32601, "message": "RPC call is unsafe to be called externally"}
Session = aiohttp.ClientSession


def play(scene: Callable[[Server, Session], Awaitable[None]], host: str | None = None, **options: Any) -> None:
    """Run a scene with a node whose blocks are made on demand."""

    async def run() -> None:
        with Chain.dev() as chain:
            server = await serve(chain, host, 0, engine=LocalEngine(chain, Sealing.MANUAL), **options)
            try:
                async with aiohttp.ClientSession() as session:
                    await scene(server, session)
            finally:
                await server.stop()

    asyncio.run(run())


async def post(session: Session, server: Server, body: Any, **headers: str) -> tuple[int, Any, Any]:
    """Return status, content and headers of the response to a request over HTTP."""
    url = f"http://127.0.0.1:{server.port}"
    async with session.post(url, json=body, headers=headers) as response:
        text = await response.text()
        return response.status, json.loads(text) if text.startswith("{") else text, response.headers


async def over_websocket(session: Session, server: Server, body: Any, **headers: str) -> Any:
    """Return the response over a WebSocket, or the status with which the connection is refused."""
    try:
        async with session.ws_connect(server.url, headers=headers) as web:
            await web.send_json(body)
            return await web.receive_json()
    except aiohttp.WSServerHandshakeError as error:
        return error.status


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        (None, True),
        ("http://localhost", True),
        ("http://localhost:3000", True),
        ("https://polkadot.js.org", True),
        ("HTTPS://POLKADOT.JS.ORG", True),
        (EVIL, False),
        ("null", False),
        ("http://localhost:3000.evil.example", False),
        ("http://localhost.evil.example", False),
        ("https://polkadot.js.org:444", False),
        ("https://polkadot.js.org.evil.example", False),
        ("https://localhost:3000", False),
        ("", False),
    ],
)
def test_only_listed_origins_are_answered(origin: str | None, allowed: bool) -> None:
    headers = {} if origin is None else {"Origin": origin}

    async def scene(server: Server, session: Session) -> None:
        status, content, sent = await post(session, server, NAME, **headers)
        assert status == (200 if allowed else 403)
        assert content == (
            {"jsonrpc": "2.0", "id": 1, "result": "Bittensor"}
            if allowed
            else "Origin of the request is not whitelisted.\n"
        )
        assert sent.get("Access-Control-Allow-Origin") == (origin if allowed else None)
        answer = await over_websocket(session, server, NAME, **headers)
        assert answer == (content if allowed else 403)

    play(scene, cors=LISTED)


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("localhost", True),
        ("localhost:9944", True),
        ("127.0.0.1:1", True),
        ("[::1]:9944", True),
        ("LOCALHOST", True),
        ("evil.example", False),
        ("evil.example:9944", False),
        ("localhost.evil.example", False),
        ("192.0.2.1", False),
        ("", False),
    ],
)
def test_a_name_that_points_here_is_not_ours(host: str, allowed: bool) -> None:
    async def scene(server: Server, session: Session) -> None:
        status, content, _ = await post(session, server, NAME, Host=host)
        assert status == (200 if allowed else 403)
        assert allowed or content == "Provided Host header is not whitelisted.\n"
        answer = await over_websocket(session, server, NAME, Host=host)
        assert allowed is (answer != 403)

    play(scene, cors=LISTED)


def test_a_preflight_names_the_origin_that_may_send() -> None:
    async def scene(server: Server, session: Session) -> None:
        for origin, expected in (("http://localhost:3000", "http://localhost:3000"), (EVIL, None)):
            url = f"http://127.0.0.1:{server.port}"
            async with session.options(url, headers={"Origin": origin}) as response:
                assert response.status == 200
                assert response.headers.get("Access-Control-Allow-Origin") == expected
                assert response.headers["Vary"] == "Origin"

    play(scene, cors=LISTED)


def test_all_pages_are_answered_by_default_but_may_not_operate_the_node() -> None:
    async def scene(server: Server, session: Session) -> None:
        status, content, headers = await post(session, server, NAME, Origin=EVIL, Host="evil.example")
        assert (status, content["result"], headers["Access-Control-Allow-Origin"]) == (200, "Bittensor", "*")
        for request in (CREATE, CREATE | {"method": "state_getPairs", "params": ["0x"]}):
            assert (await post(session, server, request, Origin=EVIL))[1]["error"] == UNSAFE
            assert (await over_websocket(session, server, request, Origin=EVIL))["error"] == UNSAFE
        assert server.node.chain.head.number == 0
        for number, origin in enumerate(["http://localhost:3000", "https://polkadot.js.org"], 1):
            await over_websocket(session, server, CREATE, Origin=origin)
            assert server.node.chain.head.number == number
        await post(session, server, CREATE)
        assert server.node.chain.head.number == 3

    play(scene)


@pytest.mark.parametrize(
    ("host", "unsafe", "allowed"),
    [
        (None, None, True),
        (None, False, False),
        ("0.0.0.0", None, False),
        ("0.0.0.0", False, False),
        ("0.0.0.0", True, True),
    ],
)
def test_blocks_are_made_on_request_only_if_operators_methods_are_open(
    host: str | None, unsafe: bool | None, allowed: bool
) -> None:
    async def scene(server: Server, session: Session) -> None:
        for method in ("engine_createBlock", "engine_finalizeBlock"):
            _, answer, _ = await post(session, server, CREATE | {"method": method})
            assert (answer.get("error") == UNSAFE) is not allowed
        assert server.node.chain.head.number == int(allowed)

    play(scene, host, unsafe=unsafe)


def test_a_listed_page_of_elsewhere_may_operate_the_node() -> None:
    async def scene(server: Server, session: Session) -> None:
        await post(session, server, CREATE, Origin=EVIL)
        assert server.node.chain.head.number == 1

    play(scene, cors=[EVIL])


def test_a_server_on_all_interfaces_does_not_know_its_names() -> None:
    async def scene(server: Server, session: Session) -> None:
        assert (await post(session, server, NAME, Host="node.example"))[0] == 200
        assert (await post(session, server, NAME, Host="node.example", Origin=EVIL))[0] == 403

    play(scene, "0.0.0.0", cors=LISTED)


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("localhost", "localhost"),
        ("localhost:1", "localhost"),
        ("[::1]:1", "[::1]"),
        ("[::1]", "[::1]"),
        ("a:b", "a:b"),
    ],
)
def test_the_port_is_no_part_of_the_name(header: str, name: str) -> None:
    assert host_name(header) == name


def test_the_origins_of_this_machine_are_those_of_the_genuine_node_and_ipv6() -> None:
    genuine = ["http://localhost:1", "http://127.0.0.1:1", "https://localhost:1", "https://127.0.0.1:1"]
    for origin in (*genuine, "https://polkadot.js.org", "http://[::1]:9944", "https://[::1]"):
        assert matches(origin, LOCAL_ORIGINS)
