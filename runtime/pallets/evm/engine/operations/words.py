"""Words of the stack, which py-evm keeps as integers or as bytes, and the operation that is none."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn

from ...exits import InvalidCode, Opcode
from ..errors import FrameFailed

if TYPE_CHECKING:
    from ..frame import CodeFrame

Word = int | bytes
ADDRESS_BYTES = 20


def number(word: Word) -> int:
    """Return a word as an integer."""
    return word if isinstance(word, int) else int.from_bytes(word, "big")


def address(word: Word) -> bytes:
    """Return the address in the lower 20 bytes of a word."""
    if isinstance(word, int):
        word = word.to_bytes(32, "big")
    return word[-ADDRESS_BYTES:].rjust(ADDRESS_BYTES, b"\0")


def raw(word: Word) -> bytes:
    """Return the 32 bytes of a word."""
    return word.to_bytes(32, "big") if isinstance(word, int) else word.rjust(32, b"\0")


def invalid_code(code: int) -> FrameFailed:
    """Return the error of an operation that does not exist, or is not allowed in a static call."""
    return FrameFailed(InvalidCode(Opcode(code)))


def invalid(code: int) -> Callable[[CodeFrame], NoReturn]:
    """Return an operation that ends the frame with InvalidCode."""

    def run(frame: CodeFrame) -> NoReturn:
        raise invalid_code(code)

    return run
