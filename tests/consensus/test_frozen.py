"""Values that functions share are not changed in place."""

from __future__ import annotations

from tests.frozen import unfrozen

#: Made by the hundred thousand in every block: freezing would double what making them costs.
FOR_SPEED = {"SafeFloat", "SharePool"}


def test_values_are_frozen() -> None:
    assert unfrozen("consensus") == FOR_SPEED
