"""Pictures of records, sweeps and thresholds, as PNG."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

import matplotlib
from matplotlib.figure import Figure

from ..bisection import Interval
from ..record import CastRow, Record, SubnetRow
from ..sweep import Result
from .findings import setting

matplotlib.use("Agg")
SIZE, DPI = (8.0, 4.2), 110
MILLION, RAO = 1_000_000, 10**9
#: The most bars of a picture of a sweep.
MOST_BARS = 60


def png(figure: Figure) -> bytes:
    """Return a figure as PNG, without the time and the versions of programs."""
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=DPI, metadata={"Software": None})
    return out.getvalue()


def new_figure(title: str, across: str, up: str) -> tuple[Figure, Any]:
    """Return a figure with one set of axes."""
    figure = Figure(figsize=SIZE, layout="constrained")
    axes = figure.add_subplot()
    axes.set(title=title, xlabel=across, ylabel=up)
    axes.grid(alpha=0.3)
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def earnings(record: Record, honest: Record) -> bytes:
    """Draw what each cast has earned so far, with the attack (solid) and without it (dashed)."""
    figure, axes = new_figure("Alpha paid so far, with the attack and without it (dashed)", "epoch", "alpha")
    for number, closing in enumerate(record.closing):
        colour = f"C{number % 10}"
        for each, style in ((record, "-"), (honest, "--")):
            rows = each.rows_of(closing.cast)
            line = summed(rows, lambda row: row.emission / RAO)
            axes.plot(line, style, color=colour, label=closing.cast if each is record else None, linewidth=1.6)
    axes.legend(frameon=False)
    return png(figure)


def summed(rows: Sequence[CastRow], value: Callable[[CastRow], float]) -> list[float]:
    """Return the running sum of a value of some rows."""
    found, total = [], 0.0
    for row in rows:
        total += value(row)
        found.append(total)
    return found


def concentration(record: Record) -> bytes:
    """Draw the Gini coefficient and the part of the ten largest, of stake and of incentive."""
    figure, axes = new_figure("Concentration", "epoch", "0: even, 1: all has one")
    lines: list[tuple[str, Callable[[SubnetRow], int]]] = [
        ("stake, Gini", lambda row: row.stake_gini),
        ("stake of the ten largest", lambda row: row.stake_top10),
        ("incentive, Gini", lambda row: row.incentive_gini),
        ("quality that is paid", lambda row: row.quality),
    ]
    for label, value in lines:
        axes.plot([value(row) / MILLION for row in record.subnet], label=label)
    axes.set_ylim(0, 1.02)
    axes.legend(frameon=False)
    return png(figure)


def market(record: Record) -> bytes:
    """Draw the price of alpha and of a registration."""
    figure, axes = new_figure("Prices", "epoch", "TAO for an alpha")
    axes.plot([row.price / RAO for row in record.subnet], color="C0", label="alpha")
    right = axes.twinx()
    right.plot([row.burn / RAO for row in record.subnet], color="C1", label="registration")
    right.set_ylabel("TAO for a registration")
    right.spines["top"].set_visible(False)
    figure.legend(frameon=False, loc="outside lower center", ncols=2)
    return png(figure)


def swept(results: Sequence[Result]) -> bytes:
    """Draw the gain of the attack in each run of a sweep."""
    shown = results[:MOST_BARS]
    figure, axes = new_figure("What the attack gains against honest behaviour", "TAO", "")
    figure.set_size_inches(SIZE[0], max(2.5, 0.28 * len(shown) + 1.2))
    gains = [result.gain for result in shown]
    axes.barh(range(len(shown)), gains, color=["C3" if gain > 0 else "C0" for gain in gains])
    axes.set_yticks(range(len(shown)), [setting(result) for result in shown], fontsize=8)
    axes.invert_yaxis()
    axes.axvline(0.0, color="black", linewidth=0.8)
    return png(figure)


def threshold(interval: Interval, path: str, measure: str) -> bytes:
    """Draw the measure at all values that were tried, with the interval in which it becomes positive."""
    figure, axes = new_figure("From where on the attack pays", path, measure)
    values, measures = zip(*interval.tried, strict=True)
    axes.plot(values, measures, "o-", color="C0")
    axes.axhline(0.0, color="black", linewidth=0.8)
    if interval.below is not None and interval.above is not None:
        axes.axvspan(interval.below, interval.above, color="C3", alpha=0.3)
    return png(figure)
