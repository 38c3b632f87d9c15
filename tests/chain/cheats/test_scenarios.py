"""Playing scenarios: what the file says is what the chain has, and an error names the table."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from pysubtensor.chain.cheats.scenarios import play
from pysubtensor.genesis.scenarios import names, read_scenario, scenario_of

from pysubtensor import Chain, ChainError


@pytest.mark.parametrize("name", names())
def test_an_included_scenario_plays(name: str) -> None:
    scenario = read_scenario(name)
    with Chain.dev(**scenario.chain) as chain:
        made = play(chain, scenario)
        chain.produce(2)
        assert [subnet.netuid for subnet in made] == [2 + place for place in range(len(scenario.subnets))]
        for subnet in made:
            assert chain.query("SubtensorModule.SubnetworkN", subnet.netuid) == len(subnet.neurons)


def test_weights_become_incentives_in_their_order() -> None:
    scenario = read_scenario("one-subnet")
    with Chain.dev(**scenario.chain) as chain:
        (subnet,) = play(chain, scenario)
        chain.produce(25)
        incentives = chain.ask("SubnetInfoRuntimeApi.get_metagraph", subnet.netuid).incentives.tolist()
    of_miners = [incentives[neuron.uid] for neuron in subnet.miners]
    assert of_miners == sorted(of_miners, reverse=True)
    assert of_miners[0] > of_miners[-1] > 0


def test_stakes_on_root_and_on_subnets_and_children_are_there() -> None:
    scenario = read_scenario("staking")
    with Chain.dev(**scenario.chain) as chain:
        play(chain, scenario)
        chain.produce(1)
        stakes = chain.ask("StakeInfoRuntimeApi.get_stake_info_for_coldkey", "//Bob")
        assert {info.netuid: info.stake for info in stakes}[0] > 4_999 * 10**9
        assert chain.ask("StakeInfoRuntimeApi.get_stake_info_for_coldkey", "//Eve")[0].netuid == 2
        ((part, _child),) = chain.query("SubtensorModule.ChildKeys", "//Bob//hot", 2) or [
            *chain.query("SubtensorModule.PendingChildKeys", 2, "//Bob//hot")[0]
        ]
        assert part == 25 * ((1 << 64) - 1) // 100


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"subnets": [{"parameters": {"tempoo": 5}}]}, "subnets[0]: there is no parameter of a subnet 'tempoo'"),
        ({"subnets": [{}, {"parameters": {"tempo": "x"}}]}, "subnets[1]: "),
        (
            {"subnets": [{"parameters": {"commit_reveal_weights_enabled": True},
                          "weights": [{"validator": 1, "miners": [1]}]}]},
            "subnets[0].weights[0]: SubtensorModule.CommitRevealEnabled",
        ),
        (
            {"stakes": [{"coldkey": "//Poor", "hotkey": "//None", "subnet": 0, "amount": 10**12}]},
            "stakes[0]: SubtensorModule.HotKeyAccountNotExists",
        ),
    ],
)  # fmt: skip
def test_an_error_names_the_table(table: dict[str, object], message: str) -> None:
    with Chain.dev() as chain, pytest.raises(ChainError) as error:
        play(chain, scenario_of(table))
    assert message in str(error.value)


def test_the_program_of_the_documentation_runs() -> None:
    page = (Path(__file__).resolve().parents[3] / "docs" / "command-line.md").read_text()
    (shown,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    names: dict[str, Any] = {}
    exec(shown, names)
    assert names["subnet"].netuid == 2
