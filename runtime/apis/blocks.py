"""BlockBuilder, TaggedTransactionQueue, OffchainWorkerApi, GenesisBuilder: what a node asks to make blocks."""

from __future__ import annotations

from .. import executive, inherents
from ..frame.block_types import Block, UncheckedExtrinsic
from ..frame.context import BlockEnvironment as BlockEnv
from ..frame.context import Context
from ..frame.errors import DispatchError
from ..frame.header import Header
from ..frame.runtime import runtime_of
from ..frame.runtime_api import RuntimeApi
from ..frame.validity import Refused, TransactionSource, TransactionValidityError, ValidTransaction
from ..inherents import CheckInherentsResult, InherentData
from ..pallets import system
from ..scale import H256, Err, Ok, Result
from .core import state_root

builder = RuntimeApi("BlockBuilder", 6, docs="Making a block: begun with Core, filled and finished here.")

Applied = Result[Result[None, DispatchError], TransactionValidityError]


@builder.method
def apply_extrinsic(ctx: Context, extrinsic: UncheckedExtrinsic) -> Applied:
    """Put an extrinsic into the block: whether its call succeeded, or why the extrinsic may not enter."""
    try:
        error = executive.apply_extrinsic(ctx, extrinsic)
    except Refused as refused:
        return Err(refused.error)
    return Ok(Ok(None) if error is None else Err(error))


@builder.method
def finalize_block(ctx: Context) -> Header:
    """End the block."""
    return executive.finalize_block(ctx, state_root)


@builder.method
def inherent_extrinsics(ctx: Context, inherent: InherentData) -> list[UncheckedExtrinsic]:
    """The inherents that belong into the block, from what its author knows."""
    return [runtime_of(ctx).decode(raw) for raw in inherents.create_inherents(ctx, inherent.data)]


@builder.method
def check_inherents(ctx: Context, block: Block, data: InherentData) -> CheckInherentsResult:
    """Whether a block's inherents agree with what this node knows; the context is the block's parent."""
    return inherents.check_inherents(ctx, block.extrinsics, data.data)


pool = RuntimeApi("TaggedTransactionQueue", 3, docs="What a transaction pool asks.")


@pool.method
def validate_transaction(
    ctx: Context, source: TransactionSource, tx: UncheckedExtrinsic, block_hash: H256
) -> Result[ValidTransaction, TransactionValidityError]:
    """Whether a transaction may wait for a block on top of the one with this hash, and how it is ordered there."""
    number = system.Number.get(ctx)
    pending = Context(ctx.runtime, ctx.state, BlockEnv(number + 1, block_hash))
    system.Number.put(pending, number + 1)
    system.ParentHash.put(pending, block_hash)
    system.BlockHash.put(pending, number, block_hash)
    try:
        return Ok(executive.validate_transaction(pending, tx, source))
    except Refused as refused:
        return Err(refused.error)


offchain = RuntimeApi("OffchainWorkerApi", 2, docs="Work beside the chain.")


@offchain.method
def offchain_worker(ctx: Context, header: Header) -> None:
    """Called after each block for work that reaches outside of the chain, of which this runtime does none."""


genesis = RuntimeApi("GenesisBuilder", 1, docs="Making a genesis state.")


@genesis.method
def build_state(ctx: Context, json: bytes) -> Result[None, str]:
    """Refused: a genesis is made from a chain's configuration, outside of the runtime."""
    return Err("This runtime's genesis is made from a ChainConfig, not from JSON.")


@genesis.method
def get_preset(ctx: Context, id: str | None) -> bytes | None:
    """None: the runtime has no presets of its own."""
    return None


@genesis.method
def preset_names(ctx: Context) -> list[str]:
    """No names, as there are no presets."""
    return []
