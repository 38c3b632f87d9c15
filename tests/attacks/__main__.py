"""Play all attacks at full size, each against a node of its own, and print what they cost: `make attack`.

    python -m tests.attacks [WORDS OF A NAME ...]

Exits with 1 if a bound is missed: 300 MB above the idle node, 250 ms for a block, 100 ms for 99 % of the requests of an
honest client. Reads the memory from /proc, so it needs Linux.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import sleep

from rich.console import Console
from rich.table import Table

from .attack import Attack, Target
from .attacks import ATTACKS
from .node import MEBIBYTE, Sight, devnet, honest_client, memory

MEMORY_BOUND_MB, BLOCK_BOUND_MS, REQUEST_BOUND_MS = 300, 250, 100
#: Seconds for which the node runs before the attack, and after it.
BEFORE_S, AFTER_S = 1.5, 2.0
COLUMNS = ("attack", "memory, MB", "slowest block, ms", "p99 of requests, ms", "slowest, ms", "outcome")


def play(attack: Attack) -> tuple[list[str], bool]:
    """Play one attack; return its row of the table and whether all bounds hold."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        with devnet(log, *attack.options) as (target, pid), honest_client(target) as sights:
            sleep(BEFORE_S)
            idle = memory(pid)
            outcome = asyncio.run(run(attack, target))
            sleep(AFTER_S)
            grown = (memory(pid, "VmHWM") - idle) / MEBIBYTE
        return row(attack.name, grown, sights[0], outcome)


async def run(attack: Attack, target: Target) -> str:
    try:
        return await attack.run(target, attack.full)
    except (AssertionError, ConnectionError) as error:
        return f"WRONG: {error}"


def row(name: str, grown_mb: float, seen: Sight, outcome: str) -> tuple[list[str], bool]:
    """Return the cells of an attack, marked where a bound is missed, and whether all hold."""
    figures = [
        (grown_mb, MEMORY_BOUND_MB),
        (1000 * seen.blocks[-1], BLOCK_BOUND_MS),
        (1000 * seen.p99, REQUEST_BOUND_MS),
        (1000 * seen.requests[-1], float("inf")),
    ]
    cells = [f"{value:,.0f}{' MISSED' if value > bound else ''}" for value, bound in figures]
    holds = all(value <= bound for value, bound in figures) and not outcome.startswith("WRONG")
    return [name, *cells, outcome], holds


def main(words: Sequence[str]) -> int:
    """Play the attacks whose names contain all words."""
    chosen = [each for each in ATTACKS if all(word.lower() in each.name.lower() for word in words)]
    if not chosen:
        sys.exit(f"expected words of an attack's name, got {' '.join(words)}")
    table, kept = Table(*COLUMNS), True
    console = Console(width=None if sys.stdout.isatty() else 160)
    for attack in chosen:
        console.print(f"[dim]{attack.name} ({attack.full:,}) ...[/dim]")
        cells, holds = play(attack)
        console.print(f"  {' | '.join(cells[1:])}", markup=False)
        table.add_row(*cells)
        kept &= holds
    console.print(table)
    return 0 if kept else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Play attacks against a node and print what they cost.")
    parser.add_argument("words", nargs="*", help="play only the attacks whose name contains all of these")
    sys.exit(main(parser.parse_args().words))
