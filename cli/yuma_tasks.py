"""The work of the `yuma` commands: read and check files, run epochs, print tables, CSV and JSON."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

import click
import orjson
from rich import box
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from ..consensus.yuma import fast, reference
from ..consensus.yuma.case import epoch_input, epoch_output
from ..consensus.yuma.scenario import Scenario, from_csv, from_json
from ..consensus.yuma.simulate import RAO_PER_ALPHA, Variant, simulate
from ..consensus.yuma.types import EpochOutput, InvalidInput

T = TypeVar("T")
#: Most bytes of a file; a full case of 4,096 neurons and 256 validators has 30 MB.
MAX_BYTES = 256 << 20
SCENARIOS = files("pysubtensor.consensus.yuma") / "scenarios"
#: Neurons that a table shows without --all.
TABLE_ROWS = 40
U16_MAX = 65535
VARIANT_NAMES = {Variant.YUMA2: "Yuma 2", Variant.YUMA3: "Yuma 3", Variant.LIQUID: "Yuma 3, liquid alpha"}


class BadInput(click.ClickException):
    """A file that cannot be used; the message names the file and the fault."""

    exit_code = 2


def run(case: Path, *, as_json: bool, readable: bool, all_neurons: bool) -> None:
    """Compute the epoch of a case file and print it."""
    data = parse_json(case, read(case))
    epoch = reference.epoch if readable else fast.epoch
    output = run_on_file(case, lambda: epoch(epoch_input(data)))
    if as_json:
        click.echo(orjson.dumps(epoch_output(output)).decode())
        return
    console = Console()
    console.print(epoch_table(output, all_neurons))
    if isinstance(data, dict) and isinstance(data.get("outputs"), dict):
        compare(console, epoch_output(output), data["outputs"])


def sim(
    scenario: str,
    variants: tuple[str, ...],
    epochs: int | None,
    csv_file: str | None,
    plot: Path | None,
    *,
    as_json: bool,
) -> None:
    """Run a scenario and write the requested outputs."""
    story = load_scenario(scenario)
    chosen = [variant for variant in Variant if not variants or variant.value in variants]
    runs = run_variants(story, chosen, epochs or story.epochs)
    if csv_file is not None:
        write_csv(csv_file, story, runs)
    if plot is not None:
        draw(plot, story, runs)
    if csv_file != "-":
        show_last(story, runs, as_json)


# Reading


def read(path: Path) -> bytes:
    """Return a file's content, unpacked where its name ends in .gz."""
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise BadInput(f"{path}: cannot be read: {reason}") from None
    if len(content) > MAX_BYTES:
        raise BadInput(f"{path}: expected at most {MAX_BYTES >> 20} MiB, got more")
    return content


def parse_json(path: Path | str, content: bytes) -> object:
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise BadInput(f"{path}: not JSON: {error.msg} (line {error.lineno}, column {error.colno})") from None


def run_on_file(path: Path | str, action: Callable[[], T]) -> T:
    """Return the result of `action`; its InvalidInput becomes BadInput with the file's name."""
    try:
        return action()
    except InvalidInput as error:
        raise BadInput(f"{path}: {error}") from None


def included_scenarios() -> list[str]:
    return sorted(entry.name.removesuffix(".json") for entry in SCENARIOS.iterdir() if entry.name.endswith(".json"))


def load_scenario(name: str) -> Scenario:
    if name in included_scenarios():
        return from_json(orjson.loads((SCENARIOS / f"{name}.json").read_bytes()))
    path = Path(name)
    if not path.exists():
        raise BadInput(f"{name}: no such file, nor a scenario of that name ({', '.join(included_scenarios())})")
    content = read(path)
    if ".csv" in path.suffixes:
        return run_on_file(path, lambda: from_csv(parse_csv(path, content), path.name.split(".")[0]))
    return run_on_file(path, lambda: from_json(parse_json(path, content)))


def parse_csv(path: Path, content: bytes) -> list[list[str]]:
    try:
        return [row for row in csv.reader(io.StringIO(content.decode("utf-8-sig")), strict=True) if row]
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadInput(f"{path}: not CSV: {error}") from None


# Running


def run_variants(story: Scenario, variants: list[Variant], epochs: int) -> dict[Variant, list[EpochOutput]]:
    """Return all epochs of each variant, with a progress bar on long runs at a terminal."""
    story = replace(story, epochs=epochs)
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        return {
            variant: list(progress.track(simulate(story, variant), total=epochs, description=VARIANT_NAMES[variant]))
            for variant in variants
        }


# Printing


def percent(u16: int) -> str:
    return f"{100 * u16 / U16_MAX:.2f}" if u16 else "-"


def alpha(rao: int) -> str:
    return f"{rao / RAO_PER_ALPHA:,.4f}" if rao else "-"


def epoch_table(output: EpochOutput, all_neurons: bool) -> Table:
    """Return a table with a row per neuron, the best paid first if not all are shown."""
    n = len(output.active)
    uids: Iterable[int] = range(n)
    caption = None
    if n > TABLE_ROWS and not all_neurons:
        uids = sorted(uids, key=lambda uid: -int(output.combined_emission[uid]))[:TABLE_ROWS]
        caption = f"The {TABLE_ROWS} best paid of {n} neurons; --all shows the rest."
    table = Table(title="Epoch", caption=caption, box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for name in ("uid", "act.", "perm."):
        table.add_column(name, justify="right")
    for name in ("stake\n%", "consens.\n%", "incent.\n%", "divid.\n%", "trust\n%", "miner\nalpha", "validator\nalpha"):
        table.add_column(name, justify="right", no_wrap=True)
    shares = ("stake_weight", "consensus", "incentive", "dividends", "validator_trust")
    for uid in uids:
        table.add_row(
            str(uid),
            "yes" if output.active[uid] else "no",
            "yes" if output.new_validator_permits[uid] else "no",
            *(percent(int(getattr(output, name)[uid])) for name in shares),
            alpha(int(output.server_emission[uid])),
            alpha(int(output.validator_emission[uid])),
        )
    return table


def compare(console: Console, got: dict[str, Any], recorded: dict[str, Any]) -> None:
    """Print whether the outputs in the case equal the computed ones."""
    different = sorted(name for name in recorded if got.get(name) != recorded[name])
    if different:
        console.print(f"Different from the outputs in the case: {', '.join(different)}")
    else:
        console.print(f"All {len(recorded)} outputs equal those in the case.")


def list_scenarios() -> None:
    table = Table("name", "what it shows", title="Scenarios")
    for name in included_scenarios():
        table.add_row(name, load_scenario(name).description)
    Console().print(table)


def values(story: Scenario, output: EpochOutput) -> Iterator[tuple[str, str, str, int, int]]:
    """Yield (quantity, neuron, target, value, unit): value / unit is a share, or alpha for emissions."""
    neurons = [*story.validators, *story.miners]
    validators = len(story.validators)
    for uid, name in enumerate(neurons):
        if uid < validators:
            yield "stake", name, "", int(output.stake_bits[uid]), 1 << 32
            yield "dividends", name, "", int(output.dividends_bits[uid]), 1 << 32
            yield "validator_trust", name, "", int(output.validator_trust_bits[uid]), 1 << 32
            yield "emission", name, "", int(output.validator_emission[uid]), RAO_PER_ALPHA
            for target, bond in output.bonds.row(uid).tolist():
                yield "bond", name, neurons[target], bond, U16_MAX
        else:
            yield "consensus", name, "", int(output.consensus_bits[uid]), 1 << 32
            yield "incentive", name, "", int(output.incentive_bits[uid]), 1 << 32
            yield "emission", name, "", int(output.server_emission[uid]), RAO_PER_ALPHA


def write_csv(target: str, story: Scenario, runs: dict[Variant, list[EpochOutput]]) -> None:
    """Write a line per value: variant, epoch, quantity, neuron, target (of a bond), value."""
    try:
        opened = click.open_file(target, "w", encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{target}: cannot be written: {error.strerror}") from None
    with opened as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["variant", "epoch", "quantity", "neuron", "target", "value"])
        for variant, outputs in runs.items():
            for epoch, output in enumerate(outputs):
                for quantity, neuron, of, value, unit in values(story, output):
                    writer.writerow([variant.value, epoch, quantity, neuron, of, f"{value / unit:.9f}"])


def draw(path: Path, story: Scenario, runs: dict[Variant, list[EpochOutput]]) -> None:
    try:
        from .yuma_plot import draw_picture
    except ImportError as error:
        raise BadInput(f"--plot needs matplotlib ({error}): pip install 'pysubtensor[plot]'") from None
    try:
        draw_picture(story, {VARIANT_NAMES[variant]: outputs for variant, outputs in runs.items()}, path)
    except OSError as error:
        raise BadInput(f"{path}: cannot be written: {error.strerror}") from None
    click.echo(f"Wrote {path}", err=True)


def show_last(story: Scenario, runs: dict[Variant, list[EpochOutput]], as_json: bool) -> None:
    """Print the last epoch of each variant: stake, and the share of dividends or incentive of each neuron."""
    if as_json:
        last = {
            variant.value: [
                {"quantity": quantity, "neuron": neuron, "target": of, "value": value / unit}
                for quantity, neuron, of, value, unit in values(story, outputs[-1])
            ]
            for variant, outputs in runs.items()
        }
        click.echo(json.dumps(last))
        return
    table = Table(title=story.title, caption=f"Shares of the last of {len(next(iter(runs.values())))} epochs.")
    table.add_column("neuron")
    table.add_column("stake %", justify="right")
    for variant in runs:
        table.add_column(f"{VARIANT_NAMES[variant]}\ndividends or\nincentive %", justify="right")
    for uid, name in enumerate([*story.validators, *story.miners]):
        share = "dividends" if uid < len(story.validators) else "incentive"
        first = next(iter(runs.values()))[-1]
        table.add_row(
            name,
            percent(int(first.stake_weight[uid])),
            *(percent(int(getattr(outputs[-1], share)[uid])) for outputs in runs.values()),
        )
    Console().print(table)
