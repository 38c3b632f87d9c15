"""Machines of a network as network namespaces on a bridge: which can be cut from each other. It needs root."""

from __future__ import annotations

import contextlib
import json
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from tests.network.nets import Net, call, pysubtensor

BRIDGE, PREFIX = "pybr0", "10.77.0."


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)


def inside(index: int) -> list[str]:
    """Return the words with which a command runs on a machine."""
    return ["ip", "netns", "exec", f"py{index}"]


@contextlib.contextmanager
def machines(count: int) -> Iterator[None]:
    """Make machines 0, 1, …, which reach each other at 10.77.0.1, 10.77.0.2, …; remove them at the end."""
    try:
        ip("link", "add", BRIDGE, "type", "bridge")
        ip("addr", "add", f"{PREFIX}254/24", "dev", BRIDGE)
        ip("link", "set", BRIDGE, "up")
        for index in range(count):
            ip("netns", "add", f"py{index}")
            ip("link", "add", f"pyv{index}", "type", "veth", "peer", "name", "eth0", "netns", f"py{index}")
            ip("link", "set", f"pyv{index}", "master", BRIDGE, "up")
            for words in (["addr", "add", f"{PREFIX}{index + 1}/24", "dev", "eth0"], ["link", "set", "eth0", "up"]):
                ip("-n", f"py{index}", *words)
            ip("-n", f"py{index}", "link", "set", "lo", "up")
        yield
    finally:
        for index in range(count):
            subprocess.run(["ip", "netns", "del", f"py{index}"], check=False)
        subprocess.run(["ip", "link", "del", BRIDGE], check=False)


def cut(first: Sequence[int], second: Sequence[int], heal: bool = False) -> None:
    """Let no packet pass between two groups of machines, or let them pass again."""
    for here, there in [(first, second), (second, first)]:
        for index in here:
            for other in there:
                words = ["route", "del" if heal else "add", "blackhole", f"{PREFIX}{other + 1}/32"]
                ip("-n", f"py{index}", *words)


class Machines(Net):
    """A network whose nodes are on these machines, with their RPCs at the machines' addresses."""

    @classmethod
    def make(
        cls, folder: Path, validators: int = 4, replicas: int = 0, slot_ms: int = 1000, chain: Path | None = None
    ) -> Machines:
        hosts = ",".join(f"{PREFIX}{index + 1}" for index in range(validators + replicas))
        words = ["--validators", str(validators), "--replicas", str(replicas), "--slot-ms", str(slot_ms)]
        words += [] if chain is None else ["--chain", str(chain)]
        pysubtensor("network", "init", *words, "--hosts", hosts, "--out", str(folder))
        net = cls(folder)
        for home, host in zip(net.homes, hosts.split(","), strict=True):
            node = replace(home.read(), rpc_host=host)
            (home.folder / "node.json").write_text(json.dumps(asdict(node)))
        return cls(folder)

    def start(self, *names: str, within: Sequence[str] = ()) -> None:
        for index, name in enumerate(self.nodes):
            if not names or name in names:
                super().start(name, within=inside(index))

    def rpc(self, name: str, method: str, *parameters: Any) -> Any:
        return call(self.nodes[name].rpc_port, method, *parameters, host=self.nodes[name].rpc_host)
