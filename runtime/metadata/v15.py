"""Metadata version 15: adds runtime APIs, outer enums, and the types of an extrinsic's parts."""

from __future__ import annotations

from ..frame.block_types import RUNTIME_EXTRINSIC
from ..frame.runtime import Runtime
from ..frame.runtime_api import RuntimeApi
from ..frame.runtime_types import RUNTIME_TYPE
from ..scale import Struct, u8
from . import v14
from .parts import OuterEnums, outer_enums
from .registry import PortableType, Registry, TypeId, split_docs


class Pallet(v14.Pallet):
    docs: list[str]


class Extrinsic(Struct):
    """The types of an extrinsic's parts; `extra` is the tuple of all extensions."""

    version: u8
    address: TypeId
    call: TypeId
    signature: TypeId
    extra: TypeId
    extensions: list[v14.Extension]


class Param(Struct):
    """An argument of a runtime API's method."""

    name: str
    type: TypeId


class Method(Struct):
    name: str
    inputs: list[Param]
    output: TypeId
    docs: list[str]


class Api(Struct):
    """A runtime API. Clients find its version in the runtime's version, by the hash of the API's name."""

    name: str
    methods: list[Method]
    docs: list[str]


class CustomValue(Struct):
    """A value that a chain may add under a name of its own; this chain adds none."""

    type: TypeId
    value: bytes


class MetadataV15(Struct):
    """The metadata without magic and version byte."""

    types: list[PortableType]
    pallets: list[Pallet]
    extrinsic: Extrinsic
    type: TypeId
    apis: list[Api]
    outer_enums: OuterEnums
    custom: dict[str, CustomValue]


def build(runtime: Runtime) -> MetadataV15:
    """Return the metadata of a runtime."""
    registry = Registry(runtime)
    pallets = []
    for declared in runtime.pallets:
        base = v14.build_pallet(registry, runtime, declared)
        pallets.append(Pallet(**vars(base), docs=split_docs(declared.docs)))
    extrinsic = build_extrinsic(registry, runtime)
    runtime_type = registry.id(RUNTIME_TYPE)
    apis = [build_api(registry, api) for api in runtime.apis]
    outer = outer_enums(registry, runtime)
    return MetadataV15(registry.types, pallets, extrinsic, runtime_type, apis, outer, {})


def build_extrinsic(registry: Registry, runtime: Runtime) -> Extrinsic:
    """Return the format of extrinsics."""
    parts = RUNTIME_EXTRINSIC.params_in(runtime)
    address, call, signature, extra = (registry.id(parts[name]) for name in ("Address", "Call", "Signature", "Extra"))
    return Extrinsic(v14.EXTRINSIC_VERSION, address, call, signature, extra, v14.build_extensions(registry, runtime))


def build_api(registry: Registry, api: RuntimeApi) -> Api:
    """Return a runtime API with its methods."""
    methods = [
        Method(
            method.name,
            [Param(field.name or "", registry.id(field.codec)) for field in method.inputs],
            registry.id(method.output),
            split_docs(method.docs),
        )
        for method in api.methods.values()
    ]
    return Api(api.name, methods, split_docs(api.docs))
