"""What a strategy is: a class whose fields are its options, and whose methods act for one actor.

@dataclass
class Mine(Strategy):
    greed: float = 0.5

    def act(self, me, world):
        me.set_weights(world.scores(me))
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from ..actor import Actor
    from ..world import World


@dataclass
class Strategy:
    """An actor that does nothing. Each actor has an instance of its own, which may keep what it learns."""

    #: What the actor is registered as at the beginning: "validator", "miner", or "" for not at all.
    role: ClassVar[str] = "validator"
    #: Whether the actor acts after the others in an epoch, and so sees what they did openly.
    late: ClassVar[bool] = False
    #: The honest strategy with which this one is compared; "": the actor would stay away.
    instead: ClassVar[str] = ""
    #: The options that the honest strategy has, too, with the same values.
    kept: ClassVar[tuple[str, ...]] = ()

    def begin(self, me: Actor, world: World) -> None:
        """Prepare, once, before the first epoch."""

    def act(self, me: Actor, world: World) -> None:
        """Act, once in each epoch; calls go into the next block."""
