"""Validators: honest, lazy, copying, quitting."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from .strategy import Strategy

if TYPE_CHECKING:
    from ..actor import Actor
    from ..world import World


@dataclass
class Validator(Strategy):
    """An honest validator: it evaluates all miners in each epoch. With `dedupe` equal answers share one weight."""

    dedupe: bool = False

    def act(self, me: Actor, world: World) -> None:
        me.set_weights(self.weights(me, world))

    def weights(self, me: Actor, world: World) -> dict[int, float]:
        """Return the weights of an evaluation."""
        scores = world.scores(me)
        if not self.dedupe:
            return scores
        miners = world.miners()
        same: dict[str, int] = {}
        for uid in scores:
            same[miners[uid].name] = same.get(miners[uid].name, 0) + 1
        return {uid: score / same[miners[uid].name] for uid, score in scores.items()}


@dataclass
class Lazy(Validator):
    """A validator that evaluates every `every` epochs (0: only once), and sets the same weights until then."""

    instead: ClassVar[str] = "validator"
    every: int = 0
    _last: dict[int, float] = field(default_factory=dict, repr=False)

    def act(self, me: Actor, world: World) -> None:
        if not self._last or (self.every and world.epoch % self.every == 0):
            self._last = self.weights(me, world)
        me.set_weights(self._last)


@dataclass
class Copier(Strategy):
    """A validator that evaluates nothing: it sets the weights on which others agreed `delay` epochs before.

    With a delay of 0 it reads what others set in the same epoch. It sees only what is open: with commit-reveal,
    weights that were revealed.
    """

    late: ClassVar[bool] = True
    instead: ClassVar[str] = "validator"
    delay: int = 0

    def act(self, me: Actor, world: World) -> None:
        me.set_weights(world.consensus(me, self.delay))


@dataclass
class Quitter(Validator):
    """An honest validator that sells all its stake in epoch `after`, and evaluates no longer."""

    instead: ClassVar[str] = "validator"
    after: int = 50

    def act(self, me: Actor, world: World) -> None:
        if world.epoch < self.after:
            super().act(me, world)
        elif world.epoch == self.after:
            me.sell(me.alpha())
