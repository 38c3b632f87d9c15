"""Types that join all pallets: any call, any event, any reason for a hold.

Pallets refer to them before the runtime is composed (a batch holds calls, System holds events); composing the
runtime (`runtime.py`) fills in which pallets there are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

from ..scale import H256, Reader, ScaleError, Struct, Sum
from ..scale.codec import Codec, type_error
from ..scale.declare import SumCodec
from ..scale.describe import Description, FieldInfo, Variant, VariantInfo
from ..scale.resolve import codec_of
from .call import Call, RuntimeCallCodec
from .events import Phase

if TYPE_CHECKING:
    from .pallet import Pallet

RUNTIME = "node_subtensor_runtime"


class RuntimeType(Struct, path=f"{RUNTIME}::Runtime"):
    """The runtime itself, where it is the parameter of a type. It has no values."""


RUNTIME_TYPE: Codec[Any] = codec_of(RuntimeType)


class OuterEnumCodec(Codec[Any]):
    """One enum out of an enum of each pallet: the pallet's index, then the pallet's own value."""

    def __init__(self, name: str) -> None:
        self.name = f"{RUNTIME}::{name}"
        self.by_index: dict[int, tuple[str, Codec[Any]]] = {}
        self.prefixes: dict[type, tuple[bytes, Codec[Any]]] = {}
        #: How values of a type are encoded: what stands before their fields, and the encoder of the fields.
        self.encoders: dict[type, tuple[bytes, Callable[[Any], bytes]]] = {}

    def add(self, pallet: Pallet, type_: type) -> None:
        """Take in the enum of a pallet: a Sum with variants, or a Python enum."""
        codec: Codec[Any] = codec_of(type_)
        self.by_index[pallet.index] = (pallet.name, codec)
        values = codec.prefixes if issubclass(type_, Sum) else [type_]  # type: ignore[attr-defined]
        for value_type in values:
            self.prefixes[value_type] = (bytes((pallet.index,)), codec)

    def encode(self, value: Any) -> bytes:
        prefix, encode_fields = self.encoders.get(type(value)) or self.encoder(value)
        return prefix + encode_fields(value)

    def encoder(self, value: Any) -> tuple[bytes, Callable[[Any], bytes]]:
        """How values of this value's type are encoded; made at first use."""
        found = self.prefixes.get(type(value))
        if found is None:
            raise type_error(self.name, value)
        prefix, codec = found
        if isinstance(codec, SumCodec):
            encoder = (prefix + codec.prefixes[type(value)], type(value).variant.compiled().encode)
        else:
            encoder = (prefix, codec.encode)
        self.encoders[type(value)] = encoder
        return encoder

    def read(self, reader: Reader) -> Any:
        index = reader.byte()
        if index not in self.by_index:
            raise ScaleError(f"{self.name} has no variant {index}", reader.at - 1)
        return self.by_index[index][1].read(reader)

    def pallet_of(self, value: Any) -> str:
        """Name of the pallet that a value belongs to."""
        return self.by_index[self.prefixes[type(value)][0][0]][0]

    def describe(self) -> Description:
        variants = tuple(
            VariantInfo(name, index, (FieldInfo(None, codec),))
            for index, (name, codec) in sorted(self.by_index.items())
        )
        return Description(Variant(variants), self.name)


RUNTIME_CALL = RuntimeCallCodec()
RUNTIME_EVENT = OuterEnumCodec("RuntimeEvent")
RUNTIME_HOLD_REASON = OuterEnumCodec("RuntimeHoldReason")
RUNTIME_FREEZE_REASON = OuterEnumCodec("RuntimeFreezeReason")

RuntimeCall = Annotated[Call, RUNTIME_CALL]
RuntimeEvent = Annotated[Sum, RUNTIME_EVENT]
RuntimeHoldReason = Annotated[Any, RUNTIME_HOLD_REASON]
RuntimeFreezeReason = Annotated[Any, RUNTIME_FREEZE_REASON]


class EventRecord(Struct, path="frame_system::EventRecord", params=[("E", RuntimeEvent), ("T", H256)]):
    """One entry of `System.Events`."""

    phase: Phase
    event: RuntimeEvent
    topics: list[H256]


EventRecords = list[EventRecord]
