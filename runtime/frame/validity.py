"""Validity of transactions: `ValidTransaction`, or the reason why a transaction may not enter the pool or a block."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import Annotated

from ...consensus.integers import U64_MAX, saturate_u64
from ..scale import SourceName, Struct, Sum, scale_enum, u8, u64


@scale_enum("sp_runtime::transaction_validity::TransactionSource")
class TransactionSource(enum.Enum):
    """Where a transaction comes from."""

    InBlock = 0
    Local = 1
    External = 2


class InvalidTransaction(Sum, path="sp_runtime::transaction_validity::InvalidTransaction", positional=True):
    """Why a transaction is invalid. The docstrings of the variants are the genuine node's messages."""


class Call(InvalidTransaction, index=0):
    """Transaction call is not expected"""


class Payment(InvalidTransaction, index=1):
    """Inability to pay some fees (e.g. account balance too low)"""


class Future(InvalidTransaction, index=2):
    """Transaction will be valid in the future"""


class Stale(InvalidTransaction, index=3):
    """Transaction is outdated"""


class BadProof(InvalidTransaction, index=4):
    """Transaction has a bad signature"""


class AncientBirthBlock(InvalidTransaction, index=5):
    """Transaction has an ancient birth block"""


class ExhaustsResources(InvalidTransaction, index=6):
    """Transaction would exhaust the block limits"""


class Custom(InvalidTransaction, index=7):
    """Invalid transaction custom error"""

    code: u8


class BadMandatory(InvalidTransaction, index=8):
    """A call was labelled as mandatory, but resulted in an Error."""


class MandatoryValidation(InvalidTransaction, index=9):
    """Transaction dispatch is mandatory; transactions must not be validated."""


class BadSigner(InvalidTransaction, index=10):
    """Invalid signing address"""


class IndeterminateImplicit(InvalidTransaction, index=11):
    """The implicit data was unable to be calculated"""


class UnknownOrigin(InvalidTransaction, index=12):
    """The transaction extension did not authorize any origin"""


class UnknownTransaction(Sum, path="sp_runtime::transaction_validity::UnknownTransaction", positional=True):
    """Why the validity of a transaction cannot be determined. The docstrings are the genuine node's messages."""


class CannotLookup(UnknownTransaction, index=0):
    """Could not lookup information required to validate the transaction"""


class NoUnsignedValidator(UnknownTransaction, index=1):
    """Could not find an unsigned validator for the unsigned transaction"""


class CustomUnknown(UnknownTransaction, index=2, name="Custom"):
    """Unknown transaction custom error"""

    code: u8


class TransactionValidityError(Sum, path="sp_runtime::transaction_validity::TransactionValidityError", positional=True):
    """An invalid transaction, or one whose validity cannot be determined."""


class Invalid(TransactionValidityError, index=0):
    reason: InvalidTransaction


class Unknown(TransactionValidityError, index=1):
    reason: UnknownTransaction


class Refused(Exception):
    """Raised when a transaction may not enter the pool or the block; the state does not change."""

    def __init__(self, reason: InvalidTransaction | UnknownTransaction) -> None:
        super().__init__(explain(reason))
        self.reason = reason

    @property
    def error(self) -> TransactionValidityError:
        """The reason as `TransactionValidityError`, the result of runtime APIs."""
        return Invalid(self.reason) if isinstance(self.reason, InvalidTransaction) else Unknown(self.reason)


def explain(reason: InvalidTransaction | UnknownTransaction) -> str:
    """Return the genuine node's message for a reason, on which clients match."""
    if isinstance(reason, Custom):
        return f"Custom error: {reason.code}"
    return type(reason).__doc__ or type(reason).__name__


TransactionTag = Annotated[bytes, SourceName("TransactionTag")]


class ValidTransaction(Struct, path="sp_runtime::transaction_validity::ValidTransaction"):
    """What the pool needs to order a valid transaction: tags, priority, and longevity in blocks."""

    priority: Annotated[u64, SourceName("TransactionPriority")]
    requires: list[TransactionTag]
    provides: list[TransactionTag]
    longevity: Annotated[u64, SourceName("TransactionLongevity")]
    propagate: bool


@dataclass(slots=True)
class Validity:
    """A `ValidTransaction` under construction, which each extension adds to."""

    priority: int = 0
    requires: list[bytes] = field(default_factory=list)
    provides: list[bytes] = field(default_factory=list)
    longevity: int = U64_MAX
    propagate: bool = True

    def finish(self) -> ValidTransaction:
        """Return the result; the priority saturates at 2^64 - 1."""
        return ValidTransaction(
            saturate_u64(self.priority), self.requires, self.provides, self.longevity, self.propagate
        )
