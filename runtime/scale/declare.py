"""Declaring records and enums: annotations on a class are its encoding, its decoding and its metadata.

    class AccountData(Struct, path="pallet_balances::types::AccountData", params=[("Balance", u64)]):
        free: u64 = 0
        reserved: u64 = 0

    class Phase(Sum, path="frame_system::Phase"): ...
    class ApplyExtrinsic(Phase, index=0, positional=True):
        extrinsic_index: u32
    class Finalization(Phase, index=1): ...

Values are ordinary dataclasses. They count as frozen for type checkers, which costs nothing at run time:
never change one in place, make a changed copy with `dataclasses.replace`.
"""

from __future__ import annotations

import dataclasses
import enum
import inspect
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import cache, cached_property
from typing import Any, ClassVar, TypeVar, dataclass_transform

from .codec import AnyCodec, Codec, Flat, compile_flat, type_error
from .describe import Composite, Description, FieldInfo, Variant, VariantInfo
from .reader import Reader, ScaleError

Params = Sequence[tuple[str, Any]]
E = TypeVar("E", bound=enum.Enum)


@dataclass_transform(frozen_default=True)
class Struct:
    """A record: its fields one after the other. `positional` marks Rust's tuple structs (no field names)."""

    scale: ClassVar[RecordCodec]

    def __init_subclass__(cls, path: str = "", params: Params = (), positional: bool = False) -> None:
        make_dataclass(cls)
        cls.scale = RecordCodec(cls, path, params, positional)


@dataclass_transform(frozen_default=True)
class Sum:
    """An enum with data: the direct subclass is the type, its subclasses are the variants.

    Metadata shows the variants in the order of their declarations, which is the source's, not in that of their indices.
    `name` is the variant's name on the chain where it differs from the class's.
    """

    scale: ClassVar[SumCodec]
    variant: ClassVar[RecordCodec]
    #: Whether the fields of variants have no names on the chain, unless a variant says otherwise.
    positional: ClassVar[bool]

    def __init_subclass__(
        cls,
        path: str = "",
        params: Params = (),
        index: int | None = None,
        name: str | None = None,
        positional: bool | None = None,
    ) -> None:
        if index is None:
            cls.scale = SumCodec(path, params, cls.__doc__)
            cls.positional = bool(positional)
            return
        make_dataclass(cls)
        nameless = cls.positional if positional is None else positional
        cls.variant = RecordCodec(cls, "", cls.scale.declared_params, nameless)
        cls.scale.add(index, name or cls.__name__, cls)


def make_dataclass(cls: type) -> None:
    """Turn a class into a dataclass in place; only a docstring that somebody wrote stays."""
    docs = cls.__dict__.get("__doc__")
    dataclasses.dataclass(unsafe_hash=True)(cls)
    cls.__doc__ = docs


def clean_docs(docs: str | None) -> str:
    """A docstring as metadata shows it: without indentation, paragraphs kept."""
    return "\n".join(line.strip() for line in (docs or "").strip().splitlines())


def field_types(cls: type) -> dict[str, Any]:
    """The types of a dataclass's fields, in order; as `typing.get_type_hints`, at a fifth of its cost."""
    homes = {name: base for base in reversed(cls.__mro__) for name in inspect.get_annotations(base)}
    written: dict[str, Any] = {field.name: field.type for field in dataclasses.fields(cls)}
    return {name: evaluated(t, homes[name].__module__) if isinstance(t, str) else t for name, t in written.items()}


@cache
def evaluated(annotation: str, module: str) -> Any:
    """What an annotation means in the module where it stands."""
    return eval(annotation, vars(sys.modules[module]))  # text of our own source files


class RecordCodec(Codec[Any]):
    """The codec of a Struct or of one variant. Fields are resolved at first use: types may be recursive.

    `types` are the fields' types where the class is any dataclass whose annotations know nothing of SCALE.
    """

    def __init__(
        self, cls: type, path: str, params: Params, positional: bool, types: dict[str, Any] | None = None
    ) -> None:
        self.cls, self.path, self.declared_params, self.positional = cls, path, params, positional
        self.declared_types = types
        self.docs = clean_docs(cls.__doc__)
        self._fields: tuple[FieldInfo, ...] | None = None
        self._compiled = False

    @property
    def fields(self) -> tuple[FieldInfo, ...]:
        """Names as on the chain (a trailing underscore avoids a Python keyword) and types, in order."""
        if self._fields is None:
            from .source_names import field_of

            types = self.declared_types or field_types(self.cls)
            self.attributes = list(types)
            self._fields = tuple(field_of(name, type_, self.declared_params) for name, type_ in types.items())
        return self._fields

    def compiled(self) -> RecordCodec:
        """This codec, its encoder and reader made; describing a type does without them."""
        if not self._compiled:
            self._compiled = True
            self._compile()
        return self

    @property
    def params(self) -> list[tuple[str, AnyCodec | None]]:
        from .resolve import codec_of

        return [(name, None if type_ is None else codec_of(type_)) for name, type_ in self.declared_params]

    @property
    def name(self) -> str:  # type: ignore[override]  # known only when the parameters are
        return generic_name(self.path, self.params)

    @property
    def min_size(self) -> int:  # type: ignore[override]
        return sum(field.codec.min_size for field in self.fields)

    @cached_property
    def immutable(self) -> bool:  # type: ignore[override]
        return all(field.codec.immutable for field in self.fields)

    def encode(self, value: Any) -> bytes:
        encoded: bytes = self.compiled().encode(value)  # compiling replaces this method by a faster one
        return encoded

    def read(self, reader: Reader) -> Any:
        read: Callable[[Reader], Any] = self.compiled().read  # as above
        return read(reader)

    def flat(self) -> Flat | None:
        flats = [field.codec.flat() for field in self.fields]
        if not flats or any(flat is None for flat in flats):
            return None
        parts = [(a, flat) for a, flat in zip(self.attributes, flats, strict=True) if flat]
        return Flat(
            "".join(flat.format for _, flat in parts),
            lambda x: [expr for a, flat in parts for expr in flat.pack(f"{x}.{a}")],
            lambda names: self._build(names, parts),
        )

    def _build(self, names: Iterable[str], parts: list[tuple[str, Flat]]) -> str:
        stream = iter(names)
        return f"C{id(self.cls)}({', '.join(flat.build(stream) for _, flat in parts)})"

    def classes(self) -> dict[str, type]:
        """The classes that `flat` refers to, by the names that it uses for them."""
        found = {f"C{id(self.cls)}": self.cls}
        for field in self.fields:
            if isinstance(field.codec, RecordCodec):
                found |= field.codec.classes()
        return found

    def _compile(self) -> None:
        """Replace `encode` and `read` by functions made for this record; errors are explained by the slow way."""
        compiled = compile_flat(self, self.classes(), self._encode_fields)
        encode, unpack, size = compiled or (*self._generate(), 0)

        def read_flat(reader: Reader) -> Any:
            at = reader.at
            if at + size > reader.end:
                raise ScaleError(f"expected {size} more bytes, {reader.end - at} are left", at)
            reader.at = at + size
            return unpack(reader.data, at)

        def read_fields(reader: Reader) -> Any:
            at, depth = reader.at, reader.depth
            try:
                return unpack(reader, at)
            except ScaleError:
                reader.at, reader.depth = at, depth
                return self._read_fields(reader)

        self.encode = encode  # type: ignore[method-assign,assignment]
        self.read = read_flat if compiled else read_fields  # type: ignore[method-assign]

    def _generate(self) -> tuple[Callable[[Any], bytes], Callable[[Any, int], Any]]:
        """Encoder and reader that go through the fields without a loop."""
        codecs = [field.codec.compiled() for field in self.fields]
        scope: dict[str, Any] = {"cls": self.cls, "explain": self._encode_fields}
        for i, codec in enumerate(codecs):
            scope[f"e{i}"], scope[f"r{i}"] = codec.encode, codec.read
        parts = [f"e{i}(value.{name})" for i, name in enumerate(self.attributes)]
        reads = [f"r{i}(reader)" for i in range(len(codecs))]
        source = (
            f"def encode(value):\n"
            f"    try: return {' + '.join(parts) or repr(b'')}\n"
            f"    except Exception: return explain(value)\n"
            f"def read(reader, at): return cls({', '.join(reads)})\n"
        )
        exec(source, scope)  # the text is made from declared field names alone
        return scope["encode"], scope["read"]

    def _encode_fields(self, value: Any) -> bytes:
        if not isinstance(value, self.cls):
            raise type_error(self.cls.__name__, value)
        parts = []
        for attribute, field in zip(self.attributes, self.fields, strict=True):
            try:
                parts.append(field.codec.encode(getattr(value, attribute)))
            except ScaleError as error:
                raise error.inside(attribute) from None
        return b"".join(parts)

    def _read_fields(self, reader: Reader) -> Any:
        values: list[Any] = []
        try:
            for field in self.fields:
                values.append(field.codec.read(reader))
        except ScaleError as error:
            raise error.inside(self.attributes[len(values)]) from None
        return self.cls(*values)

    def shown_fields(self) -> tuple[FieldInfo, ...]:
        """The fields as metadata shows them: nameless when positional."""
        return tuple(FieldInfo(None, f.codec, f.type_name) for f in self.fields) if self.positional else self.fields

    def describe(self) -> Description:
        return Description(Composite(self.shown_fields()), self.path, self.params, self.docs)


class SumCodec(Codec[Any]):
    """The codec of a Sum: an index byte, then the variant's fields."""

    def __init__(self, path: str, params: Params = (), docs: str | None = None) -> None:
        self.path, self.declared_params = path, params
        self.docs = clean_docs(docs)
        self.by_index: dict[int, type[Sum]] = {}
        self.names: dict[int, str] = {}
        self.prefixes: dict[type, bytes] = {}

    def add(self, index: int, name: str, cls: type[Sum]) -> None:
        if index in self.by_index or name in self.names.values():
            raise TypeError(f"{self.path}: variant {index} ({name}) is declared twice")
        self.by_index[index], self.names[index] = cls, name
        self.prefixes[cls] = bytes((index,))

    @property
    def params(self) -> list[tuple[str, AnyCodec | None]]:
        from .resolve import codec_of

        return [(name, None if type_ is None else codec_of(type_)) for name, type_ in self.declared_params]

    @property
    def name(self) -> str:  # type: ignore[override]  # known only when the parameters are
        return generic_name(self.path, self.params)

    @cached_property
    def immutable(self) -> bool:  # type: ignore[override]
        return all(cls.variant.immutable for cls in self.by_index.values())

    def encode(self, value: Any) -> bytes:
        prefix = self.prefixes.get(type(value))
        if prefix is None:
            raise type_error(f"a variant of {self.path}", value)
        fields: bytes = type(value).variant.encode(value)
        return prefix + fields

    def read(self, reader: Reader) -> Any:
        at = reader.at
        index = reader.data[at] if at < reader.end else reader.byte()
        cls = self.by_index.get(index)
        if cls is None:
            raise ScaleError(f"{self.path} has no variant {index}", at)
        reader.at = at + 1
        try:
            return cls.variant.read(reader)
        except ScaleError as error:
            raise error.inside(self.names[index]) from None

    def describe(self) -> Description:
        variants = [
            VariantInfo(self.names[index], index, cls.variant.shown_fields(), clean_docs(cls.__doc__))
            for index, cls in self.by_index.items()
        ]
        return Description(Variant(tuple(variants)), self.path, self.params, self.docs)


class EnumCodec(Codec[Any]):
    """The codec of a Python enum whose values are variant indices: one byte."""

    def __init__(self, cls: type[enum.Enum], path: str) -> None:
        self.cls, self.path, self.name = cls, path, path
        self.by_index = {member.value: member for member in cls}

    def encode(self, value: Any) -> bytes:
        if not isinstance(value, self.cls):
            raise type_error(f"a member of {self.cls.__name__}", value)
        return bytes((value.value,))

    def read(self, reader: Reader) -> Any:
        index = reader.byte()
        if index not in self.by_index:
            raise ScaleError(f"{self.path} has no variant {index}", reader.at - 1)
        return self.by_index[index]

    def describe(self) -> Description:
        variants = tuple(VariantInfo(member.name, member.value) for member in self.cls)
        return Description(Variant(variants), self.path)


ENUMS: dict[type[enum.Enum], EnumCodec] = {}


def scale_enum(path: str) -> Callable[[type[E]], type[E]]:
    """Give a Python enum its place among SCALE types; member values are the variant indices."""

    def declare(cls: type[E]) -> type[E]:
        ENUMS[cls] = EnumCodec(cls, path)
        return cls

    return declare


RECORDS: dict[type, RecordCodec] = {}


def scale_record(cls: type, path: str, **types: Any) -> None:
    """Give a dataclass from elsewhere its place among SCALE types; `types` are those of its fields, by name."""
    RECORDS[cls] = RecordCodec(cls, path, (), False, types)


def generic_name(path: str, params: Iterable[tuple[str, AnyCodec | None]]) -> str:
    """`path<A, B>`, with the parameters that are not erased."""
    shown = [codec.name for _, codec in params if codec]
    return f"{path}<{', '.join(shown)}>" if shown else path
