"""What values of the runtime's types are, in words for help: placeholders, descriptions, units, suggestions."""

from __future__ import annotations

import re
from typing import Any

from ...runtime.client.text import core, is_address, short_name
from ...runtime.frame.block_types import UncheckedExtrinsicCodec
from ...runtime.frame.call import RuntimeCallCodec
from ...runtime.frame.extrinsic import MultiAddress
from ...runtime.scale import AnyCodec
from ...runtime.scale.arrays import NumericVec
from ...runtime.scale.codec import Bool, Bytes, Compact, FixedBytes, Integer, Text
from ...runtime.scale.containers import Array, BTreeSet, Option, Vec
from ...runtime.scale.declare import EnumCodec, RecordCodec, SumCodec
from ...runtime.units import ALPHA, TAO

#: Fixed-point types: the bits of their fractions, and whether they have a sign.
_FIXED = re.compile(r"Fixed([IU])(\d+)<")

#: Most names of an enum that a placeholder lists.
MAX_LISTED = 4
#: Levels of nested records and lists that a description shows.
MAX_LEVELS = 3

#: Lists and sets.
Listed = Vec[Any] | Array[Any] | BTreeSet[Any] | NumericVec
LISTED = (Vec, Array, BTreeSet, NumericVec)
#: The text of a description, by type.
DESCRIPTIONS: dict[type[AnyCodec], str] = {
    Text: "Text.",
    Bytes: "Bytes: 0x…, or text.",
    RuntimeCallCodec: 'A call: {"Pallet": {"call": {arguments}}}, "Pallet.call({arguments})", or encoded, 0x….',
    UncheckedExtrinsicCodec: "An encoded extrinsic, 0x….",
}
#: What a list has, by the type of its items.
LISTS: dict[type[AnyCodec], str] = {Bytes: "Bytes (0x… or text)", FixedBytes: "Hashes (0x…)", RuntimeCallCodec: "Calls"}
METAVARS: dict[type[AnyCodec], str] = {
    Bool: "[true|false]",
    Text: "TEXT",
    Bytes: "BYTES",
    FixedBytes: "BYTES",
    RuntimeCallCodec: "CALL",
    UncheckedExtrinsicCodec: "BYTES",
}


def is_account(codec: AnyCodec) -> bool:
    """Return whether values are accounts or public keys, which are written as addresses."""
    return is_address(codec) or codec is MultiAddress.scale


def metavar(codec: AnyCodec, unit: str | None = None) -> str:
    """Return the placeholder of a value in help."""
    inner = core(codec)
    if is_account(inner):
        return "ADDRESS"
    if isinstance(inner, EnumCodec):
        names = list(inner.cls.__members__)
        return f"[{'|'.join(names)}]" if len(names) <= MAX_LISTED else "NAME"
    if isinstance(inner, Integer | Compact):
        return "AMOUNT" if unit else "INTEGER"
    if isinstance(inner, LISTED):
        item = core(inner.item)
        nested = metavar(item) in ("JSON", "CALL") or isinstance(item, LISTED)
        return "JSON" if nested else f"{metavar(item, unit)},…"
    return METAVARS.get(type(inner), "JSON")


def description(codec: AnyCodec, unit: str | None = None) -> str:
    """Return what may be written for a value, as a sentence."""
    inner, optional = core(codec), isinstance(codec, Option)
    text = _description(inner, unit, codec)
    if not optional:
        return text
    return f"{text[:-1]}; none by default." if text else "None by default."


def _description(inner: AnyCodec, unit: str | None, codec: AnyCodec) -> str:
    if is_account(inner):
        return "Account: an SS58 address, 0x…, or a development key such as //Bob."
    if isinstance(inner, EnumCodec):
        return f"One of {', '.join(inner.cls.__members__)}." if metavar(inner) == "NAME" else ""
    if isinstance(inner, Bool):
        return ""
    if isinstance(inner, Integer | Compact):
        return _integer_description(inner, unit, codec)
    if isinstance(inner, FixedBytes):
        return f"{inner.size} bytes: 0x…."
    if isinstance(inner, LISTED):
        return _list_description(inner, unit)
    return DESCRIPTIONS.get(type(inner)) or f"{form(inner)}."


def _integer_description(inner: AnyCodec, unit: str | None, codec: AnyCodec) -> str:
    if unit == TAO:
        return "TAO, such as 1.5tao; an integer without a unit is in rao."
    if unit == ALPHA:
        return "Alpha, such as 20alpha; an integer without a unit is in billionths."
    fixed = _FIXED.search(short_name(codec.item if isinstance(codec, Option) else codec))
    if fixed is not None:
        fraction = fraction_bits(codec)
        return f"Fixed-point number as an integer: 2^{fraction} is 1."
    return f"Integer from {bounds(inner)}."


def fraction_bits(codec: AnyCodec) -> int:
    """Return the bits of the fraction of a fixed-point type, from the digits in its name."""
    digits = re.findall(r"B([01])", short_name(codec))
    return int("".join(digits), 2) if digits else 0


def bounds(codec: AnyCodec) -> str:
    """Return the least and the greatest value of an integer's type, in words."""
    integer = codec.item if isinstance(codec, Compact) else codec
    return f"{bound(integer.low)} to {bound(integer.high - 1)}" if isinstance(integer, Integer) else integer.name


def bound(number: int) -> str:
    """Return a bound of a type's values; large ones as powers of two."""
    if abs(number) < 1 << 32:
        return f"{number:,}"
    return f"2^{(number + 1).bit_length() - 1} - 1" if number > 0 else f"-2^{(-number).bit_length() - 1}"


def _list_description(inner: Listed, unit: str | None) -> str:
    item = core(inner.item)
    if metavar(inner) == "JSON" or isinstance(item, RuntimeCallCodec):
        return f"JSON list, [{form(item)}, …]."
    if is_account(item):
        return "Accounts, separated by commas."
    if isinstance(item, Integer | Compact) and not unit:
        return f"Integers from {bounds(item)}, separated by commas."
    return f"{LISTS.get(type(item), metavar(item, unit))}, separated by commas."


def form(codec: AnyCodec, levels: int = MAX_LEVELS) -> str:
    """Return how a value is written as JSON; nested parts below some levels by a placeholder."""
    inner = core(codec)
    if levels and isinstance(inner, RecordCodec):
        return record_form(inner, levels - 1)
    if levels and isinstance(inner, SumCodec):
        return sum_form(inner, levels - 1)
    if levels and isinstance(inner, LISTED):
        return f"[{form(inner.item, levels - 1)}, …]"
    items = getattr(inner, "items", None)
    if levels and isinstance(items, tuple):
        return f"[{', '.join(form(item, levels - 1) for item in items)}]"
    placeholder = metavar(inner)
    return short_name(codec) if placeholder == "JSON" and levels == MAX_LEVELS else placeholder.removesuffix(",…")


def record_form(codec: RecordCodec, levels: int) -> str:
    """Return how a record is written."""
    parts = [form(field.codec, levels) for field in codec.fields]
    if codec.positional and len(parts) == 1:
        return parts[0]
    if codec.positional:
        return f"[{', '.join(parts)}]"
    return "{" + ", ".join(f'"{field.name}": {part}' for field, part in zip(codec.fields, parts, strict=True)) + "}"


def sum_form(codec: SumCodec, levels: int) -> str:
    """Return how an enum with data is written; of many variants some."""
    forms = [variant_form(codec, index, levels) for index in codec.names]
    if len(forms) > 2 * MAX_LISTED:
        forms = [*forms[:2], "…", *forms[-2:]]
    return " or ".join(forms) or "no value: there is none"


def variant_form(codec: SumCodec, index: int, levels: int) -> str:
    """Return how a variant is written."""
    record, name = codec.by_index[index].variant, codec.names[index]
    return f'{{"{name}": {record_form(record, levels)}}}' if record.fields else f'"{name}"'


def choices(codec: AnyCodec) -> list[str]:
    """Return the values that a shell may suggest; it suggests accounts without them."""
    inner = core(codec)
    if isinstance(inner, EnumCodec):
        return list(inner.cls.__members__)
    return ["true", "false"] if isinstance(inner, Bool) else []
