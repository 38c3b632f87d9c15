"""A TCP proxy on this machine that delivers everything later, as a connection to another place does."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from queue import SimpleQueue


@contextlib.contextmanager
def delayed(port: int, seconds: float) -> Iterator[int]:
    """Forward a port of this machine while the `with` block runs, each way with this delay; yield the proxy's port."""
    found: SimpleQueue[tuple[int, asyncio.AbstractEventLoop]] = SimpleQueue()
    leave = asyncio.Event()

    async def serve() -> None:
        server = await asyncio.start_server(lambda *near: bridge(*near, port, seconds), "127.0.0.1", 0)
        found.put((server.sockets[0].getsockname()[1], asyncio.get_running_loop()))
        await leave.wait()
        server.close()
        bridges = asyncio.all_tasks() - {asyncio.current_task()}
        for task in bridges:
            task.cancel()
        await asyncio.gather(*bridges, return_exceptions=True)

    thread = threading.Thread(target=asyncio.run, args=(serve(),), name="proxy", daemon=True)
    thread.start()
    here, loop = found.get()
    try:
        yield here
    finally:
        loop.call_soon_threadsafe(leave.set)
        thread.join()


async def bridge(near: asyncio.StreamReader, answer: asyncio.StreamWriter, port: int, seconds: float) -> None:
    """Connect a client to the port until one of both leaves."""
    far, ask = await asyncio.open_connection("127.0.0.1", port)
    ways = [asyncio.create_task(forward(*way, seconds)) for way in ((near, ask), (far, answer))]
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for way in ways:
            way.cancel()
        for writer in (ask, answer):
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()


async def forward(source: asyncio.StreamReader, target: asyncio.StreamWriter, seconds: float) -> None:
    """Write what arrives, in order, `seconds` after it has arrived."""
    while data := await source.read(1 << 16):
        asyncio.get_running_loop().call_later(seconds, target.write, data)
