"""BLS signatures over BLS12-381 with public keys in G2 and signatures in G1, as the drand beacon quicknet makes them.

The curve has two implementations behind one interface: py_arkworks_bls12381, compiled, where it is installed, and
py_ecc in plain Python everywhere else. Both accept and refuse the same bytes and return the same results.

Points are compressed, as zcash writes them: 48 bytes in G1, 96 in G2, with three flags in the highest bits. Decoding
follows ark-bls12-381 0.4, which the chain uses: bytes after the point are ignored, and so is everything but the flag in
the point at infinity.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Protocol, TypeVar

from . import bls_pure

G1_LENGTH, G2_LENGTH = 48, 96
ORDER = bls_pure.ORDER
#: The domain of hashes to G1 in drand's scheme "bls-unchained-g1-rfc9380".
DOMAIN = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"
_COMPRESSED, _INFINITY = 0x80, 0x40

P = TypeVar("P")
Q = TypeVar("Q")


class Curve(Protocol[P, Q]):
    """The curve, with points P in G1 and Q in G2. Its implementations are modules."""

    def __hash__(self) -> int:
        """Return a hash by identity."""

    def identity_g1(self) -> P:
        """Return the point at infinity of G1."""

    def identity_g2(self) -> Q:
        """Return the point at infinity of G2."""

    def decode_g1(self, data: bytes) -> P:
        """Return a point other than infinity (48 bytes); ValueError unless it is on the curve and in the subgroup."""

    def decode_g2(self, data: bytes) -> Q:
        """Return a point other than infinity (96 bytes); ValueError unless it is on the curve and in the subgroup."""

    def encode_g1(self, point: P) -> bytes:
        """Return the compressed form, 48 bytes."""

    def encode_g2(self, point: Q) -> bytes:
        """Return the compressed form, 96 bytes."""

    def hash_to_g1(self, message: bytes, domain: bytes) -> P:
        """Return the hash of a message to G1 (RFC 9380, BLS12381G1_XMD:SHA-256_SSWU_RO_)."""

    def multiply_g1(self, point: P, scalar: int) -> P:
        """Return a multiple of a point; the scalar is below the order."""

    def multiply_generator_g2(self, scalar: int) -> Q:
        """Return a multiple of the generator of G2; the scalar is below the order."""

    def verify(self, signature: P, message: P, public: Q) -> bool:
        """Return whether e(signature, generator of G2) = e(message, public)."""

    def pairing(self, point: P, other: Q) -> bytes:
        """Return e(point, other) as arkworks computes and writes it: 12 coefficients of 48 bytes, little-endian."""


_compiled: Curve[Any, Any] | None
try:
    from . import bls_native as _compiled
except ImportError:  # there is no wheel for this platform
    _compiled = None


def curve() -> Curve[Any, Any]:
    """Return the compiled implementation if it is installed, otherwise the one in plain Python."""
    return bls_pure if _compiled is None else _compiled


def _is_infinity(data: bytes, length: int) -> bool:
    """Return whether the flags are those of the point at infinity; ValueError unless this is a compressed point."""
    if len(data) < length:
        raise ValueError(f"expected a point of {length} bytes, got {len(data)}")
    if not data[0] & _COMPRESSED:
        raise ValueError("expected a compressed point, its flag is not set")
    return bool(data[0] & _INFINITY)


def decode_g1(on: Curve[P, Q], data: bytes) -> P:
    """Return the point of G1 that `data` begins with; ValueError if it is not one."""
    return on.identity_g1() if _is_infinity(data, G1_LENGTH) else on.decode_g1(data[:G1_LENGTH])


def decode_g2(on: Curve[P, Q], data: bytes) -> Q:
    """Return the point of G2 that `data` begins with; ValueError if it is not one."""
    return on.identity_g2() if _is_infinity(data, G2_LENGTH) else on.decode_g2(data[:G2_LENGTH])


@lru_cache(maxsize=4)
def _public_key(on: Any, data: bytes) -> Any:
    """Return a public key. Cached: a chain has one at a time, which only root changes."""
    return decode_g2(on, data)


def verify(public: bytes, message: bytes, signature: bytes, on: Curve[Any, Any] | None = None) -> bool:
    """Return whether a signature (48 bytes) over a message is by the key `public` (96 bytes).

    ValueError if one of both is not a point. `on` is the implementation, by default `curve()`.
    """
    on = on or curve()
    key, point = _public_key(on, public), decode_g1(on, signature)
    return on.verify(point, on.hash_to_g1(message, DOMAIN), key)


def sign(secret: int, message: bytes, on: Curve[Any, Any] | None = None) -> bytes:
    """Return the signature of a message, 48 bytes."""
    on = on or curve()
    return on.encode_g1(on.multiply_g1(on.hash_to_g1(message, DOMAIN), secret))


def public_of_secret(secret: int, on: Curve[Any, Any] | None = None) -> bytes:
    """Return the public key of a secret scalar, 96 bytes."""
    on = on or curve()
    return on.encode_g2(on.multiply_generator_g2(secret))
