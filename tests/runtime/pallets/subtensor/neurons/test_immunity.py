"""How long a neuron is immune from replacement."""

from __future__ import annotations

import pytest
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.pallets.subtensor.neurons.immunity import get_neuron_is_immune
from pysubtensor.runtime.pallets.subtensor.storage.hyperparameters import ImmunityPeriod
from pysubtensor.runtime.pallets.subtensor.storage.neurons import BlockAtRegistration

from tests.world import GoTo


@pytest.mark.parametrize(
    ("period", "immune"),
    [
        (0, [False, False, False, False]),
        (1, [True, True, False, False]),
        (2, [True, True, True, False]),
    ],
)
def test_a_neuron_is_immune_while_it_is_younger_than_the_period(
    ctx: Context, go_to: GoTo, period: int, immune: list[bool]
) -> None:
    """Of age 0 in the block of its registration, and before it, where a state was written so."""
    ImmunityPeriod.put(ctx, 1, period)
    BlockAtRegistration.put(ctx, 1, 3, 100)
    found = []
    for block in (99, 100, 101, 102):
        go_to(block)
        found.append(get_neuron_is_immune(ctx, 1, 3))
    assert found == immune
