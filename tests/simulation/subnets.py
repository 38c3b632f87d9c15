"""A seeded simulation of subnets: valid calls about existing subnets, neurons and stakes.

    python -m tests.simulation.subnets SEED [--blocks N]

The random calls of `simulate` mostly fail at the first check; these mostly succeed. Subnets are registered and pruned,
neurons replace each other, epochs pay, root changes parameters. After every block the invariants are checked, and
another chain must reach the same state.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

import numpy as np
from pysubtensor.chain.blocks import ImportedBlock
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.pool.rejections import Rejected
from pysubtensor.genesis.presets import dev
from pysubtensor.runtime import invariants
from pysubtensor.runtime.client.receipt import error_in
from pysubtensor.runtime.crypto import Keypair
from pysubtensor.runtime.pallets.subtensor.declared.events import IncentiveAlphaEmittedToMiners
from pysubtensor.runtime.pallets.subtensor.staking.helpers import alpha_iter
from pysubtensor.runtime.pallets.subtensor.storage.networks import SubnetOwner
from pysubtensor.runtime.pallets.subtensor.storage.neurons import Keys, SubnetworkN
from pysubtensor.runtime.pallets.subtensor.storage.tempo import SubnetEpochIndex
from pysubtensor.runtime.pallets.subtensor.subnets.networks import get_all_subnet_netuids
from pysubtensor.runtime.pallets.subtensor.weights.commit_reveal import get_commit_hash

from tests.world import KEYS, NAMES, TAO

from .simulate import Broken, import_head

#: Hotkeys of each coldkey, and calls that are made before each block.
HOTKEYS, PER_BLOCK = 4, 16
#: A chain on which much happens in few blocks.
RULES: dict[str, Any] = {
    "tempo": 5,
    "admin_freeze_window": 0,
    "start_call_delay": 0,
    "network_rate_limit": 2,
    "network_immunity_period": 20,
    "network_min_lock_cost": 10 * TAO,
    "network_lock_reduction_interval": 10,
    "subnet_limit": 4,
    "max_epochs_per_block": 2,
    "owner_hyperparam_rate_limit": 0,
    "max_uids_trimming_rate_limit": 1,
    "mechanism_count_rate_limit": 1,
    "mechanism_emission_rate_limit": 1,
    "target_registrations_per_interval": 8,
    "serving_rate_limit": 1,
}

#: Who signs, the call's name and its arguments; None when there is nothing to do it with.
Move = tuple[Keypair, str, dict[str, Any]] | None
MOVES: dict[str, tuple[int, Callable[[Players], Move]]] = {}


def move(often: int) -> Callable[[Callable[[Players], Move]], Callable[[Players], Move]]:
    """Register a move with its relative frequency."""

    def add(made: Callable[[Players], Move]) -> Callable[[Players], Move]:
        MOVES[made.__name__] = often, made
        return made

    return add


class Players:
    """Coldkeys and their hotkeys, their view of the chain, and their commits."""

    def __init__(self, chain: Chain, seed: int) -> None:
        self.chain, self.random = chain, Random(seed)
        self.coldkeys = list(KEYS)
        self.hotkeys = hotkeys()
        self.keys = {key.account: key for key in [*self.coldkeys, *self.hotkeys]}
        #: Hotkeys, the epoch in which they have committed, and the arguments of the reveal, oldest first.
        self.secrets: list[tuple[Keypair, int, dict[str, Any]]] = []

    @property
    def root(self) -> Keypair:
        """Alice, who holds the sudo key."""
        return self.coldkeys[0]

    def coldkey(self) -> Keypair:
        return self.random.choice(self.coldkeys)

    def pair(self) -> tuple[Keypair, bytes]:
        """Return a coldkey and one of its hotkeys, sometimes a foreign one."""
        coldkey = self.random.randrange(len(self.coldkeys))
        number = coldkey * HOTKEYS + self.random.randrange(HOTKEYS)
        hotkey = self.hotkeys[number] if self.random.random() < 0.95 else self.random.choice(self.hotkeys)
        return self.coldkeys[coldkey], hotkey.account

    def netuid(self) -> int:
        """Return a subnet, mostly a registered one: neither root nor that of block 0."""
        netuids = get_all_subnet_netuids(self.chain.context())
        return self.random.choice(netuids[2:] or netuids if self.random.random() < 0.9 else netuids)

    def owner(self, netuid: int) -> Keypair:
        """Return its owner, sometimes another coldkey."""
        owner = self.keys.get(SubnetOwner.get(self.chain.context(), netuid))
        return owner if owner and self.random.random() < 0.95 else self.coldkey()

    def neuron(self, netuid: int) -> Keypair | None:
        """Return the hotkey of one of a subnet's neurons."""
        ctx = self.chain.context()
        n = SubnetworkN.get(ctx, netuid)
        return self.keys.get(Keys.get(ctx, netuid, self.random.randrange(n))) if n else None

    def amount(self, most: int = 500 * TAO) -> int:
        """Return an amount of any order of magnitude."""
        return int(most ** self.random.uniform(0.5, 1))

    def weights(self, netuid: int) -> tuple[list[int], list[int]]:
        """Return weights for some neurons of a subnet."""
        n = max(SubnetworkN.get(self.chain.context(), netuid), 1)
        uids = self.random.sample(range(n), self.random.randint(1, n))
        return uids, [self.random.choice([0, 1, self.random.randrange(65536)]) for _ in uids]

    def next(self) -> tuple[str, Move]:
        """Return the next move and its name."""
        names = list(MOVES)
        name = self.random.choices(names, [MOVES[each][0] for each in names])[0]
        return name, MOVES[name][1](self)


def hotkeys() -> list[Keypair]:
    return [Keypair.from_uri(f"//{name}//{number}") for name in NAMES for number in range(HOTKEYS)]


# --- subnets and neurons -------------------------------------------------------------------------------------------


@move(1)
def register_network(players: Players) -> Move:
    coldkey, hotkey = players.pair()
    return coldkey, "SubtensorModule.register_network", {"hotkey": hotkey}


@move(8)
def start_call(players: Players) -> Move:
    netuid = players.netuid()
    return players.owner(netuid), "SubtensorModule.start_call", {"netuid": netuid}


@move(30)
def burned_register(players: Players) -> Move:
    coldkey, hotkey = players.pair()
    return coldkey, "SubtensorModule.burned_register", {"netuid": players.netuid(), "hotkey": hotkey}


@move(5)
def register_limit(players: Players) -> Move:
    coldkey, hotkey = players.pair()
    arguments = {"netuid": players.netuid(), "hotkey": hotkey, "limit_price": players.amount()}
    return coldkey, "SubtensorModule.register_limit", arguments


@move(5)
def root_register(players: Players) -> Move:
    coldkey, hotkey = players.pair()
    return coldkey, "SubtensorModule.root_register", {"hotkey": hotkey}


@move(4)
def serve_axon(players: Players) -> Move:
    netuid = players.netuid()
    neuron = players.neuron(netuid)
    where = {"ip": 0x08080808, "port": 8091, "ip_type": 4, "protocol": 0, "placeholder1": 0, "placeholder2": 0}
    return neuron and (neuron, "SubtensorModule.serve_axon", {"netuid": netuid, "version": 1, **where})


# --- stake ---------------------------------------------------------------------------------------------------------


@move(40)
def add_stake(players: Players) -> Move:
    netuid = 0 if players.random.random() < 0.2 else players.netuid()
    hotkey = players.neuron(netuid) or players.random.choice(players.hotkeys)
    arguments = {"hotkey": hotkey.account, "netuid": netuid, "amount_staked": players.amount()}
    return players.coldkey(), "SubtensorModule.add_stake", arguments


@move(12)
def remove_stake(players: Players) -> Move:
    ctx = players.chain.context()
    stakes = [key for key, _ in alpha_iter(ctx) if key[1] in players.keys]
    if not stakes:
        return None
    hotkey, coldkey, netuid = players.random.choice(stakes)
    alpha = players.random.choice([players.amount(), 1 << 63])
    arguments = {"hotkey": hotkey, "netuid": netuid, "amount_unstaked": alpha}
    return players.keys[coldkey], "SubtensorModule.remove_stake", arguments


# --- weights -------------------------------------------------------------------------------------------------------


@move(40)
def set_weights(players: Players) -> Move:
    netuid = players.netuid()
    neuron, (uids, weights) = players.neuron(netuid), players.weights(netuid)
    arguments = {"netuid": netuid, "dests": uids, "weights": weights, "version_key": 0}
    return neuron and (neuron, "SubtensorModule.set_weights", arguments)


@move(20)
def commit_weights(players: Players) -> Move:
    netuid = players.netuid()
    neuron, (uids, values) = players.neuron(netuid), players.weights(netuid)
    if neuron is None:
        return None
    given = [np.array(part, np.uint16) for part in (uids, values, [players.random.randrange(65536)])]
    commit = get_commit_hash(neuron.account, netuid, *given, 0)
    uids, values, salt = (part.tolist() for part in given)
    reveal = {"netuid": netuid, "uids": uids, "values": values, "salt": salt, "version_key": 0}
    players.secrets.append((neuron, SubnetEpochIndex.get(players.chain.context(), netuid), reveal))
    return neuron, "SubtensorModule.commit_weights", {"netuid": netuid, "commit_hash": commit}


@move(25)
def reveal_weights(players: Players) -> Move:
    ctx = players.chain.context()
    due = [
        (neuron, reveal)
        for neuron, epoch, reveal in players.secrets[-40:]
        if SubnetEpochIndex.get(ctx, reveal["netuid"]) == epoch + 1
    ]
    neuron, reveal = players.random.choice(due or [(players.hotkeys[0], None)])
    return reveal and (neuron, "SubtensorModule.reveal_weights", reveal)


@move(6)
def commit_timelocked_weights(players: Players) -> Move:
    netuid = players.netuid()
    neuron = players.neuron(netuid)
    sealed = {"commit": players.random.randbytes(50), "reveal_round": 1_000, "commit_reveal_version": 4}
    return neuron and (neuron, "SubtensorModule.commit_timelocked_weights", {"netuid": netuid, **sealed})


# --- what owners and root turn -------------------------------------------------------------------------------------

#: Parameters of subnets and values that they may take.
PARAMETERS: dict[str, Callable[[Random], dict[str, Any]]] = {
    "sudo_set_tempo": lambda chance: {"tempo": chance.randint(2, 12)},
    "sudo_set_weights_set_rate_limit": lambda chance: {"weights_set_rate_limit": chance.choice([0, 1, 5])},
    "sudo_set_max_allowed_uids": lambda chance: {"max_allowed_uids": chance.choice([64, 70, 100, 256])},
    "sudo_trim_to_max_allowed_uids": lambda chance: {"max_n": chance.choice([16, 64, 100])},
    "sudo_set_immunity_period": lambda chance: {"immunity_period": chance.choice([0, 5, 100])},
    "sudo_set_yuma3_enabled": lambda chance: {"enabled": chance.random() < 0.5},
    "sudo_set_liquid_alpha_enabled": lambda chance: {"enabled": chance.random() < 0.5},
    "sudo_set_bonds_penalty": lambda chance: {"bonds_penalty": chance.choice([0, 32767, 65535])},
    "sudo_set_mechanism_count": lambda chance: {"mechanism_count": chance.randint(1, 2)},
    "sudo_set_subtoken_enabled": lambda chance: {"subtoken_enabled": chance.random() < 0.97},
    "sudo_set_recycle_or_burn": lambda chance: {"recycle_or_burn": chance.choice(["Burn", "Recycle"])},
    "sudo_set_owner_cut_enabled": lambda chance: {"enabled": chance.random() < 0.7},
    "sudo_set_owner_cut_auto_lock_enabled": lambda chance: {"enabled": chance.random() < 0.5},
    "sudo_set_max_allowed_validators": lambda chance: {"max_allowed_validators": chance.choice([1, 4, 64])},
    "sudo_set_min_burn": lambda chance: {"min_burn": chance.randrange(TAO)},
    "sudo_set_max_burn": lambda chance: {"max_burn": chance.randrange(TAO // 5, 100 * TAO)},
    "sudo_set_network_registration_allowed": lambda chance: {"registration_allowed": chance.random() < 0.97},
    "sudo_set_subnet_emission_enabled": lambda chance: {"enabled": chance.random() < 0.97},
    "sudo_set_kappa": lambda chance: {"kappa": chance.choice([0, 32767, 65535])},
}
#: Parameters of the whole chain.
OF_THE_CHAIN: dict[str, Callable[[Random], dict[str, Any]]] = {
    "sudo_set_stake_threshold": lambda chance: {"min_stake": chance.choice([0, 0, 0, TAO // 100])},
    "sudo_set_subnet_owner_cut": lambda chance: {"subnet_owner_cut": chance.choice([0, 11_796, 30_000])},
    "sudo_set_nominator_min_required_stake": lambda chance: {"min_stake": chance.choice([0, TAO // 10])},
    "sudo_set_subnet_limit": lambda chance: {"max_subnets": chance.randint(3, 5)},
}


def by_root(players: Players, name: str, arguments: dict[str, Any]) -> Move:
    return players.root, "Sudo.sudo", {"call": players.chain.call(name, **arguments)}


@move(8)
def set_parameter(players: Players) -> Move:
    name = players.random.choice(list(PARAMETERS))
    return by_root(players, f"AdminUtils.{name}", {"netuid": players.netuid(), **PARAMETERS[name](players.random)})


@move(6)
def let_weights_come(players: Players) -> Move:
    """Remove the limits on setting and committing weights."""
    netuid, hidden = players.netuid(), players.random.random() < 0.5
    calls = [
        players.chain.call("AdminUtils.sudo_set_commit_reveal_weights_enabled", netuid=netuid, enabled=hidden),
        players.chain.call("AdminUtils.sudo_set_weights_set_rate_limit", netuid=netuid, weights_set_rate_limit=0),
    ]
    return by_root(players, "Utility.batch_all", {"calls": calls})


@move(2)
def set_parameter_of_the_chain(players: Players) -> Move:
    name = players.random.choice(list(OF_THE_CHAIN))
    return by_root(players, f"AdminUtils.{name}", OF_THE_CHAIN[name](players.random))


@move(1)
def dissolve_network(players: Players) -> Move:
    return by_root(players, "SubtensorModule.root_dissolve_network", {"netuid": players.netuid()})


# --- the game ------------------------------------------------------------------------------------------------------


def chain_of_subnets() -> Chain:
    funds = {key.account: 100 * TAO for key in hotkeys()}
    return Chain(dev(**RULES, balances={**dev().balances, **funds}))


def live(seed: int, blocks: int) -> Counter[str]:
    """Run a simulation; return how often each move succeeded, by name, and "block with an epoch" for such blocks."""
    counts: Counter[str] = Counter()
    with chain_of_subnets() as chain, chain_of_subnets() as witness:
        players = Players(chain, seed)
        for _ in range(blocks):
            try:
                play_block(players, counts)
                invariants.check(chain.context())
                import_head(chain, witness)
            except Exception as error:
                raise Broken(f"seed {seed}, block {chain.head.number}: {error}") from error
    return counts


def play_block(players: Players, counts: Counter[str]) -> None:
    """Submit some moves, produce a block, and count which of them succeeded."""
    chain, names = players.chain, dict[bytes, str]()
    for _ in range(players.random.randrange(PER_BLOCK)):
        name, made = players.next()
        if made is None:
            continue
        key, call, arguments = made
        raw = chain.sign(chain.call(call, **arguments), key)
        try:
            chain.submit(raw)
        except Rejected:
            continue
        names[raw] = name
    block = chain.produce_block()
    counts.update(names[raw] for index, raw in enumerate(block.extrinsics) if raw in names and went_well(block, index))
    counts["block with an epoch"] += any(
        isinstance(record.event, IncentiveAlphaEmittedToMiners) for record in block.events
    )


def went_well(block: ImportedBlock, index: int) -> bool:
    return error_in(block.events_of(index)) is None


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation.subnets", description=__doc__.splitlines()[0])
    parser.add_argument("seed", type=int)
    parser.add_argument("--blocks", type=int, default=1_000)
    given = parser.parse_args(arguments)
    counts = live(given.seed, given.blocks)
    sys.stdout.write("".join(f"{count:8} {name}\n" for name, count in counts.most_common()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
