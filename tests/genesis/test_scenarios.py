"""Scenarios as files: the included ones are read, and each error names the table and the key."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from pysubtensor.genesis.scenarios import ScenarioError, Weights, names, read_scenario, scenario_of

NAMES = ["commit-reveal", "full-subnet", "many-subnets", "one-subnet", "staking"]


def test_five_scenarios_are_included() -> None:
    assert names() == NAMES
    assert all(read_scenario(name).title for name in NAMES)
    assert len(read_scenario("many-subnets").subnets) == 8


def test_a_file_is_read() -> None:
    scenario = scenario_of(
        tomllib.loads(
            'title = "T"\n[[subnets]]\nvalidators = ["//Bob"]\nminers = 2\nstake = "1.5tao"\n'
            "parameters = { tempo = 3 }\n"
            "[[subnets.weights]]\nvalidator = 1\nminers = [1, 65535]\n"
            '[[stakes]]\ncoldkey = "//Dave"\nhotkey = "//Bob//hot"\nsubnet = 1\namount = 7\n'
        )
    )
    (subnet,) = scenario.subnets
    assert (subnet.owner, subnet.validators, subnet.miners, subnet.stake) == ("//Owner", ("//Bob",), 2, 1_500_000_000)
    assert subnet.weights == (Weights(1, (1, 65535)),)
    assert scenario.stakes[0].amount == 7


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("subnet = 1", "subnet: there is no such key; did you mean subnets?"),
        ("subnets = 1", "subnets: expected a list, got 1"),
        ("subnets = [1]", "subnets[0]: expected a table, got 1"),
        ("title = 5", "title: expected a text of at most 200 characters, got 5"),
        ("chain = []", "chain: expected a table, got []"),
        ("[[subnets]]\nminer = 1", "subnets[0].miner: there is no such key; did you mean miners?"),
        ("[[subnets]]\nowner = 'Bob'", "subnets[0].owner: expected an account such as //Bob, got 'Bob'"),
        ("[[subnets]]\nminers = -1", "subnets[0].miners: expected how many there are, up to 255, or accounts, got -1"),
        ("[[subnets]]\nminers = 200\nvalidators = 60", "subnets[0]: expected at most 256 neurons, got 261"),
        ("[[subnets]]\nminers = ['x']", "subnets[0].miners[0]: expected an account such as //Bob, got 'x'"),
        ("[[subnets]]\nstake = '1.5'", 'subnets[0].stake: expected an amount such as "1.5tao"'),
        ("[[subnets]]\nstake = 1.5", 'subnets[0].stake: expected an amount such as "1.5tao"'),
        ("[[subnets]]\nstake = true", 'subnets[0].stake: expected an amount such as "1.5tao"'),
        ("[[subnets]]\nparameters = 1", "subnets[0].parameters: expected a table, got 1"),
        (
            "[[subnets]]\n[[subnets.weights]]\nminers = [1]",
            "subnets[0].weights[0].validator: expected a value",
        ),
        (
            "[[subnets]]\n[[subnets.weights]]\nvalidator = 2\nminers = [1]",
            "subnets[0].weights[0].validator: expected a validator from 1 to 1, got 2",
        ),
        (
            "[[subnets]]\n[[subnets.weights]]\nvalidator = 1\nminers = [1, 2]",
            "subnets[0].weights[0].miners: expected a weight for each of the 1 miners, got 2",
        ),
        (
            "[[subnets]]\n[[subnets.weights]]\nvalidator = 1\nminers = [65536]",
            "subnets[0].weights[0].miners[0]: expected an integer from 0 to 65535, got 65536",
        ),
        (
            "[[stakes]]\ncoldkey = '//A'\nhotkey = '//B'\nsubnet = 1\namount = 1",
            "stakes[0].subnet: expected the number of one of the 0 subnets of this file, got 1",
        ),
        (
            "[[subnets]]\n[[children]]\nparent = '//A'\nsubnet = 1\nhotkeys = { '//B' = 60, '//C' = 50 }",
            "children[0].hotkeys: expected at most 100 percent together, got 110",
        ),
        ("subnets = [" + "{}," * 129 + "]", "subnets: expected at most 128 entries, got 129"),
    ],
)
def test_an_error_names_table_and_key(text: str, message: str) -> None:
    with pytest.raises(ScenarioError) as error:
        scenario_of(tomllib.loads(text))
    assert message in str(error.value)


def test_an_unknown_scenario_names_the_included_ones(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="expected a file, or one of commit-reveal, full-subnet"):
        read_scenario("one-subnett")
    file = tmp_path / "mine.toml"
    file.write_text("title =")
    with pytest.raises(ScenarioError, match=r"mine\.toml: "):
        read_scenario(file)
    file.write_text("#" * ((1 << 20) + 1))
    with pytest.raises(ScenarioError, match="expected at most 1048576 bytes"):
        read_scenario(file)


def test_the_scenario_of_the_documentation_is_read() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "command-line.md").read_text()
    (shown,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    (subnet,) = scenario_of(tomllib.loads(shown)).subnets
    assert (subnet.validators, subnet.miners, subnet.parameters) == (("//Bob", "//Charlie"), 2, {"tempo": 20})
