"""BlockBuilder, TaggedTransactionQueue, OffchainWorkerApi, GenesisBuilder: building blocks and a genesis state."""

from __future__ import annotations

from .. import executive, inherents, validation
from ..frame.block_types import Block, UncheckedExtrinsic
from ..frame.context import BlockEnvironment as BlockEnv
from ..frame.context import Context
from ..frame.errors import DispatchError
from ..frame.header import Header
from ..frame.runtime_api import RuntimeApi
from ..frame.validity import Refused, TransactionSource, TransactionValidityError, ValidTransaction
from ..inherents import CheckInherentsResult, InherentData
from ..pallets import system
from ..scale import H256, Err, Ok, Result
from .core import state_root

builder = RuntimeApi("BlockBuilder", 6, docs="Builds a block that Core has initialized.")

Applied = Result[Result[None, DispatchError], TransactionValidityError]


@builder.method
def apply_extrinsic(ctx: Context, extrinsic: UncheckedExtrinsic) -> Applied:
    """Apply an extrinsic; return the result of its call, or the error for which it is not included."""
    try:
        error = executive.apply_extrinsic(ctx, extrinsic)
    except Refused as refused:
        return Err(refused.error)
    return Ok(Ok(None) if error is None else Err(error))


@builder.method
def finalize_block(ctx: Context) -> Header:
    """Finish the block; return its header."""
    return executive.finalize_block(ctx, state_root)


@builder.method
def inherent_extrinsics(ctx: Context, inherent: InherentData) -> list[UncheckedExtrinsic]:
    """Return the inherents of the block, made from the author's data."""
    return inherents.create_inherents(ctx, inherent.data)


@builder.method
def check_inherents(ctx: Context, block: Block, data: InherentData) -> CheckInherentsResult:
    """Check the inherents of a block against this node's data, in the state of the block's parent."""
    return inherents.check_inherents(ctx, block.extrinsics, data.data)


pool = RuntimeApi("TaggedTransactionQueue", 3, docs="Validates transactions for the pool.")


@pool.method
def validate_transaction(
    ctx: Context, source: TransactionSource, tx: UncheckedExtrinsic, block_hash: H256
) -> Result[ValidTransaction, TransactionValidityError]:
    """Return how the pool orders a transaction on top of the block with this hash, or why it refuses it."""
    number = system.Number.get(ctx)
    pending = Context(ctx.runtime, ctx.state, BlockEnv(number + 1, block_hash))
    try:
        return Ok(validation.validate_transaction(pending, tx, source))
    except Refused as refused:
        return Err(refused.error)


offchain = RuntimeApi("OffchainWorkerApi", 2, docs="Runs work outside of the chain.")


@offchain.method
def offchain_worker(ctx: Context, header: Header) -> None:
    """Do the work outside of the chain that follows a block. This runtime has none."""


genesis = RuntimeApi("GenesisBuilder", 1, docs="Builds a genesis state.")


@genesis.method
def build_state(ctx: Context, json: bytes) -> Result[None, str]:
    """Return an error: a genesis state is made from a ChainConfig, outside of the runtime."""
    return Err("This runtime's genesis is made from a ChainConfig, not from JSON.")


@genesis.method
def get_preset(ctx: Context, id: str | None) -> bytes | None:
    """Return None: the runtime has no presets."""
    return None


@genesis.method
def preset_names(ctx: Context) -> list[str]:
    """Return no names: the runtime has no presets."""
    return []
