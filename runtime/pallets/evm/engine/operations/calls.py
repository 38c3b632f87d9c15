"""Operations that begin other frames: calls of four kinds, and the creation of contracts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .....crypto.hashing import keccak_256
from ... import accounts
from ...addresses import created_address, created_address2
from ...exits import CreateContractLimit, OutOfGas
from ...gas import MAX_INIT_CODE, init_code_cost
from ..message import Message, Outcome, failed
from ..metering import EMPTY_CHECK, WRITE
from .accounts import NEW_ACCOUNT, access_cost, touch_code
from .memory import require_payable, words_of
from .words import address, invalid_code, number, raw

if TYPE_CHECKING:
    from ..frame import CodeFrame

CALL_VALUE = 9_000
#: Gas that a called contract gets when it receives a value.
STIPEND = 2_300
CREATION, HASH_WORD = 32_000, 6
CREATE, CALL, CREATE2 = 0xF0, 0xF1, 0xF5
#: What `CodeFrame.gas` is in a frame that has none but was not ended.
NO_GAS = -1


def call(frame: CodeFrame) -> None:
    """Call an address, with a value."""
    values, msg = frame.require(3), frame.msg
    value = number(values[-3])
    if value and msg.is_static:
        require_payable(*call_memory(frame, 3))
        raise invalid_code(CALL)
    target = address(values[-2])
    cost = access_cost(frame, target) + (CALL_VALUE if value else 0)
    frame.execution.record_proof(EMPTY_CHECK)
    if value and accounts.is_empty(frame.execution.ctx, target):
        cost += NEW_ACCOUNT
    gas, data = _charge(frame, target, cost, 3)
    begin_call(frame, gas, Message(msg.storage_address, target, target, value, data, 0, msg.depth + 1, msg.is_static))


def callcode(frame: CodeFrame) -> None:
    """Run the code of an address as the own contract, with a value from and to itself."""
    values, msg = frame.require(3), frame.msg
    target, value, own = address(values[-2]), number(values[-3]), msg.storage_address
    cost = access_cost(frame, target) + (CALL_VALUE if value else 0)
    frame.execution.record_proof(EMPTY_CHECK)
    gas, data = _charge(frame, target, cost, 3)
    begin_call(frame, gas, Message(own, own, target, value, data, 0, msg.depth + 1, msg.is_static))


def delegatecall(frame: CodeFrame) -> None:
    """Run the code of an address as the own contract, with the own caller and value."""
    msg = frame.msg
    target = address(frame.require(2)[-2])
    cost = access_cost(frame, target)
    frame.execution.record_proof(EMPTY_CHECK)
    gas, data = _charge(frame, target, cost, 2)
    message = Message(
        msg.sender, msg.storage_address, target, msg.value, data, 0, msg.depth + 1, msg.is_static, moves_value=False
    )
    begin_call(frame, gas, message)


def staticcall(frame: CodeFrame) -> None:
    """Call an address that must change nothing."""
    msg = frame.msg
    target = address(frame.require(2)[-2])
    cost = access_cost(frame, target)
    frame.execution.record_proof(EMPTY_CHECK)
    gas, data = _charge(frame, target, cost, 2)
    message = Message(msg.storage_address, target, target, 0, data, 0, msg.depth + 1, True, moves_value=False)
    begin_call(frame, gas, message)


def call_memory(frame: CodeFrame, at: int) -> tuple[int, int]:
    """Return the range of memory, input or output, that ends later. They begin `at` items below the top."""
    values = frame.require(at + 4)
    in_offset, in_size = number(values[-1 - at]), number(values[-2 - at])
    out_offset, out_size = number(values[-3 - at]), number(values[-4 - at])
    if in_size and (not out_size or in_offset + in_size >= out_offset + out_size):
        return in_offset, in_size
    return out_offset, out_size


def _charge(frame: CodeFrame, target: bytes, cost: int, at: int) -> tuple[int, bytes]:
    """Charge for a call and remove its operands; return the gas that it asks for, and its input."""
    offset, size = call_memory(frame, at)
    frame.charge(cost, offset, size)
    touch_code(frame, target, checks_emptiness=True)
    values = frame.values
    gas, data = number(values[-1]), frame.read(number(values[-1 - at]), number(values[-2 - at]))
    frame.awaits = (number(values[-3 - at]), number(values[-4 - at]))
    del values[-4 - at :]
    frame.return_data = b""
    return gas, data


def begin_call(frame: CodeFrame, requested: int, message: Message) -> None:
    """Begin a call with the gas that it asks for, at most 63/64 of what is left, and a stipend for a value."""
    message.gas = min(requested, available(frame))
    frame.gas -= message.gas
    if message.moves_value and message.value:
        message.gas += STIPEND
    _begin(frame, message)


def available(frame: CodeFrame) -> int:
    """Return the gas that another frame can get; an estimate charges the rest."""
    rest = frame.gas // 64
    if frame.execution.estimates:
        frame.gas -= rest
        return frame.gas
    return frame.gas - rest


def _begin(frame: CodeFrame, message: Message) -> None:
    begun = frame.execution.begin(message)
    if isinstance(begun, Outcome):
        frame.resume(begun)
    else:
        frame.call(begun)


def create(frame: CodeFrame) -> None:
    """Create a contract, at an address by the own nonce."""
    value, code = _charge_creation(frame, CREATE)
    if pay_init_code(frame, code):
        own = frame.msg.storage_address
        begin_creation(frame, created_address(own, accounts.account_nonce(frame.execution.ctx, own)), value, code)


def create2(frame: CodeFrame) -> None:
    """Create a contract, at an address by its code and a salt."""
    value, code = _charge_creation(frame, CREATE2)
    salt = raw(frame.require(1).pop())
    if pay_init_code(frame, code):
        begin_creation(frame, created_address2(frame.msg.storage_address, salt, keccak_256(code)), value, code)


def _charge_creation(frame: CodeFrame, operation: int) -> tuple[int, bytes]:
    """Charge for a creation and remove its operands; return value and initialization code."""
    values = frame.require(3)
    value, offset, size = number(values[-1]), number(values[-2]), number(values[-3])
    if frame.msg.is_static:
        require_payable(offset, size)
        raise invalid_code(operation)
    cost = CREATION + (HASH_WORD * words_of(size) if operation == CREATE2 else 0)
    frame.charge(cost, offset, size)
    frame.execution.record_proof(WRITE)
    del values[-3:]
    frame.return_data = b""
    return value, frame.read(offset, size)


def pay_init_code(frame: CodeFrame, code: bytes) -> bool:
    """Charge for initialization code (EIP-3860); without success the creation fails, and then the frame has no gas."""
    cost = init_code_cost(len(code))
    if len(code) <= MAX_INIT_CODE and cost <= frame.gas:
        frame.gas -= cost
        return True
    frame.gas, frame.awaits = NO_GAS, b""
    frame.resume(failed(CreateContractLimit() if len(code) > MAX_INIT_CODE else OutOfGas()))
    return False


def begin_creation(frame: CodeFrame, created: bytes, value: int, code: bytes) -> None:
    """Begin a creation with 63/64 of the gas that is left."""
    msg, execution = frame.msg, frame.execution
    frame.awaits = created
    error = execution.prepare_creation(msg.storage_address, created, value, msg.depth)
    if error is not None:
        frame.resume(failed(error))
        return
    gas = available(frame)
    frame.gas -= gas
    message = Message(msg.storage_address, created, created, value, code, gas, msg.depth + 1, is_creation=True)
    _begin(frame, message)


TABLE = {
    CREATE: (0, create),
    CALL: (0, call),
    0xF2: (0, callcode),
    0xF4: (0, delegatecall),
    CREATE2: (0, create2),
    0xFA: (0, staticcall),
}
