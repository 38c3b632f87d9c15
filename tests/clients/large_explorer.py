"""The explorer on a large chain: `python -m tests.clients.large_explorer [--small]` prints times and memory.

The chain has 128 subnets of 256 neurons, 64 of which validate. Two pages stay open for a minute while blocks come: a
subnet's, and that of the latest blocks. The exit code is 1 when a subnet's page takes more than a second, or memory
grows. Times are given by the clock, and as processor time of node, explorer and browser, which other work on the
machine changes less; the limit is for the latter.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from benchmarks.growth import chain_of
from pysubtensor import Chain
from tests.clients.environments import BROWSER, chromium, prepare
from tests.clients.explorers import started

DRIVER = Path(__file__).parent / "drivers" / "large.py"
#: Seconds until a subnet's page has its figures and neurons; growth of memory in the minute, as a ratio.
MOST_S, MOST_GROWTH = 1.0, 1.15
#: Looks at the memory, the seconds between them, and those until the first that counts: caches fill before.
LOOKS, EVERY_S, FIRST = 9, 10, 2
MEBIBYTE = 1024 * 1024


def memory_of(process: int) -> int:
    """Return the resident memory of a process, in bytes."""
    (line,) = [each for each in Path(f"/proc/{process}/status").read_text().splitlines() if each.startswith("VmRSS:")]
    return 1024 * int(line.split()[1])


def blocks(chain: Chain, stop: threading.Event, pause_s: float) -> None:
    """Make blocks until `stop` is set."""
    while not stop.wait(pause_s):
        chain.produce()


def measure(chain: Chain, url: str, looks: int) -> tuple[dict[str, Any], list[int], str]:
    """Return the browser's report, the explorer's memory at each look, and the number of the head."""
    python, memory = prepare(BROWSER), []
    with started(url) as (process, address):
        task = {
            "url": address,
            "browser": chromium(),
            "processes": [os.getpid(), process.pid],
            "netuids": [2, 3, 4],
            "timeout": 120,
            "looks": looks,
            "every": EVERY_S,
        }
        driver = subprocess.Popen([python, DRIVER, json.dumps(task)], stdout=subprocess.PIPE, text=True)
        assert driver.stdout is not None
        line = ""
        for line in driver.stdout:
            memory.append(memory_of(process.pid))
            say(f"explorer {memory[-1] / MEBIBYTE:.0f} MiB, heaps of the pages {line.strip()[:60]}")
        if driver.wait():
            raise SystemExit("the browser's driver failed")
        return json.loads(line), memory[:-1], str(chain.head.number)


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201  # figures, for people


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.clients.large_explorer")
    parser.add_argument("--small", action="store_true", help="8 subnets of 64 neurons")
    small = parser.parse_args().small
    chain = chain_of(*((8, 64, 16) if small else (128, 256, 64)))
    stop = threading.Event()
    with chain, chain.serve(sealing="embedded") as node:
        author = threading.Thread(target=blocks, args=(chain, stop, 1.0))
        author.start()
        try:
            seen, memory, head = measure(chain, node.url, LOOKS)
        finally:
            stop.set()
            author.join()
    return judge(seen, memory, head)


def judge(seen: dict[str, Any], memory: list[int], head: str) -> int:
    """Print the figures, and return 1 if one of them is too large."""
    for name, page in (("table of subnets", seen["table"]), *(("subnet", each) for each in seen["subnet"])):
        say(
            f"{name}: figures after {page['figures']:.2f} s ({page['processor']:.2f} s of processor time), "
            f"all after {page['whole']:.2f} s ({page['whole_processor']:.2f} s), {page['elements']} elements"
        )
    heaps = [sum(each) for each in seen["heap"]]
    growth = memory[-1] / memory[FIRST]
    say(
        f"memory of the explorer: {memory[FIRST] / MEBIBYTE:.0f} to {memory[-1] / MEBIBYTE:.0f} MiB, {growth:.3f} times"
    )
    heap = heaps[-1] / heaps[FIRST]
    say(f"heaps of two pages: {heaps[FIRST] / MEBIBYTE:.1f} to {heaps[-1] / MEBIBYTE:.1f} MiB, {heap:.3f} times")
    say(f"latest block on the page {seen['latest']}, head {head}")
    best = min(page["processor"] for page in seen["subnet"])
    return 0 if best <= MOST_S and growth <= MOST_GROWTH and heap <= MOST_GROWTH else 1


if __name__ == "__main__":
    sys.exit(main())
