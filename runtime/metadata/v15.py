"""Metadata version 15: adds the runtime APIs and the parts of an extrinsic."""

from __future__ import annotations

from ..frame.block_types import RUNTIME_EXTRINSIC
from ..frame.runtime import Runtime
from ..frame.runtime_api import RuntimeApi
from ..frame.runtime_types import RUNTIME_TYPE
from ..scale import Struct, u8
from . import v14
from .parts import OuterEnums, outer_enums
from .registry import PortableType, Registry, TypeId, lines


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
    """A runtime API. Its version stands in the runtime's version, under a hash of the API's name."""

    name: str
    methods: list[Method]
    docs: list[str]


class CustomValue(Struct):
    """A value that a chain may add under a name of its own; this one adds none."""

    type: TypeId
    value: bytes


class MetadataV15(Struct):
    """All of it, without magic and version byte."""

    types: list[PortableType]
    pallets: list[Pallet]
    extrinsic: Extrinsic
    type: TypeId
    apis: list[Api]
    outer_enums: OuterEnums
    custom: dict[str, CustomValue]


def build(runtime: Runtime) -> MetadataV15:
    """The runtime's metadata."""
    registry = Registry(runtime)
    pallets = []
    for declared in runtime.pallets:
        shown = v14.pallet_of(registry, runtime, declared)
        pallets.append(Pallet(**vars(shown), docs=lines(declared.docs)))
    extrinsic = extrinsic_of(registry, runtime)
    runtime_type = registry.id(RUNTIME_TYPE)
    apis = [api_of(registry, api) for api in runtime.apis]
    outer = outer_enums(registry, runtime)
    return MetadataV15(registry.types, pallets, extrinsic, runtime_type, apis, outer, {})


def extrinsic_of(registry: Registry, runtime: Runtime) -> Extrinsic:
    """The format of extrinsics."""
    parts = RUNTIME_EXTRINSIC.params_in(runtime)
    address, call, signature, extra = (registry.id(parts[name]) for name in ("Address", "Call", "Signature", "Extra"))
    return Extrinsic(v14.EXTRINSIC_VERSION, address, call, signature, extra, v14.extensions(registry, runtime))


def api_of(registry: Registry, api: RuntimeApi) -> Api:
    """A runtime API with its methods."""
    methods = [
        Method(
            method.name,
            [Param(field.name or "", registry.id(field.codec)) for field in method.inputs],
            registry.id(method.output),
            lines(method.docs),
        )
        for method in api.methods.values()
    ]
    return Api(api.name, methods, lines(api.docs))
