"""The checks of a transaction before it is executed (`fp_evm::CheckEvmTransaction`), by the pool and within a block."""

from __future__ import annotations

import enum
from typing import NamedTuple, NoReturn

from ...frame.weight import Weight
from .accounts import Basic
from .gas import BLOCK_GAS_LIMIT, AccessList, intrinsic_gas

U256_MAX = 2**256 - 1


class TransactionFault(enum.Enum):
    """What is wrong with a transaction; the values are the codes by which the pool refuses it."""

    GasLimitTooLow = 0
    GasLimitTooHigh = 1
    GasPriceTooLow = 2
    PriorityFeeTooHigh = 3
    BalanceTooLow = 4
    TxNonceTooLow = 5
    TxNonceTooHigh = 6
    InvalidFeeInput = 7
    InvalidChainId = 8
    InvalidSignature = 9
    EmptyAuthorizationList = 10
    AuthorizationListTooLarge = 11
    UnknownError = 12


class InvalidTransaction(Exception):
    """A transaction that must not be executed."""

    def __init__(self, fault: TransactionFault) -> None:
        super().__init__(fault)
        self.fault = fault


def refuse(fault: TransactionFault) -> NoReturn:
    """Raise InvalidTransaction."""
    raise InvalidTransaction(fault)


class Candidate(NamedTuple):
    """A transaction to check. Amounts are in wei; `gas_price` is for the types before EIP-1559."""

    is_creation: bool
    data: bytes
    nonce: int
    gas_limit: int
    value: int
    gas_price: int | None = None
    max_fee: int | None = None
    max_priority_fee: int | None = None
    access_list: AccessList = ()
    authorizations: int = 0
    #: Whether it pays; what is only asked of the runtime need not.
    is_transactional: bool = True
    weight_limit: Weight | None = None
    proof_size_base_cost: int | None = None

    def fee_cap(self) -> int:
        """Return the highest price of gas that it pays, 0 for a question without one."""
        prices = (self.gas_price is not None, self.max_fee is not None, self.max_priority_fee is not None)
        if prices == (True, False, False):
            return self.gas_price or 0
        if prices[:2] == (False, True):
            if (self.max_priority_fee or 0) > (self.max_fee or 0):
                refuse(TransactionFault.PriorityFeeTooHigh)
            return self.max_fee or 0
        if self.is_transactional:
            refuse(TransactionFault.InvalidFeeInput)
        return 0


def check_nonce(candidate: Candidate, account: Basic, in_block: bool) -> None:
    """Refuse a nonce that is too low; within a block also one that is too high."""
    if in_block and candidate.nonce > account.nonce:
        refuse(TransactionFault.TxNonceTooHigh)
    if candidate.nonce < account.nonce:
        refuse(TransactionFault.TxNonceTooLow)


def check_gas(candidate: Candidate) -> None:
    """Refuse a gas limit that does not cover the transaction's data, or is above that of a block."""
    if not candidate.is_transactional:
        return
    limit, base = candidate.weight_limit, candidate.proof_size_base_cost
    if limit is not None and base is not None and limit.proof_size < base:
        refuse(TransactionFault.GasLimitTooLow)
    cost = intrinsic_gas(candidate.data, candidate.access_list, candidate.authorizations, candidate.is_creation)
    if candidate.gas_limit < cost:
        refuse(TransactionFault.GasLimitTooLow)
    if candidate.gas_limit > BLOCK_GAS_LIMIT:
        refuse(TransactionFault.GasLimitTooHigh)


def check_base_fee(candidate: Candidate, base_fee: int) -> None:
    """Refuse a price below the base fee."""
    price = candidate.fee_cap()
    if (candidate.is_transactional or price > 0) and price < base_fee:
        refuse(TransactionFault.GasPriceTooLow)


def check_balance(candidate: Candidate, account: Basic) -> None:
    """Refuse a transaction whose sender cannot pay value and the highest fee."""
    fee = min(candidate.fee_cap() * candidate.gas_limit, U256_MAX)
    if (candidate.is_transactional or fee > 0) and account.balance < min(candidate.value + fee, U256_MAX):
        refuse(TransactionFault.BalanceTooLow)
