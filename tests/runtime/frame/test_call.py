"""The nesting depth of calls."""

from __future__ import annotations

import pytest
from pysubtensor.runtime.frame.call import nesting_depth
from pysubtensor.runtime.pallets import system, utility


@pytest.mark.parametrize("position", [0, 255, 256, 600])
def test_the_deepest_of_many_nested_calls_counts(position: int) -> None:
    calls = [system.remark.call(b"")] * 600
    calls.insert(position, utility.batch.call([utility.batch.call([])]))
    pauses: list[int] = []
    assert nesting_depth(utility.batch.call(calls), lambda: pauses.append(1)) == 3
    assert len(pauses) >= 3
