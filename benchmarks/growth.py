"""What a block costs as a chain grows: in subnets, in neurons and in accounts.

All subnets weigh in full and have the same tempo, so that each has one epoch in TEMPO blocks. The native figures are
those of the genuine pallets, compiled, without trie and history, on another machine.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from time import process_time

from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.garbage import no_garbage_collection
from pysubtensor.chain.history.history import History
from pysubtensor.chain.history.stores import open_store
from pysubtensor.consensus import yuma
from pysubtensor.runtime.pallets.subtensor.coinbase.epoch import Subnet, epoch_input
from pysubtensor.runtime.pallets.subtensor.storage.tempo import SubnetEpochIndex
from pysubtensor.runtime.state.overlay import State

from .harness import Figure, best
from .state import account_key, commit, fill, in_fresh_process
from .subnets import EPOCH_ALPHA, MANY, TEMPO, add_subnet, best_of_each

#: Blocks after the first epoch has been due, in which all subnets have it, and blocks measured at a time.
ROUND_OF_EPOCHS, AT_ONCE = 64, 20
#: Accounts that one block adds.
ADDED_AT_ONCE = 20_000


def run(small: bool) -> Iterator[Figure]:
    if small:
        yield from many_subnets(4, 16, 4, 1)
        yield from proportion((2, 4), 8, 4)
        yield from tempo_of_blocks(2, 16, 4, bound=None, native=0.0)
        yield from added_accounts(100, 1_000, 500)
        return
    yield from many_subnets(128, 256, 64, 3)
    yield from proportion((32, 64, 128), 64, 16)
    yield from tempo_of_blocks(64, 64, 16, bound=6.3, native=6.3)
    yield from tempo_of_blocks(1, 256, 64, bound=0.5, native=0.3)
    yield from added_accounts(1_000, 1_000_000, 100_000)


def chain_of(count: int, n: int, validators: int) -> Chain:
    """A chain of `count` subnets of `n` neurons, of which the first validate, a few blocks old."""
    chain = Chain.dev(subnet_limit=max(count, 8))
    for netuid in range(MANY, MANY + count):
        add_subnet(chain.context(), netuid, n, validators)
    chain.produce(3)
    return chain


def epochs(chain: Chain, count: int) -> int:
    """The epochs that the first `count` subnets have had."""
    return sum(SubnetEpochIndex.get(chain.context(), netuid) for netuid in range(MANY, MANY + count))


# --- subnets and neurons -------------------------------------------------------------------------------------------


def many_subnets(count: int, n: int, validators: int, rounds: int) -> Iterator[Figure]:
    """All blocks of a tempo beside their epochs as numbers, and blocks in which no subnet has one."""
    name, alone = f"{count} subnets of {n}, {validators} validators", f"{count} epochs, yuma alone"
    with chain_of(count, n, validators) as chain:
        chain.run_to(TEMPO + ROUND_OF_EPOCHS + 1)  # from now on there are bonds
        assert epochs(chain, count) == count, f"expected {count} epochs, got {epochs(chain, count)}"
        ctx = chain.context()
        given = [epoch_input(ctx, Subnet.read(ctx, MANY + each), 0, EPOCH_ALPHA) for each in range(count)]
        assert all(len(each.bonds.values) for each in given), "all epochs must find the bonds of the last ones"
        bare = best(lambda: [yuma.epoch(each) for each in given], rounds=5)
        quiet = best(lambda: chain.produce(AT_ONCE), rounds=8) / AT_ONCE
        assert epochs(chain, count) == count, "a block without an epoch must have none"
        seconds = best(lambda: chain.produce(TEMPO), rounds=rounds)
        expected = (rounds + 1) * count
        assert epochs(chain, count) == expected, f"expected {expected} epochs, got {epochs(chain, count)}"
    large = count > 100
    yield Figure(alone, 1000 * bare, "ms")
    yield Figure(f"{name}: {TEMPO} blocks", 1000 * seconds, "ms", seconds / bare, alone, 20 if large else None)
    yield Figure(
        f"{name}: a block, epochs included", 1000 * seconds / TEMPO, "ms", bound=34 if large else None, note="native 34"
    )
    yield Figure(f"{name}: a block for a subnet without an epoch", 1000 * quiet / count, "ms", bound=0.08)


def proportion(counts: Sequence[int], n: int, validators: int) -> Iterator[Figure]:
    """Blocks without an epoch at several numbers of subnets: twice the subnets, at most twice the time."""
    chains = [chain_of(count, n, validators) for count in counts]
    costs = best_of_each(*((lambda chain=chain: chain.produce(AT_ONCE)) for chain in chains), rounds=12)
    for chain in chains:
        chain.close()
    former: float | None = None
    for count, seconds in zip(counts, costs, strict=True):
        name = f"{count} subnets of {n}: a block without an epoch"
        if former is None:
            yield Figure(name, 1000 * seconds / AT_ONCE, "ms")
        else:
            yield Figure(name, 1000 * seconds / AT_ONCE, "ms", seconds / former, "half as many", 2.0)
        former = seconds


def tempo_of_blocks(count: int, n: int, validators: int, bound: float | None, native: float) -> Iterator[Figure]:
    """A block's mean over a tempo in which each subnet has its epoch."""
    with chain_of(count, n, validators) as chain:
        chain.run_to(TEMPO + ROUND_OF_EPOCHS + 1)
        seconds = best(lambda: chain.produce(TEMPO)) / TEMPO
        assert epochs(chain, count) == 4 * count, f"expected {4 * count} epochs, got {epochs(chain, count)}"
    name = f"{count} subnet{'s' if count > 1 else ''} of {n}: a block, epochs included"
    yield Figure(name, 1000 * seconds, "ms", bound=bound, note=f"native {native:g}" if native else "")


# --- accounts ------------------------------------------------------------------------------------------------------


def added_accounts(few: int, many: int, added: int) -> Iterator[Figure]:
    """What an account costs that is added to a state of few, and to one of many."""
    costs = {accounts: in_fresh_process(cost_of_adding, accounts, added) for accounts in (few, many)}
    name = f"an account added to {{:,}}, {added:,} of them"
    yield Figure(name.format(few), 1e6 * costs[few], "us")
    yield Figure(name.format(many), 1e6 * costs[many], "us", costs[many] / costs[few], f"to {few:,}", 2.0)


def cost_of_adding(accounts: int, added: int) -> float:
    """Seconds of processor time an account for state, trie and store, in a process that does nothing else."""
    history = History(open_store(None))
    fill(history, accounts)
    state, chance = State(history.state), random.Random(1)
    state.put(account_key(accounts), b"first")  # after which the store has its keys in order
    commit(history, state)
    seconds, first = 0.0, accounts + 1
    for start in range(first, first + added, ADDED_AT_ONCE):
        end = min(start + ADDED_AT_ONCE, first + added)
        new = [(account_key(number), chance.randbytes(56)) for number in range(start, end)]
        begin = process_time()
        with no_garbage_collection():  # as in a block
            for key, value in new:
                state.put(key, value)
            commit(history, state)
        seconds += process_time() - begin
    return seconds / added
