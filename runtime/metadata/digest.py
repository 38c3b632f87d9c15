"""The metadata digest of RFC 78: one hash that stands for everything a wallet has to know to show a transaction.

Only types that extrinsics are made of count. Each becomes a leaf (an enum: one leaf for each variant), the leaves
become a Merkle tree, and its root is hashed with the format of extrinsics and the facts of the chain. Hashes are
BLAKE3. Primitive and empty types are no leaves: references name them directly.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Annotated

from blake3 import blake3

from ..scale import Bytes32, Codec, Compact, Struct, Sum, encode_compact, u8, u16, u32
from . import registry, v15
from .registry import CompactDef, Composite, PortableType, Primitive, PrimitiveDef, TypeDef, Variants

#: What the chain's users see: 9 decimals of TAO, addresses with prefix 42.
DECIMALS, TOKEN_SYMBOL, SS58_PREFIX = 9, "TAO", 42

#: References: primitives by their number, then the compact forms of u8 to u256, then types without values or bytes.
COMPACT_U8, VOID, BY_ID = 15, 21, 22


class _RefCodec(Codec[int]):
    """A type as part of another one: below 22 the reference says all, 22 + n is the n-th type that has leaves."""

    name = "TypeRef"

    def encode(self, value: int) -> bytes:
        return bytes((value,)) if value < BY_ID else bytes((BY_ID,)) + encode_compact(value - BY_ID)


TypeRef = Annotated[int, _RefCodec()]


class Field(Struct):
    name: str | None
    type: TypeRef
    type_name: str | None


class Definition(Sum, path="TypeDef"):
    """How values of a leaf's type are encoded."""


class Record(Definition, index=0):
    fields: list[Field]


class Variant(Definition, index=1):
    name: str
    fields: list[Field]
    index: Compact[u32]


class Sequence(Definition, index=2):
    item: TypeRef


class Array(Definition, index=3):
    length: u32
    item: TypeRef


class Tuple(Definition, index=4):
    items: list[TypeRef]


class BitSequence(Definition, index=5):
    bytes_per_item: u8
    least_significant_first: bool


class Leaf(Struct):
    """A type, or a variant of one; `id` numbers the types that have leaves."""

    path: list[str]
    definition: Definition
    id: Compact[u32]


class Extension(Struct):
    identifier: str
    in_extrinsic: TypeRef
    in_signed_data: TypeRef


class Extrinsic(Struct):
    version: u8
    address: TypeRef
    call: TypeRef
    signature: TypeRef
    extensions: list[Extension]


class Digest(Struct):
    """What is hashed in the end; `version` stands for this layout."""

    version: u8
    tree_root: Bytes32
    extrinsic_hash: Bytes32
    spec_version: u32
    spec_name: str
    ss58_prefix: u16
    decimals: u8
    token_symbol: str


def metadata_digest(metadata: v15.MetadataV15, spec_version: int, spec_name: str) -> bytes:
    """The digest, 32 bytes, of a chain whose token has 9 decimals and is called TAO."""
    types = _Types(metadata)
    root = tree_root([blake3(Leaf.scale.encode(leaf)).digest() for leaf in types.leaves()])
    extrinsic = blake3(Extrinsic.scale.encode(types.extrinsic())).digest()
    digest = Digest(1, root, extrinsic, spec_version, spec_name, SS58_PREFIX, DECIMALS, TOKEN_SYMBOL)
    return blake3(Digest.scale.encode(digest)).digest()


def tree_root(leaves: list[bytes]) -> bytes:
    """The root over these hashes; 32 zero bytes over none.

    Nodes are paired from the right, and a new node becomes the leftmost: the tree is complete, and the leaves of its
    lowest level are the last ones.
    """
    nodes = deque(leaves)
    while len(nodes) > 1:
        right, left = nodes.pop(), nodes.pop()
        nodes.appendleft(blake3(left + right).digest())
    return nodes[0] if nodes else bytes(32)


class _Types:
    """The types that extrinsics are made of, and the numbers of those that have leaves."""

    def __init__(self, metadata: v15.MetadataV15) -> None:
        self.types, self.format = metadata.types, metadata.extrinsic
        seen: set[int] = set()
        for type_ in (self.format.call, self.format.address, self.format.signature):
            self._collect(type_, seen)
        for extension in self.format.extensions:
            self._collect(extension.type, seen)
            self._collect(extension.additional_signed, seen)
        self.numbers = {old: new for new, old in enumerate(t for t in sorted(seen) if not self._stands_alone(t))}

    def _collect(self, type_: int, seen: set[int]) -> None:
        if type_ not in seen:
            seen.add(type_)
            if not isinstance(self.types[type_].definition, CompactDef | registry.BitSequence):
                for part in parts(self.types[type_]):
                    self._collect(part, seen)

    def _stands_alone(self, type_: int) -> bool:
        """Whether a reference says all of the type: primitives, compacts, and what is empty."""
        definition = self.types[type_].definition
        if isinstance(definition, PrimitiveDef | CompactDef):
            return True
        if isinstance(definition, Variants):
            return not definition.variants
        if isinstance(definition, registry.BitSequence | registry.Array | registry.Sequence):
            return False
        return not parts(self.types[type_])

    def ref(self, type_: int) -> int:
        """How other types refer to this one."""
        definition = self.types[type_].definition
        if isinstance(definition, PrimitiveDef):
            return definition.primitive.value
        if not self._stands_alone(type_):
            return BY_ID + self.numbers[type_]
        if not isinstance(definition, CompactDef):
            return VOID
        inside = list(self._primitives(definition.item))
        assert len(inside) < 2, f"type {type_} is a compact of {len(inside)} numbers"
        return COMPACT_U8 + inside[0].value - Primitive.U8.value if inside else VOID

    def _primitives(self, type_: int) -> Iterator[Primitive]:
        """The primitive types of which a type, not a recursive one, is made."""
        definition = self.types[type_].definition
        if isinstance(definition, PrimitiveDef):
            yield definition.primitive
        for part in parts(self.types[type_]):
            yield from self._primitives(part)

    def leaves(self) -> Iterator[Leaf]:
        """All leaves, in the order of the tree."""
        for old, new in self.numbers.items():
            for definition in self._definitions(self.types[old].definition):
                yield Leaf(self.types[old].path, definition, new)

    def _definitions(self, definition: TypeDef) -> list[Definition]:
        if isinstance(definition, Variants):
            by_index = sorted(definition.variants, key=lambda variant: variant.index)
            return [Variant(v.name, self._fields(v.fields), v.index) for v in by_index]
        if isinstance(definition, Composite):
            return [Record(self._fields(definition.fields))]
        if isinstance(definition, registry.Sequence):
            return [Sequence(self.ref(definition.item))]
        if isinstance(definition, registry.Array):
            return [Array(definition.length, self.ref(definition.item))]
        if isinstance(definition, registry.Tuple):
            return [Tuple([self.ref(item) for item in definition.items])]
        assert isinstance(definition, registry.BitSequence)
        (store,) = self._primitives(definition.store)
        size = {Primitive.U8: 1, Primitive.U16: 2, Primitive.U32: 4, Primitive.U64: 8}[store]
        return [BitSequence(size, "Lsb0" in self.types[definition.order].path)]

    def _fields(self, fields: list[registry.Field]) -> list[Field]:
        return [Field(field.name, self.ref(field.type), field.type_name) for field in fields]

    def extrinsic(self) -> Extrinsic:
        """The format of extrinsics."""
        known = self.format
        extensions = [
            Extension(e.identifier, self.ref(e.type), self.ref(e.additional_signed)) for e in known.extensions
        ]
        address, call, signature = self.ref(known.address), self.ref(known.call), self.ref(known.signature)
        return Extrinsic(known.version, address, call, signature, extensions)


def parts(type_: PortableType) -> list[int]:
    """The types that a type is made of."""
    definition = type_.definition
    if isinstance(definition, Composite):
        return [field.type for field in definition.fields]
    if isinstance(definition, Variants):
        return [field.type for variant in definition.variants for field in variant.fields]
    if isinstance(definition, registry.Tuple):
        return definition.items
    if isinstance(definition, registry.Sequence | registry.Array | CompactDef):
        return [definition.item]
    return [definition.order, definition.store] if isinstance(definition, registry.BitSequence) else []
