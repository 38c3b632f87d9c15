"""`pysubtensor lab`: experiments with attacks on a subnet, on a whole chain.

This file has only the options; a command imports what it needs when it runs.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from .groups import Commands

Command = TypeVar("Command", bound=Callable[..., object])

jobs_option = click.option(
    "--jobs", type=click.IntRange(1, 1024), help="Processes; default: the cores of this machine."
)


def out_option(text: str) -> Callable[[Command], Command]:
    """Return the option for a folder of results, with this help."""
    return click.option("--out", "folder", type=click.Path(file_okay=False, path_type=Path), help=text)


@click.group(cls=Commands)
def lab() -> None:
    """Find out whether a subnet can be gamed, and at what price.

    STUDY is the name of a study of the lab (`lab list`), or a TOML file. See docs/lab/README.md.
    """


@lab.command("list")
def list_studies() -> None:
    """List the studies that come with the lab."""
    from . import lab_tasks

    lab_tasks.list_studies()


@lab.command()
@click.argument("study")
@click.option("--seed", type=click.IntRange(0), help="Seed; default: that of the study.")
@click.option("--epochs", type=click.IntRange(1, 100_000), help="Number of epochs; default: that of the study.")
@click.option(
    "--csv",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the record of each epoch, as CSV.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the answers as JSON.")
def run(study: str, seed: int | None, epochs: int | None, folder: Path | None, as_json: bool) -> None:
    """Run the experiment of STUDY, and without its attack, and show what each actor got."""
    from . import lab_tasks

    lab_tasks.run(study, seed, epochs, folder, as_json=as_json)


@lab.command()
@click.argument("study")
@out_option("Folder for the results, runs.csv; an interrupted sweep goes on from it. Default: the study's name.")
@jobs_option
def sweep(study: str, folder: Path | None, jobs: int | None) -> None:
    """Run all combinations of the values in the table [sweep] of STUDY, each with and without the attack."""
    from . import lab_tasks

    lab_tasks.sweep(study, folder, jobs)


@lab.command()
@click.argument("study")
@out_option("Folder that keeps the results, for when it is run again.")
@jobs_option
def threshold(study: str, folder: Path | None, jobs: int | None) -> None:
    """Find the value of the table [threshold] of STUDY from which on its attack pays, by bisection."""
    from . import lab_tasks

    lab_tasks.threshold(study, folder, jobs)


@lab.command()
@click.argument("study")
@out_option("Folder for report.html, pictures and tables; default: the study's name.")
@jobs_option
def report(study: str, folder: Path | None, jobs: int | None) -> None:
    """Run all of STUDY (experiment, sweep, threshold) and write a report: one HTML file, and its pictures as PNG."""
    from . import lab_tasks

    lab_tasks.report(study, folder, jobs)
