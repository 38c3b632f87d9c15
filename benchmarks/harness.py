"""The harness of all benchmarks: figures, yardsticks of the same run, a printed table and a history file.

A benchmark is a module of this folder with `run(small: bool) -> Iterator[Figure]`. The small size runs as a test, so
that benchmarks stay runnable; `make bench` runs the large one.
"""

from __future__ import annotations

import json
import math
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

HISTORY = Path(__file__).with_name("history.jsonl")


@dataclass(frozen=True)
class Figure:
    """A measured figure. `ratio` is its ratio to `yardstick`, a value that the same run measured; `bound` is required.

    The bound applies to the ratio if there is one, else to the value; it is a minimum with `at_least`, else a maximum.
    """

    name: str
    value: float
    unit: str
    ratio: float | None = None
    yardstick: str = ""
    bound: float | None = None
    at_least: bool = False
    note: str = ""

    @property
    def holds(self) -> bool | None:
        """Whether the bound holds; None without a bound."""
        if self.bound is None:
            return None
        measured = self.value if self.ratio is None else self.ratio
        return measured >= self.bound if self.at_least else measured <= self.bound


def best(work: Callable[[], object], rounds: int = 3) -> float:
    """Return the least seconds of some rounds: the cost of the work without disturbance by other processes."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def cpu_seconds(programs: Mapping[str, str], rounds: int) -> dict[str, float]:
    """Return the least CPU seconds of a process that runs each program, from its start to its end.

    The programs take turns, so that other work of the machine slows down all of them. What Python compiles is kept from
    a first round on, as in an installed package.
    """
    least: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as compiled:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": compiled, "PYTHONDONTWRITEBYTECODE": ""}
        for round_ in range(rounds + 1):
            for name, code in programs.items():
                process = subprocess.Popen([sys.executable, "-c", code], env=environment)
                _, status, usage = os.wait4(process.pid, 0)
                process.returncode = os.waitstatus_to_exitcode(status)
                assert process.returncode == 0, f"{name} must succeed"
                if round_:
                    least[name] = min(least.get(name, math.inf), usage.ru_utime + usage.ru_stime)
    return least


def peak_megabytes() -> float:
    """Return the peak of this process's resident memory in MB."""
    status = Path("/proc/self/status")
    if status.exists():
        # Unlike `ru_maxrss`, this does not include the parent's peak.
        return next(int(line.split()[1]) for line in status.open() if line.startswith("VmHWM")) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20)


def show(title: str, figures: Iterable[Figure]) -> list[Figure]:
    """Print a table, row by row as figures are measured, and return them."""
    print(f"\n{title}\n  {'figure':66}{'value':>14} {'':9}{'ratio':>9}  {'bound':>10}")
    measured = []
    for figure in figures:
        measured.append(figure)
        ratio = "" if figure.ratio is None else f"{figure.ratio:.3f}"
        bound = "" if figure.bound is None else f"{'>=' if figure.at_least else '<='} {figure.bound:g}"
        verdict = {None: "", True: "ok", False: "MISSED"}[figure.holds]
        columns = f"{figure.name:66}{figure.value:>14,.2f} {figure.unit:9}{ratio:>9}"
        print(f"  {columns}  {bound:>10} {verdict:6} {figure.note}", flush=True)
    return measured


def remember(benchmark: str, figures: Iterable[Figure], path: Path = HISTORY) -> None:
    """Append the figures as JSON lines, with the commit, the version of Python and the machine."""
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
    where = {
        "commit": commit,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cpus": os.cpu_count(),
    }
    with path.open("a") as file:
        for figure in figures:
            file.write(json.dumps({"benchmark": benchmark, **asdict(figure), **where}) + "\n")
