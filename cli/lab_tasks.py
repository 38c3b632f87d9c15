"""The work of the `lab` commands: run, show and write."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich import box
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from ..lab.answers import Answer, answers, attack_gain, honest_version
from ..lab.bisection import Interval, find_threshold
from ..lab.errors import ExperimentError
from ..lab.experiment import Experiment
from ..lab.reading import Study, load, studies
from ..lab.record import Record
from ..lab.run import run as play
from ..lab.store import Folder, Memory, Store
from ..lab.sweep import Result, Runner, as_csv, experiments_of, points
from ..lab.sweep import sweep as run_sweep
from ..lab.totals import totals


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
    found = answers(experiment, totals(record), totals(honest))
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
    with progress_bar() as progress:

        def shown(experiment: Experiment, title: str) -> Record:
            task = progress.add_task(title, total=experiment.epochs)
            advance: Callable[[int], None] = lambda _: progress.advance(task)  # noqa: E731
            return play(experiment, advance)

        record, honest = shown(experiment, "with the attack"), honest_version(experiment)
        return record, record if honest == experiment else shown(honest, "without it")


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
            *(percent(share) for share in shares),
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


def sweep(name: str, folder: Path | None, jobs: int | None) -> None:
    """Run a sweep and write its results."""
    study = load(name)
    if not study.sweep:
        raise ExperimentError(f"{name}: expected a table [sweep] with lists of values by path")
    target = folder or Path(study.name)
    results = swept(study, Folder(target / "totals"), jobs)
    (target / "runs.csv").write_text(as_csv(results), "utf-8")
    Console().print(sweep_table(study, results))
    click.echo(f"Wrote {target / 'runs.csv'}", err=True)


def swept(study: Study, store: Store, jobs: int | None) -> list[Result]:
    """Return the results of a sweep, with a progress bar at a terminal."""
    needed = experiments_of(study, points(study))
    missing = [experiment for experiment in needed if store.get(experiment) is None]
    with progress_bar() as progress:
        task = progress.add_task(f"{len(needed)} experiments", total=len(needed), completed=len(needed) - len(missing))
        with Runner(store, jobs or cores(), lambda: progress.advance(task)) as runner:
            return run_sweep(study, runner)


def sweep_table(study: Study, results: Sequence[Result]) -> Table:
    """Return a table with a row for each run: its values, and what the attackers got."""
    attackers = [cast.name for cast in study.experiment.actors if cast.attacker]
    table = Table(title=study.experiment.title or study.name, box=box.SIMPLE_HEAD)
    for path in study.sweep:
        table.add_column(path, justify="right")
    for name in attackers:
        table.add_column(f"{name}\nemission %", justify="right")
        table.add_column(f"{name}\nper stake %", justify="right")
    table.add_column("more than\nhonestly", justify="right")
    for result in results:
        cells = [str(value) for value in result.values.values()]
        for name in attackers:
            answer = result.answer_of(name)
            cells += [percent(answer.emission), percent(answer.per_stake)]
        table.add_row(*cells, f"{result.gain:+,.2f}")
    return table


def threshold(name: str, folder: Path | None, jobs: int | None) -> None:
    """Find a threshold and print its interval."""
    study = load(name)
    store: Store = Folder(folder / "totals") if folder else Memory()
    interval = searched(study, store, jobs)
    console = Console()
    table = Table(study.threshold.path if study.threshold else "", "measure", box=box.SIMPLE_HEAD)
    for value, measure in interval.tried:
        table.add_row(f"{value:.5g}", f"{measure:+,.4f}")
    console.print(table)
    console.print(f"{study.threshold.path if study.threshold else ''}: {interval}.")


def searched(study: Study, store: Store, jobs: int | None) -> Interval:
    """Return the interval of a threshold, with a count of experiments at a terminal."""
    with progress_bar() as progress:
        task = progress.add_task("experiments", total=None)
        with Runner(store, jobs or cores(), lambda: progress.advance(task)) as runner:
            return find_threshold(study, runner)


def report(name: str, folder: Path | None, jobs: int | None) -> None:
    """Run all of a study and write its report."""
    try:
        from ..lab.report import Played, write_report
    except ImportError as error:
        raise ExperimentError(f"reports need matplotlib ({error}): pip install 'pysubtensor[lab]'") from None
    study = load(name)
    target = folder or Path(study.name)
    store = Folder(target / "totals")
    record, honest = with_progress(study.experiment)
    store.put(study.experiment, totals(record))
    store.put(honest_version(study.experiment), totals(honest))
    results = swept(study, store, jobs) if study.sweep else []
    interval = searched(study, store, jobs) if study.threshold else None
    write_record(target / "records", record, honest)
    if results:
        (target / "runs.csv").write_text(as_csv(results), "utf-8")
    written = write_report(target, Played(study, record, honest, results, interval))
    click.echo(f"Wrote {written}", err=True)


def progress_bar() -> Progress:
    """Return a progress bar on standard error, which is shown at a terminal only."""
    console = Console(stderr=True)
    return Progress(*Progress.get_default_columns(), console=console, transient=True, disable=not console.is_terminal)


def cores() -> int:
    """Return the number of this machine's cores."""
    return os.cpu_count() or 1


def percent(share: float | None) -> str:
    """Return a proportion as a percentage with one decimal."""
    return "-" if share is None else f"{100 * share:.1f}"
