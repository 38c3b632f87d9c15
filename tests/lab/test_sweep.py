"""Sweeps and thresholds: parallel, resumable, the same bytes; and a closed form that the bisection must find."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pysubtensor.lab.bisection import bisect, find_threshold
from pysubtensor.lab.errors import ExperimentError
from pysubtensor.lab.reading import study_of
from pysubtensor.lab.store import Folder, Memory
from pysubtensor.lab.sweep import Runner, as_csv, points, sweep

KAPPA = 39_321
DOCUMENT: dict[str, Any] = {
    "epochs": 3,
    "parameters": {"kappa": KAPPA},
    "evaluation": {"noise": 0.0},
    "actors": [
        {"name": "honest", "strategy": "validator", "stake": 1_000},
        {"name": "cabal", "strategy": "cabal", "attacker": True, "favours": "theirs", "share": 0.3},
        {"name": "theirs", "strategy": "miner", "attacker": True, "quality": 0.0},
        {"name": "miner", "strategy": "miner", "quality": 1.0},
    ],
    "sweep": {"actors.cabal.share": [0.3, 0.7], "seed": [1, 2]},
    "threshold": {
        "path": "actors.cabal.share",
        "low": 0.5,
        "high": 0.7,
        "tolerance": 0.01,
        "measure": "incentive",
    },
}


def test_a_majority_by_kappa_is_found_within_its_interval() -> None:
    """The closed form: weights of the cabal become consensus when its part of the stake reaches kappa."""
    with Runner(Memory()) as runner:
        interval = find_threshold(study_of(DOCUMENT, "kappa"), runner)
    assert interval.below is not None
    assert interval.above is not None
    assert interval.below <= KAPPA / 65_535 <= interval.above
    assert interval.above - interval.below <= 0.01


def test_a_minority_that_can_prevent_any_majority_gains_by_it() -> None:
    """The closed form: above 1 - kappa no honest weight is consensus, and validators are paid by stake."""
    gain = {"path": "actors.cabal.share", "low": 0.3, "high": 0.5, "tolerance": 0.01}
    with Runner(Memory()) as runner:
        interval = find_threshold(study_of({**DOCUMENT, "threshold": gain}, "veto"), runner)
    assert interval.below is not None
    assert interval.above is not None
    assert interval.below <= 1 - KAPPA / 65_535 <= interval.above


def test_an_interrupted_sweep_goes_on_and_gives_the_same_bytes(tmp_path: Path) -> None:
    study, done = study_of(DOCUMENT, "sweep"), list[int]()
    assert points(study)[1] == {"actors.cabal.share": 0.3, "seed": 2}

    def stop() -> None:
        done.append(1)
        if len(done) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), Runner(Folder(tmp_path), on_done=stop) as runner:
        sweep(study, runner)
    kept = sorted(tmp_path.iterdir())
    assert len(kept) == 3
    with Runner(Folder(tmp_path)) as runner:
        again = as_csv(sweep(study, runner))
    with Runner(Memory()) as runner:
        assert again == as_csv(sweep(study, runner))
    assert len(sorted(tmp_path.iterdir())) == 8


def test_processes_give_the_same_bytes() -> None:
    study = study_of({**DOCUMENT, "epochs": 1, "sweep": {"actors.cabal.share": [0.7]}}, "sweep")
    with Runner(Memory(), jobs=2) as parallel, Runner(Memory()) as alone:
        assert as_csv(sweep(study, parallel)) == as_csv(sweep(study, alone))


@pytest.mark.parametrize("step", [0.0, 0.3, 0.999])
def test_bisection_finds_a_step(step: float) -> None:
    interval = bisect(lambda value: 1.0 if value > step else -1.0, 0.0, 1.0, 0.001)
    assert interval.below is not None
    assert interval.above is not None
    assert interval.below <= step <= interval.above
    assert interval.above - interval.below <= 0.001


def test_bisection_says_where_nothing_changes() -> None:
    assert bisect(lambda _: -1.0, 0.0, 1.0, 0.1).above is None
    assert bisect(lambda _: 1.0, 0.0, 1.0, 0.1).below is None
    with pytest.raises(ExperimentError, match="low below high"):
        bisect(lambda _: 1.0, 1.0, 0.0, 0.1)
