"""What all versions of metadata share: storage entries, constants, outer enums."""

from __future__ import annotations

import enum
from typing import Any

from ..frame.call import RUNTIME_CALL
from ..frame.pallet import Pallet
from ..frame.runtime import Runtime
from ..frame.runtime_types import RUNTIME, RUNTIME_EVENT
from ..frame.storage import StorageItem
from ..scale import AnyCodec, Struct, Sum, scale_enum
from ..scale.codec import Codec
from ..scale.containers import Tuple as TupleCodec
from ..scale.describe import Description, FieldInfo, Variant, VariantInfo
from .registry import Registry, TypeId, lines

#: The first bytes of metadata: "meta". The version follows in one byte.
MAGIC = b"meta"


@scale_enum("StorageEntryModifier")
class Modifier(enum.Enum):
    """What reading an absent entry gives: nothing, or the default."""

    Optional = 0
    Default = 1


@scale_enum("StorageHasher")
class Hasher(enum.Enum):
    """How a key becomes part of a storage key."""

    Blake2_128 = 0
    Blake2_256 = 1
    Blake2_128Concat = 2
    Twox128 = 3
    Twox256 = 4
    Twox64Concat = 5
    Identity = 6


class EntryType(Sum, path="StorageEntryType"):
    """One value, or one for each key."""


class Plain(EntryType, index=0):
    value: TypeId


class Map(EntryType, index=1):
    """With several hashers the key's type is a tuple of as many parts."""

    hashers: list[Hasher]
    key: TypeId
    value: TypeId


class StorageEntry(Struct):
    """A storage item; `default` is what an absent entry reads as, encoded."""

    name: str
    modifier: Modifier
    type: EntryType
    default: bytes
    docs: list[str]


class Constant(Struct):
    """A constant; `value` is encoded."""

    name: str
    type: TypeId
    value: bytes
    docs: list[str]


class OuterEnums(Struct):
    """The enums that join all pallets: any call, any event, any error."""

    call: TypeId
    event: TypeId
    error: TypeId


class RuntimeErrorCodec(Codec[Any]):
    """Any error of any pallet. Only metadata knows this type; blocks carry `DispatchError`."""

    name = f"{RUNTIME}::RuntimeError"

    def __init__(self, pallets: tuple[Pallet, ...]) -> None:
        self.pallets = pallets

    def describe(self) -> Description:
        variants = tuple(
            VariantInfo(
                pallet.name, pallet.index, (FieldInfo(None, pallet.error_codec, pallet.spell(pallet.error_codec)),)
            )
            for pallet in sorted(self.pallets, key=lambda pallet: pallet.index)
            if pallet.error_codec
        )
        return Description(Variant(variants), self.name)


def entry_type(registry: Registry, item: StorageItem[Any, Any]) -> EntryType:
    """The shape of a storage item."""
    if not item.hashers:
        return Plain(registry.id(item.codec))
    keys = item.keys_codec
    key: AnyCodec = keys[0] if len(keys) == 1 else TupleCodec(keys)
    return Map([Hasher(hasher.index) for hasher in item.hashers], registry.id(key), registry.id(item.codec))


def entries(registry: Registry, runtime: Runtime, pallet: Pallet) -> list[StorageEntry]:
    """The pallet's storage items, with this runtime's defaults."""
    return [
        StorageEntry(
            item.name,
            Modifier.Optional if item.optional else Modifier.Default,
            entry_type(registry, item),
            item.encoded_default(runtime.constant_values),
            lines(item.docs),
        )
        for item in pallet.storage.values()
    ]


def constants(registry: Registry, runtime: Runtime, pallet: Pallet) -> list[Constant]:
    """The pallet's constants with this runtime's values."""
    return [
        Constant(
            constant.name,
            registry.id(constant.codec),
            constant.codec.encode(runtime.constants.get(constant.id, constant.default)),
            lines(constant.docs),
        )
        for constant in pallet.constants.values()
        if constant.shown
    ]


def outer_enums(registry: Registry, runtime: Runtime) -> OuterEnums:
    """The runtime's enums of calls, events and errors."""
    error = RuntimeErrorCodec(runtime.pallets)
    return OuterEnums(registry.id(RUNTIME_CALL), registry.id(RUNTIME_EVENT), registry.id(error))
