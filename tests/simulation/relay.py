"""Blocks of both simulations, authored in one process and imported in another: `author SEED BLOCKS`, then `follow`.

`author` writes a line of JSON for each block, `follow` reads them, imports the blocks, and writes their state roots and
the root of all entries of the last state, computed without the trie. A test joins processes with and without `-O`.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable

from pysubtensor.chain.blocks import ImportedBlock
from pysubtensor.runtime.apis.core import state_root
from pysubtensor.runtime.frame.header import Header

from pysubtensor import Chain
from tests.simulation import simulate, subnets
from tests.simulation.players import Players
from tests.simulation.random_calls import Dice
from tests.world import KEYS

CHAINS: dict[str, Callable[[], Chain]] = {"random calls": Chain.dev, "subnets": subnets.chain_of_subnets}


def author(seed: int, blocks: int) -> None:
    """Write `blocks` blocks of each simulation."""
    for name, made in CHAINS.items():
        with made() as chain:
            chain.listeners.append(lambda block, name=name: write(name, block))
            counts: Counter[str] = Counter()
            dice, players = Dice(seed, [key.account for key in KEYS]), Players(chain, seed)
            for _ in range(blocks):
                if name == "subnets":
                    subnets.play_block(players, counts)
                else:
                    simulate.play_block(chain, dice, list(KEYS), counts)


def write(name: str, block: ImportedBlock) -> None:
    header, body = block.header.encode().hex(), [raw.hex() for raw in block.extrinsics]
    sys.stdout.write(json.dumps({"chain": name, "header": header, "body": body}) + "\n")


def follow() -> None:
    """Import the blocks that standard input has; write `[chain, state root]` of each, then the roots of all entries."""
    chains = {name: made() for name, made in CHAINS.items()}
    for line in sys.stdin:
        block = json.loads(line)
        chain = chains[block["chain"]]
        header = Header.decode(bytes.fromhex(block["header"]))
        imported = chain.import_block(header, [bytes.fromhex(raw) for raw in block["body"]])
        sys.stdout.write(json.dumps([block["chain"], imported.header.state_root.hex()]) + "\n")
    for name, chain in chains.items():
        with chain:
            sys.stdout.write(json.dumps([name, state_root(chain.context().state, {}).hex()]) + "\n")


if __name__ == "__main__":
    if sys.argv[1] == "author":
        author(int(sys.argv[2]), int(sys.argv[3]))
    else:
        follow()
