"""What a subnet was like after its past epochs: read where the node keeps states, collected as blocks come."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ..node.connection import NodeError
from ..node.node import Node, key_of, to_hex, value_of
from .text import RAO

#: Epochs that are read back for a page, samples of all subnets that are kept, and validators whose bonds are.
EPOCHS, SAMPLES, BONDS = 40, 2_048, 8
ITEMS = ("Incentive", "Dividends", "Emission", "SubnetTAO", "SubnetAlphaIn")


@dataclass(frozen=True, slots=True)
class Sample:
    """A subnet after a block: results by uid, and the reserves of its pool. `bonds` are rows by validator."""

    block: int
    incentive: tuple[int, ...]
    dividends: tuple[int, ...]
    emission: tuple[int, ...]
    tao_in: int
    alpha_in: int
    bonds: dict[int, dict[int, int]]

    @property
    def price(self) -> int:
        """The quotient of the reserves, in rao for one alpha: the price of a pool with equal weights."""
        return self.tao_in * RAO // self.alpha_in if self.alpha_in else 0


class History:
    """Samples of subnets, by netuid and hash of a block; the oldest are forgotten."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self._samples: OrderedDict[tuple[int, str], Sample] = OrderedDict()
        self._epochs: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._samples)

    async def past(
        self, netuid: int, last_epoch: int, tempo: int, validators: Sequence[int] = (), epochs: int = EPOCHS
    ) -> list[Sample]:
        """Return samples after past epochs, oldest first, as far back as the node keeps states.

        Past epochs are taken to be `tempo` blocks apart; where the tempo was another one, samples are between epochs.
        """
        step = max(1, tempo)
        numbers = [last_epoch - step * back for back in range(epochs) if last_epoch - step * back >= 0]
        found = await asyncio.gather(*(self._at(netuid, number, validators[:BONDS]) for number in numbers))
        own = {each.block: each for each in self.kept(netuid)} | {
            each.block: each for each in found if each is not None
        }
        return [own[block] for block in sorted(own)[-2 * epochs :]]

    def kept(self, netuid: int) -> list[Sample]:
        """Return the samples of a subnet that are kept."""
        return [each for (of, _), each in self._samples.items() if of == netuid]

    async def take(self, block: int, block_hash: str, netuids: Iterable[int]) -> None:
        """Collect a sample of each subnet that had an epoch since the last look."""
        items = [("LastMechansimStepBlock", (netuid,)) for netuid in netuids]
        values = await read_many(self.node, items, block_hash)
        for (_, (netuid,)), epoch in zip(items, values, strict=True):
            known = self._epochs.get(netuid)
            self._epochs[netuid] = epoch or 0
            if known is not None and epoch and epoch != known:
                await self._sample(netuid, block, block_hash, ())

    async def _at(self, netuid: int, number: int, validators: Sequence[int]) -> Sample | None:
        try:
            block_hash = await self.node.block_hash(number)
            if block_hash is None:
                return None
            known = self._samples.get((netuid, block_hash))
            if known is not None and all(uid in known.bonds for uid in validators):
                return known
            return await self._sample(netuid, number, block_hash, validators)
        except NodeError:  # the node does not keep this state
            return None

    async def _sample(self, netuid: int, number: int, block_hash: str, validators: Sequence[int]) -> Sample:
        items: list[tuple[str, tuple[Any, ...]]] = [(name, (netuid,)) for name in ITEMS]
        items += [("Bonds", (netuid, uid)) for uid in validators]
        values = await read_many(self.node, items, block_hash)
        incentive, dividends, emission, tao, alpha = values[:5]
        sample = Sample(
            number,
            tuple(incentive or ()),
            tuple(dividends or ()),
            tuple(emission or ()),
            tao or 0,
            alpha or 0,
            {uid: dict(row or ()) for uid, row in zip(validators, values[5:], strict=True)},
        )
        self._samples[(netuid, block_hash)] = sample
        while len(self._samples) > SAMPLES:
            self._samples.popitem(last=False)
        return sample


async def read_many(node: Node, items: Sequence[tuple[str, tuple[Any, ...]]], at: str) -> list[Any]:
    """Return the values of entries of SubtensorModule after a block, in one request; None for items it has not."""
    interface = await node.interface(at)
    declared = [interface.item("SubtensorModule", name) for name, _ in items]
    keys = [
        None if item is None else to_hex(key_of(interface, item, given))
        for item, (_, given) in zip(declared, items, strict=True)
    ]
    asked = [key for key in keys if key is not None]
    changes: dict[str, Any] = {}
    for change in await node.call("state_queryStorageAt", asked, at) if asked else ():
        changes.update({str(key): raw for key, raw in change["changes"]})
    return [
        None if item is None or key is None else value_of(interface, item, changes.get(key))
        for item, key in zip(declared, keys, strict=True)
    ]
