"""The registry of types: each type that metadata refers to, once, with a number.

Types are numbered in the order of the first reference: a type before its parameters, its parameters before its parts.
A type has its number before its parts are visited, so types may be recursive.
"""

from __future__ import annotations

import enum

from ..scale import AnyCodec, Compact, Struct, Sum, scale_enum, u8, u32
from ..scale import describe as shapes
from ..scale.codec import ScopedCodec
from ..scale.describe import Description, FieldInfo

TypeId = Compact[u32]


@scale_enum("scale_info::TypeDefPrimitive")
class Primitive(enum.Enum):
    """Types without parts; the names are Rust's, in lower case."""

    Bool = 0
    Char = 1
    Str = 2
    U8 = 3
    U16 = 4
    U32 = 5
    U64 = 6
    U128 = 7
    U256 = 8
    I8 = 9
    I16 = 10
    I32 = 11
    I64 = 12
    I128 = 13
    I256 = 14


class Field(Struct):
    """A field of a record or of a variant. `type_name` is the source spelling of the type, by which clients convert."""

    name: str | None
    type: TypeId
    type_name: str | None
    docs: list[str]


class TypeVariant(Struct):
    """A variant of an enum and its index byte."""

    name: str
    fields: list[Field]
    index: u8
    docs: list[str]


class TypeDef(Sum, path="scale_info::TypeDef"):
    """The encoding of a type."""


class Composite(TypeDef, index=0):
    fields: list[Field]


class Variants(TypeDef, index=1):
    variants: list[TypeVariant]


class Sequence(TypeDef, index=2):
    item: TypeId


class Array(TypeDef, index=3):
    length: u32
    item: TypeId


class Tuple(TypeDef, index=4):
    items: list[TypeId]


class PrimitiveDef(TypeDef, index=5):
    primitive: Primitive


class CompactDef(TypeDef, index=6):
    item: TypeId


class BitSequence(TypeDef, index=7):
    """A bit vector. No type of this runtime is one; metadata of other runtimes is read with this type, too."""

    store: TypeId
    order: TypeId


class TypeParameter(Struct):
    """A generic parameter; `type` is None for an erased one."""

    name: str
    type: TypeId | None


class PortableType(Struct):
    """An entry of the registry."""

    id: TypeId
    path: list[str]
    params: list[TypeParameter]
    definition: TypeDef
    docs: list[str]


_PRIMITIVES = {primitive.name.lower(): PrimitiveDef(primitive) for primitive in Primitive}


def split_docs(docs: str) -> list[str]:
    """Return the lines of a documentation string, as in metadata."""
    return docs.split("\n") if docs else []


class Registry:
    """The types collected while metadata is built. Types with the same Rust name are the same type."""

    def __init__(self, scope: object) -> None:
        """Make an empty registry; `scope` is the runtime, which types such as "any call" depend on."""
        self.scope = scope
        self._types: list[PortableType | None] = []
        self._by_codec: dict[AnyCodec, int] = {}
        self._by_name: dict[str, int] = {}

    @property
    def types(self) -> list[PortableType]:
        """All types so far in the order of their numbers."""
        return [entry for entry in self._types if entry is not None]

    def id(self, codec: AnyCodec) -> int:
        """Return the number of a type; add a new type with all types that it is made of."""
        number = self._by_codec.get(codec)
        if number is None:
            name = codec.name
            number = self._by_name.get(name)
            if number is None:
                number = self._by_name[name] = len(self._types)
                self._types.append(None)
                self._types[number] = self._portable(number, self._describe(codec))
            self._by_codec[codec] = number
        return number

    def _describe(self, codec: AnyCodec) -> Description:
        return codec.describe_in(self.scope) if isinstance(codec, ScopedCodec) else codec.describe()

    def _portable(self, number: int, described: Description) -> PortableType:
        params = [TypeParameter(name, None if codec is None else self.id(codec)) for name, codec in described.params]
        path = described.path.split("::") if described.path else []
        return PortableType(number, path, params, self._definition(described.shape), split_docs(described.docs))

    def _definition(self, shape: shapes.Shape) -> TypeDef:
        if isinstance(shape, shapes.Composite):
            return Composite(self._fields(shape.fields))
        if isinstance(shape, shapes.Variant):
            return Variants(
                [TypeVariant(v.name, self._fields(v.fields), v.index, split_docs(v.docs)) for v in shape.variants]
            )
        if isinstance(shape, shapes.Primitive):
            return _PRIMITIVES[shape.name]
        if isinstance(shape, shapes.TupleOf):
            return Tuple([self.id(item) for item in shape.items])
        if isinstance(shape, shapes.ArrayOf):
            return Array(shape.length, self.id(shape.item))
        if isinstance(shape, shapes.SequenceOf):
            return Sequence(self.id(shape.item))
        return CompactDef(self.id(shape.item))

    def _fields(self, fields: tuple[FieldInfo, ...]) -> list[Field]:
        return [Field(field.name, self.id(field.codec), field.type_name, []) for field in fields]
