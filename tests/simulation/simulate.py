"""A seeded simulation: random signed calls on a dev chain, the invariants after every block.

    python -m tests.simulation.simulate SEED [--blocks N]

A seed determines the calls. Failures print the seed and the number of blocks.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable

from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.pool.rejections import Rejected
from pysubtensor.runtime import invariants
from pysubtensor.runtime.crypto import Keypair
from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import DispatchFailed
from pysubtensor.runtime.frame.extrinsic import Id
from pysubtensor.runtime.frame.header import Header
from pysubtensor.runtime.frame.origin import signed
from pysubtensor.runtime.pallets.balances.calls import transfer_keep_alive
from pysubtensor.runtime.pallets.sudo import sudo

from tests.world import NAMES

from .random_calls import Dice
from .repeatable import RepeatableKeypair

PER_BLOCK = 6


class Broken(AssertionError):
    """A simulation in which a property did not hold."""


def simulate(seed: int, blocks: int, check: Callable[[Context], None] = invariants.check) -> Counter[str]:
    """Run a simulation; return how many calls succeeded, failed (in a block) or were refused (by the pool)."""
    keys: list[Keypair] = [RepeatableKeypair(f"//{name}") for name in NAMES]
    dice = Dice(seed, [key.account for key in keys])
    counts: Counter[str] = Counter()
    with Chain.dev() as chain, Chain.dev() as witness:
        for _ in range(blocks):
            try:
                play_block(chain, dice, keys, counts)
                check(chain.context())
                import_head(chain, witness)
            except Exception as error:
                raise Broken(f"seed {seed}, block {chain.head.number}: {error}") from error
    return counts


def play_block(chain: Chain, dice: Dice, keys: list[Keypair], counts: Counter[str]) -> None:
    """Submit some calls of random accounts, and produce a block."""
    for _ in range(dice.random.randrange(PER_BLOCK)):
        key = dice.random.choice(keys)
        call = dice.call()
        if dice.random.random() < 0.3:
            call = transfer_keep_alive.call(Id(dice.account()), dice.random.randrange(10**12))
        elif key is keys[0] and dice.random.random() < 0.5:
            call = sudo.call(call)
        fails_without_a_trace(chain.context(), key, call)
        try:
            chain.submit(chain.sign(call, key, tip=dice.random.choice([0, 0, 1_000])))
        except Rejected as rejected:
            counts[f"refused: {type(rejected).__name__}"] += 1
    names = [type(record.event).__name__ for record in chain.produce_block().events]
    counts.update(name for name in names if name in ("ExtrinsicSuccess", "ExtrinsicFailed"))


def fails_without_a_trace(ctx: Context, key: Keypair, call: Call) -> bool:
    """Try a call on the state after the last block; return whether it fails. A failure may not change the state."""
    with ctx.state.anchor():
        before = dict(ctx.state.changes())
        try:
            ctx.runtime.dispatch(ctx.with_origin(signed(key.account)), call)
        except DispatchFailed:
            assert ctx.state.changes() == before, f"a failed {call.name} has changed the state"
            assert not ctx.block.events, f"a failed {call.name} has left an event"
            return True
    return False


def import_head(chain: Chain, witness: Chain) -> None:
    """Import the head into another chain, which must reach the same state."""
    block = chain.block(chain.head.hash)
    assert block is not None, "the head is kept"
    witness.import_block(Header.decode(block.header), list(block.body))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation.simulate", description=__doc__.splitlines()[0])
    parser.add_argument("seed", type=int)
    parser.add_argument("--blocks", type=int, default=1_000)
    arguments = parser.parse_args()
    counts = simulate(arguments.seed, arguments.blocks)
    sys.stdout.write("".join(f"{count:8} {name}\n" for name, count in counts.most_common()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
