"""Typed values for people: amounts in TAO and alpha, fixed-point numbers as decimals, the rest as plain values."""

from __future__ import annotations

import re
from typing import Any

from ...runtime.client.money import unit_of
from ...runtime.client.text import is_address, short_name
from ...runtime.client.to_plain import to_plain
from ...runtime.frame.runtime_types import OuterEnumCodec
from ...runtime.scale import AnyCodec
from ...runtime.scale.codec import Compact, Integer
from ...runtime.scale.containers import Array, Bounded, Newtype, Option, Tuple, Vec
from ...runtime.scale.declare import RecordCodec, SumCodec
from ..amounts import Amount
from ..output import wants_json, wants_rao
from .words import fraction_bits, is_account

#: Decimals of a fixed-point number that are shown, and from which size on other integers are shown in hexadecimal.
DECIMALS, LARGE = 12, 1 << 96
_FIXED = re.compile(r"^Fixed[IU]\d+<")


def shown(codec: AnyCodec, value: Any, unit: str | None = None) -> Any:
    """Return a typed value for output: plain for --json and --rao, else with units. `unit` is that of an integer."""
    return to_plain(codec, value) if wants_json() or wants_rao() else with_units(codec, value, unit)


def with_units(codec: AnyCodec, value: Any, unit: str | None = None) -> Any:
    """Return a typed value with its amounts in their units."""
    if is_account(codec) or is_address(codec):
        return to_plain(codec, value)
    if isinstance(codec, Newtype) and _FIXED.match(short_name(codec)):
        return decimal(value, fraction_bits(codec))
    if isinstance(codec, Bounded | Newtype):
        return with_units(codec.inner, value, unit)
    if isinstance(codec, Integer | Compact):
        return _integer(value, unit)
    if isinstance(codec, Option) and not codec.nested:
        return None if value is None else with_units(codec.item, value, unit)
    if isinstance(codec, Vec | Array):
        return [with_units(codec.item, part, unit) for part in value]
    if isinstance(codec, Tuple):
        return [with_units(item, part) for item, part in zip(codec.items, value, strict=True)]
    if isinstance(codec, RecordCodec):
        return _record(codec, value)
    if isinstance(codec, OuterEnumCodec):
        return {value.pallet_name: with_units(codec.inner(value), value)}
    if isinstance(codec, SumCodec):
        name, record = codec.names[codec.prefixes[type(value)][0]], type(value).variant
        return {name: _record(record, value)} if record.fields else name
    return to_plain(codec, value)


def _integer(value: int, unit: str | None) -> Any:
    if unit is not None:
        return Amount(value, unit)
    return hex(value) if value >= LARGE else value


def _record(codec: RecordCodec, value: Any) -> Any:
    fields = codec.fields  # first: it sets the attributes
    parts = {
        str(field.name): with_units(field.codec, getattr(value, attribute), unit_of(field))
        for attribute, field in zip(codec.attributes, fields, strict=True)
    }
    return next(iter(parts.values())) if codec.positional and len(parts) == 1 else parts


def decimal(bits: int, fraction: int) -> str:
    """Return a fixed-point number, an integer with `fraction` bits after the point, rounded down."""
    sign, size = "-" if bits < 0 else "", abs(bits)
    decimals = ((size & ((1 << fraction) - 1)) * 10**DECIMALS) >> fraction
    text = f"{decimals:0{DECIMALS}}".rstrip("0")
    return f"{sign}{size >> fraction}{'.' if text else ''}{text}"
