"""Running an experiment: epochs of its actors, and what is recorded after each one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from .actor import RAO
from .concentration import gini, millionths, top_share
from .record import CastRow, Closing, Record, SubnetRow
from .world import World

if TYPE_CHECKING:
    from .experiment import Experiment


def run(experiment: Experiment, on_epoch: Callable[[int], None] | None = None) -> Record:
    """Play an experiment and return its record; `on_epoch` is called after each epoch."""
    world = World(experiment)
    with world.chain:
        recorder = Recorder(world)
        for epoch in range(experiment.epochs):
            world.play_epoch()
            recorder.note(epoch)
            if on_epoch is not None:
                on_epoch(epoch)
        return recorder.record()


class Recorder:
    """Reads the chain after each epoch."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._casts: list[CastRow] = []
        self._subnet: list[SubnetRow] = []
        self._began = {cast.name: self._worth(cast.name) for cast in world.experiment.actors}

    def _worth(self, cast: str) -> tuple[int, int]:
        """Return the free TAO of a cast, and what the sale of all its stake would bring, in rao."""
        actors = [actor for actor in self._world.actors if actor.cast.name == cast]
        alpha = sum(actor.alpha() for actor in actors)
        return sum(actor.balance() for actor in actors), self._world.sale_of(alpha)

    def note(self, epoch: int) -> None:
        """Record an epoch that has just been run."""
        world, storage = self._world, self._world.chain.storage.SubtensorModule
        incentive, dividends = storage.Incentive[world.netuid], storage.Dividends[world.netuid]
        emission = storage.Emission[world.netuid]
        alpha = {actor.name: actor.alpha() for actor in world.actors}
        for cast in world.experiment.actors:
            actors = [actor for actor in world.actors if actor.cast.name == cast.name]
            uids = [uid for actor in actors for uid in actor.uids if uid < len(incentive)]
            self._casts.append(
                CastRow(
                    epoch,
                    cast.name,
                    len(uids),
                    int(incentive[uids].sum(dtype=np.int64)),
                    int(dividends[uids].sum(dtype=np.int64)),
                    int(emission[uids].sum(dtype=np.uint64)),
                    sum(alpha[actor.name] for actor in actors),
                    sum(actor.balance() for actor in actors),
                    sum(sum(actor.paid.values()) for actor in actors),
                    sum(actor.earned for actor in actors),
                )
            )
        self._subnet.append(self._subnet_row(epoch, incentive.tolist(), list(alpha.values())))

    def _subnet_row(self, epoch: int, incentive: list[int], stakes: list[int]) -> SubnetRow:
        world, storage = self._world, self._world.chain.storage.SubtensorModule
        miners = world.miners()
        paid = {uid: incentive[uid] for uid in miners if uid < len(incentive)}
        whole = sum(paid.values())
        quality = sum(miners[uid].quality * part for uid, part in paid.items()) / whole if whole else 0.0
        return SubnetRow(
            epoch,
            round(world.price() * RAO),
            storage.SubnetTAO[world.netuid],
            storage.SubnetAlphaIn[world.netuid],
            storage.Burn[world.netuid],
            millionths(gini(stakes)),
            millionths(top_share(stakes)),
            millionths(gini(list(paid.values()))),
            millionths(top_share(list(paid.values()))),
            millionths(quality),
            world.alpha_of(world.owner.account),
        )

    def record(self) -> Record:
        """Return what was recorded, with what each cast has at the end."""
        world, closing = self._world, []
        for cast in world.experiment.actors:
            actors = [actor for actor in world.actors if actor.cast.name == cast.name]
            (tao, sale), began = self._worth(cast.name), self._began[cast.name]
            paid = sum(sum(actor.paid.values()) for actor in actors)
            earned = sum(actor.earned for actor in actors)
            closing.append(Closing(cast.name, *began, tao, sale, paid, earned))
        failures = tuple(sorted(world.failures.items()))
        return Record(tuple(self._casts), tuple(self._subnet), tuple(closing), failures)
