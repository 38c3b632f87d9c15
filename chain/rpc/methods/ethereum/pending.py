"""The pending block: the head's state after the inherents of the next block and what is ready in the pool."""

from __future__ import annotations

from .....consensus.aura import slot_of
from .....consensus.internal import InternalError
from .....runtime import executive
from .....runtime.apis import ethereum as api
from .....runtime.client.ethereum import EthereumBlock, TransactionStatus
from .....runtime.frame.block_validity import Panic
from .....runtime.frame.context import Context
from .....runtime.frame.digest import aura_pre_runtime
from .....runtime.frame.validity import Refused
from .....runtime.inherents import create_inherents, inherent_data
from ...node import Node
from ...slices import pause
from .declare import internal


def begun(node: Node) -> Context:
    """Return the next block in a state of its own, with its inherents."""
    chain = node.chain
    timestamp = chain.clock.next_timestamp(chain.head_ms, chain.slot_ms)
    found, number, parent = node.separate_context(chain.head.hash), chain.head.number + 1, chain.head.hash
    digest = [aura_pre_runtime(slot_of(timestamp, chain.slot_ms))]
    ctx = executive.initialize_block(chain.runtime, found.state, number, parent, digest)
    announced = None if ctx.block.author is None else chain.shield_keys.announced(number, False)
    for inherent in create_inherents(ctx, inherent_data(timestamp, announced)):
        executive.apply_extrinsic(ctx, inherent)
    return ctx


def pending_context(node: Node) -> Context:
    """Return the state after the next block, as far as the pool says; transactions that are refused are left out."""
    try:
        ctx = begun(node)
        for extrinsic in list(node.chain.pool.ready()):
            pause()
            try:
                executive.apply_extrinsic(ctx, extrinsic)
            except Refused:
                continue
    except (Panic, InternalError) as error:
        raise internal(f"Create pending runtime api error: {error}") from error
    return ctx


def pending_block(node: Node) -> tuple[tuple[EthereumBlock, list[TransactionStatus]] | None, int]:
    """Return the pending Ethereum block with its statuses, and the base fee of the head.

    Its state root is the head's: the pending one would be computed from all keys, and blocks have another one anyway.
    """
    base_fee, root = api.gas_price(node.separate_context(node.chain.head.hash)), node.chain.head_header.state_root
    try:
        ctx = begun(node)
        ctx.block.storage_root = lambda: root
        block, statuses = api.pending_block(ctx, node.chain.pool.waiting())
    except (Panic, InternalError) as error:
        raise internal(f"Runtime access error at 0x{node.chain.head.hash.hex()}") from error
    return (None if block is None or statuses is None else (block, statuses)), base_fee
