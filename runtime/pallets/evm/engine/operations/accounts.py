"""Operations on accounts: balance and code of any address, and the destruction of the own contract."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ... import accounts
from ...declared import AccountCodes
from ...exits import SUICIDED
from ..metering import BASIC, EMPTY_CHECK
from .memory import COPY_WORD, words_of
from .words import address, invalid_code, number

if TYPE_CHECKING:
    from ..frame import CodeFrame

WARM, COLD = 100, 2_600
DESTRUCTION, NEW_ACCOUNT = 5_000, 25_000
SELFDESTRUCT = 0xFF


def access_cost(frame: CodeFrame, target: bytes) -> int:
    """Return the gas for an access to an address."""
    return COLD if frame.execution.is_cold(target) else WARM


def touch_code(frame: CodeFrame, target: bytes, checks_emptiness: bool) -> None:
    """Record the access to an address and its code."""
    execution = frame.execution
    if execution.meter is not None:
        execution.meter.touch_code(target, lambda: execution.code_size(target), checks_emptiness)
    execution.substate.access(target)


def balance(frame: CodeFrame) -> None:
    """Push the balance of an address."""
    values, execution = frame.require(1), frame.execution
    target = address(values[-1])
    frame.charge(access_cost(frame, target))
    if execution.meter is not None:
        execution.meter.touch_account(target, BASIC)
    execution.substate.access(target)
    values[-1] = accounts.account_balance(execution.ctx, target)


def extcodesize(frame: CodeFrame) -> None:
    """Push the length of the code of an address; that of a precompile is 1."""
    target = _read(frame)
    frame.values[-1] = frame.execution.code_size(target)


def extcodehash(frame: CodeFrame) -> None:
    """Push the hash of the code of an address, 0 if it is empty."""
    target, ctx = _read(frame), frame.execution.ctx
    frame.values[-1] = 0 if accounts.is_empty(ctx, target) else accounts.code_metadata(ctx, target).hash


def _read(frame: CodeFrame) -> bytes:
    """Charge for the code of the address on top of the stack, and return the address."""
    target = address(frame.require(1)[-1])
    frame.charge(access_cost(frame, target))
    touch_code(frame, target, checks_emptiness=False)
    frame.execution.read_code(target)
    return target


def extcodecopy(frame: CodeFrame) -> None:
    """Copy the code of an address into the memory."""
    values, execution = frame.require(4), frame.execution
    target, offset, start, size = address(values[-1]), number(values[-2]), number(values[-3]), number(values[-4])
    frame.charge(access_cost(frame, target) + COPY_WORD * words_of(size), offset, size)
    touch_code(frame, target, checks_emptiness=False)
    del values[-4:]
    execution.read_code(target)
    frame.write(offset, size, AccountCodes.get(execution.ctx, target), start)


def selfdestruct(frame: CodeFrame) -> None:
    """Move the balance to an address, and end the frame; a contract of this transaction is deleted."""
    if frame.msg.is_static:
        raise invalid_code(SELFDESTRUCT)
    execution, own = frame.execution, frame.msg.storage_address
    target = address(frame.require(1)[-1])
    cost = DESTRUCTION + (COLD if execution.is_cold(target) else 0)
    execution.record_proof(EMPTY_CHECK)
    if accounts.account_balance(execution.ctx, own) and accounts.is_empty(execution.ctx, target):
        cost += NEW_ACCOUNT
    frame.charge(cost)
    if execution.meter is not None:
        execution.meter.touch_account(target, EMPTY_CHECK)
    execution.substate.access(target)
    execution.destroy(own, target)
    frame.finish(SUICIDED)


TABLE = {
    0x31: (0, balance),
    0x3B: (0, extcodesize),
    0x3C: (0, extcodecopy),
    0x3F: (0, extcodehash),
    SELFDESTRUCT: (0, selfdestruct),
}
