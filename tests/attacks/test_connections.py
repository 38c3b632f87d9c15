"""Connections that ask for nothing, never finish, or do not read, against a node whose clock the test sets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.rpc.node import ServerLimits
from pysubtensor.chain.rpc.peers import REFUSALS, Phase
from pysubtensor.chain.rpc.server import Server, serve

from .connections import HEADER, UPGRADE

NAME = b'{"jsonrpc":"2.0","id":1,"method":"system_chain","params":[]}'
WHOLE = HEADER + b"Content-Length: %d\r\n\r\n%b" % (len(NAME), NAME)
Opened = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Node:
    """A served chain, and sockets to it."""

    def __init__(self, server: Server) -> None:
        self.server, self.peers = server, server.peers
        self._passed = 0.0
        clock = server.peers.time
        server.peers.time = lambda: clock() + self._passed
        self._writers: list[asyncio.StreamWriter] = []

    async def open(self, sent: bytes = b"", phase: Phase = Phase.HEADER) -> Opened:
        """Open a socket and send bytes; return when the node has them and waits for what follows."""
        known = set(self.peers._peers)
        reader, writer = await asyncio.open_connection("127.0.0.1", self.server.port)
        self._writers.append(writer)
        writer.write(sent)
        unfinished = len(sent) if phase in (Phase.HEADER, Phase.BODY) else 0
        await until(
            lambda: any(
                each not in known and each.phase is phase and each.waiting >= unfinished for each in self.peers._peers
            )
        )
        return reader, writer

    def later(self, seconds: float) -> None:
        """Let time pass for the connections."""
        self._passed += seconds
        self.peers.sweep()

    def close(self) -> None:
        """Close the sockets of the test."""
        for writer in self._writers:
            writer.transport.abort()


async def until(condition: Callable[[], bool]) -> None:
    """Wait for the node to come so far."""
    while not condition():
        await asyncio.sleep(0)


def play(scene: Callable[[Node], Awaitable[None]], **limits: Any) -> None:
    async def run() -> None:
        with Chain.dev() as chain:
            server = await serve(chain, port=0, limits=ServerLimits(**limits))
            node = Node(server)
            try:
                await scene(node)
            finally:
                node.close()
                await server.stop()

    asyncio.run(run())


async def ended(opened: Opened) -> bool:
    """Wait until the node has ended a connection without an answer."""
    try:
        return await opened[0].read() == b""
    except ConnectionError:
        return True


async def answered(opened: Opened) -> str:
    """Return the status of the response and its text."""
    head = (await opened[0].readuntil(b"\r\n\r\n")).decode()
    length = next(int(line.split(":")[1]) for line in head.split("\r\n") if line.lower().startswith("content-length"))
    return f"{head.split()[1]} {(await opened[0].readexactly(length)).decode()}"


# --- how many --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "phase"),
    [(b"", Phase.HEADER), (HEADER, Phase.HEADER), (WHOLE, Phase.IDLE)],
    ids=["nothing", "a part of a header", "a whole request"],
)
def test_idle_sockets_make_way_for_a_client(sent: bytes, phase: Phase) -> None:
    async def scene(node: Node) -> None:
        first, *_ = [await node.open(sent, phase) for _ in range(4)]
        assert await answered(await node.open(WHOLE, Phase.IDLE)) == '200 {"jsonrpc":"2.0","id":1,"result":"Bittensor"}'
        if phase is Phase.IDLE:
            await answered(first)
        assert await ended(first)
        assert len(node.peers) == 4

    play(scene, connections=4)


def test_a_full_server_refuses_a_client_and_serves_the_others() -> None:
    async def scene(node: Node) -> None:
        async with aiohttp.ClientSession() as session:
            sockets = [await session.ws_connect(node.server.url) for _ in range(4)]
            for each in sockets:
                await each.send_bytes(NAME)
                assert (await each.receive_json())["result"] == "Bittensor"
            refused = "429 Too many connections. Please try again later."
            for _ in range(2 * REFUSALS):
                client = await node.open()
                client[1].write(WHOLE)
                assert await answered(client) == refused
            await sockets[0].close()
            await until(lambda: len(node.peers) < 4)
            assert (await answered(await node.open(WHOLE, Phase.IDLE))).startswith("200")
            for each in sockets[1:]:
                await each.send_bytes(NAME)
                assert (await each.receive_json())["result"] == "Bittensor"

    play(scene, connections=4)


def test_no_more_sockets_are_open_than_the_limit_and_the_refusals() -> None:
    async def scene(node: Node) -> None:
        for _ in range(4 + REFUSALS):
            await node.open()
        first = next(iter(node.peers._peers))
        for _ in range(3):
            _, writer = await asyncio.open_connection("127.0.0.1", node.server.port)
            node._writers.append(writer)
            await until(lambda: not first.open)
            assert len(node.peers) <= 4 + REFUSALS

    play(scene, connections=4)


# --- how long --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "phase", "seconds"),
    [
        (b"", Phase.HEADER, 10),
        (HEADER, Phase.HEADER, 10),
        (HEADER + b"Content-Length: 9\r\n\r\n{", Phase.BODY, 11),
        (UPGRADE, Phase.SOCKET, 180),
    ],
    ids=["nothing", "header", "body", "websocket"],
)
def test_what_does_not_go_on_is_ended(sent: bytes, phase: Phase, seconds: int) -> None:
    async def scene(node: Node) -> None:
        opened = await node.open(sent, phase)
        node.later(seconds - 2)
        assert len(node.peers) == 1
        node.later(2)
        assert len(node.peers) == 0
        if phase is Phase.SOCKET:
            assert b" 101 " in await opened[0].readuntil(b"\r\n\r\n")
        assert await ended(opened)

    play(scene)


def test_a_body_that_comes_slowly_but_steadily_is_answered() -> None:
    async def scene(node: Node) -> None:
        body = NAME + b" " * (200_000 - len(NAME))
        reader, writer = await node.open(HEADER + b"Content-Length: 200000\r\n\r\n", Phase.BODY)
        (peer,) = node.peers._peers
        for start in range(0, 200_000, 20_000):
            writer.write(body[start : start + 20_000])
            await until(lambda start=start: not peer.waiting or peer.waiting > start + 20_000)  # type: ignore[misc]
            node.later(1)
        assert (await answered((reader, writer))).startswith("200")

    play(scene)


def test_a_client_that_does_not_read_its_answer_is_ended() -> None:
    async def scene(node: Node) -> None:
        metadata = NAME.replace(b"system_chain", b"state_getMetadata")
        request = HEADER + b"Content-Length: %d\r\n\r\n%b" % (len(metadata), metadata)
        _, writer = await node.open()
        writer.transport.pause_reading()  # type: ignore[attr-defined]  # a transport that reads
        (peer,) = node.peers._peers
        while peer.phase is not Phase.READING or not peer.own:
            writer.write(request * 20)
            await asyncio.sleep(0)
        node.later(28)
        assert peer.open
        node.later(2)
        assert not peer.open

    play(scene)


# --- how much --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("websocket", [False, True])
def test_unfinished_requests_are_bounded_in_all(websocket: bool) -> None:
    async def scene(node: Node) -> None:
        part = 300_000
        head = UPGRADE + b"\x81\xff" + part.to_bytes(8) + bytes(4) if websocket else HEADER
        head += b"" if websocket else b"Content-Length: %d\r\n\r\n" % part
        opened = []
        for _ in range(5):
            opened.append(await node.open(head, Phase.SOCKET if websocket else Phase.BODY))
            (*_, peer) = node.peers._peers
            opened[-1][1].write(bytes(part - 1))
            await until(lambda peer=peer: peer.waiting >= part - 1)  # type: ignore[misc]
            node.later(0.1)
        assert 2 * part < node.peers.waiting <= 1_000_000
        assert len(node.peers) == 3
        (*_, peer) = node.peers._peers
        opened[-1][1].write(b" ")
        await until(lambda: not peer.waiting)

    play(scene, waiting_total=1_000_000)


def test_a_body_is_not_decompressed() -> None:
    async def scene(node: Node) -> None:
        head = HEADER + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%b" % (len(NAME), NAME)
        assert (await answered(await node.open(head, Phase.IDLE))).startswith("200")

    play(scene)


def test_subscriptions_over_http_need_a_websocket() -> None:
    async def scene(node: Node) -> None:
        body = NAME.replace(b"system_chain", b"state_subscribeStorage")
        opened = await node.open(HEADER + b"Content-Length: %d\r\n\r\n%b" % (len(body), body), Phase.IDLE)
        status, _, text = (await answered(opened)).partition(" ")
        error = json.loads(text)["error"]
        assert (status, error["code"], error["message"]) == ("200", -32603, "Internal error")
        assert error["data"] == "Subscriptions need a WebSocket: connect to ws:// instead of http://"

    play(scene)


def test_the_node_stops_whatever_its_clients_do() -> None:
    async def scene(node: Node) -> None:
        await node.open(UPGRADE, Phase.SOCKET)
        await node.open(HEADER)
        await node.open(HEADER + b"Content-Length: 9\r\n\r\n{", Phase.BODY)
        await node.server.stop()
        await until(lambda: len(node.peers) == 0)

    play(scene, close_s=0.01)
