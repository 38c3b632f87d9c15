"""The first frame of a transaction, with what comes before it: intrinsic gas, access lists and authorizations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ....crypto.hashing import keccak_256
from .. import accounts
from ..addresses import NO_ADDRESS, created_address, created_address2
from ..declared import AccountCodes
from ..exits import CreateContractLimit, Error, ExitReason
from ..exits import OutOfGas as OutOfGasError
from ..gas import AUTHORIZATION_REFUND, MAX_INIT_CODE, REFUND_QUOTIENT, AccessList, intrinsic_gas
from ..requests import Authorization
from .errors import OutOfGas
from .execution import DELEGATION, Execution, delegated_to
from .message import Message, Outcome, failed
from .metering import BASIC

#: Authorizations with this nonce or a higher one are void (EIP-2681).
MAX_NONCE = 2**64 - 1
#: The depth of a transaction itself, whose first frame has depth 0.
ROOT_DEPTH = -1


class Result(NamedTuple):
    """How a transaction ended, its output, and the gas that it used, refund deducted."""

    reason: ExitReason
    output: bytes
    used_gas: int


class Transaction(NamedTuple):
    """What a call and a creation have in common. Value in wei; data is input or initialization code."""

    source: bytes
    value: int
    data: bytes
    gas_limit: int
    access_list: AccessList = ()
    authorizations: Sequence[Authorization] = ()


def run_call(execution: Execution, transaction: Transaction, target: bytes) -> Result:
    """Call an address. The nonce of the source is counted even if the gas is not enough for the data."""
    source, gas_limit = transaction.source, transaction.gas_limit
    accounts.increment_nonce(execution.ctx, source)
    cost = _intrinsic(transaction, is_creation=False)
    if cost > gas_limit:
        return _without_gas(transaction, Error(OutOfGasError()))
    for address in (source, target, execution.environment.coinbase):
        execution.substate.access(address)
    _announce(execution, transaction)
    try:
        execution.record_proof(BASIC)
    except OutOfGas as failure:
        return _finish(execution, transaction, failed(failure.error, gas_limit - cost))
    message = Message(source, target, target, transaction.value, transaction.data, gas_limit - cost, 0)
    return _finish(execution, transaction, execution.run(message))


def run_creation(execution: Execution, transaction: Transaction, salt: bytes | None = None) -> Result:
    """Create a contract, with a salt as CREATE2 does."""
    source, code, gas_limit = transaction.source, transaction.data, transaction.gas_limit
    if len(code) > MAX_INIT_CODE:
        return _without_gas(transaction, Error(CreateContractLimit()))
    cost = _intrinsic(transaction, is_creation=True)
    if cost > gas_limit:
        return _without_gas(transaction, Error(OutOfGasError()))
    _announce(execution, transaction)
    created = address_of_creation(execution, source, code, salt)
    error = execution.prepare_creation(source, created, transaction.value, ROOT_DEPTH)
    if error is not None:
        return _finish(execution, transaction, failed(error, gas_limit - cost))
    message = Message(source, created, created, transaction.value, code, gas_limit - cost, 0, is_creation=True)
    return _finish(execution, transaction, execution.run(message))


def address_of_creation(execution: Execution, source: bytes, code: bytes, salt: bytes | None) -> bytes:
    """Return the address of the contract that a creation would make now."""
    if salt is None:
        return created_address(source, accounts.account_nonce(execution.ctx, source))
    return created_address2(source, salt, keccak_256(code))


def _intrinsic(transaction: Transaction, is_creation: bool) -> int:
    return intrinsic_gas(transaction.data, transaction.access_list, len(transaction.authorizations), is_creation)


def _without_gas(transaction: Transaction, reason: ExitReason) -> Result:
    """Return the result of a transaction that cannot begin: all its gas is used."""
    return Result(reason, b"", transaction.gas_limit)


def _finish(execution: Execution, transaction: Transaction, outcome: Outcome) -> Result:
    """Return the result of a transaction whose first frame ended; at most a fifth of its gas is refunded."""
    used = transaction.gas_limit - outcome.gas
    return Result(outcome.reason, outcome.output, used - min(used // REFUND_QUOTIENT, execution.substate.refund))


def _announce(execution: Execution, transaction: Transaction) -> None:
    """Access what the transaction announces, then apply its authorizations."""
    substate = execution.substate
    for address, slots in transaction.access_list:
        substate.access(address)
        for slot in slots:
            substate.access_slot((address, int.from_bytes(slot, "big")))
    _authorize(execution, transaction.authorizations)


def _authorize(execution: Execution, authorizations: Iterable[Authorization]) -> None:
    """Let accounts run the code of the addresses that they chose (EIP-7702); void authorizations are skipped.

    They are kept when the transaction fails. The zero address should take the code away: here the code stays, because
    empty code is never stored.
    """
    ctx, substate, chain_id = execution.ctx, execution.substate, execution.environment.chain_id
    for item in authorizations:
        authority = item.authority
        if item.chain_id not in (0, chain_id) or item.nonce >= MAX_NONCE or authority is None:
            continue
        substate.access(authority)
        code = AccountCodes.get(ctx, authority)
        if (code and delegated_to(code) is None) or accounts.account_nonce(ctx, authority) != item.nonce:
            continue
        if item.nonce or execution.code_size(authority) or accounts.account_balance(ctx, authority):
            substate.refund += AUTHORIZATION_REFUND
        accounts.set_code(ctx, authority, b"" if item.address == NO_ADDRESS else DELEGATION + item.address)
        accounts.increment_nonce(ctx, authority)
