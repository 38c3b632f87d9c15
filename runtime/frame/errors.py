"""Errors of calls: `DispatchError`, the base class of the pallets' own errors, and the exception that carries them.

A failing call raises `DispatchFailed`; its changes are undone and the error appears in an event. A transaction that
may not enter a block at all is refused with `validity.Refused` instead.
"""

from __future__ import annotations

import enum
from typing import Annotated, ClassVar

from ..scale import Bytes4, Codec, SourceName, Struct, Sum, scale_enum, u8
from ..scale.describe import Description, Variant, VariantInfo


@scale_enum("sp_runtime::TokenError")
class TokenError(enum.Enum):
    FundsUnavailable = 0
    OnlyProvider = 1
    BelowMinimum = 2
    CannotCreate = 3
    UnknownAsset = 4
    Frozen = 5
    Unsupported = 6
    CannotCreateHold = 7
    NotExpendable = 8
    Blocked = 9


@scale_enum("sp_arithmetic::ArithmeticError")
class ArithmeticFault(enum.Enum):
    Underflow = 0
    Overflow = 1
    DivisionByZero = 2


@scale_enum("sp_runtime::TransactionalError")
class TransactionalError(enum.Enum):
    LimitReached = 0
    NoLayer = 1


@scale_enum("sp_runtime::proving_trie::TrieError")
class TrieError(enum.Enum):
    InvalidStateRoot = 0
    IncompleteDatabase = 1
    ValueAtIncompleteKey = 2
    DecoderError = 3
    InvalidHash = 4
    DuplicateKey = 5
    ExtraneousNode = 6
    ExtraneousValue = 7
    ExtraneousHashReference = 8
    InvalidChildReference = 9
    ValueMismatch = 10
    IncompleteProof = 11
    RootMismatch = 12
    DecodeError = 13


class ModuleError(Struct, path="sp_runtime::ModuleError"):
    """An error of a pallet: the pallet's index, and four bytes: the error's index, then zeros."""

    index: u8
    error: Annotated[Bytes4, SourceName("[u8; MAX_MODULE_ERROR_ENCODED_SIZE]")]


class DispatchError(Sum, path="sp_runtime::DispatchError", positional=True):
    """Why a call failed."""


class Other(DispatchError, index=0):
    pass


class CannotLookup(DispatchError, index=1):
    pass


class BadOrigin(DispatchError, index=2):
    pass


class Module(DispatchError, index=3):
    error: ModuleError


class ConsumerRemaining(DispatchError, index=4):
    pass


class NoProviders(DispatchError, index=5):
    pass


class TooManyConsumers(DispatchError, index=6):
    pass


class Token(DispatchError, index=7):
    error: TokenError


class Arithmetic(DispatchError, index=8):
    error: ArithmeticFault


class Transactional(DispatchError, index=9):
    error: TransactionalError


class Exhausted(DispatchError, index=10):
    pass


class Corruption(DispatchError, index=11):
    pass


class Unavailable(DispatchError, index=12):
    pass


class RootNotAllowed(DispatchError, index=13):
    pass


class Trie(DispatchError, index=14):
    error: TrieError


class PalletError(enum.Enum):
    """The errors of a pallet, in the chain's order: `Name = index, "documentation"`."""

    #: Set by `Pallet`, which the errors are declared for.
    pallet_name: ClassVar[str]
    pallet_index: ClassVar[int]

    index: int
    docs: str

    def __new__(cls, index: int, docs: str) -> PalletError:
        member = object.__new__(cls)
        member._value_ = index
        member.index, member.docs = index, docs
        return member

    def as_dispatch_error(self) -> DispatchError:
        """Return the error as the variant Module of `DispatchError`."""
        return Module(ModuleError(self.pallet_index, bytes((self.index, 0, 0, 0))))


class ErrorCodec(Codec[PalletError]):
    """The errors of a pallet as an enum in metadata; they are encoded as `DispatchError`."""

    def __init__(self, errors: type[PalletError], path: str, generics: tuple[str, ...]) -> None:
        self.errors, self.name, self.generics = errors, path, generics

    def describe(self) -> Description:
        variants = tuple(VariantInfo(e.name, e.index, (), e.docs) for e in self.errors)
        return Description(Variant(variants), self.name, [(name, None) for name in self.generics])


AnyError = DispatchError | PalletError | TokenError | ArithmeticFault


class DispatchFailed(Exception):
    """Raised by a call that fails; `dispatch` undoes all that the call changed.

    `reason` is the error as raised, `error` the same as a `DispatchError`.
    """

    def __init__(self, error: AnyError, post: object | None = None) -> None:
        self.reason = error
        self.error = as_dispatch_error(error)
        #: The `PostInfo` of calls that report their cost up to the failure (batches, multisigs), else None.
        self.post = post
        super().__init__(str(error))


def as_dispatch_error(error: AnyError) -> DispatchError:
    """Return any error that a call may raise as a `DispatchError`."""
    if isinstance(error, PalletError):
        return error.as_dispatch_error()
    if isinstance(error, TokenError):
        return Token(error)
    if isinstance(error, ArithmeticFault):
        return Arithmetic(error)
    return error


def ensure(condition: bool, error: AnyError) -> None:
    """Raise DispatchFailed with `error` unless the condition holds."""
    if not condition:
        raise DispatchFailed(error)
