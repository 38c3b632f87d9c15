"""A network of real nodes in a folder: making it, starting, killing and comparing its nodes."""

from __future__ import annotations

import base64
import contextlib
import itertools
import json
import signal
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from pysubtensor.chain.network.home import Home
from pysubtensor.chain.network.planning import homes_in

ROOT = Path(__file__).resolve().parents[2]


def call(port: int, method: str, *parameters: Any, host: str = "127.0.0.1", **named: Any) -> Any:
    """Return the result of a JSON-RPC method, on this machine by default; raises OSError if it does not answer."""
    body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": list(parameters) or named}
    request = urllib.request.Request(
        f"http://{host}:{port}", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=10) as response:
        answer = json.load(response)
    if "error" in answer:
        raise OSError(f"{method}: {answer['error']}")
    return answer["result"]


class Net:
    """The nodes of a network in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.homes = homes_in(folder)
        self.nodes = {home.folder.name: home.read() for home in self.homes}
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    @classmethod
    def make(
        cls, folder: Path, validators: int = 4, replicas: int = 1, slot_ms: int = 1000, chain: Path | None = None
    ) -> Net:
        """Make the folders, of a chain with the parameters in a file or of a localnet."""
        words = ["--validators", str(validators), "--replicas", str(replicas), "--slot-ms", str(slot_ms)]
        words += [] if chain is None else ["--chain", str(chain)]
        pysubtensor("network", "init", *words, "--out", str(folder))
        return cls(folder)

    def home(self, name: str) -> Home:
        return next(home for home in self.homes if home.folder.name == name)

    def start(self, *names: str, within: Sequence[str] = ()) -> None:
        """Start nodes, all by default. `within` are words before the command, such as those of a namespace."""
        for name in names or self.nodes:
            command = [*within, sys.executable, "-m", "tests.network.node", str(self.home(name).folder)]
            log = (self.home(name).folder / "supervisor.log").open("ab")
            self.processes[name] = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, start_new_session=True)

    def stop(self, *names: str) -> None:
        """Stop nodes, all by default."""
        chosen = [self.processes.pop(name) for name in names or list(self.processes)]
        for process in chosen:
            process.send_signal(signal.SIGTERM)
        for process in chosen:
            process.wait(60)

    def processes_of(self, which: str, *names: str) -> list[int]:
        """Return the ids of processes of nodes, all by default: of "app" or "engine"."""
        words, found = "tests.network.app" if which == "app" else "start --home", []
        folders = [str(self.home(name).folder) for name in names or self.nodes]
        for entry in Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode() if entry.name.isdigit() else ""
                if words in line and "network.node" not in line and any(folder in line for folder in folders):
                    found.append(int(entry.name))
        return found

    # --- reading -------------------------------------------------------------------------------------------

    def rpc(self, name: str, method: str, *parameters: Any) -> Any:
        return call(self.nodes[name].rpc_port, method, *parameters)

    def engine(self, name: str, method: str, **parameters: Any) -> Any:
        return call(self.nodes[name].engine_port, method, **parameters)

    def height(self, name: str) -> int:
        """Return the number of a node's head, -1 if it does not answer."""
        try:
            return int(self.rpc(name, "chain_getHeader")["number"], 16)
        except OSError:
            return -1

    def wait(self, height: int, names: Sequence[str] = (), within: float = 120) -> float:
        """Wait until nodes, all by default, have a block; return how long it took, in seconds."""
        began = time.monotonic()
        while any(self.height(name) < height for name in names or self.nodes):
            if time.monotonic() - began > within:
                heights = {name: self.height(name) for name in self.nodes}
                raise AssertionError(f"expected block {height} within {within} s, got {heights}")
            time.sleep(0.2)
        return time.monotonic() - began

    def compare(self, first: int = 1, last: int | None = None) -> int:
        """Compare hash and header of every block on all nodes; return how many there are."""
        last = last or min(self.height(name) for name in self.nodes)
        chosen = list(range(first, last + 1))
        for low in range(0, len(chosen), 500):
            part = chosen[low : low + 500]
            found = {name: self.rpc(name, "chain_getBlockHash", part) for name in self.nodes}
            for number, *hashes in zip(part, *found.values(), strict=True):
                assert len(set(hashes)) == 1, (number, found.keys(), hashes)
            # A hash is that of the header's bytes; the last header of each part is read as a proof.
            headers = {json.dumps(self.rpc(name, "chain_getHeader", hashes[-1])) for name, hashes in found.items()}
            assert len(headers) == 1, headers
        return last - first + 1

    def times(self, name: str, first: int, last: int) -> list[float]:
        """Return the engine's times of blocks, in seconds."""
        found: list[float] = []
        for low in range(first, last + 1, 20):
            metas = self.engine(name, "blockchain", minHeight=str(low), maxHeight=str(min(low + 19, last)))
            stamps = [(int(each["header"]["height"]), each["header"]["time"]) for each in metas["block_metas"]]
            found += [
                datetime.fromisoformat(stamp[:26].rstrip("Z") + "+00:00").timestamp() for _, stamp in sorted(stamps)
            ]
        return found

    def intervals(self, name: str, first: int, last: int) -> dict[str, float]:
        """Return median, 95th percentile and longest time between blocks, in seconds."""
        times = self.times(name, first, last)
        gaps = sorted(later - earlier for earlier, later in itertools.pairwise(times))
        return {
            "blocks": len(gaps),
            "p50": round(statistics.median(gaps), 3),
            "p95": round(gaps[int(len(gaps) * 0.95)], 3),
            "longest": round(gaps[-1], 3),
        }

    def spread(self, name: str, raw: bytes) -> None:
        """Give a transaction to an engine, past its node."""
        self.engine(name, "broadcast_tx_async", tx=base64.b64encode(raw).decode())


def pysubtensor(*words: str) -> None:
    """Run a command of the program."""
    subprocess.run([sys.executable, "-m", "pysubtensor", *words], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


@contextlib.contextmanager
def running(net: Net) -> Iterator[Net]:
    """Run all nodes of a network while the block runs."""
    net.start()
    try:
        net.wait(2)
        yield net
    finally:
        net.stop()
