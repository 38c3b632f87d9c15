"""A devnet in a process of its own, the memory that it takes, and an honest client that watches it meanwhile."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import aiohttp
import orjson

from .attack import Target, ask, connected, receive, request

BLOCK_TIME_S = 0.25
#: Seconds between two requests of the honest client.
PAUSE_S = 0.01
#: Seconds without an answer after which the honest client gives up.
PATIENCE_S = 60.0
MEBIBYTE = 1024 * 1024


@contextmanager
def devnet(log: Path, *options: str) -> Iterator[tuple[Target, int]]:
    """Run a devnet with blocks every 250 ms; yield its address and process id. Its output goes to `log`."""
    command = [sys.executable, "-m", "pysubtensor", "devnet", "--fast", "--port", "0", *options]
    with log.open("w") as output, subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT) as process:
        try:
            yield Target(wait_for_port(process, log)), process.pid
            assert process.poll() is None, f"expected the node to survive, it ended: {log.read_text()[-2000:]}"
        finally:
            process.terminate()


def wait_for_port(process: subprocess.Popen[bytes], log: Path) -> int:
    """Return the port that the node announces in its output."""
    end = perf_counter() + PATIENCE_S
    while perf_counter() < end and process.poll() is None:
        for word in log.read_text().split():
            if word.startswith("ws://"):
                return int(word.rsplit(":", 1)[1].strip("/"))
    raise AssertionError(f"expected the address of a node, got: {log.read_text()[-2000:]}")


def memory(pid: int, field: str = "VmRSS") -> int:
    """Return the resident memory of a process in bytes, now (VmRSS) or at its highest so far (VmHWM). Linux only."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1]) * 1024
    raise AssertionError(f"expected {field} in the status of process {pid}")


@dataclass(frozen=True, slots=True)
class Sight:
    """What an honest client sees: the delays of its requests in seconds, ascending, and of blocks beyond their time."""

    requests: list[float]
    blocks: list[float]

    @property
    def p99(self) -> float:
        """The delay that 99 % of the requests do not exceed, in seconds."""
        return self.requests[len(self.requests) * 99 // 100]


async def watch(target: Target, end: asyncio.Event) -> Sight:
    """Ask for the header again and again over one connection, and follow new heads over another, until `end`."""
    asking = asyncio.create_task(ask_for_headers(target, end))
    heads = asyncio.create_task(follow_heads(target, end))
    return Sight(sorted(await asking), sorted(await heads))


async def ask_for_headers(target: Target, end: asyncio.Event) -> list[float]:
    delays: list[float] = []
    async with connected(target) as socket:
        while not end.is_set() or not delays:
            start = perf_counter()
            await asyncio.wait_for(ask(socket, "chain_getHeader"), PATIENCE_S)
            delays += all_delays(perf_counter() - start)
            await asyncio.sleep(PAUSE_S)
    return delays


def all_delays(delay: float) -> list[float]:
    """Return the delay of a request, and those of the requests that would have been sent while it waited."""
    return [delay - step * PAUSE_S for step in range(int(delay / PAUSE_S) + 1)]


async def follow_heads(target: Target, end: asyncio.Event) -> list[float]:
    """Return how much later than after one block time each new head arrived, in seconds."""
    delays: list[float] = []
    async with aiohttp.ClientSession() as session, session.ws_connect(target.ws) as socket:
        await socket.send_bytes(request("chain_subscribeNewHeads"))
        await receive(socket)
        number, last = 0, perf_counter()
        while not end.is_set() or not delays:
            message = await asyncio.wait_for(receive(socket), PATIENCE_S)
            now, arrived = perf_counter(), int(message["params"]["result"]["number"], 16)
            assert not delays or arrived == number + 1, f"expected block {number + 1}, got {arrived}"
            if number:
                delays.append(max(0.0, now - last - BLOCK_TIME_S))
            number, last = arrived, now
    return delays


def main() -> None:
    """Watch the node of the port in the arguments until standard input ends; print what was seen as JSON."""

    async def run() -> Sight:
        end = asyncio.Event()
        asyncio.get_running_loop().add_reader(sys.stdin, end.set)
        return await watch(Target(int(sys.argv[1])), end)

    seen = asyncio.run(run())
    sys.stdout.write(orjson.dumps([seen.requests, seen.blocks]).decode())


@contextmanager
def honest_client(target: Target) -> Iterator[list[Sight]]:
    """Watch the node from a separate process, so that the attacker does not slow it; the list gets what it saw."""
    command = [sys.executable, "-m", "tests.attacks.node", str(target.port)]
    sights: list[Sight] = []
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        yield sights
        output, _ = process.communicate(b"", timeout=PATIENCE_S * 2)
    assert process.returncode == 0, "expected the honest client to be served to the end"
    sights.append(Sight(*orjson.loads(output)))


if __name__ == "__main__":
    main()
