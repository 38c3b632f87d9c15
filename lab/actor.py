"""Actors: accounts with hotkeys, and what a strategy does with them. Calls go into the next block, in their order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ..runtime.crypto import Keypair
from ..runtime.pallets.subtensor.weights.commit_reveal import get_commit_hash

if TYPE_CHECKING:
    from .experiment import Cast
    from .strategies.strategy import Strategy
    from .world import World

RAO = 10**9
U16 = 65_535
WHOLE = (1 << 64) - 1
Weights = Mapping[int, float]


def scaled(weights: Weights) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return uids and u16 weights of which the largest is 65535; weights that round to 0 are left out."""
    most = max(weights.values(), default=0.0)
    rounded = {uid: round(U16 * weight / most) for uid, weight in sorted(weights.items()) if weight > 0.0}
    kept = {uid: weight for uid, weight in rounded.items() if weight}
    return np.array(list(kept), np.uint16), np.array(list(kept.values()), np.uint16)


class Actor:
    """A coldkey with hotkeys and a strategy."""

    def __init__(self, world: World, cast: Cast, number: int, strategy: Strategy) -> None:
        self.world, self.cast, self.strategy = world, cast, strategy
        self.name = cast.name if cast.count == 1 else f"{cast.name}-{number}"
        self.coldkey = world.key(f"//{self.name}")
        #: The first one is registered at the beginning, if the strategy has a role; see `new_hotkey`.
        self.hotkeys: list[Keypair] = [world.key(f"//{self.name}//hot")]
        #: TAO in rao that it spent and received so far, by what for.
        self.paid: dict[str, int] = {}
        self.earned = 0
        #: Miners' answers: what they are worth, and how well they fit the rubric of the evaluation.
        self.quality = 0.0
        self.polish = 0.0
        #: Whether its quality is drawn anew where quality drifts.
        self.drifts = False
        #: Its hotkeys that answer as miners.
        self.mining = {self.hotkeys[0].account} if strategy.role == "miner" else set[bytes]()
        self._sealed: list[tuple[int, dict[str, Any]]] = []

    # --- reading -------------------------------------------------------------------------------------------

    @property
    def uids(self) -> list[int]:
        """The uids of its hotkeys, in their order; without those that are not registered."""
        found = (self.world.uid_of(hotkey.account) for hotkey in self.hotkeys)
        return [uid for uid in found if uid is not None]

    def alpha(self) -> int:
        """Return its stake on its hotkeys, in billionths of an alpha."""
        return sum(self.world.alpha_of(hotkey.account) for hotkey in self.hotkeys)

    def balance(self) -> int:
        """Return its free TAO, in rao."""
        return self.world.chain.storage.System.Account[self.coldkey.account].data.free

    # --- acting --------------------------------------------------------------------------------------------

    def new_hotkey(self) -> Keypair:
        """Return another hotkey, which is not registered yet."""
        self.hotkeys.append(self.world.key(f"//{self.name}//hot{len(self.hotkeys) + 1}"))
        return self.hotkeys[-1]

    def register(self, hotkey: Keypair, *, mining: bool = False) -> None:
        """Register a hotkey at the present price, as a validator or for mining."""
        if mining:
            self.mining.add(hotkey.account)
        call = self.world.chain.calls.SubtensorModule.burned_register(netuid=self.world.netuid, hotkey=hotkey.account)
        self.world.send(self, self.coldkey, call, "registration")

    def set_weights(self, weights: Weights, hotkey: Keypair | None = None) -> None:
        """Set weights by uid, or commit to them where the subnet has commit-reveal; then they are revealed in time."""
        signer = hotkey or self.hotkeys[0]
        dests, values = scaled(weights)
        if not len(dests):
            return
        world, calls = self.world, self.world.chain.calls.SubtensorModule
        if not world.reveal_period:
            call = calls.set_weights(netuid=world.netuid, dests=dests, weights=values, version_key=0)
            world.post(signer, dict(zip(dests.tolist(), values.tolist(), strict=True)))
            world.send(self, signer, call)
            return
        salt = np.array([world.epoch, len(self._sealed)], np.uint16)
        digest = get_commit_hash(signer.account, world.netuid, dests, values, salt, 0)
        opened = {"uids": dests, "values": values, "salt": salt, "version_key": 0}
        self._sealed.append((world.epoch + world.reveal_period, {"signer": signer, **opened}))
        world.send(self, signer, calls.commit_weights(netuid=world.netuid, commit_hash=digest))

    def reveal(self) -> None:
        """Reveal the weights whose time has come."""
        due = [opened for epoch, opened in self._sealed if epoch <= self.world.epoch]
        self._sealed = [each for each in self._sealed if each[0] > self.world.epoch]
        for opened in due:
            signer = opened.pop("signer")
            self.world.post(signer, dict(zip(opened["uids"].tolist(), opened["values"].tolist(), strict=True)))
            call = self.world.chain.calls.SubtensorModule.reveal_weights(netuid=self.world.netuid, **opened)
            self.world.send(self, signer, call)

    def buy(self, rao: int, hotkey: Keypair | None = None) -> None:
        """Stake TAO on a hotkey (by default the first one), at the price of the pool."""
        target = (hotkey or self.hotkeys[0]).account
        call = self.world.chain.calls.SubtensorModule.add_stake(
            hotkey=target, netuid=self.world.netuid, amount_staked=rao
        )
        self.world.send(self, self.coldkey, call, "stake")

    def sell(self, alpha: int, hotkey: Keypair | None = None) -> None:
        """Sell stake of a hotkey, in billionths of an alpha, at the price of the pool."""
        target = (hotkey or self.hotkeys[0]).account
        call = self.world.chain.calls.SubtensorModule.remove_stake(
            hotkey=target, netuid=self.world.netuid, amount_unstaked=alpha
        )
        self.world.send(self, self.coldkey, call)

    def pay(self, other: Actor, rao: int) -> None:
        """Transfer TAO to another actor."""
        call = self.world.chain.calls.Balances.transfer_keep_alive(dest=other.coldkey.account, value=rao)
        self.world.send(self, self.coldkey, call, "rent")

    def delegate(self, child: Keypair, share: float) -> None:
        """Let a part of the stake of the first hotkey count for another hotkey, its child, after the cooldown."""
        call = self.world.chain.calls.SubtensorModule.set_children(
            hotkey=self.hotkeys[0].account,
            netuid=self.world.netuid,
            children=[(round(share * RAO) * WHOLE // RAO, child.account)],
        )
        self.world.send(self, self.coldkey, call)
