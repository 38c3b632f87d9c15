"""Fuzz one target with coverage: `python -m tests.fuzz.covered NAME --minutes N`. Needs the extra `fuzz` (atheris).

atheris mutates inputs, and keeps those that reach new code, in `build/fuzz/NAME`. A finding ends the run; its input is
in `build/fuzz`, and `python -m tests.fuzz.covered NAME FILE` plays it again. `--keep` afterwards adds the short inputs
that were found to the corpus in the repository, which the test suite plays.
"""

from __future__ import annotations

import argparse
import sys
from hashlib import sha1
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["pysubtensor"]):
    from tests.fuzz.targets import TARGETS, corpus, corpus_file, seeds

FOUND = Path("build/fuzz")
#: The longest input, in bytes, and the longest time for one, in seconds.
MAX_LENGTH, TIMEOUT_S = 4096, 20


def prepare(name: str) -> Path:
    """Return the folder in which inputs are collected, with those to begin with."""
    folder = FOUND / name
    folder.mkdir(parents=True, exist_ok=True)
    for data in [*seeds(name), *corpus(name)]:
        (folder / sha1(data).hexdigest()).write_bytes(data)  # libFuzzer's names
    return folder


def keep(name: str, length: int) -> None:
    """Add the inputs of up to `length` bytes that were found to the corpus."""
    known = set(seeds(name))
    found = {file.read_bytes() for file in (FOUND / name).iterdir()}
    kept = sorted(
        {data for data in found if len(data) <= length} - known | set(corpus(name)), key=lambda d: (len(d), d)
    )
    corpus_file(name).write_text("".join(data.hex() + "\n" for data in kept))
    sys.stdout.write(f"{len(kept)} inputs in {corpus_file(name)}\n")


def options(arguments: argparse.Namespace) -> list[str]:
    """Return the options of libFuzzer."""
    if arguments.file is not None:
        return [str(arguments.file)]
    return [
        f"-max_total_time={round(arguments.minutes * 60)}",
        f"-max_len={MAX_LENGTH}",
        f"-timeout={TIMEOUT_S}",
        f"-artifact_prefix={FOUND}/{arguments.name}-",
        "-print_final_stats=1",
        "-reload=0",
        f"-seed={arguments.seed}",
        str(prepare(arguments.name)),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.covered", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("name", choices=list(TARGETS))
    parser.add_argument("file", nargs="?", type=Path, help="play only this input")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", action="store_true", help="add inputs to the corpus in the repository")
    parser.add_argument("--length", type=int, default=300, help="the longest input to keep, in bytes")
    arguments = parser.parse_args()
    if arguments.keep:
        keep(arguments.name, arguments.length)
        return
    with TARGETS[arguments.name]() as run:
        atheris.Setup([sys.argv[0], *options(arguments)], run)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
