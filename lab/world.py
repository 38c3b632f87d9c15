"""The world of one experiment: a chain with a subnet, its actors, and what they can see of each other."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..chain.embed.chain import Chain
from ..chain.history.blocks import Retention
from ..genesis.config import ChainConfig
from ..genesis.presets import dev
from ..runtime.client.receipt import Receipt, explain
from ..runtime.crypto import Keypair
from ..runtime.frame.call import Call
from ..runtime.scale import Sum
from .actor import RAO, Actor
from .errors import ExperimentError
from .evaluation import Judges
from .experiment import Cast, Experiment
from .sight import Sight
from .strategies import new_strategy

if TYPE_CHECKING:
    from ..chain.blocks import ImportedBlock

OWNER = "owner"
LEAST_SALE = 10**7
#: The name under which calls are counted for which the blocks of their epoch had no room.
LEFT_OUT = "no room in the blocks of the epoch"


class World:
    """A chain in memory with one subnet, on which the actors of an experiment act epoch by epoch."""

    def __init__(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.chain = Chain(self._config(), retention=Retention(8, 8))
        self.epoch = 0
        #: The least alpha that can be sold, in billionths, with some reserve.
        self.least_sale = LEAST_SALE
        #: Calls that the chain refused or that failed, by the name of the error.
        self.failures: dict[str, int] = {}
        self._uids: dict[bytes, int] | None = None
        self._keys: dict[str, Keypair] = {}
        self._queue: list[tuple[Actor, bytes, str]] = []
        self.actors = [Actor(self, cast, number, new_strategy(cast)) for cast, number in _numbered(experiment.actors)]
        self.named = {actor.name: actor for actor in self.actors}
        if len(self.named) < len(self.actors) or OWNER in self.named:
            raise ExperimentError("expected actors with different names, and none of the name owner")
        self._by_coldkey = {actor.coldkey.account: actor for actor in self.actors}
        self.netuid = self._register()
        self.owner = self.key(f"//{OWNER}//hot")
        self.judges = Judges(self)
        self.sight = Sight(self)
        for actor in self.actors:
            actor.strategy.begin(actor, self)

    def _config(self) -> ChainConfig:
        return dev(**self.experiment.chain_parameters())

    def _register(self) -> int:
        """Register the subnet and those that have a role in it, give all actors their means, and run an epoch."""
        roles = {
            role: [actor for actor in self.actors if actor.strategy.role == role] for role in ("validator", "miner")
        }
        keys = {role: [f"//{actor.name}" for actor in actors] for role, actors in roles.items()}
        subnet = self.chain.subnet(
            owner=f"//{OWNER}",
            validators=keys["validator"],
            miners=keys["miner"],
            stake=0,
            **self.experiment.subnet_parameters(),
        )
        netuid = subnet.netuid
        self.reveal_period = self._reveal_period(netuid)
        price = self.chain.apis.SwapRuntimeApi.current_alpha_price(netuid)
        self.chain.set_storage("SubtensorModule.SubnetMovingPrice", netuid, value=(price << 32) // RAO)
        stakes = self.experiment.stakes()
        for actor in self.actors:
            if stakes[actor.cast.name]:
                alpha = round(stakes[actor.cast.name] * RAO)
                self.chain.set_stake(netuid, actor.hotkeys[0].account, actor.coldkey.account, alpha)
            self.chain.set_balance(actor.coldkey.account, round(actor.cast.tao * RAO))
        self.chain.next_epoch(netuid)
        return netuid

    def _reveal_period(self, netuid: int) -> int:
        """Return after how many epochs weights are revealed, 0 where they are set openly."""
        storage = self.chain.storage.SubtensorModule
        return storage.RevealPeriodEpochs[netuid] if storage.CommitRevealWeightsEnabled[netuid] else 0

    # --- reading -------------------------------------------------------------------------------------------

    def random(self, purpose: str) -> random.Random:
        """Return a source of random numbers for one purpose, which depends on the seed alone."""
        return random.Random(f"{self.experiment.seed}/{purpose}")

    def key(self, uri: str) -> Keypair:
        """Return a key that signs for the account of a secret URI; the chain does not verify its signatures."""
        if uri not in self._keys:
            self._keys[uri] = self.chain.as_account(uri)
        return self._keys[uri]

    def uid_of(self, hotkey: bytes) -> int | None:
        """Return the uid of a hotkey, None when it is not registered."""
        return self.uids.get(hotkey)

    @property
    def uids(self) -> dict[bytes, int]:
        """The uid of each registered hotkey."""
        if self._uids is None:
            keys = self.chain.storage.SubtensorModule.Keys.under(self.netuid)
            self._uids = {hotkey: uid for uid, hotkey in sorted(keys)}
        return self._uids

    def alpha_of(self, hotkey: bytes) -> int:
        """Return the stake on a hotkey, in billionths of an alpha."""
        return self.chain.storage.SubtensorModule.TotalHotkeyAlpha[hotkey, self.netuid]

    def price(self) -> float:
        """Return the price of an alpha in TAO."""
        return self.chain.apis.SwapRuntimeApi.current_alpha_price(self.netuid) / RAO

    def sale_of(self, alpha: int) -> int:
        """Return the rao that a sale of this alpha would bring now, after the price has fallen by it."""
        return self.chain.apis.SwapRuntimeApi.sim_swap_alpha_for_tao(self.netuid, alpha).tao_amount if alpha else 0

    def burn(self) -> float:
        """Return the price of a registration in TAO."""
        return self.chain.storage.SubtensorModule.Burn[self.netuid] / RAO

    def has_permit(self, actor: Actor) -> bool:
        """Return whether an actor's first hotkey may set weights."""
        uid = self.uid_of(actor.hotkeys[0].account)
        permits = self.chain.storage.SubtensorModule.ValidatorPermit[self.netuid]
        return uid is not None and uid < len(permits) and bool(permits[uid])

    def actor(self, name: str) -> Actor:
        """Return an actor by its name."""
        if name not in self.named:
            raise ExperimentError(f"expected the name of an actor, got {name!r:.60}: there are {', '.join(self.named)}")
        return self.named[name]

    def miners(self) -> dict[int, Actor]:
        """Return the actor behind each uid that answers as a miner."""
        found = {
            self.uid_of(hotkey.account): actor
            for actor in self.actors
            for hotkey in actor.hotkeys
            if hotkey.account in actor.mining
        }
        return {uid: actor for uid, actor in found.items() if uid is not None}

    # --- seeing --------------------------------------------------------------------------------------------

    def scores(self, me: Actor) -> dict[int, float]:
        """Return the weights that follow from an own evaluation of all miners, by uid."""
        return self.judges.scores(me)

    def consensus(self, me: Actor, delay: int = 0) -> dict[int, float]:
        """Return the weights, by uid, on which others agree as far as can be seen, `delay` epochs before."""
        return self.sight.consensus(me, delay)

    def post(self, hotkey: Keypair, weights: Mapping[int, float]) -> None:
        """Let others see weights that are set openly in this epoch, before the block that includes them."""
        self.sight.post(hotkey, weights)

    # --- acting --------------------------------------------------------------------------------------------

    def send(self, actor: Actor, signer: Keypair, call: Call, purpose: str = "") -> None:
        """Put a call into the next block; what it costs is counted as the actor's expense for this purpose."""
        self._queue.append((actor, self.chain.sign(call, signer, nonce=self._nonce(signer)), purpose))
        self.chain.submit(self._queue[-1][1])

    def _nonce(self, signer: Keypair) -> int:
        return self.chain.pool.next_nonce(signer.account)

    def play_epoch(self) -> None:
        """Let all actors act, and run the subnet's next epoch."""
        self.judges.drift()
        for actor in sorted(self.actors, key=lambda each: each.strategy.late):
            actor.reveal()
            actor.strategy.act(actor, self)
        for _ in range(self.experiment.tempo):
            self._account(self.chain.produce_block())
        for _ in self._queue:
            self._count_failure(LEFT_OUT)
        self._queue.clear()
        self._uids = None
        self.sight.end_epoch()
        self.epoch += 1

    def _account(self, block: ImportedBlock) -> None:
        """Count what the calls of this epoch cost and brought, and which failed."""
        places = {raw: index for index, raw in enumerate(block.extrinsics)}
        events = _events_by_extrinsic(block)
        included = [each for each in self._queue if each[1] in places]
        self._queue = [each for each in self._queue if each[1] not in places]
        for actor, raw, purpose in included:
            index = places[raw]
            receipt = Receipt(block.hash, block.number, index, tuple(events[index]))
            if receipt.error is not None:
                self._count_failure(explain(receipt.error)[0])
            if purpose or receipt.fee:
                self._count_money(actor, receipt, purpose)

    def _count_failure(self, name: str) -> None:
        self.failures[name] = self.failures.get(name, 0) + 1

    def _count_money(self, actor: Actor, receipt: Receipt, purpose: str) -> None:
        actor.paid["fees"] = actor.paid.get("fees", 0) + (receipt.fee or 0)
        for event in receipt.events_of(self.chain.events.Balances.Transfer):
            payer, payee = self._by_coldkey.get(event.from_), self._by_coldkey.get(event.to)
            if payer is not None:
                payer.paid[purpose] = payer.paid.get(purpose, 0) + event.amount
            if payee is not None:
                payee.earned += event.amount


def _events_by_extrinsic(block: ImportedBlock) -> list[list[Sum]]:
    """Return the events of each extrinsic of a block."""
    found: list[list[Sum]] = [[] for _ in block.extrinsics]
    for record, event in zip(block.records, block.deposited, strict=True):
        if record[0] == 0:  # the phase ApplyExtrinsic, with the index
            found[int.from_bytes(record[1:5], "little")].append(event)
    return found


def _numbered(casts: tuple[Cast, ...]) -> list[tuple[Cast, int]]:
    return [(cast, number) for cast in casts for number in range(1, cast.count + 1)]
