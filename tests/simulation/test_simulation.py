"""Short simulations, and a check that they report a broken invariant."""

from __future__ import annotations

from collections import Counter

import pytest
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.pallets.balances.declared import TotalIssuance

from tests.simulation.simulate import Broken, simulate
from tests.simulation.subnets import MOVES, live


@pytest.mark.parametrize("seed", range(4))
def test_invariants_hold_under_random_calls(seed: int) -> None:
    counts = simulate(seed, blocks=25)
    assert counts["ExtrinsicSuccess"] > 25, "each block has its inherents"
    assert counts["ExtrinsicFailed"] > 0, "random calls fail"


def test_invariants_hold_while_subnets_are_registered_and_dissolved() -> None:
    counts: Counter[str] = Counter()
    for seed in range(3):
        counts += live(seed, blocks=150)
    assert counts.keys() >= MOVES.keys(), "each move succeeds now and then"
    assert counts["block with an epoch"] > 50


def test_a_seed_is_reproducible() -> None:
    assert simulate(11, blocks=10) == simulate(11, blocks=10)
    assert live(11, blocks=30) == live(11, blocks=30)


def test_a_broken_invariant_is_reported() -> None:
    def lose_a_rao(ctx: Context) -> None:
        assert TotalIssuance.get(ctx) % 2 == 7, "a rao is missing"

    with pytest.raises(Broken, match="seed 3, block 1: a rao is missing"):
        simulate(3, blocks=5, check=lose_a_rao)
