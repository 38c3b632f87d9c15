"""How map keys become storage keys, and back where the hasher keeps the key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from ..crypto.hashing import blake2_128, blake2_256, twox_64, twox_128, twox_256
from ..scale.codec import AnyCodec

#: Parts of storage keys that are remembered of each kind, hashing being most of the cost of a read. Memory, not
#: behaviour.
KEY_CACHE_LIMIT = 50_000


@dataclass(frozen=True)
class Hasher:
    """A storage hasher: `size` bytes of hash, followed by the key itself when `keeps_key`."""

    name: str
    #: Its place in metadata's enum of hashers.
    index: int
    size: int
    keeps_key: bool
    hash: Callable[[bytes], bytes]


def _blake2_128_concat(key: bytes) -> bytes:
    return blake2_128(key) + key


def _twox_64_concat(key: bytes) -> bytes:
    return twox_64(key) + key


def _identity(key: bytes) -> bytes:
    return key


Blake2_128 = Hasher("Blake2_128", 0, 16, False, blake2_128)
Blake2_256 = Hasher("Blake2_256", 1, 32, False, blake2_256)
Blake2_128Concat = Hasher("Blake2_128Concat", 2, 16, True, _blake2_128_concat)
Twox128 = Hasher("Twox128", 3, 16, False, twox_128)
Twox256 = Hasher("Twox256", 4, 32, False, twox_256)
Twox64Concat = Hasher("Twox64Concat", 5, 8, True, _twox_64_concat)
Identity = Hasher("Identity", 6, 0, True, _identity)


class KeyParts(dict[Any, bytes]):
    """Typed keys as they stand in storage keys, made when they are first asked for: `parts[account]`."""

    def __init__(self, hasher: Hasher, codec: AnyCodec) -> None:
        assert codec.immutable, f"keys must be values that do not change, got {codec.name}"
        super().__init__()
        self._hash, self._encode = hasher.hash, codec.encode

    def __missing__(self, key: Any) -> bytes:
        if len(self) >= KEY_CACHE_LIMIT:
            self.clear()
        part = self[key] = self._hash(self._encode(key))
        return part


@cache
def key_parts(hasher: Hasher, codec: AnyCodec) -> KeyParts:
    """Those of one hasher and type: all items share them, as the same accounts stand in many."""
    return KeyParts(hasher, codec)
