"""Descriptions of types for metadata: path, generic parameters and shape of the encoding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .codec import AnyCodec


@dataclass(frozen=True)
class FieldInfo:
    """A field: name (None in tuple-like types), type, and source spelling of the type.

    The fields of Rust's own types (`Option`, `BTreeMap`, …) have no spelling.
    """

    name: str | None
    codec: AnyCodec
    type_name: str | None = None


@dataclass(frozen=True)
class VariantInfo:
    """A variant of an enum and its index byte."""

    name: str
    index: int
    fields: tuple[FieldInfo, ...] = ()
    docs: str = ""


@dataclass(frozen=True)
class Composite:
    """A record: its fields."""

    fields: tuple[FieldInfo, ...]


@dataclass(frozen=True)
class Variant:
    """An enum: its variants."""

    variants: tuple[VariantInfo, ...]


@dataclass(frozen=True)
class SequenceOf:
    """A list of any length."""

    item: AnyCodec


@dataclass(frozen=True)
class ArrayOf:
    """A list of a fixed length."""

    item: AnyCodec
    length: int


@dataclass(frozen=True)
class TupleOf:
    """A tuple: the types of its items."""

    items: tuple[AnyCodec, ...]


@dataclass(frozen=True)
class Primitive:
    """A type that metadata knows by its name alone."""

    name: str


@dataclass(frozen=True)
class CompactOf:
    """An integer in its compact encoding."""

    item: AnyCodec


Shape = Composite | Variant | SequenceOf | ArrayOf | TupleOf | Primitive | CompactOf


@dataclass(frozen=True)
class Description:
    """The description of a type. `params` are Rust's generic parameters; None marks an erased one."""

    shape: Shape
    path: str = ""
    params: Sequence[tuple[str, AnyCodec | None]] = ()
    docs: str = ""
