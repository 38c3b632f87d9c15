"""Typed values as plain ones, in the first of the forms that `from_plain` reads."""

from __future__ import annotations

import enum
from functools import singledispatch
from typing import Any

from ..crypto import ss58_encode
from ..frame.block_types import UncheckedExtrinsicCodec
from ..frame.call import Call, RuntimeCallCodec
from ..frame.era import Era, EraCodec
from ..frame.extrinsic import Extrinsic, Id, MultiAddress
from ..frame.runtime_types import OuterEnumCodec
from ..scale.arrays import NumericVec
from ..scale.codec import AnyCodec, Bool, Bytes, Compact, CompactUnit, FixedBytes, Integer, Text, Unit
from ..scale.containers import Array, Bounded, BTreeMap, BTreeSet, Newtype, Option, Tuple, Vec
from ..scale.declare import EnumCodec, RecordCodec, SumCodec
from ..scale.types import Ok, ResultCodec
from .errors import PlainError
from .text import is_address


def to_plain(codec: AnyCodec, value: Any) -> Any:
    """Return the plain form of a typed value, which JSON can express. Integers of any size stay integers."""
    return _show(codec, value)


@singledispatch
def _show(codec: AnyCodec, value: Any) -> Any:
    raise PlainError(f"values of {codec.name} cannot be written down")


@_show.register
def _(codec: Integer | Compact | Bool | Text | Unit | CompactUnit, value: Any) -> Any:
    return value


@_show.register
def _(codec: Bytes, value: bytes) -> str:
    return "0x" + value.hex()


@_show.register
def _(codec: FixedBytes, value: bytes) -> str:
    return ss58_encode(value) if is_address(codec) else "0x" + value.hex()


@_show.register(Newtype)
def _(codec: Newtype[Any], value: Any) -> Any:
    if is_address(codec) and isinstance(codec.inner, FixedBytes):
        return ss58_encode(value)
    return _show(codec.inner, value)


@_show.register(Bounded)
def _(codec: Bounded[Any], value: Any) -> Any:
    return _show(codec.inner, value)


@_show.register(Vec)
@_show.register(Array)
def _(codec: Vec[Any] | Array[Any], value: Any) -> list[Any]:
    return [_show(codec.item, part) for part in value]


@_show.register(BTreeSet)
def _(codec: BTreeSet[Any], value: Any) -> list[Any]:
    return [_show(codec.item, part) for part in sorted(value)]


@_show.register
def _(codec: NumericVec, value: Any) -> Any:
    return value.tolist() if hasattr(value, "tolist") else list(value)


@_show.register
def _(codec: Tuple, value: Any) -> list[Any]:
    return [_show(item, part) for item, part in zip(codec.items, value, strict=True)]


@_show.register(Option)
def _(codec: Option[Any], value: Any) -> Any:
    if value is None:
        return None
    return {"Some": _show(codec.item, value.value)} if codec.nested else _show(codec.item, value)


@_show.register(BTreeMap)
def _(codec: BTreeMap[Any, Any], value: Any) -> Any:
    pairs = [(_show(codec.key, key), _show(codec.value, item)) for key, item in value.items()]
    if all(isinstance(key, str | int) for key, _ in pairs):
        return {str(key): item for key, item in pairs}
    return [list(pair) for pair in pairs]


@_show.register
def _(codec: ResultCodec, value: Any) -> Any:
    if isinstance(value, Ok):
        return {"Ok": _show(codec.ok, value.value)}
    return {"Err": _show(codec.err, value.error)}


@_show.register
def _(codec: EnumCodec, value: enum.Enum) -> str:
    return value.name


@_show.register
def _(codec: RecordCodec, value: Any) -> Any:
    fields = codec.fields
    shown = {f.name: _show(f.codec, getattr(value, a)) for a, f in zip(codec.attributes, fields, strict=True)}
    if not codec.positional:
        return shown
    return next(iter(shown.values())) if len(fields) == 1 else list(shown.values())


@_show.register
def _(codec: SumCodec, value: Any) -> Any:
    if codec is MultiAddress.scale and isinstance(value, Id):
        return ss58_encode(value.account)
    name = codec.names[codec.prefixes[type(value)][0]]
    record = type(value).variant
    return {name: _show(record, value)} if record.fields else name


@_show.register
def _(codec: OuterEnumCodec, value: Any) -> dict[str, Any]:
    return {value.pallet_name: _show(codec.inner(value), value)}


@_show.register
def _(codec: EraCodec, value: Era) -> Any:
    return "Immortal" if value.is_immortal else {"Mortal": [value.period, value.phase]}


@_show.register
def _(codec: UncheckedExtrinsicCodec, value: Extrinsic) -> str:
    return "0x" + value.raw.hex()


@_show.register
def _(codec: RuntimeCallCodec, value: Call) -> dict[str, Any]:
    arguments = zip(value.function.args, value.args, strict=True)
    return {value.pallet: {value.name: {field.name: _show(field.codec, arg) for field, arg in arguments}}}
