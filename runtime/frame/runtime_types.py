"""Enums with a variant for each pallet of a runtime: events, reasons of holds, origins. For calls see `call`.

Pallets use them in their declarations (System stores events) without naming other pallets. A value is encoded with
the index of its pallet (`pallet_index`); reading and describing take the `Runtime` as scope, which has the variants.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, NamedTuple

from ..scale import H256, Reader, ScaleError, SourceName, Struct, Sum
from ..scale.codec import Codec, ScopedCodec, type_error
from ..scale.declare import SumCodec
from ..scale.describe import Description, FieldInfo, Variant, VariantInfo
from ..scale.resolve import codec_of
from .events import Phase

RUNTIME = "node_subtensor_runtime"


class OuterVariant(NamedTuple):
    """The variant of a pallet in an enum of the runtime; `type_name` is the source spelling of the codec's type."""

    name: str
    codec: Codec[Any]
    type_name: str


#: The variants of an outer enum in one runtime, by the index of the pallet.
Variants = Mapping[int, OuterVariant]


class RuntimeType(Struct, path=f"{RUNTIME}::Runtime"):
    """The type `Runtime` as a generic parameter of other types. It has no values."""


RUNTIME_TYPE: Codec[Any] = codec_of(RuntimeType)


class OuterEnumCodec(ScopedCodec[Any]):
    """An enum with a variant for each pallet: the pallet's index, then a value of the pallet's own enum."""

    immutable = True

    def __init__(self, name: str) -> None:
        self.name = f"{RUNTIME}::{name}"
        #: By type of a value: the bytes before its fields (pallet index, variant), and the encoder of the fields.
        self.encoders: dict[type, tuple[bytes, Callable[[Any], bytes]]] = {}

    def variants(self, scope: Any) -> Variants:
        """Return the variants in this runtime."""
        if scope is None:
            raise self.without_runtime()
        variants: Variants = scope.outer_enums[self]
        return variants

    def encode(self, value: Any) -> bytes:
        prefix, encode_fields = self.encoders.get(type(value)) or self.encoder(value)
        return prefix + encode_fields(value)

    def encoder(self, value: Any) -> tuple[bytes, Callable[[Any], bytes]]:
        """Return the entry of `encoders` for the type of a value, made at first use."""
        codec, prefix = self.inner(value), bytes((value.pallet_index,))
        if isinstance(codec, SumCodec):
            encoder = (prefix + codec.prefixes[type(value)], type(value).variant.compiled().encode)
        else:
            encoder = (prefix, codec.encode)
        self.encoders[type(value)] = encoder
        return encoder

    def inner(self, value: Any) -> Codec[Any]:
        """Return the codec of the pallet's own enum that a value belongs to; raise ScaleError for other values."""
        if not hasattr(value, "pallet_index"):
            raise type_error(self.name, value)
        return value.scale if isinstance(value, Sum) else codec_of(type(value))

    def read(self, reader: Reader) -> Any:
        index = reader.byte()
        variant = self.variants(reader.scope).get(index)
        if variant is None:
            raise ScaleError(f"{self.name} has no variant {index}", reader.at - 1)
        return variant.codec.read(reader)

    def describe_in(self, scope: Any) -> Description:
        variants = tuple(
            VariantInfo(variant.name, index, (FieldInfo(None, variant.codec, variant.type_name),))
            for index, variant in sorted(self.variants(scope).items())
        )
        return Description(Variant(variants), self.name)


RUNTIME_EVENT = OuterEnumCodec("RuntimeEvent")
RUNTIME_HOLD_REASON = OuterEnumCodec("RuntimeHoldReason")
RUNTIME_FREEZE_REASON = OuterEnumCodec("RuntimeFreezeReason")
ORIGIN_CALLER = OuterEnumCodec("OriginCaller")

RuntimeEvent = Annotated[Sum, RUNTIME_EVENT]
RuntimeHoldReason = Annotated[Any, RUNTIME_HOLD_REASON]
RuntimeFreezeReason = Annotated[Any, RUNTIME_FREEZE_REASON]
OriginCaller = Annotated[Sum, ORIGIN_CALLER]
#: An `OriginCaller`, spelled as in the configuration of a pallet.
PalletsOrigin = Annotated[OriginCaller, SourceName("PalletsOrigin", "T::PalletsOrigin")]


class EventRecord(Struct, path="frame_system::EventRecord", params=[("E", RuntimeEvent), ("T", H256)]):
    """One entry of `System.Events`."""

    phase: Phase
    event: RuntimeEvent
    topics: list[H256]


EventRecords = list[EventRecord]
