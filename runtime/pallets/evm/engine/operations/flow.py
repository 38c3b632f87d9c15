"""Jumps, the end of a frame, and the one arithmetic operation whose gas depends on its operands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...exits import RETURNED, REVERTED, InvalidJump
from ..errors import FrameFailed
from .words import number

if TYPE_CHECKING:
    from ..frame import CodeFrame

EXP_BASE, EXP_BYTE = 10, 50
JUMP_COST, JUMPI_COST = 8, 10
U256 = 1 << 256


def exp(frame: CodeFrame) -> None:
    """Raise to a power, modulo 2^256."""
    values = frame.require(2)
    exponent = number(values[-2])
    frame.charge(EXP_BASE + EXP_BYTE * ((exponent.bit_length() + 7) // 8))
    base = number(values.pop())
    values[-1] = pow(base, exponent, U256)


def jump(frame: CodeFrame) -> None:
    """Continue at a destination."""
    if not frame.jump(frame.stack_pop1_int()):
        raise FrameFailed(InvalidJump())


def jumpi(frame: CodeFrame) -> None:
    """Continue at a destination if the second word is not zero."""
    values = frame.require(2)
    destination, condition = number(values.pop()), number(values.pop())
    if condition and not frame.jump(destination):
        raise FrameFailed(InvalidJump())


def return_(frame: CodeFrame) -> None:
    """End the frame with output."""
    values = frame.require(2)
    offset, size = number(values[-1]), number(values[-2])
    frame.charge(0, offset, size)
    frame.finish(RETURNED, frame.read(offset, size))


def revert(frame: CodeFrame) -> None:
    """End the frame with output, its changes undone and its gas kept."""
    values = frame.require(2)
    offset, size = number(values[-1]), number(values[-2])
    frame.charge(0, offset, size)
    frame.finish(REVERTED, frame.read(offset, size))


TABLE = {
    0x0A: (0, exp),
    0x56: (JUMP_COST, jump),
    0x57: (JUMPI_COST, jumpi),
    0xF3: (0, return_),
    0xFD: (0, revert),
}
