"""Operations that read and write the memory, and logs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from .....crypto.hashing import keccak_256
from ...exits import OutOfOffset
from ..errors import FrameFailed, OutOfGas
from .words import invalid_code, number, raw

if TYPE_CHECKING:
    from ..frame import CodeFrame

BASE, VERY_LOW, COPY_WORD = 2, 3, 3
HASH, HASH_WORD = 30, 6
LOG, LOG_TOPIC, LOG_BYTE = 375, 375, 8
LOG0 = 0xA0
#: A range that ends behind this cannot be charged for.
FARTHEST = (1 << 37) - 1


def words_of(size: int) -> int:
    """Return the number of words that bytes take."""
    return (size + 31) >> 5


def sha3(frame: CodeFrame) -> None:
    """Hash bytes of the memory by keccak-256."""
    values = frame.require(2)
    offset, size = number(values[-1]), number(values[-2])
    frame.charge(HASH + HASH_WORD * words_of(size), offset, size)
    values.pop()
    values[-1] = keccak_256(frame.read(offset, size))


def mload(frame: CodeFrame) -> None:
    """Read a word."""
    values = frame.require(1)
    offset = number(values[-1])
    frame.charge(VERY_LOW, offset, 32)
    values[-1] = frame.read(offset, 32)


def mstore(frame: CodeFrame) -> None:
    """Write a word."""
    values = frame.require(1)
    offset = number(values[-1])
    frame.charge(VERY_LOW, offset, 32)
    frame.require(2)
    values.pop()
    frame.memory[offset : offset + 32] = raw(values.pop())


def mstore8(frame: CodeFrame) -> None:
    """Write a byte."""
    values = frame.require(1)
    offset = number(values[-1])
    frame.charge(VERY_LOW, offset, 1)
    frame.require(2)
    values.pop()
    frame.memory[offset] = number(values.pop()) & 0xFF


def mcopy(frame: CodeFrame) -> None:
    """Copy bytes within the memory (EIP-5656)."""
    values = frame.require(3)
    target, source, size = number(values[-1]), number(values[-2]), number(values[-3])
    frame.charge(VERY_LOW + COPY_WORD * words_of(size), max(target, source), size)
    del values[-3:]
    if size:
        frame.memory[target : target + size] = frame.memory[source : source + size]


def msize(frame: CodeFrame) -> None:
    """Push the size of the memory."""
    frame.stack_push_int(frame.memory_size)


def calldatacopy(frame: CodeFrame) -> None:
    """Copy input into the memory."""
    _copy(frame, frame.msg.data)


def codecopy(frame: CodeFrame) -> None:
    """Copy the code that runs into the memory."""
    _copy(frame, frame.code_bytes)


def returndatacopy(frame: CodeFrame) -> None:
    """Copy the output of the last call into the memory; OutOfOffset where it is shorter."""
    _copy(frame, frame.return_data, within=True)


def _copy(frame: CodeFrame, source: bytes, within: bool = False) -> None:
    values = frame.require(3)
    offset, start, size = number(values[-1]), number(values[-2]), number(values[-3])
    frame.charge(VERY_LOW + COPY_WORD * words_of(size), offset, size)
    del values[-3:]
    if within and start + size > len(source):
        raise FrameFailed(OutOfOffset())
    frame.write(offset, size, source, start)


def log(topics: int) -> Callable[[CodeFrame], None]:
    """Return the operation that emits a log with this number of topics."""

    def run(frame: CodeFrame) -> None:
        values = frame.require(2)
        offset, size = number(values[-1]), number(values[-2])
        if frame.msg.is_static:
            require_payable(offset, size)
            raise invalid_code(LOG0 + topics)
        frame.charge(LOG + LOG_TOPIC * topics + LOG_BYTE * size, offset, size)
        frame.require(2 + topics)
        del values[-2:]
        found = [raw(values.pop()) for _ in range(topics)]
        frame.execution.log(frame.msg.storage_address, found, frame.read(offset, size))

    return run


def require_payable(offset: int, size: int) -> None:
    """Raise OutOfGas for a range of memory that no gas can pay for."""
    if size and offset + size > FARTHEST:
        raise OutOfGas


TABLE = {
    0x20: (0, sha3),
    0x37: (0, calldatacopy),
    0x39: (0, codecopy),
    0x3E: (0, returndatacopy),
    0x51: (0, mload),
    0x52: (0, mstore),
    0x53: (0, mstore8),
    0x59: (BASE, msize),
    0x5E: (0, mcopy),
    **{LOG0 + topics: (0, log(topics)) for topics in range(5)},
}
