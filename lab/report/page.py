"""The report as a page of the documentation: Markdown with the same sentences and tables."""

from __future__ import annotations

from collections.abc import Sequence

from ..answers import Answer
from ..reading import Study
from ..sweep import Result
from . import tables


def page_of(
    study: Study,
    sentences: Sequence[str],
    found: Sequence[Answer],
    results: Sequence[Result],
    failures: Sequence[tuple[str, int]],
) -> str:
    """Return the page of a study."""
    experiment = study.experiment
    parts = [
        f"# {experiment.title or study.name}",
        study.question,
        "## What came out",
        "\n".join(f"* {each}" for each in sentences),
        f"{experiment.epochs} epochs, seed {experiment.seed}:",
        table(tables.HEADER, [tables.row(answer) for answer in found]),
        *(["## Settings", table(*tables.sweep_table(study, results))] if results else []),
        *(["## What an owner can do", study.advice] if study.advice else []),
        "## Assumptions",
        study.assumptions,
        "## Limits",
        study.limits,
        f"Failed calls: {', '.join(f'{name} {count}x' for name, count in failures)}." if failures else "",
        f"`pysubtensor lab report {study.name}` runs it again, and draws it. What the columns mean is in "
        "[the lab's guide](README.md).",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table of Markdown, with numbers on the right."""
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
