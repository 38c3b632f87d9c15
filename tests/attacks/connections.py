"""Connections that ask for nothing, requests that never end, clients that do not read, and web pages of elsewhere."""

from __future__ import annotations

import asyncio
import contextlib
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import orjson

from .attack import Attack, Target, ask, connected, post, request

#: Bytes of an unfinished body: just under the largest that is accepted.
BODY_BYTES = 14 * 1024 * 1024
#: Connections of the attacks with subscriptions, which leave room for honest clients.
CONNECTIONS = 90
#: Seconds for which they last at full size.
FULL_S = 10.0
CLOSE = aiohttp.ClientWSTimeout(ws_close=0.5)
HEADER = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
UPGRADE = (
    b"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)
Streams = list[tuple[asyncio.StreamReader, asyncio.StreamWriter]]


@asynccontextmanager
async def sockets(target: Target, count: int, sent: bytes) -> AsyncIterator[Streams]:
    """Open sockets one after the other, and send the same bytes in each."""
    opened: Streams = []
    try:
        for _ in range(count):
            reader, writer = await asyncio.open_connection(target.host, target.port)
            opened.append((reader, writer))
            writer.write(sent)
        yield opened
    finally:
        for _, writer in opened:
            writer.transport.abort()


async def closed(opened: Streams) -> int:
    """Return how many of these connections the node has ended."""
    ended = 0
    for reader, _ in opened:
        with contextlib.suppress(TimeoutError, ConnectionError):
            async with asyncio.timeout(0):
                await reader.read(1)
        ended += reader.at_eof() or reader.exception() is not None
    return ended


async def served(target: Target) -> None:
    """Check that a new client is answered, over HTTP and over a WebSocket."""
    assert "result" in dict(await post(target, request("system_chain")))
    async with connected(target) as socket:
        assert "result" in await ask(socket, "system_chain")


async def idle_sockets(target: Target, count: int) -> str:
    """Open sockets and send nothing: they make way for clients that do."""
    async with sockets(target, count, b"") as opened:
        await served(target)
        return f"served, {await closed(opened)} of {count} ended"


async def unfinished_headers(target: Target, count: int) -> str:
    """Send headers that do not end."""
    async with sockets(target, count, HEADER) as opened:
        await served(target)
        return f"served, {await closed(opened)} of {count} ended"


async def unfinished_bodies(target: Target, count: int) -> str:
    """Send all but the last byte of large bodies."""
    return await most_of_a_request(target, count, HEADER + b"Content-Length: %d\r\n\r\n" % (BODY_BYTES + 1))


async def unfinished_messages(target: Target, count: int) -> str:
    """Send all but the last byte of large messages over WebSockets, as one masked frame each."""
    return await most_of_a_request(target, count, UPGRADE + struct.pack(">BBQI", 0x81, 0xFF, BODY_BYTES + 1, 0))


async def most_of_a_request(target: Target, count: int, head: bytes) -> str:
    async with sockets(target, count, head) as opened:
        for start in range(0, BODY_BYTES, 1024 * 1024):
            for _, writer in opened:
                with contextlib.suppress(ConnectionError):
                    writer.write(b" " * min(1024 * 1024, BODY_BYTES - start))
                    await asyncio.wait_for(writer.drain(), 5)
        await served(target)
        return f"served, {await closed(opened)} of {count} ended"


async def subscribe_to_everything(target: Target, count: int, reads: bool) -> str:
    """Subscribe to all storage again and again, over many connections, and read the notifications or not."""
    batch = b"[" + b",".join([request("state_subscribeStorage")] * max(1, count // CONNECTIONS)) + b"]"
    read = 0

    async def follow(socket: aiohttp.ClientWebSocketResponse) -> None:
        nonlocal read
        while (await socket.receive()).type is aiohttp.WSMsgType.TEXT:
            read += 1
            await asyncio.sleep(0)  # receive() does not wait while messages are there

    async with contextlib.AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        followers = []
        for _ in range(min(count, CONNECTIONS)):
            socket = await session.ws_connect(target.ws, max_msg_size=0, timeout=CLOSE)
            stack.push_async_callback(socket.close)
            await socket.send_bytes(batch)
            first = await socket.receive()
            assert first.type is not aiohttp.WSMsgType.TEXT or "result" in orjson.loads(first.data)[0], first.data[:200]
            if reads:
                followers.append(asyncio.create_task(follow(socket)))
        await asyncio.sleep(FULL_S if count >= CONNECTIONS else 0)
        await served(target)
        for each in followers:
            each.cancel()
    return f"served, {read:,} notifications read"


async def slow_readers(target: Target, count: int) -> str:
    """Subscribe to everything and read nothing."""
    return await subscribe_to_everything(target, count, reads=False)


async def greedy_readers(target: Target, count: int) -> str:
    """Subscribe to everything and read all of it."""
    return await subscribe_to_everything(target, count, reads=True)


async def stored_answers(target: Target, count: int) -> str:
    """Request the metadata over HTTP many times, and read no answer."""
    body = request("state_getMetadata")
    async with sockets(target, count, HEADER + b"Content-Length: %d\r\n\r\n%b" % (len(body), body)) as opened:
        await served(target)
        return f"served, {await closed(opened)} of {count} ended"


ATTACKS = [
    Attack("idle sockets", idle_sockets, small=150, full=1_500),
    Attack("unfinished HTTP headers", unfinished_headers, small=150, full=1_500),
    Attack("unfinished HTTP bodies", unfinished_bodies, small=3, full=150),
    Attack("unfinished WebSocket messages", unfinished_messages, small=3, full=90),
    Attack("answers over HTTP that are not read", stored_answers, small=20, full=90),
    Attack("subscriptions to everything, not read", slow_readers, small=20, full=90 * 1024),
    Attack("subscriptions to everything, all read", greedy_readers, small=20, full=90 * 1024),
]
