"""The command line: `python -m tests.genuine FILE…`."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from .findings import Findings
from .replay import replay

DESCRIPTION = """\
Replay scripts that the genuine pallets of subtensor executed and report every difference.

Each FILE is gzip JSON in the format of tests/genuine/scripts/README.md. Its steps (blocks, calls, extrinsics, runtime
APIs, raw storage) are executed on our runtime one by one; results, weights, events and storage changes are compared
with the genuine ones. After each step the state is set to the genuine one, so that every step is judged on its own.
"""
EPILOG = """\
A difference names file, step, what differs (for storage: item, decoded key parts, key), ours and the genuine side.
What our runtime does not have yet is counted apart, by the rule in tests/genuine/unbuilt.py.

The last line is: FILES files, STEPS steps, D differences, M not built
Exit status: 0 no difference, 1 differences, 2 a file could not be read.
"""
DIFFERENT, UNREADABLE = 1, 2


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    result = argparse.ArgumentParser(
        "python -m tests.genuine",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    result.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a script (….json.gz)")
    result.add_argument("--jobs", type=int, default=1, metavar="N", help="processes to use (default: 1)")
    result.add_argument(
        "--limit",
        type=int,
        default=10,
        metavar="N",
        help="differences of one kind to name in a file; more are only counted (default: 10; 0: name all)",
    )
    return result


def replayed(files: Sequence[Path], jobs: int, limit: int | None) -> Iterator[Findings]:
    """Replay files, in order, in this process or in several."""
    one = partial(replay, limit=limit)
    if jobs <= 1 or len(files) == 1:
        yield from map(one, files)
        return
    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(one, files)


def show_progress(found: Findings, number: int, total: int) -> None:
    """Write one line to stderr for a file that is done."""
    differences = found.kinds.total()
    sys.stderr.write(f"[{number}/{total}] {found.name}: {found.steps} steps, {differences} differences\n")


def show(found: Findings) -> None:
    """Write the differences of a file to stdout."""
    if found.unreadable is not None:
        sys.stdout.write(f"cannot read {found.unreadable}\n")
    for difference in found.named:
        sys.stdout.write(f"{difference}\n")
    for kind, count in found.unnamed().items():
        sys.stdout.write(f"{found.name}: {count} more of the kind {kind} (--limit 0 names all)\n")


def show_table(title: str, counts: Counter[str]) -> None:
    """Write counts to stdout, the largest first."""
    if counts:
        sys.stdout.write(f"\n{title}:\n")
        for name, count in sorted(counts.items(), key=lambda entry: (-entry[1], entry[0])):
            sys.stdout.write(f"{count:9,} {name}\n")


def summarize(all_found: Iterable[Findings]) -> int:
    """Write the tables and the last line to stdout; return the exit status."""
    files = steps = unreadable = 0
    kinds: Counter[str] = Counter()
    unbuilt: Counter[str] = Counter()
    for found in all_found:
        files, steps, unreadable = files + 1, steps + found.steps, unreadable + (found.unreadable is not None)
        kinds.update(found.kinds)
        unbuilt.update(found.unbuilt)
    show_table("Differences by kind", kinds)
    show_table("Steps that are not built, by what is missing", unbuilt)
    sys.stdout.write(f"\n{files} files, {steps} steps, {kinds.total()} differences, {unbuilt.total()} not built\n")
    return UNREADABLE if unreadable else DIFFERENT if kinds else 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Replay the files of a command line; return the exit status."""
    options = parser().parse_args(arguments)
    files: list[Path] = options.files

    def shown() -> Iterator[Findings]:
        for number, found in enumerate(replayed(files, options.jobs, options.limit or None), 1):
            show(found)
            if len(files) > 1:
                show_progress(found, number, len(files))
            found.named.clear()
            yield found

    return summarize(shown())


if __name__ == "__main__":
    sys.exit(main())
