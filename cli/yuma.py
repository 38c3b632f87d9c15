"""`pysubtensor yuma`: one epoch of Yuma Consensus from a file, or many epochs of a scenario, without a chain.

This file has only the options; a command imports what it needs (NumPy above all) when it runs.
"""

from __future__ import annotations

from pathlib import Path

import click

from .groups import Commands


@click.group(cls=Commands)
def yuma() -> None:
    """Compute epochs of Yuma Consensus, without a chain.

    `run` computes one epoch from a file, `sim` many epochs of a scenario. See docs/yuma.md for the formulas.
    """


@yuma.command()
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the outputs as JSON, raw fixed-point bits included.")
@click.option(
    "--reference",
    "readable",
    is_flag=True,
    help="Use the readable reference implementation instead of the fast one; same results.",
)
@click.option("--all", "all_neurons", is_flag=True, help="Show every neuron, not only the 40 best paid.")
def run(case: Path, as_json: bool, readable: bool, all_neurons: bool) -> None:
    """Compute one epoch from CASE, a JSON file (or .json.gz) with "inputs" as described in docs/yuma.md."""
    from . import yuma_tasks

    yuma_tasks.run(case, as_json=as_json, readable=readable, all_neurons=all_neurons)


@yuma.command()
@click.argument("scenario", required=False)
@click.option("--list", "listing", is_flag=True, help="List the included scenarios.")
@click.option(
    "--variant",
    "variants",
    type=click.Choice(["yuma2", "yuma3", "liquid"]),
    multiple=True,
    help="Variant of Yuma to run (may be repeated); default: all three.",
)
@click.option("--epochs", type=click.IntRange(1, 10_000), help="Number of epochs; default: the scenario's.")
@click.option(
    "--csv",
    "csv_file",
    type=click.Path(dir_okay=False, allow_dash=True),
    help="File for all values of all epochs as CSV; - writes to standard output.",
)
@click.option(
    "--plot",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File for a picture, .png or .svg; needs matplotlib (pip install 'pysubtensor[plot]').",
)
@click.option("--json", "as_json", is_flag=True, help="Print the last epoch as JSON.")
def sim(
    scenario: str | None,
    listing: bool,
    variants: tuple[str, ...],
    epochs: int | None,
    csv_file: str | None,
    plot: Path | None,
    as_json: bool,
) -> None:
    """Run the epochs of SCENARIO: the name of an included one (see --list), or a JSON or CSV file."""
    from . import yuma_tasks

    if listing:
        yuma_tasks.list_scenarios()
        return
    if scenario is None:
        names = ", ".join(yuma_tasks.included_scenarios())
        raise click.UsageError(f"Missing argument 'SCENARIO': a file, or one of {names}.")
    if plot is not None and plot.suffix not in (".png", ".svg"):
        raise click.BadParameter(f"expected a file name ending in .png or .svg, got {plot}", param_hint="'--plot'")
    yuma_tasks.sim(scenario, variants, epochs, csv_file, plot, as_json=as_json)
