"""AccountNonceApi, TransactionPaymentApi, TransactionPaymentCallApi: the nonce and the fee of a transaction."""

from __future__ import annotations

from ..frame.block_types import UncheckedExtrinsic
from ..frame.call import RuntimeCall
from ..frame.context import Context
from ..frame.extrinsic import Kind
from ..frame.runtime import runtime_of
from ..frame.runtime_api import RuntimeApi
from ..frame.weight import DispatchClass, DispatchInfo, Weight
from ..pallets import system, transaction_payment
from ..scale import AccountId, Struct, u32, u64

nonces = RuntimeApi("AccountNonceApi", 1, docs="Reads the nonces of accounts.")


@nonces.method
def account_nonce(ctx: Context, account: AccountId) -> u32:
    """Return the number of transactions that the account has sent. Pending transactions are not counted."""
    return system.Account.get(ctx, account).nonce


class RuntimeDispatchInfo(
    Struct, path="pallet_transaction_payment::types::RuntimeDispatchInfo", params=[("Balance", u64), ("Weight", Weight)]
):
    """The declared weight, class and fee of a call; `partial_fee` in rao, without a tip."""

    weight: Weight
    class_: DispatchClass
    partial_fee: u64


payment = RuntimeApi("TransactionPaymentApi", 4, docs="Computes the fees of transactions. Signatures are not checked.")
call_payment = RuntimeApi("TransactionPaymentCallApi", 3, docs="Computes the fees of calls without their transactions.")


@payment.method
def query_info(ctx: Context, uxt: UncheckedExtrinsic, len: u32) -> RuntimeDispatchInfo:
    """Return weight, class and fee of a transaction of `len` bytes. Inherents are free."""
    info = runtime_of(ctx).dispatch_info(uxt)
    fee = 0 if uxt.kind is Kind.BARE else transaction_payment.compute_fee(ctx, len, info, 0)
    return RuntimeDispatchInfo(info.total_weight, info.class_, fee)


@payment.method
def query_fee_details(ctx: Context, uxt: UncheckedExtrinsic, len: u32) -> transaction_payment.FeeDetails:
    """Return the parts of the fee of a transaction of `len` bytes."""
    if uxt.kind is Kind.BARE:
        return transaction_payment.FeeDetails(None, 0)
    return _details(ctx, len, runtime_of(ctx).dispatch_info(uxt))


@call_payment.method
def query_call_info(ctx: Context, call: RuntimeCall, len: u32) -> RuntimeDispatchInfo:
    """Return weight, class and fee of a call in a transaction of `len` bytes, without the weight of its extensions."""
    info = ctx.runtime.info(call)
    return RuntimeDispatchInfo(info.total_weight, info.class_, transaction_payment.compute_fee(ctx, len, info, 0))


@call_payment.method
def query_call_fee_details(ctx: Context, call: RuntimeCall, len: u32) -> transaction_payment.FeeDetails:
    """Return the parts of the fee of a call, as `query_call_info`."""
    return _details(ctx, len, ctx.runtime.info(call))


@payment.method
@call_payment.method
def query_weight_to_fee(ctx: Context, weight: Weight) -> u64:
    """Return the fee of a weight, in rao."""
    return transaction_payment.weight_to_fee(weight)


@payment.method
@call_payment.method
def query_length_to_fee(ctx: Context, length: u32) -> u64:
    """Return the fee of an encoded length, in rao: one rao for each byte."""
    return length


def _details(ctx: Context, length: int, info: DispatchInfo) -> transaction_payment.FeeDetails:
    """Return the parts of a fee without a tip."""
    return transaction_payment.fee_details(ctx, length, info.total_weight, 0, info.pays_fee)
