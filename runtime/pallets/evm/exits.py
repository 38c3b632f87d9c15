"""How a call of the EVM ends, as the crate `evm` encodes it in events and answers."""

from __future__ import annotations

import enum
from typing import Annotated

from ...scale import SourceName, Struct, Sum, scale_enum, u8

Text = Annotated[str, SourceName("Cow<'static, str>")]


@scale_enum("evm_core::error::ExitSucceed")
class ExitSucceed(enum.Enum):
    Stopped = 0
    Returned = 1
    Suicided = 2


@scale_enum("evm_core::error::ExitRevert")
class ExitRevert(enum.Enum):
    Reverted = 0


class Opcode(Struct, path="evm_core::opcode::Opcode", positional=True):
    byte: u8


class ExitError(Sum, path="evm_core::error::ExitError", positional=True):
    pass


class StackUnderflow(ExitError, index=0):
    pass


class StackOverflow(ExitError, index=1):
    pass


class InvalidJump(ExitError, index=2):
    pass


class InvalidRange(ExitError, index=3):
    pass


class DesignatedInvalid(ExitError, index=4):
    pass


class CallTooDeep(ExitError, index=5):
    pass


class CreateCollision(ExitError, index=6):
    pass


class CreateContractLimit(ExitError, index=7):
    pass


class InvalidCode(ExitError, index=15):
    opcode: Opcode


class OutOfOffset(ExitError, index=8):
    pass


class OutOfGas(ExitError, index=9):
    pass


class OutOfFund(ExitError, index=10):
    pass


class PCUnderflow(ExitError, index=11):
    pass


class CreateEmpty(ExitError, index=12):
    pass


class Other(ExitError, index=13):
    text: Text


class MaxNonce(ExitError, index=14):
    pass


class ExitFatal(Sum, path="evm_core::error::ExitFatal", positional=True):
    pass


class NotSupported(ExitFatal, index=0):
    pass


class UnhandledInterrupt(ExitFatal, index=1):
    pass


class CallErrorAsFatal(ExitFatal, index=2):
    error: ExitError


class OtherFatal(ExitFatal, index=3, name="Other"):
    text: Text


class ExitReason(Sum, path="evm_core::error::ExitReason", positional=True):
    pass


class Succeed(ExitReason, index=0):
    reason: ExitSucceed


class Error(ExitReason, index=1):
    error: ExitError


class Revert(ExitReason, index=2):
    reason: ExitRevert


class Fatal(ExitReason, index=3):
    reason: ExitFatal
