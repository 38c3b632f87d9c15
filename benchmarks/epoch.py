"""Epochs inside the chain: storage read and written, and what was earned given out, beside `consensus.yuma` alone.

And empty blocks of a chain with many subnets, of which each block emits to all and runs the epochs of two.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

import numpy as np
from pysubtensor.consensus import yuma
from pysubtensor.runtime import executive
from pysubtensor.runtime.frame.context import Block, Context
from pysubtensor.runtime.frame.digest import aura_pre_runtime
from pysubtensor.runtime.frame.events import Initialization
from pysubtensor.runtime.frame.extrinsic import ExtrinsicCodec
from pysubtensor.runtime.pallets import aura, system, timestamp
from pysubtensor.runtime.pallets.subtensor.account import create_account_if_non_existent
from pysubtensor.runtime.pallets.subtensor.coinbase.distribution import distribute_emission
from pysubtensor.runtime.pallets.subtensor.coinbase.run_coinbase import Pending
from pysubtensor.runtime.pallets.subtensor.epoch import Subnet, epoch_input, epoch_with_mechanisms
from pysubtensor.runtime.pallets.subtensor.network_registration import init_new_network
from pysubtensor.runtime.pallets.subtensor.share_pool import increase_stake_for_hotkey_and_coldkey_on_subnet
from pysubtensor.runtime.pallets.subtensor.storage import emission, hyperparameters, networks, neurons, pools, tempo
from pysubtensor.runtime.pallets.subtensor.storage.weights import Weights
from pysubtensor.runtime.pallets.subtensor.uids import append_neuron
from pysubtensor.runtime.runtime import Runtime
from pysubtensor.runtime.state.overlay import MemoryBackend, State

from .harness import Figure, best

TAO = 10**9
AUTHOR = bytes([1]) * 32
#: An epoch may take so many times what its numbers take.
EPOCH_BOUND = 3.0
BLOCKS_PER_SECOND_BOUND = 20.0


def key(kind: str, *numbers: int) -> bytes:
    return hashlib.sha256(f"{kind} {numbers}".encode()).digest()


class World:
    """A chain's state in memory, at block 1."""

    def __init__(self) -> None:
        self.runtime, self.backend = Runtime(), MemoryBackend()
        self.state = State(self.backend)
        self.ctx = Context(self.runtime, self.state, Block(1, bytes(32)))
        self.ctx.block.enter(Initialization())
        system.Number.put(self.ctx, 1)
        aura.Authorities.put(self.ctx, [AUTHOR])

    def commit(self) -> None:
        self.backend.apply(self.state.changes())
        self.state.commit()

    def best_of(self, work: Callable[[], object], rounds: int = 5) -> float:
        """The least seconds of some rounds, each of which is kept before the next begins."""
        times = []
        for _ in range(rounds):
            times.append(best(work, 1))
            self.commit()
        return min(times)

    def add_subnet(self, netuid: int, n: int, validators: int, tempo_blocks: int = 60_000) -> None:
        """A subnet with a pool; its first uids have stake and weigh all neurons."""
        ctx, rng = self.ctx, np.random.default_rng(netuid)
        init_new_network(ctx, netuid, tempo_blocks)
        networks.SubnetMechanism.put(ctx, netuid, 1)
        networks.FirstEmissionBlockNumber.put(ctx, netuid, 1)
        networks.SubtokenEnabled.put(ctx, netuid, True)
        emission.SubnetEmissionEnabled.put(ctx, netuid, True)
        pools.SubnetTAO.put(ctx, netuid, 10_000 * TAO)
        pools.SubnetAlphaIn.put(ctx, netuid, 100_000 * TAO)
        pools.SubnetMovingPrice.put(ctx, netuid, 1 << 28)
        hyperparameters.MaxAllowedUids.put(ctx, netuid, n)
        hyperparameters.MaxAllowedValidators.put(ctx, netuid, validators)
        tempo.LastEpochBlock.put(ctx, netuid, netuid % tempo_blocks)
        for uid in range(n):
            hotkey, coldkey = key("hot", netuid, uid), key("cold", netuid, uid)
            create_account_if_non_existent(ctx, coldkey, hotkey)
            append_neuron(ctx, netuid, hotkey, 0)
            if uid < validators:
                stake = int(rng.integers(10**12, 10**15))
                increase_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, coldkey, netuid, stake)
                row = np.stack([np.arange(n), rng.integers(0, 65536, n)], axis=1).astype(np.uint16)
                Weights.put(ctx, netuid, uid, row)
        neurons.ValidatorPermit.put(ctx, netuid, np.arange(n) < validators)
        neurons.LastUpdate.put(ctx, netuid, np.full(n, 1, np.uint64))
        tempo.LastMechansimStepBlock.put(ctx, netuid, 1)

    def block(self, number: int) -> None:
        """An empty block, without its root."""
        ctx = executive.initialize_block(
            self.runtime, self.state, number, number.to_bytes(32, "big"), [aura_pre_runtime(number)]
        )
        inherent = ExtrinsicCodec.bare(timestamp.set_.call(number * 12_000))
        assert executive.apply_extrinsic(ctx, self.runtime.decode(inherent)) is None
        executive.finalize_block(ctx, lambda state: bytes(32))
        self.commit()


def one_epoch(n: int, validators: int) -> Iterator[Figure]:
    world = World()
    world.add_subnet(1, n, validators)
    ctx, rao = world.ctx, 100 * TAO
    ctx.block.number = 100
    epoch_with_mechanisms(ctx, 1, rao)  # so that there are bonds
    world.commit()
    given = epoch_input(ctx, Subnet.read(ctx, 1), 0, rao)
    alone = best(lambda: yuma.epoch(given))

    def epoch() -> None:
        epoch_with_mechanisms(ctx, 1, rao)

    def epoch_and_distribution() -> None:
        distribute_emission(ctx, 1, Pending(rao // 2, rao // 4, rao // 4, 0))

    stored, given_out = world.best_of(epoch), world.best_of(epoch_and_distribution)
    name = f"{n} neurons, {validators} validators"
    yield Figure(f"{name}: consensus.yuma alone", alone * 1000, "ms")
    yield Figure(f"{name}: the same from storage and back", stored * 1000, "ms", stored / alone, "yuma", EPOCH_BOUND)
    yield Figure(f"{name}: and given out to all", given_out * 1000, "ms", given_out / alone, "yuma")


def empty_blocks(subnets: int, n: int, count: int) -> Iterator[Figure]:
    world = World()
    for netuid in range(1, subnets + 1):
        world.add_subnet(netuid, n, min(n, 8), tempo_blocks=360)
    world.commit()
    numbers = iter(range(2, 2 + 3 * count))
    seconds = best(lambda: [world.block(next(numbers)) for _ in range(count)])
    rate = count / seconds
    name = f"{subnets} subnets of {n} neurons: empty blocks, their roots left aside"
    yield Figure(name, rate, "a second", bound=BLOCKS_PER_SECOND_BOUND, at_least=True)


def run(small: bool) -> Iterator[Figure]:
    yield from one_epoch(*((64, 8) if small else (4096, 256)))
    yield from empty_blocks(*((4, 8, 2) if small else (128, 64, 20)))
