"""Ethereum.transact: the execution of a transaction that an Ethereum key has signed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ....consensus.integers import U64_MAX
from ...frame.block_validity import PreLogExists
from ...frame.call import Call
from ...frame.context import Context
from ...frame.errors import DispatchFailed, Other
from ...frame.pallet import SelfContained
from ...frame.validity import ValidTransaction
from ...frame.weight import Pays, PostInfo, Weight
from ..evm import runner
from ..evm.execution_info import AnyInfo
from ..evm.exits import Revert, Succeed
from ..evm.gas import gas_to_weight
from ..evm.requests import Authorization, Options, Request, RunnerError
from .block import (
    AnyReceipt,
    EIP1559Receipt,
    EIP2930Receipt,
    EIP7702Receipt,
    LegacyReceipt,
    ReceiptData,
    TransactionStatus,
    bloom_of,
)
from .declared import EthereumTransaction, Executed, Pending, pallet
from .digest import block_of_author
from .envelope import authority_of, hash_of
from .transaction import (
    EIP1559,
    EIP2930,
    EIP7702,
    AnyTransaction,
    AuthorizationListItem,
    CallAction,
    Legacy,
    SignedTransaction,
    TransactionData,
    data_of,
)
from .validity import check_in_block, recover_sender, validate_for_pool

NO_ADDRESS = bytes(20)
#: The most bytes of a revert's text in the event.
EXTRA_DATA_LENGTH = 30
#: Where the data of a revert has the length of its text, and the text.
LENGTH_START, MESSAGE_START = 36, 68

RECEIPTS: dict[type, type[AnyReceipt]] = {
    Legacy: LegacyReceipt,
    EIP2930: EIP2930Receipt,
    EIP1559: EIP1559Receipt,
    EIP7702: EIP7702Receipt,
}


class Outcome(NamedTuple):
    """What the EVM did with a transaction. The address of a creation is set even where the creation failed."""

    info: AnyInfo
    called: bytes | None
    created: bytes | None


def declared_weight(transaction: AnyTransaction) -> Weight:
    """Return the weight of the whole gas limit."""
    return gas_to_weight(min(transaction.signed.gas_limit, U64_MAX))


@pallet.call(0, weight=declared_weight)
def transact(ctx: Context, transaction: SignedTransaction) -> PostInfo:
    """Execute an Ethereum transaction, for the address that signed it; it pays for its gas.

    It comes in an extrinsic without a signature, because it has its own. If the EVM fails, the transaction is in the
    block nevertheless, with a receipt that says so.
    """
    origin = ctx.origin.special
    if not isinstance(origin, EthereumTransaction):
        raise DispatchFailed(Other())
    if block_of_author(ctx.block.digest) is not None:
        raise PreLogExists("expected no transaction beside the author's Ethereum block, got one")
    return apply_transaction(ctx, origin.source, transaction)


def apply_transaction(ctx: Context, source: bytes, transaction: AnyTransaction) -> PostInfo:
    """Execute a valid transaction, and keep status and receipt for the Ethereum block."""
    data = data_of(transaction)
    info, called, created = execute(ctx, source, data)
    index, bloom = Pending.count(ctx), bloom_of(info.logs)
    status = TransactionStatus(hash_of(transaction), index, source, called, created, info.logs, bloom)
    receipt = RECEIPTS[type(transaction)](
        ReceiptData(
            int(isinstance(info.exit_reason, Succeed)),
            _used_before(ctx, index) + info.used_gas.effective,
            bloom,
            info.logs,
        )
    )
    Pending.put(ctx, index, (transaction, status, receipt))
    to = called or created or NO_ADDRESS
    extra = extra_data(info.value) if called is not None and isinstance(info.exit_reason, Revert) else b""
    ctx.deposit(Executed(source, to, status.transaction_hash, info.exit_reason, extra))
    return PostInfo(_actual_weight(info), Pays.No)


def execute(ctx: Context, source: bytes, data: TransactionData) -> Outcome:
    """Run a transaction. The list of those who may create contracts does not count here."""
    limit = gas_to_weight(min(data.gas_limit, U64_MAX))
    options = Options(
        validates=False,
        weight_limit=limit if limit.proof_size else None,
        proof_size_base_cost=data.proof_size_base_cost if limit.proof_size else None,
    )
    request = Request(
        source,
        data.input,
        data.value,
        min(data.gas_limit, U64_MAX),
        data.gas_price if data.max_fee_per_gas is None else data.max_fee_per_gas,
        data.gas_price if data.max_priority_fee_per_gas is None else data.max_priority_fee_per_gas,
        data.nonce,
        data.access_list,
        authorizations_of(data.authorization_list),
    )
    try:
        if isinstance(data.action, CallAction):
            called = data.action.address
            return Outcome(runner.call(ctx, request, called, options), called, None)
        info = runner.create(ctx, request, options)
        return Outcome(info, None, info.value)
    except RunnerError as failure:
        raise DispatchFailed(failure.error, PostInfo(failure.weight)) from None


def authorizations_of(items: Iterable[AuthorizationListItem]) -> list[Authorization]:
    """Return authorizations with the accounts that signed them."""
    return [Authorization(item.chain_id, item.address, item.nonce, authority_of(item)) for item in items]


def _used_before(ctx: Context, index: int) -> int:
    """Return the gas that the block's transactions before this one have used."""
    previous = Pending.get(ctx, index - 1) if index else None
    return 0 if previous is None else previous[2].data.used_gas


def extra_data(data: bytes) -> bytes:
    """Return what the event has of a revert: the beginning of its text, or all of its data if that has no text."""
    if len(data) <= MESSAGE_START:
        return data
    length = int.from_bytes(data[LENGTH_START:MESSAGE_START], "big")
    end = MESSAGE_START + min(length, EXTRA_DATA_LENGTH)
    return data[MESSAGE_START:end] if len(data) >= end else data


def _actual_weight(info: AnyInfo) -> Weight:
    """Return the weight of the gas that was used, before refunds or after them, with the recorded size of the proof."""
    weight = gas_to_weight(min(max(info.used_gas.standard, info.used_gas.effective), U64_MAX))
    recorded = None if info.weight_info is None else info.weight_info.proof_size_usage
    return weight if recorded is None else Weight(weight.ref_time, recorded)


# --- signatures ----------------------------------------------------------------------------------------------


def _origin_of(call: Call) -> EthereumTransaction:
    return EthereumTransaction(recover_sender(call.args[0]))


def _source(ctx: Context) -> bytes:
    origin = ctx.origin.special
    if not isinstance(origin, EthereumTransaction):
        raise DispatchFailed(Other())
    return origin.source


def _validate(ctx: Context, call: Call) -> ValidTransaction:
    return validate_for_pool(ctx, _source(ctx), call.args[0])


def _check(ctx: Context, call: Call) -> None:
    check_in_block(ctx, _source(ctx), call.args[0])


pallet.self_contained = SelfContained(_origin_of, _validate, _check)
