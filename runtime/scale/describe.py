"""What a type says of itself for metadata: its path, its parameters and the shape of its encoding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .codec import AnyCodec


@dataclass(frozen=True)
class FieldInfo:
    """One field: its name (None in tuple-like types), its type, and the source's spelling of the type.

    The fields of Rust's own types (`Option`, `BTreeMap`, …) have no spelling.
    """

    name: str | None
    codec: AnyCodec
    type_name: str | None = None


@dataclass(frozen=True)
class VariantInfo:
    """One variant of an enum and the index byte that stands for it."""

    name: str
    index: int
    fields: tuple[FieldInfo, ...] = ()
    docs: str = ""


@dataclass(frozen=True)
class Composite:
    fields: tuple[FieldInfo, ...]


@dataclass(frozen=True)
class Variant:
    variants: tuple[VariantInfo, ...]


@dataclass(frozen=True)
class SequenceOf:
    item: AnyCodec


@dataclass(frozen=True)
class ArrayOf:
    item: AnyCodec
    length: int


@dataclass(frozen=True)
class TupleOf:
    items: tuple[AnyCodec, ...]


@dataclass(frozen=True)
class Primitive:
    name: str


@dataclass(frozen=True)
class CompactOf:
    item: AnyCodec


Shape = Composite | Variant | SequenceOf | ArrayOf | TupleOf | Primitive | CompactOf


@dataclass(frozen=True)
class Description:
    """A type as metadata shows it. `params` are Rust's generic parameters; None marks an erased one."""

    shape: Shape
    path: str = ""
    params: Sequence[tuple[str, AnyCodec | None]] = ()
    docs: str = field(default="", compare=False)
