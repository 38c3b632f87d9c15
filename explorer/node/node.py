"""A node: storage, runtime APIs and blocks as values, at the head or at a past block."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from ...runtime.scale.reader import Reader, ScaleError
from .connection import Connection, NodeError
from .encoding import encode
from .interface import Interface, Item, metadata_in

#: Keys per request; the genuine node returns at most this many.
PAGE = 1_000
#: Versions of a runtime whose declarations are kept, and blocks whose version is.
VERSIONS, BLOCKS = 4, 4_096


class Node:
    """A connection with the declarations of the runtime behind it."""

    def __init__(self, url: str) -> None:
        self.connection = Connection(url)
        self.url = url
        self._interfaces: OrderedDict[int, Interface] = OrderedDict()
        self._versions: OrderedDict[str | None, tuple[int, int]] = OrderedDict()
        self._reading = asyncio.Lock()

    async def call(self, method: str, *params: Any) -> Any:
        """Return the result of a JSON-RPC method; raise NodeError."""
        return await self.connection.call(method, *params)

    async def interface(self, at: str | None = None) -> Interface:
        """Return the declarations of the runtime that made a block; None: of the head, as `refresh` found it."""
        versions = self._versions.get(at)
        if versions is None or versions[0] not in self._interfaces:
            versions = await self.refresh(at)
        return self._interfaces[versions[0]]

    async def refresh(self, at: str | None = None) -> tuple[int, int]:
        """Ask for the version of the runtime at a block; read its metadata if it is new. Return both its versions."""
        version = await self.call("state_getRuntimeVersion", *([] if at is None else [at]))
        try:
            spec, transaction = int(version["specVersion"]), int(version["transactionVersion"])
        except (TypeError, KeyError, ValueError):
            raise NodeError(f"{self.url} states no version of its runtime") from None
        async with self._reading:
            if spec not in self._interfaces:
                await self._read_metadata(spec, transaction, [] if at is None else [at])
        if len(self._versions) >= BLOCKS:
            self._versions.popitem(last=False)
        self._versions[at] = spec, transaction
        return spec, transaction

    async def _read_metadata(self, spec: int, transaction: int, block: list[str]) -> None:
        answer = await self.call("state_call", "Metadata_metadata_at_version", "0x0f000000", *block)
        try:
            self._interfaces[spec] = Interface(metadata_in(from_hex(answer)), spec, transaction)
        except (ScaleError, RecursionError) as error:
            raise NodeError(f"{self.url}: {error}") from None
        if len(self._interfaces) > VERSIONS:
            self._interfaces.popitem(last=False)

    # --- storage -----------------------------------------------------------------------------------------------

    async def storage(self, pallet: str, name: str, *keys: Any, at: str | None = None) -> Any:
        """Return the value of an entry, or its default; None without a default, or without such an item."""
        interface = await self.interface(at)
        item = interface.item(pallet, name)
        if item is None:
            return None
        raw = await self.call("state_getStorage", to_hex(key_of(interface, item, keys)), *([at] if at else []))
        return value_of(interface, item, raw)

    async def entries(
        self, item: Item, first: Sequence[Any] = (), at: str | None = None, limit: int = PAGE, after: str | None = None
    ) -> list[tuple[str, tuple[Any, ...], Any]]:
        """Return entries of a map, `limit` at most, whose keys begin with `first`, in the chain's order.

        Each has its storage key, the parts of its key (None if the hasher does not keep it), and its value.
        """
        interface = await self.interface(at)
        prefix, block, found = to_hex(key_of(interface, item, first)), [at] if at else [], []
        while limit > 0:
            keys = await self.call("state_getKeysPaged", prefix, min(limit, PAGE), after, *block)
            if not keys:
                break
            for change in await self.call("state_queryStorageAt", keys, *block):
                for key, raw in change["changes"]:
                    found.append((str(key), parts_of(interface, item, key), value_of(interface, item, raw)))
            limit -= len(keys)
            after = keys[-1]
            if len(keys) < PAGE:
                break
        return found

    # --- runtime APIs ------------------------------------------------------------------------------------------

    async def ask(self, method: str, *values: Any, at: str | None = None) -> Any:
        """Return the answer of a runtime API, `Api.method`; None where the runtime has no such method."""
        interface = await self.interface(at)
        found = interface.api(method)
        if found is None:
            return None
        arguments = b"".join(
            encode(interface.types, param.type, value) for param, value in zip(found.inputs, values, strict=True)
        )
        name = method.replace(".", "_")
        answer = await self.call("state_call", name, to_hex(arguments), *([at] if at else []))
        return decoded(interface, found.output, from_hex(answer))

    # --- blocks ------------------------------------------------------------------------------------------------

    async def block_hash(self, number: int | None = None) -> str | None:
        """Return the hash of a block by its number, of the head by default; None if there is no such block."""
        found = await self.call("chain_getBlockHash", *([] if number is None else [number]))
        return None if found is None else str(found)


def key_of(interface: Interface, item: Item, keys: Sequence[Any]) -> bytes:
    """Return a storage key, or with less keys than the item has what the keys of all such entries begin with."""
    given = zip(item.hashers, item.keys, keys, strict=False)
    return item.prefix + b"".join(hasher.hash(encode(interface.types, number, key)) for hasher, number, key in given)


def parts_of(interface: Interface, item: Item, key: str) -> tuple[Any, ...]:
    """Return the keys in a storage key; None for one that the hasher does not keep."""
    from_ = from_hex(key)[len(item.prefix) :]
    found: list[Any] = []
    for hasher, number in zip(item.hashers, item.keys, strict=True):
        from_ = from_[hasher.size :]
        if not hasher.keeps_key:
            found.append(None)
            continue
        value, read = read_part(interface, number, from_)
        found.append(value)
        from_ = from_[read:]
    return tuple(found)


def read_part(interface: Interface, number: int, data: bytes) -> tuple[Any, int]:
    """Return the value at the beginning of these bytes, and its length."""
    reader = Reader(data)
    try:
        return interface.types.read(number, reader), reader.at
    except ScaleError as error:
        raise NodeError(f"the node's key cannot be read: {error}") from None


def value_of(interface: Interface, item: Item, raw: str | None) -> Any:
    """Return the value of an entry, from its bytes in hexadecimal; the default where there are none."""
    data = item.default if raw is None else from_hex(raw)
    return None if data is None else decoded(interface, item.value, data)


def decoded(interface: Interface, number: int, data: bytes) -> Any:
    """Return the value of a type; raise NodeError if the bytes do not encode one."""
    try:
        return interface.types.decode(number, data)
    except (ScaleError, RecursionError) as error:
        raise NodeError(f"the node's value cannot be read: {error}") from None


def to_hex(data: bytes) -> str:
    """Return bytes as 0x and digits."""
    return "0x" + data.hex()


def from_hex(text: Any) -> bytes:
    """Return the bytes of 0x and digits; raise NodeError for anything else."""
    try:
        return bytes.fromhex(text.removeprefix("0x"))
    except (ValueError, AttributeError):
        raise NodeError("expected bytes in hexadecimal from the node") from None
