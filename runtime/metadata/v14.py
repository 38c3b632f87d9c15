"""Metadata version 14: types, pallets, and the format of extrinsics."""

from __future__ import annotations

from ..frame.block_types import RUNTIME_EXTRINSIC
from ..frame.call import CallsCodec
from ..frame.pallet import Pallet as Declaration
from ..frame.runtime import Runtime
from ..frame.runtime_types import RUNTIME_TYPE
from ..scale import Struct, codec_of, u8
from .parts import Constant, StorageEntry, constants, storage_entries
from .registry import PortableType, Registry, TypeId

#: The version of signed extrinsics.
EXTRINSIC_VERSION = 4


class Storage(Struct):
    """The storage items of a pallet; the hash of `prefix` begins all their keys."""

    prefix: str
    entries: list[StorageEntry]


class Pallet(Struct):
    """A pallet; parts that it does not have are None. `calls`, `event` and `error` are enums."""

    name: str
    storage: Storage | None
    calls: TypeId | None
    event: TypeId | None
    constants: list[Constant]
    error: TypeId | None
    index: u8


class Extension(Struct):
    """A transaction extension with the types of its explicit value (`type`) and its implicit value."""

    identifier: str
    type: TypeId
    additional_signed: TypeId


class Extrinsic(Struct):
    type: TypeId
    version: u8
    extensions: list[Extension]


class MetadataV14(Struct):
    """The metadata without magic and version byte."""

    types: list[PortableType]
    pallets: list[Pallet]
    extrinsic: Extrinsic
    type: TypeId


def build(runtime: Runtime) -> MetadataV14:
    """Return the metadata of a runtime."""
    registry = Registry(runtime)
    pallets = [build_pallet(registry, runtime, pallet) for pallet in runtime.pallets]
    extrinsic = Extrinsic(registry.id(RUNTIME_EXTRINSIC), EXTRINSIC_VERSION, build_extensions(registry, runtime))
    runtime_type = registry.id(RUNTIME_TYPE)
    return MetadataV14(registry.types, pallets, extrinsic, runtime_type)


def build_pallet(registry: Registry, runtime: Runtime, pallet: Declaration) -> Pallet:
    """Return the metadata of a pallet."""
    return Pallet(
        pallet.name,
        Storage(pallet.name, storage_entries(registry, runtime, pallet)) if pallet.storage else None,
        registry.id(CallsCodec(pallet)) if pallet.calls else None,
        registry.id(codec_of(pallet.event)) if pallet.event else None,
        constants(registry, runtime, pallet),
        registry.id(pallet.error_codec) if pallet.error_codec else None,
        pallet.index,
    )


def build_extensions(registry: Registry, runtime: Runtime) -> list[Extension]:
    """Return the transaction extensions, in the order of their values in an extrinsic."""
    return [
        Extension(codec.extension.identifier, registry.id(codec), registry.id(codec.extension.implicit_codec))
        for codec in runtime.extension_codecs
    ]
