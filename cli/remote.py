"""A running chain, read by the declarations of this runtime: blocks, storage, constants, runtime APIs, events.

The node must run the same interface; `check` verifies that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..runtime.apis import ApiMethod
from ..runtime.composition import spec_425
from ..runtime.crypto import blake2_256
from ..runtime.frame.events import ApplyExtrinsic
from ..runtime.frame.storage import StorageItem
from ..runtime.metadata import MAGIC
from ..runtime.pallets import system
from ..runtime.scale import Reader, Sum, codec_of, u32
from ..runtime.version import SPEC_NAME, SPEC_VERSION
from .client import Client, NodeError
from .derived.index import index
from .errors import Misused
from .known_runtimes import marker, remember

if TYPE_CHECKING:
    from ..runtime.metadata.v15 import MetadataV15

#: Keys per request; the genuine node returns at most this many.
PAGE = 1000
#: Version byte in the answer of `Metadata_metadata_at_version`, after the magic number.
VERSION_15 = b"\x0f"
_HASH = re.compile(r"0x[0-9a-fA-F]{64}")
_NUMBER = re.compile(r"[0-9]{1,10}")

Item = StorageItem[Any, Any]


class WrongInterface(NodeError):
    """The node runs another runtime than this program supports."""


class Remote:
    """A node, and the runtime that it is expected to run."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.runtime = spec_425()

    def check(self) -> None:
        """Raise WrongInterface unless the node's runtime has our version and our types, by the RFC-78 digest.

        A runtime that had them before is only known by the hash of its code.
        """
        version = self.client.call("state_getRuntimeVersion")
        found = (version.get("specName"), version.get("specVersion"))
        if found != (SPEC_NAME, SPEC_VERSION):
            raise WrongInterface(
                f"this program supports {SPEC_NAME} {SPEC_VERSION}, {self.client.url} runs {found[0]} {found[1]}"
            )
        known = marker(self.client)
        if known is not None and known.exists():
            return
        from ..runtime.metadata.digest import metadata_digest

        digest = metadata_digest(self.metadata, SPEC_VERSION, SPEC_NAME).hex()
        if digest != index()["digest"]:
            raise WrongInterface(
                f"{self.client.url} runs {SPEC_NAME} {SPEC_VERSION} with other types than this program: expected the "
                f"metadata digest 0x{index()['digest']}, got 0x{digest}"
            )
        if known is not None:
            remember(known)

    @cached_property
    def metadata(self) -> MetadataV15:
        """The node's own metadata, version 15."""
        from ..runtime.metadata.v15 import MetadataV15

        answer = self.call_api("Metadata_metadata_at_version", codec_of(u32).encode(15))
        reader = Reader(answer)
        if reader.byte() != 1:
            raise WrongInterface(f"{self.client.url} has no metadata of version 15")
        blob = reader.take(reader.compact())
        if not blob.startswith(MAGIC + VERSION_15):
            raise WrongInterface(f"{self.client.url} answered with something other than metadata of version 15")
        metadata: MetadataV15 = MetadataV15.scale.decode(blob[len(MAGIC) + 1 :])
        return metadata

    @cached_property
    def genesis_hash(self) -> bytes:
        """The hash of block 0."""
        return self.block_hash("0")

    def block_hash(self, at: str | None) -> bytes:
        """Return the hash of a block by its number or hash; None: of the head."""
        if at is not None and _HASH.fullmatch(at):
            return from_hex(at)
        if at is not None and not _NUMBER.fullmatch(at):
            raise Misused(f"expected the number or the 0x-hash of a block, got {at!r}")
        found = self.client.call("chain_getBlockHash", *([] if at is None else [int(at)]))
        if found is None:
            raise NodeError(f"{self.client.url} has no block {at}")
        return from_hex(found)

    def head_number(self) -> int:
        """Return the number of the head."""
        return int(self.client.call("chain_getHeader")["number"], 16)

    def call_api(self, name: str, arguments: bytes, at: bytes | None = None) -> bytes:
        """Return the encoded answer of a runtime API, `Api_method`."""
        block = [] if at is None else [to_hex(at)]
        return from_hex(self.client.call("state_call", name, to_hex(arguments), *block))

    def ask(self, method: ApiMethod, values: Sequence[Any], at: bytes | None = None) -> Any:
        """Return the typed answer of a runtime API to typed arguments."""
        arguments = [field.codec.encode(value) for field, value in zip(method.inputs, values, strict=True)]
        return method.output.decode(self.call_api(method.exported, b"".join(arguments), at), self.runtime)

    # --- storage -----------------------------------------------------------------------------------------------

    def storage(self, item: Item, keys: Sequence[Any], at: bytes | None = None) -> Any:
        """Return the value of an entry; of an absent one its default."""
        block = [] if at is None else [to_hex(at)]
        raw = self.client.call("state_getStorage", to_hex(item.key_of(keys)), *block)
        return self._default(item) if raw is None else item.codec.decode(from_hex(raw), self.runtime)

    def _default(self, item: Item) -> Any:
        """Return an item's default on the node: defaults that are a chain's parameters are read from its metadata."""
        if item.default_constant is None:
            return item.default()
        storages = (pallet.storage for pallet in self.metadata.pallets if pallet.storage is not None)
        (entries,) = (storage.entries for storage in storages if storage.prefix == item.pallet_prefix)
        (default,) = (entry.default for entry in entries if entry.name == item.name)
        return item.codec.decode(default)

    def entries(self, item: Item, first: Sequence[Any], at: bytes, limit: int) -> Iterator[tuple[tuple[Any, ...], Any]]:
        """Yield the entries of a map whose keys begin with `first`, in the chain's order: parts of the key, and value.

        A part is None if its hasher does not keep the key.
        """
        prefix, last, block = to_hex(item.key_of(first)), None, to_hex(at)
        while limit > 0:
            keys = self.client.call("state_getKeysPaged", prefix, min(limit, PAGE), last, block)
            if not keys:
                return
            for change in self.client.call("state_queryStorageAt", keys, block):
                for key, raw in change["changes"]:
                    yield item.parts_of(from_hex(key)), item.codec.decode(from_hex(raw), self.runtime)
            limit -= len(keys)
            last = keys[-1]

    # --- blocks ------------------------------------------------------------------------------------------------

    def locate(self, raw: bytes, block: bytes) -> tuple[int, int]:
        """Return the number of a block, and the index of an extrinsic in it."""
        found = self.client.call("chain_getBlock", to_hex(block))["block"]
        hashes = [blake2_256(from_hex(extrinsic)) for extrinsic in found["extrinsics"]]
        return int(found["header"]["number"], 16), hashes.index(blake2_256(raw))

    def events(self, block: bytes, index: int) -> list[Sum]:
        """Return the events of an extrinsic of a block, in order."""
        records = self.storage(system.Events, (), block)
        return [record.event for record in records if record.phase == ApplyExtrinsic(index)]


def to_hex(data: bytes) -> str:
    return "0x" + data.hex()


def from_hex(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))
