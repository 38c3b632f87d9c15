"""The work of the `lab` commands: run, show and write."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich import box
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from ..lab.answers import Answer, answers, attack_gain, honest_version
from ..lab.experiment import Experiment
from ..lab.reading import Study, load, studies
from ..lab.record import Record
from ..lab.run import run as play


def list_studies() -> None:
    """Print the studies that come with the lab."""
    table = Table("name", "question", title="Studies")
    for name in studies():
        table.add_row(name, load(name).question)
    Console().print(table)


def run(name: str, seed: int | None, epochs: int | None, folder: Path | None, *, as_json: bool) -> None:
    """Run an experiment and its honest version, and print the answers."""
    study = load(name)
    experiment = study.experiment_with(chosen(seed, epochs))
    record, honest = with_progress(experiment)
    found = answers(experiment, record, honest)
    if folder is not None:
        write_record(folder, record, honest)
    if as_json:
        click.echo(json.dumps([asdict(answer) for answer in found]))
    else:
        show(study, experiment, record, found)


def chosen(seed: int | None, epochs: int | None) -> dict[str, Any]:
    """Return the values that the command line sets."""
    return {key: value for key, value in (("seed", seed), ("epochs", epochs)) if value is not None}


def with_progress(experiment: Experiment) -> tuple[Record, Record]:
    """Return the records of an experiment and of its honest version, with a progress bar at a terminal."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:

        def shown(experiment: Experiment, title: str) -> Record:
            task = progress.add_task(title, total=experiment.epochs)
            advance: Callable[[int], None] = lambda _: progress.advance(task)  # noqa: E731
            return play(experiment, advance)

        return shown(experiment, "with the attack"), shown(honest_version(experiment), "without it")


def write_record(folder: Path, record: Record, honest: Record) -> None:
    """Write the tables of both records into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for prefix, each in (("", record), ("honest-", honest)):
        for name, text in each.as_csv().items():
            (folder / f"{prefix}{name}.csv").write_text(text, "utf-8")


def show(study: Study, experiment: Experiment, record: Record, found: list[Answer]) -> None:
    """Print the answers as a table, and whether the attack paid."""
    console = Console()
    table = Table(title=experiment.title or study.name, box=box.SIMPLE_HEAD, caption=caption(experiment, record))
    table.add_column("actors")
    for name in (
        "stake %\nat first",
        "stake %\nat the end",
        "emission\n%",
        "without\nattack %",
        "dividends\nper stake %",
    ):
        table.add_column(name, justify="right")
    for name in ("paid\nTAO", "profit\nTAO", "more than\nhonestly"):
        table.add_column(name, justify="right")
    for answer in found:
        shares = (answer.stake_began, answer.stake_ended, answer.emission, answer.emission_honest, answer.per_stake)
        table.add_row(
            f"{answer.cast} (attack)" if answer.attacker else answer.cast,
            *("-" if share is None else f"{100 * share:.1f}" for share in shares),
            *(f"{amount:,.2f}" for amount in (answer.paid, answer.profit, answer.gain)),
        )
    console.print(table)
    if any(answer.attacker for answer in found):
        gain = attack_gain(found)
        console.print(
            f"The attack {'pays' if gain > 0 else 'does not pay'}: {gain:+,.2f} TAO against honest behaviour."
        )


def caption(experiment: Experiment, record: Record) -> str:
    """Return how long it ran, and which calls failed."""
    failed = ", ".join(f"{name} {count}x" for name, count in record.failures)
    return f"{experiment.epochs} epochs, seed {experiment.seed}" + (f"; failed calls: {failed}" if failed else "")
