"""Names and text for storage keys, values, events and errors of a runtime."""

from __future__ import annotations

from typing import Any

import orjson
from pysubtensor.consensus.internal import InternalError
from pysubtensor.runtime.client.errors import PlainError
from pysubtensor.runtime.client.to_plain import to_plain
from pysubtensor.runtime.crypto.hashing import twox_128
from pysubtensor.runtime.frame.errors import DispatchError, Module
from pysubtensor.runtime.frame.runtime import Runtime
from pysubtensor.runtime.frame.storage import StorageItem
from pysubtensor.runtime.scale import Reader, ScaleError, codec_of
from pysubtensor.runtime.scale.codec import AnyCodec

from .unbuilt import PALLETS

#: Length in bytes of the hashed pallet name, and of the hashed names of pallet and item.
PALLET_SIZE, ITEM_SIZE = 16, 32
#: Longest text of one side of a difference.
MAX_TEXT = 600

DISPATCH_ERROR: AnyCodec = codec_of(DispatchError)


def shortened(text: str) -> str:
    """Return `text`, cut where it is too long to read."""
    return text if len(text) <= MAX_TEXT else f"{text[:MAX_TEXT]}… ({len(text)} characters)"


def plain(codec: AnyCodec, value: Any) -> str:
    """Return a typed value as JSON, or as Python shows it where JSON has no form for it."""
    try:
        return orjson.dumps(to_plain(codec, value), option=orjson.OPT_NON_STR_KEYS).decode()
    except (PlainError, orjson.JSONEncodeError):
        return repr(value)


class Names:
    """The names of one runtime's parts."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._pallets = {pallet.index: pallet for pallet in runtime.pallets}
        self._items: dict[bytes, StorageItem[Any, Any]] = {
            item.prefix: item for pallet in runtime.pallets for item in pallet.storage.values()
        }
        names = [*PALLETS.values(), *(pallet.name for pallet in runtime.pallets)]
        self._prefixes = {twox_128(name.encode()): name for name in names}

    def pallet_of_key(self, key: bytes) -> str | None:
        """Return the name of the pallet under which a key stands; None when the key is of no known pallet."""
        return self._prefixes.get(key[:PALLET_SIZE])

    def item(self, key: bytes) -> str:
        """Return "Pallet.Item" of a storage key; only the known part if the item is unknown."""
        item = self._items.get(key[:ITEM_SIZE])
        if item is not None:
            return f"{item.pallet_prefix}.{item.name}"
        pallet = self.pallet_of_key(key)
        return f"{pallet}.{key[PALLET_SIZE:ITEM_SIZE].hex()}" if pallet else key[:ITEM_SIZE].hex()

    def key(self, key: bytes) -> str:
        """Return item, decoded key parts (a dash for parts that are only hashed) and the whole key in hexadecimal."""
        item = self._items.get(key[:ITEM_SIZE])
        if item is None:
            return f"{self.item(key)} 0x{key.hex()}"
        try:
            parts = item.parts_of(key)
        except (ScaleError, InternalError):
            return f"{self.item(key)}(not decodable) 0x{key.hex()}"
        shown = [
            plain(codec, part) if hasher.keeps_key else "-"
            for hasher, codec, part in zip(item.hashers, item.keys_codec, parts, strict=True)
        ]
        keys = f"({', '.join(shown)})" if shown else ""
        return f"{self.item(key)}{keys} 0x{key.hex()}"

    def value(self, key: bytes, value: bytes | None) -> str:
        """Return a stored value: decoded where its item is known, and in hexadecimal."""
        if value is None:
            return "absent"
        item = self._items.get(key[:ITEM_SIZE])
        try:
            decoded = plain(item.codec, item.codec.decode(value, self._runtime)) if item else ""
        except ScaleError:
            decoded = "not decodable"
        return shortened(f"{decoded} 0x{value.hex()}".strip())

    def event(self, encoded: str) -> str:
        """Return a RuntimeEvent, given in hexadecimal, by name with its fields."""
        raw = bytes.fromhex(encoded)
        pallet = self._pallets.get(raw[0])
        if pallet is None or pallet.event is None:
            return f"{PALLETS.get(raw[0], f'pallet {raw[0]}')} 0x{encoded}"
        codec: AnyCodec = codec_of(pallet.event)
        try:
            return f"{pallet.name}.{plain(codec, codec.read(Reader(raw, 1)))} 0x{encoded}"
        except ScaleError:
            return f"{pallet.name} 0x{encoded}"

    def error(self, encoded: str) -> str:
        """Return a DispatchError, given in hexadecimal, by name ("Pallet.Error" of a pallet); other text as it is."""
        try:
            error = DISPATCH_ERROR.decode(bytes.fromhex(encoded))
        except (ScaleError, ValueError):
            return encoded
        if not isinstance(error, Module):
            return plain(DISPATCH_ERROR, error)
        pallet = self._pallets.get(error.error.index)
        variants = [] if pallet is None or pallet.error is None else list(pallet.error)
        name = next((variant.name for variant in variants if variant.index == error.error.error[0]), "?")
        return f"{pallet.name if pallet else error.error.index}.{name}"
