"""The players of the simulation of subnets: keys with a view of the chain, from which moves are made."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from pysubtensor.chain.embed.chain import Chain
from pysubtensor.consensus.fixed import U64F64
from pysubtensor.runtime.crypto import Keypair
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.extrinsic import Sr25519
from pysubtensor.runtime.pallets.balances.accounts import account_data
from pysubtensor.runtime.pallets.limit_orders.declared import V1, Order, SignedOrder, VersionedOrder
from pysubtensor.runtime.pallets.subtensor.ledger.share_pool import get_stake_for_hotkey_and_coldkey_on_subnet
from pysubtensor.runtime.pallets.subtensor.staking.helpers import alpha_iter
from pysubtensor.runtime.pallets.subtensor.storage.networks import SubnetOwner
from pysubtensor.runtime.pallets.subtensor.storage.neurons import Keys, SubnetworkN
from pysubtensor.runtime.pallets.subtensor.storage.staking import OwnedHotkeys, Owner
from pysubtensor.runtime.pallets.subtensor.subnets.networks import get_all_subnet_netuids
from pysubtensor.runtime.pallets.swap import current_price

from tests.world import NAMES, TAO

from .repeatable import RepeatableKeypair

#: Hotkeys that a coldkey registers, and the names of hotkeys for each: a swap needs one that is not in use.
HOTKEYS, NAMED_HOTKEYS = 4, 8
#: A chain on which much happens in few blocks.
RULES: dict[str, Any] = {
    "tempo": 5,
    "admin_freeze_window": 0,
    "start_call_delay": 0,
    "network_rate_limit": 2,
    "network_immunity_period": 20,
    "network_min_lock_cost": 100 * TAO,
    "network_lock_reduction_interval": 10,
    "subnet_limit": 4,
    "max_epochs_per_block": 2,
    "owner_hyperparam_rate_limit": 0,
    "max_uids_trimming_rate_limit": 1,
    "mechanism_count_rate_limit": 1,
    "mechanism_emission_rate_limit": 1,
    "target_registrations_per_interval": 8,
    "serving_rate_limit": 1,
    "delegate_take_rate_limit": 1,
    "childkey_take_rate_limit": 1,
    "tx_rate_limit": 1,
    "pending_childkey_cooldown": 3,
    "coldkey_swap_announcement_delay": 4,
    "coldkey_swap_reannouncement_delay": 3,
    "hotkey_swap_on_subnet_interval": 3,
    "crowdloan_minimum_duration": 10,
    "owner_hotkey_rate_limit": 5,
}

#: Who signs, the call's name and its arguments; None when there is nothing to do it with.
Move = tuple[Keypair, str, dict[str, Any]] | None
MOVES: dict[str, tuple[int, Callable[[Players], Move]]] = {}
#: The hotkey, the coldkey and the subnet of a stake, and the alpha.
Stake = tuple[Keypair, Keypair, int, int]


def move(often: int) -> Callable[[Callable[[Players], Move]], Callable[[Players], Move]]:
    """Register a move with its relative frequency."""

    def add(made: Callable[[Players], Move]) -> Callable[[Players], Move]:
        MOVES[made.__name__] = often, made
        return made

    return add


def hotkeys() -> list[RepeatableKeypair]:
    return [RepeatableKeypair(f"//{name}//{number}") for name in NAMES for number in range(NAMED_HOTKEYS)]


class Players:
    """Coldkeys and their hotkeys, their view of the chain, their commits and their orders."""

    def __init__(self, chain: Chain, seed: int) -> None:
        self.chain, self.random = chain, Random(seed)
        #: The last ones own nothing until a coldkey is swapped for one of them.
        self.all_coldkeys: list[Keypair] = [
            RepeatableKeypair(f"//{name}{end}") for end in ("", "//cold") for name in NAMES
        ]
        self.hotkeys: list[Keypair] = [*hotkeys()]
        self.keys = {key.account: key for key in [*self.all_coldkeys, *self.hotkeys]}
        #: Hotkeys, the epoch in which they have committed, and the arguments of the reveal, oldest first.
        self.secrets: list[tuple[Keypair, int, dict[str, Any]]] = []
        #: Orders that relayers know, oldest first.
        self.orders: list[SignedOrder] = []

    @property
    def ctx(self) -> Context:
        """The state after the last block."""
        return self.chain.context()

    # --- keys ------------------------------------------------------------------------------------------------------

    @property
    def root(self) -> Keypair:
        """Alice, who holds the sudo key."""
        return self.all_coldkeys[0]

    @property
    def coldkeys(self) -> list[Keypair]:
        """The coldkeys that have more than a TAO."""
        return [key for key in self.all_coldkeys if account_data(self.ctx, key.account).free > TAO]

    def coldkey(self) -> Keypair:
        return self.random.choice(self.coldkeys)

    def hotkey(self) -> Keypair:
        return self.random.choice(self.hotkeys)

    def owned(self, coldkey: Keypair) -> list[Keypair]:
        """Return the hotkeys of a coldkey."""
        return [self.keys[each] for each in OwnedHotkeys.get(self.ctx, coldkey.account) if each in self.keys]

    def unused_hotkey(self) -> Keypair:
        """Return a hotkey without an owner, if there is one."""
        unused = [key for key in self.hotkeys if not Owner.contains(self.ctx, key.account)]
        return self.random.choice(unused or self.hotkeys)

    def pair(self) -> tuple[Keypair, bytes]:
        """Return a coldkey and one of its hotkeys, sometimes a foreign one."""
        coldkey = self.coldkey()
        owned = self.owned(coldkey)
        if self.random.random() < 0.05:
            return coldkey, self.hotkey().account
        if len(owned) < self.random.randint(1, HOTKEYS):
            return coldkey, self.unused_hotkey().account
        return coldkey, self.random.choice(owned).account

    def own_pair(self) -> tuple[Keypair, Keypair] | None:
        """Return a coldkey and a hotkey that it owns."""
        pairs = [(coldkey, hotkey) for coldkey in self.coldkeys for hotkey in self.owned(coldkey)]
        return self.random.choice(pairs) if pairs else None

    # --- subnets and stake -----------------------------------------------------------------------------------------

    def netuid(self) -> int:
        """Return a subnet, mostly a registered one: neither root nor that of block 0."""
        netuids = get_all_subnet_netuids(self.ctx)
        return self.random.choice(netuids[2:] or netuids if self.random.random() < 0.9 else netuids)

    def owner(self, netuid: int) -> Keypair:
        """Return its owner, sometimes another coldkey."""
        owner = self.keys.get(SubnetOwner.get(self.ctx, netuid))
        return owner if owner and self.random.random() < 0.95 else self.coldkey()

    def neuron(self, netuid: int) -> Keypair | None:
        """Return the hotkey of one of a subnet's neurons."""
        n = SubnetworkN.get(self.ctx, netuid)
        return self.keys.get(Keys.get(self.ctx, netuid, self.random.randrange(n))) if n else None

    def stake(self, *, on_root: bool = True, netuid: int | None = None) -> Stake | None:
        """Return one of the stakes, with a part of it, all of it, or more than there is."""
        keys = [key for key, _ in alpha_iter(self.ctx) if key[0] in self.keys and key[1] in self.keys]
        keys = [key for key in keys if (on_root or key[2]) and (netuid is None or key[2] == netuid)]
        if not keys:
            return None
        hotkey, coldkey, where = self.random.choice(keys)
        alpha = get_stake_for_hotkey_and_coldkey_on_subnet(self.ctx, hotkey, coldkey, where)
        part = self.random.choice([int(alpha * self.random.random()), alpha, min(self.amount(), alpha), 1 << 62])
        return self.keys[hotkey], self.keys[coldkey], where, part

    def amount(self, most: int = 500 * TAO) -> int:
        """Return an amount of any order of magnitude."""
        return int(most ** self.random.uniform(0.5, 1))

    def price(self, netuid: int, low: float = 0.7, high: float = 1.3) -> int:
        """Return a price in rao near that of a subnet's alpha, between these multiples of it."""
        rao = U64F64.to_int(current_price(self.ctx, netuid) * TAO, 64)
        return int(rao * self.random.uniform(low, high))

    def weights(self, netuid: int) -> tuple[list[int], list[int]]:
        """Return weights for some neurons of a subnet."""
        n = max(SubnetworkN.get(self.ctx, netuid), 1)
        uids = self.random.sample(range(n), self.random.randint(1, n))
        return uids, [self.random.choice([0, 1, self.random.randrange(65536)]) for _ in uids]

    # --- the game --------------------------------------------------------------------------------------------------

    def next(self) -> tuple[str, Move]:
        """Return the next move and its name."""
        names = list(MOVES)
        name = self.random.choices(names, [MOVES[each][0] for each in names])[0]
        return name, MOVES[name][1](self)


def by_root(players: Players, name: str, arguments: dict[str, Any]) -> Move:
    return players.root, "Sudo.sudo", {"call": players.chain.call(name, **arguments)}


def sign_order(key: Keypair, order: Order) -> SignedOrder:
    """Return an order with its signer's signature."""
    version = V1(order)
    return SignedOrder(version, Sr25519(key.sign(VersionedOrder.scale.encode(version))), None)
