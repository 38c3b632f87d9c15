"""Which Ethereum transactions may enter the pool or a block."""

from __future__ import annotations

from ....consensus.integers import U64_MAX
from ...frame.context import Context
from ...frame.validity import (
    BadSigner,
    Custom,
    Future,
    InvalidTransaction,
    Payment,
    Refused,
    Stale,
    ValidTransaction,
)
from ...scale import H160, U256, codec_of
from ..base_fee import BaseFeePerGas
from ..evm import validation
from ..evm.accounts import account_basic
from ..evm.declared import AccountCodes
from ..evm.extra import require_runnable
from ..evm.gas import gas_to_weight
from ..evm.validation import Candidate, TransactionFault
from ..evm_chain_id import ChainId
from .envelope import sender_of
from .transaction import EIP7702, AnyTransaction, CallAction, TransactionData, data_of

#: The most authorizations of a transaction.
MAX_AUTHORIZATIONS = 255
#: Every transaction has this priority, so that none replaces another one with the same nonce.
PRIORITY = 1
TAG = codec_of(tuple[H160, U256])
#: The reasons with a name of their own; others have their code.
REASONS: dict[TransactionFault, type[InvalidTransaction]] = {
    TransactionFault.BalanceTooLow: Payment,
    TransactionFault.TxNonceTooLow: Stale,
    TransactionFault.TxNonceTooHigh: Future,
}


def recover_sender(transaction: AnyTransaction) -> bytes:
    """Return the address that signed; Refused with InvalidSignature without one."""
    sender = sender_of(transaction)
    if sender is None:
        raise Refused(Custom(TransactionFault.InvalidSignature.value))
    return sender


def validate_for_pool(ctx: Context, sender: bytes, transaction: AnyTransaction) -> ValidTransaction:
    """Return how the pool orders a transaction. Its nonce may be higher than the account's; then it has to wait.

    A sender with code cannot send transactions (EIP-3607). The pool checks that too, as they would never be included.
    """
    data = data_of(transaction)
    next_nonce = _check(ctx, sender, transaction, data, in_block=False)
    if AccountCodes.get(ctx, sender):
        raise Refused(BadSigner())
    require_runnable(ctx, data.action.address if isinstance(data.action, CallAction) else None, data.input)
    requires = [TAG.encode((sender, data.nonce - 1))] if data.nonce > next_nonce else []
    return ValidTransaction(PRIORITY, requires, [TAG.encode((sender, data.nonce))], U64_MAX, propagate=True)


def check_in_block(ctx: Context, sender: bytes, transaction: AnyTransaction) -> None:
    """Refuse a transaction that may not be in the block; its nonce has to be the account's next one."""
    _check(ctx, sender, transaction, data_of(transaction), in_block=True)


def _check(ctx: Context, sender: bytes, transaction: AnyTransaction, data: TransactionData, *, in_block: bool) -> int:
    """Check nonce, gas, chain, price, balance and authorizations, in this order; return the sender's next nonce."""
    account, candidate = account_basic(ctx, sender), _candidate(data)
    try:
        validation.check_nonce(candidate, account, in_block)
        validation.check_gas(candidate)
        if data.chain_id not in (None, ChainId.get(ctx)):
            validation.refuse(TransactionFault.InvalidChainId)
        validation.check_base_fee(candidate, BaseFeePerGas.get(ctx))
        validation.check_balance(candidate, account)
        if isinstance(transaction, EIP7702):
            _check_authorizations(len(data.authorization_list))
    except validation.InvalidTransaction as invalid:
        reason = REASONS.get(invalid.fault)
        raise Refused(Custom(invalid.fault.value) if reason is None else reason()) from None
    return account.nonce


def _check_authorizations(count: int) -> None:
    """Refuse a set-code transaction without authorizations, or with more than 255."""
    if not count:
        validation.refuse(TransactionFault.EmptyAuthorizationList)
    if count > MAX_AUTHORIZATIONS:
        validation.refuse(TransactionFault.AuthorizationListTooLarge)


def _candidate(data: TransactionData) -> Candidate:
    """Return a transaction as its checks need it."""
    limit = gas_to_weight(min(data.gas_limit, U64_MAX))
    return Candidate(
        not isinstance(data.action, CallAction),
        data.input,
        data.nonce,
        data.gas_limit,
        data.value,
        data.gas_price,
        data.max_fee_per_gas,
        data.max_priority_fee_per_gas,
        data.access_list,
        len(data.authorization_list),
        weight_limit=limit if limit.proof_size else None,
        proof_size_base_cost=data.proof_size_base_cost if limit.proof_size else None,
    )
