"""Experiments on the whole chain: what actors get, what it costs them, and that equal seeds give equal records."""

from __future__ import annotations

import re
import sys
import types
from dataclasses import replace
from pathlib import Path

import pytest
from pysubtensor.lab.answers import answers, attack_gain, honest_version
from pysubtensor.lab.experiment import Cast, Evaluation, Experiment
from pysubtensor.lab.run import run
from pysubtensor.lab.sweep import play
from pysubtensor.lab.totals import totals

HONEST = Cast("honest", "validator", count=2, stake=300.0)
MINERS = Cast("miners", "miner", count=3)
#: Too little stake for a say, as the closed form says: 3 of 9 parts.
DEALER = Cast("dealer", "self-dealer", stake=300.0, attacker=True)
BASE = Experiment("base", (HONEST, MINERS), epochs=6, evaluation=Evaluation(noise=0.0))


def test_the_same_seed_gives_the_same_bytes_and_another_one_does_not() -> None:
    experiment = replace(BASE, evaluation=Evaluation(noise=0.1, drift=0.5))
    first, again = run(experiment).as_csv(), run(experiment).as_csv()
    assert first == again
    assert run(replace(experiment, seed=2)).as_csv()["casts"] != first["casts"]


def test_honest_validators_share_dividends_and_miners_the_incentive() -> None:
    record = run(BASE)
    assert record.failures == ()
    last = {row.cast: row for row in record.casts if row.epoch == 5}
    # u16 proportions are floored, so a unit for each neuron may be missing.
    assert 65_535 - 3 <= last["honest"].dividends <= 65_535
    assert 65_535 - 3 <= last["miners"].incentive <= 65_535
    # An epoch pays 1 alpha less the owner's cut of 11796/65535.
    assert last["honest"].emission + last["miners"].emission == pytest.approx(10**9 * (1 - 11_796 / 65_535), abs=10)


def test_a_minority_that_pays_itself_gets_no_incentive_and_loses_against_honesty() -> None:
    experiment = replace(BASE, actors=(HONEST, MINERS, DEALER))
    record = run(experiment)
    found = {answer.cast: answer for answer in answers(experiment, totals(record), play(honest_version(experiment)))}
    assert [row.incentive for row in record.rows_of("dealer")] == [0] * 6
    # Its dividends come from the honest weights of its first epoch, when its miner had no uid yet, and fall.
    dividends = [row.dividends for row in record.rows_of("dealer")][1:]
    assert dividends == sorted(dividends, reverse=True)
    assert found["dealer"].gain < 0
    # The registration of its miner: 1 TAO, halved in each of two epochs; and the fee.
    assert found["dealer"].paid == pytest.approx(0.25, abs=0.005)
    assert found["honest"].gain > 0


def test_stake_is_bought_and_sold_at_the_price_of_the_pool() -> None:
    buyer = Cast("buyer", "stake-buyer", attacker=True, options={"spend": 500.0, "leave": 2})
    experiment = replace(BASE, pool=1_000.0, actors=(HONEST, MINERS, buyer), epochs=4)
    record = run(experiment)
    rows = record.rows_of("buyer")
    assert record.failures == ()
    # The pool is about x · y = k at 1,000 each: 500 TAO bring 1000 - 1000 · 1000 / 1500 alpha, less 0.05 % fee.
    assert rows[0].alpha / 10**9 == pytest.approx(333.3, rel=0.02)
    assert rows[2].alpha < rows[1].alpha / 1_000
    assert record.closing_of("buyer").earned / 10**9 == pytest.approx(500.0, rel=0.01)


def test_the_strategy_of_the_guide_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "lab" / "README.md"
    (code,) = re.findall(r"```python\n(.*?)```", page.read_text(), re.DOTALL)
    module = types.ModuleType("grudges")
    monkeypatch.setitem(sys.modules, "grudges", module)
    exec(code, module.__dict__)
    grudge = Cast("grudge", "grudges:Grudge", stake=300.0)
    record = run(replace(BASE, actors=(grudge, MINERS), epochs=2))
    assert record.failures == ()
    # Three miners, of which the best gets nothing from the only validator.
    assert record.subnet[-1].incentive_top10 == 1_000_000
    assert record.rows_of("miners")[-1].incentive >= 65_535 - 3


def test_commit_reveal_hides_weights_from_a_copier() -> None:
    copier = Cast("copier", "copier", stake=300.0, attacker=True)
    parameters = {"commit_reveal_weights_enabled": True, "commit_reveal_weights_interval": 2}
    moving = Evaluation(noise=0.0, drift=1.0)
    opened = replace(BASE, actors=(HONEST, MINERS, copier), evaluation=moving, epochs=12)
    hidden = replace(opened, parameters=parameters)
    rates = []
    for experiment in (opened, hidden):
        record = run(experiment)
        assert record.failures == ()
        rates.append(
            next(a.per_stake for a in answers(experiment, totals(record), totals(record)) if a.cast == "copier")
        )
    assert rates[0] == pytest.approx(1.0, abs=0.05)
    assert rates[1] < 0.9 * rates[0]


def test_the_gain_of_an_attack_is_that_of_its_actors() -> None:
    experiment = replace(BASE, actors=(HONEST, MINERS, DEALER), epochs=2)
    record = run(experiment)
    found = answers(experiment, totals(record), totals(record))
    assert attack_gain(found) == 0.0
