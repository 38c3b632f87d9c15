"""Simulated epochs: the claims of the scenarios that are shipped, and how epochs follow each other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pysubtensor.consensus.yuma import fast, simulate
from pysubtensor.consensus.yuma.scenario import Scenario, from_json
from pysubtensor.consensus.yuma.simulate import Variant, WeightHistory
from pysubtensor.consensus.yuma.types import EpochInput, EpochOutput

from pysubtensor import consensus

FOLDER = Path(str(consensus.__file__)).parent / "yuma" / "scenarios"
ONE = 1 << 32


@cache
def shipped(name: str) -> Scenario:
    return from_json(json.loads((FOLDER / f"{name}.json").read_text()))


@cache
def outputs(name: str, variant: Variant) -> list[EpochOutput]:
    return list(simulate.simulate(shipped(name), variant))


def shares(name: str, variant: Variant, quantity: str, neuron: str) -> list[float]:
    """Return a neuron's share in each epoch, from 0 to 1."""
    scenario = shipped(name)
    uid = [*scenario.validators, *scenario.miners].index(neuron)
    return [int(getattr(output, f"{quantity}_bits")[uid]) / ONE for output in outputs(name, variant)]


@pytest.mark.parametrize("variant", Variant)
def test_a_cabal_earns_only_with_a_majority(variant: Variant) -> None:
    incentive = shares("cabal", variant, "incentive", "their own")
    assert incentive[19] == 0
    assert incentive[20] == pytest.approx(1)


@pytest.mark.parametrize("variant", Variant)
def test_late_copying_earns_less_than_independent_weights_of_equal_stake(variant: Variant) -> None:
    copied, own = (sum(shares("late-copier", variant, "dividends", name)[10:]) for name in ("Kip", "Ada"))
    assert 0 < copied < 0.95 * own


@pytest.mark.parametrize("variant", Variant)
def test_bought_stake_earns_nothing_below_the_majority(variant: Variant) -> None:
    dividends = shares("bought-stake", variant, "dividends", "Max")
    assert dividends[44] == 0
    assert dividends[-1] == pytest.approx(1)


@pytest.mark.parametrize("variant", Variant)
def test_a_swarm_is_paid_as_one_miner_once_a_majority_detects_it(variant: Variant) -> None:
    swarm = [shares("sybil-swarm", variant, "incentive", f"sybil {i:02d}") for i in range(1, 13)]
    assert sum(each[0] for each in swarm) == pytest.approx(0.8, abs=1e-3)
    assert sum(each[-1] for each in swarm) == pytest.approx(0.25, abs=1e-3)


@pytest.mark.parametrize("variant", Variant)
def test_honest_validators_earn_by_their_stake(variant: Variant) -> None:
    assert shares("honest", variant, "dividends", "Ada")[-1] == pytest.approx(0.4, abs=0.01)


def three_epochs(monkeypatch: pytest.MonkeyPatch, variant: Variant, **changes: Any) -> list[EpochInput]:
    """Return the inputs of three epochs of a validator and two miners, and of a copier of the validator."""
    scenario: dict[str, Any] = {
        "epochs": 3,
        "emission": 1_000,
        "validators": [{"name": "Ann", "stake": 3}, {"name": "Cop", "stake": 1}],
        "miners": ["good", "bad"],
        "timeline": [
            {"epoch": 0, "weights": {"Ann": {"bad": 1, "good": 3}}, "copy": {"Cop": {"of": "Ann", "delay": 2}}},
            {"epoch": 1, "stake": {"Ann": 2}, "weights": {"Ann": {"bad": 1}}},
        ],
    }
    seen: list[EpochInput] = []
    epoch = fast.epoch

    def record(inputs: EpochInput) -> EpochOutput:
        seen.append(inputs)
        return epoch(inputs)

    monkeypatch.setattr(fast, "epoch", record)
    assert len(list(simulate.simulate(from_json(scenario | changes), variant))) == 3
    return seen


def test_epochs_are_a_tempo_apart_and_take_the_bonds_and_permits_of_the_last_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second, third = three_epochs(monkeypatch, Variant.YUMA3, parameters={"tempo": 99, "kappa": 5})
    assert [each.current_block for each in (first, second, third)] == [100, 199, 298]
    assert [each.last_mechanism_step_block for each in (first, second, third)] == [0, 100, 199]
    assert second.last_update.tolist() == [199] * 4
    assert (first.tempo, first.kappa, first.rao_emission) == (99, 5, 1_000)
    assert first.validator_permits.tolist() == [True, True, False, False]
    assert first.bonds.to_lists() == [[], [], [], []]
    output = fast.epoch(first)
    assert second.bonds.to_lists() == output.bonds.to_lists() != first.bonds.to_lists()
    assert second.validator_permits.tolist() == output.new_validator_permits.tolist()


def test_stake_and_weights_change_in_their_epochs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Weights are scaled so that the largest is 65535; the copier follows two epochs later."""
    inputs = three_epochs(monkeypatch, Variant.YUMA2)
    assert [each.total_stake for each in inputs] == [
        [3 * 10**9 << 64, 10**9 << 64, 0, 0],
        [2 * 10**9 << 64, 10**9 << 64, 0, 0],
        [2 * 10**9 << 64, 10**9 << 64, 0, 0],
    ]
    weights = [[list(map(tuple, row)) for row in each.weights.to_lists()] for each in inputs]
    early, late = [(2, 65_535), (3, 21_845)], [(3, 65_535)]
    assert weights == [[early, [], [], []], [late, [], [], []], [late, early, [], []]]


@pytest.mark.parametrize(
    ("variant", "flags"),
    [(Variant.YUMA2, (False, False)), (Variant.YUMA3, (True, False)), (Variant.LIQUID, (True, True))],
)
def test_variants_differ_in_two_flags(
    monkeypatch: pytest.MonkeyPatch, variant: Variant, flags: tuple[bool, bool]
) -> None:
    assert {(each.yuma3_on, each.liquid_alpha_on) for each in three_epochs(monkeypatch, variant)} == {flags}


def test_a_copier_of_the_consensus_has_the_consensus_of_former_epochs() -> None:
    scenario = from_json(
        {
            "epochs": 2,
            "validators": [{"name": "Ann", "stake": 3}, {"name": "Cop", "stake": 1}],
            "miners": ["good", "bad"],
            "timeline": [
                {"epoch": 0, "weights": {"Ann": {"good": 1}}, "copy": {"Cop": {"of": "consensus", "delay": 1}}}
            ],
        }
    )
    history, (output, _) = WeightHistory(scenario), _outputs(scenario)
    assert history.weights_of(0).to_lists()[1] == []
    history.record_consensus(output.consensus)
    assert [tuple(entry) for entry in history.weights_of(1).to_lists()[1]] == [(2, 65_535)]
    assert np.flatnonzero(output.consensus).tolist() == [2]


def _outputs(scenario: Scenario) -> Iterator[EpochOutput]:
    return simulate.simulate(scenario, Variant.YUMA2)
