"""Many blocks at once."""

from __future__ import annotations

from typing import Any

from ...consensus.integers import U32_MAX
from ...runtime.edits.subnets import epochs, next_epoch_block
from ..arguments import netuid_of, require_integer
from ..blocks import Head
from ..chain import Blockchain
from ..errors import ChainError
from ..garbage import no_garbage_collection

ROOT = 0


def next_epoch(chain: Blockchain, netuid: Any, count: int = 1) -> Head:
    """Make blocks until a subnet has had `count` more epochs, and return the head: the block of the last one.

    ChainError for root, which has no epochs, and for a subnet that does not exist or whose tempo is 0.
    """
    chain.require_open()
    number = netuid_of(netuid)
    if number == ROOT:
        raise ChainError("expected a subnet with epochs, got 0: root has none")
    with no_garbage_collection():
        for _ in range(require_integer("a number of epochs", count, 0, U32_MAX)):
            _run_epoch(chain, number)
    return chain.head


def _run_epoch(chain: Blockchain, netuid: int) -> None:
    before = epochs(chain.context(), netuid)
    while epochs(chain.context(), netuid) == before:
        if next_epoch_block(chain.context(), netuid) is None:
            raise ChainError(f"expected a subnet with epochs, got {netuid}: it does not exist, or its tempo is 0")
        chain.produce_block()
