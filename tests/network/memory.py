"""The memory and the CPU time of the processes of a network."""

from __future__ import annotations

import contextlib
import os
import statistics
import threading
from collections.abc import Iterable
from pathlib import Path

from tests.network.nets import Net

EVERY_S = 2.0


class Memory:
    """Notes, every few seconds, the bytes that only the applications and engines have, the largest of each kind."""

    def __init__(self, net: Net) -> None:
        self.net, self.ended = net, threading.Event()
        self.seen: dict[str, list[int]] = {"app": [], "engine": []}
        self.thread = threading.Thread(target=self.watch, daemon=True)

    def __enter__(self) -> Memory:
        self.thread.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self.ended.set()
        self.thread.join()

    def watch(self) -> None:
        while not self.ended.wait(EVERY_S):
            for kind, sizes in self.seen.items():
                sizes.append(max(map(own_bytes, self.net.processes_of(kind)), default=0))

    def thirds(self) -> dict[str, list[int]]:
        """Return the median of each third of the time, in MiB."""
        return {kind: [round(part / 2**20) for part in self.medians(kind)] for kind in self.seen}

    def medians(self, kind: str) -> list[float]:
        sizes = self.seen[kind]
        third = len(sizes) // 3
        return [statistics.median(sizes[start : start + third]) for start in (0, third, 2 * third)]

    def growth(self) -> float:
        """Return by how many bytes the last third exceeds the second, more than the tenth of it that is noise."""
        medians = map(self.medians, self.seen)
        return max(last - 1.1 * middle for _, middle, last in medians)


def own_bytes(process: int) -> int:
    """Return the bytes of memory that only a process has; 0 if it has ended."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{process}/status").read_text().splitlines():
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) * 1024
    return 0


def cpu_seconds(processes: Iterable[int]) -> float:
    """Return the CPU time of processes, of user and system."""
    ticks = 0
    for process in processes:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")
