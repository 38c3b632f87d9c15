"""The life of a staker through a real client at a pysubtensor node: the client's report, and the chain's.

//Alice founds two subnets; //Bob and //Charlie join one as validators. //Bob stakes, unstakes and moves stake; //Dave
delegates to him and claims what his stake on root earns. Hotkeys and coldkeys are swapped, a crowdloan leases a subnet.
Each client uses its own interface (`drivers/stakes_*.py`); blocks are produced for its transactions and at its request.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pysubtensor.chain.blocks import ImportedBlock
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.engine.local import LocalEngine, Sealing
from pysubtensor.chain.rpc.server import running
from pysubtensor.genesis.accounts import authority
from pysubtensor.genesis.config import ChainConfig
from pysubtensor.genesis.presets import dev, fast
from pysubtensor.runtime import invariants
from pysubtensor.runtime.crypto import Keypair
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.pallets.subtensor.storage import RootClaimable, SubnetAlphaIn, SubnetLocked, SubnetTAO
from pysubtensor.runtime.pallets.swap import SwapBalancer

from tests.clients.environments import CACHE
from tests.clients.visits import PATIENCE_S, interpreter, run_driver

#: Root and subnet 1 are there from the beginning.
NETUIDS, LEASED = (2, 3), 4
#: Owner, validator, second validator, nominator, and whose swap is disputed; hotkeys are derived, as in `//Alice//hot`.
NAMES = ("Alice", "Bob", "Charlie", "Dave", "Eve")
VALIDATOR = Keypair.from_uri("//Bob//hot").public
STAKE_TAO, UNSTAKE_ALPHA, MOVED_ALPHA = 200, 50, 40
#: Enough for children.
MUCH_TAO = 3000
ROOT_TAO = 1500
DRIVER_OF = {
    "bittensor-11.3": "stakes_bittensor_11.py",
    "bittensor-11": "stakes_bittensor_11.py",
    "bittensor-10": "stakes_bittensor_10.py",
    "btcli": "stakes_btcli.py",
}


@dataclass
class Life:
    """The reports of the client and of the chain."""

    client: str
    seen: dict[str, Any] = field(default_factory=dict)
    #: The pools of the subnets after each block: TAO and alpha in rao, and the weight of TAO in parts of 10^18.
    pools: dict[int, dict[int, tuple[int, int, int]]] = field(default_factory=dict)
    #: What a rao on root with the validator has earned on the first subnet after each block, I96F32 alpha.
    rates: dict[int, int] = field(default_factory=dict)
    #: The price of the leased subnet, in rao.
    locked: int = 0
    #: Which invariants did not hold, and after which block.
    broken: list[str] = field(default_factory=list)


def config() -> ChainConfig:
    """Return a configuration with the short delays of fast blocks, and without delays for owners."""
    # //One authors the blocks, so that no account of the test earns fees.
    return fast(dev(authorities=(authority("One"),), start_call_delay=0))


def live(name: str, home: Path) -> Life:
    """Run a client's driver on its own chain."""
    program, life, settings = interpreter(name), Life(name), config()
    with Chain(settings) as chain:
        chain.listeners.append(watching(life, chain))
        with running(chain, engine=LocalEngine(chain, Sealing.INSTANT)) as node:
            task = {
                "url": node.url,
                "environment": str(CACHE / name),
                "netuids": NETUIDS,
                "names": NAMES,
                "tempo": settings.tempo,
                "cooldown": settings.pending_childkey_cooldown,
                "announcement": settings.coldkey_swap_announcement_delay,
                "crowdloan": settings.crowdloan_minimum_duration,
                "stake_tao": STAKE_TAO,
                "unstake_alpha": UNSTAKE_ALPHA,
                "much_tao": MUCH_TAO,
                "root_tao": ROOT_TAO,
                "moved_alpha": MOVED_ALPHA,
                "timeout": PATIENCE_S // 3,
            }
            life.seen = run_driver(name, program, DRIVER_OF[name], task, home)
    return life


def watching(life: Life, chain: Chain) -> Callable[[ImportedBlock], None]:
    """Record the chain after each block, and check that every rao is accounted for."""

    def watch(block: ImportedBlock) -> None:
        ctx, number = chain.context(), block.header.number
        life.pools[number] = {netuid: pool(ctx, netuid) for netuid in NETUIDS}
        life.rates[number] = RootClaimable.get(ctx, VALIDATOR).get(NETUIDS[0], 0)
        life.locked = SubnetLocked.get(ctx, LEASED)
        try:
            invariants.check(ctx)
        except AssertionError as wrong:
            life.broken.append(f"block {number}: {wrong}")

    return watch


def pool(ctx: Context, netuid: int) -> tuple[int, int, int]:
    return SubnetTAO.get(ctx, netuid), SubnetAlphaIn.get(ctx, netuid), SwapBalancer.get(ctx, netuid).quote
