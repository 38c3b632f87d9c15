"""The Ethereum block beside each block of the chain, made at the block's end.

Its state root is that of the chain's storage at that moment: transactions have been applied, the pallets before this
one are done, and this block is not stored yet.
"""

from __future__ import annotations

from ....consensus.internal import InternalError
from ...crypto.hashing import keccak_256
from ...frame.block_validity import PreBlockInvalid
from ...frame.context import Context
from ...frame.digest import Consensus
from ...frame.errors import DispatchFailed
from ...frame.validity import Refused
from ...frame.weight import ZERO, Weight, weight_of
from .. import system, timestamp
from ..evm.addresses import author_address
from .block import NO_OMMERS, AnyReceipt, EthereumBlock, Header, TransactionStatus, encoded_receipt, joined
from .calls import apply_transaction
from .declared import (
    SCHEMA,
    SCHEMA_V3,
    ZERO_HASH,
    BlockHash,
    CurrentBlock,
    CurrentReceipts,
    CurrentTransactionStatuses,
    Pending,
)
from .declared import pallet as pallet
from .digest import ENGINE, Hashes, PostHashes, PostLog, block_of_author
from .envelope import encoded
from .ordered_root import ordered_root
from .transaction import AnyTransaction
from .validity import check_in_block, recover_sender

BLOCK_GAS_LIMIT = 75_000_000
NO_NONCE = bytes(8)


@pallet.on_initialize
def execute_block_of_author(ctx: Context) -> Weight:
    """Execute an Ethereum block that the author put into the digest; return its weight and that of `finish`."""
    weight = system.kill_storage.info(([b""],), ctx.runtime.info).call_weight
    block = block_of_author(ctx.block.digest)
    for transaction in [] if block is None else block.transactions:
        try:
            source = recover_sender(transaction)
            check_in_block(ctx, source, transaction)
            weight += apply_transaction(ctx, source, transaction).actual_weight or ZERO
        except (Refused, DispatchFailed) as error:
            raise PreBlockInvalid(str(error)) from None
    return weight + weight_of(0, reads=2, writes=2)


@pallet.on_finalize
def finish(ctx: Context) -> None:
    """Store the Ethereum block, put its hashes into the digest, and drop the oldest block hash but the first."""
    number = ctx.block.number
    hashes = store_block(ctx, number)
    if block_of_author(ctx.block.digest) is None:
        ctx.block.digest.append(Consensus(ENGINE, PostLog.scale.encode(PostHashes(hashes))))
    expired = number - system.BlockHashCount.get(ctx) - 1
    if expired > 0:
        BlockHash.remove(ctx, expired)


def build_genesis(ctx: Context) -> None:
    """Store the first Ethereum block, which is empty, and the version of the storage."""
    store_block(ctx, 0)
    ctx.state.put(SCHEMA, SCHEMA_V3)


def store_block(ctx: Context, number: int) -> Hashes:
    """Make a block of the pending transactions and store it; return its hash and theirs."""
    if ctx.block.storage_root is None:
        raise InternalError("expected a block that is being finalized, with the root of its storage")
    transactions, statuses, receipts = _take_pending(ctx)
    raw = [encoded(transaction) for transaction in transactions]
    header = Header(
        BlockHash.get(ctx, number - 1) if number else ZERO_HASH,
        NO_OMMERS,
        author_address(ctx),
        ctx.block.storage_root(),
        ordered_root(raw),
        ordered_root([encoded_receipt(receipt) for receipt in receipts]),
        joined(receipt.data.logs_bloom for receipt in receipts),
        difficulty=0,
        number=number,
        gas_limit=BLOCK_GAS_LIMIT,
        gas_used=receipts[-1].data.used_gas if receipts else 0,
        timestamp=timestamp.Now.get(ctx),
        extra_data=b"",
        mix_hash=ZERO_HASH,
        nonce=NO_NONCE,
    )
    CurrentBlock.put(ctx, EthereumBlock(header, transactions, []))
    CurrentReceipts.put(ctx, receipts)
    CurrentTransactionStatuses.put(ctx, statuses)
    block_hash = header.hash
    BlockHash.put(ctx, number, block_hash)
    return Hashes(block_hash, [keccak_256(transaction) for transaction in raw])


def _take_pending(ctx: Context) -> tuple[list[AnyTransaction], list[TransactionStatus], list[AnyReceipt]]:
    """Remove and return the transactions of the block, their statuses and receipts."""
    entries = [Pending.take(ctx, index) for index in range(Pending.count(ctx))]
    found = [entry for entry in entries if entry is not None]
    return [entry[0] for entry in found], [entry[1] for entry in found], [entry[2] for entry in found]
