"""A seeded simulation of subnets: valid calls about existing subnets, neurons, stakes, keys, crowdloans and orders.

    python -m tests.simulation.subnets SEED [--blocks N]

The random calls of `simulate` mostly fail at the first check; these mostly succeed. Subnets are registered and pruned,
neurons replace each other, epochs pay, coldkeys stake, lock, claim and swap their keys, root changes parameters. After
every block the invariants are checked, and another chain must reach the same state.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable

from pysubtensor.chain.blocks import ImportedBlock
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.pool.rejections import Rejected
from pysubtensor.genesis.presets import dev
from pysubtensor.runtime import invariants
from pysubtensor.runtime.client.receipt import error_in
from pysubtensor.runtime.pallets.subtensor.declared.events import IncentiveAlphaEmittedToMiners

from tests.world import TAO

from . import moves as moves  # registers the moves
from .conservation import AlphaCount
from .players import RULES, Players, hotkeys
from .simulate import Broken, fails_without_a_trace, import_head

#: Calls that are made before each block.
PER_BLOCK = 16


def chain_of_subnets() -> Chain:
    funds = {key.account: 100 * TAO for key in hotkeys()}
    return Chain(dev(**RULES, balances={**dev().balances, **funds}))


def live(seed: int, blocks: int) -> Counter[str]:
    """Run a simulation; return how often each move succeeded, by name, and "block with an epoch" for such blocks."""
    counts: Counter[str] = Counter()
    with chain_of_subnets() as chain, chain_of_subnets() as witness:
        players, alpha = Players(chain, seed), AlphaCount(chain.context())
        for _ in range(blocks):
            try:
                play_block(players, counts)
                invariants.check(chain.context())
                alpha.check(chain.context())
                import_head(chain, witness)
            except Exception as error:
                raise Broken(f"seed {seed}, block {chain.head.number}: {error}") from error
    return counts


def play_block(players: Players, counts: Counter[str]) -> ImportedBlock:
    """Submit some moves, produce a block, count which of them succeeded, and return the block."""
    chain, names = players.chain, dict[bytes, str]()
    for _ in range(players.random.randrange(PER_BLOCK)):
        name, made = players.next()
        if made is None:
            continue
        key, call = made[0], chain.call(made[1], **made[2])
        fails_without_a_trace(chain.context(), key, call)
        raw = chain.sign(call, key)
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
    return block


def went_well(block: ImportedBlock, index: int) -> bool:
    return error_in(block.events_of(index)) is None


def run(name: str, purpose: str, live: Callable[[int, int], Counter[str]]) -> int:
    """Run a simulation as a program, and print how often each move was played."""
    parser = argparse.ArgumentParser(prog=f"python -m tests.simulation.{name}", description=purpose.splitlines()[0])
    parser.add_argument("seed", type=int)
    parser.add_argument("--blocks", type=int, default=1_000)
    given = parser.parse_args()
    counts = live(given.seed, given.blocks)
    sys.stdout.write("".join(f"{count:8} {name}\n" for name, count in counts.most_common()))
    return 0


if __name__ == "__main__":
    sys.exit(run("subnets", __doc__, live))
