"""`python -m tests.random_programs`: random programs on the chain, on EELS and on pyrevm."""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .judge import Difference, ask, judge
from .ours import Chain
from .program import Program, program_of

DESCRIPTION = """\
Run random programs on the chain and on two implementations of Ethereum, EELS (fork Prague) and revm (Cancun).

With the rules of spec 425 switched off (tests/random_programs/rules.py), status, gas, output, logs and all accounts
must be equal. With them on, each difference must vanish when some of the rules are off: it is counted under these.
The last line has the counts. Exit status: 0 all are equal or named, 1 some are not.
"""
VECTORS = Path(__file__).resolve().parents[1] / "vectors" / "ethereum" / "programs.json.gz"
Batch = list[tuple[Program, dict[str, object], dict[str, object] | None]]


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    result = argparse.ArgumentParser(
        "python -m tests.random_programs", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    result.add_argument("--programs", type=int, default=20_000, metavar="N", help="how many (default: 20000)")
    result.add_argument("--seed", type=int, default=1, metavar="N", help="what they follow from (default: 1)")
    result.add_argument("--first", type=int, default=0, metavar="N", help="the number of the first one (default: 0)")
    result.add_argument("--batch", type=int, default=500, metavar="N", help="programs between two lines of progress")
    result.add_argument("--write", action="store_true", help="write programs and answers as the vectors of the suite")
    return result


def answered(seed: int, first: int, count: int, size: int) -> Iterator[Batch]:
    """Yield programs with the answers of the oracles, which work on a batch while the one before it is compared."""

    def batch(start: int) -> Batch:
        programs = [program_of(seed, number) for number in range(start, min(start + size, first + count))]
        eels, pyrevm = ask(programs)
        return list(zip(programs, eels, pyrevm, strict=True))

    with ThreadPoolExecutor(1) as thread:
        yield from thread.map(batch, range(first, first + count, size))


def write(batches: Iterator[Batch]) -> None:
    """Write the vectors of the suite."""
    entries = [{"program": program, "eels": eels, "pyrevm": revm} for batch in batches for program, eels, revm in batch]
    VECTORS.write_bytes(gzip.compress(json.dumps(entries, separators=(",", ":")).encode(), mtime=0))


def main(arguments: list[str] | None = None) -> int:
    """Run the command line."""
    options = parser().parse_args(arguments)
    batches = answered(options.seed, options.first, options.programs, options.batch)
    if options.write:
        write(batches)
        return 0
    chain, began, rules = Chain(), time.monotonic(), Counter[str]()
    done = compared = differing = failed = 0
    for batch in batches:
        for program, eels, pyrevm in batch:
            compared += pyrevm is not None
            try:
                names = judge(chain, program, eels, pyrevm)
            except Difference as difference:
                failed += 1
                print(difference, flush=True)  # noqa: T201  # the finding
                continue
            differing += bool(names)
            rules.update(names)
        done += len(batch)
        print(f"{done} of {options.programs}: {failed} not equal", file=sys.stderr, flush=True)  # noqa: T201  # progress
    seconds = time.monotonic() - began
    print(f"{differing} programs differ by rules of spec 425:")  # noqa: T201  # the result
    for name, count in rules.most_common():
        print(f"{count:8} {name}")  # noqa: T201
    oracles = f"EELS ({done}) or pyrevm ({compared})"
    print(f"{done} programs in {seconds:.0f} s: {failed} differ from {oracles} by no known rule")  # noqa: T201
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
