"""A run with transfers at all nodes of a network, compared with what one process takes on the same machine."""

from __future__ import annotations

import asyncio
import itertools
import json
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import aiohttp
from pysubtensor.genesis.presets import dev
from pysubtensor.runtime.client.signing import Signer
from pysubtensor.runtime.crypto import Keypair
from pysubtensor.runtime.frame.extrinsic import Id
from pysubtensor.runtime.pallets.balances.calls import transfer_keep_alive

from tests.network.memory import Memory, cpu_seconds
from tests.network.nets import ROOT, Net, call, running
from tests.world import BOB, TAO

SLOT_MS, PORT = 1000, 9939
#: Senders, and how many transfers one process has to handle at a time when its rate is measured.
SENDERS = [Keypair.from_uri(f"//Load//{number}") for number in range(64)]
WINDOW = 1000
#: Minutes for which one process is measured; the bounds of a network: its share of that rate, and seconds.
ALONE_MINUTES = 2.0
LEAST_SHARE, MIDDLE_S = 0.25, 1.5 * SLOT_MS / 1000
#: Bytes by which a process may grow in the last third: the engine remembers the last 20,000 transactions.
MOST_GROWTH = 8 * 2**20


class Crowd:
    """Senders at some nodes: each one's transfers go to the same node, and are followed until they are final."""

    def __init__(self, urls: Sequence[str], genesis_hash: bytes) -> None:
        self.urls, self.signer = urls, Signer(genesis_hash)
        self.nonces = [0] * len(SENDERS)
        self.sent: dict[tuple[int, int], float] = {}
        self.waits: list[tuple[float, float]] = []
        self.ids: dict[tuple[int, str], float] = {}
        self.failed: list[str] = []
        self.turns = itertools.cycle(range(len(SENDERS)))
        self.under_way = 0

    async def run(self, seconds: float, rate: float | None) -> None:
        """Send `rate` transfers in a second, None: as many as the window allows; then wait for the last ones."""
        async with aiohttp.ClientSession() as session:
            self.nodes = [await session.ws_connect(url, max_msg_size=1 << 26) for url in self.urls]
            tasks = [asyncio.create_task(self.listen(index)) for index in range(len(self.nodes))]
            began = time.monotonic()
            while (passed := time.monotonic() - began) < seconds:
                due = WINDOW - self.under_way if rate is None else int(passed * rate) - sum(self.nonces)
                for _ in range(min(due, 100)):
                    await self.send()
                await asyncio.sleep(0.01)
            end = time.monotonic() + 60
            while self.under_way and time.monotonic() < end:
                await asyncio.sleep(0.05)
            for task in tasks:
                task.cancel()

    async def send(self) -> None:
        sender = next(self.turns)
        node, nonce = sender % len(self.nodes), self.nonces[sender]
        self.nonces[sender] += 1
        raw = self.signer.sign(transfer_keep_alive.call(Id(BOB), 1), SENDERS[sender], nonce=nonce)
        number = nonce * len(SENDERS) + sender
        self.sent[node, number], self.under_way = time.monotonic(), self.under_way + 1
        request = {"jsonrpc": "2.0", "id": number, "method": "author_submitAndWatchExtrinsic"}
        await self.nodes[node].send_str(json.dumps(request | {"params": ["0x" + raw.hex()]}))

    async def listen(self, node: int) -> None:
        """Note when transfers are final."""
        async for message in self.nodes[node]:
            found = json.loads(message.data)
            if "id" in found:
                began = self.sent.pop((node, found["id"]))
                if "error" in found:
                    self.end(str(found["error"]))
                else:
                    self.ids[node, found["result"]] = began
                continue
            status = found["params"]["result"]
            if isinstance(status, dict) and "finalized" in status:
                began, now = self.ids.pop((node, found["params"]["subscription"])), time.monotonic()
                self.waits.append((now, now - began))
                self.under_way -= 1
            elif status in ("invalid", "dropped") or (isinstance(status, dict) and "usurped" in status):
                self.ids.pop((node, found["params"]["subscription"]))
                self.end(str(status))

    def end(self, why: str) -> None:
        self.failed.append(why)
        self.under_way -= 1

    def rate(self) -> float:
        """Return how many transfers were final in a second, without the first and the last tenth of the time."""
        first, last = self.waits[0][0], self.waits[-1][0]
        low, high = first + (last - first) / 10, last - (last - first) / 10
        return sum(low < at <= high for at, _ in self.waits) / (high - low)


def load(folder: Path, minutes: float) -> dict[str, Any]:
    """Send transfers to all four nodes at more than a quarter of the rate of one process, which is measured first."""
    folder.parent.mkdir(exist_ok=True)
    chain = folder.parent / "chain.toml"
    write_chain(chain)
    alone, alone_ms = alone_rate(folder.parent, chain, min(ALONE_MINUTES, minutes))
    target = alone * LEAST_SHARE * 1.05
    with running(Net.make(folder, replicas=0, slot_ms=SLOT_MS, chain=chain)) as net, Memory(net) as memory:
        urls, first = [f"ws://127.0.0.1:{node.rpc_port}" for node in net.nodes.values()], net.height("node0")
        crowd = Crowd(urls, bytes.fromhex(net.rpc("node0", "chain_getBlockHash", 0)[2:]))
        processes = [each for kind in ("app", "engine") for each in net.processes_of(kind)]
        used = cpu_seconds(processes)
        asyncio.run(crowd.run(minutes * 60, target))
        used = cpu_seconds(processes) - used
        waits = sorted(each for _, each in crowd.waits)
        middle, late = statistics.median(waits), waits[int(len(waits) * 0.95)]
        found = {"one process, per s": round(alone, 1), "network, per s": round(crowd.rate(), 1)}
        found |= {"transfers": len(waits), "failed": len(crowd.failed)}
        found |= {"CPU ms each, one process": alone_ms, "network": round(used / len(waits) * 1000, 2)}
        found |= {"submit to final, p50 s": round(middle, 2), "p95 s": round(late, 2)}
        found |= {"blocks": net.intervals("node0", first, net.height("node0")), "memory": memory.thirds()}
        found["equal blocks"] = net.compare()
        assert crowd.rate() >= alone * LEAST_SHARE, found
        assert middle < MIDDLE_S, found
        assert not crowd.failed, (found, crowd.failed[:3])
        assert minutes < 5 or memory.growth() < MOST_GROWTH, found
        return found


def alone_rate(folder: Path, chain: Path, minutes: float) -> tuple[float, float]:
    """Return how many transfers in a second a devnet takes from the same senders, and its CPU time for each in ms."""
    words = ["devnet", "--chain", str(chain), "--data-dir", str(folder / "alone"), "--port", str(PORT)]
    words += ["--seal", "interval", "--block-time", f"{SLOT_MS}ms", "--finality-lag", "0"]
    with (folder / "alone.log").open("w") as log:
        devnet = subprocess.Popen([sys.executable, "-m", "pysubtensor", *words], cwd=ROOT, stdout=log, stderr=log)
        try:
            genesis_hash = bytes.fromhex(patient("chain_getBlockHash", 0)[2:])
            crowd = Crowd([f"ws://127.0.0.1:{PORT}"], genesis_hash)
            used = cpu_seconds([devnet.pid])
            asyncio.run(crowd.run(minutes * 60, None))
            used = cpu_seconds([devnet.pid]) - used
        finally:
            devnet.send_signal(signal.SIGTERM)
            devnet.wait(60)
    assert not crowd.failed, crowd.failed[:3]
    return crowd.rate(), round(used / len(crowd.waits) * 1000, 2)


def patient(method: str, *parameters: Any) -> Any:
    """Return the result of a method when the devnet answers."""
    end = time.monotonic() + 60
    while True:
        try:
            return call(PORT, method, *parameters)
        except OSError:
            assert time.monotonic() < end, "expected a devnet that answers within 60 s"
            time.sleep(0.2)


def write_chain(path: Path) -> None:
    """Write a chain's parameters: those of the development preset, with funds for the senders."""
    given = dev()
    (author,) = given.authorities
    lines = [
        'chain_type = "Development"',
        f'sudo_key = "0x{(given.sudo_key or b"").hex()}"',
        f'authorities = [{{ aura = "0x{author.aura.hex()}", grandpa = "0x{author.grandpa.hex()}" }}]',
        "[balances]",
        *[f'"0x{who.hex()}" = {rao}' for who, rao in given.balances.items()],
        *[f'"0x{key.account.hex()}" = {1000 * TAO}' for key in SENDERS],
    ]
    path.write_text("\n".join(lines) + "\n")
