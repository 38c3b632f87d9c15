"""Sentences about results that a subnet owner can act on."""

from __future__ import annotations

from collections.abc import Sequence

from ..answers import Answer, attack_gain
from ..bisection import Interval
from ..reading import Study
from ..sweep import MILLION, Result


def percent(share: float) -> str:
    """Return a proportion as a whole percentage."""
    return f"{100 * share:.0f} %"


def of_experiment(answers: Sequence[Answer]) -> list[str]:
    """Return what the attackers got in one experiment, and what the others lost."""
    attackers = [answer for answer in answers if answer.attacker]
    if not attackers:
        moved = [f"{answer.cast} {percent(answer.stake_began)} to {percent(answer.stake_ended)}" for answer in answers]
        return [
            "There is no attack in this experiment.",
            f"Part of all stake, at first and at the end: {', '.join(moved)}.",
        ]
    gain = attack_gain(answers)
    verdict = "pays" if gain > 0 else "does not pay"
    found = [f"The attack {verdict}: {gain:+,.2f} TAO against honest behaviour with the same means."]
    for answer in attackers:
        found += [_sentence(answer)]
    losers = [answer for answer in answers if not answer.attacker and answer.gain < -0.005]
    if losers:
        lost = ", ".join(f"{answer.cast} {-answer.gain:,.2f} TAO" for answer in losers)
        found.append(f"Lost by the attack: {lost}.")
    return found


def _sentence(answer: Answer) -> str:
    parts = [f"{answer.cast}: {percent(answer.emission)} of all emission"]
    if answer.stake_began:
        parts.append(f"with {percent(answer.stake_began)} of the stake")
    if answer.per_stake is not None:
        parts.append(f"{percent(answer.per_stake)} of an honest validator's dividends for each alpha of stake")
    if answer.return_on_investment is not None:
        parts.append(f"{percent(answer.return_on_investment)} return on {answer.paid:,.2f} TAO spent")
    return ", ".join(parts) + "."


def of_sweep(results: Sequence[Result]) -> list[str]:
    """Return the settings that were best and worst for the subnet, and how often the attack paid."""
    if not results:
        return []
    if not any(answer.attacker for answer in results[0].answers):
        ginis = [result.totals.stake_gini for result in results]
        first, last = max(pair[0] for pair in ginis), [pair[1] for pair in ginis]
        ends = f"between {min(last) / MILLION:.3f} and {max(last) / MILLION:.3f}"
        return [f"The Gini coefficient of stake begins at {first / MILLION:.3f} and ends {ends} in these settings."]
    worst, best = max(results, key=lambda each: each.gain), min(results, key=lambda each: each.gain)
    paying = sum(result.gain > 0 for result in results)
    found = [f"The attack pays in {paying} of {len(results)} settings."]
    for word, result in (("most", worst), ("least", best)):
        earned = "; ".join(_earned(answer) for answer in result.answers if answer.attacker)
        found.append(f"It gains {word} with {setting(result)}: {result.gain:+,.2f} TAO ({earned}).")
    return found


def _earned(answer: Answer) -> str:
    if answer.per_stake is not None:
        return f"{answer.cast} earns {percent(answer.per_stake)} of an honest validator for its stake"
    return f"{answer.cast} gets {percent(answer.emission)} of the emission"


def setting(result: Result) -> str:
    """Return the values of a run as text."""
    return ", ".join(f"{path.removeprefix('parameters.')} = {value}" for path, value in result.values.items())


def of_threshold(study: Study, interval: Interval) -> str:
    """Return a threshold as a sentence."""
    wanted = study.threshold
    return "" if wanted is None else f"By {wanted.path} ({wanted.measure}): {interval}."
