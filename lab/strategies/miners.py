"""Miners: honest ones, those that please the rubric, and swarms of one operator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from .strategy import Strategy

if TYPE_CHECKING:
    from ..actor import Actor
    from ..world import World


@dataclass
class Miner(Strategy):
    """A miner of a quality (0 to 1; None: drawn, and drawn anew where quality drifts), that sells what it earns.

    `polish` is how well its answers fit a rubric (None: as well as its quality); `sell` the part of its earnings that
    it sells in each epoch.
    """

    role: ClassVar[str] = "miner"
    quality: float | None = None
    polish: float | None = None
    sell: float = 0.0

    def begin(self, me: Actor, world: World) -> None:
        drawn = world.judges.draw(world.random(f"quality of {me.name}"))
        me.quality, me.drifts = (drawn, True) if self.quality is None else (self.quality, False)
        me.polish = me.quality if self.polish is None else self.polish

    def act(self, me: Actor, world: World) -> None:
        if self.sell:
            for hotkey in me.hotkeys:
                amount = int(self.sell * world.alpha_of(hotkey.account))
                if amount > world.least_sale:
                    me.sell(amount, hotkey)


@dataclass
class RubricGamer(Miner):
    """A miner whose answers please the rubric and are worth little."""

    instead: ClassVar[str] = "miner"
    quality: float | None = 0.1
    polish: float | None = 1.0


@dataclass
class Swarm(Miner):
    """An operator that registers `neurons` miners, `each_epoch` of them at a time, which all give the same answer.

    It pays each registration, up to `most` TAO, and stays away otherwise. A neuron that was pruned is replaced.
    """

    role: ClassVar[str] = ""
    neurons: int = 12
    each_epoch: int = 4
    most: float = 100.0
    start: int = 0

    def act(self, me: Actor, world: World) -> None:
        if world.epoch >= self.start:
            missing = [hotkey for hotkey in me.hotkeys if world.uid_of(hotkey.account) is None]
            while len(me.hotkeys) < self.neurons and len(missing) < self.each_epoch:
                missing.append(me.new_hotkey())
            for hotkey in missing[: self.each_epoch]:
                if world.burn() <= self.most:
                    me.register(hotkey, mining=True)
        super().act(me, world)
