"""`CodeFrame`: a frame that runs code. It is a computation of py-evm with other gas, memory and calls.

Gas is charged before an operation runs, in one place. The operations that py-evm's fork Prague shares with this chain
are its own; those of `operations/` replace the others.
"""

from __future__ import annotations

from itertools import repeat
from typing import NoReturn

from eth.exceptions import FullStack, Halt, InsufficientStack
from eth.vm.code_stream import CodeStream
from eth.vm.forks.prague.computation import PragueComputation
from eth.vm.stack import Stack

from ..exits import STOPPED, Error, ExitError, ExitReason, Revert, StackOverflow, StackUnderflow, Succeed
from .errors import FrameFailed, OutOfGas
from .execution import Execution
from .jumps import JUMPDEST, JUMPS
from .library import Frame
from .message import Message, Outcome
from .operations import OPERATIONS

#: Operations between two pauses.
STEPS = 2_048
#: From this many bytes on, an operation takes long enough for a pause of its own.
LONG = 65_536
#: More words cost more gas than a transaction can have.
WORDS_LIMIT = 1 << 32
#: What `gas` is when an operation of the frame found too little and the frame was not ended: every other one fails.
NO_GAS = -1


class Ended(Exception):
    """An operation ended its frame."""

    def __init__(self, reason: ExitReason, output: bytes = b"") -> None:
        super().__init__(reason)
        self.reason, self.output = reason, output


class Called(Exception):
    """An operation called another frame."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.frame = frame


class CodeFrame(PragueComputation):
    """A frame with its code, stack and memory."""

    def __init__(self, execution: Execution, message: Message, code: bytes) -> None:
        # The computation of py-evm is not initialized: it would make a gas meter, a memory, and lists of its own.
        self.execution, self.msg, self.gas = execution, message, message.gas
        self.state = self.transaction_context = execution.environment
        self.code_bytes, self.code = code, CodeStream(code)
        self._stack = Stack()
        self.values: list[int | bytes] = self._stack.values
        self.memory = bytearray()
        self.words = 0
        self.return_data = b""
        self.reason: ExitReason = STOPPED
        self.result = b""
        self._jumps: bytes | None = None
        #: Where the output of the called frame goes, or the address of the contract that it creates.
        self.awaits: tuple[int, int] | bytes = (0, 0)

    # --- running -------------------------------------------------------------------------------------------

    def run(self) -> Frame | None:
        """Run until the frame ends or calls another one, which is returned."""
        try:
            self._step()
        except Called as called:
            return called.frame
        except Ended as ended:
            self.reason, self.result = ended.reason, ended.output
        except Halt:
            self.reason = STOPPED
        except InsufficientStack:
            self._fail(StackUnderflow())
        except FullStack:
            self._fail(StackOverflow())
        except FrameFailed as failure:
            self._fail(failure.error)
        return None

    def _step(self) -> None:
        """Run operations until one raises."""
        code, raw, operations = self.code, self.code_bytes, OPERATIONS
        while True:
            for _ in repeat(None, STEPS):
                try:
                    operation = raw[code.program_counter]
                except IndexError:
                    raise Ended(STOPPED) from None
                code.program_counter += 1
                cost, logic = operations[operation]
                gas = self.gas - cost
                if gas < 0:
                    raise OutOfGas
                self.gas = gas
                logic(self)
            self.execution.pause()

    def _fail(self, error: ExitError) -> None:
        self.reason, self.gas = Error(error), 0

    @property
    def gas_left(self) -> int:
        """The gas that the caller gets back if the frame did not fail."""
        return max(self.gas, 0)

    def get_gas_remaining(self) -> int:
        """Return the gas that GAS shows."""
        return self.gas

    def finish(self, reason: ExitReason, output: bytes = b"") -> NoReturn:
        """End the frame."""
        raise Ended(reason, output)

    def call(self, frame: Frame) -> NoReturn:
        """Let a called frame run before this one continues."""
        raise Called(frame)

    def resume(self, outcome: Outcome) -> None:
        """Take the outcome of a called frame: its gas, its output, and whether it succeeded."""
        awaits, succeeded = self.awaits, isinstance(outcome.reason, Succeed)
        self.return_data = outcome.output
        if self.gas != NO_GAS:
            self.gas += outcome.gas
        if isinstance(awaits, bytes):
            self.stack_push_int(int.from_bytes(awaits, "big") if succeeded else 0)
            return
        self.stack_push_int(int(succeeded))
        if succeeded or isinstance(outcome.reason, Revert):
            offset, size = awaits[0], min(awaits[1], len(outcome.output))
            self.memory[offset : offset + size] = outcome.output[:size]

    # --- what operations use -------------------------------------------------------------------------------

    def require(self, count: int) -> list[int | bytes]:
        """Return the stack, the last item on top; raise StackUnderflow when it has fewer items."""
        if len(self.values) < count:
            raise FrameFailed(StackUnderflow())
        return self.values

    def charge(self, cost: int, offset: int = 0, size: int = 0) -> None:
        """Use gas, also for memory up to the end of a range, which is made larger where needed; raise OutOfGas."""
        words = (offset + size + 31) >> 5 if size else 0
        if words > self.words:
            if words >= WORDS_LIMIT:
                raise OutOfGas
            old = self.words
            cost += 3 * (words - old) + ((words * words) >> 9) - ((old * old) >> 9)
        gas = self.gas - cost
        if gas < 0:
            raise OutOfGas
        self.gas = gas
        if words > self.words:
            self._extend(words)
        if size >= LONG:
            self.execution.pause()

    def _extend(self, words: int) -> None:
        size = (words - self.words) << 5
        self.execution.extend_memory(size)
        self.memory.extend(bytes(size))
        self.words = words

    @property
    def memory_size(self) -> int:
        """The bytes of the memory."""
        return self.words << 5

    def read(self, offset: int, size: int) -> bytes:
        """Return bytes of the memory."""
        return bytes(self.memory[offset : offset + size]) if size else b""

    def write(self, offset: int, size: int, source: bytes, start: int) -> None:
        """Copy bytes of a source into the memory, zeros for what is behind its end."""
        if size:
            self.memory[offset : offset + size] = source[start : start + size].ljust(size, b"\0")

    def jump(self, destination: int) -> bool:
        """Continue at a destination; return whether it is one."""
        if self._jumps is None:
            self._jumps = JUMPS.mask(self.code_bytes)
        if destination >= len(self._jumps) or self._jumps[destination] != JUMPDEST:
            return False
        self.code.program_counter = destination
        return True
