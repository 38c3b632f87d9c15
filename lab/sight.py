"""What copiers can see: the weights that are on the chain or were sent openly in this epoch, and earlier ones."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..runtime.crypto import Keypair

if TYPE_CHECKING:
    from .actor import Actor
    from .world import World

#: The most epochs before the present one whose weights are remembered.
MEMORY = 100
Rows = dict[int, dict[int, float]]


def weighted_median(weights: NDArray[np.float64], stakes: NDArray[np.float64], kappa: float) -> NDArray[np.float64]:
    """Return for each column the highest weight that rows with the part `kappa` of the stake reach or exceed."""
    order = np.argsort(-weights, axis=0, kind="stable")
    support = np.cumsum(stakes[order], axis=0) >= kappa * stakes.sum()
    first = support.argmax(axis=0)
    columns = np.arange(weights.shape[1])
    return np.where(support.any(axis=0), weights[order[first, columns], columns], 0.0)


class Sight:
    """The weights that are visible in each epoch; they are kept only where an actor acts late."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._posted: Rows = {}
        self._past: deque[tuple[Rows, dict[int, float]]] = deque(maxlen=MEMORY)
        self._needed = any(actor.strategy.late for actor in world.actors)

    def post(self, hotkey: Keypair, weights: Mapping[int, float]) -> None:
        """Let weights be visible from now on; they are in the next block."""
        uid = self._world.uid_of(hotkey.account) if self._needed else None
        if uid is not None:
            self._posted[uid] = dict(weights)

    def end_epoch(self) -> None:
        """Keep what was visible in this epoch."""
        if self._needed:
            self._past.appendleft(self._present())
        self._posted = {}

    def _present(self) -> tuple[Rows, dict[int, float]]:
        """Return the visible weights, and the stake of each row."""
        world, storage = self._world, self._world.chain.storage.SubtensorModule
        rows: Rows = {}
        for uid, pairs in storage.Weights.under(world.netuid):
            rows[uid] = dict(_pairs(pairs))
        rows |= self._posted
        hotkeys = {uid: storage.Keys[world.netuid, uid] for uid in rows}
        return rows, {uid: float(world.alpha_of(hotkey)) for uid, hotkey in hotkeys.items() if hotkey is not None}

    def consensus(self, me: Actor, delay: int) -> dict[int, float]:
        """Return the weighted median of the weights of others, `delay` epochs before; empty if none are known."""
        if delay > len(self._past):
            return {}
        rows, stakes = self._past[delay - 1] if delay else self._present()
        own = set(me.uids)
        others = [uid for uid, row in sorted(rows.items()) if row and uid not in own and stakes.get(uid)]
        columns = sorted({column for uid in others for column in rows[uid]})
        if not others:
            return {}
        matrix = np.array([[rows[uid].get(column, 0.0) for column in columns] for uid in others], np.float64)
        matrix /= matrix.sum(axis=1, keepdims=True)
        kappa = self._world.chain.storage.SubtensorModule.Kappa[self._world.netuid] / 65_535
        agreed = weighted_median(matrix, np.array([stakes[uid] for uid in others]), kappa)
        return {column: float(weight) for column, weight in zip(columns, agreed, strict=True) if weight > 0.0}


def _pairs(pairs: Any) -> list[tuple[int, int]]:
    """Return the pairs of uid and weight of a stored row."""
    return [(int(uid), int(weight)) for uid, weight in np.asarray(pairs).tolist()]
