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


def dealt(me: Actor, world: World, honest: dict[int, float], greed: float) -> dict[int, float]:
    """Return the part `greed` of weight for the actor's own miners, and the rest for the others, as is honest."""
    own = [uid for uid, miner in world.miners().items() if miner is me]
    others = {uid: score for uid, score in honest.items() if uid not in own}
    whole = sum(others.values())
    if not own or not whole:
        return others or dict.fromkeys(own, 1.0)
    rest = {uid: (1.0 - greed) * score / whole for uid, score in others.items()}
    return rest | dict.fromkeys(own, greed / len(own))


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
        me.set_weights(dealt(me, world, self.weights(me, world), self.greed))


@dataclass
class Cabal(Validator):
    """A validator that sets weights only for the miners of one cast, `favours`."""

    instead: ClassVar[str] = "validator"
    favours: str = ""

    def act(self, me: Actor, world: World) -> None:
        favoured = {uid: 1.0 for uid, miner in world.miners().items() if miner.cast.name == self.favours}
        me.set_weights(favoured or self.weights(me, world))


@dataclass
class Investor(Validator):
    """An honest validator that buys stake for `spend` TAO in epoch `buy`, and sells all in epoch `leave`, if ever."""

    role: ClassVar[str] = ""
    spend: float = 1_000.0
    buy: int = 0
    leave: int = -1

    def begin(self, me: Actor, world: World) -> None:
        me.register(me.hotkeys[0])

    def act(self, me: Actor, world: World) -> None:
        if world.epoch == self.buy:
            me.buy(round(self.spend * RAO))
        if world.epoch == self.leave:
            for hotkey in me.hotkeys:
                if world.alpha_of(hotkey.account) > world.least_sale:
                    me.sell(world.alpha_of(hotkey.account), hotkey)
        elif (self.leave < 0 or world.epoch < self.leave) and world.has_permit(me):
            me.set_weights(self.weights(me, world))


@dataclass
class StakeBuyer(Investor):
    """A validator that buys its stake and deals with itself, as an investor and a self-dealer."""

    instead: ClassVar[str] = "investor"
    kept: ClassVar[tuple[str, ...]] = ("spend", "buy", "leave")
    greed: float = 1.0

    def begin(self, me: Actor, world: World) -> None:
        super().begin(me, world)
        me.register(me.new_hotkey(), mining=True)

    def weights(self, me: Actor, world: World) -> dict[int, float]:
        """Return the weights: `greed` for its own miner."""
        return dealt(me, world, super().weights(me, world), self.greed)


@dataclass
class Renter(SelfDealer):
    """A self-dealer with the stake of another actor, `landlord`, whose child it is, for `rent` TAO in each epoch."""

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
