"""Simulation of successive epochs: each takes the bonds and permits of the previous one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..fixed import max_upscale_to_u16
from . import fast
from .scenario import Copy, Scenario
from .types import EpochInput, EpochOutput, SparseRows

RAO_PER_ALPHA = 10**9


class Variant(Enum):
    """The variants of bonds that a subnet can choose."""

    YUMA2 = "yuma2"
    YUMA3 = "yuma3"
    LIQUID = "liquid"


def simulate(scenario: Scenario, variant: Variant) -> Iterator[EpochOutput]:
    """Yield the output of each epoch of a scenario. Every validator sets its weights in every epoch."""
    inputs = first_epoch(scenario, variant)
    history = WeightHistory(scenario)
    stakes = [0] * inputs.n
    for epoch in range(scenario.epochs):
        for change in scenario.timeline:
            if change.epoch == epoch:
                for validator, stake in change.stakes.items():
                    stakes[validator] = stake * RAO_PER_ALPHA << 64
        block = (epoch + 1) * inputs.tempo + 1
        inputs = replace(
            inputs,
            current_block=block,
            last_update=np.full(inputs.n, block, np.uint64),
            total_stake=list(stakes),
            weights=history.weights_of(epoch),
        )
        output = fast.epoch(inputs)
        yield output
        history.record_consensus(output.consensus)
        inputs = replace(
            inputs,
            bonds=output.bonds,
            validator_permits=output.new_validator_permits,
            last_mechanism_step_block=block,
        )


def first_epoch(scenario: Scenario, variant: Variant) -> EpochInput:
    """Return the input of the first epoch: the validators have permits, there are no weights and bonds."""
    validators = len(scenario.validators)
    n = validators + len(scenario.miners)
    parameters: dict[str, Any] = dict(scenario.parameters)  # Any: each is an int field, but replace() takes others too
    return replace(
        EpochInput.blank(n),
        validator_permits=np.arange(n) < validators,
        yuma3_on=variant is not Variant.YUMA2,
        liquid_alpha_on=variant is Variant.LIQUID,
        last_mechanism_step_block=0,
        rao_emission=scenario.emission,
        **parameters,
    )


class WeightHistory:
    """The weights that validators have set and the consensus of past epochs, for scenarios that copy them."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._current: dict[int, Mapping[int, int] | Copy] = {}
        #: For each past epoch the weights of each validator, and the consensus, by miner.
        self._rows: list[list[dict[int, int]]] = []
        self._consensus: list[dict[int, int]] = []

    def weights_of(self, epoch: int) -> SparseRows:
        """Return and record the weights of an epoch; epochs must be requested in order."""
        for change in self._scenario.timeline:
            if change.epoch == epoch:
                self._current.update(change.weights)
        validators = range(len(self._scenario.validators))
        self._rows.append([self._resolve(self._current.get(i, {}), epoch) for i in validators])
        first_miner = len(validators)
        rows = []
        for row in self._rows[-1]:
            values = max_upscale_to_u16(list(row.values()))
            rows.append([(first_miner + miner, value) for miner, value in zip(row, values, strict=True)])
        return SparseRows.from_rows([*rows, *([] for _ in self._scenario.miners)])

    def _resolve(self, weights: Mapping[int, int] | Copy, epoch: int) -> dict[int, int]:
        if not isinstance(weights, Copy):
            return dict(sorted(weights.items()))
        source = epoch - weights.delay
        if source < 0:
            return {}
        return self._consensus[source] if weights.of is None else self._rows[source][weights.of]

    def record_consensus(self, by_uid: NDArray[np.uint16]) -> None:
        """Record the consensus of the epoch whose weights were recorded last."""
        consensus = by_uid[len(self._scenario.validators) :].tolist()
        self._consensus.append({miner: value for miner, value in enumerate(consensus) if value})
