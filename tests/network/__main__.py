"""The command of `make network-test`: `python -m tests.network [RUN[=MINUTES] …]`, all runs by default."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

from tests.network.runs import RUNS


def main(words: list[str]) -> None:
    """Make the runs one after another, and print what each has measured."""
    for word in words or list(RUNS):
        name, _, minutes = word.partition("=")
        run, usual = RUNS[name]
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="net") as folder:
            found = run(Path(folder) / "net", float(minutes) if minutes else usual)
        sys.stdout.write(json.dumps({"run": name, "s": round(time.monotonic() - began), **found}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
