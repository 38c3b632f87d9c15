"""`Request`: a call or a creation that the EVM is asked for, with how to execute it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ...frame.weight import DB_READ, Weight
from .declared import Error
from .gas import AccessList

#: The weight of reading the base fee, and with the account of the sender.
FEE_READ, ACCOUNT_READ = Weight(DB_READ), Weight(3 * DB_READ)


class RunnerError(Exception):
    """An execution that could not begin, with the weight that was used nevertheless."""

    def __init__(self, error: Error, weight: Weight) -> None:
        super().__init__(error)
        self.error, self.weight = error, weight


class Options(NamedTuple):
    """How to execute. The pallet's calls are transactional and validated; Ethereum's transactions, validated before,
    are transactional; questions to the runtime are validated but need not pay."""

    is_transactional: bool = True
    validates: bool = True
    #: Charge as searches for a gas limit do.
    estimates: bool = False
    #: The limits of what dispatched calls and reads may use, and the bytes of the transaction in the proof.
    weight_limit: Weight | None = None
    proof_size_base_cost: int | None = None


CALL = Options()


class Authorization(NamedTuple):
    """The permission of an account to run the code of `address` as its own; `authority` is None for a bad signature."""

    chain_id: int
    address: bytes
    nonce: int
    authority: bytes | None


class Request(NamedTuple):
    """A call or a creation. Amounts are in wei; `data` is input or initialization code."""

    source: bytes
    data: bytes
    value: int
    gas_limit: int
    max_fee: int | None = None
    max_priority_fee: int | None = None
    #: None takes the next one.
    nonce: int | None = None
    access_list: AccessList = ()
    authorizations: Sequence[Authorization] = ()
