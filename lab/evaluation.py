"""How miners perform, and how validators judge them: quality that moves, and scores with errors."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .actor import Actor
    from .world import World

#: Bounds of the quality that is drawn for a miner.
LEAST, MOST = 0.2, 1.0


class Judges:
    """The qualities of all miners, and the scores that validators give."""

    def __init__(self, world: World) -> None:
        self._world, self._rules = world, world.experiment.evaluation
        self._drift = world.random("drift")
        self._errors: dict[str, random.Random] = {}

    def draw(self, source: random.Random) -> float:
        """Return a quality, drawn evenly from its range."""
        return LEAST + (MOST - LEAST) * source.random()

    def drift(self) -> None:
        """Draw the quality of some miners anew, at the beginning of an epoch."""
        if not self._rules.drift:
            return
        for actor in self._world.actors:
            if actor.drifts and self._drift.random() < self._rules.drift:
                actor.quality = self.draw(self._drift)

    def appearance(self, miner: Actor) -> float:
        """Return the score that an evaluation without error gives a miner."""
        rubric = self._rules.rubric
        return (1.0 - rubric) * miner.quality + rubric * miner.polish

    def scores(self, me: Actor) -> dict[int, float]:
        """Return the weights that an evaluation of all miners gives, by uid."""
        errors = self._errors.setdefault(me.name, self._world.random(f"errors of {me.name}"))
        found = {}
        for uid, miner in self._world.miners().items():
            score = self.appearance(miner) + errors.gauss(0.0, self._rules.noise)
            found[uid] = max(score, 0.0) ** self._rules.power
        return found
