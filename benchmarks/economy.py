"""The mainnet-sized chain of `subnets` with children, root stake, automatic claims and locks, beside one without."""

from __future__ import annotations

import time
from collections.abc import Iterator

from pysubtensor.chain.embed.chain import Chain
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.pallets.balances.fungible import mint_into
from pysubtensor.runtime.pallets.subtensor.staking.add import do_add_stake
from pysubtensor.runtime.pallets.subtensor.staking.conviction import do_lock_stake
from pysubtensor.runtime.pallets.subtensor.storage import delegation, networks, root, staking

from .harness import Figure
from .subnets import MANY, TAO, TEMPO, add_subnet, key

ROOT = 0
#: What each validator has on root, of its own and of a nominator.
OWN_ROOT, NOMINATED_ROOT = 1_000 * TAO, 100 * TAO
#: The share of its stake that a validator delegates to the next one, and of its alpha that is locked.
CHILD_SHARE, LOCKED = 2**62, 2
PLAIN = "without"


def run(small: bool) -> Iterator[Figure]:
    count, n, validators, blocks, rounds = (3, 8, 4, 4, 2) if small else (128, 64, 16, 30, 5)
    netuids = range(MANY, MANY + count)
    with Chain.dev(subnet_limit=count) as plain, Chain.dev(subnet_limit=count) as busy:
        for chain in (plain, busy):
            for netuid in netuids:
                add_subnet(chain.context(), netuid, n, validators)
        for netuid in netuids:
            enliven(busy.context(), netuid, validators)
        warm_up = 2 * blocks if small else TEMPO + blocks  # after an epoch of each subnet there is something to claim
        for chain in (plain, busy):
            chain.produce(warm_up)
        without, with_all = (min(times) for times in zip(*measured(plain, busy, blocks, rounds), strict=True))
        claims = sum(1 for _ in root.RootClaimed.items(busy.context()))
        assert small or claims, "the chain must have claimed"
    name = f"{count} subnets of {n}: a block"
    yield Figure(f"{name} {PLAIN}", 1000 * without / blocks, "ms")
    yield Figure(
        f"{name} with all of it", 1000 * with_all / blocks, "ms", with_all / without, PLAIN, None if small else 1.3
    )


def measured(plain: Chain, busy: Chain, blocks: int, rounds: int) -> Iterator[tuple[float, float]]:
    """Yield the seconds of both chains for the same blocks, in processor time."""
    for _ in range(rounds):
        yield processor_seconds(plain, blocks), processor_seconds(busy, blocks)


def processor_seconds(chain: Chain, blocks: int) -> float:
    start = time.process_time()
    chain.produce(blocks)
    return time.process_time() - start


def enliven(ctx: Context, netuid: int, validators: int) -> None:
    """Make each validator of a subnet the parent of the next one, with stake on root and a lock on its alpha."""
    networks.SubtokenEnabled.put(ctx, ROOT, True)
    hotkeys = [key("hot", netuid, uid) for uid in range(validators)]
    for uid, hotkey in enumerate(hotkeys):
        child, coldkey = hotkeys[(uid + 1) % validators], key("cold", netuid, uid)
        delegation.ChildKeys.put(ctx, hotkey, netuid, [(CHILD_SHARE, child)])
        delegation.ParentKeys.put(ctx, child, netuid, [(CHILD_SHARE, hotkey)])
        for staker, amount in ((coldkey, OWN_ROOT), (key("nominator", netuid, uid), NOMINATED_ROOT)):
            mint_into(ctx, staker, amount + TAO)
            do_add_stake(ctx, staker, hotkey, ROOT, amount)
        do_lock_stake(ctx, coldkey, netuid, hotkey, staking.TotalHotkeyAlpha.get(ctx, hotkey, netuid) // LOCKED)
