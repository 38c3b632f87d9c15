"""Run the command line: `python -m pysubtensor` is the command `pysubtensor`."""

from __future__ import annotations

from .cli import main

if __name__ == "__main__":
    main(prog_name="pysubtensor")
