"""Storage hashers: how the key of a map becomes part of a storage key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from ...consensus.internal import InternalError
from ..crypto.hashing import blake2_128, blake2_128_concat, blake2_256, twox_64_concat, twox_128, twox_256
from ..scale.codec import AnyCodec

#: Cached parts of storage keys for each hasher and type: hashing is most of the cost of a read.
KEY_CACHE_LIMIT = 50_000


@dataclass(frozen=True)
class Hasher:
    """A storage hasher: `size` bytes of hash, followed by the key itself when `keeps_key`."""

    name: str
    #: Variant of `StorageHasher` in metadata.
    index: int
    size: int
    keeps_key: bool
    hash: Callable[[bytes], bytes]


def _identity(key: bytes) -> bytes:
    return key


Blake2_128 = Hasher("Blake2_128", 0, 16, False, blake2_128)
Blake2_256 = Hasher("Blake2_256", 1, 32, False, blake2_256)
Blake2_128Concat = Hasher("Blake2_128Concat", 2, 16, True, blake2_128_concat)
Twox128 = Hasher("Twox128", 3, 16, False, twox_128)
Twox256 = Hasher("Twox256", 4, 32, False, twox_256)
Twox64Concat = Hasher("Twox64Concat", 5, 8, True, twox_64_concat)
Identity = Hasher("Identity", 6, 0, True, _identity)


class KeyParts(dict[Any, bytes]):
    """A cache of hashed keys: `parts[account]` is the part of a storage key for that account."""

    def __init__(self, hasher: Hasher, codec: AnyCodec) -> None:
        if not codec.immutable:
            raise InternalError(f"expected keys of an immutable type, got {codec.name}")
        super().__init__()
        self._hash, self._encode = hasher.hash, codec.encode

    def __missing__(self, key: Any) -> bytes:
        if len(self) >= KEY_CACHE_LIMIT:
            self.clear()
        part = self[key] = self._hash(self._encode(key))
        return part


@cache
def key_parts(hasher: Hasher, codec: AnyCodec) -> KeyParts:
    """Return the cache for one hasher and type, which all items share: the same accounts are keys of many items."""
    return KeyParts(hasher, codec)
