"""The storage layout of a chain, from its metadata (V14), and what two layouts differ in.

Types are compared by what their encodings consist of: names of types, fields and variants do not count.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..scale import ScaleError
from . import MAGIC
from .parts import Hasher, Map, Modifier, StorageEntry
from .registry import Array, BitSequence, CompactDef, Composite, PrimitiveDef, Sequence, Tuple, TypeDef, Variants
from .v14 import MetadataV14

#: Metadata of other versions begins with another byte.
V14 = MAGIC + b"\x0e"


@dataclass(frozen=True, slots=True)
class Layout:
    """Storage items and constants by "Pallet.Name"."""

    types: dict[int, TypeDef]
    items: dict[str, StorageEntry]
    #: Encoded values.
    constants: dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Differences:
    """How the layout of another chain differs from one's own, item by item."""

    #: Items that the other chain does not have: they have their defaults.
    absent: tuple[str, ...]
    #: Items that only the other chain has: they are never read or changed.
    unknown: tuple[str, ...]
    #: Items whose keys or values would be misread -> in what they differ.
    misread: dict[str, str]


def layout_of(metadata: MetadataV14) -> Layout:
    """Return the layout in decoded metadata. Keys are built from a pallet's storage prefix, which names it here."""
    items, constants = {}, {}
    for pallet in metadata.pallets:
        if pallet.storage is not None:
            items.update({f"{pallet.storage.prefix}.{entry.name}": entry for entry in pallet.storage.entries})
        constants.update({f"{pallet.name}.{constant.name}": constant.value for constant in pallet.constants})
    return Layout({entry.id: entry.definition for entry in metadata.types}, items, constants)


def read_layout(encoded: bytes) -> Layout:
    """Return the layout in metadata as a node sends it; raises ScaleError for other bytes."""
    if not encoded.startswith(V14):
        raise ScaleError(f"expected metadata of version 14, which begins with 0x{V14.hex()}, got 0x{encoded[:5].hex()}")
    return layout_of(MetadataV14.scale.decode(encoded[len(V14) :]))


def compare(own: Layout, other: Layout) -> Differences:
    """Return what another chain's layout differs in."""
    types = _Types(own.types, other.types)
    both = own.items.keys() & other.items.keys()
    found = {name: why for name in sorted(both) if (why := _difference(types, own.items[name], other.items[name]))}
    absent, unknown = own.items.keys() - other.items.keys(), other.items.keys() - own.items.keys()
    return Differences(tuple(sorted(absent)), tuple(sorted(unknown)), found)


def _difference(types: _Types, own: StorageEntry, other: StorageEntry) -> str | None:
    """Return in what an item differs, in words; None if it is the same."""
    hashers = [_hashers(each) for each in (own, other)]
    if hashers[0] != hashers[1]:
        wanted, came = (", ".join(each.name for each in side) or "no key" for side in hashers)
        return f"expected hashers {wanted}, got {came}"
    if isinstance(own.type, Map) and isinstance(other.type, Map) and not types.are_same(own.type.key, other.type.key):
        return "its keys have another type"
    if not types.are_same(_value(own), _value(other)):
        return "its values have another type"
    if own.modifier != other.modifier:
        return f"expected {own.modifier.name}, got {other.modifier.name}"
    if own.modifier is Modifier.Default and own.default != other.default:
        return f"expected the default 0x{own.default.hex()[:64]}, got 0x{other.default.hex()[:64]}"
    return None


def _hashers(entry: StorageEntry) -> list[Hasher]:
    return entry.type.hashers if isinstance(entry.type, Map) else []


def _value(entry: StorageEntry) -> int:
    value: int = entry.type.value  # type: ignore[attr-defined]  # both kinds have one
    return value


class _Types:
    """Compares types of two registries. Recursive types are the same unless a difference is found."""

    def __init__(self, own: dict[int, TypeDef], other: dict[int, TypeDef]) -> None:
        self._own, self._other = own, other
        #: Pairs that are the same, and those under comparison.
        self._same: set[tuple[int, int]] = set()
        self._different: set[tuple[int, int]] = set()

    def are_same(self, own: int, other: int) -> bool:
        """Return whether the encodings of two types have the same parts."""
        assumed = list[tuple[int, int]]()
        if self._compare(own, other, assumed):
            return True
        # What was found the same meanwhile may rest on the assumption that these are.
        self._same.difference_update(assumed)
        self._different.add((own, other))
        return False

    def _compare(self, own: int, other: int, assumed: list[tuple[int, int]]) -> bool:
        own, other = _bare(self._own, own), _bare(self._other, other)
        pair = (own, other)
        if pair in self._same:
            return True
        if pair in self._different or own not in self._own or other not in self._other:
            return False
        self._same.add(pair)
        assumed.append(pair)
        kinds = [_parts(registry[number]) for registry, number in ((self._own, own), (self._other, other))]
        (kind, parts), (other_kind, other_parts) = kinds
        return (
            kind == other_kind
            and len(parts) == len(other_parts)
            and all(self._compare(*both, assumed) for both in zip(parts, other_parts, strict=True))
        )


def _bare(types: dict[int, TypeDef], number: int) -> int:
    """Return the type inside of records and tuples of one part, which encode as it does."""
    for _ in range(len(types)):
        definition = types.get(number)
        if isinstance(definition, Composite) and len(definition.fields) == 1:
            number = definition.fields[0].type
        elif isinstance(definition, Tuple) and len(definition.items) == 1:
            number = definition.items[0]
        else:
            break
    return number


def _parts(definition: TypeDef) -> tuple[object, list[int]]:
    """Return what kind of encoding a type has, and the types that it consists of."""
    match definition:
        case Composite(fields):
            return "record", [field.type for field in fields]
        case Tuple(items):
            return "record", list(items)
        case Variants(variants):
            ordered = sorted(variants, key=lambda variant: variant.index)
            shape = tuple((variant.index, len(variant.fields)) for variant in ordered)
            return ("enum", shape), [field.type for variant in ordered for field in variant.fields]
        case Sequence(item):
            return "sequence", [item]
        case Array(length, item):
            return ("array", length), [item]
        case CompactDef(item):
            return "compact", [item]
        case PrimitiveDef(primitive):
            return ("primitive", primitive), []
        case BitSequence(store, order):
            return "bits", [store, order]
    return ("unknown", id(definition)), []
