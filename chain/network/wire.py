"""The server of the application interface: CometBFT connects to a Unix socket, four times, and sends requests.

Each message is preceded by its length, an unsigned LEB128 number (`varint`). Answers follow in the order of the
requests of a connection. The engine ends when a connection is closed or answered by an exception, and is started again.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

from .messages import Message, Request, Response, make

#: The longest message; a block and its results have less.
MAX_BYTES = 64 * 1024 * 1024
#: The longest path of a Unix socket on all systems.
MAX_PATH = 100

Handler = Callable[[Message], Awaitable[Message]]


class WireError(ValueError):
    """Bytes that are no message, or a socket that cannot be made."""


def encode_varint(number: int) -> bytes:
    """Return a natural number in groups of seven bits, the lowest first."""
    encoded = bytearray()
    while number > 0x7F:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    encoded.append(number)
    return bytes(encoded)


def frame(message: Message) -> bytes:
    """Return a message with its length."""
    body: bytes = message.SerializeToString()
    return encode_varint(len(body)) + body


async def read_frame(reader: asyncio.StreamReader) -> bytes | None:
    """Return the next message's bytes, None at the end of the connection; raises WireError for a length too large."""
    length = shift = 0
    while True:
        byte = await reader.read(1)
        if not byte:
            return None
        length |= (byte[0] & 0x7F) << shift
        shift += 7
        if length > MAX_BYTES or shift > 35:
            raise WireError(f"expected a message of at most {MAX_BYTES} bytes, got a length of {length} or more")
        if byte[0] < 0x80:
            break
    try:
        return await reader.readexactly(length)
    except asyncio.IncompleteReadError:
        return None


async def serve_connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, handle: Handler) -> None:
    """Answer the requests of a connection until it ends."""
    while (encoded := await read_frame(reader)) is not None:
        request = Request.FromString(encoded)
        kind = request.WhichOneof("value")
        if kind == "flush":
            writer.write(frame(Response(flush=make("ResponseFlush"))))
            await writer.drain()
        elif kind == "echo":
            writer.write(frame(Response(echo=make("ResponseEcho", message=request.echo.message))))
        else:
            writer.write(frame(await handle(request)))


async def listen(
    path: Path, connected: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
) -> asyncio.Server:
    """Listen on a Unix socket that only this user can connect to; raises WireError for a path that is too long."""
    if len(os.fsencode(path)) > MAX_PATH:
        raise WireError(
            f"expected the path of a socket with at most {MAX_PATH} bytes, got {path}: use a shorter folder"
        )
    path.unlink(missing_ok=True)
    before = os.umask(0o177)
    try:
        return await asyncio.start_unix_server(connected, path)
    finally:
        os.umask(before)
