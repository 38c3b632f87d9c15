"""How the execution of an Ethereum call ends (`ExitReason`), as events, receipts and runtime APIs have it.

Names and indices are those of the crate `evm` 0.43, which the real chain runs.
"""

from __future__ import annotations

import enum
from typing import Annotated

from ...scale import SourceName, Struct, Sum, newtype, scale_enum, u8
from ...scale.codec import TEXT

Text = Annotated[str, newtype(TEXT, "Cow", None, (("T", TEXT),), None), SourceName("Cow<'static, str>")]


@scale_enum("evm_core::error::ExitSucceed")
class ExitSucceed(enum.Enum):
    """The ways to succeed."""

    Stopped = 0
    Returned = 1
    Suicided = 2


@scale_enum("evm_core::error::ExitRevert")
class ExitRevert(enum.Enum):
    """The way to revert, which keeps the gas that is left."""

    Reverted = 0


class Opcode(Struct, path="evm_core::opcode::Opcode", positional=True):
    """An operation of the EVM."""

    byte: u8


class ExitError(Sum, path="evm_core::error::ExitError", positional=True):
    """An error. All gas of its frame is used, unless the frame could not begin."""


class StackUnderflow(ExitError, index=0):
    """An operation found too few items on the stack."""


class StackOverflow(ExitError, index=1):
    """An operation would put a 1,025th item on the stack."""


class InvalidJump(ExitError, index=2):
    """The destination of a jump is not a JUMPDEST."""


class InvalidRange(ExitError, index=3):
    """A range of memory is not addressable, or an argument of a precompile is out of range."""


class DesignatedInvalid(ExitError, index=4):
    """The designated invalid operation ran."""


class CallTooDeep(ExitError, index=5):
    """More than 1,024 frames would be inside each other."""


class CreateCollision(ExitError, index=6):
    """The address of a new contract has code, or has sent transactions."""


class CreateContractLimit(ExitError, index=7):
    """Code or initialization code is too long."""


class InvalidCode(ExitError, index=15):
    """The operation does not exist or is not allowed here, or new code begins with 0xef (EIP-3541)."""

    opcode: Opcode


class OutOfOffset(ExitError, index=8):
    """RETURNDATACOPY reads behind the end of the data."""


class OutOfGas(ExitError, index=9):
    """There is too little gas, or too little of the metered weight."""


class OutOfFund(ExitError, index=10):
    """The sender of a value cannot pay it."""


class PCUnderflow(ExitError, index=11):
    """Unused."""


class CreateEmpty(ExitError, index=12):
    """Unused."""


class Other(ExitError, index=13):
    """An error with a text, of a precompile."""

    text: Text


class MaxNonce(ExitError, index=14):
    """The nonce cannot grow. Unused here: nonces are those of the chain's accounts."""


class ExitFatal(Sum, path="evm_core::error::ExitFatal", positional=True):
    """An error that ends all frames."""


class NotSupported(ExitFatal, index=0):
    """The operation is not supported, such as more memory than can be addressed."""


class UnhandledInterrupt(ExitFatal, index=1):
    """Unused."""


class CallErrorAsFatal(ExitFatal, index=2):
    """An error in a call that was asked to be fatal."""

    error: ExitError


class OtherFatal(ExitFatal, index=3, name="Other"):
    """A fatal error with a text."""

    text: Text


class ExitReason(Sum, path="evm_core::error::ExitReason", positional=True):
    """How an execution ended."""


class Succeed(ExitReason, index=0):
    """It succeeded."""

    reason: ExitSucceed


class Error(ExitReason, index=1):
    """It failed."""

    error: ExitError


class Revert(ExitReason, index=2):
    """It was reverted by its code."""

    reason: ExitRevert


class Fatal(ExitReason, index=3):
    """It failed fatally."""

    reason: ExitFatal


STOPPED, RETURNED, SUICIDED = (Succeed(each) for each in ExitSucceed)
REVERTED = Revert(ExitRevert.Reverted)
