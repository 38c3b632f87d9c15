"""Run a sample of mutants: `python -m tests.mutants --sample 200 --seed 1 --jobs 2`.

Each job works in a copy of the repository under build/mutants. A mutant survives when the tests that mirror its file
pass. Exits 1 when fewer than `--least` percent are noticed.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from difflib import unified_diff
from pathlib import Path
from queue import Queue

import click

from .mirror import mirror
from .mutations import Mutation, sample

ROOT = Path(__file__).resolve().parents[2]
COPIES = ROOT / "build" / "mutants"
#: The order of the tests is fixed, and nothing is cached between two mutants.
PLUGINS_OFF = ("-p", "no:randomly", "-p", "no:cacheprovider")
#: Seconds after which a mutant counts as noticed, because it makes tests run without end.
TIMEOUT_S = 300


def copy_of(number: int) -> Path:
    """Return a fresh copy of all files that git tracks or would track."""
    target = COPIES / str(number)
    shutil.rmtree(target, ignore_errors=True)
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    return target


def passes(copy: Path, arguments: list[str]) -> bool:
    """Return whether these tests pass in a copy."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-x",
        "-q",
        "-m",
        "not clients",
        "-p",
        "no:randomly",
        "-p",
        "no:cacheprovider",
    ]
    try:
        done = subprocess.run([*command, *arguments], cwd=copy, capture_output=True, timeout=TIMEOUT_S)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def survives(copy: Path, mutation: Mutation) -> bool:
    """Return whether the tests that mirror a mutated file pass."""
    target = copy / mutation.path
    original = target.read_text()
    try:
        target.write_text(mutation.apply(copy))
        return passes(copy, mirror(copy, mutation.path))
    finally:
        target.write_text(original)


def diff_of(mutation: Mutation) -> str:
    """Return what a mutation changes."""
    before, after = (ROOT / mutation.path).read_text(), mutation.apply(ROOT)
    lines = unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return "\n".join(line for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---"))


def run(mutants: list[Mutation], jobs: int) -> list[Mutation]:
    """Return the mutants that survive, in the order of the sample; progress goes to stderr."""
    copies: Queue[Path] = Queue()
    for number in range(jobs):
        copies.put(copy_of(number))

    def one(mutation: Mutation) -> bool:
        copy = copies.get()
        try:
            return survives(copy, mutation)
        finally:
            copies.put(copy)

    survivors = []
    with ThreadPoolExecutor(jobs) as pool:
        for number, (mutation, alive) in enumerate(zip(mutants, pool.map(one, mutants), strict=True), 1):
            click.echo(f"[{number}/{len(mutants)}] {'SURVIVES' if alive else 'noticed'} {mutation}", err=True)
            if alive:
                survivors.append(mutation)
    return survivors


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--sample", type=int, default=200, help="number of mutants (default: 200)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the sample (default: 1)")
    parser.add_argument("--jobs", type=int, default=2, help="mutants tested at the same time (default: 2)")
    parser.add_argument("--least", type=float, default=93.0, help="least percentage that must be noticed (default: 93)")
    options = parser.parse_args()
    mutants = sample(ROOT, options.sample, options.seed)
    survivors = run(mutants, options.jobs)
    for mutation in survivors:
        click.echo(f"{mutation}\n{diff_of(mutation)}\n")
    noticed = 100 * (len(mutants) - len(survivors)) / len(mutants)
    click.echo(f"{len(mutants)} mutants, {len(survivors)} survive, {noticed:.1f} % noticed")
    return 0 if noticed >= options.least else 1


if __name__ == "__main__":
    sys.exit(main())
