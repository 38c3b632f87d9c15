"""Answers from records: what an attacker earned for what it paid, and what honest actors lost by it.

The same experiment is run with the honest strategy in the place of the attack (`honest_version`). An attacker that
has none would have stayed away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .experiment import Experiment
from .record import CastRow, Record
from .strategies import honest_twin

RAO = 10**9


def honest_version(experiment: Experiment) -> Experiment:
    """Return the experiment with honest strategies in the place of the attackers', without those that have none."""
    casts = []
    for cast in experiment.actors:
        twin = honest_twin(cast) if cast.attacker else cast.strategy
        if twin:
            casts.append(replace(cast, strategy=twin, options={} if cast.attacker else cast.options))
    return experiment.with_casts(tuple(casts))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a cast got in an experiment, and what it would have got without the attack. TAO and alpha, not rao."""

    cast: str
    attacker: bool
    #: Its part of all stake at the beginning and at the end.
    stake_began: float
    stake_ended: float
    #: Its part of the emission of all epochs, and without the attack.
    emission: float
    emission_honest: float
    #: TAO gained, all sold at the end (the price falls by it), and without the attack.
    profit: float
    profit_honest: float
    #: TAO spent on registrations, stake, rent and fees.
    paid: float
    #: Dividends for each alpha of stake, as a part of those of the honest validators; None for casts without stake.
    per_stake: float | None

    @property
    def gain(self) -> float:
        """TAO that the cast has more than without the attack."""
        return self.profit - self.profit_honest

    @property
    def return_on_investment(self) -> float | None:
        """Profit for each TAO spent, None if nothing was spent."""
        return self.profit / self.paid if self.paid > 0 else None

    @property
    def pays(self) -> bool:
        """Whether the cast has more than without the attack."""
        return self.gain > 0


def answers(experiment: Experiment, record: Record, honest: Record) -> list[Answer]:
    """Return what each cast got, from the records of an experiment and of its honest version."""
    return [_answer(experiment, cast.name, cast.attacker, record, honest) for cast in experiment.actors]


def _answer(experiment: Experiment, name: str, attacker: bool, record: Record, honest: Record) -> Answer:
    rows, closing = record.rows_of(name), record.closing_of(name)
    before = [each for each in honest.closing if each.cast == name]
    rate, usual = dividend_rate(rows), dividend_rate(_honest_validators(experiment, record))
    return Answer(
        name,
        attacker,
        _share([rows[0]], [row for row in record.casts if row.epoch == 0], "alpha"),
        _share([rows[-1]], [row for row in record.casts if row.epoch == rows[-1].epoch], "alpha"),
        _share(rows, record.casts, "emission"),
        _share(honest.rows_of(name), honest.casts, "emission"),
        closing.profit / RAO,
        before[0].profit / RAO if before else 0.0,
        closing.paid / RAO,
        None if rate is None or not usual else rate / usual,
    )


def _honest_validators(experiment: Experiment, record: Record) -> list[CastRow]:
    """Return the rows of the honest validators; of all casts if there are none."""
    names = {cast.name for cast in experiment.actors if cast.strategy == "validator" and not cast.attacker}
    return [row for row in record.casts if row.cast in names or not names]


def dividend_rate(rows: Sequence[CastRow]) -> float | None:
    """Return the dividends of some rows for each alpha of stake, None without dividends or stake."""
    stake, dividends = sum(row.alpha for row in rows), sum(row.dividends for row in rows)
    return dividends / stake if stake and dividends else None


def _share(part: Sequence[CastRow], whole: Sequence[CastRow], column: str) -> float:
    total = sum(getattr(row, column) for row in whole)
    return sum(getattr(row, column) for row in part) / total if total else 0.0


def attack_gain(found: Sequence[Answer]) -> float:
    """Return the TAO that all attackers together have more than without the attack."""
    return sum(answer.gain for answer in found if answer.attacker)
