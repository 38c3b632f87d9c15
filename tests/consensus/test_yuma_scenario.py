"""Scenarios as JSON and as tables: what is invalid is refused with its place, and what is valid is read."""

from __future__ import annotations

from typing import Any

import pytest
from pysubtensor.consensus.yuma.scenario import EMISSION, Change, Copy, Scenario, from_csv, from_json
from pysubtensor.consensus.yuma.types import InvalidInput

Damage = tuple[Any, str]


def scenario() -> dict[str, Any]:
    return {
        "epochs": 2,
        "validators": [{"name": "Ann", "stake": 10}, {"name": "Bob", "stake": 5}],
        "miners": ["good", "bad"],
        "timeline": [{"epoch": 0, "weights": {"Ann": {"good": 1}, "Bob": {"good": 2, "bad": 1}}}],
    }


def rows(table: str) -> list[list[str]]:
    return [line.split(",") for line in table.splitlines()]


MISTAKES: list[Damage] = [
    (lambda s: s.pop("epochs"), "epochs: missing"),
    (lambda s: s.update(epochs=0), "epochs: expected 1 to 10000, got 0"),
    (lambda s: s.update(validators=[]), "validators: expected at least one"),
    (lambda s: s.update(kapa=1), "kapa: unknown; expected one of title"),
    (lambda s: s.update(parameters={"kappa": 70000}), "parameters.kappa: expected 0 to 65535, got 70000"),
    (lambda s: s["miners"].append("good"), "expected each name once, got 'good' 2 times"),
    (lambda s: s["validators"][0].update(stake=-1), "validators[0].stake: expected 0 to 21000000, got -1"),
    (lambda s: s["validators"][0].pop("stake"), "validators[0].stake: missing"),
    (lambda s: s["timeline"][0].pop("epoch"), "timeline[0].epoch: missing"),
    (lambda s: s.update(epochs=10_001), "epochs: expected 1 to 10000, got 10001"),
    (lambda s: s.update(miners=[]), "miners: expected at least one"),
    (lambda s: s.pop("miners"), "miners: missing"),
    (lambda s: s.update(title=5), "title: expected text, got 5"),
    (lambda s: s.update(emission=-1), "emission: expected 0 to 18446744073709551615, got -1"),
    (lambda s: s.update(emission=1 << 64), "emission: expected 0 to 18446744073709551615, got"),
    (lambda s: s.update(focus="Ann"), "focus: expected the name of a miner, got 'Ann'"),
    (lambda s: s.update(parameters={"rho": 5}), "parameters.rho: unknown; expected one of kappa, bonds_penalty"),
    (lambda s: s["validators"][0].update(name=7), "validators[0].name: expected text, got 7"),
    (lambda s: s["validators"][1].update(stake=21_000_001), "validators[1].stake: expected 0 to 21000000"),
    (lambda s: s["timeline"].append(5), "timeline[1]: expected an object, got 5"),
    (lambda s: s["timeline"][0].update(epoch=10_001), "timeline[0].epoch: expected 0 to 10000, got 10001"),
    (lambda s: s["timeline"][0].update(weight={}), "timeline[0].weight: unknown; expected one of epoch, label"),
    (lambda s: s["timeline"][0].update(stake={"Ann": -1}), "timeline[0].stake.Ann: expected 0 to 21000000, got -1"),
    (lambda s: s["timeline"][0].update(stake={"Ann": 21_000_001}), "timeline[0].stake.Ann: expected 0 to 21000000"),
    (lambda s: s["timeline"][0].update(stake={"Al": 1}), "timeline[0].stake: expected the name of a validator"),
    (lambda s: s["timeline"][0]["weights"]["Ann"].update(good=-1), "timeline[0].weights.Ann.good: expected 0 to 65535"),
    (lambda s: s["timeline"][0]["weights"]["Ann"].update(good=65_536), "timeline[0].weights.Ann.good: expected 0 to"),
    (lambda s: s["timeline"][0].update(copy={"Ann": {}}), "timeline[0].copy.Ann.of: missing"),
    (lambda s: s["timeline"][0].update(copy={"Ann": {"of": "Eve"}}), "timeline[0].copy.Ann.of: expected the name of a"),
    (lambda s: s["timeline"][0].update(copy={"Eve": {"of": "Bob"}}), "timeline[0].copy: expected the name of a"),
    (lambda s: s["timeline"][0].update(copy={"Ann": {"of": "Bob", "by": 1}}), "timeline[0].copy.Ann.by: unknown"),
    (
        lambda s: s["timeline"][0].update(copy={"Ann": {"of": "Bob", "delay": 10_001}}),
        "timeline[0].copy.Ann.delay: expected 1 to 10000, got 10001",
    ),
    (
        lambda s: s["timeline"][0]["weights"].update(Eve={}),
        "timeline[0].weights: expected the name of a validator, got 'Eve'",
    ),
    (
        lambda s: s["timeline"][0]["weights"]["Ann"].update(ugly=1),
        "timeline[0].weights.Ann: expected the name of a miner, got 'ugly'",
    ),
    (
        lambda s: s["timeline"][0]["weights"]["Ann"].update(good="x"),
        "timeline[0].weights.Ann.good: expected an integer, got 'x'",
    ),
    (
        lambda s: s["timeline"][0].update(copy={"Ann": {"of": "Bob", "delay": 0}}),
        "timeline[0].copy.Ann.delay: expected 1 to 10000, got 0",
    ),
]


@pytest.mark.parametrize(("mistake", "message"), MISTAKES, ids=[message for _, message in MISTAKES])
def test_an_invalid_scenario_is_refused_with_its_path(mistake: Any, message: str) -> None:
    story = scenario()
    mistake(story)
    with pytest.raises(InvalidInput) as refusal:
        from_json(story)
    assert str(refusal.value).startswith(message)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("", "line 1: expected the columns epoch, validator, stake"),
        ("epoch,validator,stake\n", "line 1: expected the columns epoch, validator, stake"),
        ("epoch,validator,stake,m\n0,A,1\n", "line 2: expected 4 columns, got 3"),
        ("epoch,validator,stake,m\n0,A,1,x\n", "line 2: m: expected a whole number, got 'x'"),
        ("epoch,validator,stake,m\n-1,A,1,1\n", "line 2: epoch: expected a whole number, got '-1'"),
        ("epoch,validator,stakes,m\n", "line 1: expected the columns epoch, validator, stake"),
        ("epoch,validator,stake,m\n0,A,1,1\n0,A,1,1,1\n", "line 3: expected 4 columns, got 5"),
        ("epoch,validator,stake,m\n0,A,1,1\n0,A,x,1\n", "line 3: stake: expected a whole number, got 'x'"),
        ("epoch,validator,stake,m\n", "validators: expected at least one"),
    ],
)
def test_an_invalid_table_is_refused_with_its_line(table: str, message: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        from_csv(rows(table), "a table")
    assert str(refusal.value).startswith(message)


def test_a_scenario_has_defaults() -> None:
    """The emission of 360 blocks of one alpha, less 18 %."""
    weights = {0: {0: 1}, 1: {0: 2, 1: 1}}
    assert EMISSION == 360 * 10**9 * 82 // 100
    assert from_json(scenario()) == Scenario(
        title="Scenario",
        description="",
        epochs=2,
        validators=("Ann", "Bob"),
        miners=("good", "bad"),
        timeline=(Change(0, stakes={0: 10, 1: 5}), Change(0, weights=weights)),
        parameters={},
        emission=EMISSION,
        focus=0,
    )


def test_everything_that_a_scenario_may_say_is_read() -> None:
    story = scenario() | {
        "title": "A",
        "description": "B",
        "emission": 0,
        "focus": "bad",
        "parameters": {"kappa": 65_535},
    }
    story["epochs"] = 10_000
    story["timeline"] += [
        {"epoch": 10_000, "label": "late", "stake": {"Bob": 21_000_000}},
        {"epoch": 1, "copy": {"Ann": {"of": "Bob"}, "Bob": {"of": "consensus", "delay": 10_000}}},
        {"epoch": 1, "weights": {"Ann": {"bad": 65_535}}},
    ]
    read = from_json(story)
    assert (read.title, read.description, read.emission, read.focus, read.epochs) == ("A", "B", 0, 1, 10_000)
    assert read.parameters == {"kappa": 65_535}
    assert read.timeline[2:] == (
        Change(1, weights={0: Copy(1, 1), 1: Copy(None, 10_000)}),
        Change(1, weights={0: {1: 65_535}}),
        Change(10_000, "late", {1: 21_000_000}),
    )


def test_a_scenario_has_at_most_32768_validators_and_miners() -> None:
    story = scenario() | {"timeline": [], "miners": [str(number) for number in range(32_767)]}
    with pytest.raises(InvalidInput, match=r"^expected at most 32768 validators and miners, got 32769$"):
        from_json(story)
    story["miners"].pop()
    assert len(from_json(story).miners) == 32_766


def test_a_table_lasts_20_epochs_longer_than_its_last_row() -> None:
    read = from_csv(rows(" epoch ,validator, stake,good, bad\n0, Ann ,10,1,\n7,Bob,,2,0\n"), "a table")
    assert (read.title, read.epochs, read.validators, read.miners) == ("a table", 27, ("Ann", "Bob"), ("good", "bad"))
    assert read.timeline == (
        Change(0, stakes={0: 0, 1: 0}),
        Change(0, stakes={0: 10}, weights={0: {0: 1}}),
        Change(7, weights={1: {0: 2, 1: 0}}),
    )


def test_numbers_in_tables_have_at_most_19_digits() -> None:
    with pytest.raises(InvalidInput, match=r"^line 2: stake: expected a whole number, got '0{20}'$"):
        from_csv(rows("epoch,validator,stake,m\n0,A," + "0" * 20 + ",1\n"), "")
    assert from_csv(rows("epoch,validator,stake,m\n0,A," + "0" * 18 + "7,1\n"), "").timeline[1].stakes == {0: 7}
