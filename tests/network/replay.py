"""Executing a chain again, in an interpreter of any version: `python -m tests.network.replay CHAIN BLOCKS`.

CHAIN is the `chain.json` of a node; BLOCKS has a line of JSON for each block, header and body in hexadecimals. It
prints the interpreter, its hash seed, and number, hash and state root of the last block.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import time
from contextlib import closing
from pathlib import Path

from pysubtensor.chain.authoring import AuthoredBlock
from pysubtensor.chain.chain import Blockchain
from pysubtensor.chain.cheats.config_json import config_from_json
from pysubtensor.runtime.frame.header import Header
from pysubtensor.runtime.inherents import block_time


def main(chain: Path, blocks: Path) -> None:
    config, began = config_from_json(json.loads(chain.read_bytes())["config"]), time.process_time()
    with closing(Blockchain(config)) as again, blocks.open() as lines:
        for line in lines:
            encoded, *body = map(bytes.fromhex, json.loads(line))
            header = Header.decode(encoded)
            built = again.execute_block(header, body, None, requires_seal=True)
            again.append_block(AuthoredBlock(built, header, block_time(built.context)))
        found = {
            "python": platform.python_version(),
            "hash seed": os.environ.get("PYTHONHASHSEED"),
            "number": again.head.number,
            "hash": again.head.hash.hex(),
            "state root": again.head_header.state_root.hex(),
            "CPU s": round(time.process_time() - began, 1),
        }
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
