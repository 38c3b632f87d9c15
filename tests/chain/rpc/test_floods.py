"""Clients that send more messages than can be answered at once: others have their turn in between."""

from __future__ import annotations

import asyncio
import logging

import aiohttp
import pytest
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.rpc.server import serve
from pysubtensor.chain.rpc.turns import Share

from tests.attacks.test_connections import NAME, WHOLE

COUNT = 100


@pytest.mark.parametrize("kind", ["ping", "request"])
def test_a_flood_of_messages_lets_others_have_their_turn(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setattr(Share, "spend", lambda share, start: True)  # each message takes a turn
    turns = 0

    async def count(end: asyncio.Event) -> None:
        nonlocal turns
        while not end.is_set():
            turns += 1
            await asyncio.sleep(0)

    async def run() -> None:
        end = asyncio.Event()
        with Chain.dev() as chain:
            server = await serve(chain, port=0)
            try:
                async with aiohttp.ClientSession() as session:
                    socket = await session.ws_connect(server.url, autoping=False)
                    frames = b"\x89\x80\0\0\0\0" * COUNT if kind == "ping" else b"\x81\x811234\x00" * COUNT
                    transport = socket._conn.transport  # all frames in one write
                    transport.write(frames)
                    counter = asyncio.create_task(count(end))
                    for _ in range(COUNT):
                        await socket.receive()
                    end.set()
                    await counter
                    assert next(iter(server.peers._peers)).waiting == 0
                    await socket.close()
            finally:
                end.set()
                await server.stop()

    asyncio.run(run())
    assert turns >= COUNT


def test_a_client_with_little_to_do_does_not_wait_for_a_flood(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Share, "spend", lambda share, start: True)  # each message takes a turn
    flooders, each = 20, 500

    async def run() -> None:
        with Chain.dev() as chain:
            server = await serve(chain, port=0)
            try:
                async with aiohttp.ClientSession() as session:
                    sockets = [await session.ws_connect(server.url) for _ in range(flooders + 1)]
                    honest, *others = server.peers._peers
                    for socket in sockets[1:]:
                        socket._conn.transport.write(b"\x81\x811234\x00" * each)  # type: ignore[union-attr]
                    while not all(peer.messages for peer in others):
                        await asyncio.sleep(0)
                    before = sum(peer.messages for peer in others)
                    await sockets[0].send_bytes(NAME)
                    assert (await sockets[0].receive_json())["result"] == "Bittensor"
                    assert honest.messages == 1
                    assert sum(peer.messages for peer in others) - before < 5 * flooders
                    assert sum(peer.waiting for peer in others) > each * flooders // 2
                    for socket in sockets:
                        socket._conn.transport.abort()  # type: ignore[union-attr]
            finally:
                await server.stop()

    asyncio.run(run())


def test_a_client_that_leaves_before_its_answer_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def run() -> None:
        with Chain.dev() as chain:
            server = await serve(chain, port=0)
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", server.port)
                writer.write(WHOLE * 1000)
                await writer.drain()
                while not server.peers._peers:  # the connection is accepted in a later round
                    await asyncio.sleep(0)
                writer.transport.abort()
                while len(server.peers):
                    await asyncio.sleep(0)
            finally:
                await server.stop()

    with caplog.at_level(logging.ERROR):
        asyncio.run(run())
    assert not caplog.records
