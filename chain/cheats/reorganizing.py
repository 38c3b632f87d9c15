"""Replacing the last blocks by others, to see how clients take it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from ...runtime.crypto.hashing import blake2_256
from ...runtime.frame.extrinsic import Extrinsic
from ...runtime.inherents import block_time
from ..blocks import Head, ImportedBlock
from ..chain import Blockchain
from ..errors import ChainError
from ..pool.operating import retract
from ..pool.rejections import Rejected
from .time import travel

Produce = Callable[[Iterable[Extrinsic]], ImportedBlock]


def reorganize(chain: Blockchain, depth: int, placed: Sequence[tuple[Extrinsic, int]], produce: Produce) -> Head:
    """Replace the last `depth` blocks by as many others, and return the head.

    `placed` has extrinsics with the index of the new block in which they are. The transactions of the former blocks are
    retracted and wait in the pool again; the new blocks have those that are still valid. The first new block is a slot
    later than the one in its place, so that all are other blocks.
    """
    target = chain.head.number - depth
    if not 1 <= depth <= chain.head.number:
        raise ChainError(f"expected a depth from 1 to the height {chain.head.number}, got {depth}")
    if any(index >= depth for _, index in placed):
        raise ChainError(f"expected indices of the {depth} new blocks, from 0 to {depth - 1}")
    former = [chain.history.block_by_number(number) for number in range(target + 1, chain.head.number + 1)]
    later = block_time(chain.context(former[0].hash)) + chain.slot_ms
    if any(pin.firm and pin.number > target for pin in chain.history.pins):
        raise ChainError(f"expected a depth that ends at an open anchor, got {depth}: leave the anchor first")
    chain._roll_back(target)
    retract(chain.pool, target, [blake2_256(raw) for block in former for raw in block.body])
    travel(chain, later)
    for block in former:
        for raw in block.body:
            _return(chain, raw)
    for index in range(depth):
        produce([extrinsic for extrinsic, at in placed if at == index])
    return chain.head


def _return(chain: Blockchain, raw: bytes) -> None:
    """Put an extrinsic of a former block into the pool, unless it is an inherent or no longer valid."""
    extrinsic = chain.runtime.decode(raw)
    if chain.runtime.is_inherent(extrinsic.call) or blake2_256(raw) in chain.pool:
        return
    try:
        chain.submit(raw)
    except Rejected:
        return
