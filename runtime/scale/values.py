"""Plain values (what JSON and a command line can say) to typed values and back, derived from the codecs.

    from_plain(codec_of(MultiAddress), "//Alice")          Id(b"\\xd4\\x35…")
    from_plain(RUNTIME_CALL, {"Balances": {"transfer_keep_alive": {"dest": "//Bob", "value": 5}}})
    to_plain(codec, value)                                 the same forms again

Forms: integers; booleans; text; bytes as `0x…` or text; accounts as SS58 address, `0x…` or a development key
(`//Alice`); records as objects; enums as the name of the variant, or `{"Name": fields}`; one nameless field stands
for itself, several are a list; options are null or the value; lists and tuples are lists; maps are objects, or
lists of pairs; eras are "Immortal" or `{"Mortal": [period, phase]}`; calls are `{"Pallet": {"call": {…}}}`,
`"Pallet.call({…})"` or their encoding in hexadecimal; extrinsics are their encoding. A value that has its type
already is taken as it is.
"""

from __future__ import annotations

import enum
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import singledispatch
from typing import Any, NamedTuple

from ..frame.block_types import UncheckedExtrinsicCodec
from ..frame.call import Call, CallDef, RuntimeCallCodec
from ..frame.era import IMMORTAL, Era, EraCodec
from ..frame.extrinsic import Extrinsic, Id, MultiAddress
from ..frame.runtime_types import OuterEnumCodec
from .arrays import NumericVec
from .codec import AnyCodec, Bool, Bytes, Compact, CompactUnit, FixedBytes, Integer, Text, Unit
from .containers import Array, Bounded, BTreeMap, BTreeSet, Newtype, Option, Some, Tuple, Vec
from .declare import EnumCodec, RecordCodec, SumCodec
from .describe import FieldInfo
from .plain import PlainError, expected, find_name, is_amount, parse_account, parse_amount, parse_hex, sized, unknown
from .reader import MAX_DEPTH, ScaleError
from .resolve import codec_of
from .showing import to_plain
from .types import AccountId, Err, Ok, ResultCodec

__all__ = ["Forms", "PlainError", "call_from_plain", "find_call", "from_plain", "to_plain"]

#: A call within a call takes three levels: pallet, call, argument.
MAX_PLAIN_DEPTH = 4 * MAX_DEPTH
_ACCOUNT = codec_of(AccountId)
_CALL = re.compile(r"\s*(\w+)\.(\w+)\s*\((.*)\)\s*", re.DOTALL)


class Forms(NamedTuple):
    """Which forms are read: calls and events of this runtime; with `amounts`, integers such as "1.5tao" and "10rao"."""

    runtime: Any = None
    amounts: bool = False


def from_plain(codec: AnyCodec, value: Any, runtime: Any = None, *, amounts: bool = False) -> Any:
    """Return the typed value that a plain one means; PlainError says where it is wrong, what was expected, what came.

    Values with calls, events or origins in them belong to `runtime`. With `amounts`, integers may be written as
    "1.5tao" and "10rao", too.
    """
    check_depth(value)
    try:
        typed = _read(codec, value, Forms(runtime, amounts))
        codec.encode(typed)
    except ScaleError as error:
        raise PlainError(str(error)) from None
    return typed


def check_depth(value: Any) -> None:
    """Refuse what is nested too deeply, before anything recurses into it."""
    level = [value]
    for _ in range(MAX_PLAIN_DEPTH):
        level = [part for each in level for part in parts_of(each)]
        if not level:
            return
    raise PlainError(f"expected a value that is nested at most {MAX_PLAIN_DEPTH} deep")


def parts_of(value: Any) -> Iterable[Any]:
    """What a plain value contains."""
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, list | tuple) else ()


def find_call(pallets: Iterable[Any], pallet_name: str, call_name: str) -> CallDef[Any]:
    """A call by the names of its pallet and itself."""
    by_name = {pallet.name: pallet for pallet in pallets if pallet.calls}
    pallet = by_name[find_name("pallet with calls", pallet_name, by_name)]
    calls = {function.name: function for function in pallet.calls.values()}
    found: CallDef[Any] = calls[find_name(f"call of {pallet.name}", call_name, calls)]
    return found


def read_item(ctx: Any, pallets: Iterable[Any], pallet_name: str, item_name: str, keys: Sequence[Any]) -> Any:
    """The value of a storage item, named by its pallet and itself, under plain keys."""
    by_name = {pallet.name: pallet for pallet in pallets if pallet.storage}
    pallet = by_name[find_name("pallet with storage", pallet_name, by_name)]
    item = pallet.storage[find_name(f"storage item of {pallet.name}", item_name, pallet.storage)]
    if len(keys) != len(item.keys_codec):
        raise PlainError(f"expected {len(item.keys_codec)} keys for {pallet.name}.{item.name}, got {len(keys)}")
    return item.read(
        ctx, [from_plain(codec, key, ctx.runtime) for codec, key in zip(item.keys_codec, keys, strict=True)]
    )


def call_from_plain(function: CallDef[Any], arguments: Mapping[str, Any], forms: Forms) -> Call:
    """Return one invocation of a call, from its arguments by name; an optional argument may be missing."""
    given = _fields(function.args, arguments, forms, f"the arguments of {function.name}")
    call = Call(function, tuple(given))
    try:
        call.encode()
    except ScaleError as error:
        raise PlainError(str(error)) from None
    return call


# --- by type of codec ------------------------------------------------------------------------------------------


@singledispatch
def _read(codec: AnyCodec, value: Any, forms: Forms) -> Any:
    raise PlainError(f"values of {codec.name} cannot be written down")


@_read.register
def _(codec: Integer, value: Any, forms: Forms) -> int:
    return _integer(codec, value, forms)


@_read.register
def _(codec: Compact, value: Any, forms: Forms) -> int:
    return _integer(codec.item, value, forms)


def _integer(codec: Integer, value: Any, forms: Forms) -> int:
    if isinstance(value, str):
        value = _integer_of_text(codec, value.strip(), forms)
    if not isinstance(value, int) or isinstance(value, bool):
        raise expected(_integer_name(codec, forms), value)
    if not codec.low <= value < codec.high:
        raise PlainError(f"{value} does not fit {codec.name}: {codec.low} to {codec.high - 1}")
    return value


def _integer_of_text(codec: Integer, text: str, forms: Forms) -> int:
    try:
        return int(text, 16 if text.startswith("0x") else 10)
    except ValueError:
        if forms.amounts and is_amount(text):
            return parse_amount(text)
        raise expected(_integer_name(codec, forms), text) from None


def _integer_name(codec: Integer, forms: Forms) -> str:
    money = " or an amount such as 1.5tao" if forms.amounts and codec.size >= 8 else ""
    return f"an integer ({codec.name}){money}"


@_read.register
def _(codec: Bool, value: Any, forms: Forms) -> bool:
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    if not isinstance(value, bool):
        raise expected("true or false", value)
    return value


@_read.register
def _(codec: Text, value: Any, forms: Forms) -> str:
    if not isinstance(value, str):
        raise expected("text", value)
    return value


@_read.register
def _(codec: Bytes, value: Any, forms: Forms) -> bytes:
    return _bytes(value)


@_read.register
def _(codec: FixedBytes, value: Any, forms: Forms) -> bytes:
    if codec.size == 32 and isinstance(value, str) and not value.startswith("0x"):
        return parse_account(value)
    return sized(_bytes(value), codec.size, value)


def _bytes(value: Any) -> bytes:
    if isinstance(value, bytes | bytearray):
        return bytes(value)
    if not isinstance(value, str):
        raise expected("bytes, as 0x… or text", value)
    return parse_hex(value) if value.startswith("0x") else value.encode()


@_read.register(Newtype)
def _(codec: Newtype[Any], value: Any, forms: Forms) -> Any:
    return _read(codec.inner, value, forms)


@_read.register(Bounded)
def _(codec: Bounded[Any], value: Any, forms: Forms) -> Any:
    return _read(codec.inner, value, forms)


@_read.register(Vec)
def _(codec: Vec[Any], value: Any, forms: Forms) -> list[Any]:
    return _items(codec.item, value, forms)


@_read.register(Array)
def _(codec: Array[Any], value: Any, forms: Forms) -> list[Any]:
    items = _items(codec.item, value, forms)
    if len(items) != codec.length:
        raise PlainError(f"expected {codec.length} items, got {len(items)}")
    return items


@_read.register
def _(codec: NumericVec, value: Any, forms: Forms) -> Any:
    if hasattr(value, "dtype"):
        return value
    items = _items(codec.item, value, forms)
    return codec.decode(codec.encode(items))  # type: ignore[arg-type]  # lists are encoded, too


@_read.register(BTreeSet)
def _(codec: BTreeSet[Any], value: Any, forms: Forms) -> frozenset[Any]:
    given = sorted(value) if isinstance(value, set | frozenset) else value
    return frozenset(_items(codec.item, given, forms))


def _items(item: AnyCodec, value: Any, forms: Forms) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise expected("a list", value)
    items = []
    for index, part in enumerate(value):
        items.append(_part(f"[{index}]", item, part, forms))
    return items


def _part(where: str, codec: AnyCodec, value: Any, forms: Forms) -> Any:
    try:
        return _read(codec, value, forms)
    except PlainError as error:
        raise error.inside(where) from None


@_read.register
def _(codec: Tuple, value: Any, forms: Forms) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple) or len(value) != len(codec.items):
        raise expected(f"a list of {len(codec.items)} items {codec.name}", value)
    pairs = enumerate(zip(codec.items, value, strict=True))
    return tuple(_part(f"[{index}]", item, part, forms) for index, (item, part) in pairs)


@_read.register
def _(codec: Unit | CompactUnit, value: Any, forms: Forms) -> None:
    if value is not None and value != []:
        raise expected("null", value)


@_read.register(Option)
def _(codec: Option[Any], value: Any, forms: Forms) -> Any:
    if value is None or isinstance(value, Some):
        return value
    if codec.nested:
        if not isinstance(value, Mapping) or list(value) != ["Some"]:
            raise expected('null or {"Some": …}', value)
        return Some(_part("Some", codec.item, value["Some"], forms))
    return _read(codec.item, value, forms)


@_read.register(BTreeMap)
def _(codec: BTreeMap[Any, Any], value: Any, forms: Forms) -> dict[Any, Any]:
    entries = value.items() if isinstance(value, Mapping) else value
    if not isinstance(value, Mapping | list):
        raise expected("an object, or a list of pairs", value)
    result = {}
    for index, entry in enumerate(entries):
        key, item = _part(f"[{index}]", Tuple((codec.key, codec.value)), entry, forms)
        result[key] = item
    return result


@_read.register
def _(codec: ResultCodec, value: Any, forms: Forms) -> Any:
    if isinstance(value, Ok | Err):
        return value
    name, inner = _only_entry('{"Ok": …} or {"Err": …}', value)
    if name == "Ok":
        return Ok(_part(name, codec.ok, inner, forms))
    if name == "Err":
        return Err(_part(name, codec.err, inner, forms))
    raise unknown("variant", name, ["Ok", "Err"])


@_read.register
def _(codec: EnumCodec, value: Any, forms: Forms) -> enum.Enum:
    if isinstance(value, codec.cls):
        return value
    if not isinstance(value, str):
        raise expected(f"a name ({', '.join(codec.cls.__members__)})", value)
    return codec.cls[find_name("variant", value, codec.cls.__members__)]


@_read.register
def _(codec: RecordCodec, value: Any, forms: Forms) -> Any:
    if isinstance(value, codec.cls):
        return value
    return codec.cls(*_record_fields(codec, value, forms))


def _record_fields(codec: RecordCodec, value: Any, forms: Forms) -> Sequence[Any]:
    fields = codec.fields
    if not codec.positional:
        return _fields(fields, value, forms, f"the fields of {codec.cls.__name__}")
    if len(fields) == 1:
        return [_read(fields[0].codec, value, forms)]
    return [*_read(Tuple(tuple(field.codec for field in fields)), value, forms)]


def _fields(fields: Sequence[FieldInfo], value: Any, forms: Forms, what: str) -> list[Any]:
    """The values of named fields, in their order. A field that is an option may be missing."""
    names = [field.name or "" for field in fields]
    if not isinstance(value, Mapping):
        raise expected(f"an object with {what} ({', '.join(names)})", value)
    given = {find_name("field", str(name), names): part for name, part in value.items()}
    for name, field in zip(names, fields, strict=True):
        if name not in given and not isinstance(field.codec, Option):
            raise PlainError(f"expected {what} ({', '.join(names)}), {name} is missing")
    return [_part(name, f.codec, given.get(name), forms) for name, f in zip(names, fields, strict=True)]


@_read.register
def _(codec: SumCodec, value: Any, forms: Forms) -> Any:
    if type(value) in codec.prefixes:
        return value
    if codec is MultiAddress.scale and isinstance(value, str | bytes):
        return Id(_read(_ACCOUNT, value, forms))
    by_name = {name: codec.by_index[index] for index, name in codec.names.items()}
    name, inner = (value, None) if isinstance(value, str) else _only_entry("a variant's name, or one entry", value)
    name = find_name("variant", name, by_name)
    cls = by_name[name]
    if not cls.variant.fields:
        if inner:
            raise expected(f"nothing with {name}", inner).inside(name)
        return cls()
    try:
        return cls(*_record_fields(cls.variant, inner, forms))
    except PlainError as error:
        raise error.inside(name) from None


def _only_entry(what: str, value: Any) -> tuple[str, Any]:
    if not isinstance(value, Mapping) or len(value) != 1:
        raise expected(what, value)
    ((name, inner),) = value.items()
    return str(name), inner


@_read.register
def _(codec: OuterEnumCodec, value: Any, forms: Forms) -> Any:
    if hasattr(value, "pallet_index"):
        return value
    name, inner = _only_entry('{"Pallet": …}', value)
    by_name = {variant.name: variant.codec for variant in codec.variants(forms.runtime).values()}
    name = find_name("pallet", name, by_name)
    return _part(name, by_name[name], inner, forms)


@_read.register
def _(codec: EraCodec, value: Any, forms: Forms) -> Era:
    if isinstance(value, Era):
        return value
    if value == "Immortal":
        return IMMORTAL
    name, inner = _only_entry('"Immortal" or {"Mortal": [period, phase]}', value)
    if name != "Mortal" or not isinstance(inner, list) or [type(part) for part in inner] != [int, int]:
        raise expected('"Immortal" or {"Mortal": [period, phase]}', value)
    era = Era(*inner)
    if codec.decode(codec.encode(era)) != era:
        raise expected("a period that is a power of two from 4 to 65536, and a phase in it", inner)
    return era


@_read.register
def _(codec: RuntimeCallCodec, value: Any, forms: Forms) -> Call:
    if isinstance(value, Call):
        return value
    if isinstance(value, str) and value.startswith("0x"):
        return codec.decode(parse_hex(value), forms.runtime)
    pallet_name, call_name, arguments = _call_parts(value)
    function = find_call(forms.runtime.pallets, pallet_name, call_name)
    try:
        return call_from_plain(function, arguments, forms)
    except PlainError as error:
        raise error.inside(f"{function.pallet.name}.{function.name}") from None


@_read.register
def _(codec: UncheckedExtrinsicCodec, value: Any, forms: Forms) -> Extrinsic:
    if isinstance(value, Extrinsic):
        return value
    return codec.decode(_bytes(value), forms.runtime)


def _call_parts(value: Any) -> tuple[str, str, Any]:
    what = '{"Pallet": {"call": {arguments}}} or "Pallet.call({arguments})"'
    if not isinstance(value, str):
        pallet_name, inner = _only_entry(what, value)
        return (pallet_name, *_only_entry(what, inner))
    match = _CALL.fullmatch(value)
    if match is None:
        raise expected(what, value)
    try:
        return match[1], match[2], json.loads(match[3].strip() or "{}")
    except ValueError as error:
        raise PlainError(f"expected the arguments as JSON: {error}").inside(f"{match[1]}.{match[2]}") from None
