"""Metadata version 14: types, pallets, and the format of extrinsics."""

from __future__ import annotations

from ..frame.block_types import RUNTIME_EXTRINSIC
from ..frame.call import CallsCodec
from ..frame.pallet import Pallet as Declaration
from ..frame.runtime import Runtime
from ..frame.runtime_types import RUNTIME_TYPE
from ..scale import Struct, codec_of, u8
from .parts import Constant, StorageEntry, constants, entries
from .registry import PortableType, Registry, TypeId

#: The version of signed extrinsics.
EXTRINSIC_VERSION = 4


class Storage(Struct):
    """A pallet's storage; `prefix` is hashed into all its keys."""

    prefix: str
    entries: list[StorageEntry]


class Pallet(Struct):
    """A pallet; what it does not have is None. `calls`, `event` and `error` are enums."""

    name: str
    storage: Storage | None
    calls: TypeId | None
    event: TypeId | None
    constants: list[Constant]
    error: TypeId | None
    index: u8


class Extension(Struct):
    """A transaction extension: what it adds to an extrinsic, and what it adds to what is signed."""

    identifier: str
    type: TypeId
    additional_signed: TypeId


class Extrinsic(Struct):
    type: TypeId
    version: u8
    extensions: list[Extension]


class MetadataV14(Struct):
    """All of it, without magic and version byte."""

    types: list[PortableType]
    pallets: list[Pallet]
    extrinsic: Extrinsic
    type: TypeId


def build(runtime: Runtime) -> MetadataV14:
    """The runtime's metadata."""
    registry = Registry(runtime)
    pallets = [pallet_of(registry, runtime, pallet) for pallet in runtime.pallets]
    extrinsic = Extrinsic(registry.id(RUNTIME_EXTRINSIC), EXTRINSIC_VERSION, extensions(registry, runtime))
    runtime_type = registry.id(RUNTIME_TYPE)
    return MetadataV14(registry.types, pallets, extrinsic, runtime_type)


def pallet_of(registry: Registry, runtime: Runtime, pallet: Declaration) -> Pallet:
    """A pallet's part of the metadata."""
    return Pallet(
        pallet.name,
        Storage(pallet.name, entries(registry, runtime, pallet)) if pallet.storage else None,
        registry.id(CallsCodec(pallet)) if pallet.calls else None,
        registry.id(codec_of(pallet.event)) if pallet.event else None,
        constants(registry, runtime, pallet),
        registry.id(pallet.error_codec) if pallet.error_codec else None,
        pallet.index,
    )


def extensions(registry: Registry, runtime: Runtime) -> list[Extension]:
    """The transaction extensions, in the order of their values in an extrinsic."""
    return [
        Extension(codec.extension.identifier, registry.id(codec), registry.id(codec.extension.implicit_codec))
        for codec in runtime.extension_codecs
    ]
