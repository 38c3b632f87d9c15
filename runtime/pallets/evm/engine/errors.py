"""Exceptions of the engine: the ends of frames, and what stops a whole execution."""

from __future__ import annotations

from ....frame.block_validity import InvalidBlock
from ....frame.validity import CannotLookup, Refused
from ..exits import ExitError, OutOfFund
from ..exits import OutOfGas as OutOfGasError


class FrameFailed(Exception):
    """A frame ends with an error."""

    def __init__(self, error: ExitError) -> None:
        super().__init__(error)
        self.error = error


class OutOfGas(FrameFailed):
    """A frame has too little gas, or the transaction too little weight."""

    def __init__(self) -> None:
        super().__init__(OutOfGasError())


class TransferFailed(FrameFailed):
    """A value cannot be moved."""

    def __init__(self) -> None:
        super().__init__(OutOfFund())


#: What to do about it.
INSTALL = 'contracts run with the extra: pip install "pysubtensor[evm]"'


class CannotRun(Refused):
    """A transaction that would run code of a contract, in the pool of a node without the library that runs it."""

    def __init__(self) -> None:
        super().__init__(CannotLookup())
        self.args = (f"{MissingExtra.text}: {INSTALL}",)


class MissingExtra(InvalidBlock):
    """Code of a contract would have to run, and the library that runs it is not installed."""

    text = "The EVM is not installed"

    def __init__(self) -> None:
        super().__init__(INSTALL)


class MemoryLimitExceeded(InvalidBlock):
    """An execution needs more memory than a node has, which only calls with more gas than a block can reach."""

    text = "The EVM is out of memory"
