"""The life of a subnet through a real client at a pysubtensor node: the client's report, and every epoch.

The day: //Alice registers and starts a subnet, a validator and three neurons join it, the validator stakes and the
neurons publish their endpoints. Then the validator sets weights, directly and after that by commit and reveal. Each
client uses its own interface (`drivers/day_*.py`); blocks are produced for its transactions and at its request.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pysubtensor.chain.blocks import ImportedBlock
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.engine.local import LocalEngine, Sealing
from pysubtensor.chain.rpc.server import running
from pysubtensor.consensus.yuma import EpochInput, SparseRows
from pysubtensor.genesis.accounts import authority
from pysubtensor.genesis.config import ChainConfig
from pysubtensor.genesis.presets import dev
from pysubtensor.runtime import invariants
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.pallets.subtensor.coinbase import epoch
from pysubtensor.runtime.pallets.subtensor.storage.weights import TimelockedWeightCommits

from tests.clients.environments import CACHE
from tests.clients.visits import PATIENCE_S, interpreter, run_driver

#: Root and subnet 1 are there from the beginning.
NETUID = 2
TEMPO = 10
#: Owner, validator, neurons; hotkeys are derived, as in `//Alice//hot`.
NAMES = ("Alice", "Bob", "Charlie", "Dave", "Eve")
#: The validator's weights on uids 2, 3 and 4, first set directly, then committed.
PLAIN, HIDDEN = (1.0, 0.5, 0.25), (0.25, 0.5, 1.0)
#: Bounds of the registration's price that the owner sets at the end of the day: text, as on a command line.
BURNS_TAO = {"min_burn": "0.5", "max_burn": "50"}
DRIVER_OF = {
    "bittensor-11.3": "day_bittensor_11.py",
    "bittensor-11": "day_bittensor_11.py",
    "bittensor-10": "day_bittensor_10.py",
    "btcli": "day_btcli.py",
}


@dataclass
class Day:
    """The reports of the client and of the chain."""

    client: str
    #: The client's version, and the metagraph after the epochs of plain and of revealed weights.
    seen: dict[str, Any] = field(default_factory=dict)
    #: The input of each epoch of the subnet, as `pysubtensor yuma run` reads it, by block.
    epochs: dict[int, dict[str, Any]] = field(default_factory=dict)
    #: Which invariants did not hold, and after which block.
    broken: list[str] = field(default_factory=list)
    blocks: int = 0
    #: Timelocked commits that wait for their drand round: of whom.
    sealed_by: list[bytes] = field(default_factory=list)


def config() -> ChainConfig:
    """Return a configuration with epochs every ten blocks and without delays for owners."""
    # //One authors the blocks, so that no account of the test earns fees.
    return dev(
        authorities=(authority("One"),),
        tempo=TEMPO,
        start_call_delay=0,
        admin_freeze_window=0,
        owner_hyperparam_rate_limit=0,
    )


def live(name: str, home: Path) -> Day:
    """Run a client's driver on its own chain."""
    day = Day(name)
    with pytest.MonkeyPatch.context() as patch, Chain(config()) as chain:
        patch.setattr(epoch, "epoch_input", noting(day, epoch.epoch_input))
        chain.listeners.append(watching(day, chain))
        with running(chain, engine=LocalEngine(chain, Sealing.INSTANT)) as node:
            day.seen = spend(name, node.url, home)
            day.sealed_by = node.call(lambda: sealed_by(chain))
    return day


def spend(name: str, url: str, home: Path) -> dict[str, Any]:
    """Run a client's driver at a node, and return what it has seen."""
    task = {
        "url": url,
        "environment": str(CACHE / name),
        "netuid": NETUID,
        "names": NAMES,
        "stake_tao": 100.0,
        "plain": PLAIN,
        "hidden": HIDDEN,
        "salt": [11, 22, 33, 44],
        "burns_tao": BURNS_TAO,
        "timeout": PATIENCE_S // 3,
    }
    return run_driver(name, interpreter(name), DRIVER_OF[name], task, home)


def noting(day: Day, gather: Callable[..., EpochInput]) -> Callable[..., EpochInput]:
    """Record the inputs of the subnet's epochs."""

    def note(ctx: Context, subnet: epoch.Subnet, mechanism: int, rao_emission: int) -> EpochInput:
        gathered = gather(ctx, subnet, mechanism, rao_emission)
        if subnet.netuid == NETUID:
            day.epochs[ctx.block.number] = as_case(gathered)
        return gathered

    return note


def watching(day: Day, chain: Chain) -> Callable[[ImportedBlock], None]:
    """Checks after each block that every rao is accounted for."""

    def watch(block: ImportedBlock) -> None:
        day.blocks = block.header.number
        try:
            invariants.check(chain.context())
        except AssertionError as wrong:
            day.broken.append(f"block {block.header.number}: {wrong}")

    return watch


def sealed_by(chain: Chain) -> list[bytes]:
    commits = TimelockedWeightCommits.under(chain.context(), NETUID)
    return [hotkey for _, of_an_epoch in commits for hotkey, *_ in of_an_epoch]


def as_case(given: EpochInput) -> dict[str, Any]:
    """Return the input of an epoch in the JSON format of docs/yuma.md."""
    inputs: dict[str, Any] = {}
    for name in (each.name for each in fields(given)):
        value = getattr(given, name)
        if isinstance(value, SparseRows):
            value = value.to_lists()
        elif isinstance(value, np.ndarray):
            value = value.tolist()
        inputs[name] = value
    inputs["total_stake_bits"] = [str(bits) for bits in inputs.pop("total_stake")]
    return {"inputs": inputs}
