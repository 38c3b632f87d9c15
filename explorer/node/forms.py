"""Values that people write into forms, which are made from types of metadata."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

from ...runtime.client.amounts import tao
from ...runtime.client.errors import PlainError
from ...runtime.metadata import registry as shapes
from ...runtime.metadata.registry import Primitive
from .encoding import encode
from .interface import Called, Interface
from .types import ACCOUNT, Types


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form. `choices` are the values of an enum without fields, empty for free text."""

    name: str
    type: str
    hint: str
    choices: tuple[str, ...] = ()


def fields_of(interface: Interface, call: Called) -> list[Field]:
    """Return the form of a call."""
    return [_field(interface.types, field) for field in call.fields]


def _field(types: Types, field: shapes.Field) -> Field:
    shape, name = types[field.type].definition, field.type_name or types.name(field.type)
    if isinstance(shape, shapes.PrimitiveDef) and shape.primitive is Primitive.Bool:
        return Field(field.name or "", name, "", ("false", "true"))
    if isinstance(shape, shapes.Variants) and all(not variant.fields for variant in shape.variants):
        return Field(field.name or "", name, "", tuple(variant.name for variant in shape.variants))
    return Field(field.name or "", name, hint_of(types, field.type))


def hint_of(types: Types, number: int) -> str:
    """Return how values of a type are written."""
    entry = types[number]
    shape = entry.definition
    if entry.path == ACCOUNT or entry.path[-1:] == ["MultiAddress"]:
        return "an address, or //Alice"
    if entry.path == ["Option"]:
        return "empty for none"
    if is_integer(types, number):
        return "an integer, or an amount such as 1.5tao"
    if isinstance(shape, shapes.Sequence | shapes.Array):
        item = types[shape.item].definition
        if isinstance(item, shapes.PrimitiveDef) and item.primitive is Primitive.U8:
            return "text, or 0x and digits"
        return f"a list, such as [{'1, 2' if is_integer(types, shape.item) else '…'}]"
    if entry.path[-1:] == ["RuntimeCall"]:
        return '{"System.remark": {"remark": "hello"}}'
    return types.name(number)


def is_integer(types: Types, number: int) -> bool:
    """Return whether values of a type are integers, compact ones and wrapped ones, too."""
    shape = types[number].definition
    if isinstance(shape, shapes.CompactDef):
        return is_integer(types, shape.item)
    if isinstance(shape, shapes.Composite) and len(shape.fields) == 1:
        return shape.fields[0].name is None and is_integer(types, shape.fields[0].type)
    return isinstance(shape, shapes.PrimitiveDef) and shape.primitive not in (
        Primitive.Bool,
        Primitive.Char,
        Primitive.Str,
    )


def value_from_text(types: Types, number: int, text: str) -> Any:
    """Return the value that a person wrote for a type; raise PlainError for text that cannot be one."""
    entry, given = types[number], text.strip()
    if entry.path == ["Option"]:
        inner = next(param.type for param in entry.params)
        return None if not given or given == "null" or inner is None else value_from_text(types, inner, given)
    if is_integer(types, number):
        return amount(given)
    if given[:1] in ("[", "{", '"'):
        try:
            return orjson.loads(given)
        except orjson.JSONDecodeError as error:
            raise PlainError(f"expected JSON, got {given!r:.60}: {error}") from None
    return text if isinstance(entry.definition, shapes.Sequence) else given


def amount(text: str) -> Any:
    """Return an integer, or an amount of TAO in rao."""
    if not text.lower().endswith("tao"):
        return text
    try:
        return tao(text[:-3].strip())
    except ValueError as error:
        raise PlainError(str(error)) from None


def encode_call(interface: Interface, call: Called, texts: dict[str, str]) -> bytes:
    """Return the bytes of a call from the text of each field; raise PlainError with the name of a wrong one."""
    parts = [call.index]
    for field in call.fields:
        try:
            value = value_from_text(interface.types, field.type, texts.get(field.name or "", ""))
            parts.append(encode(interface.types, field.type, value))
        except PlainError as error:
            raise error.inside(field.name or "") from None
    return b"".join(parts)


def as_root(interface: Interface, call: bytes) -> bytes:
    """Return the call of Sudo.sudo around a call; raise PlainError for a runtime without Sudo."""
    sudo = interface.calls("Sudo").get("sudo")
    if sudo is None:
        raise PlainError("this chain has no Sudo pallet")
    return sudo.index + call
