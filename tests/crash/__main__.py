"""The crash campaign at full size: `make crash`.

    python -m tests.crash [--kills 1000] [--full 200] [--flips 500] [--seed 1] [--engine leveldb] [--disk FOLDER]

Prints a table, and exits with 1 if a block was lost without a refusal that says so, if a wrong value was served, or if
a process ended in another way than with a sentence. The counts are for all engines together. A full disk is a limit of
the size of files (RLIMIT_FSIZE), at any offset of any file; with `--disk`, a folder on a small file system, it is one.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from pysubtensor.chain.history.stores.choose import available
from rich.console import Console
from rich.table import Table

from .campaign import Tally, flip_rounds, full_rounds, kill_rounds


def parser() -> argparse.ArgumentParser:
    result = argparse.ArgumentParser(
        "python -m tests.crash", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    result.add_argument("--kills", type=int, default=1000, metavar="N", help="SIGKILLs (default: 1000)")
    result.add_argument("--full", type=int, default=200, metavar="N", help="full disks (default: 200)")
    result.add_argument("--flips", type=int, default=500, metavar="N", help="flipped bytes (default: 500)")
    result.add_argument("--seed", type=int, default=1, metavar="N", help="seed of all choices (default: 1)")
    result.add_argument("--engine", choices=available(), help="the only engine (default: all)")
    result.add_argument("--disk", type=Path, metavar="FOLDER", help="a folder on a file system of a few MiB")
    return result


def campaign(options: argparse.Namespace, folder: Path) -> list[Tally]:
    """Play all rounds in `folder` and return their outcomes."""
    engines, tallies = [options.engine] if options.engine else available(), list[Tally]()
    for engine in engines:
        counts = [count // len(engines) for count in (options.kills, options.full, options.flips)]
        if counts[0]:
            tallies.append(kill_rounds(folder / f"{engine}-kills", engine, counts[0], options.seed))
        if counts[1]:
            with tempfile.TemporaryDirectory(dir=options.disk or folder) as disk:
                tallies.append(full_rounds(Path(disk) / engine, engine, counts[1], options.seed, bool(options.disk)))
        if counts[2]:
            tallies.append(flip_rounds(folder, engine, counts[2], options.seed))
    return tallies


def main(arguments: Sequence[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        tallies = campaign(options, Path(folder))
    table = Table("engine", "what", "rounds", "outcomes", "failures")
    for tally in tallies:
        outcomes = ", ".join(f"{count} {name}" for name, count in sorted(tally.outcomes.items()))
        table.add_row(tally.engine, tally.kind, str(tally.rounds), outcomes, str(len(tally.failures)))
    Console(width=120).print(table)
    failures = [failure for tally in tallies for failure in tally.failures]
    for failure in failures:
        Console(stderr=True, width=200).print(failure, markup=False)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
