"""`python -m benchmarks [NAME …] [--small] [--remember]`: run all benchmarks, or the named ones."""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path

from .harness import remember, show

NAMES = sorted(
    path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in ("__init__", "__main__", "harness")
)


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Run benchmarks; exit 1 when a bound is missed."
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which of {', '.join(NAMES)} (default: all)")
    parser.add_argument("--small", action="store_true", help="run the small sizes, as the tests do")
    parser.add_argument("--remember", action="store_true", help="append the figures to benchmarks/history.jsonl")
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - set(NAMES):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    missed = 0
    for name in arguments.names or NAMES:
        module = importlib.import_module(f"benchmarks.{name}")
        figures = show(f"{name}: {(module.__doc__ or '').splitlines()[0]}", module.run(arguments.small))
        missed += sum(figure.holds is False for figure in figures)
        if arguments.remember:
            remember(name, figures)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
