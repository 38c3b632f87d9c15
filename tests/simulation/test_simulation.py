"""Short simulations, and a check that they report a broken invariant."""

from __future__ import annotations

from collections import Counter

import pytest
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.pallets.balances.declared import TotalIssuance

from tests.simulation.simulate import Broken, simulate
from tests.simulation.subnets import MOVES, live

#: Moves that need many blocks: what they are about comes seldom.
RARE = {"terminate_lease", "decide_dispute", "clear_coldkey_swap_announcement", "dissolve_network"}


# Together 2,000 blocks: four times 125 of random calls, and twice three times 250 of plausible ones.


@pytest.mark.parametrize("seed", range(4))
def test_invariants_hold_under_random_calls(seed: int) -> None:
    counts = simulate(seed, blocks=125)
    assert counts["ExtrinsicSuccess"] > 125, "each block has its inherents"
    assert counts["ExtrinsicFailed"] > 0, "random calls fail"


def test_invariants_hold_while_keys_stake_lock_claim_swap_and_trade() -> None:
    counts: Counter[str] = Counter()
    for seed in range(3):
        counts += live(seed, blocks=250)
    missing = MOVES.keys() - counts.keys()
    assert missing <= RARE, "each move succeeds now and then"
    assert counts["block with an epoch"] > 150


@pytest.mark.parametrize("seed", range(3, 6))
def test_no_alpha_appears_in_other_worlds(seed: int) -> None:
    assert live(seed, blocks=250)["block with an epoch"] > 50


def test_a_seed_is_reproducible() -> None:
    assert simulate(11, blocks=10) == simulate(11, blocks=10)
    assert live(11, blocks=30) == live(11, blocks=30)


def test_a_broken_invariant_is_reported() -> None:
    def lose_a_rao(ctx: Context) -> None:
        assert TotalIssuance.get(ctx) % 2 == 7, "a rao is missing"

    with pytest.raises(Broken, match="seed 3, block 1: a rao is missing"):
        simulate(3, blocks=5, check=lose_a_rao)
