"""`Message` begins a frame, `Outcome` is its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from ..exits import Error, ExitError, ExitReason
from .substate import Mark


class Checkpoint(NamedTuple):
    """Positions in state, block and substate that a frame goes back to when it fails."""

    state: int
    block: tuple[int, int, bytes | None]
    substate: Mark


@dataclass(slots=True, eq=False)
class Message:
    """A call, or the creation of a contract. Names are those that py-evm's operations read."""

    sender: bytes
    #: The address whose storage and balance the code uses.
    storage_address: bytes
    #: The address whose code runs.
    code_address: bytes
    #: Wei that CALLVALUE shows.
    value: int
    data: bytes
    gas: int
    depth: int
    is_static: bool = False
    is_creation: bool = False
    #: Whether the value moves from the sender to the storage address.
    moves_value: bool = True
    checkpoint: Checkpoint | None = None

    @property
    def data_as_bytes(self) -> bytes:
        return self.data


class Outcome(NamedTuple):
    """How a frame ended, its output, and the gas that its caller gets back."""

    reason: ExitReason
    output: bytes
    gas: int


def failed(error: ExitError, gas: int = 0) -> Outcome:
    """Return the outcome of a frame that failed; one that could not begin gives its gas back."""
    return Outcome(Error(error), b"", gas)
