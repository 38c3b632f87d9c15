"""Parts of all versions of metadata: storage entries, constants, outer enums."""

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
from .registry import Registry, TypeId, split_docs


@scale_enum("StorageEntryModifier")
class Modifier(enum.Enum):
    """Whether an absent entry reads as nothing or as the default."""

    Optional = 0
    Default = 1


@scale_enum("StorageHasher")
class Hasher(enum.Enum):
    """The hasher of a key (see `frame.hashers`)."""

    Blake2_128 = 0
    Blake2_256 = 1
    Blake2_128Concat = 2
    Twox128 = 3
    Twox256 = 4
    Twox64Concat = 5
    Identity = 6


class EntryType(Sum, path="StorageEntryType"):
    """A single value, or a value for each key."""


class Plain(EntryType, index=0):
    value: TypeId


class Map(EntryType, index=1):
    """A map. With several hashers the key's type is a tuple with an item for each."""

    hashers: list[Hasher]
    key: TypeId
    value: TypeId


class StorageEntry(Struct):
    """A storage item; `default` is the encoded value of an absent entry."""

    name: str
    modifier: Modifier
    type: EntryType
    default: bytes
    docs: list[str]


class Constant(Struct):
    """A constant with its encoded value."""

    name: str
    type: TypeId
    value: bytes
    docs: list[str]


class OuterEnums(Struct):
    """The enums with a variant for each pallet: any call, any event, any error."""

    call: TypeId
    event: TypeId
    error: TypeId


class RuntimeErrorCodec(Codec[Any]):
    """Any error of any pallet. The type exists in metadata only; events have `DispatchError`."""

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


def _entry_type(registry: Registry, item: StorageItem[Any, Any]) -> EntryType:
    """Return the type of a storage item with the types of its keys and value."""
    if not item.hashers:
        return Plain(registry.id(item.codec))
    keys = item.keys_codec
    key: AnyCodec = keys[0] if len(keys) == 1 else TupleCodec(keys)
    return Map([Hasher(hasher.index) for hasher in item.hashers], registry.id(key), registry.id(item.codec))


def storage_entries(registry: Registry, runtime: Runtime, pallet: Pallet) -> list[StorageEntry]:
    """Return the pallet's storage items with this runtime's defaults."""
    return [
        StorageEntry(
            item.name,
            Modifier.Optional if item.optional else Modifier.Default,
            _entry_type(registry, item),
            item.encoded_default(runtime.constant_values),
            split_docs(item.docs),
        )
        for item in pallet.storage.values()
    ]


def constants(registry: Registry, runtime: Runtime, pallet: Pallet) -> list[Constant]:
    """Return the pallet's constants with this runtime's values."""
    return [
        Constant(
            constant.name,
            registry.id(constant.codec),
            constant.codec.encode(runtime.constants.get(constant.id, constant.default)),
            split_docs(constant.docs),
        )
        for constant in pallet.constants.values()
        if constant.in_metadata
    ]


def outer_enums(registry: Registry, runtime: Runtime) -> OuterEnums:
    """Return the runtime's enums of calls, events and errors."""
    error = RuntimeErrorCodec(runtime.pallets)
    return OuterEnums(registry.id(RUNTIME_CALL), registry.id(RUNTIME_EVENT), registry.id(error))
