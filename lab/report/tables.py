"""The tables of reports, as text in cells."""

from __future__ import annotations

from collections.abc import Sequence

from ..answers import RAO, Answer
from ..reading import Study
from ..sweep import MILLION, Result

HEADER = (
    "actors",
    "stake %",
    "emission %",
    "without attack %",
    "per stake %",
    "paid TAO",
    "profit TAO",
    "more than honestly",
)


def row(answer: Answer) -> list[str]:
    """Return the cells of an actor under `HEADER`."""
    shares = (answer.stake_began, answer.emission, answer.emission_honest, answer.per_stake)
    amounts = (answer.paid, answer.profit, answer.gain)
    name = f"{answer.cast} (attack)" if answer.attacker else answer.cast
    return [name, *map(percent, shares), *(f"{amount:,.2f}" for amount in amounts)]


def percent(share: float | None) -> str:
    """Return a proportion as a percentage with one decimal."""
    return "-" if share is None else f"{100 * share:.1f}"


def attackers(study: Study) -> list[str]:
    """Return the names of the casts that attack."""
    return [cast.name for cast in study.experiment.actors if cast.attacker]


def sweep_table(study: Study, results: Sequence[Result]) -> tuple[list[str], list[list[str]]]:
    """Return header and rows of a table of results; columns without any value are left out."""
    columns = {path.removeprefix("parameters.").removeprefix("actors."): _values(path, results) for path in study.sweep}
    for name in attackers(study):
        found = [result.answer_of(name) for result in results]
        columns[f"{name}: emission %"] = [percent(answer.emission) for answer in found]
        columns[f"{name}: per stake %"] = [percent(answer.per_stake) for answer in found]
    if attackers(study):
        columns["gain TAO"] = [f"{result.gain:+,.2f}" for result in results]
    totals = [result.totals for result in results]
    columns["stake Gini at first"] = [f"{each.stake_gini[0] / MILLION:.3f}" for each in totals]
    columns["at the end"] = [f"{each.stake_gini[1] / MILLION:.3f}" for each in totals]
    columns["quality paid"] = [f"{each.quality / MILLION:.3f}" for each in totals]
    columns["price at the end"] = [f"{each.price / RAO:.3f}" for each in totals]
    shown = {name: cells for name, cells in columns.items() if set(cells) != {"-"}}
    return list(shown), [list(row) for row in zip(*shown.values(), strict=True)]


def _values(path: str, results: Sequence[Result]) -> list[str]:
    return [str(result.values[path]) for result in results]
