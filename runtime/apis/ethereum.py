"""EthereumRuntimeRPCApi and ConvertTransactionRuntimeApi: what the Ethereum RPC asks of the runtime."""

from __future__ import annotations

from ...consensus.integers import U64_MAX
from .. import executive
from ..frame.block_types import UncheckedExtrinsic
from ..frame.context import Context
from ..frame.digest import pre_runtime_items
from ..frame.errors import DispatchError
from ..frame.extrinsic import Extrinsic
from ..frame.header import Header
from ..frame.runtime import runtime_of
from ..frame.runtime_api import RuntimeApi
from ..frame.validity import Refused
from ..pallets import system
from ..pallets.base_fee import BaseFeePerGas, Elasticity
from ..pallets.ethereum.block import EthereumBlock, TransactionReceipt, TransactionStatus
from ..pallets.ethereum.blocks import finish
from ..pallets.ethereum.calls import authorizations_of, transact
from ..pallets.ethereum.declared import CurrentBlock, CurrentReceipts, CurrentTransactionStatuses
from ..pallets.ethereum.transaction import AuthorizationListItem, SignedTransaction
from ..pallets.evm import runner
from ..pallets.evm.accounts import account_basic as basic_of
from ..pallets.evm.addresses import author_address
from ..pallets.evm.declared import AccountCodes, AccountStorages
from ..pallets.evm.execution_info import CallInfo, CreateInfo
from ..pallets.evm.gas import gas_to_weight
from ..pallets.evm.requests import Options, Request, RunnerError
from ..pallets.evm_chain_id import ChainId
from ..scale import H160, H256, U256, Err, Ok, Permill, Result, Struct, codec_of, u64
from .core import state_root

AccessList = list[tuple[H160, list[H256]]]
ACCESS_LIST = codec_of(AccessList | None)

#: Bytes of a transaction of the longest type without its data and access list, as the runtime estimates them.
CALL_LENGTH, CREATE_LENGTH, FEE_LENGTH = 258, 190, 32

api = RuntimeApi("EthereumRuntimeRPCApi", 6, docs="Reads the Ethereum side of the chain, and runs calls on it.")


class Basic(Struct, path="evm::backend::Basic"):
    """Balance, in wei, and nonce of an address."""

    balance: U256
    nonce: U256


@api.method
def chain_id(ctx: Context) -> u64:
    """Return the EIP-155 chain id."""
    return ChainId.get(ctx)


@api.method
def account_basic(ctx: Context, address: H160) -> Basic:
    """Return balance and nonce of an address."""
    return Basic(*basic_of(ctx, address))


@api.method
def gas_price(ctx: Context) -> U256:
    """Return the base fee of the next block, in wei."""
    return BaseFeePerGas.get(ctx)


@api.method
def account_code_at(ctx: Context, address: H160) -> bytes:
    """Return the code of an address."""
    return AccountCodes.get(ctx, address)


@api.method
def author(ctx: Context) -> H160:
    """Return the address of the block's author."""
    return author_address(_in_block(ctx))


@api.method
def storage_at(ctx: Context, address: H160, index: U256) -> H256:
    """Return the value of a slot of a contract's storage."""
    return AccountStorages.get(ctx, address, index.to_bytes(32, "big"))


@api.method
def call(
    ctx: Context,
    from_: H160,
    to: H160,
    data: bytes,
    value: U256,
    gas_limit: U256,
    max_fee_per_gas: U256 | None,
    max_priority_fee_per_gas: U256 | None,
    nonce: U256 | None,
    estimate: bool,
    access_list: AccessList | None,
    authorization_list: list[AuthorizationListItem] | None,
) -> Result[CallInfo, DispatchError]:
    """Run a call without a transaction; `estimate` charges as a search for the gas limit has to."""
    length = len(data) + CALL_LENGTH + _length_of(access_list)
    fees = (max_fee_per_gas, max_priority_fee_per_gas)
    request = _request(from_, data, value, gas_limit, fees, nonce, access_list, authorization_list)
    try:
        return Ok(runner.call(_in_block(ctx), request, to, _options(request, length, estimate)))
    except RunnerError as failure:
        return Err(failure.error.as_dispatch_error())


@api.method
def create(
    ctx: Context,
    from_: H160,
    data: bytes,
    value: U256,
    gas_limit: U256,
    max_fee_per_gas: U256 | None,
    max_priority_fee_per_gas: U256 | None,
    nonce: U256 | None,
    estimate: bool,
    access_list: AccessList | None,
    authorization_list: list[AuthorizationListItem] | None,
) -> Result[CreateInfo, DispatchError]:
    """Run the creation of a contract without a transaction. Only addresses on the list of creators may."""
    fees = (max_fee_per_gas, max_priority_fee_per_gas)
    length = len(data) + CREATE_LENGTH + FEE_LENGTH * (2 - fees.count(None)) + _length_of(access_list)
    request = _request(from_, data, value, gas_limit, fees, nonce, access_list, authorization_list)
    try:
        return Ok(runner.create(_in_block(ctx), request, _options(request, length, estimate)))
    except RunnerError as failure:
        return Err(failure.error.as_dispatch_error())


def _request(
    source: bytes,
    data: bytes,
    value: int,
    gas_limit: int,
    fees: tuple[int | None, int | None],
    nonce: int | None,
    access_list: AccessList | None,
    authorization_list: list[AuthorizationListItem] | None,
) -> Request:
    authorizations = authorizations_of(authorization_list or [])
    return Request(source, data, value, min(gas_limit, U64_MAX), *fees, nonce, access_list or [], authorizations)


def _options(request: Request, length: int, estimates: bool) -> Options:
    """Return how to execute a question; `length` is that of a transaction in its place."""
    limit = gas_to_weight(request.gas_limit)
    if not limit.proof_size:
        return Options(is_transactional=False, estimates=estimates)
    return Options(is_transactional=False, estimates=estimates, weight_limit=limit, proof_size_base_cost=length)


def _length_of(access_list: AccessList | None) -> int:
    """Return the bytes that an access list adds to the estimated length of a transaction."""
    return 0 if access_list is None else len(ACCESS_LIST.encode(access_list))


def _in_block(ctx: Context) -> Context:
    """Return the context with the digest of its block, which has the author's slot; after a block it is in storage."""
    if not ctx.block.digest:
        ctx.block.digest = list(system.DigestItems.get(ctx).logs)
    return ctx


@api.method
def current_block(ctx: Context) -> EthereumBlock | None:
    """Return the Ethereum block of the last block."""
    return CurrentBlock.get(ctx)


@api.method
def current_receipts(ctx: Context) -> list[TransactionReceipt] | None:
    """Return the receipts of the last block's Ethereum transactions."""
    return CurrentReceipts.get(ctx)


@api.method
def current_transaction_statuses(ctx: Context) -> list[TransactionStatus] | None:
    """Return what became of the last block's Ethereum transactions."""
    return CurrentTransactionStatuses.get(ctx)


@api.method
def current_all(
    ctx: Context,
) -> tuple[EthereumBlock | None, list[TransactionReceipt] | None, list[TransactionStatus] | None]:
    """Return block, receipts and statuses."""
    return CurrentBlock.get(ctx), CurrentReceipts.get(ctx), CurrentTransactionStatuses.get(ctx)


@api.method
def extrinsic_filter(ctx: Context, xts: list[UncheckedExtrinsic]) -> list[SignedTransaction]:
    """Return the Ethereum transactions among extrinsics."""
    return [xt.call.args[0] for xt in xts if xt.call.function is transact]


@api.method
def elasticity(ctx: Context) -> Permill | None:
    """Return by how much the base fee changes at most from block to block, in parts of 10^6."""
    return Elasticity.get(ctx)


@api.method
def gas_limit_multiplier_support(ctx: Context) -> None:
    """Say that calls may have more gas than a block: the method exists."""


@api.method
def pending_block(
    ctx: Context, xts: list[UncheckedExtrinsic]
) -> tuple[EthereumBlock | None, list[TransactionStatus] | None]:
    """Apply extrinsics to a block that is begun; return the Ethereum block that results, without those refused."""
    for xt in xts:
        try:
            executive.apply_extrinsic(ctx, xt)
        except Refused:
            continue
    if ctx.block.storage_root is None:
        ctx.block.storage_root = lambda: state_root(ctx.state, {})
    finish(ctx)
    return CurrentBlock.get(ctx), CurrentTransactionStatuses.get(ctx)


@api.method
def initialize_pending_block(ctx: Context, header: Header) -> None:
    """Begin the block to which `pending_block` applies extrinsics."""
    digest = pre_runtime_items(header.digest.logs)
    new_ctx = executive.initialize_block(runtime_of(ctx), ctx.state, header.number, header.parent_hash, digest)
    ctx.block = new_ctx.block


convert = RuntimeApi("ConvertTransactionRuntimeApi", 2, docs="Puts Ethereum transactions into extrinsics.")


@convert.method
def convert_transaction(ctx: Context, transaction: SignedTransaction) -> UncheckedExtrinsic:
    """Return the extrinsic that has an Ethereum transaction inside."""
    return Extrinsic.bare(transact.call(transaction))
