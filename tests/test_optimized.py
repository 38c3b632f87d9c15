"""`python -O`, which removes assertions, makes and accepts the same chain."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from pysubtensor.runtime.frame.header import Header

ROOT = Path(__file__).resolve().parent.parent
SEED, BLOCKS = 9, 150


def run(flags: list[str], *arguments: str, given: str = "") -> list[str]:
    """Run the relay in a process with these flags of the interpreter; return the lines that it writes."""
    command = [sys.executable, *flags, "-m", "tests.simulation.relay", *arguments]
    done = subprocess.run(command, cwd=ROOT, input=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize(("author", "follower"), [(["-O"], []), ([], ["-O"])], ids=["author", "follower"])
def test_all_roots_are_the_same_with_and_without_assertions(author: list[str], follower: list[str]) -> None:
    """150 blocks with random calls of all pallets, and 150 with subnets and their epochs."""
    lines = run(author, "author", str(SEED), str(BLOCKS))
    blocks = [(block["chain"], Header.decode(bytes.fromhex(block["header"]))) for block in map(json.loads, lines)]
    assert len(blocks) == 2 * BLOCKS
    roots = [[name, header.state_root.hex()] for name, header in blocks]
    last = dict(roots)
    expected = [*roots, *([name, root] for name, root in last.items())]
    assert [json.loads(line) for line in run(follower, "follow", given="\n".join(lines))] == expected


def test_without_docstrings_there_is_no_chain() -> None:
    """`-OO` removes docstrings, which are part of the metadata and of error messages."""
    command = [sys.executable, "-OO", "-c", "import pysubtensor"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "docstrings are part of the metadata" in done.stderr
