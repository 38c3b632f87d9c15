"""Arguments of the commands that are derived from the runtime: how types are read from text and shown in help."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import click
from click.shell_completion import CompletionItem

from ..genesis.accounts import ACCOUNTS
from ..runtime.client.errors import PlainError
from ..runtime.client.from_plain import from_plain
from ..runtime.client.text import is_address, short_name
from ..runtime.composition import spec_425
from ..runtime.frame.block_types import UncheckedExtrinsicCodec
from ..runtime.frame.call import RuntimeCallCodec
from ..runtime.frame.extrinsic import MultiAddress
from ..runtime.frame.runtime import Runtime
from ..runtime.scale import AnyCodec
from ..runtime.scale.arrays import NumericVec
from ..runtime.scale.codec import Bool, Bytes, Compact, FixedBytes, Integer, Text
from ..runtime.scale.containers import Array, Bounded, BTreeSet, Newtype, Option, Vec
from ..runtime.scale.declare import EnumCodec, RecordCodec, SumCodec
from .options import ParamType

#: Integers of at least this many bytes may be amounts; smaller types hold none.
AMOUNT_BYTES = 8
#: Text that begins with one of these is JSON, for types without another form.
JSON_STARTS = ("{", "[", '"')

#: Placeholders of values in help, by type; `metavar` derives those of other types.
METAVARS: dict[type[AnyCodec], str] = {
    Bool: "[true|false]",
    Text: "TEXT",
    Bytes: "BYTES",
    FixedBytes: "BYTES",
    RuntimeCallCodec: "CALL",
    UncheckedExtrinsicCodec: "BYTES",
}


@cache
def runtime() -> Runtime:
    """Return the runtime from whose declarations the commands are derived."""
    return spec_425()


def kebab(name: str) -> str:
    """Return a name of the chain in kebab case: `EVMChainId` is `evm-chain-id`."""
    letters = []
    for index, letter in enumerate(name):
        before, after = name[index - 1 : index], name[index + 1 : index + 2]
        if letter.isupper() and before and before != "_" and (not before.isupper() or after.islower()):
            letters.append("-")
        letters.append("-" if letter == "_" else letter.lower())
    return "".join(letters)


def core(codec: AnyCodec) -> AnyCodec:
    """Return the codec inside bounds, options and named wrappers of other types."""
    while isinstance(codec, Bounded | Newtype | Option) and not is_address(codec):
        codec = codec.item if isinstance(codec, Option) else codec.inner
    return codec


class PlainType(ParamType):
    """Text on the command line as a value of a SCALE type."""

    def __init__(self, codec: AnyCodec) -> None:
        self.codec = codec
        self.name = metavar(codec).lower()

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        return metavar(self.codec)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return from_plain(self.codec, plain_of_text(self.codec, value), runtime(), amounts=True)
        except PlainError as error:
            self.fail(str(error), param, ctx)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return [CompletionItem(choice) for choice in choices(self.codec) if choice.startswith(incomplete)]


def metavar(codec: AnyCodec) -> str:
    """Return the placeholder of a value in help."""
    inner = core(codec)
    if is_address(inner) or inner is MultiAddress.scale:
        return "ADDRESS"
    if isinstance(inner, EnumCodec):
        return f"[{'|'.join(inner.cls.__members__)}]"
    if isinstance(inner, Integer | Compact):
        size = inner.item.size if isinstance(inner, Compact) else inner.size
        return "AMOUNT" if size >= AMOUNT_BYTES else "INTEGER"
    if isinstance(inner, Vec | Array | BTreeSet | NumericVec):
        return f"{metavar(inner.item)},…"
    return METAVARS.get(type(inner), "JSON")


def type_help(codec: AnyCodec) -> str:
    """Return a type's name and, if its values are written as JSON, their form."""
    inner = core(codec)
    if metavar(codec) != "JSON":
        return short_name(codec)
    if isinstance(inner, RecordCodec):
        return f"{short_name(codec)}: {record_form(inner)}"
    if isinstance(inner, SumCodec):
        return f"{short_name(codec)}: {' or '.join(variant_form(inner, index) for index in inner.names) or 'no value'}"
    return short_name(codec)


def record_form(codec: RecordCodec) -> str:
    """Return how a record is written."""
    if codec.positional and len(codec.fields) == 1:
        return metavar(codec.fields[0].codec)
    if codec.positional:
        return f"[{', '.join(metavar(field.codec) for field in codec.fields)}]"
    return "{" + ", ".join(f'"{field.name}": {metavar(field.codec)}' for field in codec.fields) + "}"


def variant_form(codec: SumCodec, index: int) -> str:
    """Return how a variant is written."""
    record, name = codec.by_index[index].variant, codec.names[index]
    return f'{{"{name}": {record_form(record)}}}' if record.fields else name


def choices(codec: AnyCodec) -> list[str]:
    """Return the values that a shell may suggest."""
    inner = core(codec)
    if is_address(inner) or inner is MultiAddress.scale:
        return [f"//{name}" for name in ACCOUNTS]
    if isinstance(inner, EnumCodec):
        return list(inner.cls.__members__)
    return ["true", "false"] if isinstance(inner, Bool) else []


def plain_of_text(codec: AnyCodec, text: str) -> Any:
    """Return the plain value of a text: the text itself, a list separated by commas, none, or parsed JSON."""
    if isinstance(codec, Option) and text.lower() in ("none", "null"):
        return None
    inner = core(codec)
    if isinstance(inner, Vec | Array | BTreeSet | NumericVec) and not text.startswith("["):
        return [plain_of_text(inner.item, part.strip()) for part in text.split(",")] if text else []
    as_text = (Bytes, FixedBytes, Text, Integer, Compact, Bool)
    if isinstance(inner, as_text) or not text.startswith(JSON_STARTS):
        return text
    try:
        return json.loads(text)
    except ValueError as error:
        raise PlainError(f"expected JSON: {error}") from None
