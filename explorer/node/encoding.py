"""Encoding by metadata: the bytes of a value that a person wrote, for calls, keys and arguments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...runtime.client.errors import PlainError
from ...runtime.client.text import parse_account
from ...runtime.metadata import registry as shapes
from ...runtime.metadata.registry import Primitive
from ...runtime.scale.reader import encode_compact
from .types import ACCOUNT, WIDE, Types
from .values import Variant

SIZES = {
    Primitive.U8: (1, False),
    Primitive.U16: (2, False),
    Primitive.U32: (4, False),
    Primitive.U64: (8, False),
    Primitive.I8: (1, True),
    Primitive.I16: (2, True),
    Primitive.I32: (4, True),
    Primitive.I64: (8, True),
    **WIDE,
}


def encode(types: Types, number: int, value: Any) -> bytes:
    """Return the bytes of a value of a type; raise PlainError with what was expected and what came.

    Accounts are addresses, development names or 32 bytes; bytes are `0x…` or text; enums names, or an object of one
    name and its fields; options null or the value; calls `{"Pallet.call": {…}}`.
    """
    entry = types[number]
    shape = entry.definition
    if isinstance(shape, shapes.PrimitiveDef):
        return primitive(shape.primitive, value)
    if isinstance(shape, shapes.CompactDef):
        return encode_compact(integer(value, 1 << 128))
    if entry.path == ACCOUNT:
        return account(value)
    if isinstance(shape, shapes.Composite):
        return fields(types, shape.fields, value)
    if isinstance(shape, shapes.Variants):
        return variant(types, entry, shape, value)
    if isinstance(shape, shapes.Tuple):
        items = listed(value, len(shape.items))
        return b"".join(encode(types, item, part) for item, part in zip(shape.items, items, strict=True))
    if isinstance(shape, shapes.Array):
        return elements(types, shape.item, value, shape.length)
    if isinstance(shape, shapes.Sequence):
        return elements(types, shape.item, value, None)
    raise PlainError(f"values of type {types.name(number)} cannot be written")


def primitive(kind: Primitive, value: Any) -> bytes:
    """Return the bytes of a number, of a truth value, or of text."""
    if kind is Primitive.Bool:
        if value in (True, "true", "yes"):
            return b"\x01"
        if value in (False, "false", "no"):
            return b"\x00"
        raise PlainError(f"expected true or false, got {value!r:.60}")
    if kind is Primitive.Str:
        text = str(value).encode()
        return encode_compact(len(text)) + text
    if kind not in SIZES:
        raise PlainError(f"values of type {kind.name} cannot be written")
    size, signed = SIZES[kind]
    low = -(1 << 8 * size - 1) if signed else 0
    return integer(value, (1 << 8 * size) + low, low).to_bytes(size, "little", signed=signed)


def integer(value: Any, end: int, low: int = 0) -> int:
    """Return an integer from `low` to below `end`, which may be written as text."""
    try:
        found = int(value.replace("_", "").replace(",", ""), 0) if isinstance(value, str) else value
    except ValueError:
        raise PlainError(f"expected an integer, got {value!r:.60}") from None
    if not isinstance(found, int) or isinstance(found, bool) or not low <= found < end:
        raise PlainError(f"expected an integer from {low} to {end - 1}, got {value!r:.60}")
    return found


def account(value: Any) -> bytes:
    """Return the 32 bytes of an account: an address, a development name or URI, or 0x and 64 digits."""
    if isinstance(value, bytes) and len(value) == 32:
        return bytes(value)
    if isinstance(value, str):
        return parse_account(value)
    raise PlainError(f"expected an address, or a development name such as //Alice, got {value!r:.60}")


def octets(value: Any) -> bytes:
    """Return bytes from bytes, `0x…`, text, or a list of numbers."""
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        if value.startswith("0x"):
            try:
                return bytes.fromhex(value[2:])
            except ValueError:
                raise PlainError(f"expected digits after 0x, got {value!r:.60}") from None
        return value.encode()
    return b"".join(integer(each, 256).to_bytes(1, "little") for each in listed(value, None))


def listed(value: Any, length: int | None) -> Sequence[Any]:
    """Return a list of this length."""
    if not isinstance(value, list | tuple) or (length is not None and len(value) != length):
        raise PlainError(f"expected a list{'' if length is None else f' of {length}'}, got {value!r:.60}")
    return value


def elements(types: Types, item: int, value: Any, length: int | None) -> bytes:
    """Return the bytes of a list; without a fixed length its own comes first."""
    shape = types[item].definition
    if isinstance(shape, shapes.PrimitiveDef) and shape.primitive is Primitive.U8:
        data = octets(value)
        count = len(data)
    else:
        found = listed(value, length)
        data, count = b"".join(encode(types, item, part) for part in found), len(found)
    if length is not None and count != length:
        raise PlainError(f"expected {length} bytes, got {count}")
    return data if length is not None else encode_compact(count) + data


def fields(types: Types, declared: Sequence[shapes.Field], value: Any) -> bytes:
    """Return the bytes of a record's fields, by name or in order; a nameless only field is written alone."""
    if not declared:
        return b""
    if declared[0].name is None:
        if len(declared) == 1:
            return encode(types, declared[0].type, value)
        given: Sequence[Any] = listed(value, len(declared))
    elif isinstance(value, Mapping):
        names = [field.name or "" for field in declared]
        if unknown := sorted(set(map(str, value)) - set(names)):
            raise PlainError(f"expected {', '.join(names)}, got {', '.join(unknown):.60}")
        given = [value.get(name) for name in names]
    else:
        given = listed(value, len(declared))
    parts = []
    for field, part in zip(declared, given, strict=True):
        try:
            parts.append(encode(types, field.type, part))
        except PlainError as error:
            raise error.inside(field.name or "") from None
    return b"".join(parts)


def variant(types: Types, entry: shapes.PortableType, shape: shapes.Variants, value: Any) -> bytes:
    """Return the bytes of a variant of an enum."""
    known = {each.name: each for each in shape.variants}
    if entry.path == ["Option"]:
        name, content = ("None", None) if value is None else ("Some", value)
    elif isinstance(value, Variant):
        name, content = value
    elif entry.path[-1:] == ["MultiAddress"] and isinstance(value, str | bytes):
        name, content = "Id", value
    elif isinstance(value, Mapping) and len(value) == 1:
        ((name, content),) = value.items()
        if name not in known and "." in str(name):
            name, _, call = str(name).partition(".")
            content = {call: content}
    else:
        name, content = value, None
    if not isinstance(name, str) or name not in known:
        raise PlainError(f"expected one of {', '.join(known):.200}, got {name!r:.60}")
    chosen = known[name]
    return bytes((chosen.index,)) + fields(types, chosen.fields, content)
