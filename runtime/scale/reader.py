"""`Reader`, a position in encoded bytes, and `ScaleError`, which encoding and decoding raise."""

from __future__ import annotations

from typing import Any, ClassVar

#: How deep containers and calls may nest; the limit with which the chain decodes extrinsics.
MAX_DEPTH = 256
#: Most bytes on the heap of a decoded call, as the genuine runtime counts them (`DEFAULT_MAX_CALL_SIZE`).
MAX_CALL_MEMORY = 16 * 1024 * 1024
#: Items that are read before others may have their turn.
PAUSE_EVERY = 256


class ScaleError(ValueError):
    """Bytes that do not encode a value of a type, or a value that does not fit its type.

    `at` is the offset in the input where decoding stopped (None when encoding), `path` the fields and items that lead
    there, innermost last.
    """

    def __init__(self, reason: str, at: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.at = at
        self.path: list[str] = []

    def inside(self, part: str) -> ScaleError:
        """Return this error with the name of the failed part of a container added to its path."""
        self.path.insert(0, part)
        return self

    def __str__(self) -> str:
        where = f" in {'.'.join(self.path)}" if self.path else ""
        offset = f" at byte {self.at}" if self.at is not None else ""
        return f"{self.reason}{where}{offset}"


class Reader:
    """A cursor over immutable bytes. Codecs advance `at` and never read beyond `end`.

    `scope` is the runtime whose calls and events are read, in which a `ScopedCodec` finds its variants.
    """

    __slots__ = ("at", "data", "depth", "end", "scope")

    #: Whether `allocate` has to be called before a value on the heap is read.
    bounded: ClassVar[bool] = False

    def __init__(self, data: bytes, at: int = 0, end: int | None = None, scope: Any = None) -> None:
        self.data = data
        self.scope = scope
        self.at = at
        self.end = len(data) if end is None else end
        self.depth = 0

    def take(self, size: int) -> bytes:
        """Return the next `size` bytes."""
        at = self.at
        stop = at + size
        if stop > self.end:
            raise self._too_short(size)
        self.at = stop
        return self.data[at:stop]

    def _too_short(self, size: int) -> ScaleError:
        return ScaleError(f"expected {size} more bytes, {self.end - self.at} are left", self.at)

    def byte(self) -> int:
        """Return the next byte as a number."""
        at = self.at
        if at >= self.end:
            raise ScaleError("expected 1 more byte, the input ends", at)
        self.at = at + 1
        return self.data[at]

    def compact(self) -> int:
        """Return a compact unsigned integer of up to 2^536 - 1; raise ScaleError when its form is not the shortest."""
        at = self.at
        if at >= self.end:
            raise ScaleError("expected 1 more byte, the input ends", at)
        first = self.data[at]
        mode = first & 3
        if mode == 0:
            self.at = at + 1
            return first >> 2
        if mode == 3:
            return self._big_compact(at, first)
        size = 2 if mode == 1 else 4
        stop = at + size
        if stop > self.end:
            raise self._too_short(size)
        self.at = stop
        value = int.from_bytes(self.data[at:stop], "little") >> 2
        if value < (0x40 if mode == 1 else 0x4000):
            raise ScaleError(f"compact {value} is not in its shortest form", at)
        return value

    def _big_compact(self, at: int, first: int) -> int:
        size = (first >> 2) + 4
        digits = self.take(1 + size)
        if digits[-1] == 0 or (size == 4 and digits[-1] < 0x40):
            raise ScaleError("compact integer is not in its shortest form", at)
        return int.from_bytes(digits[1:], "little")

    def descend(self) -> None:
        """Enter a container that may nest; the caller leaves it with `depth -= 1`."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ScaleError(f"nested deeper than {MAX_DEPTH} levels", self.at)

    def finish(self) -> None:
        """Raise ScaleError unless the whole input was read."""
        if self.at != self.end:
            raise ScaleError(f"{self.end - self.at} bytes are left over", self.at)

    def allocate(self, count: int, size: int) -> None:
        """Count `count` items of `size` bytes on the heap; see `BoundedReader`."""

    def pause(self) -> None:
        """Let others have their turn; see `BoundedReader`."""


class BoundedReader(Reader):
    """A reader of input from outside, whose decoded value is limited in memory.

    The memory is counted as by the genuine runtime: the items of vectors and the values in boxes, by the sizes of their
    types (`layout`), not the values themselves. `scope`, the runtime, is asked to `pause` while many items are read.
    """

    __slots__ = ("memory", "unpaused")

    bounded = True

    def __init__(self, data: bytes, at: int = 0, end: int | None = None, scope: Any = None) -> None:
        super().__init__(data, at, end, scope)
        #: Bytes that are left, and items since the last pause.
        self.memory = MAX_CALL_MEMORY
        self.unpaused = 0

    def allocate(self, count: int, size: int) -> None:
        """Count `count` items of `size` bytes on the heap; raise ScaleError when they exceed the limit."""
        self.memory -= count * size
        if self.memory < 0:
            raise ScaleError("Heap memory limit exceeded while decoding", self.at)
        self.unpaused += 1 if size == 1 else count
        if self.unpaused >= PAUSE_EVERY:
            self.pause()

    def pause(self) -> None:
        """Let others have their turn."""
        self.unpaused = 0
        self.scope.pause()


def encode_compact(value: int) -> bytes:
    """Return the shortest compact form of an unsigned integer below 2^536."""
    if 0 <= value < 0x40:
        return bytes((value << 2,))
    if value < 0:
        raise ScaleError(f"compact integers are unsigned, got {value}")
    if value < 0x4000:
        return (value << 2 | 1).to_bytes(2, "little")
    if value < 0x4000_0000:
        return (value << 2 | 2).to_bytes(4, "little")
    size = max(4, (value.bit_length() + 7) // 8)
    if size > 67:
        raise ScaleError(f"compact integers hold at most 67 bytes, got {size}")
    return bytes(((size - 4) << 2 | 3,)) + value.to_bytes(size, "little")
