"""Bisection: from which value on an attack pays, as an interval."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .answers import attack_gain, attack_incentive
from .errors import ExperimentError
from .reading import Study
from .sweep import Result, Runner

#: What a threshold is about.
MEASURES: dict[str, Callable[[Result], float]] = {
    "gain": lambda result: attack_gain(result.answers),
    "incentive": lambda result: attack_incentive(result.answers),
}


@dataclass(frozen=True, slots=True)
class Interval:
    """The measure is 0 or less at `below`, and above 0 at `above`. None: it is so at none of the values tried."""

    below: float | None
    above: float | None
    #: All values that were tried, with the measure.
    tried: tuple[tuple[float, float], ...]

    def __str__(self) -> str:
        if self.below is None:
            return f"it pays from {self.above:g} on, the least value tried"
        if self.above is None:
            return f"it does not pay up to {self.below:g}, the greatest value tried"
        return f"it begins to pay between {self.below:.4g} and {self.above:.4g}"


def bisect(measure: Callable[[float], float], low: float, high: float, tolerance: float) -> Interval:
    """Return where a measure rises above 0 between `low` and `high`, within `tolerance`.

    It is assumed to do so once. The values that were tried show where it does not.
    """
    if not low < high or tolerance <= 0:
        raise ExperimentError(f"expected low below high and a tolerance above 0, got {low}, {high}, {tolerance}")
    tried = [(low, measure(low))]
    if tried[0][1] > 0:
        return Interval(None, low, tuple(tried))
    tried.append((high, measure(high)))
    if tried[1][1] <= 0:
        return Interval(high, None, tuple(tried))
    while high - low > tolerance:
        middle = (low + high) / 2
        tried.append((middle, measure(middle)))
        low, high = (low, middle) if tried[-1][1] > 0 else (middle, high)
    return Interval(low, high, tuple(sorted(tried)))


def find_threshold(study: Study, runner: Runner) -> Interval:
    """Return from which value of a study's `threshold.path` on its attack pays, the mean over its seeds."""
    wanted = study.threshold
    if wanted is None:
        raise ExperimentError(f"{study.name}: expected a table [threshold] with path, low and high")
    if wanted.measure not in MEASURES:
        raise ExperimentError(f"threshold.measure: expected one of {', '.join(MEASURES)}, got {wanted.measure!r:.60}")
    measure, path, first = MEASURES[wanted.measure], wanted.path, study.experiment.seed
    seeds = range(first, first + wanted.seeds)

    def mean(value: float) -> float:
        results = runner.results(study, [{path: value, "seed": seed} for seed in seeds])
        return sum(map(measure, results)) / len(results)

    return bisect(mean, wanted.low, wanted.high, wanted.tolerance)
