"""How a precompile fails: by a revert, which keeps the gas of the frame, or by an error, which burns it."""

from __future__ import annotations

from ..exits import ExitError, InvalidRange, Other, OutOfFund, OutOfGas
from .abi import BYTES, encode_result

#: Selector of Solidity's `Error(string)`.
ERROR_SELECTOR = bytes.fromhex("08c379a0")


class Reverted(Exception):
    """The call is undone; the caller keeps its gas and receives `data`."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.data = data


class PrecompileFailed(Exception):
    """The call is undone and all gas of the frame is used."""

    def __init__(self, error: ExitError) -> None:
        super().__init__(error)
        self.error = error


def reverted(text: str) -> Reverted:
    """Return a revert with a text, encoded as Solidity's `Error(string)`."""
    return Reverted(ERROR_SELECTOR + encode_result(BYTES, text.encode()))


def failed(text: str) -> PrecompileFailed:
    """Return an error with a text."""
    return PrecompileFailed(Other(text))


def out_of_gas() -> PrecompileFailed:
    """Return the error of a call that needs more gas than it has."""
    return PrecompileFailed(OutOfGas())


def out_of_fund() -> PrecompileFailed:
    """Return the error for an amount that the chain's balances cannot hold."""
    return PrecompileFailed(OutOfFund())


def invalid_range() -> PrecompileFailed:
    """Return the error for a value that does not exist or does not fit."""
    return PrecompileFailed(InvalidRange())
