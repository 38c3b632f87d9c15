"""Large subnets: an epoch in its block beside `consensus.yuma` alone, the metagraph, empty blocks of many subnets.

The subnets are written into storage item by item and exist from the chain's next block on; registering their neurons
would take longer than all measurements.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from hashlib import blake2b

import numpy as np
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.garbage import no_garbage_collection
from pysubtensor.consensus import yuma
from pysubtensor.consensus.safe_float import SafeFloat
from pysubtensor.runtime.apis import subnet_info
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.pallets import alpha_assets
from pysubtensor.runtime.pallets.balances.fungible import mint_into
from pysubtensor.runtime.pallets.subtensor.coinbase.distribution import distribute_emission
from pysubtensor.runtime.pallets.subtensor.coinbase.epoch import Subnet, epoch_input, epoch_with_mechanisms
from pysubtensor.runtime.pallets.subtensor.coinbase.run_coinbase import Pending
from pysubtensor.runtime.pallets.subtensor.ledger.subnet_accounts import get_subnet_account_id
from pysubtensor.runtime.pallets.subtensor.lifecycle.network_registration import init_new_network
from pysubtensor.runtime.pallets.subtensor.storage import emission, networks, neurons, pools, staking
from pysubtensor.runtime.pallets.subtensor.storage.hyperparameters import (
    CommitRevealWeightsEnabled,
    MaxAllowedUids,
    MaxAllowedValidators,
)
from pysubtensor.runtime.pallets.subtensor.storage.tempo import LastMechansimStepBlock, PendingEpochAt
from pysubtensor.runtime.pallets.subtensor.storage.weights import Weights

from .harness import Figure, best

TAO = 10**9
TEMPO = 360
#: A pool's reserves, in rao and in alpha, and the alpha of an epoch.
POOL_TAO, POOL_ALPHA, EPOCH_ALPHA = 10_000 * TAO, 100_000 * TAO, 100 * TAO
#: That alpha while it is pending: of miners, validators, root and owner.
PENDING = Pending(41 * TAO, 36 * TAO, 5 * TAO, 18 * TAO)
BIG, MANY = 2, 2
ALONE = "yuma alone"


def run(small: bool) -> Iterator[Figure]:
    yield from big_subnet(*((64, 8) if small else (4096, 256)))
    yield from many_subnets(*((4, 8, 4, 5) if small else (128, 64, 16, 30)))


# --- one large subnet ----------------------------------------------------------------------------------------------


def big_subnet(n: int, validators: int) -> Iterator[Figure]:
    """Measure an epoch: as a function of arrays, with storage, with distribution, in its block; and the metagraph."""
    name, bound = f"{n} neurons, {validators} validators", 3 if n > 1000 else None
    with Chain.dev() as chain:
        add_subnet(chain.context(), BIG, n, validators)
        for _ in range(2):  # so that there are bonds, dividends and stake
            block_with_epoch(chain)
        ctx = chain.context()
        inputs = epoch_input(ctx, Subnet.read(ctx, BIG), 0, EPOCH_ALPHA)
        assert len(inputs.bonds.values), "an epoch must read the bonds of the last one"
        alone, stored, shared, whole, empty = best_of_each(
            lambda: yuma.epoch(inputs),
            lambda: undone(ctx, lambda: epoch_with_mechanisms(ctx, BIG, EPOCH_ALPHA)),
            lambda: undone(ctx, lambda: distribute_emission(ctx, BIG, PENDING)),
            lambda: block_with_epoch(chain),
            chain.produce,
        )
        yield Figure(f"{name}: {ALONE}", 1000 * alone, "ms")
        yield Figure(f"{name}: an epoch, storage included", 1000 * stored, "ms", stored / alone, ALONE, bound)
        yield Figure(f"{name}: and its alpha made stake", 1000 * shared, "ms", shared / alone, ALONE)
        yield Figure(
            f"{name}: all that it adds to its block", 1000 * (whole - empty), "ms", (whole - empty) / alone, ALONE
        )
        metagraph = subnet_info.api.methods["get_metagraph"]
        assert len(metagraph.answer(ctx, BIG.to_bytes(2, "little"))) > 64 * n, "a metagraph must contain all neurons"
        read = best(lambda: metagraph.answer(ctx, BIG.to_bytes(2, "little")))
        yield Figure(f"{name}: get_metagraph", read, "s", bound=0.25)


def best_of_each(*works: Callable[[], object], rounds: int = 5) -> list[float]:
    """Return the least seconds of each work, measured in turns, so that a disturbed round affects all of them."""
    return [
        min(times) for times in zip(*([best(work, rounds=1) for work in works] for _ in range(rounds)), strict=True)
    ]


def undone(ctx: Context, work: Callable[[], object]) -> None:
    """Run the work and revert it, without garbage collection, as in a block."""
    with no_garbage_collection(), ctx.state.anchor():
        work()


def block_with_epoch(chain: Chain) -> None:
    """Produce a block in which the large subnet has an epoch, as if its owner had triggered one."""
    number = chain.head.number + 1
    PendingEpochAt.put(chain.context(), BIG, number)
    chain.produce()
    stepped = LastMechansimStepBlock.get(chain.context(), BIG)
    assert stepped == number, f"expected an epoch in block {number}, the last one was in {stepped}"
    earned = np.count_nonzero(neurons.Emission.get(chain.context(), BIG))
    assert earned > len(neurons.Emission.get(chain.context(), BIG)) // 2, f"only {earned} neurons have emission"


# --- many small ones -----------------------------------------------------------------------------------------------


def many_subnets(count: int, n: int, validators: int, blocks: int) -> Iterator[Figure]:
    """Measure blocks without transactions: emission to all subnets, and the epochs that are due."""
    with Chain.dev(subnet_limit=count) as chain:
        for netuid in range(MANY, MANY + count):
            add_subnet(chain.context(), netuid, n, validators)
        chain.produce(blocks)
        emitting = sum(1 for _ in emission.SubnetAlphaOutEmission.items(chain.context()))
        assert emitting == count, f"expected {count} subnets that emit, got {emitting}"
        seconds = best(lambda: chain.produce(blocks))
    yield Figure(f"{count} subnets of {n}: empty blocks", blocks / seconds, "blocks/s", bound=20, at_least=True)


# --- writing subnets into storage ----------------------------------------------------------------------------------


def key(kind: str, netuid: int, uid: int) -> bytes:
    return blake2b(f"{kind} {netuid} {uid}".encode(), digest_size=32).digest()


def add_subnet(ctx: Context, netuid: int, n: int, validators: int) -> None:
    """Write a started subnet with a pool and `n` neurons; the first `validators` ones have weights on all neurons."""
    init_new_network(ctx, netuid, TEMPO)
    MaxAllowedUids.put(ctx, netuid, n)
    MaxAllowedValidators.put(ctx, netuid, validators)
    CommitRevealWeightsEnabled.put(ctx, netuid, False)
    networks.SubnetOwner.put(ctx, netuid, key("cold", netuid, 0))
    networks.SubnetOwnerHotkey.put(ctx, netuid, key("hot", netuid, 0))
    networks.SubtokenEnabled.put(ctx, netuid, True)
    networks.FirstEmissionBlockNumber.put(ctx, netuid, 1)
    _fill_pool(ctx, netuid)
    hotkeys = [key("hot", netuid, uid) for uid in range(n)]
    coldkeys = [key("cold", netuid, uid) for uid in range(n)]
    _seat(ctx, netuid, hotkeys, coldkeys)
    rng = np.random.default_rng(netuid)
    stakes = rng.integers(10**12, 10**13, validators).tolist()
    for hotkey, coldkey, alpha in zip(hotkeys, coldkeys, stakes, strict=False):
        _stake(ctx, netuid, hotkey, coldkey, alpha)
    pools.SubnetAlphaOut.put(ctx, netuid, sum(stakes))
    alpha_assets.mint_alpha(ctx, netuid, POOL_ALPHA + sum(stakes))
    for uid in range(validators):
        Weights.put(ctx, netuid, uid, np.stack([np.arange(n), rng.integers(0, 65536, n)], axis=1).astype(np.uint16))
    neurons.ValidatorPermit.put(ctx, netuid, np.arange(n) < validators)


def _fill_pool(ctx: Context, netuid: int) -> None:
    account = get_subnet_account_id(ctx, netuid)
    assert account is not None
    mint_into(ctx, account, POOL_TAO)
    networks.SubnetMechanism.put(ctx, netuid, 1)
    pools.SubnetTAO.put(ctx, netuid, POOL_TAO)
    pools.SubnetAlphaIn.put(ctx, netuid, POOL_ALPHA)
    pools.SubnetMovingPrice.put(ctx, netuid, (POOL_TAO << 32) // POOL_ALPHA)


def _seat(ctx: Context, netuid: int, hotkeys: Sequence[bytes], coldkeys: Sequence[bytes]) -> None:
    """Register each hotkey at the uid of its index."""
    n = len(hotkeys)
    neurons.SubnetworkN.put(ctx, netuid, n)
    for uid, (hotkey, coldkey) in enumerate(zip(hotkeys, coldkeys, strict=True)):
        neurons.Keys.put(ctx, netuid, uid, hotkey)
        neurons.Uids.put(ctx, netuid, hotkey, uid)
        neurons.IsNetworkMember.put(ctx, hotkey, netuid, True)
        neurons.BlockAtRegistration.put(ctx, netuid, uid, 0)
        staking.Owner.put(ctx, hotkey, coldkey)
        staking.OwnedHotkeys.put(ctx, coldkey, [hotkey])
        staking.StakingHotkeys.put(ctx, coldkey, [hotkey])
    neurons.Active.put(ctx, netuid, np.ones(n, np.bool_))
    neurons.LastUpdate.put(ctx, netuid, np.ones(n, np.uint64))  # weights are valid when set after the registration
    neurons.Emission.put(ctx, netuid, np.zeros(n, np.uint64))
    for item in (neurons.Consensus, neurons.Incentive, neurons.Dividends, neurons.ValidatorTrust):
        item.put(ctx, netuid, np.zeros(n, np.uint16))


def _stake(ctx: Context, netuid: int, hotkey: bytes, coldkey: bytes, alpha: int) -> None:
    """Write a coldkey's stake on its own hotkey, one share per rao of alpha."""
    shares = SafeFloat.from_u64(alpha)
    staking.AlphaV2.put(ctx, (hotkey, coldkey, netuid), shares)
    staking.TotalHotkeySharesV2.put(ctx, hotkey, netuid, shares)
    staking.TotalHotkeyAlpha.put(ctx, hotkey, netuid, alpha)
