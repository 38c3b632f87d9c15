"""Metadata: real chains' metadata decodes and encodes back; pysubtensor's is numbered alike and complete."""

from __future__ import annotations

import pytest
from pysubtensor.runtime.composition import PALLETS, spec_425
from pysubtensor.runtime.frame.pallet import Pallet
from pysubtensor.runtime.frame.runtime import Runtime
from pysubtensor.runtime.metadata import MAGIC, VERSIONS, encoded_metadata, registry, v14, v15, v16
from pysubtensor.runtime.scale import AnyCodec, Codec, Struct, codec_of, u8, u32, u64
from pysubtensor.runtime.scale import describe as shapes
from pysubtensor.runtime.scale.codec import ScopedCodec
from pysubtensor.runtime.scale.describe import Description, FieldInfo, VariantInfo

from tests import vectors
from tests.costs import RUNTIME

LAYOUTS: dict[int, Codec[object]] = {
    14: v14.MetadataV14.scale,
    15: v15.MetadataV15.scale,
    16: v16.MetadataV16.scale,
}
REAL = {
    "finney393_reencoded_v14": 14,
    "finney393_reencoded_v15": 15,
    "finney393_v16": 16,
    "raonet218_v14": 14,
    "raonet218_v15": 15,
}


@pytest.mark.parametrize(("name", "version"), REAL.items())
def test_real_metadata_decodes_and_encodes_back(name: str, version: int) -> None:
    data = vectors.metadata(name)
    assert data[:5] == MAGIC + bytes((version,))
    layout = LAYOUTS[version]
    assert layout.encode(layout.decode(data[5:])) == data[5:]


@pytest.mark.parametrize("version", VERSIONS)
def test_own_metadata_decodes_and_encodes_back(version: int) -> None:
    data, layout = encoded_metadata(spec_425(), version), LAYOUTS[version]
    assert data[:5] == MAGIC + bytes((version,))
    assert layout.encode(layout.decode(data[5:])) == data[5:]


def test_unknown_versions_are_refused() -> None:
    with pytest.raises(ValueError, match="expected metadata version 14, 15 or 16, got 13"):
        encoded_metadata(spec_425(), 13)


def test_configured_constants_appear_in_their_chains_metadata_only() -> None:
    fast, real_time = spec_425({"Aura.SlotDuration": 250}), spec_425()
    assert constant(fast, "Aura", "SlotDuration") == (250).to_bytes(8, "little")
    assert constant(real_time, "Aura", "SlotDuration") == (12_000).to_bytes(8, "little")


def constant(runtime: Runtime, pallet: str, name: str) -> bytes:
    metadata: v15.MetadataV15 = v15.MetadataV15.scale.decode(encoded_metadata(runtime, 15)[5:])
    found = {(p.name, c.name): c.value for p in metadata.pallets for c in p.constants}
    return found[pallet, name]


def test_errors_are_documented() -> None:
    """Clients print the documentation of an error, and "UnknownError" where there is none."""
    for pallet in PALLETS:
        for error in pallet.error or ():
            assert error.docs, f"{pallet.name}.{error.name}"


# --- the registry ----------------------------------------------------------------------------------------------


class Node(Struct, path="test::Node", params=[("T", u32), ("E", None)]):
    """A type that contains itself."""

    value: u8
    children: list[Node]


def test_types_are_numbered_at_first_use_after_their_parameters() -> None:
    types = registry.Registry(RUNTIME)
    assert types.id(codec_of(u64)) == 0
    assert types.id(codec_of(Node)) == 1
    names = [entry.path or type(entry.definition).__name__ for entry in types.types]
    assert names == ["PrimitiveDef", ["test", "Node"], "PrimitiveDef", "PrimitiveDef", "Sequence"]
    node = types.types[1]
    assert node.params == [registry.TypeParameter("T", 2), registry.TypeParameter("E", None)]
    assert node.definition == registry.Composite(
        [registry.Field("value", 3, "u8", []), registry.Field("children", 4, "Vec<Node<T, E>>", [])]
    )
    assert types.types[4].definition == registry.Sequence(1)
    assert types.id(codec_of(list[Node])) == 4
    assert len(types.types) == 5


class Portable(Codec[object]):
    """A type of a real chain's registry, as if it had been declared."""

    def __init__(self, types: list[registry.PortableType], number: int, known: dict[int, Portable]) -> None:
        self.types, self.number, self.known = types, number, known
        self.name = str(number)
        known[number] = self

    def other(self, number: int) -> AnyCodec:
        return self.known.get(number) or Portable(self.types, number, self.known)

    def describe(self) -> Description:
        entry = self.types[self.number]
        params = [(p.name, None if p.type is None else self.other(p.type)) for p in entry.params]
        return Description(self.shape(entry.definition), "::".join(entry.path), params, "\n".join(entry.docs))

    def fields(self, fields: list[registry.Field]) -> tuple[FieldInfo, ...]:
        return tuple(FieldInfo(field.name, self.other(field.type)) for field in fields)

    def shape(self, given: registry.TypeDef) -> shapes.Shape:
        if isinstance(given, registry.Composite):
            return shapes.Composite(self.fields(given.fields))
        if isinstance(given, registry.Variants):
            return shapes.Variant(tuple(VariantInfo(v.name, v.index, self.fields(v.fields)) for v in given.variants))
        if isinstance(given, registry.Tuple):
            return shapes.TupleOf(tuple(map(self.other, given.items)))
        if isinstance(given, registry.Array):
            return shapes.ArrayOf(self.other(given.item), given.length)
        if isinstance(given, registry.Sequence):
            return shapes.SequenceOf(self.other(given.item))
        if isinstance(given, registry.CompactDef):
            return shapes.CompactOf(self.other(given.item))
        assert isinstance(given, registry.PrimitiveDef)
        return shapes.Primitive(given.primitive.name.lower())


def mentioned(metadata: v16.MetadataV16) -> list[int]:
    """The types that metadata mentions, in its order: pallet by pallet as its fields stand, then the rest."""
    found: list[int | None] = []
    for pallet in metadata.pallets:
        for entry in pallet.storage.entries if pallet.storage else []:
            shape = entry.type
            found += [getattr(shape, "key", None), getattr(shape, "value", None)]
        enums = [pallet.calls, pallet.event]
        found += [enum and enum.type for enum in enums]
        found += [constant.type for constant in pallet.constants]
        found += [pallet.error and pallet.error.type]
        found += [type_.type for type_ in pallet.associated_types]
        for view in pallet.view_functions:
            found += [*(param.type for param in view.inputs), view.output]
    extrinsic, outer = metadata.extrinsic, metadata.outer_enums
    found += [extrinsic.address, extrinsic.call, extrinsic.signature]
    for extension in extrinsic.extensions:
        found += [extension.type, extension.implicit]
    for api in metadata.apis:
        for method in api.methods:
            found += [*(param.type for param in method.inputs), method.output]
    found += [outer.call, outer.event, outer.error]
    return [type_ for type_ in found if type_ is not None]


def renumbered(metadata: v16.MetadataV16) -> None:
    """Registering the types in the order of the metadata numbers them as there."""
    types, known = registry.Registry(RUNTIME), dict[int, Portable]()
    for number in mentioned(metadata):
        assert types.id(known.get(number) or Portable(metadata.types, number, known)) == number
    assert len(types.types) == len(metadata.types)


def test_the_real_chains_types_are_numbered_alike() -> None:
    renumbered(v16.MetadataV16.scale.decode(vectors.metadata("finney393_v16")[5:]))


def test_own_types_are_numbered_in_the_order_of_the_metadata() -> None:
    renumbered(v16.MetadataV16.scale.decode(encoded_metadata(spec_425(), 16)[5:]))


def test_types_of_one_name_have_one_shape() -> None:
    """Types are identified by their names, so two shapes with one name would lose one of them."""
    seen: dict[str, Description] = {}
    waiting: list[AnyCodec] = [codec for pallet in PALLETS for codec in mentions(pallet)]
    while waiting:
        codec = waiting.pop()
        shown = codec.describe_in(RUNTIME) if isinstance(codec, ScopedCodec) else codec.describe()
        known = seen.setdefault(codec.name, shown)
        if known is shown:
            waiting += parts(shown)
        else:
            assert spelled(known) == spelled(shown), codec.name


def mentions(pallet: Pallet) -> list[AnyCodec]:
    codecs = [codec for item in pallet.storage.values() for codec in (*item.keys_codec, item.codec)]
    codecs += [field.codec for call in pallet.calls.values() for field in call.args]
    return codecs + [constant.codec for constant in pallet.constants.values()]


def parts(shown: Description) -> list[AnyCodec]:
    shape = shown.shape
    found = [codec for _, codec in shown.params if codec is not None]
    if isinstance(shape, shapes.Composite):
        found += [field.codec for field in shape.fields]
    elif isinstance(shape, shapes.Variant):
        found += [field.codec for variant in shape.variants for field in variant.fields]
    elif isinstance(shape, shapes.TupleOf):
        found += shape.items
    elif not isinstance(shape, shapes.Primitive):
        found.append(shape.item)
    return found


def spelled(shown: Description) -> str:
    """A description with the names of its parts: equal for equal types."""
    shape = shown.shape
    if isinstance(shape, shapes.Variant):
        variants = [(v.name, v.index, [(f.name, f.codec.name) for f in v.fields]) for v in shape.variants]
        return f"{shown.path} {variants}"
    names = [field.name for field in shape.fields] if isinstance(shape, shapes.Composite) else []
    return f"{shown.path} {type(shape).__name__} {names} {[codec.name for codec in parts(shown)]}"
