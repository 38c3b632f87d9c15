"""Exceptions of the engine: the ends of frames, and what stops a whole execution."""

from __future__ import annotations

from ....frame.block_validity import InvalidBlock
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


class MemoryLimitExceeded(InvalidBlock):
    """An execution needs more memory than a node has, which only calls with more gas than a block can reach."""

    text = "The EVM is out of memory"
