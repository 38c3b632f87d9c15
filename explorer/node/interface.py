"""What a node declares in its metadata, version 15: pallets with storage, calls, events and errors; runtime APIs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...runtime.crypto import twox_128
from ...runtime.frame import hashers
from ...runtime.frame.hashers import Hasher
from ...runtime.metadata import MAGIC, parts
from ...runtime.metadata import registry as shapes
from ...runtime.metadata.v15 import Api, MetadataV15, Method, Pallet
from ...runtime.scale.reader import Reader, ScaleError
from .types import Types
from .values import Variant

VERSION_15 = b"\x0f"
HASHERS: dict[int, Hasher] = {hasher.index: hasher for hasher in vars(hashers).values() if isinstance(hasher, Hasher)}


@dataclass(frozen=True, slots=True)
class Item:
    """A storage item: a value, or a value for each key. `default` is encoded; None without one."""

    pallet: str
    name: str
    prefix: bytes
    hashers: tuple[Hasher, ...]
    keys: tuple[int, ...]
    value: int
    default: bytes | None
    docs: str


@dataclass(frozen=True, slots=True)
class Called:
    """A call of a pallet: its fields, and the bytes that name it."""

    pallet: str
    name: str
    fields: tuple[shapes.Field, ...]
    index: bytes
    docs: str


class Interface:
    """The declarations of one version of a runtime."""

    def __init__(self, blob: bytes, spec_version: int, transaction_version: int) -> None:
        """Read metadata with its magic number; raise ScaleError for anything other than version 15."""
        if not blob.startswith(MAGIC + VERSION_15):
            raise ScaleError("expected metadata of version 15")
        found: MetadataV15 = MetadataV15.scale.decode(blob[len(MAGIC) + 1 :])
        self.metadata, self.spec_version, self.transaction_version = found, spec_version, transaction_version
        self.types = Types(found.types)
        self.pallets: dict[str, Pallet] = {pallet.name: pallet for pallet in found.pallets}
        self.by_index = {pallet.index: pallet for pallet in found.pallets}
        self.apis: dict[str, Api] = {api.name: api for api in found.apis}
        self._items: dict[tuple[str, str], Item] = {}

    def api(self, name: str) -> Method | None:
        """Return a method of a runtime API, `Api.method`; None where the runtime has none."""
        api, _, method = name.partition(".")
        methods = self.apis[api].methods if api in self.apis else []
        return next((each for each in methods if each.name == method), None)

    # --- storage -----------------------------------------------------------------------------------------------

    def items(self, pallet: str) -> list[str]:
        """Return the names of a pallet's storage items."""
        storage = self.pallets[pallet].storage if pallet in self.pallets else None
        return [] if storage is None else [entry.name for entry in storage.entries]

    def item(self, pallet: str, name: str) -> Item | None:
        """Return a storage item; None where the runtime has none."""
        known = self._items.get((pallet, name))
        storage = self.pallets[pallet].storage if known is None and pallet in self.pallets else None
        if storage is None:
            return known
        entry = next((each for each in storage.entries if each.name == name), None)
        if entry is None:
            return None
        found = self._items[(pallet, name)] = self._item(pallet, storage.prefix, entry)
        return found

    def _item(self, pallet: str, prefix: str, entry: parts.StorageEntry) -> Item:
        key_hashers: tuple[Hasher, ...] = ()
        keys: tuple[int, ...] = ()
        if isinstance(entry.type, parts.Map):
            key_hashers = tuple(HASHERS[each.value] for each in entry.type.hashers)
            shape = self.types[entry.type.key].definition
            several = len(key_hashers) > 1 and isinstance(shape, shapes.Tuple)
            keys = tuple(shape.items) if several and isinstance(shape, shapes.Tuple) else (entry.type.key,)
        default = entry.default if entry.modifier is parts.Modifier.Default else None
        value = entry.type.value  # type: ignore[attr-defined]  # both variants have it
        start = twox_128(prefix.encode()) + twox_128(entry.name.encode())
        return Item(pallet, entry.name, start, key_hashers, keys, value, default, text(entry.docs))

    # --- calls, events, errors ---------------------------------------------------------------------------------

    def calls(self, pallet: str) -> dict[str, Called]:
        """Return the calls of a pallet by name."""
        found = self.pallets.get(pallet)
        return {
            variant.name: Called(
                pallet, variant.name, tuple(variant.fields), bytes((found.index, variant.index)), text(variant.docs)
            )
            for variant in self._variants(found.calls if found else None)
            if found is not None
        }

    def event_docs(self, pallet: str, event: str) -> str:
        """Return the documentation of an event."""
        found = self.pallets.get(pallet)
        return next((text(v.docs) for v in self._variants(found.event if found else None) if v.name == event), "")

    def error(self, value: Any) -> tuple[str, str]:
        """Return name and documentation of a DispatchError."""
        if not isinstance(value, Variant):
            return str(value), ""
        if value.name != "Module" or not isinstance(value.value, dict):
            return (f"{value.name}.{value.value.name}" if isinstance(value.value, Variant) else value.name), ""
        pallet, code = self.by_index.get(value.value.get("index", -1)), value.value.get("error", b"")
        for variant in self._variants(pallet.error if pallet else None):
            if pallet is not None and code and variant.index == code[0]:
                return f"{pallet.name}.{variant.name}", text(variant.docs)
        return f"Module {value.value.get('index')}, error 0x{bytes(code).hex()}", ""

    def _variants(self, number: int | None) -> list[shapes.TypeVariant]:
        shape = None if number is None else self.types[number].definition
        return shape.variants if isinstance(shape, shapes.Variants) else []


def text(docs: list[str]) -> str:
    """Return documentation as one text."""
    return "\n".join(line.strip() for line in docs).strip()


def metadata_in(answer: bytes) -> bytes:
    """Return the metadata in the answer of `Metadata_metadata_at_version`; raise ScaleError if there is none."""
    reader = Reader(answer)
    if reader.byte() != 1:
        raise ScaleError("the node has no metadata of version 15")
    return reader.take(reader.compact())
