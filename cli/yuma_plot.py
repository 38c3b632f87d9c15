"""The picture of a simulated subnet: a column for each variant of Yuma, a row for each quantity."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from ..consensus.yuma.scenario import Scenario
from ..consensus.yuma.simulate import RAO_PER_ALPHA
from ..consensus.yuma.types import EpochOutput

#: Colours that stay apart in print and for colour-blind eyes (Okabe and Ito), validators first, then miners.
VALIDATOR_COLOURS = ["#0072B2", "#56B4E9", "#009E73", "#D55E00", "#CC79A7", "#7A5195", "#5C5C5C"]
MINER_COLOURS = ["#F0E442", "#E69F00", "#8CBF4F", "#9E6B4A", "#C9B6E4", "#B9B9B9", "#6FA8A8"]
INK = "#333333"
Series = NDArray[np.float64]


class Group:
    """Miners that are drawn as one. If there are many miners, those whose names differ only in a number at the end."""

    def __init__(self, name: str, uids: list[int]) -> None:
        self.name = name if len(uids) == 1 else f"{name} ({len(uids)})"
        self.uids = uids


def groups_of(story: Scenario) -> list[Group]:
    first = len(story.validators)
    if len(story.miners) <= len(MINER_COLOURS):
        return [Group(name, [first + j]) for j, name in enumerate(story.miners)]
    members: dict[str, list[int]] = {}
    for j, name in enumerate(story.miners):
        members.setdefault(re.sub(r"[\s_-]*\d+$", "", name) or name, []).append(first + j)
    return [Group(name, uids) for name, uids in members.items()]


def draw_picture(story: Scenario, runs: dict[str, list[EpochOutput]], path: Path) -> None:
    """Draw all runs (by the name of their variant) into a .png or .svg file."""
    groups = groups_of(story)
    figure = Figure(figsize=(2.4 + 3.9 * len(runs), 11.6), dpi=110, facecolor="white")
    axes = figure.subplots(4, len(runs), sharex=True, sharey="row", squeeze=False)
    for column, (name, outputs) in enumerate(runs.items()):
        axes[0][column].set_title(name, fontsize=12, fontweight="bold", color=INK, pad=26)
        draw_incentive(axes[0][column], outputs, groups)
        draw_dividends(axes[1][column], story, outputs)
        draw_bonds(axes[2][column], story, outputs)
        draw_emission(axes[3][column], story, outputs)
    for row in (1, 2):  # the plots of a row share their scale, the largest of their maxima
        top = max(float(np.max(line.get_ydata())) for axis in axes[row] for line in axis.lines)
        axes[row][0].set_ylim(0, 1.06 * top or 1)
    epochs = len(next(iter(runs.values())))
    for row, line in enumerate(axes):
        for axis in line:
            draw_frame(axis, story, epochs, labels=row == 0)
    for axis in axes[-1]:
        axis.set_xlabel("epoch", color=INK)
        axis.xaxis.set_major_locator(MaxNLocator(integer=True))
    captions = [
        "Incentive\nshare of all miners",
        "Dividends\nshare of all validators\n(dotted: share of stake)",
        f"Bonds in “{story.miners[story.focus]}”\nas stored, of 1",
        "Emission so far\nfor each alpha staked,\naverage = 1",
    ]
    for row, caption in enumerate(captions):
        axes[row][0].set_ylabel(caption, color=INK, fontsize=10)
    draw_legends(figure, story, groups)
    width, height = figure.get_size_inches()
    top = 1 - (draw_heading(figure, story) + 0.7) / height
    figure.subplots_adjust(left=1.45 / width, right=0.985, top=top, bottom=1.1 / height, hspace=0.14, wspace=0.07)
    figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)


def table_of(outputs: Sequence[EpochOutput], field: Callable[[EpochOutput], Any]) -> Series:
    """Return an array of a field's values, epochs by uids."""
    return np.array([np.asarray(field(output), np.float64) for output in outputs])


def draw_incentive(axis: Axes, outputs: list[EpochOutput], groups: list[Group]) -> None:
    shares = table_of(outputs, lambda output: output.incentive_bits) / 2**32
    stacked = [shares[:, group.uids].sum(axis=1) for group in groups]
    colours = [MINER_COLOURS[i % len(MINER_COLOURS)] for i in range(len(groups))]
    axis.stackplot(range(len(outputs)), stacked, colors=colours, edgecolor="white", linewidth=0.6)
    axis.set_ylim(0, 1)
    axis.yaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f} %")


def draw_validator_lines(axis: Axes, story: Scenario, table: Series, style: str = "-") -> None:
    """Draw a line per validator; earlier ones are wider, so that lines on top of each other stay visible."""

    def width(i: int) -> float:
        return 1.1 if style == ":" else 1.6 + 1.2 * (len(story.validators) - 1 - i) / max(1, len(story.validators) - 1)

    for i in range(len(story.validators)):
        axis.plot(table[:, i], color=VALIDATOR_COLOURS[i % len(VALIDATOR_COLOURS)], linewidth=width(i), linestyle=style)


def draw_dividends(axis: Axes, story: Scenario, outputs: list[EpochOutput]) -> None:
    draw_validator_lines(axis, story, table_of(outputs, lambda o: o.stake_bits) / 2**32, style=":")
    draw_validator_lines(axis, story, table_of(outputs, lambda o: o.dividends_bits) / 2**32)
    axis.yaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f} %")


def draw_bonds(axis: Axes, story: Scenario, outputs: list[EpochOutput]) -> None:
    target = len(story.validators) + story.focus

    def bond(output: EpochOutput) -> list[float]:
        rows = [dict(output.bonds.row(i).tolist()) for i in range(len(story.validators))]
        return [row.get(target, 0) / 65535 for row in rows]

    draw_validator_lines(axis, story, table_of(outputs, bond))


def draw_emission(axis: Axes, story: Scenario, outputs: list[EpochOutput]) -> None:
    """Draw the emission per stake since the first epoch, relative to that of all validators together."""
    count = len(story.validators)
    earned = table_of(outputs, lambda o: o.validator_emission[:count]).cumsum(axis=0) / RAO_PER_ALPHA
    staked = table_of(outputs, lambda o: o.stake_bits[:count]).cumsum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = earned / staked / (earned.sum(axis=1) / staked.sum(axis=1))[:, None]
    axis.axhline(1, color="#999999", linewidth=0.8)
    draw_validator_lines(axis, story, relative)


def draw_frame(axis: Axes, story: Scenario, epochs: int, *, labels: bool) -> None:
    """Draw frame, grid and the events of the scenario."""
    for side in ("top", "right"):
        axis.spines[side].set_visible(False)
    axis.grid(axis="y", color="#e4e4e4", linewidth=0.7)
    axis.set_axisbelow(True)
    axis.tick_params(colors=INK, labelsize=9)
    axis.set_xlim(0, max(1, epochs - 1))
    for change in story.timeline:
        if change.label and change.epoch < epochs:
            axis.axvline(change.epoch, color=INK, linewidth=0.8, linestyle=(0, (4, 3)))
            if labels:
                axis.annotate(
                    change.label,
                    (change.epoch, 1.0),
                    xycoords=("data", "axes fraction"),
                    xytext=(0, 4),
                    textcoords="offset points",
                    ha="center",
                    va="bottom",
                    fontsize=7.5,
                    color=INK,
                )


def draw_heading(figure: Figure, story: Scenario) -> float:
    """Draw title and description, and return their height in inches."""
    width, height = figure.get_size_inches()
    lines = textwrap.wrap(story.description, int(width * 11))
    figure.text(0.2 / width, 1 - 0.28 / height, story.title, fontsize=17, fontweight="bold", color=INK, va="top")
    figure.text(0.2 / width, 1 - 0.64 / height, "\n".join(lines), fontsize=10.5, color=INK, va="top", linespacing=1.4)
    return 0.64 + 0.21 * len(lines)


def draw_legends(figure: Figure, story: Scenario, groups: list[Group]) -> None:
    validators = [
        Line2D([], [], color=VALIDATOR_COLOURS[i % len(VALIDATOR_COLOURS)], linewidth=2.5, label=name)
        for i, name in enumerate(story.validators)
    ]
    miners = [
        Patch(facecolor=MINER_COLOURS[i % len(MINER_COLOURS)], label=group.name) for i, group in enumerate(groups)
    ]
    width, height = figure.get_size_inches()
    for handles, title, bottom in ((miners, "Miners", 0.5), (validators, "Validators", 0.2)):
        figure.text(0.2 / width, bottom / height, title, fontsize=10, fontweight="bold", color=INK, va="center")
        figure.legend(
            handles=handles,
            loc="center left",
            bbox_to_anchor=(1.05 / width, bottom / height),
            ncols=len(handles),
            frameon=False,
            fontsize=9.5,
            labelcolor=INK,
            handlelength=1.4,
            columnspacing=1.6,
        )
