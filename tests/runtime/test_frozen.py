"""Values that functions share are not changed in place."""

from __future__ import annotations

from tests.frozen import unfrozen

#: Filled in step by step.
ACCUMULATORS = {"BlockEnvironment", "BlockWork", "Message", "PoolInBlock", "Service", "Validity", "_Pools", "_Portion"}
#: They keep what was computed from them.
WITH_CACHES = {"Call", "Extrinsic", "Unread"}
#: Made for each transaction: freezing would double what making them costs.
FOR_SPEED = {"Era", "Origin"}


def test_values_are_frozen() -> None:
    assert unfrozen("runtime") == ACCUMULATORS | WITH_CACHES | FOR_SPEED
