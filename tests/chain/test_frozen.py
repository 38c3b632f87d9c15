"""Values that functions share are not changed in place."""

from __future__ import annotations

from tests.frozen import unfrozen

#: Filled in step by step.
ACCUMULATORS = {"Arrival", "BlockBuilder"}
#: What it requires shrinks while it waits.
WAITING = {"Transaction"}


def test_values_are_frozen() -> None:
    assert unfrozen("chain") == ACCUMULATORS | WAITING
