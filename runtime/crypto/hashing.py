"""The chain's hash functions: BLAKE2b and xxHash for ids and storage keys, Keccak for the EVM."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from hashlib import blake2b
from typing import TYPE_CHECKING

from xxhash import xxh64_digest

if TYPE_CHECKING:
    from Crypto.Hash.keccak import Keccak_Hash


def blake2_128(data: bytes) -> bytes:
    """Return the BLAKE2b digest of 16 bytes."""
    return blake2b(data, digest_size=16).digest()


def blake2_256(data: bytes) -> bytes:
    """Return the BLAKE2b digest of 32 bytes: the hash of blocks, extrinsics, calls and trie nodes."""
    return blake2b(data, digest_size=32).digest()


def blake2_512(data: bytes) -> bytes:
    """Return the BLAKE2b digest of 64 bytes."""
    return blake2b(data).digest()


def blake2_128_concat(data: bytes) -> bytes:
    """Return `blake2_128(data) ++ data`: a map key from which the data can be read."""
    return blake2b(data, digest_size=16).digest() + data


# twox_N is N/64 xxh64 digests with the seeds 0, 1, 2, ..., each little-endian. xxhash writes a digest
# big-endian, so the joined digests are taken in falling order of their seeds and reversed once.


def twox_128(data: bytes) -> bytes:
    """Return 16 bytes of xxHash: the hash of names of pallets and storage items."""
    return (xxh64_digest(data, 1) + xxh64_digest(data))[::-1]


def twox_256(data: bytes) -> bytes:
    """Return 32 bytes of xxHash."""
    return b"".join([xxh64_digest(data, seed) for seed in (3, 2, 1, 0)])[::-1]


def twox_64_concat(data: bytes) -> bytes:
    """Return 8 bytes of xxHash, then the data: a readable map key, for keys that users do not choose."""
    return xxh64_digest(data)[::-1] + data


def keccak_256(data: bytes) -> bytes:
    """Return Keccak-256 with the original padding, as on Ethereum (not SHA3-256)."""
    return _keccak()(data=data, digest_bits=256).digest()


@cache
def _keccak() -> Callable[..., Keccak_Hash]:
    """Return the library's function, imported at first use: that takes tens of milliseconds."""
    from Crypto.Hash import keccak

    return keccak.new
