"""What the node is, and what it writes into its log."""

from __future__ import annotations

import logging
from typing import Annotated, Any

from .....genesis.accounts import ACCOUNTS
from .....runtime.crypto import ss58_encode
from .....runtime.version import SPEC_VERSION
from ....cheats.instance import Instance
from ....cheats.snapshots import Snapshots
from ....history.fork.history import ForkHistory
from ....history.history import History
from ...node import Node
from ...shapes import to_hex
from ..system import NODE_VERSION
from .blocks import dev_getBlockBuildMode
from .declare import dev
from .resolve import head_json

LEVELS = {
    "error": logging.ERROR,
    "warn": logging.WARNING,
    "info": logging.INFO,
    "debug": logging.DEBUG,
    "trace": logging.DEBUG,
}


@dev
def dev_nodeInfo(node: Node) -> dict[str, Any]:
    """Return versions, head, mode, snapshots and accounts. The instance id is another one after a reset or a load."""
    chain = node.chain
    return {
        "version": NODE_VERSION,
        "specVersion": SPEC_VERSION,
        "instanceId": Instance.of(chain).id,
        "mode": dev_getBlockBuildMode(node),
        "head": {**head_json(chain.head), "timestamp": chain.head_ms},
        "finalized": head_json(chain.finalized),
        "blockTimeMs": chain.slot_ms,
        "snapshots": {hex(each.id): head_json(each.head) for each in Snapshots.of(chain).list()},
        "fork": fork_json(chain.history),
        "accounts": {
            f"//{name}": ss58_encode(account) for name, account in ACCOUNTS.items() if account in chain.config.balances
        },
    }


def fork_json(history: History) -> dict[str, Any] | None:
    """Return endpoint, number and hash of the block from which a fork begins; null for a chain that is none."""
    if not isinstance(history, ForkHistory):
        return None
    origin = history.origin
    return {"endpoint": origin.url, "number": origin.number, "hash": to_hex(origin.hash)}


def to_level(value: Any) -> int:
    """Return a level of the log by its name."""
    if isinstance(value, str) and value.lower() in LEVELS:
        return LEVELS[value.lower()]
    raise ValueError(f"expected one of {', '.join(LEVELS)}, got {value!r:.60}")


Level = Annotated[int, to_level]


@dev
def dev_setLogLevel(node: Node, level: Level) -> None:
    """Let the node write messages of this level and above into its log."""
    logging.getLogger("pysubtensor").setLevel(level)
