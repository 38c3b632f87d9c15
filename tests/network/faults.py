"""Runs with a node that is killed at each step of a block, and with one whose proposals are forged."""

from __future__ import annotations

import itertools
import statistics
import time
from pathlib import Path
from typing import Any

from tests.chain.network.forgeries import CHANGES
from tests.network.app import WHICH
from tests.network.links import Link, linked
from tests.network.nets import Net, running

#: Where an application is killed; see `Application.at`.
STEPS = ("prepared", "processed", "finalized", "committing", "committed")
#: What the logs of application and engine must not have. The engine ends when its application is killed: `END`.
FAILURES = {"node.log": ("this node stops",), "cometbft.log": ("CONSENSUS FAILURE", "panic:", "conflicting")}
END = ("EOF", "broken pipe", "connection reset")
SHORT_SLOT_MS = 300


def points(folder: Path, times: float) -> dict[str, Any]:
    """Kill application, engine, and both of one validator after another, this many times at each step of a block."""
    kinds, returns, began = list(itertools.product(STEPS, WHICH)), list[float](), time.monotonic()
    with running(Net.make(folder, slot_ms=SHORT_SLOT_MS)) as net:
        for number in range(int(times) * len(kinds)):
            step, which = kinds[number % len(kinds)]
            victim = f"node{number % 4}"
            wanted = net.home(victim).folder / "kill-at"
            wanted.write_text(f"{step} {which}")
            while wanted.exists():
                time.sleep(0.02)
            height = max(net.height(name) for name in net.nodes)
            returns.append(net.wait(height + 2))
            net.compare(max(1, height - 3), height + 2)
            if number % len(kinds) == len(kinds) - 1:
                tell(number + 1, time.monotonic() - began, returns)
        slowest, middle = round(max(returns), 1), round(statistics.median(returns), 1)
        found = {"at each of 15 points": int(times), "all up and 2 blocks later, p50 s": middle, "longest": slowest}
        return found | {"refused": len(refusals(net)), "equal blocks": net.compare(), "failures": failures(net)}


def tell(kills: int, seconds: float, returns: list[float]) -> None:
    print(f"{kills} kills in {seconds:.0f} s, p50 {statistics.median(returns):.1f} s", flush=True)  # noqa: T201


def failures(net: Net) -> int:
    """Assert that no log has a failure of application or engine, and return 0."""
    for home in net.homes:
        for name, words in FAILURES.items():
            lines = (home.folder / name).read_text().splitlines()
            wrong = [
                line for line in lines if any(word in line for word in words) and not any(end in line for end in END)
            ]
            assert not wrong, (home.folder.name, wrong[:3])
    return 0


def refusals(net: Net, height: int | None = None) -> list[str]:
    """Return why nodes have refused proposals, of one block or of all: `node: reason`."""
    begin = "refused the proposal of block" + (" " if height is None else f" {height}: ")
    lines = [(home.folder.name, home.folder / "node.log") for home in net.homes]
    found = [(name, line.partition(begin)) for name, path in lines for line in path.read_text().splitlines()]
    return [f"{name}: {reason}" for name, (_, matched, reason) in found if matched]


def forged(folder: Path, times: float) -> dict[str, Any]:
    """Let a validator forge proposals in each way: all others refuse each, and a later round has a block."""
    rounds, gaps = list[int](), list[float]()
    with running(Net.make(folder)) as net:
        others = set(net.nodes) - {"node1"}
        for change in list(CHANGES) * int(times):
            height = forge(net, "node1", change, others)
            commit = net.engine("node0", "commit", height=str(height))["signed_header"]["commit"]
            assert int(commit["round"]) >= 1, (change, commit["round"])
            rounds.append(int(commit["round"]))
            gaps.append(net.intervals("node0", height, height + 1)["longest"])
        counts = {"refused by all": len(rounds), "block in the next round": rounds.count(1)}
        waits = {"until then, p50 s": round(statistics.median(gaps), 2), "longest": max(gaps)}
        return counts | waits | {"equal blocks": net.compare(), "failures": failures(net)}


def forge(net: Net, name: str, change: str, others: set[str]) -> int:
    """Let a proposal of a node be forged until it was not too late for any other; return its height."""
    folder, end = net.home(name).folder, time.monotonic() + 120
    while time.monotonic() < end:
        (folder / "forged").unlink(missing_ok=True)
        (folder / "forge").write_text(change)
        while time.monotonic() < end and not (folder / "forged").exists():
            time.sleep(0.05)
        height = int((folder / "forged").read_text())
        net.wait(height + 1)
        if {each.partition(":")[0] for each in refusals(net, height)} == others:
            return height
    raise AssertionError(f"expected that all nodes refuse {change} of {name} within 120 s")


def far(folder: Path, minutes: float) -> dict[str, Any]:
    """Let all bytes between the nodes be late by 200 ms, and one segment of twenty be lost: the chain goes on."""
    net = Net.make(folder, replicas=0)
    with linked(net, Link(0.2, 0.05)), running(net):
        peers = {name: int(net.engine(name, "net_info")["n_peers"]) for name in net.nodes}
        assert set(peers.values()) == {3}, peers
        first = net.height("node0")
        time.sleep(minutes * 60)
        last = net.height("node0")
        commits = [net.engine("node0", "commit", height=str(number)) for number in range(first, last)]
        rounds = [int(each["signed_header"]["commit"]["round"]) for each in commits]
        assert last - first > minutes * 6, (first, last)
        found = net.intervals("node0", first, last) | {"in a later round": sum(each > 0 for each in rounds)}
        return found | {"equal blocks": net.compare(), "failures": failures(net)}
