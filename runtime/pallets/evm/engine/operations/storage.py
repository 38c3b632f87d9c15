"""Operations on storage: that of the state, and that which lasts for a transaction (EIP-1153)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import OutOfGas
from ..metering import STORAGE_SLOT, WRITE
from .words import invalid_code, number

if TYPE_CHECKING:
    from ..frame import CodeFrame

WARM, COLD_SLOT = 100, 2_100
SET, RESET = 20_000, 2_900
#: What clearing a slot gives back (EIP-3529).
CLEARED = 4_800
#: A frame with no more gas than the stipend of a call must not write.
STIPEND = 2_300
SSTORE, TSTORE = 0x55, 0x5D


def sload(frame: CodeFrame) -> None:
    """Read a slot."""
    values, execution = frame.require(1), frame.execution
    slot = (frame.msg.storage_address, number(values[-1]))
    frame.charge(WARM if slot in execution.substate.slots else COLD_SLOT)
    if execution.meter is not None:
        execution.meter.touch_slot(slot, STORAGE_SLOT)
    execution.substate.access_slot(slot)
    values[-1] = execution.storage(slot)


def sstore(frame: CodeFrame) -> None:
    """Write a slot (EIP-2200, 2929, 3529)."""
    if frame.msg.is_static:
        raise invalid_code(SSTORE)
    values, execution = frame.require(2), frame.execution
    slot, new = (frame.msg.storage_address, number(values[-1])), number(values[-2])
    current = execution.storage(slot)
    original = execution.original.get(slot, current)
    if execution.estimates:
        cost, refund = SET, 0
    elif frame.gas <= STIPEND:
        raise OutOfGas
    else:
        cost, refund = write_cost(original, current, new), write_refund(original, current, new)
    frame.charge(cost if slot in execution.substate.slots else cost + COLD_SLOT)
    execution.substate.refund += refund
    if execution.meter is not None:
        execution.meter.touch_slot(slot, WRITE + STORAGE_SLOT)
    execution.substate.access_slot(slot)
    del values[-2:]
    execution.set_storage(slot, new)


def write_cost(original: int, current: int, new: int) -> int:
    """Return the gas of a write, by the values before the transaction, now, and then."""
    if new == current or original != current:
        return WARM
    return RESET if original else SET


def write_refund(original: int, current: int, new: int) -> int:
    """Return the gas that a write gives back, negative where it takes back what an earlier write gave."""
    if current == new:
        return 0
    if original == current and new == 0:
        return CLEARED
    refund = 0
    if original:
        if current == 0:
            refund -= CLEARED
        elif new == 0:
            refund += CLEARED
    if original == new:
        refund += (RESET if original else SET) - WARM
    return refund


def tload(frame: CodeFrame) -> None:
    """Read a slot of transient storage."""
    values = frame.require(1)
    values[-1] = frame.execution.transient.get((frame.msg.storage_address, number(values[-1])), 0)


def tstore(frame: CodeFrame) -> None:
    """Write a slot of transient storage."""
    if frame.msg.is_static:
        raise invalid_code(TSTORE)
    frame.charge(WARM)
    values = frame.require(2)
    slot = (frame.msg.storage_address, number(values.pop()))
    frame.execution.transient[slot] = number(values.pop())


TABLE = {
    0x54: (0, sload),
    SSTORE: (0, sstore),
    0x5C: (WARM, tload),
    TSTORE: (0, tstore),
}
