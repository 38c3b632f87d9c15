"""Codecs: each knows how one SCALE type is encoded, decoded and described.

A codec is made once, from a type annotation (`resolve.codec_of`), and then only run. Codecs whose encoding
has one fixed size also know it as a `struct` format, so that whole records are packed by one native call.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable
from typing import Any, Generic, NamedTuple, TypeVar

from .describe import ArrayOf, CompactOf, Composite, Description, FieldInfo, Primitive, SequenceOf, TupleOf
from .reader import Reader, ScaleError, encode_compact

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")


class Flat(NamedTuple):
    """A fixed-size encoding for code generation: `struct` format, values to pack, expression to build.

    `pack(expr)` gives the packed expressions of a value called `expr`; `build(names)` consumes as many
    names of unpacked values as the format has and gives the expression of the value.
    """

    format: str
    pack: Callable[[str], list[str]]
    build: Callable[[Iterable[str]], str]


class Codec(Generic[T]):
    """How one type looks in bytes. `name` is its Rust name with full paths, the key in metadata."""

    name: str
    #: Fewest bytes that a value takes; bounds what a claimed length may make us allocate.
    min_size = 1
    #: Whether decoded values can be shared without a copy.
    immutable = True

    def encode(self, value: T) -> bytes:
        raise TypeError(f"{type(self).__name__} does not say how it encodes")

    def read(self, reader: Reader) -> T:
        raise TypeError(f"{type(self).__name__} does not say how it is read")

    def describe(self) -> Description:
        raise TypeError(f"{type(self).__name__} does not describe itself")

    @property
    def copyable(self) -> bool:
        """Whether values are lists or dictionaries of what can be shared: a `copy()` is as good as decoding again."""
        return False

    def flat(self) -> Flat | None:
        """How the value is packed when its size is fixed, else None."""
        return None

    def compiled(self) -> Codec[T]:
        """This codec, ready to be bound: records replace their methods at first use."""
        return self

    def decode(self, data: bytes, scope: Any = None) -> T:
        """Return the value of exactly these bytes; raise ScaleError, also for bytes left over.

        `scope` is the runtime to which calls, events and origins in the value belong.
        """
        reader = Reader(data, scope=scope)
        value = self.read(reader)
        reader.finish()
        return value

    def __repr__(self) -> str:
        return f"<codec {self.name}>"


AnyCodec = Codec[Any]


class ScopedCodec(Codec[T]):
    """A codec of a type that each runtime composes for itself, such as "any call": reading takes the reader's scope."""

    immutable = False

    def describe_in(self, scope: Any) -> Description:
        """Describe the type as it is in this scope."""
        raise TypeError(f"{type(self).__name__} does not describe itself")


def type_error(expected: str, value: object) -> ScaleError:
    return ScaleError(f"expected {expected}, got {type(value).__name__} {value!r:.80}")


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
            raise ScaleError(f"{value} does not fit {self.name}") from None

    def read(self, reader: Reader) -> int:
        return int.from_bytes(reader.take(self.size), "little", signed=self.signed)

    def decode(self, data: bytes, scope: Any = None) -> int:
        if len(data) != self.size:
            return super().decode(data)  # which says what is wrong
        return int.from_bytes(data, "little", signed=self.signed)

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
    """Compact form of an unsigned integer type: small values take few bytes."""

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
    """`Compact<()>`: no bytes either."""

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
            raise ScaleError(f"a bool is 00 or 01, got {byte:02x}", reader.at - 1)
        return byte == 1

    def describe(self) -> Description:
        return Description(Primitive("bool"))


class Text(Codec[str]):
    """UTF-8 with its length in bytes before it."""

    name = "str"

    def encode(self, value: str) -> bytes:
        if not isinstance(value, str):
            raise type_error("a string", value)
        data = value.encode()
        return encode_compact(len(data)) + data

    def read(self, reader: Reader) -> str:
        at = reader.at
        try:
            return reader.take(reader.compact()).decode()
        except UnicodeDecodeError as error:
            raise ScaleError(f"text is not UTF-8: {error.reason}", at) from None

    def describe(self) -> Description:
        return Description(Primitive("str"))


class Bytes(Codec[bytes]):
    """`Vec<u8>`: bytes with their count before them."""

    name = "Vec<u8>"

    def encode(self, value: bytes) -> bytes:
        if not isinstance(value, bytes | bytearray):
            raise type_error("bytes", value)
        return encode_compact(len(value)) + value

    def read(self, reader: Reader) -> bytes:
        return reader.take(reader.compact())

    def describe(self) -> Description:
        return Description(SequenceOf(U8))


class FixedBytes(Codec[bytes]):
    """`[u8; N]`, or a newtype around it when it has a path (an account, a hash)."""

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
        check = f"({{0}} if len({{0}}) == {self.size} else sized({{0}}, {self.size}))"
        return Flat(f"{self.size}s", lambda x: [check.format(x)], lambda names: next(iter(names)))

    def describe(self) -> Description:
        if not self.path:
            return Description(ArrayOf(U8, self.size))
        inner = FixedBytes(self.size)
        return Description(Composite((FieldInfo(None, inner, inner.name),)), self.path)


class Unit(Codec[None]):
    """`()`: no bytes, one value, None."""

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


def sized(value: bytes, size: int) -> bytes:
    """The value, checked: `struct` itself would pad or cut bytes of another length."""
    if not isinstance(value, bytes) or len(value) != size:
        raise type_error(f"{size} bytes", value)
    return value


def compile_flat(
    codec: AnyCodec, names: dict[str, Any], explain: Callable[[Any], bytes]
) -> tuple[Callable[[Any], bytes], Callable[[Any, int], Any], int] | None:
    """Encoder, reader and size of a fixed-size record, each one native call; None when it has no fixed size.

    `explain` encodes a value the slow way, when the fast one fails: it says which field is wrong, and why.
    `names` are the classes that the building expression refers to.
    """
    flat = codec.flat()
    if flat is None:
        return None
    packer = struct.Struct("<" + flat.format)
    count = len(packer.unpack(bytes(packer.size)))
    values = [f"v{i}" for i in range(count)]
    scope = {
        "pack": packer.pack,
        "unpack": packer.unpack_from,
        "from_bytes": int.from_bytes,
        "sized": sized,
        "explain": explain,
        **names,
    }
    source = (
        f"def encode(value):\n"
        f"    try: return pack({', '.join(flat.pack('value'))})\n"
        f"    except Exception: return explain(value)\n"
        f"def read(data, at):\n"
        f"    {', '.join(values)}, = unpack(data, at)\n"
        f"    return {flat.build(iter(values))}\n"
    )
    exec(source, scope)  # the text is made from declared field names alone
    return scope["encode"], scope["read"], packer.size


U8, U16, U32, U64, U128, U256 = (Integer(bits) for bits in (8, 16, 32, 64, 128, 256))
I8, I16, I32, I64, I128 = (Integer(bits, signed=True) for bits in (8, 16, 32, 64, 128))
BOOL, TEXT, BYTES, UNIT = Bool(), Text(), Bytes(), Unit()
