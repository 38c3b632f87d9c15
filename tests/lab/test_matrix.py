"""The scenarios of `yuma sim`: the whole chain gives what the matrix gives, where nothing else acts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pysubtensor.cli.yuma_tasks import included_scenarios, load_scenario
from pysubtensor.consensus.yuma.simulate import Variant
from pysubtensor.lab.matrix import differences

#: The variant of each scenario in the suite, and the epochs: just past what it is about. `make lab` compares all.
PLAYED = {
    "bought-stake": (Variant.YUMA2, 47),
    "cabal": (Variant.YUMA3, 22),
    "honest": (Variant.YUMA2, 17),
    "late-copier": (Variant.LIQUID, 14),
    "sybil-swarm": (Variant.YUMA3, 24),
}


def test_each_scenario_is_played() -> None:
    assert sorted(PLAYED) == included_scenarios()


@pytest.mark.parametrize("name", PLAYED)
def test_the_chain_stores_what_the_matrix_gives(name: str) -> None:
    variant, epochs = PLAYED[name]
    scenario = replace(load_scenario(name), epochs=epochs)
    assert differences(scenario, variant) == []
