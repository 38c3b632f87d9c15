"""Metadata version 16: adds versions of APIs and extrinsics, associated types, view functions, deprecations.

Nothing is marked as deprecated: this chain follows one version of the runtime, as it is.
"""

from __future__ import annotations

from ..frame.block_types import RUNTIME_EXTRINSIC
from ..frame.extrinsic import EXTENSION_VERSION
from ..frame.pallet import Pallet as Declaration
from ..frame.pallet import ViewFunction as DeclaredView
from ..frame.runtime import Runtime
from ..scale import Bytes32, Compact, Struct, Sum, u8, u32
from . import parts, v14, v15
from .parts import OuterEnums, outer_enums
from .registry import PortableType, Registry, TypeId, split_docs

EXTRINSIC_VERSIONS = [4, 5]


class ItemDeprecation(Sum, path="ItemDeprecationInfo"):
    """Whether an item is deprecated."""


class NotDeprecated(ItemDeprecation, index=0):
    pass


class DeprecatedWithoutNote(ItemDeprecation, index=1):
    pass


class Deprecated(ItemDeprecation, index=2):
    note: str
    since: str | None


class VariantDeprecation(Sum, path="VariantDeprecationInfo"):
    """The deprecation of a variant of an enum; other variants are not listed."""


class VariantDeprecatedWithoutNote(VariantDeprecation, index=1):
    pass


class VariantDeprecated(VariantDeprecation, index=2):
    note: str
    since: str | None


NONE = NotDeprecated()


class StorageEntry(parts.StorageEntry):
    deprecation: ItemDeprecation = NONE


class Constant(parts.Constant):
    deprecation: ItemDeprecation = NONE


class Storage(Struct):
    prefix: str
    entries: list[StorageEntry]


class PalletEnum(Struct):
    """A pallet's enum of calls, events or errors, with the deprecations of its variants by index."""

    type: TypeId
    deprecation: dict[u8, VariantDeprecation]


class AssociatedType(Struct):
    """A type of a pallet's configuration."""

    name: str
    type: TypeId
    docs: list[str]


class ViewFunction(Struct):
    """A read-only function of a pallet; clients call it by its id."""

    id: Bytes32
    name: str
    inputs: list[v15.Param]
    output: TypeId
    docs: list[str]
    deprecation: ItemDeprecation = NONE


class Pallet(Struct):
    name: str
    storage: Storage | None
    calls: PalletEnum | None
    event: PalletEnum | None
    constants: list[Constant]
    error: PalletEnum | None
    associated_types: list[AssociatedType]
    view_functions: list[ViewFunction]
    index: u8
    docs: list[str]
    deprecation: ItemDeprecation = NONE


class Extension(Struct):
    """A transaction extension with the types of its explicit value (`type`) and its implicit value."""

    identifier: str
    type: TypeId
    implicit: TypeId


class Extrinsic(Struct):
    """The types of an extrinsic's parts, and for each version of the extension list the indices of its extensions."""

    versions: list[u8]
    address: TypeId
    call: TypeId
    signature: TypeId
    extensions_by_version: dict[u8, list[Compact[u32]]]
    extensions: list[Extension]


class Method(v15.Method):
    deprecation: ItemDeprecation = NONE


class Api(Struct):
    name: str
    methods: list[Method]
    docs: list[str]
    version: Compact[u32]
    deprecation: ItemDeprecation = NONE


class MetadataV16(Struct):
    """The metadata without magic and version byte."""

    types: list[PortableType]
    pallets: list[Pallet]
    extrinsic: Extrinsic
    apis: list[Api]
    outer_enums: OuterEnums
    custom: dict[str, v15.CustomValue]


def build(runtime: Runtime) -> MetadataV16:
    """Return the metadata of a runtime."""
    registry = Registry(runtime)
    pallets = [build_pallet(registry, runtime, pallet) for pallet in runtime.pallets]
    extrinsic = build_extrinsic(registry, runtime)
    apis = []
    for declared in runtime.apis:
        base = v15.build_api(registry, declared)
        methods = [Method(**vars(method)) for method in base.methods]
        apis.append(Api(base.name, methods, base.docs, declared.version))
    outer = outer_enums(registry, runtime)
    return MetadataV16(registry.types, pallets, extrinsic, apis, outer, {})


def build_pallet(registry: Registry, runtime: Runtime, declared: Declaration) -> Pallet:
    """Return the metadata of a pallet."""
    base = v14.build_pallet(registry, runtime, declared)
    storage = None
    if base.storage:
        storage = Storage(base.storage.prefix, [StorageEntry(**vars(entry)) for entry in base.storage.entries])
    return Pallet(
        base.name,
        storage,
        _enum(base.calls),
        _enum(base.event),
        [Constant(**vars(constant)) for constant in base.constants],
        _enum(base.error),
        [AssociatedType(a.name, registry.id(a.codec), split_docs(a.docs)) for a in declared.associated_types],
        [_view(registry, view) for view in declared.view_functions],
        base.index,
        split_docs(declared.docs),
    )


def _enum(type_: int | None) -> PalletEnum | None:
    return None if type_ is None else PalletEnum(type_, {})


def _view(registry: Registry, view: DeclaredView) -> ViewFunction:
    inputs = [v15.Param(field.name or "", registry.id(field.codec)) for field in view.inputs]
    return ViewFunction(view.id, view.name, inputs, registry.id(view.output), split_docs(view.docs))


def build_extrinsic(registry: Registry, runtime: Runtime) -> Extrinsic:
    """Return the format of extrinsics."""
    types = RUNTIME_EXTRINSIC.params_in(runtime)
    address, call, signature = (registry.id(types[name]) for name in ("Address", "Call", "Signature"))
    extensions = [Extension(*vars(extension).values()) for extension in v14.build_extensions(registry, runtime)]
    by_version = {EXTENSION_VERSION: list(range(len(extensions)))}
    return Extrinsic(EXTRINSIC_VERSIONS, address, call, signature, by_version, extensions)
