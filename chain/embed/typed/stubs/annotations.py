"""Python annotations of SCALE types, derived from their codecs: of values, and of their plain forms."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

from .....runtime.client.text import is_address
from .....runtime.frame.block_types import UncheckedExtrinsicCodec
from .....runtime.frame.call import Call, RuntimeCallCodec
from .....runtime.frame.era import Era, EraCodec
from .....runtime.frame.extrinsic import Extrinsic, MultiAddress
from .....runtime.frame.runtime_types import OuterEnumCodec
from .....runtime.scale import Sum
from .....runtime.scale.arrays import NumericVec
from .....runtime.scale.codec import AnyCodec, Bool, Bytes, Compact, CompactUnit, FixedBytes, Integer, Text, Unit
from .....runtime.scale.containers import Array, Bounded, BTreeMap, BTreeSet, Newtype, Option, Some, Tuple, Vec
from .....runtime.scale.declare import EnumCodec, RecordCodec, SumCodec
from .....runtime.scale.types import Err, Ok, ResultCodec
from .imports import Imports

#: Forms that `runtime.client.plain` names.
PLAIN = "pysubtensor.runtime.client.plain"
ACCOUNT_SIZE = 32


def value_of(codec: AnyCodec, imports: Imports) -> str:
    """Return the annotation of the decoded values of a type."""
    return _value(codec, imports)


def form_of(codec: AnyCodec, imports: Imports, *, money: bool = False) -> str:
    """Return the annotation of the plain values that `from_plain` reads as a type; `money`: its numbers are rao."""
    return _form(codec, imports, money)


# --- values ----------------------------------------------------------------------------------------------------


@singledispatch
def _value(codec: AnyCodec, imports: Imports) -> str:
    raise TypeError(f"values of {codec.name} have no annotation")


@_value.register
def _(codec: Integer | Compact, imports: Imports) -> str:
    return "int"


@_value.register
def _(codec: Bool, imports: Imports) -> str:
    return "bool"


@_value.register
def _(codec: Text, imports: Imports) -> str:
    return "str"


@_value.register
def _(codec: Bytes | FixedBytes, imports: Imports) -> str:
    return "bytes"


@_value.register
def _(codec: Unit | CompactUnit, imports: Imports) -> str:
    return "None"


@_value.register(Newtype)
@_value.register(Bounded)
def _(codec: Newtype[Any] | Bounded[Any], imports: Imports) -> str:
    return _value(codec.inner, imports)


@_value.register(Vec)
@_value.register(Array)
def _(codec: Vec[Any] | Array[Any], imports: Imports) -> str:
    return f"list[{_value(codec.item, imports)}]"


@_value.register
def _(codec: NumericVec, imports: Imports) -> str:
    array = imports.add("numpy.typing", "NDArray")
    dtype = "bool_" if codec.dtype.kind == "b" else codec.dtype.name
    return f"{array}[{imports.module('numpy', 'np')}.{dtype}]"


@_value.register
def _(codec: Tuple, imports: Imports) -> str:
    return f"tuple[{', '.join(_value(item, imports) for item in codec.items)}]"


@_value.register(Option)
def _(codec: Option[Any], imports: Imports) -> str:
    return f"{imports.of(Some) if codec.nested else _value(codec.item, imports)} | None"


@_value.register(BTreeMap)
def _(codec: BTreeMap[Any, Any], imports: Imports) -> str:
    return f"dict[{_value(codec.key, imports)}, {_value(codec.value, imports)}]"


@_value.register(BTreeSet)
def _(codec: BTreeSet[Any], imports: Imports) -> str:
    return f"frozenset[{_value(codec.item, imports)}]"


@_value.register
def _(codec: ResultCodec, imports: Imports) -> str:
    ok, err = _value(codec.ok, imports), _value(codec.err, imports)
    return f"{imports.of(Ok)}[{ok}] | {imports.of(Err)}[{err}]"


@_value.register
def _(codec: EnumCodec | RecordCodec, imports: Imports) -> str:
    return imports.of(codec.cls)


@_value.register
def _(codec: SumCodec, imports: Imports) -> str:
    variant = next(iter(codec.by_index.values()), None)
    if variant is None:
        return imports.add("typing", "Never")
    return imports.of(variant.__mro__[variant.__mro__.index(Sum) - 1])


@_value.register
def _(codec: OuterEnumCodec, imports: Imports) -> str:
    return imports.of(Sum)


@_value.register
def _(codec: EraCodec, imports: Imports) -> str:
    return imports.of(Era)


@_value.register
def _(codec: UncheckedExtrinsicCodec, imports: Imports) -> str:
    return imports.of(Extrinsic)


@_value.register
def _(codec: RuntimeCallCodec, imports: Imports) -> str:
    return imports.of(Call)


# --- plain forms -----------------------------------------------------------------------------------------------


@singledispatch
def _form(codec: AnyCodec, imports: Imports, money: bool) -> str:
    return _value(codec, imports)


@_form.register
def _(codec: Integer | Compact, imports: Imports, money: bool) -> str:
    return _plain(imports, "Money" if money else "Integer")


@_form.register
def _(codec: Bytes, imports: Imports, money: bool) -> str:
    return _plain(imports, "Data")


@_form.register
def _(codec: FixedBytes, imports: Imports, money: bool) -> str:
    if codec.size != ACCOUNT_SIZE:
        return _plain(imports, "Data")
    return _plain(imports, "Account" if is_address(codec) else "Hash")


@_form.register(Newtype)
@_form.register(Bounded)
def _(codec: Newtype[Any] | Bounded[Any], imports: Imports, money: bool) -> str:
    if is_address(codec):
        return _plain(imports, "Account")
    return _form(codec.inner, imports, money)


@_form.register(Vec)
@_form.register(Array)
def _(codec: Vec[Any] | Array[Any], imports: Imports, money: bool) -> str:
    sequence = imports.add("collections.abc", "Sequence")
    return f"{sequence}[{_form(codec.item, imports, money)}]"


@_form.register
def _(codec: NumericVec, imports: Imports, money: bool) -> str:
    if codec.columns > 1:
        return _value(codec, imports) + f" | {_form(Vec(codec.item), imports, money)}"
    return _plain(imports, "Numbers")


@_form.register
def _(codec: Tuple, imports: Imports, money: bool) -> str:
    return f"tuple[{', '.join(_form(item, imports, money) for item in codec.items)}]"


@_form.register(Option)
def _(codec: Option[Any], imports: Imports, money: bool) -> str:
    return f"{_form(codec.item, imports, money)} | None"


@_form.register(BTreeMap)
def _(codec: BTreeMap[Any, Any], imports: Imports, money: bool) -> str:
    mapping = imports.add("collections.abc", "Mapping")
    return f"{mapping}[{_form(codec.key, imports, False)}, {_form(codec.value, imports, money)}]"


@_form.register(BTreeSet)
def _(codec: BTreeSet[Any], imports: Imports, money: bool) -> str:
    collection = imports.add("collections.abc", "Collection")
    return f"{collection}[{_form(codec.item, imports, money)}]"


@_form.register
def _(codec: EnumCodec, imports: Imports, money: bool) -> str:
    literal = imports.add("typing", "Literal")
    names = ", ".join(f'"{name}"' for name in codec.cls.__members__)
    return f"{_value(codec, imports)} | {literal}[{names}]"


@_form.register
def _(codec: RecordCodec, imports: Imports, money: bool) -> str:
    return f"{_value(codec, imports)} | {_plain(imports, 'Fields')}"


@_form.register
def _(codec: SumCodec, imports: Imports, money: bool) -> str:
    if codec is MultiAddress.scale:
        return _plain(imports, "Address")
    return f"{_value(codec, imports)} | {_plain(imports, 'Variant')}" if codec.by_index else _value(codec, imports)


@_form.register
def _(codec: OuterEnumCodec, imports: Imports, money: bool) -> str:
    return f"{_value(codec, imports)} | {_plain(imports, 'Variant')}"


@_form.register
def _(codec: UncheckedExtrinsicCodec, imports: Imports, money: bool) -> str:
    return f"{_value(codec, imports)} | {_plain(imports, 'Data')}"


@_form.register
def _(codec: RuntimeCallCodec, imports: Imports, money: bool) -> str:
    return _plain(imports, "CallForm")


def _plain(imports: Imports, name: str) -> str:
    return imports.add(PLAIN, name)
