"""The benchmark of the epoch still runs, at a size that it checks against the reference itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_benchmark_runs_at_a_small_size() -> None:
    command = [sys.executable, "-m", "benchmarks.yuma", "--small"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert [line.split()[:2] for line in result.stdout.splitlines()] == [
        [n, variant] for variant in ("yuma2", "yuma3", "liquid") for n in ("24", "40")
    ]
