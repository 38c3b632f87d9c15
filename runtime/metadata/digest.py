"""The metadata digest of RFC 78: a hash of all that a wallet needs to decode and show a transaction.

It covers the types that extrinsics are made of. Each type is a leaf of a Merkle tree (an enum: one leaf for each
variant). The root is hashed together with the format of extrinsics and the chain's name, version, token and address
prefix. Hashes are BLAKE3. Primitive and empty types have no leaf: references name them directly.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Annotated

from blake3 import blake3

from ...consensus.internal import InternalError
from ..scale import Bytes32, Codec, Compact, Struct, Sum, encode_compact, u8, u16, u32
from . import registry, v15
from .registry import CompactDef, Composite, PortableType, Primitive, PrimitiveDef, TypeDef, Variants

#: Decimals and symbol of the token, and the prefix of addresses.
DECIMALS, TOKEN_SYMBOL, SS58_PREFIX = 9, "TAO", 42

#: References: 0 to 14 a primitive, from 15 the compact forms of u8 to u256, then empty types, then types with leaves.
COMPACT_U8, VOID, BY_ID = 15, 21, 22


class _RefCodec(Codec[int]):
    """A reference to a type: below 22 a primitive, compact or empty type, 22 + n the n-th type with leaves."""

    name = "TypeRef"

    def encode(self, value: int) -> bytes:
        return bytes((value,)) if value < BY_ID else bytes((BY_ID,)) + encode_compact(value - BY_ID)


TypeRef = Annotated[int, _RefCodec()]


class Field(Struct):
    name: str | None
    type: TypeRef
    type_name: str | None


class Definition(Sum, path="TypeDef"):
    """The encoding of a leaf's type."""


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
    """A type, or a variant of an enum; `id` is the number of the type among those with leaves."""

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
    """The input of the final hash; `version` is that of this layout."""

    version: u8
    tree_root: Bytes32
    extrinsic_hash: Bytes32
    spec_version: u32
    spec_name: str
    ss58_prefix: u16
    decimals: u8
    token_symbol: str


def metadata_digest(metadata: v15.MetadataV15, spec_version: int, spec_name: str) -> bytes:
    """Return the digest, 32 bytes, of a chain whose token is TAO with 9 decimals."""
    types = _Types(metadata)
    root = tree_root([blake3(Leaf.scale.encode(leaf)).digest() for leaf in types.leaves()])
    extrinsic = blake3(Extrinsic.scale.encode(types.extrinsic())).digest()
    digest = Digest(1, root, extrinsic, spec_version, spec_name, SS58_PREFIX, DECIMALS, TOKEN_SYMBOL)
    return blake3(Digest.scale.encode(digest)).digest()


def tree_root(leaves: list[bytes]) -> bytes:
    """Return the Merkle root of hashes, 32 zero bytes for none.

    Nodes are paired from the right and a new node becomes the leftmost, so the tree is complete and its lowest level
    has the last leaves.
    """
    nodes = deque(leaves)
    while len(nodes) > 1:
        right, left = nodes.pop(), nodes.pop()
        nodes.appendleft(blake3(left + right).digest())
    return nodes[0] if nodes else bytes(32)


class _Types:
    """The types that extrinsics are made of, and the numbers of those with leaves."""

    def __init__(self, metadata: v15.MetadataV15) -> None:
        self.types, self.format = metadata.types, metadata.extrinsic
        seen: set[int] = set()
        for type_ in (self.format.call, self.format.address, self.format.signature):
            self._collect(type_, seen)
        for extension in self.format.extensions:
            self._collect(extension.type, seen)
            self._collect(extension.additional_signed, seen)
        self.numbers = {old: new for new, old in enumerate(t for t in sorted(seen) if self._has_leaves(t))}

    def _collect(self, type_: int, seen: set[int]) -> None:
        if type_ not in seen:
            seen.add(type_)
            if not isinstance(self.types[type_].definition, CompactDef | registry.BitSequence):
                for part in component_types(self.types[type_]):
                    self._collect(part, seen)

    def _has_leaves(self, type_: int) -> bool:
        """Return whether a type has leaves: it is not primitive, compact or empty."""
        definition = self.types[type_].definition
        if isinstance(definition, PrimitiveDef | CompactDef):
            return False
        if isinstance(definition, Variants):
            return bool(definition.variants)
        if isinstance(definition, registry.BitSequence | registry.Array | registry.Sequence):
            return True
        return bool(component_types(self.types[type_]))

    def ref(self, type_: int) -> int:
        """Return the reference to a type (see `TypeRef`)."""
        definition = self.types[type_].definition
        if isinstance(definition, PrimitiveDef):
            return definition.primitive.value
        if self._has_leaves(type_):
            return BY_ID + self.numbers[type_]
        if not isinstance(definition, CompactDef):
            return VOID
        numbers = list(self._primitives(definition.item))
        if len(numbers) > 1:
            raise InternalError(f"expected a compact of one number, got {len(numbers)} in type {type_}")
        return COMPACT_U8 + numbers[0].value - Primitive.U8.value if numbers else VOID

    def _primitives(self, type_: int) -> Iterator[Primitive]:
        """Return the primitive types that a type is made of; it must not be recursive."""
        definition = self.types[type_].definition
        if isinstance(definition, PrimitiveDef):
            yield definition.primitive
        for part in component_types(self.types[type_]):
            yield from self._primitives(part)

    def leaves(self) -> Iterator[Leaf]:
        """Return all leaves in the order of the tree: by type, the variants of an enum by index."""
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
        if not isinstance(definition, registry.BitSequence):
            raise InternalError(f"expected a bit sequence, got {definition}")
        (store,) = self._primitives(definition.store)
        size = {Primitive.U8: 1, Primitive.U16: 2, Primitive.U32: 4, Primitive.U64: 8}[store]
        return [BitSequence(size, "Lsb0" in self.types[definition.order].path)]

    def _fields(self, fields: list[registry.Field]) -> list[Field]:
        return [Field(field.name, self.ref(field.type), field.type_name) for field in fields]

    def extrinsic(self) -> Extrinsic:
        """Return the format of extrinsics."""
        source = self.format
        extensions = [
            Extension(e.identifier, self.ref(e.type), self.ref(e.additional_signed)) for e in source.extensions
        ]
        address, call, signature = self.ref(source.address), self.ref(source.call), self.ref(source.signature)
        return Extrinsic(source.version, address, call, signature, extensions)


def component_types(type_: PortableType) -> list[int]:
    """Return the numbers of the types that a type is made of."""
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
