"""Whether a transaction may enter the pool or a block: `ValidTransaction`, or the reason why not."""

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
    """Why a transaction is refused."""


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
    """Why nothing can be said of a transaction."""


class CannotLookup(UnknownTransaction, index=0):
    """Could not lookup information required to validate the transaction"""


class NoUnsignedValidator(UnknownTransaction, index=1):
    """Could not find an unsigned validator for the unsigned transaction"""


class CustomUnknown(UnknownTransaction, index=2, name="Custom"):
    """Unknown transaction custom error"""

    code: u8


class TransactionValidityError(Sum, path="sp_runtime::transaction_validity::TransactionValidityError", positional=True):
    """Either of both."""


class Invalid(TransactionValidityError, index=0):
    reason: InvalidTransaction


class Unknown(TransactionValidityError, index=1):
    reason: UnknownTransaction


class Refused(Exception):
    """Raised when a transaction may not enter; it leaves no trace in the state."""

    def __init__(self, reason: InvalidTransaction | UnknownTransaction) -> None:
        super().__init__(explain(reason))
        self.reason = reason

    @property
    def error(self) -> TransactionValidityError:
        """As the runtime's API answers it."""
        return Invalid(self.reason) if isinstance(self.reason, InvalidTransaction) else Unknown(self.reason)


def explain(reason: InvalidTransaction | UnknownTransaction) -> str:
    """The text that clients of the genuine node match on."""
    if isinstance(reason, Custom):
        return f"Custom error: {reason.code}"
    return type(reason).__doc__ or type(reason).__name__


TransactionTag = Annotated[bytes, SourceName("TransactionTag")]


class ValidTransaction(Struct, path="sp_runtime::transaction_validity::ValidTransaction"):
    """What the pool needs to order a valid transaction; longevity in blocks."""

    priority: Annotated[u64, SourceName("TransactionPriority")]
    requires: list[TransactionTag]
    provides: list[TransactionTag]
    longevity: Annotated[u64, SourceName("TransactionLongevity")]
    propagate: bool


@dataclass(slots=True)
class Validity:
    """A ValidTransaction in the making: extensions add to it one after the other."""

    priority: int = 0
    requires: list[bytes] = field(default_factory=list)
    provides: list[bytes] = field(default_factory=list)
    longevity: int = U64_MAX
    propagate: bool = True

    def finish(self) -> ValidTransaction:
        return ValidTransaction(
            saturate_u64(self.priority), self.requires, self.provides, self.longevity, self.propagate
        )
