"""The one door to what needs py-evm: loading it takes a second, so it waits for the first code that runs."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Protocol

from ..exits import ExitReason
from ..extra import LIBRARIES, MissingExtra
from .message import Message, Outcome

if TYPE_CHECKING:
    from .execution import Execution


class Frame(Protocol):
    """A frame that runs code."""

    msg: Message
    #: How it ended, its output, and the gas that is left, once `run` returned None.
    reason: ExitReason
    result: bytes

    @property
    def gas_left(self) -> int: ...

    @property
    def memory_size(self) -> int:
        """The bytes of its memory."""

    def run(self) -> Frame | None:
        """Run until the frame ends, or until it calls: return the called frame, after which `resume` follows."""

    def resume(self, outcome: Outcome) -> None:
        """Take the outcome of the called frame."""


@cache
def frame_maker() -> Callable[[Execution, Message, bytes], Frame]:
    """Return the class of frames; raise MissingExtra where the library is not installed."""
    try:
        from .frame import CodeFrame
    except ImportError as error:
        if (error.name or "").partition(".")[0] in LIBRARIES:
            raise MissingExtra from error
        raise
    return CodeFrame
