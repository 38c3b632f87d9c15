"""Every intent and every read of the SDK 11.0.0, once each, at a pysubtensor node.

python -m tests.clients.surface          print the outcomes as a table
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.engine.local import LocalEngine, Sealing
from pysubtensor.chain.rpc.server import running
from pysubtensor.genesis.accounts import authority
from pysubtensor.genesis.config import ChainConfig
from pysubtensor.genesis.presets import dev, fast

from tests.clients.environments import CACHE
from tests.clients.visits import PATIENCE_S, interpreter, run_driver

CLIENT = "bittensor-11"
#: Root and subnet 1 are there from the beginning.
NETUIDS = (2, 3)


@dataclass(frozen=True)
class Surface:
    """The outcomes by name: "ok", or the error."""

    version: str
    intents: Mapping[str, str]
    reads: Mapping[str, str]


def config() -> ChainConfig:
    """Return a configuration with the short delays of fast blocks, and without delays for owners."""
    return fast(
        dev(authorities=(authority("One"),), start_call_delay=0, admin_freeze_window=0, owner_hyperparam_rate_limit=0)
    )


def explore(home: Path) -> Surface:
    """Run the driver on a chain of its own."""
    program, settings = interpreter(CLIENT), config()
    with Chain(settings) as chain, running(chain, engine=LocalEngine(chain, Sealing.INSTANT)) as node:
        task = {
            "url": node.url,
            "environment": str(CACHE / CLIENT),
            "netuids": NETUIDS,
            "symbol": "ツ",
            "tempo": settings.tempo,
            "announcement": settings.coldkey_swap_announcement_delay,
            "crowdloan": settings.crowdloan_minimum_duration,
            "timeout": PATIENCE_S // 3,
        }
        return Surface(**run_driver(CLIENT, program, "surface_bittensor_11.py", task, home))


def main() -> int:
    with tempfile.TemporaryDirectory() as home:
        surface = explore(Path(home))
    for kind, outcomes in (("intents", surface.intents), ("reads", surface.reads)):
        good = sum(outcome == "ok" for outcome in outcomes.values())
        sys.stdout.write(f"\n{kind} of bittensor {surface.version}: {good} of {len(outcomes)} ok\n\n")
        sys.stdout.writelines(f"| {name} | {outcome} |\n" for name, outcome in sorted(outcomes.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
