"""Slow and lossy links between engines, by proxies: where the kernel has no netem, TCP is delayed in user space.

Each chunk of bytes arrives later by the delay of its direction. A segment that TCP loses is sent again after a
time-out, and what follows waits behind it: so with the probability of a loss, a chunk waits, and all later ones do.
This is what an application sees of a loss; TCP's smaller window after it is not modelled.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import re
import threading
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from typing import Any

from tests.network.nets import Net

#: Ports of the proxies begin here; each node has one for each other node.
FIRST_PORT = 31000
#: Bytes that count as a segment: those of an Ethernet frame.
SEGMENT = 1448


@dataclass(frozen=True, slots=True)
class Link:
    """How a link is: its delay in one direction, the probability that a segment is lost, and TCP's least time-out."""

    delay_s: float
    loss: float
    timeout_s: float = 0.2

    def wait(self, size: int, dice: random.Random) -> float:
        """Return how long a chunk is under way. A segment that is lost again waits twice as long."""
        total = self.delay_s
        for _ in range(0, size, SEGMENT):
            timeout = self.timeout_s + 2 * self.delay_s
            while dice.random() < self.loss:
                total, timeout = total + timeout, timeout * 2
        return total


class Proxies:
    """Proxies between the engines of a network on this machine, whose peers are set to them."""

    def __init__(self, net: Net, link: Link) -> None:
        self.link, self.dice = link, random.Random(1)
        self.targets: dict[int, int] = {}
        for number, home in enumerate(net.homes):
            config = home.config / "config.toml"
            text = config.read_text()
            for index, node in enumerate(net.nodes.values()):
                port = FIRST_PORT + 100 * number + index
                self.targets[port] = node.p2p_port
                text = re.sub(rf"(@127\.0\.0\.1):{node.p2p_port}\b", rf"\1:{port}", text)
            # Other addresses than these are not to be tried.
            config.write_text(text.replace("[p2p]\n", "[p2p]\npex = false\n"))

    async def serve(self, ready: threading.Event) -> None:
        servers = [await asyncio.start_server(self.accept(to), "127.0.0.1", port) for port, to in self.targets.items()]
        ready.set()
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            for server in servers:
                server.close()

    def accept(self, port: int) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[Any, Any, None]]:
        """Return what connects a client with a port."""

        async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                back, forth = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                writer.close()
                return
            await asyncio.gather(self.carry(reader, forth), self.carry(back, writer))

        return connect

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass bytes on, each chunk at its time and not before the one that was sent before."""
        loop, queue = asyncio.get_running_loop(), asyncio.Queue[tuple[float, bytes]]()

        async def deliver() -> None:
            while True:
                due, chunk = await queue.get()
                await asyncio.sleep(due - loop.time())
                writer.write(chunk)
                await writer.drain()
                if not chunk:
                    return

        sending, due = asyncio.create_task(deliver()), 0.0
        with contextlib.suppress(OSError):
            while chunk := await reader.read(65536):
                due = max(due, loop.time() + self.link.wait(len(chunk), self.dice))
                queue.put_nowait((due, chunk))
        queue.put_nowait((due, b""))
        with contextlib.suppress(OSError):
            await sending
        writer.close()


@contextlib.contextmanager
def linked(net: Net, link: Link) -> Iterator[Proxies]:
    """Run the proxies of a network that does not run yet in a thread, while the block runs."""
    proxies, ready, ended = Proxies(net, link), threading.Event(), threading.Event()

    async def serve() -> None:
        serving = asyncio.create_task(proxies.serve(ready))
        while not ended.is_set():
            await asyncio.sleep(0.2)
        serving.cancel()

    thread = threading.Thread(target=asyncio.run, args=(serve(),), daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield proxies
    finally:
        ended.set()
        thread.join(10)
