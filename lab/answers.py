"""Answers from totals of records: what an attacker earned for what it paid, and what honest actors lost by it.

The same experiment is run with the honest strategy in the place of the attack (`honest_version`). An attacker that
has none would have stayed away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .experiment import Experiment
from .strategies import honest_twin
from .totals import CastTotals, Totals

RAO = 10**9


def honest_version(experiment: Experiment) -> Experiment:
    """Return the experiment with honest strategies in the place of the attackers', without those that have none."""
    casts = [honest_twin(cast) if cast.attacker else cast for cast in experiment.actors]
    return experiment.with_casts(tuple(cast for cast in casts if cast is not None))


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
    #: Its part of the incentive of all epochs.
    incentive: float
    #: TAO gained, all sold at the end (the price falls by it), and without the attack.
    profit: float
    profit_honest: float
    #: TAO spent on registrations, stake, rent and fees.
    paid: float
    #: Dividends for each alpha of stake, as a part of those of the honest validators; None for casts without stake.
    per_stake: float | None
    #: Whether it began without stake, so that all that it has was paid for.
    from_nothing: bool

    @property
    def gain(self) -> float:
        """TAO that the cast has more than without the attack."""
        return self.profit - self.profit_honest

    @property
    def return_on_investment(self) -> float | None:
        """Profit for each TAO spent; None if nothing was spent, or if it had stake from the beginning."""
        return self.profit / self.paid if self.paid > 0 and self.from_nothing else None

    @property
    def pays(self) -> bool:
        """Whether the cast has more than without the attack."""
        return self.gain > 0


def answers(experiment: Experiment, found: Totals, honest: Totals) -> list[Answer]:
    """Return what each cast got, from the totals of an experiment and of its honest version."""
    return [_answer(experiment, cast.name, cast.attacker, found, honest) for cast in experiment.actors]


def _answer(experiment: Experiment, name: str, attacker: bool, found: Totals, honest: Totals) -> Answer:
    mine, before = found.casts[name], honest.casts.get(name)
    rate, usual = _dividend_rate(mine), _dividend_rate(_honest_validators(experiment, found))
    return Answer(
        name,
        attacker,
        _share(found, name, "alpha_began"),
        _share(found, name, "alpha_ended"),
        _share(found, name, "emission"),
        _share(honest, name, "emission"),
        _share(found, name, "incentive"),
        mine.profit / RAO,
        before.profit / RAO if before else 0.0,
        mine.paid / RAO,
        None if rate is None or not usual else rate / usual,
        not experiment.stakes()[name],
    )


def _honest_validators(experiment: Experiment, found: Totals) -> CastTotals | None:
    """Return the totals of the first cast of honest validators, None if there is none."""
    names = [cast.name for cast in experiment.actors if cast.strategy == "validator" and not cast.attacker]
    return found.casts[names[0]] if names else None


def _dividend_rate(cast: CastTotals | None) -> float | None:
    """Return the dividends for each alpha of stake, None without stake, or for miners."""
    return cast.dividends / cast.alpha if cast and cast.alpha_began and cast.alpha and cast.dividends else None


def _share(found: Totals, name: str, column: str) -> float:
    """Return the part of a cast in a column of all casts."""
    whole = sum(getattr(cast, column) for cast in found.casts.values())
    return getattr(found.casts[name], column) / whole if whole and name in found.casts else 0.0


def attack_gain(found: Sequence[Answer]) -> float:
    """Return the TAO that all attackers together have more than without the attack."""
    return sum(answer.gain for answer in found if answer.attacker)


def attack_incentive(found: Sequence[Answer]) -> float:
    """Return the part of all incentive that the miners of all attackers got."""
    return sum(answer.incentive for answer in found if answer.attacker)
