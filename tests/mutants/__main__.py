"""Run a sample of mutants: `python -m tests.mutants --sample 200 --seed 1 --jobs 2 [--under PATH…]`.

Each job works in a copy of the repository under build/mutants. A mutant survives when the tests that mirror its file
pass. Exits 1 when fewer than `--least` percent are noticed, 2 when the tests fail without any change.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from difflib import unified_diff
from pathlib import Path
from queue import Queue

import click

from .mirror import stages
from .mutations import FOLDERS, Mutation, sample

ROOT = Path(__file__).resolve().parents[2]
COPIES = ROOT / "build" / "mutants"
#: The order of the tests is fixed, nothing is cached between two mutants, and a test that hangs fails soon.
PYTEST = ("-m", "pytest", "-x", "-q", "-m", "not clients", "-p", "no:randomly", "-p", "no:cacheprovider")
TEST_TIMEOUT_S, RUN_TIMEOUT_S = 120, 900
#: The exit code of pytest without tests. All others but 0 are failures; 4 is a conftest that cannot be imported.
NO_TESTS = 5


def first_copy() -> Path:
    """Return a fresh copy of all files that git tracks or would track."""
    shutil.rmtree(COPIES, ignore_errors=True)
    target = COPIES / "0"
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    return target


def copies(number: int) -> list[Path]:
    """Return copies whose tests pass; their modules are compiled, and mutants add nothing to these caches."""
    first = first_copy()
    if find_failure(first, [f"tests/{folder}" for folder in FOLDERS], compile_modules=True):
        click.echo("The tests fail without any change: see `make test`.", err=True)
        sys.exit(2)
    return [first, *(Path(shutil.copytree(first, COPIES / str(other))) for other in range(1, number))]


def find_failure(copy: Path, arguments: Sequence[str], *, compile_modules: bool = False) -> str | None:
    """Return how these tests fail in a copy, None if they pass.

    A time-out is reported as such: on a busy machine it may not come from the mutant.

    Compiled modules are recognized by the second and the size of their source. Two mutants may share both, so that
    only the run without a mutant writes them.
    """
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "" if compile_modules else "1"}
    command = [sys.executable, *PYTEST, "-o", f"timeout={TEST_TIMEOUT_S}", *arguments]
    try:
        done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, timeout=RUN_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        return "time-out"
    if done.returncode in (0, NO_TESTS):
        return None
    return "time-out" if f"Timeout (>{TEST_TIMEOUT_S}".encode() in done.stdout + done.stderr else "failure"


def judge(copy: Path, mutation: Mutation) -> tuple[str | None, str]:
    """Return which of the tests that mirror a mutated file fail, None if all pass; and what the mutation changes."""
    target = copy / mutation.path
    stamp, original = target.stat(), target.read_text()
    mutated = mutation.apply(copy)
    try:
        target.write_text(mutated)
        noticed = next(filter(None, (noticed_by(copy, stage) for stage in stages(copy, mutation.path))), None)
        return noticed, diff(original, mutated)
    finally:
        target.write_text(original)
        os.utime(target, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))


def noticed_by(copy: Path, stage: Sequence[str]) -> str | None:
    """Return the name of these tests if they fail, and that a time-out was the reason; None if they pass."""
    failure = find_failure(copy, stage)
    name = stage[0] if len(stage) == 1 else f"{Path(stage[0]).parent}/test_*.py"
    return failure and (f"{name} (time-out)" if failure == "time-out" else name)


def diff(before: str, after: str) -> str:
    """Return the lines that differ."""
    lines = unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return "\n".join(line for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---"))


def run(mutants: list[Mutation], jobs: int) -> list[str]:
    """Return the mutants that survive, each with its change; progress goes to stderr."""
    free: Queue[Path] = Queue()
    for copy in copies(jobs):
        free.put(copy)

    def one(mutation: Mutation) -> tuple[str | None, str]:
        copy = free.get()
        try:
            return judge(copy, mutation)
        finally:
            free.put(copy)

    survivors = []
    with ThreadPoolExecutor(jobs) as pool:
        runs = {pool.submit(one, mutation): mutation for mutation in mutants}
        for number, done in enumerate(as_completed(runs), 1):
            mutation, (noticed, change) = runs[done], done.result()
            if noticed is None:
                survivors.append(f"{mutation}\n{change}")
            verdict = f"SURVIVES {survivors[-1]}" if noticed is None else f"{mutation}: {noticed}"
            click.echo(f"[{number}/{len(mutants)}] {verdict}", err=True)
    return survivors


def positive(text: str) -> int:
    """Return a whole number above zero, for argparse."""
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"expected a whole number from 1 on, got {text!r}")
    return int(text)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--sample", type=positive, default=200, help="number of mutants (default: 200)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the sample (default: 1)")
    parser.add_argument("--jobs", type=positive, default=2, help="mutants tested at the same time (default: 2)")
    parser.add_argument("--least", type=float, default=93.0, help="least percentage that must be noticed (default: 93)")
    parser.add_argument("--under", nargs="+", default=FOLDERS, metavar="PATH", help="folders or files to change")
    options = parser.parse_args()
    mutants = sample(ROOT, options.under, options.sample, options.seed)
    survivors = run(mutants, options.jobs)
    for survivor in survivors:
        click.echo(f"{survivor}\n")
    noticed = 100 * (len(mutants) - len(survivors)) / len(mutants)
    click.echo(f"{len(mutants)} mutants, {len(survivors)} survive, {noticed:.1f} % noticed")
    return 0 if noticed >= options.least else 1


if __name__ == "__main__":
    sys.exit(main())
