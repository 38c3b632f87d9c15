"""`Codec`, the encoding, decoding and description of a SCALE type, and the codecs of primitive types.

A codec is made once, from a type annotation (`resolve.codec_of`). A codec of a fixed size also has a `struct` format
(`Flat`), so that whole records are packed by one native call (`compile`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from .describe import ArrayOf, CompactOf, Composite, Description, FieldInfo, Primitive, SequenceOf, TupleOf
from .reader import Reader, ScaleError, encode_compact

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")


class Flat(NamedTuple):
    """A fixed-size encoding for code generation: `struct` format, values to pack, expression to build.

    `pack(expr)` returns the expressions to pack for a value that the expression `expr` stands for; `build(names)`
    consumes a name for each unpacked value and returns the expression of the value.
    """

    format: str
    pack: Callable[[str], list[str]]
    build: Callable[[Iterable[str]], str]


class Codec(Generic[T]):
    """The encoding of one type. `name` is its Rust name with full paths, by which metadata identifies it."""

    name: str
    #: Smallest size of a value in bytes; it bounds what a length prefix may make us allocate.
    min_size = 1
    #: Whether decoded values can be shared without a copy.
    immutable = True

    def encode(self, value: T) -> bytes:
        """Return the encoding of a value; raise ScaleError for a value of another type or out of range."""
        raise TypeError(f"{type(self).__name__} does not implement encode")

    def encode_all(self, values: Iterable[T]) -> list[bytes]:
        """The encoding of each value."""
        return [self.encode(value) for value in values]

    def read(self, reader: Reader) -> T:
        """Read a value at the reader's position and advance it; raise ScaleError."""
        raise TypeError(f"{type(self).__name__} does not implement read")

    def describe(self) -> Description:
        """Return the description of the type for metadata."""
        raise TypeError(f"{type(self).__name__} does not implement describe")

    @property
    def copyable(self) -> bool:
        """Whether values are lists or dictionaries of immutable items, so that `copy()` replaces decoding again."""
        return False

    def flat(self) -> Flat | None:
        """Return the fixed-size encoding, None for a type without a fixed size."""
        return None

    def compiled(self) -> Codec[T]:
        """Return this codec with its final methods, ready to be bound: records replace theirs at first use."""
        return self

    def decode(self, data: bytes, scope: Any = None) -> T:
        """Return the value of exactly these bytes; raise ScaleError, also for bytes left over.

        `scope` is the runtime to which calls, events and origins in the value belong.
        """
        reader = Reader(data, scope=scope)
        value = self.read(reader)
        reader.finish()
        return value

    def decode_all(self, encoded: Sequence[bytes], scope: Any = None) -> list[T]:
        """Return the value of each of these byte strings, as `decode` does."""
        decode = self.decode
        return [decode(data, scope) for data in encoded]

    def __repr__(self) -> str:
        return f"<codec {self.name}>"


AnyCodec = Codec[Any]


class ScopedCodec(Codec[T]):
    """A codec of a type that differs between runtimes, such as "any call"; the reader's scope is the runtime."""

    immutable = False
    #: Bytes of a value in the memory of the genuine runtime, by default those of an origin with an account.
    memory_size = 36

    def describe_in(self, scope: Any) -> Description:
        """Return the description of the type in this runtime."""
        raise TypeError(f"{type(self).__name__} does not implement describe_in")

    def describe(self) -> Description:
        raise self.without_runtime()

    def without_runtime(self) -> TypeError:
        """Return the error for reading or describing the type without a runtime as scope."""
        return TypeError(f"{self.name} differs between runtimes: expected a Runtime to read it with, got none")


def type_error(expected: str, value: object) -> ScaleError:
    """Return the error for a value of the wrong type."""
    return ScaleError(f"expected {expected}, got {type(value).__name__} {shown(value, 80)}")


def shown(value: object, length: int) -> str:
    """Return the first characters of a value's `repr`, for a message. Python does not write integers of any length."""
    try:
        return f"{value!r:.{length}}"
    except ValueError:
        return "a value with too many digits"


class Integer(Codec[int]):
    """Fixed-width little-endian integers, two's complement when signed."""

    def __init__(self, bits: int, signed: bool = False) -> None:
        self.name = f"{'i' if signed else 'u'}{bits}"
        self.size = self.min_size = bits // 8
        self.signed = signed
        self.low, self.high = (-(1 << bits - 1), 1 << bits - 1) if signed else (0, 1 << bits)

    def encode(self, value: int) -> bytes:
        try:
            return value.to_bytes(self.size, "little", signed=self.signed)
        except (OverflowError, AttributeError, TypeError):
            if not isinstance(value, int):
                raise type_error(f"an integer ({self.name})", value) from None
            raise ScaleError(f"{shown(value, 80)} does not fit {self.name}") from None

    def encode_all(self, values: Iterable[int]) -> list[bytes]:
        size = self.size
        try:
            if self.signed:
                return [value.to_bytes(size, "little", signed=True) for value in values]
            return [value.to_bytes(size, "little") for value in values]
        except (OverflowError, AttributeError, TypeError):
            return super().encode_all(values)  # which raises the precise error

    def read(self, reader: Reader) -> int:
        return int.from_bytes(reader.take(self.size), "little", signed=self.signed)

    def decode(self, data: bytes, scope: Any = None) -> int:
        if len(data) != self.size:
            return super().decode(data)  # which raises the error
        return int.from_bytes(data, "little", signed=self.signed)

    def decode_all(self, encoded: Sequence[bytes], scope: Any = None) -> list[int]:
        size, signed, from_bytes = self.size, self.signed, int.from_bytes
        if any(len(data) != size for data in encoded):
            return super().decode_all(encoded, scope)  # which raises the error
        return [from_bytes(data, "little", signed=signed) for data in encoded]

    def describe(self) -> Description:
        return Description(Primitive(self.name))

    def flat(self) -> Flat:
        code = {1: "b", 2: "h", 4: "i", 8: "q"}.get(self.size)
        if code:
            return Flat(code if self.signed else code.upper(), lambda x: [x], lambda names: next(iter(names)))
        sign = ", signed=True" if self.signed else ""
        return Flat(
            f"{self.size}s",
            lambda x: [f"({x}).to_bytes({self.size}, 'little'{sign})"],
            lambda names: f"from_bytes({next(iter(names))}, 'little'{sign})",
        )


class Compact(Codec[int]):
    """Compact form of an unsigned integer type, in which small values take few bytes."""

    def __init__(self, item: Integer, outer: AnyCodec | None = None) -> None:
        self.item = item
        self.outer = outer or item
        self.name = f"Compact<{self.outer.name}>"

    def encode(self, value: int) -> bytes:
        if not isinstance(value, int):
            raise type_error(f"an integer ({self.name})", value)
        if not 0 <= value < self.item.high:
            raise ScaleError(f"{value} does not fit {self.item.name}")
        return encode_compact(value)

    def read(self, reader: Reader) -> int:
        at = reader.at
        value = reader.compact()
        if value >= self.item.high:
            raise ScaleError(f"compact {value} does not fit {self.item.name}", at)
        return value

    def describe(self) -> Description:
        return Description(CompactOf(self.outer))


class CompactUnit(Codec[None]):
    """`Compact<()>`, which has no bytes."""

    name = "Compact<()>"
    min_size = 0

    def encode(self, value: None) -> bytes:
        return UNIT.encode(value)

    def read(self, reader: Reader) -> None:
        return None

    def describe(self) -> Description:
        return Description(CompactOf(UNIT))


class Bool(Codec[bool]):
    """One byte, 00 or 01."""

    name = "bool"

    def encode(self, value: bool) -> bytes:
        if value is True:
            return b"\1"
        if value is False:
            return b"\0"
        raise type_error("a bool", value)

    def read(self, reader: Reader) -> bool:
        byte = reader.byte()
        if byte > 1:
            raise ScaleError(f"expected a bool (00 or 01), got {byte:02x}", reader.at - 1)
        return byte == 1

    def describe(self) -> Description:
        return Description(Primitive("bool"))


class Text(Codec[str]):
    """UTF-8 behind its length in bytes."""

    name = "str"

    def encode(self, value: str) -> bytes:
        if not isinstance(value, str):
            raise type_error("a string", value)
        data = value.encode()
        return encode_compact(len(data)) + data

    def read(self, reader: Reader) -> str:
        at = reader.at
        try:
            return read_bytes(reader).decode()
        except UnicodeDecodeError as error:
            raise ScaleError(f"expected UTF-8 text, got invalid bytes: {error.reason}", at) from None

    def describe(self) -> Description:
        return Description(Primitive("str"))


class Bytes(Codec[bytes]):
    """`Vec<u8>`: bytes behind their count."""

    name = "Vec<u8>"

    def encode(self, value: bytes) -> bytes:
        if not isinstance(value, bytes | bytearray):
            raise type_error("bytes", value)
        return encode_compact(len(value)) + value

    def read(self, reader: Reader) -> bytes:
        return read_bytes(reader)

    def describe(self) -> Description:
        return Description(SequenceOf(U8))


def read_bytes(reader: Reader) -> bytes:
    """Read bytes behind their count."""
    size = reader.compact()
    if reader.bounded and size <= reader.end - reader.at:
        reader.allocate(size, 1)
    return reader.take(size)


class FixedBytes(Codec[bytes]):
    """`[u8; N]`, or with a path a newtype around it (an account, a hash)."""

    def __init__(self, size: int, path: str = "") -> None:
        self.size = self.min_size = size
        self.path = path
        self.name = path or f"[u8; {size}]"

    def encode(self, value: bytes) -> bytes:
        if not isinstance(value, bytes) or len(value) != self.size:
            raise type_error(f"{self.size} bytes ({self.name})", value)
        return value

    def read(self, reader: Reader) -> bytes:
        return reader.take(self.size)

    def decode(self, data: bytes, scope: Any = None) -> bytes:
        return data if len(data) == self.size else super().decode(data)

    def flat(self) -> Flat:
        check = f"({{0}} if len({{0}}) == {self.size} else check_size({{0}}, {self.size}))"
        return Flat(f"{self.size}s", lambda x: [check.format(x)], lambda names: next(iter(names)))

    def describe(self) -> Description:
        if not self.path:
            return Description(ArrayOf(U8, self.size))
        inner = FixedBytes(self.size)
        return Description(Composite((FieldInfo(None, inner, inner.name),)), self.path)


class Unit(Codec[None]):
    """`()`: no bytes; the only value is None."""

    name = "()"
    min_size = 0

    def encode(self, value: None) -> bytes:
        if value is not None:
            raise type_error("None", value)
        return b""

    def read(self, reader: Reader) -> None:
        return None

    def describe(self) -> Description:
        return Description(TupleOf(()))


U8, U16, U32, U64, U128, U256 = (Integer(bits) for bits in (8, 16, 32, 64, 128, 256))
I8, I16, I32, I64, I128 = (Integer(bits, signed=True) for bits in (8, 16, 32, 64, 128))
BOOL, TEXT, BYTES, UNIT = Bool(), Text(), Bytes(), Unit()
