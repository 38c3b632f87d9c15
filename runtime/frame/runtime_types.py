"""Types that join all pallets of a runtime, calls apart (see `call`): any event, any reason for a hold, any origin.

Pallets refer to them in their declarations (System holds events). Which variants there are is
known to each `Runtime`: values know the pallet that they belong to, reading and describing take the runtime as scope.
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
    """What a pallet adds to an enum of the whole runtime; `type_name` is how the source spells the codec's type."""

    name: str
    codec: Codec[Any]
    type_name: str


#: The variants of an outer enum in one runtime, by the index of the pallet.
Variants = Mapping[int, OuterVariant]


class RuntimeType(Struct, path=f"{RUNTIME}::Runtime"):
    """The runtime itself, where it is the parameter of a type. It has no values."""


RUNTIME_TYPE: Codec[Any] = codec_of(RuntimeType)


class OuterEnumCodec(ScopedCodec[Any]):
    """One enum out of an enum of each pallet: the pallet's index, then the pallet's own value.

    The pallets' types carry that index as `pallet_index`.
    """

    immutable = True

    def __init__(self, name: str) -> None:
        self.name = f"{RUNTIME}::{name}"
        #: How values of a type are encoded: what stands before their fields, and the encoder of the fields.
        self.encoders: dict[type, tuple[bytes, Callable[[Any], bytes]]] = {}

    def variants(self, scope: Any) -> Variants:
        """Return the variants in this runtime."""
        variants: Variants = scope.outer_enums[self]
        return variants

    def encode(self, value: Any) -> bytes:
        prefix, encode_fields = self.encoders.get(type(value)) or self.encoder(value)
        return prefix + encode_fields(value)

    def encoder(self, value: Any) -> tuple[bytes, Callable[[Any], bytes]]:
        """Return how values of this value's type are encoded; made at first use."""
        codec, prefix = self.inner(value), bytes((value.pallet_index,))
        if isinstance(codec, SumCodec):
            encoder = (prefix + codec.prefixes[type(value)], type(value).variant.compiled().encode)
        else:
            encoder = (prefix, codec.encode)
        self.encoders[type(value)] = encoder
        return encoder

    def inner(self, value: Any) -> Codec[Any]:
        """Return the codec of the pallet's own enum that a value belongs to; ScaleError for any other value."""
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
#: Any origin of the runtime in the configuration of a pallet.
PalletsOrigin = Annotated[OriginCaller, SourceName("PalletsOrigin", "T::PalletsOrigin")]


class EventRecord(Struct, path="frame_system::EventRecord", params=[("E", RuntimeEvent), ("T", H256)]):
    """One entry of `System.Events`."""

    phase: Phase
    event: RuntimeEvent
    topics: list[H256]


EventRecords = list[EventRecord]
