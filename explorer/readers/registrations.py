"""Who came to a subnet last, whom they replaced, and who is replaced next."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from ..node.connection import NodeError
from ..node.node import Node
from ..node.values import Account
from .metagraph import Metagraph, Neuron

#: Registrations that are listed.
MOST = 20


@dataclass(frozen=True, slots=True)
class Registration:
    """A registration; `replaced` is the hotkey that had the uid before, None for none or if it is not known."""

    neuron: Neuron
    immune_until: int
    replaced: Account | None
    is_known: bool


async def read_registrations(node: Node, metagraph: Metagraph) -> list[Registration]:
    """Return the latest registrations, newest first, with whom they replaced where the node keeps that state."""
    latest = sorted(metagraph.neurons, key=lambda neuron: (-neuron.registered_at, neuron.uid))[:MOST]
    return list(await asyncio.gather(*(_registration(node, metagraph, neuron) for neuron in latest)))


async def _registration(node: Node, metagraph: Metagraph, neuron: Neuron) -> Registration:
    until = neuron.registered_at + metagraph.immunity_period
    if neuron.registered_at == 0:
        return Registration(neuron, until, None, True)
    try:
        before = await node.block_hash(neuron.registered_at - 1)
        count = await node.storage("SubtensorModule", "SubnetworkN", metagraph.netuid, at=before)
        if neuron.uid >= (count or 0):
            return Registration(neuron, until, None, True)
        had = await node.storage("SubtensorModule", "Keys", metagraph.netuid, neuron.uid, at=before)
    except NodeError:
        return Registration(neuron, until, None, False)
    is_other = isinstance(had, Account) and had != neuron.hotkey
    return Registration(neuron, until, had if is_other else None, True)


def next_pruned(metagraph: Metagraph, immune_owner: Account | None, min_non_immune: int) -> Neuron | None:
    """Return the neuron that the next registration on a full subnet replaces; None when none can be replaced.

    It is the one with the lowest emission, among equals the one registered first, then the lowest uid. Within their
    immunity period neurons are only chosen when at most `min_non_immune` others remain; the owner's hotkey never is.
    """
    candidates = [each for each in metagraph.neurons if each.hotkey != immune_owner]
    mature = [each for each in candidates if not metagraph.is_immune(each)]
    group = mature if len(mature) > min_non_immune else [each for each in candidates if metagraph.is_immune(each)]
    return min(group, key=lambda each: (each.emission, each.registered_at, each.uid), default=None)
