"""Decoding by metadata: a function for each type of a node's registry, made when it is first needed.

Types come from the node, which is not trusted: lists are no longer than the bytes that are left, and nesting is
bounded.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from typing import Any

from ...runtime.metadata import registry as shapes
from ...runtime.metadata.registry import PortableType, Primitive
from ...runtime.scale.reader import Reader, ScaleError
from .values import Account, Variant

Decoder = Callable[[Reader], Any]

ACCOUNT = ["sp_core", "crypto", "AccountId32"]
#: Formats of `struct` for integers, by which whole lists are decoded at once.
FORMATS = {
    Primitive.Bool: "?",
    Primitive.U8: "B",
    Primitive.U16: "H",
    Primitive.U32: "I",
    Primitive.U64: "Q",
    Primitive.I8: "b",
    Primitive.I16: "h",
    Primitive.I32: "i",
    Primitive.I64: "q",
}
WIDE = {
    Primitive.U128: (16, False),
    Primitive.U256: (32, False),
    Primitive.I128: (16, True),
    Primitive.I256: (32, True),
}


class Types:
    """The types of a registry, by their numbers."""

    def __init__(self, types: Sequence[PortableType]) -> None:
        self._types = {entry.id: entry for entry in types}
        self._decoders: dict[int, Decoder] = {}

    def __getitem__(self, number: int) -> PortableType:
        """Return a type; raise ScaleError for a number that the registry does not have."""
        found = self._types.get(number)
        if found is None:
            raise ScaleError(f"the metadata has no type {number}")
        return found

    def decode(self, number: int, data: bytes) -> Any:
        """Return the value of a type that these bytes encode, all of them."""
        reader = Reader(data)
        value = self.read(number, reader)
        reader.finish()
        return value

    def read(self, number: int, reader: Reader) -> Any:
        """Return the value of a type, and move the reader behind it."""
        reader.descend()
        value = self._decoder(number)(reader)
        reader.depth -= 1
        return value

    def name(self, number: int, depth: int = 3) -> str:
        """Return the name of a type, such as `Vec<(u16, u16)>`."""
        entry = self[number]
        shape = entry.definition
        if entry.path:
            given = (
                [p.type for p in entry.params if p.type is not None] if entry.path[-1] in ("Option", "Result") else []
            )
            return entry.path[-1] + (f"<{', '.join(self.name(each, depth - 1) for each in given)}>" if given else "")
        if depth < 0:
            return "…"
        if isinstance(shape, shapes.PrimitiveDef):
            return "String" if shape.primitive is Primitive.Str else shape.primitive.name.lower()
        if isinstance(shape, shapes.Sequence):
            return f"Vec<{self.name(shape.item, depth - 1)}>"
        if isinstance(shape, shapes.Array):
            return f"[{self.name(shape.item, depth - 1)}; {shape.length}]"
        if isinstance(shape, shapes.Tuple):
            return f"({', '.join(self.name(item, depth - 1) for item in shape.items)})"
        if isinstance(shape, shapes.CompactDef):
            return f"Compact<{self.name(shape.item, depth - 1)}>"
        return "…"

    # --- making decoders ---------------------------------------------------------------------------------------

    def _decoder(self, number: int) -> Decoder:
        found = self._decoders.get(number)
        if found is None:
            found = self._decoders[number] = self._make(self[number])
        return found

    def _make(self, entry: PortableType) -> Decoder:
        shape = entry.definition
        if isinstance(shape, shapes.PrimitiveDef):
            return primitive_decoder(shape.primitive)
        if isinstance(shape, shapes.CompactDef):
            return Reader.compact if self._has_value(shape.item) else lambda reader: None
        if isinstance(shape, shapes.Composite):
            if entry.path == ACCOUNT:
                return lambda reader: Account(reader.take(32))
            return self._fields_decoder(shape.fields)
        if isinstance(shape, shapes.Variants):
            return self._variants_decoder(entry, shape)
        if isinstance(shape, shapes.Tuple):
            items = shape.items
            return lambda reader: tuple(self.read(item, reader) for item in items)
        if isinstance(shape, shapes.Array):
            item, length = shape.item, shape.length
            return self._list_decoder(item, lambda reader: length)
        if isinstance(shape, shapes.Sequence):
            return self._list_decoder(shape.item, Reader.compact)
        raise ScaleError(f"values of type {entry.id} cannot be read")

    def _has_value(self, number: int) -> bool:
        shape = self[number].definition
        return not (isinstance(shape, shapes.Tuple) and not shape.items)

    def _fields_decoder(self, fields: Sequence[shapes.Field]) -> Decoder:
        numbers = [field.type for field in fields]
        if not fields:
            return lambda reader: None
        if fields[0].name is None:
            if len(fields) == 1:
                (only,) = numbers
                return lambda reader: self.read(only, reader)
            return lambda reader: tuple(self.read(number, reader) for number in numbers)
        named = [(field.name or "", field.type) for field in fields]
        return lambda reader: {name: self.read(number, reader) for name, number in named}

    def _variants_decoder(self, entry: PortableType, shape: shapes.Variants) -> Decoder:
        by_index = {each.index: (each.name, self._fields_decoder(each.fields)) for each in shape.variants}
        optional = entry.path == ["Option"]

        def decode(reader: Reader) -> Any:
            index = reader.byte()
            if index not in by_index:
                raise ScaleError(f"{'::'.join(entry.path)} has no variant {index}", reader.at)
            name, fields = by_index[index]
            value = fields(reader)
            return value if optional else Variant(name, value)

        return decode

    def _list_decoder(self, item: int, length: Callable[[Reader], int]) -> Decoder:
        format_ = self._format(item)
        if format_ == "B":
            return lambda reader: reader.take(length(reader))
        if format_ is not None:
            size, single = struct.calcsize("<" + format_), len(format_) == 1

            def decode_at_once(reader: Reader) -> list[Any]:
                data = reader.take(length(reader) * size)
                if single:
                    return list(struct.unpack(f"<{len(data) // size}{format_}", data))
                return list(struct.iter_unpack("<" + format_, data))

            return decode_at_once

        def decode(reader: Reader) -> list[Any]:
            count = length(reader)
            if count > reader.end - reader.at:
                raise ScaleError(f"expected {count} items, {reader.end - reader.at} bytes are left", reader.at)
            return [self.read(item, reader) for _ in range(count)]

        return decode

    def _format(self, number: int) -> str | None:
        """Return the format of a number, or of a tuple of numbers, that has a fixed size; None for other types."""
        shape = self[number].definition
        if isinstance(shape, shapes.PrimitiveDef):
            return FORMATS.get(shape.primitive)
        if isinstance(shape, shapes.Composite) and len(shape.fields) == 1 and shape.fields[0].name is None:
            inner = self[shape.fields[0].type].definition
            return FORMATS.get(inner.primitive) if isinstance(inner, shapes.PrimitiveDef) else None
        if isinstance(shape, shapes.Tuple) and len(shape.items) > 1:
            parts = [self[item].definition for item in shape.items]
            formats = [FORMATS.get(part.primitive) if isinstance(part, shapes.PrimitiveDef) else None for part in parts]
            return None if None in formats else "".join(part or "" for part in formats)
        return None


def primitive_decoder(primitive: Primitive) -> Decoder:
    """Return the function that reads a value without parts."""
    if primitive is Primitive.Str:
        return lambda reader: reader.take(reader.compact()).decode(errors="replace")
    if primitive is Primitive.Char:
        return lambda reader: chr(min(int.from_bytes(reader.take(4), "little"), 0x10FFFF))
    if primitive in WIDE:
        size, signed = WIDE[primitive]
        return lambda reader: int.from_bytes(reader.take(size), "little", signed=signed)
    packed = struct.Struct("<" + FORMATS[primitive])
    return lambda reader: packed.unpack(reader.take(packed.size))[0]
