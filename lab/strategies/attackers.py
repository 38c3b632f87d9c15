"""Validators that pay their own miners: with their stake, with bought stake, with rented stake, together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from .strategy import Strategy
from .validators import Validator

if TYPE_CHECKING:
    from ..actor import Actor
    from ..world import World

RAO = 10**9


@dataclass
class SelfDealer(Validator):
    """A validator with a miner of its own, which is worth nothing and gets the part `greed` of its weight.

    The rest of the weight follows an honest evaluation.
    """

    instead: ClassVar[str] = "validator"
    greed: float = 1.0

    def begin(self, me: Actor, world: World) -> None:
        me.register(me.new_hotkey(), mining=True)

    def act(self, me: Actor, world: World) -> None:
        me.set_weights(self.dealt(me, world))

    def dealt(self, me: Actor, world: World) -> dict[int, float]:
        """Return the weights: `greed` for its own miners, and the rest for the others."""
        own = [uid for uid, miner in world.miners().items() if miner is me]
        scores = {uid: score for uid, score in self.weights(me, world).items() if uid not in own}
        if not own:
            return scores
        whole = sum(scores.values()) or 1.0
        honest = {uid: (1.0 - self.greed) * score / whole for uid, score in scores.items()}
        return honest | {uid: self.greed / len(own) for uid in own}


@dataclass
class Cabal(Validator):
    """A validator that sets weights only for the miners of one cast, `favours`."""

    instead: ClassVar[str] = "validator"
    favours: str = ""

    def act(self, me: Actor, world: World) -> None:
        favoured = {uid: 1.0 for uid, miner in world.miners().items() if miner.cast.name == self.favours}
        me.set_weights(favoured or self.weights(me, world))


@dataclass
class StakeBuyer(SelfDealer):
    """A self-dealer that first buys stake for `spend` TAO in epoch `buy`, and sells everything in epoch `leave`."""

    role: ClassVar[str] = ""
    instead: ClassVar[str] = ""
    spend: float = 1_000.0
    buy: int = 0
    leave: int = -1

    def begin(self, me: Actor, world: World) -> None:
        me.register(me.hotkeys[0])
        super().begin(me, world)

    def act(self, me: Actor, world: World) -> None:
        if world.epoch == self.buy:
            me.buy(round(self.spend * RAO))
        if world.epoch == self.leave:
            for hotkey in me.hotkeys:
                if world.alpha_of(hotkey.account) > world.least_sale:
                    me.sell(world.alpha_of(hotkey.account), hotkey)
        elif (self.leave < 0 or world.epoch < self.leave) and world.has_permit(me):
            super().act(me, world)


@dataclass
class Renter(SelfDealer):
    """A self-dealer with the stake of another actor, `landlord`, whose child it is, for `rent` TAO in each epoch."""

    role: ClassVar[str] = "validator"
    instead: ClassVar[str] = ""
    landlord: str = ""
    share: float = 1.0
    rent: float = 0.0

    def begin(self, me: Actor, world: World) -> None:
        super().begin(me, world)
        world.actor(self.landlord).delegate(me.hotkeys[0], self.share)

    def act(self, me: Actor, world: World) -> None:
        if self.rent:
            me.pay(world.actor(self.landlord), round(self.rent * RAO))
        if world.has_permit(me):
            super().act(me, world)


@dataclass
class Holder(Strategy):
    """A validator that only holds its stake: it sets no weights. Its stake may be rented."""
