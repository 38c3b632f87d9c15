"""`Execution`: the frames of one transaction, from its first call or creation to its end.

A frame that calls is not a Python function that calls: frames are in a list, so that 1,024 of them need no recursion.
Changes of a frame that fails are undone in the state, in the block's events and in the substate.
"""

from __future__ import annotations

from collections.abc import Callable

from .....consensus.internal import InternalError
from ....frame.context import Context
from ....frame.errors import DispatchFailed
from ...balances import fungible
from ...ethereum.block import Log
from .. import accounts
from ..addresses import account_of
from ..declared import AccountCodes, AccountStorages
from ..exits import (
    REVERTED,
    STOPPED,
    CallTooDeep,
    CreateCollision,
    CreateContractLimit,
    ExitError,
    InvalidCode,
    Opcode,
    OutOfFund,
    Revert,
    Succeed,
)
from ..exits import OutOfGas as OutOfGasError
from ..gas import MAX_CODE
from ..precompiles.errors import PrecompileFailed, Reverted
from ..precompiles.handle import Handle
from ..precompiles.table import Precompile, precompile_at
from .environment import Environment
from .errors import FrameFailed, MemoryLimitExceeded, OutOfGas, TransferFailed
from .frame_gas import FrameGas
from .library import Frame, frame_maker
from .message import Checkpoint, Message, Outcome, failed
from .metering import BASIC, WRITE, WeightMeter
from .substate import Slot, Substate

#: The deepest frame; the first one has depth 0. A creation may be one deeper.
MAX_DEPTH = 1_024
#: The gas of code, by byte.
CODE_BYTE = 200
#: What code may not begin with (EIP-3541).
RESERVED = 0xEF
#: How an account says that it runs the code of an address (EIP-7702), and the length with the address.
DELEGATION, DELEGATION_LENGTH = b"\xef\x01\x00", 23
#: The most bytes of memory of all frames together. Transactions of 75,000,000 gas stay below a quarter of it.
MEMORY_LIMIT = 256 * 1024 * 1024
#: Frames between two pauses.
FRAMES = 64


def delegated_to(code: bytes) -> bytes | None:
    """Return the address whose code an account runs, None for other code."""
    return code[3:] if len(code) == DELEGATION_LENGTH and code.startswith(DELEGATION) else None


class Execution:
    """The state of one transaction. `estimates` charges as searches for a gas limit do (`Config::estimate`)."""

    def __init__(self, ctx: Context, origin: bytes, meter: WeightMeter | None = None, estimates: bool = False) -> None:
        self.ctx, self.meter, self.estimates = ctx, meter, estimates
        self.environment = Environment(ctx, origin)
        self.substate = Substate()
        #: The values of slots before the transaction, of those that it changed.
        self.original: dict[Slot, int] = {}
        #: Transient storage (EIP-1153). It is not undone with a frame, as in the genuine node.
        self.transient: dict[Slot, int] = {}
        self._memory = 0
        self._begun = 0
        self._pause: Callable[[], object] = ctx.runtime.pause

    # --- frames --------------------------------------------------------------------------------------------

    def run(self, message: Message) -> Outcome:
        """Run a message and all messages inside it."""
        begun = self.begin(message)
        if isinstance(begun, Outcome):
            return begun
        frames = [begun]
        while True:
            frame = frames[-1]
            child = frame.run()
            if child is not None:
                frames.append(child)
                continue
            outcome = self._end(frame)
            frames.pop()
            self._memory -= frame.memory_size
            if not frames:
                return outcome
            frames[-1].resume(outcome)

    def begin(self, message: Message) -> Outcome | Frame:
        """Begin a message: return the frame of its code, or the outcome where none runs."""
        self._begun += 1
        if self._begun % FRAMES == 0:
            self._pause()
        message.checkpoint = self._mark()
        try:
            code = self._prepare_creation(message) if message.is_creation else self._prepare_call(message)
        except TransferFailed as error:
            self._undo(message)
            return failed(error.error, message.gas)
        except FrameFailed as error:
            self._undo(message)
            return failed(error.error, message.gas if isinstance(error.error, CallTooDeep) else 0)
        if isinstance(code, Outcome):
            return code
        if not code:
            return self._settled(message, Outcome(STOPPED, b"", message.gas))
        return frame_maker()(self, message, code)

    def _prepare_call(self, message: Message) -> bytes | Outcome:
        """Return the code to run for a call, or the outcome of a precompile; raise FrameFailed."""
        self.read_code(message.code_address)
        code = AccountCodes.get(self.ctx, message.code_address)
        delegate = delegated_to(code)
        if delegate is not None:
            self.read_code(delegate)
            code = AccountCodes.get(self.ctx, delegate)
        if message.depth > MAX_DEPTH:
            raise FrameFailed(CallTooDeep())
        if message.moves_value:
            self.record_proof(BASIC)
            self.transfer(message.sender, message.storage_address, message.value)
        precompile = precompile_at(message.code_address)
        return code if precompile is None else self._run_precompile(message, precompile)

    def _prepare_creation(self, message: Message) -> bytes:
        """Return the initialization code of a creation; raise FrameFailed."""
        ctx, address = self.ctx, message.storage_address
        self.read_code(address)
        if accounts.code_metadata(ctx, address).size or accounts.account_nonce(ctx, address):
            raise FrameFailed(CreateCollision())
        AccountStorages.clear_under(ctx, address)
        self.transfer(message.sender, address, message.value)
        self.record_proof(BASIC)
        accounts.increment_nonce(ctx, address)
        code, message.data = message.data, b""
        return code

    def _end(self, frame: Frame) -> Outcome:
        """Return the outcome of a frame that ended; keep its changes or undo them."""
        return self._settled(frame.msg, Outcome(frame.reason, frame.result, frame.gas_left))

    def _settled(self, message: Message, outcome: Outcome) -> Outcome:
        """Store the code of a created contract; undo the changes of what did not succeed."""
        if message.is_creation and isinstance(outcome.reason, Succeed):
            outcome = self._store_code(message, outcome)
        if not isinstance(outcome.reason, Succeed):
            self._undo(message)
            if not isinstance(outcome.reason, Revert):
                return Outcome(outcome.reason, b"", 0)
        return outcome

    def _store_code(self, message: Message, outcome: Outcome) -> Outcome:
        """Store the code that a creation returned, for its gas; return the outcome, which has no output."""
        code, cost = outcome.output, len(outcome.output) * CODE_BYTE
        if code[:1] == bytes((RESERVED,)):
            return failed(InvalidCode(Opcode(RESERVED)))
        if len(code) > MAX_CODE:
            return failed(CreateContractLimit())
        if cost > outcome.gas:
            return failed(OutOfGasError())
        try:
            self.record_proof(WRITE)
        except OutOfGas as error:
            return failed(error.error)
        accounts.set_code(self.ctx, message.storage_address, code)
        return Outcome(outcome.reason, b"", outcome.gas - cost)

    def _run_precompile(self, message: Message, precompile: Precompile) -> Outcome:
        """Run a precompile in its frame."""
        gas = FrameGas(message.gas, self.meter)
        handle = Handle(
            self.ctx,
            message.code_address,
            message.storage_address,
            message.sender,
            message.value,
            message.data,
            message.is_static,
            gas,
        )
        try:
            output = precompile(handle)
        except Reverted as reverted:
            self._undo(message)
            return Outcome(REVERTED, reverted.data, gas.remaining)
        except PrecompileFailed as failure:
            self._undo(message)
            return failed(failure.error)
        return Outcome(Succeed(precompile.exit), output, gas.remaining)

    # --- what frames do ------------------------------------------------------------------------------------

    def transfer(self, source: bytes, target: bytes, value: int) -> None:
        """Move a value in wei, rounded down to rao; raise TransferFailed. All of the free balance can be moved."""
        amount = accounts.to_rao(value)
        if amount is None:
            raise TransferFailed
        if amount == 0 or source == target:
            return
        try:
            fungible.transfer(
                self.ctx, account_of(source), account_of(target), amount, fungible.Preservation.Expendable
            )
        except DispatchFailed:
            raise TransferFailed from None

    def destroy(self, address: bytes, target: bytes) -> None:
        """Move the balance of a contract; delete it if it was created in this transaction (EIP-6780)."""
        balance = accounts.account_balance(self.ctx, address)
        self.transfer(address, target, balance)
        if address in self.substate.created:
            self.substate.delete(address)

    def prepare_creation(self, caller: bytes, address: bytes, value: int, depth: int) -> ExitError | None:
        """Take the steps of a creation that its caller keeps when it fails; return the error if it cannot begin.

        `depth` is that of the caller. The caller's nonce is counted also for a creation that fails later.
        """
        self.substate.access(caller)
        self.substate.access(address)
        if depth > MAX_DEPTH:
            return CallTooDeep()
        if accounts.account_balance(self.ctx, caller) < value:
            return OutOfFund()
        try:
            self.record_proof(BASIC)
        except OutOfGas as failure:
            return failure.error
        accounts.increment_nonce(self.ctx, caller)
        self.substate.create(address)
        return None

    def is_cold(self, address: bytes) -> bool:
        """Return whether an address costs more because the transaction has not accessed it yet."""
        return address not in self.substate.addresses and precompile_at(address) is None

    def storage(self, slot: Slot) -> int:
        """Return the value of a slot."""
        return int.from_bytes(AccountStorages.get(self.ctx, slot[0], slot[1].to_bytes(32, "big")), "big")

    def set_storage(self, slot: Slot, value: int) -> None:
        """Write the value of a slot; zero removes it. The first write notes the value before the transaction."""
        ctx, (address, index) = self.ctx, slot
        key = index.to_bytes(32, "big")
        if slot not in self.original:
            before = int.from_bytes(AccountStorages.get(ctx, address, key), "big")
            if before != value:
                self.original[slot] = before
        if value:
            AccountStorages.put(ctx, address, key, value.to_bytes(32, "big"))
        else:
            AccountStorages.remove(ctx, address, key)

    def log(self, address: bytes, topics: list[bytes], data: bytes) -> None:
        """Emit a log; it becomes an event at the end of the transaction."""
        self.substate.logs.append(Log(address, topics, data))

    def extend_memory(self, size: int) -> None:
        """Count memory of a frame, in bytes; raise MemoryLimitExceeded beyond what a node has."""
        self._memory += size
        if self._memory > MEMORY_LIMIT:
            raise MemoryLimitExceeded(f"expected at most {MEMORY_LIMIT} bytes of memory, got {self._memory}")

    def pause(self) -> None:
        """Let the thread do something else, between two operations. The pause may raise, which ends the execution."""
        self._pause()

    # --- weight --------------------------------------------------------------------------------------------

    def record_proof(self, amount: int) -> None:
        """Record bytes of the proof where they are metered; raise OutOfGas beyond the limit."""
        if self.meter is not None:
            self.meter.record_proof(amount)

    def read_code(self, address: bytes) -> None:
        """Record that the code of an address is read."""
        if self.meter is not None:
            self.meter.read_code(
                address, lambda: len(AccountCodes.get(self.ctx, address)), lambda: self.code_size(address)
            )

    def code_size(self, address: bytes) -> int:
        """Return the length of the code of an address, 1 for a precompile."""
        return accounts.code_metadata(self.ctx, address).size

    # --- undoing -------------------------------------------------------------------------------------------

    def _mark(self) -> Checkpoint:
        return Checkpoint(self.ctx.state.mark(), self.ctx.block.mark(), self.substate.mark())

    def _undo(self, message: Message) -> None:
        """Undo everything since a message began."""
        if message.checkpoint is None:
            raise InternalError("expected a message that has begun")
        state, block, substate = message.checkpoint
        self.ctx.state.rewind(state)
        self.ctx.block.rewind(block)
        self.substate.rewind(substate)
