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
#: Columns of a sweep about the whole run.
WHOLE = ("gain TAO", "stake Gini at first", "at the end", "quality paid", "price at the end")
#: Columns of a sweep about each attacker.
OF_ATTACKER = ("emission %", "per stake %")


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


def sweep_header(study: Study) -> list[str]:
    """Return the header of a table of results."""
    paths = [path.removeprefix("parameters.").removeprefix("actors.") for path in study.sweep]
    own = [f"{name}: {what}" for name in attackers(study) for what in OF_ATTACKER]
    return [*paths, *own, *WHOLE]


def sweep_rows(study: Study, results: Sequence[Result]) -> list[list[str]]:
    """Return a row for each result under `sweep_header`."""
    return [_sweep_row(study, result) for result in results]


def _sweep_row(study: Study, result: Result) -> list[str]:
    found = [result.answer_of(name) for name in attackers(study)]
    shares = [percent(share) for answer in found for share in (answer.emission, answer.per_stake)]
    totals = result.totals
    ginis = [f"{part / MILLION:.3f}" for part in totals.stake_gini]
    whole = [f"{result.gain:+,.2f}", *ginis, f"{totals.quality / MILLION:.3f}", f"{totals.price / RAO:.3f}"]
    return [*(str(result.values[path]) for path in study.sweep), *shares, *whole]
