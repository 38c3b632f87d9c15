"""Codecs made of other codecs: sequences, tuples, options, maps, sets and newtypes."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from .codec import U8, AnyCodec, Codec, FixedBytes, Unit, type_error
from .describe import ArrayOf, Composite, Description, FieldInfo, SequenceOf, TupleOf, Variant, VariantInfo
from .layout import size_of
from .reader import PAUSE_EVERY, Reader, ScaleError, encode_compact

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")


class Vec(Codec[list[T]]):
    """`Vec<T>`: items behind their count."""

    immutable = False

    def __init__(self, item: Codec[T]) -> None:
        self.item = item
        self.name = f"Vec<{item.name}>"

    @cached_property
    def item_size(self) -> int:
        """Bytes of an item on the heap of the genuine runtime."""
        return size_of(self.item)

    @property
    def copyable(self) -> bool:
        return self.item.immutable

    def encode(self, value: list[T]) -> bytes:
        if not isinstance(value, list | tuple):
            raise type_error(f"a list ({self.name})", value)
        return encode_compact(len(value)) + encode_items(self.item, value)

    def read(self, reader: Reader) -> list[T]:
        count = read_count(reader, self.item.min_size)
        if reader.bounded:
            reader.allocate(count, self.item_size)
        return read_items(self.item, reader, count)

    def describe(self) -> Description:
        return Description(SequenceOf(self.item))


def encode_items(item: Codec[T], values: Collection[T]) -> bytes:
    """Return the encodings of the items one after the other; an error has the index of the failing item."""
    if isinstance(item, FixedBytes) and set(map(type, values)) <= {bytes}:
        raws: Collection[bytes] = values  # type: ignore[assignment]  # T is bytes
        if set(map(len, raws)) <= {item.size}:
            return b"".join(raws)
    encode, parts = item.encode, []
    try:
        for value in values:
            parts.append(encode(value))
    except ScaleError as error:
        raise error.inside(f"[{len(parts)}]") from None
    return b"".join(parts)


def read_items(item: Codec[T], reader: Reader, count: int) -> list[T]:
    """Read `count` items; an error has the index of the failing item."""
    read, values = item.read, []
    reader.descend()
    try:
        if reader.bounded and count > PAUSE_EVERY:
            for at in range(count):
                values.append(read(reader))
                if at % PAUSE_EVERY == 0:
                    reader.pause()
        else:
            for _ in range(count):
                values.append(read(reader))
    except ScaleError as error:
        raise error.inside(f"[{len(values)}]") from None
    reader.depth -= 1
    return values


def read_count(reader: Reader, min_size: int) -> int:
    """Read a length prefix; raise ScaleError when the rest of the input cannot hold that many items."""
    at = reader.at
    count = reader.compact()
    if count * max(min_size, 1) > reader.end - reader.at:
        raise ScaleError(f"{count} items cannot fit in the {reader.end - reader.at} bytes that are left", at)
    return count


class Array(Codec[list[T]]):
    """`[T; N]`: exactly N items without a count."""

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

    @property
    def copyable(self) -> bool:
        return self.inner.copyable

    def encode(self, value: T) -> bytes:
        self._check(value)
        return self.inner.encode(value)

    def read(self, reader: Reader) -> T:
        at = reader.at
        if reader.bounded:
            self._check_count(reader)
        value = self.inner.read(reader)
        self._check(value, at)
        return value

    def _check_count(self, reader: Reader) -> None:
        """Raise ScaleError for too many items before they are read, and counted as memory."""
        at = reader.at
        count = reader.compact()
        reader.at = at
        if count > self.limit:
            raise ScaleError(f"at most {self.limit} items are allowed, got {count}", at)

    def _check(self, value: T, at: int | None = None) -> None:
        length = len(value) if hasattr(value, "__len__") else 0
        if length > self.limit:
            raise ScaleError(f"at most {self.limit} items are allowed, got {length}", at)

    def describe(self) -> Description:
        item = self.inner.item if isinstance(self.inner, Vec) else U8
        return Description(Composite((FieldInfo(None, self.inner, "Vec<T>"),)), self.path, [("T", item), ("S", None)])


class Tuple(Codec[tuple[Any, ...]]):
    """Values of several types one after the other; `()` has no bytes."""

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


class Some(NamedTuple):
    """A present value of an option whose values are options or `()`."""

    value: Any


class Option(Codec[T | None]):
    """00, or 01 and the value. Only an option of an option or of `()` wraps present values in `Some`."""

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
            raise ScaleError(f"expected an option (00 or 01), got {tag:02x}", reader.at - 1)
        value = self.item.read(reader)
        return Some(value) if self.nested else value  # type: ignore[return-value]  # Some stands for T here

    def describe(self) -> Description:
        some = VariantInfo("Some", 1, (FieldInfo(None, self.item),))
        return Description(Variant((VariantInfo("None", 0), some)), "Option", [("T", self.item)])


class BTreeMap(Codec[dict[K, V]]):
    """Entries in ascending order of their keys; of duplicate keys the last one is decoded."""

    immutable = False

    def __init__(self, key: Codec[K], value: Codec[V]) -> None:
        self.entries: AnyCodec = Vec(Tuple((key, value)))
        self.key, self.value = key, value
        self.name = f"BTreeMap<{key.name}, {value.name}>"

    @property
    def copyable(self) -> bool:
        return self.value.immutable

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
    """A type with a path of its own and the encoding of another type (a fixed-point number, a slot)."""

    def __init__(
        self,
        inner: Codec[T],
        path: str,
        field: str | None = None,
        params: tuple[tuple[str, AnyCodec | None], ...] = (),
        type_name: str | None = "",
    ) -> None:
        """Wrap a codec. `type_name` is the source spelling of the inner type, by default the inner codec's name."""
        self.inner, self.path, self.field, self.params = inner, path, field, params
        self.type_name = inner.name if type_name == "" else type_name
        self.min_size, self.immutable = inner.min_size, inner.immutable
        names = [codec.name for _, codec in params if codec]
        self.name = f"{path}<{', '.join(names)}>" if names else path
        self.encode, self.read, self.flat = inner.encode, inner.read, inner.flat  # type: ignore[method-assign]
        self.encode_all = inner.encode_all  # type: ignore[method-assign]
        self.decode, self.decode_all = inner.decode, inner.decode_all  # type: ignore[method-assign]

    @property
    def copyable(self) -> bool:
        return self.inner.copyable

    def describe(self) -> Description:
        return Description(Composite((FieldInfo(self.field, self.inner, self.type_name),)), self.path, self.params)
