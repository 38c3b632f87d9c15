"""`Writer`: code as bytes, and random expressions, which push one word."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

#: Slots of storage and transient storage that code uses.
SLOTS = (0, 1, 2, 3, 7, 31, 2**64, 2**256 - 1)
#: Words at the edges of what operations distinguish.
EDGES = (
    *(0, 1, 2, 3, 31, 32, 33, 96, 255, 256, 257),
    *(2**31, 2**64 - 1, 2**128, 2**160 - 1, 2**255 - 1, 2**255, 2**256 - 1),
)
UNARY = (0x15, 0x19)
BINARY = (*range(0x01, 0x08), 0x0A, 0x0B, *range(0x10, 0x15), *range(0x16, 0x19), *range(0x1A, 0x1E))
TERNARY = (0x08, 0x09)
#: What needs no operand: the environment of frame, transaction and block.
NULLARY = (0x30, 0x32, 0x33, 0x34, 0x36, 0x38, 0x3A, 0x3D, *range(0x41, 0x48), 0x4A, 0x58, 0x59, 0x5A)
BASEFEE = 0x48
#: Parts of a program that a statement may contain are not deeper than this.
DEEPEST = 3


class World(NamedTuple):
    """The addresses that code knows, and whether it uses what Cancun has not."""

    addresses: tuple[bytes, ...]
    is_prague: bool


class Writer:
    """Code under construction."""

    def __init__(self, random: Random, world: World, depth: int = 0) -> None:
        self._random, self._addresses, self._depth, self._is_prague = random, world.addresses, depth, world.is_prague
        self._world = world
        self._code = bytearray()
        #: Words that the code has left on the stack.
        self._left = 0

    # --- writing -------------------------------------------------------------------------------------------

    def op(self, *codes: int) -> None:
        """Append operations."""
        self._code += bytes(codes)

    def push(self, value: int | bytes) -> None:
        """Append a push of a word, in some cases with more bytes than needed."""
        data = value if isinstance(value, bytes) else value.to_bytes((value.bit_length() + 7) // 8, "big")
        if len(data) < 32 and self._random.random() < 0.05:
            data = data.rjust(self._random.randint(len(data), 32), b"\0")
        self._code += bytes((0x5F + len(data),)) + data

    def store(self, data: bytes, at: int = 0) -> None:
        """Append what writes bytes into the memory."""
        for start in range(0, len(data), 32):
            self.push(data[start : start + 32].ljust(32, b"\0"))
            self.push(at + start)
            self.op(0x52)

    # --- words ---------------------------------------------------------------------------------------------

    def word(self, level: int = 0) -> None:
        """Append what pushes a word."""
        random = self._random
        kind = random.random()
        if level > DEEPEST or kind < 0.35:
            self.push(
                random.choice(EDGES) if random.random() < 0.6 else random.getrandbits(random.choice((8, 64, 256)))
            )
        elif kind < 0.5:
            self.op(BASEFEE if self._is_prague and random.random() < 0.05 else random.choice(NULLARY))
        elif kind < 0.75:
            self._operands(level, random.choice((UNARY, BINARY, BINARY, BINARY, TERNARY)))
        elif kind < 0.8 and self._left:
            self.op(0x7F + random.randint(1, min(self._left, 16)))
        else:
            self._read(level)

    def _operands(self, level: int, operations: tuple[int, ...]) -> None:
        for _ in range(1 if operations is UNARY else 2 if operations is BINARY else 3):
            self.word(level + 1)
        self.op(self._random.choice(operations))

    def _read(self, level: int) -> None:
        """Append a read of storage, memory, input, another account or an older block."""
        random = self._random
        kind = random.randrange(8)
        if kind < 2:
            self.push(random.choice(SLOTS))
            self.op(random.choice((0x54, 0x54, 0x5C)))
        elif kind == 2:
            self.offset()
            self.op(0x51)
        elif kind == 3:
            self.offset()
            self.op(0x35)
        elif kind == 4:
            self.size()
            self.offset()
            self.op(0x20)
        elif kind == 5:
            self.address()
            self.op(random.choice((0x31, 0x3B, 0x3B, 0x3F)))
        elif kind == 6:
            self.push(random.choice((0, 5, 43, 44, 250, 298, 299, 300, 301, 2**40)))
            self.op(0x40)
        else:
            self.word(level + 1)
            self.op(0x49 if random.random() < 0.2 else 0x15)

    def address(self) -> None:
        """Append what pushes an address: known ones most of the time, with dirt above it in some cases."""
        random = self._random
        kind = random.random()
        if kind < 0.05:
            self.op(random.choice((0x30, 0x32, 0x33, 0x41)))
        elif kind < 0.1:
            self.push(random.randint(0, 0x14 if self._is_prague else 0x0A))
        elif kind < 0.13:
            self.push(random.randbytes(12) + random.choice(self._addresses))
        else:
            self.push(random.choice(self._addresses))

    def offset(self) -> None:
        """Append what pushes a position in the memory: far away in few cases."""
        random = self._random
        kind = random.random()
        far = random.choice((2_000, 50_000, 2**32, 2**64, 2**256 - 1))
        self.push(far if kind < 0.004 else random.choice((0, 32, 64, random.randint(0, 200))))

    def size(self) -> None:
        """Append what pushes a number of bytes."""
        random = self._random
        huge = random.choice((3_000, 2**33, 2**256 - 1))
        self.push(huge if random.random() < 0.004 else random.choice((0, 1, 32, 64, random.randint(0, 150))))
