"""The operations of the EVM by their codes: cost in gas, and function of a frame.

py-evm's are taken as they are where all rules are the same: arithmetic, comparisons, stack, and what the block says.
The others charge their gas themselves, in the order of the genuine node's checks, which the error of a frame shows.
Types of py-evm are not checked: its classes are the border of what is typed here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from eth.vm.forks.prague.opcodes import PRAGUE_OPCODES

from . import accounts, calls, flow, memory, storage
from .words import invalid

#: An operation: the gas that every use costs, and what it does to a frame.
Operation = tuple[int, Callable[[Any], object]]

OWN: dict[int, Operation] = {**accounts.TABLE, **calls.TABLE, **flow.TABLE, **memory.TABLE, **storage.TABLE}
#: BLOBHASH and BLOBBASEFEE, which this chain has not.
ABSENT = (0x49, 0x4A)


def _operation(code: int) -> Operation:
    """Return the operation with this code; one that ends the frame with InvalidCode where there is none."""
    if code in OWN:
        return OWN[code]
    if code in ABSENT or code not in PRAGUE_OPCODES:
        return 0, invalid(code)
    known = PRAGUE_OPCODES[code]
    return known.gas_cost, known.logic_fn


OPERATIONS: list[Operation] = [_operation(code) for code in range(256)]
