"""Plain values (of JSON, a command line or another Python tool) as typed values, derived from the codecs.

    from_plain(codec_of(MultiAddress), "//Alice")          Id(b"\\xd4\\x35…")
    from_plain(RUNTIME_CALL, {"Balances": {"transfer_keep_alive": {"dest": "//Bob", "value": 5}}}, runtime)
    to_plain(codec, value)                                 the first of the forms below

| type          | forms                                                                                      |
|---------------|--------------------------------------------------------------------------------------------|
| integers      | a number (NumPy's, too), decimal or `0x` text                                              |
| booleans      | true, false, as text as well                                                               |
| bytes         | `0x…`, text, bytes, a list of numbers from 0 to 255                                        |
| accounts      | an SS58 address, `0x…`, bytes, a development key such as `//Alice`, a `Keypair`            |
| MultiAddress  | an account, `{"Id": account}` and the other variants                                       |
| enums         | `"Name"`, `{"Name": fields}`, `("Name", fields)`                                           |
| records       | an object (camelCase or snake_case), or the fields in order; one nameless field: its value |
| options       | null, the value, `{"Some": value}`, `{"None": null}`                                       |
| results       | `{"Ok": value}`, `{"Err": value}`, as pairs as well                                        |
| lists, sets   | lists, tuples, arrays                                                                      |
| maps          | objects, lists of pairs                                                                    |
| eras          | `"Immortal"`, `{"Mortal": [period, phase]}`, `{"period": …, "phase": …}` or `"current"`    |
| calls         | `{"Pallet": {"call": {…}}}`, `"Pallet.call({…})"`, `{"call_module", "call_function",       |
|               | "call_args"}`, `{"callIndex", "args"}`, their encoding                                     |
| extrinsics    | their encoding                                                                             |

A type that only wraps another one (a bounded list, a newtype, a record of one nameless field) accepts the inner value,
or a list of just that value, as tools write it that follow the metadata's fields. Typed values are accepted unchanged.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from functools import singledispatch
from typing import Any, NamedTuple, TypeVar

import numpy as np

from ...consensus.internal import InternalError
from ..crypto import Keypair
from ..frame.block_types import UncheckedExtrinsicCodec
from ..frame.call import Call, CallDef, RuntimeCallCodec
from ..frame.era import IMMORTAL, Era, EraCodec
from ..frame.extrinsic import Extrinsic, Id, MultiAddress
from ..frame.runtime import Runtime
from ..frame.runtime_types import OuterEnumCodec
from ..scale.arrays import BoolVec, NumericVec
from ..scale.codec import U8, AnyCodec, Bool, Bytes, Codec, Compact, CompactUnit, FixedBytes, Integer, Text, Unit, shown
from ..scale.containers import Array, Bounded, BTreeMap, BTreeSet, Newtype, Option, Some, Tuple, Vec
from ..scale.declare import EnumCodec, RecordCodec, SumCodec
from ..scale.describe import FieldInfo
from ..scale.reader import ScaleError
from ..scale.resolve import codec_of
from ..scale.types import AccountId, Err, Ok, ResultCodec
from .errors import SHOWN, PlainError, expected
from .forms import call_parts, check_depth, era_parts, is_nothing, require_no_fields, tagged
from .leaves import boolean, fixed_octets, integer, octets
from .names import find_name, unknown
from .text import encode_text

T = TypeVar("T")
_ACCOUNT = codec_of(AccountId)


class Options(NamedTuple):
    """How plain values are read: `runtime` has the calls, events and origins that they name.

    With `amounts`, integers may be written as "1.5tao" and "10rao", too.
    """

    runtime: Runtime | None = None
    amounts: bool = False


def from_plain(codec: AnyCodec, value: Any, runtime: Runtime | None = None, *, amounts: bool = False) -> Any:
    """Return the typed value of a plain one; PlainError states where it is wrong, what was expected and what came.

    Values that hold calls, events or origins belong to `runtime`. With `amounts`, integers may be written as "1.5tao"
    and "10rao", too.
    """
    check_depth(value)
    try:
        typed = _read(codec, value, Options(runtime, amounts))
        codec.encode(typed)
    except ScaleError as error:
        raise PlainError(str(error)) from None
    return typed


def call_from_plain(function: CallDef[Any], arguments: Mapping[str, Any], options: Options) -> Call:
    """Return one invocation of a call, from its arguments by name; an optional argument may be missing."""
    check_depth(arguments)
    given = _fields(function.args, arguments, options, f"the arguments of {function.name}")
    call = Call(function, tuple(given))
    try:
        call.encode()
    except ScaleError as error:
        raise PlainError(str(error)) from None
    return call


# --- numbers, text and bytes -----------------------------------------------------------------------------------


@singledispatch
def _read(codec: AnyCodec, value: Any, options: Options) -> Any:
    raise PlainError(f"values of {codec.name} cannot be written down")


@_read.register
def _(codec: Integer, value: Any, options: Options) -> int:
    return integer(codec, value, options.amounts)


@_read.register
def _(codec: Compact, value: Any, options: Options) -> int:
    return integer(codec.item, value, options.amounts)


@_read.register
def _(codec: Bool, value: Any, options: Options) -> bool:
    return boolean(value)


@_read.register
def _(codec: Text, value: Any, options: Options) -> str:
    if not isinstance(value, str):
        raise expected("text", value)
    encode_text(value)
    return value


@_read.register
def _(codec: Bytes, value: Any, options: Options) -> bytes:
    return octets(value)


@_read.register
def _(codec: FixedBytes, value: Any, options: Options) -> bytes:
    return fixed_octets(codec, value)


# --- containers ------------------------------------------------------------------------------------------------


@_read.register(Newtype)
@_read.register(Bounded)
def _(codec: Newtype[Any] | Bounded[Any], value: Any, options: Options) -> Any:
    return _wrapped(codec.inner, value, options)


def _wrapped(inner: AnyCodec, value: Any, options: Options) -> Any:
    """Return the value inside a wrapper: written alone, or as the one item of a list."""
    try:
        return _read(inner, value, options)
    except PlainError as error:
        if not isinstance(value, list | tuple) or len(value) != 1:
            raise
        first = error
    try:
        return _read(inner, value[0], options)
    except PlainError as second:
        # The error deeper inside is the more precise one.
        raise second if len(second.path) >= len(first.path) else first from None


@_read.register(Vec)
def _(codec: Vec[Any], value: Any, options: Options) -> list[Any]:
    return _items(codec.item, value, options)


@_read.register(Array)
def _(codec: Array[Any], value: Any, options: Options) -> list[Any]:
    items = _items(codec.item, value, options)
    if len(items) != codec.length:
        raise PlainError(f"expected {codec.length} items, got {len(items)}")
    return items


@_read.register
def _(codec: NumericVec, value: Any, options: Options) -> Any:
    if isinstance(value, np.ndarray):
        if value.dtype.kind == "b" and not isinstance(codec, BoolVec):
            raise expected(f"integers ({codec.name})", value)
        return value
    if codec.item is U8 and isinstance(value, str | bytes | bytearray):
        return np.frombuffer(octets(value), np.uint8)
    items = _items(codec.item, value, options)
    return codec.decode(codec.encode(items))  # type: ignore[arg-type]  # lists are encoded, too


@_read.register(BTreeSet)
def _(codec: BTreeSet[Any], value: Any, options: Options) -> frozenset[Any]:
    given = list(value) if isinstance(value, set | frozenset) else value
    return frozenset(_items(codec.item, given, options))


def _items(item: AnyCodec, value: Any, options: Options) -> list[Any]:
    if isinstance(value, np.ndarray) and value.ndim:
        value = value.tolist()
    if not isinstance(value, list | tuple):
        raise expected("a list", value)
    return [_part(f"[{index}]", item, part, options) for index, part in enumerate(value)]


def _part(where: str, codec: AnyCodec, value: Any, options: Options) -> Any:
    try:
        return _read(codec, value, options)
    except PlainError as error:
        raise error.inside(where) from None


@_read.register
def _(codec: Tuple, value: Any, options: Options) -> tuple[Any, ...]:
    if isinstance(value, np.ndarray) and value.ndim:
        value = value.tolist()
    if not isinstance(value, list | tuple) or len(value) != len(codec.items):
        raise expected(f"a list of {len(codec.items)} items {codec.name}", value)
    pairs = enumerate(zip(codec.items, value, strict=True))
    return tuple(_part(f"[{index}]", item, part, options) for index, (item, part) in pairs)


@_read.register
def _(codec: Unit | CompactUnit, value: Any, options: Options) -> None:
    if not is_nothing(value):
        raise expected("null", value)


@_read.register(Option)
def _(codec: Option[Any], value: Any, options: Options) -> Any:
    if value is None or isinstance(value, Some):
        return value
    tag = next(iter(value)) if isinstance(value, Mapping) and len(value) == 1 else None
    if tag == "None" and is_nothing(value[tag]):
        return None
    if tag == "Some":
        present = _part("Some", codec.item, value["Some"], options)
        return Some(present) if codec.nested else present
    if codec.nested:
        raise expected('null or {"Some": …}', value)
    return _read(codec.item, value, options)


@_read.register(BTreeMap)
def _(codec: BTreeMap[Any, Any], value: Any, options: Options) -> dict[Any, Any]:
    if not isinstance(value, Mapping | list | tuple):
        raise expected("an object, or a list of pairs", value)
    pair = Tuple((codec.key, codec.value))
    result: dict[Any, Any] = {}
    for index, entry in enumerate(value.items() if isinstance(value, Mapping) else value):
        key, item = _part(f"[{index}]", pair, entry, options)
        if key in result:
            raise PlainError(f"expected each key once, got {shown(entry[0], SHOWN)} twice").inside(f"[{index}]")
        result[key] = item
    return result


# --- enums and records -----------------------------------------------------------------------------------------


@_read.register
def _(codec: ResultCodec, value: Any, options: Options) -> Any:
    if isinstance(value, Ok | Err):
        return value
    name, content = tagged('{"Ok": …} or {"Err": …}', value)
    if name == "Ok":
        return Ok(_part(name, codec.ok, content, options))
    if name == "Err":
        return Err(_part(name, codec.err, content, options))
    raise unknown("variant", name, ["Ok", "Err"])


@_read.register
def _(codec: EnumCodec, value: Any, options: Options) -> enum.Enum:
    if isinstance(value, codec.cls):
        return value
    members = codec.cls.__members__
    name, content = tagged(f"a name ({', '.join(members)})", value)
    member = codec.cls[find_name("variant", name, members)]
    require_no_fields(name, content)
    return member


@_read.register
def _(codec: RecordCodec, value: Any, options: Options) -> Any:
    if isinstance(value, codec.cls):
        return value
    return codec.cls(*_record_fields(codec, value, options))


def _record_fields(codec: RecordCodec, value: Any, options: Options) -> Sequence[Any]:
    fields = codec.fields
    if not codec.positional:
        return _fields(fields, value, options, f"the fields of {codec.cls.__name__}")
    if len(fields) == 1:
        return [_wrapped(fields[0].codec, value, options)]
    return [*_read(Tuple(tuple(field.codec for field in fields)), value, options)]


def _fields(fields: Sequence[FieldInfo], value: Any, options: Options, what: str) -> list[Any]:
    """Return the values of named fields, in their order. A field that is an option may be missing."""
    names = [field.name or "" for field in fields]
    listed = f"{what} ({', '.join(names)})"
    if isinstance(value, list | tuple) and len(value) == len(fields):
        value = dict(zip(names, value, strict=True))
    if not isinstance(value, Mapping):
        raise expected(f"an object with {listed}", value)
    given: dict[str, Any] = {}
    for written, part in value.items():
        name = find_name("field", written if isinstance(written, str) else shown(written, SHOWN), names)
        if name in given:
            raise PlainError(f"expected {listed}, got {name} twice")
        given[name] = part
    for name, field in zip(names, fields, strict=True):
        if name not in given and not isinstance(field.codec, Option):
            raise PlainError(f"expected {listed}, {name} is missing")
    return [_part(name, f.codec, given.get(name), options) for name, f in zip(names, fields, strict=True)]


@_read.register
def _(codec: SumCodec, value: Any, options: Options) -> Any:
    if type(value) in codec.prefixes:
        return value
    if codec is MultiAddress.scale and _is_account(value):
        return Id(_read(_ACCOUNT, value, options))
    by_name = {name: codec.by_index[index] for index, name in codec.names.items()}
    written, content = tagged("a variant's name, or one entry", value)
    name = find_name("variant", written, by_name)
    cls = by_name[name]
    if not cls.variant.fields:
        require_no_fields(name, content)
        return cls()
    try:
        return cls(*_record_fields(cls.variant, content, options))
    except PlainError as error:
        raise error.inside(name) from None


def _is_account(value: Any) -> bool:
    """Return whether a value names an account rather than a variant of MultiAddress."""
    if isinstance(value, list | tuple):
        return len(value) == 32
    return isinstance(value, str | bytes | bytearray | Keypair)


@_read.register
def _(codec: OuterEnumCodec, value: Any, options: Options) -> Any:
    if hasattr(value, "pallet_index"):
        return value
    name, content = tagged('{"Pallet": …}', value)
    by_name = {variant.name: variant.codec for variant in codec.variants(options.runtime).values()}
    name = find_name("pallet", name, by_name)
    return _part(name, by_name[name], content, options)


# --- eras, calls and extrinsics --------------------------------------------------------------------------------


@_read.register
def _(codec: EraCodec, value: Any, options: Options) -> Era:
    if isinstance(value, Era):
        return value
    if value == "Immortal":
        return IMMORTAL
    period, phase = era_parts(value)
    era = Era(int(period), int(phase))
    if not era.is_encodable:
        raise expected("a period that is a power of two from 4 to 65536, and a phase in it", [period, phase])
    return era


@_read.register
def _(codec: RuntimeCallCodec, value: Any, options: Options) -> Call:
    if isinstance(value, Call):
        return _own_call(value, options.runtime)
    if isinstance(value, bytes | bytearray) or (isinstance(value, str) and value.startswith("0x")):
        return _decoded(codec, octets(value), options)
    if options.runtime is None:
        raise InternalError("expected the runtime for which a call is read")
    function, arguments = call_parts(options.runtime.by_index, value)
    try:
        return call_from_plain(function, arguments, options)
    except PlainError as error:
        raise error.inside(f"{function.pallet.name}.{function.name}") from None


@_read.register
def _(codec: UncheckedExtrinsicCodec, value: Any, options: Options) -> Extrinsic:
    if isinstance(value, Extrinsic):
        return value
    return _decoded(codec, octets(value), options)


def _own_call(call: Call, runtime: Runtime | None) -> Call:
    """Return a call unless it belongs to another runtime: its bytes would mean something else here."""
    try:
        if runtime is not None:
            runtime.require_own(call)
    except TypeError as error:
        raise PlainError(str(error)) from None
    return call


def _decoded(codec: Codec[T], data: bytes, options: Options) -> T:
    """Return the value that these bytes encode, all of them."""
    try:
        return codec.decode(data, options.runtime)
    except ScaleError as error:
        raise PlainError(str(error)) from None
