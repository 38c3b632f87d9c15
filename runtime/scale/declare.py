"""Declarations of records and enums: codec and metadata of a class are derived from its annotations.

    class AccountData(Struct, path="pallet_balances::types::AccountData", params=[("Balance", u64)]):
        free: u64 = 0
        reserved: u64 = 0

    class Phase(Sum, path="frame_system::Phase", positional=True): ...
    class ApplyExtrinsic(Phase, index=0):
        extrinsic_index: u32
    class Finalization(Phase, index=1): ...

Values are ordinary dataclasses, made at first use (`later_dataclass`). Type checkers treat them as frozen, which costs
nothing at run time: do not change a value in place, make a changed copy with `dataclasses.replace`.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any, ClassVar, TypeVar, dataclass_transform

from .codec import Codec, Flat, type_error
from .compile import compile_fields, compile_flat
from .describe import Composite, Description, FieldInfo, Variant, VariantInfo
from .later_dataclass import LaterDataclass, make_later
from .reader import Reader, ScaleError
from .resolve import DeclaredCodec, Params, field_types, register_codec
from .source_names import field_of

E = TypeVar("E", bound=enum.Enum)


@dataclass_transform(frozen_default=True)
class Struct(LaterDataclass):
    """A record: the encodings of its fields one after the other. `positional` marks Rust's tuple structs."""

    scale: ClassVar[RecordCodec]

    def __init_subclass__(cls, path: str = "", params: Params = (), positional: bool = False) -> None:
        make_later(cls)
        cls.scale = RecordCodec(cls, path, params, positional)


@dataclass_transform(frozen_default=True)
class Sum(LaterDataclass):
    """An enum with data: a direct subclass is the type, its subclasses are the variants.

    Metadata has the variants in the order of their declarations, as the source, not in the order of their indices.
    `name` is a variant's name on the chain where it differs from the name of the class.
    """

    scale: ClassVar[SumCodec]
    variant: ClassVar[RecordCodec]
    #: Whether the fields of variants have no names on the chain; a variant may override it.
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
        make_later(cls)
        nameless = cls.positional if positional is None else positional
        cls.variant = RecordCodec(cls, "", cls.scale.declared_params, nameless)
        cls.scale.add(index, name or cls.__name__, cls)


def clean_docs(docs: str | None) -> str:
    """Return a docstring as in metadata: without indentation, paragraphs kept."""
    return "\n".join(line.strip() for line in (docs or "").strip().splitlines())


class RecordCodec(DeclaredCodec[Any]):
    """The codec of a Struct or of one variant. Fields are resolved at first use, because types may be recursive.

    `types` are the types of the fields for a dataclass whose annotations are not SCALE types (`scale_record`).
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
        """The fields in order, named as on the chain (without the underscore that avoids a Python keyword)."""
        if self._fields is None:
            types = self.declared_types or field_types(self.cls)
            self.attributes = list(types)
            self._fields = tuple(field_of(name, type_, self.declared_params) for name, type_ in types.items())
        return self._fields

    def compiled(self) -> RecordCodec:
        """Return this codec with compiled encoder and reader, which describing a type does not need."""
        if not self._compiled:
            self._compiled = True
            self._compile()
        return self

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
        """Return the classes in the expressions of `flat`, by their names there."""
        classes = {f"C{id(self.cls)}": self.cls}
        for field in self.fields:
            if isinstance(field.codec, RecordCodec):
                classes |= field.codec.classes()
        return classes

    def _compile(self) -> None:
        """Replace `encode` and `read` by compiled functions; on failure the slow ones raise an error with the field."""
        compiled = compile_flat(self, self.classes(), self._encode_fields)
        if compiled:
            encode, unpack, size = compiled
        else:
            codecs = [field.codec.compiled() for field in self.fields]
            encode, unpack = compile_fields(self.cls, self.attributes, codecs, self._encode_fields)
            size = 0

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

    def described_fields(self) -> tuple[FieldInfo, ...]:
        """Return the fields as in metadata: without names when positional."""
        return tuple(FieldInfo(None, f.codec, f.type_name) for f in self.fields) if self.positional else self.fields

    def describe(self) -> Description:
        return Description(Composite(self.described_fields()), self.path, self.params, self.docs)


class SumCodec(DeclaredCodec[Any]):
    """The codec of a Sum: an index byte, then the variant's fields."""

    def __init__(self, path: str, params: Params = (), docs: str | None = None) -> None:
        self.path, self.declared_params = path, params
        self.docs = clean_docs(docs)
        self.by_index: dict[int, type[Sum]] = {}
        self.names: dict[int, str] = {}
        self.prefixes: dict[type, bytes] = {}

    def add(self, index: int, name: str, cls: type[Sum]) -> None:
        """Add a variant; raise TypeError when its index or name is taken."""
        if index in self.by_index or name in self.names.values():
            raise TypeError(f"{self.path}: variant {index} ({name}) is declared twice")
        self.by_index[index], self.names[index] = cls, name
        self.prefixes[cls] = bytes((index,))

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
            VariantInfo(self.names[index], index, cls.variant.described_fields(), clean_docs(cls.__doc__))
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


def scale_enum(path: str) -> Callable[[type[E]], type[E]]:
    """Make a Python enum a SCALE type with this path; the values of its members are the variant indices."""

    def declare(cls: type[E]) -> type[E]:
        register_codec(cls, EnumCodec(cls, path))
        return cls

    return declare


def scale_record(cls: type, path: str, **types: Any) -> None:
    """Make a dataclass a SCALE type with this path; `types` are the SCALE types of its fields by name."""
    register_codec(cls, RecordCodec(cls, path, (), False, types))
