"""The published game of two teams, at a size for the suite."""

from __future__ import annotations

import pytest
from pysubtensor.lab.retention import Game, required_utility, team_size


def test_without_subjectivity_the_utility_that_retains_stake_is_that_stake() -> None:
    """The closed form, 60 %, which is also published; within the bisection and the rounding of weights."""
    game = Game(deviation=0.0, validators=5, miners=10)
    assert required_utility(game, selfish=[0.5]) == pytest.approx(0.6, abs=0.01)


def test_both_teams_have_at_least_one_node() -> None:
    assert [team_size(share, 10) for share in (0.0, 0.6, 1.0)] == [1, 6, 9]
