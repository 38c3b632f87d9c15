"""Sweeps: all combinations of values, each run with and without the attack, in parallel processes."""

from __future__ import annotations

import itertools
import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from typing import Any

from .answers import Answer, answers, attack_gain, honest_version
from .errors import ExperimentError
from .experiment import Experiment
from .reading import MAX_RUNS, Study
from .record import csv_text
from .run import run
from .store import Store, digest
from .totals import Totals, totals

#: The columns of a table of results, after the values: of each cast, and of the run.
CAST_COLUMNS = (
    "cast",
    "attacker",
    "stake_began",
    "stake_ended",
    "emission",
    "emission_honest",
    "incentive",
    "per_stake",
    "paid",
    "profit",
    "gain",
    "return_on_investment",
)
RUN_COLUMNS = ("stake_gini_began", "stake_gini_ended", "stake_top10_began", "stake_top10_ended", "quality")
MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Result:
    """A run of a sweep: its values by path, and what came of it."""

    values: Mapping[str, Any]
    answers: tuple[Answer, ...]
    totals: Totals
    honest: Totals

    @property
    def gain(self) -> float:
        """TAO that all attackers have more than without the attack."""
        return attack_gain(self.answers)

    def answer_of(self, cast: str) -> Answer:
        """Return the answer of a cast."""
        return next(answer for answer in self.answers if answer.cast == cast)


def points(study: Study) -> list[dict[str, Any]]:
    """Return the values of each run, in their order: the last path varies first."""
    count = 1
    for values in study.sweep.values():
        count *= len(values)
    if count > MAX_RUNS:
        raise ExperimentError(f"sweep: expected at most {MAX_RUNS} combinations, got {count}")
    return [dict(zip(study.sweep, values, strict=True)) for values in itertools.product(*study.sweep.values())]


def experiments_of(study: Study, values: Iterable[Mapping[str, Any]]) -> list[Experiment]:
    """Return the different experiments that runs with these values need."""
    needed = {}
    for each in values:
        experiment = study.experiment_with(each)
        for version in (experiment, honest_version(experiment)):
            needed[digest(version)] = version
    return list(needed.values())


def play(experiment: Experiment) -> Totals:
    """Run an experiment and return its totals."""
    return totals(run(experiment))


class Runner:
    """Runs experiments that the store does not have, in `jobs` processes; what is done is kept at once.

    It is a context manager: the processes end with it. `on_done` is called after each experiment.
    """

    def __init__(self, store: Store, jobs: int = 1, on_done: Callable[[], None] | None = None) -> None:
        self._store, self._jobs, self._on_done = store, jobs, on_done
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Runner:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def run(self, experiments: Sequence[Experiment]) -> None:
        """Run the experiments whose totals are not kept yet."""
        for experiment, found in self._play([each for each in experiments if self._store.get(each) is None]):
            self._store.put(experiment, found)
            if self._on_done is not None:
                self._on_done()

    def _play(self, missing: Sequence[Experiment]) -> Iterator[tuple[Experiment, Totals]]:
        if self._jobs <= 1 or len(missing) <= 1:
            for experiment in missing:
                yield experiment, play(experiment)
            return
        if self._pool is None:
            # Fresh processes: a copy of this one would have the locks of its threads.
            self._pool = ProcessPoolExecutor(self._jobs, mp_context=multiprocessing.get_context("spawn"))
        waiting = {self._pool.submit(play, experiment): experiment for experiment in missing}
        for done in as_completed(waiting):
            yield waiting[done], done.result()

    def results(self, study: Study, values: Sequence[Mapping[str, Any]]) -> list[Result]:
        """Return the results of runs with these values, in their order."""
        self.run(experiments_of(study, values))
        return [self._result(study, each) for each in values]

    def _result(self, study: Study, values: Mapping[str, Any]) -> Result:
        experiment = study.experiment_with(values)
        found, honest = self._store.get(experiment), self._store.get(honest_version(experiment))
        if found is None or honest is None:
            raise ExperimentError(f"expected totals of {study.name}, got none")
        return Result(dict(values), tuple(answers(experiment, found, honest)), found, honest)


def sweep(study: Study, runner: Runner) -> list[Result]:
    """Run all combinations of a study's values, as far as they are not kept, and return all results."""
    return runner.results(study, points(study))


def as_csv(results: Sequence[Result]) -> str:
    """Return results as CSV: a line for each cast of each run. Equal sweeps give equal bytes."""
    paths = list(results[0].values) if results else []
    rows = (
        [
            number,
            *(result.values[path] for path in paths),
            *(_cell(getattr(answer, column)) for column in CAST_COLUMNS),
            *_run_cells(result.totals),
        ]
        for number, result in enumerate(results)
        for answer in result.answers
    )
    return csv_text(["run", *paths, *CAST_COLUMNS, *RUN_COLUMNS], rows)


def _run_cells(found: Totals) -> list[str]:
    parts = (*found.stake_gini, *found.stake_top10, found.quality)
    return [f"{part / MILLION:.6f}" for part in parts]


def _cell(value: Any) -> Any:
    return f"{value:.9f}" if isinstance(value, float) else "" if value is None else value
