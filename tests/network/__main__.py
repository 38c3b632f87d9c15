"""The command of `make network-test`: `python -m tests.network [RUN[=LENGTH] …]`, all runs by default.

The length is minutes, megabytes, or how many times a run does what it does. Each run prints a line of figures, with the
load average of the last 15 minutes, or fails.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path

from tests.network.runs import RUNS


def main(words: list[str]) -> None:
    """Make the runs one after another, and print what each has measured."""
    for word in words or list(RUNS):
        name, _, length = word.partition("=")
        run, usual = RUNS[name]
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="net") as folder:
            found = run(Path(folder) / "net", float(length) if length else usual)
        about = {"run": name, "s": round(time.monotonic() - began), "load": round(os.getloadavg()[2], 1)}
        sys.stdout.write(json.dumps(about | found) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
