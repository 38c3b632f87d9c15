"""Codecs: each knows how one SCALE type is encoded, decoded and described.

A codec is made once, from a type annotation (`resolve.codec_of`), and then only run. Codecs whose encoding
has one fixed size also know it as a `struct` format, so that whole records are packed by one native call.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable
from typing import Any, Generic, NamedTuple, TypeVar

from .describe import (
    ArrayOf,
    CompactOf,
    Composite,
    Description,
    FieldInfo,
    Primitive,
    SequenceOf,
    TupleOf,
    Variant,
    VariantInfo,
)
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

    def flat(self) -> Flat | None:
        """How the value is packed when its size is fixed, else None."""
        return None

    def compiled(self) -> Codec[T]:
        """This codec, ready to be bound: records replace their methods at first use."""
        return self

    def decode(self, data: bytes) -> T:
        """The value of exactly these bytes; raises ScaleError, also for bytes left over."""
        reader = Reader(data)
        value = self.read(reader)
        reader.finish()
        return value

    def __repr__(self) -> str:
        return f"<codec {self.name}>"


AnyCodec = Codec[Any]


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

    def decode(self, data: bytes) -> int:
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

    def __init__(self, size: int, path: str = "", wraps: AnyCodec | None = None) -> None:
        self.size = self.min_size = size
        self.path = path
        self.wraps = wraps
        self.name = path or f"[u8; {size}]"

    def encode(self, value: bytes) -> bytes:
        if not isinstance(value, bytes) or len(value) != self.size:
            raise type_error(f"{self.size} bytes ({self.name})", value)
        return value

    def read(self, reader: Reader) -> bytes:
        return reader.take(self.size)

    def decode(self, data: bytes) -> bytes:
        return data if len(data) == self.size else super().decode(data)

    def flat(self) -> Flat:
        check = f"({{0}} if len({{0}}) == {self.size} else sized({{0}}, {self.size}))"
        return Flat(f"{self.size}s", lambda x: [check.format(x)], lambda names: next(iter(names)))

    def describe(self) -> Description:
        if not self.path:
            return Description(ArrayOf(U8, self.size))
        return Description(Composite((FieldInfo(None, self.wraps or FixedBytes(self.size)),)), self.path)


class Vec(Codec[list[T]]):
    """Items with their count before them."""

    immutable = False

    def __init__(self, item: Codec[T]) -> None:
        self.item = item
        self.name = f"Vec<{item.name}>"

    def encode(self, value: list[T]) -> bytes:
        if not isinstance(value, list | tuple):
            raise type_error(f"a list ({self.name})", value)
        return encode_compact(len(value)) + encode_items(self.item, value)

    def read(self, reader: Reader) -> list[T]:
        return read_items(self.item, reader, read_count(reader, self.item.min_size))

    def describe(self) -> Description:
        return Description(SequenceOf(self.item))


def encode_items(item: Codec[T], values: Iterable[T]) -> bytes:
    """The items one after the other; an error names the index of the failing one."""
    encode, parts = item.encode, []
    try:
        for value in values:
            parts.append(encode(value))
    except ScaleError as error:
        raise error.inside(f"[{len(parts)}]") from None
    return b"".join(parts)


def read_items(item: Codec[T], reader: Reader, count: int) -> list[T]:
    """`count` items one after the other; an error names the index of the failing one."""
    read, values = item.read, []
    reader.descend()
    try:
        for _ in range(count):
            values.append(read(reader))
    except ScaleError as error:
        raise error.inside(f"[{len(values)}]") from None
    reader.depth -= 1
    return values


def read_count(reader: Reader, min_size: int) -> int:
    """A length prefix, refused when the rest of the input cannot hold that many items."""
    at = reader.at
    count = reader.compact()
    if count * max(min_size, 1) > reader.end - reader.at:
        raise ScaleError(f"{count} items cannot fit in the {reader.end - reader.at} bytes that are left", at)
    return count


class Array(Codec[list[T]]):
    """`[T; N]`: exactly N items, no count."""

    immutable = False

    def __init__(self, item: Codec[T], length: int) -> None:
        self.item, self.length = item, length
        self.min_size = item.min_size * length
        self.name = f"[{item.name}; {length}]"

    def encode(self, value: list[T]) -> bytes:
        if not isinstance(value, list | tuple) or len(value) != self.length:
            raise type_error(f"{self.length} items ({self.name})", value)
        return encode_items(self.item, value)

    def read(self, reader: Reader) -> list[T]:
        return read_items(self.item, reader, self.length)

    def describe(self) -> Description:
        return Description(ArrayOf(self.item, self.length))


class Bounded(Codec[T]):
    """A container with at most `limit` items: `BoundedVec`, `WeakBoundedVec`, `BoundedBTreeMap` …"""

    def __init__(self, inner: Codec[T], limit: int, path: str) -> None:
        self.inner, self.limit, self.path = inner, limit, path
        self.immutable = inner.immutable
        item = inner.item.name if isinstance(inner, Vec) else "u8"
        self.name = f"{path}<{item}>"

    def encode(self, value: T) -> bytes:
        self._check(value)
        return self.inner.encode(value)

    def read(self, reader: Reader) -> T:
        at = reader.at
        value = self.inner.read(reader)
        self._check(value, at)
        return value

    def _check(self, value: T, at: int | None = None) -> None:
        length = len(value) if hasattr(value, "__len__") else 0
        if length > self.limit:
            raise ScaleError(f"at most {self.limit} items are allowed, got {length}", at)

    def describe(self) -> Description:
        item = self.inner.item if isinstance(self.inner, Vec) else U8
        return Description(Composite((FieldInfo(None, self.inner),)), self.path, [("T", item), ("S", None)])


class Tuple(Codec[tuple[Any, ...]]):
    """Items of several types one after the other; `()` has no bytes."""

    def __init__(self, items: tuple[AnyCodec, ...]) -> None:
        self.items = items
        self.min_size = sum(item.min_size for item in items)
        self.immutable = all(item.immutable for item in items)
        self.name = f"({', '.join(item.name for item in items)})"

    def encode(self, value: tuple[Any, ...]) -> bytes:
        if not isinstance(value, tuple | list) or len(value) != len(self.items):
            raise type_error(f"a tuple {self.name}", value)
        return b"".join([item.encode(part) for item, part in zip(self.items, value, strict=True)])

    def read(self, reader: Reader) -> tuple[Any, ...]:
        return tuple([item.read(reader) for item in self.items])

    def describe(self) -> Description:
        return Description(TupleOf(self.items))


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


class Some(NamedTuple):
    """A present value of an option whose values are options themselves."""

    value: Any


class Option(Codec[T | None]):
    """00, or 01 and the value. Only an option of an option wraps its present values in `Some`."""

    def __init__(self, item: Codec[T]) -> None:
        self.item = item
        self.nested = isinstance(item, Option | Unit)
        self.immutable = item.immutable
        self.name = f"Option<{item.name}>"

    def encode(self, value: T | None) -> bytes:
        if value is None:
            return b"\0"
        return b"\1" + self.item.encode(value.value if self.nested and isinstance(value, Some) else value)

    def read(self, reader: Reader) -> T | None:
        tag = reader.byte()
        if tag == 0:
            return None
        if tag > 1:
            raise ScaleError(f"an option begins with 00 or 01, got {tag:02x}", reader.at - 1)
        value = self.item.read(reader)
        return Some(value) if self.nested else value  # type: ignore[return-value]  # Some stands for T here

    def describe(self) -> Description:
        some = VariantInfo("Some", 1, (FieldInfo(None, self.item),))
        return Description(Variant((VariantInfo("None", 0), some)), "Option", [("T", self.item)])


class BTreeMap(Codec[dict[K, V]]):
    """Entries in ascending order of their keys; a later duplicate wins when decoding."""

    immutable = False

    def __init__(self, key: Codec[K], value: Codec[V]) -> None:
        self.entries: AnyCodec = Vec(Tuple((key, value)))
        self.key, self.value = key, value
        self.name = f"BTreeMap<{key.name}, {value.name}>"

    def encode(self, value: dict[K, V]) -> bytes:
        if not isinstance(value, dict):
            raise type_error(f"a dict ({self.name})", value)
        return self.entries.encode(sorted(value.items()))

    def read(self, reader: Reader) -> dict[K, V]:
        return dict(self.entries.read(reader))

    def describe(self) -> Description:
        return Description(
            Composite((FieldInfo(None, self.entries),)), "BTreeMap", [("K", self.key), ("V", self.value)]
        )


class BTreeSet(Codec[frozenset[K]]):
    """Distinct items in ascending order."""

    def __init__(self, item: Codec[K]) -> None:
        self.items: AnyCodec = Vec(item)
        self.item = item
        self.name = f"BTreeSet<{item.name}>"

    def encode(self, value: frozenset[K]) -> bytes:
        if not isinstance(value, frozenset | set):
            raise type_error(f"a set ({self.name})", value)
        return self.items.encode(sorted(value))

    def read(self, reader: Reader) -> frozenset[K]:
        return frozenset(self.items.read(reader))

    def describe(self) -> Description:
        return Description(Composite((FieldInfo(None, self.items),)), "BTreeSet", [("T", self.item)])


class Newtype(Codec[T]):
    """A type with a path of its own around another one's encoding (a fixed-point number, a slot)."""

    def __init__(
        self,
        inner: Codec[T],
        path: str,
        field: str | None = None,
        params: tuple[tuple[str, AnyCodec | None], ...] = (),
    ) -> None:
        self.inner, self.path, self.field, self.params = inner, path, field, params
        self.min_size, self.immutable = inner.min_size, inner.immutable
        shown = [codec.name for _, codec in params if codec]
        self.name = f"{path}<{', '.join(shown)}>" if shown else path
        self.encode, self.read, self.flat = inner.encode, inner.read, inner.flat  # type: ignore[method-assign]

    def describe(self) -> Description:
        return Description(Composite((FieldInfo(self.field, self.inner),)), self.path, self.params)


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
