"""`Execution`: the frames of one transaction, from its first call or creation to its end.

A frame that calls is not a Python function that calls: frames are in a list, so that 1,024 of them need no recursion.
Changes of a frame that fails are undone in the state, in the block's events and in the substate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .....consensus.internal import InternalError
from .. import accounts
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
from ..precompiles import precompile_at
from ..precompiles.errors import PrecompileFailed, Reverted
from ..precompiles.handle import Handle
from .access import Access
from .errors import FrameFailed, OutOfGas, TransferFailed
from .frame_gas import FrameGas
from .library import Frame, frame_maker
from .message import Checkpoint, Message, Outcome, failed
from .metering import BASIC, WRITE

if TYPE_CHECKING:
    from ..precompiles.table import Precompile

#: The deepest frame; the first one has depth 0. A creation may be one deeper.
MAX_DEPTH = 1_024
#: The gas of code, by byte.
CODE_BYTE = 200
#: What code may not begin with (EIP-3541).
RESERVED = 0xEF
#: How an account says that it runs the code of an address (EIP-7702), and the length with the address.
DELEGATION, DELEGATION_LENGTH = b"\xef\x01\x00", 23
#: Frames between two pauses.
FRAMES = 64


def delegated_to(code: bytes) -> bytes | None:
    """Return the address whose code an account runs, None for other code."""
    return code[3:] if len(code) == DELEGATION_LENGTH and code.startswith(DELEGATION) else None


class Execution(Access):
    """The execution of one transaction."""

    #: Messages that have begun.
    _begun = 0

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
            self.extend_memory(-frame.memory_size)
            if not frames:
                return outcome
            frames[-1].resume(outcome)

    def begin(self, message: Message) -> Outcome | Frame:
        """Begin a message: return the frame of its code, or the outcome where none runs."""
        self._begun += 1
        if self._begun % FRAMES == 0:
            self.pause()
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
