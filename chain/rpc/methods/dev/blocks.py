"""Making blocks, and who makes them."""

from __future__ import annotations

from typing import Annotated, Any

from ....cheats import blocks
from ....cheats.time import travel
from ....engine.local import Sealing
from ....errors import ChainError
from ...node import Node
from ...shapes import to_hex
from .declare import MOST_BLOCKS, Anything, Blocks, Count, Epochs, Extrinsics, Flag, Milliseconds, NetUid, dev
from .resolve import decoded, head_json, local_engine, produce

#: Chopsticks' names of modes, and ours.
MODES = {
    "batch": Sealing.INSTANT,
    "instant": Sealing.INSTANT,
    "manual": Sealing.MANUAL,
    "embedded": Sealing.EMBEDDED,
    "interval": Sealing.INTERVAL,
    "mixed": Sealing.MIXED,
}
WANTED = 'expected "manual", "instant", "batch", {"interval": ms} or {"mixed": ms}'


@dev
def dev_newBlock(
    node: Node,
    count: Blocks | None,
    to: Count | None,
    transactions: Extrinsics | None,
    timestamp: Anything | None,
    finalize: Flag | None,
    interval_ms: Milliseconds | None,
    unsafe_block_height: Count | None,
) -> str:
    """Make blocks, and return the hash of the last one.

    `count` of them (1 by default), or up to number `to`. `transactions` go around the pool, into the first one;
    `timestamp` is its time, `interval_ms` the time between all. They are final unless `finalize` is false. With
    `unsafeBlockHeight` the first block has this number, and those before it are made, too.
    """
    chain = node.chain
    extrinsics = decoded(node, transactions or ())
    if unsafe_block_height is not None:
        if unsafe_block_height <= chain.head.number:
            raise ChainError(f"expected a height above the head, {chain.head.number}, got {unsafe_block_height}")
        _produce(node, unsafe_block_height - 1 - chain.head.number, None)
    if to is not None and to < chain.head.number:
        raise ChainError(f"expected a block from the head, {chain.head.number}, on, got {to}: dev_setHead goes back")
    wanted = to - chain.head.number if to is not None else 1 if count is None else count
    _require_few(wanted)
    if wanted and timestamp is not None:
        travel(chain, timestamp)
    elif wanted and interval_ms:
        travel(chain, None, interval_ms)
    if wanted:
        produce(node, extrinsics)
        _produce(node, wanted - 1, interval_ms)
    if finalize is not False and chain.finalized.number < chain.head.number:
        node.engine.finalize(chain.head.number)
    return to_hex(chain.head.hash)


def _require_few(count: int) -> None:
    if count > MOST_BLOCKS:
        raise ChainError(f"expected at most {MOST_BLOCKS:,} blocks at a time, got {count:,}")


def _produce(node: Node, count: int, interval_ms: int | None) -> None:
    _require_few(count)
    for _ in range(count):
        if interval_ms:
            travel(node.chain, None, interval_ms)
        node.engine.produce()


@dev
def dev_mineUntilEpoch(node: Node, netuid: NetUid, epochs: Epochs | None, extra: Blocks | None) -> dict[str, Any]:
    """Make blocks until a subnet has had `epochs` more epochs (1), and `extra` blocks on top; return the head."""
    blocks.next_epoch(node.chain, netuid, 1 if epochs is None else epochs)
    _produce(node, extra or 0, None)
    node.engine.finalize(node.chain.head.number)
    return head_json(node.chain.head)


@dev
def dev_skipBlocks(node: Node, n: Blocks) -> str:
    """Make `n` blocks of nothing but the chain's own work, and return the hash of the last one."""
    _produce(node, n, None)
    node.engine.finalize(node.chain.head.number)
    return to_hex(node.chain.head.hash)


def to_mode(value: Any) -> tuple[Sealing, int | None]:
    """Return a sealing mode and its block time from text, or from an object of one mode and milliseconds."""
    if isinstance(value, dict) and len(value) == 1:
        ((name, block_time),) = value.items()
        if str(name).lower() in ("interval", "mixed") and type(block_time) is int and 1 <= block_time <= 1 << 32:
            return MODES[str(name).lower()], block_time
    elif isinstance(value, str) and value.lower() in MODES:
        return MODES[value.lower()], None
    raise ValueError(f"{WANTED}, got {value!r:.60}")


Mode = Annotated[tuple[Sealing, int | None], to_mode]


@dev
def dev_setBlockBuildMode(node: Node, mode: Mode) -> None:
    """Let blocks be made at a client's request ("manual"), for transactions ("instant", "batch") or in intervals.

    Transactions that arrive together share a block in both of the former.
    """
    local_engine(node).set_sealing(*mode)


@dev
def dev_getBlockBuildMode(node: Node) -> Any:
    """Return the mode as `dev_setBlockBuildMode` takes it."""
    engine = local_engine(node)
    name = engine.sealing.value
    return {name: engine.block_time_ms} if engine.timer_ms is not None else name
