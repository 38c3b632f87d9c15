"""The scenarios of `yuma sim` on a whole chain: what an epoch gives there where nothing but the scenario acts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..chain.embed.chain import Chain
from ..consensus.yuma.scenario import Scenario, from_json
from ..consensus.yuma.simulate import RAO_PER_ALPHA, Variant, WeightHistory, simulate
from ..consensus.yuma.types import EpochOutput, SparseRows

#: Blocks of an epoch: one for the weights, which may follow from the last epoch, and that of the epoch.
TEMPO = 2
#: The bounds of liquid alpha, and what they are by default.
ALPHAS = {"alpha_low", "alpha_high"}
LOW, HIGH = 45_875, 58_982


@dataclass(frozen=True, slots=True, eq=False)
class ChainEpoch:
    """What the chain stores after an epoch of a scenario, by the uids of the scenario; u16 proportions."""

    consensus: NDArray[np.uint16]
    incentive: NDArray[np.uint16]
    dividends: NDArray[np.uint16]
    validator_trust: NDArray[np.uint16]
    #: Pairs of uid and bond for each validator.
    bonds: list[list[list[int]]]


def from_output(scenario: Scenario, output: EpochOutput) -> ChainEpoch:
    """Return the same values of an epoch of the matrix simulation."""
    rows = [output.bonds.row(uid).tolist() for uid in range(len(scenario.validators))]
    return ChainEpoch(output.consensus, output.incentive, output.dividends, output.validator_trust, rows)


def replay(scenario: Scenario, variant: Variant) -> Iterator[ChainEpoch]:
    """Play a scenario on a chain and yield what the chain stores after each epoch.

    The owner has uid 0, so the uids of the scenario are one higher on the chain. The stake of all
    neurons is set before each epoch, because on the chain emission adds to it, also to that of miners and owner.
    """
    history = WeightHistory(scenario)
    with Chain.dev(admin_freeze_window=0) as chain:
        stage = Stage(chain, scenario, variant)
        for epoch in range(scenario.epochs):
            stage.set_stakes(epoch)
            stage.submit_weights(history.weights_of(epoch))
            chain.next_epoch(stage.subnet)
            found = stage.read()
            history.record_consensus(found.consensus)
            yield found


class Stage:
    """A subnet with the validators and miners of a scenario."""

    def __init__(self, chain: Chain, scenario: Scenario, variant: Variant) -> None:
        self.chain, self._timeline = chain, scenario.timeline
        self.subnet = chain.subnet(
            validators=len(scenario.validators),
            miners=len(scenario.miners),
            stake=0,
            **subnet_parameters(scenario, variant),
        )
        self._keys = [chain.as_account(neuron.hotkey) for neuron in self.subnet.validators]
        self._stakes = [0] * len(scenario.validators)
        self.set_stakes(0)
        chain.next_epoch(self.subnet)  # gives the permits

    def set_stakes(self, epoch: int) -> None:
        """Let each validator have the stake of this epoch, and the others none."""
        for change in self._timeline:
            if change.epoch == epoch:
                for validator, alpha in change.stakes.items():
                    self._stakes[validator] = alpha * RAO_PER_ALPHA
        none = [0] * len(self.subnet.miners)
        for neuron, alpha in zip(self.subnet.neurons, [0, *self._stakes, *none], strict=True):
            self.chain.set_stake(self.subnet.netuid, neuron.hotkey, neuron.coldkey, alpha)

    def submit_weights(self, rows: SparseRows) -> None:
        """Put the weights of all validators into the next block; a validator without any keeps those that it has."""
        for uid, key in enumerate(self._keys):
            row = rows.row(uid)
            if len(row):
                dests, weights = row[:, 0] + np.uint16(1), np.ascontiguousarray(row[:, 1])
                call = self.chain.calls.SubtensorModule.set_weights(
                    netuid=self.subnet.netuid, dests=dests, weights=weights, version_key=0
                )
                self.chain.submit(self.chain.sign(call, key))

    def read(self) -> ChainEpoch:
        """Return what the last epoch stored."""
        storage, netuid = self.chain.storage.SubtensorModule, self.subnet.netuid
        bonds = [storage.Bonds[netuid, neuron.uid] for neuron in self.subnet.validators]
        return ChainEpoch(
            storage.Consensus[netuid][1:],
            storage.Incentive[netuid][1:],
            storage.Dividends[netuid][1:],
            storage.ValidatorTrust[netuid][1:],
            [[[int(uid) - 1, int(bond)] for uid, bond in row] for row in bonds],
        )


def subnet_parameters(scenario: Scenario, variant: Variant) -> dict[str, Any]:
    """Return the parameters of a subnet for a scenario."""
    given: dict[str, Any] = {name: value for name, value in scenario.parameters.items() if name not in ALPHAS}
    if variant is Variant.LIQUID:
        given |= {"liquid_alpha_enabled": True}
        if ALPHAS & scenario.parameters.keys():
            low, high = scenario.parameters.get("alpha_low", LOW), scenario.parameters.get("alpha_high", HIGH)
            given |= {"alpha_values": [low, high]}
    return {**given, "tempo": TEMPO, "yuma3_enabled": variant is not Variant.YUMA2}


def differences(scenario: Scenario, variant: Variant) -> list[str]:
    """Return in which epochs which values of the chain are not those of the matrix; none is expected."""
    found = []
    for epoch, (output, stored) in enumerate(zip(simulate(scenario, variant), replay(scenario, variant), strict=True)):
        wanted = from_output(scenario, output)
        for column in ("consensus", "incentive", "dividends", "validator_trust"):
            if not np.array_equal(getattr(stored, column), getattr(wanted, column)):
                found.append(f"{variant.value}, epoch {epoch}: {column}")
        if stored.bonds != wanted.bonds:
            found.append(f"{variant.value}, epoch {epoch}: bonds")
    return found


def main() -> None:
    """Compare all scenarios of `yuma sim` in all variants."""
    for entry in sorted((files("pysubtensor.consensus.yuma") / "scenarios").iterdir(), key=lambda entry: entry.name):
        scenario = from_json(json.loads(entry.read_text("utf-8")))
        found = [each for variant in Variant for each in differences(scenario, variant)]
        print(f"{scenario.title}: {', '.join(found[:3]) or f'{scenario.epochs} epochs equal in all variants'}")  # noqa: T201


if __name__ == "__main__":
    main()
