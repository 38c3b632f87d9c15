"""Weights of validators on miners, as they are and clipped to the consensus."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..node.node import Node
from .metagraph import Metagraph
from .text import WHOLE

#: Rows and columns of a picture.
VALIDATORS, MINERS = 64, 512
#: Subnets of which mechanisms are counted; the items of mechanism m have the key netuid + m · 4096.
SUBNETS = 4_096


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """Weights as proportions of each validator's sum, shape (validators, miners); `clipped` is at most the consensus.

    `consensus` is that of the last epoch, for each of the miners. A validator's `lost` is the part of its weights above
    the consensus: what does not count.
    """

    validators: tuple[int, ...]
    miners: tuple[int, ...]
    given: NDArray[np.float64]
    clipped: NDArray[np.float64]
    consensus: NDArray[np.float64]

    @property
    def lost(self) -> NDArray[np.float64]:
        """The part of each validator's weights that is above the consensus."""
        total: NDArray[np.float64] = (self.given - self.clipped).sum(axis=1)
        return total


async def read_weights(node: Node, metagraph: Metagraph, at: str | None = None, mechanism: int = 0) -> Weights:
    """Return the weights of a subnet's validators with the most stake."""
    rows = await read_rows(node, "Weights", metagraph.netuid + mechanism * SUBNETS, at)
    return weights_of(metagraph, rows)


async def read_rows(node: Node, item: str, netuid: int, at: str | None = None) -> dict[int, list[tuple[int, int]]]:
    """Return the rows of a sparse matrix of SubtensorModule, "Weights" or "Bonds": pairs of uid and value by uid."""
    interface = await node.interface(at)
    declared = interface.item("SubtensorModule", item)
    if declared is None:
        return {}
    return {parts[1]: value for _, parts, value in await node.entries(declared, (netuid,), at, limit=WHOLE)}


def weights_of(metagraph: Metagraph, rows: dict[int, Any]) -> Weights:
    """Return weights from sparse rows: those of the validators with the most stake, on the miners that get any."""
    neurons = metagraph.neurons
    size = len(neurons)
    setters = [uid for uid, row in rows.items() if uid < size and any(value for _, value in row)]
    validators = tuple(sorted(setters, key=lambda uid: -neurons[uid].stake)[:VALIDATORS])
    matrix = np.zeros((len(validators), size))
    for place, uid in enumerate(validators):
        for miner, value in rows[uid]:
            if miner < size:
                matrix[place, miner] = value
    sums = matrix.sum(axis=1, keepdims=True)
    matrix = np.divide(matrix, sums, out=np.zeros_like(matrix), where=sums > 0)
    consensus = np.array([neuron.consensus / WHOLE for neuron in neurons])
    miners = np.flatnonzero((matrix > 0).any(axis=0) | (consensus > 0))
    if len(miners) > MINERS:
        most = np.argsort(-matrix[:, miners].sum(axis=0), kind="stable")[:MINERS]
        miners = np.sort(miners[most])
    given, line = matrix[:, miners], consensus[miners]
    return Weights(validators, tuple(int(uid) for uid in miners), given, np.minimum(given, line), line)
