"""The weighted median of the fast epoch against its definition, with voters who have no weight on a column."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from pysubtensor.consensus.yuma.cells import index_bits
from pysubtensor.consensus.yuma.fast import medians
from pysubtensor.consensus.yuma.scratch import Scratch


def by_definition(votes: dict[int, int], stake: list[int], minority: int) -> int:
    """Return the smallest weight such that the stake behind weights of at most it exceeds the minority.

    A voter without a vote stands behind zero.
    """
    for weight in sorted({0, *votes.values()}):
        if sum(own for voter, own in enumerate(stake) if votes.get(voter, 0) <= weight) > minority:
            return weight
    return max(votes.values())


@pytest.mark.parametrize("seed", range(40))
def test_a_median_counts_the_stake_of_voters_without_a_vote(seed: int) -> None:
    chance = Random(seed)
    voters = chance.randrange(1, 9)
    stake = [chance.randrange(1, 100) for _ in range(voters)]
    columns = [
        {voter: chance.randrange(5) for voter in chance.sample(range(voters), chance.randrange(1, voters + 1))}
        for _ in range(20)
    ]
    bits = index_bits(voters)
    keys = [sorted(weight << bits | voter for voter, weight in votes.items()) for votes in columns]
    for minority in (0, sum(stake) // 3, sum(stake) // 2, sum(stake) - 1):
        with Scratch() as scratch:
            found = medians(
                np.array([key for column in keys for key in column], np.uint64),
                np.array([len(column) for column in keys], np.int64),
                np.array(stake, np.int64),
                minority,
                scratch,
            )
        assert found.tolist() == [by_definition(votes, stake, minority) for votes in columns]
