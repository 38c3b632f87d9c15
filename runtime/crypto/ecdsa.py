"""ecdsa over secp256k1: recoverable signatures over the BLAKE2b-256 of a message. The secret is the scalar.

A signature is `r ++ s ++ v` (32, 32 and 1 bytes, big-endian). The chain recovers the public key from it and compares.
The arithmetic of the curve is that of py_ecc in plain Python: one to two milliseconds a call.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from ...consensus.internal import InternalError
from .compact import encode_bytes
from .hashing import blake2_256
from .secret_uri import Junction, SecretError

if TYPE_CHECKING:
    from coincurve import PublicKey

# py_ecc is imported where it is used: it is slow to load, and few processes use ecdsa.

SIGNATURE_LENGTH = 65

#: The prime of the field and the order of the base point of the curve y² = x³ + 7.
P = 2**256 - 2**32 - 977
N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141

#: The point (x / z², y / z³); the neutral point has y = 0.
Jacobian = tuple[int, int, int]
NEUTRAL: Jacobian = (0, 0, 1)


def secret_of_seed(seed: bytes) -> bytes:
    """Return the seed itself; raise SecretError unless it is a scalar from 1 to the group's order less 1."""
    if not 0 < int.from_bytes(seed, "big") < N:
        raise SecretError("expected a seed between 1 and the order of secp256k1, got one outside")
    return seed


def public_of_secret(secret: bytes) -> bytes:
    """Return the compressed public key, 33 bytes."""
    from py_ecc.secp256k1.secp256k1 import privtopub

    x, y = privtopub(secret)
    return _compressed(x, y)


def derive(secret: bytes, junction: Junction) -> bytes:
    """Return the scalar of the child behind a hard junction; raise SecretError for a soft one."""
    if not junction.hard:
        raise SecretError("expected hard junctions (//name) for ecdsa, got a soft one (/name)")
    return secret_of_seed(blake2_256(encode_bytes(b"Secp256k1HDKD") + secret + junction.chain_code))


def sign(secret: bytes, public: bytes, message: bytes) -> bytes:
    """Sign a message: 65 bytes, deterministic (RFC 6979), with the lower of the two possible s."""
    from py_ecc.secp256k1.secp256k1 import ecdsa_raw_sign

    v, r, s = ecdsa_raw_sign(blake2_256(message), secret)
    return r.to_bytes(32, "big") + s.to_bytes(32, "big") + bytes([v - 27])


def verify(signature: bytes, message: bytes, public: bytes) -> bool:
    """Return whether the signature is by this public key (33 bytes); False for malformed input."""
    return recover(signature, message) == public


def recover(signature: bytes, message: bytes) -> bytes | None:
    """Return the compressed public key of a signature of a message, None for an invalid signature."""
    return recover_prehashed(signature, blake2_256(message))


def recover_prehashed(signature: bytes, digest: bytes) -> bytes | None:
    """Return the compressed public key of a signature of a digest (32 bytes), None for an invalid signature.

    v is 0..3, or 27..30 as in Ethereum. Its bit 0 is the parity of R's y; with bit 1 R's x is r + N, which does not
    occur by accident but can be constructed. s may be the higher of the two. The key is (s R - z G) / r.
    """
    if len(signature) != SIGNATURE_LENGTH:
        return None
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:64], "big")
    v = signature[64] - 27 if signature[64] > 26 else signature[64]
    if not (0 < r < N and 0 < s < N and v < 4):
        return None
    x = r + N if v & 2 else r
    y = _y_of(x, odd=v & 1)
    if y is None:
        return None
    z = int.from_bytes(digest, "big")
    inverse = pow(r, -1, N)
    return _sum_of_products(-z * inverse % N, s * inverse % N, (x, y, 1))


def recover_point(signature: bytes, digest: bytes) -> bytes | None:
    """Return x and y of the public key of a signature of a digest, 64 bytes; None for an invalid signature.

    The same as `recover_prehashed`, by the native library where the extra `evm` is installed, 20 times as fast.
    """
    native = _native_recovery()
    if native is None:
        public = recover_prehashed(signature, digest)
        return None if public is None else uncompressed(public)
    if len(signature) != SIGNATURE_LENGTH:
        return None
    v = signature[64] - 27 if signature[64] > 26 else signature[64]
    try:
        return native(signature[:64] + bytes((v,)), digest, None).format(compressed=False)[1:]
    except ValueError:
        return None


@cache
def _native_recovery() -> Callable[[bytes, bytes, None], PublicKey] | None:
    """Return the native function, None without the extra."""
    try:
        from coincurve import PublicKey
    except ImportError:
        return None
    return PublicKey.from_signature_and_message


def is_low(signature: bytes) -> bool:
    """Return whether s is the lower of the two possible values, as signers choose it."""
    return int.from_bytes(signature[32:64], "big") <= N // 2


def uncompressed(public: bytes) -> bytes:
    """Return x and y of a compressed public key, 64 bytes."""
    y = _y_of(int.from_bytes(public[1:], "big"), odd=public[0] & 1)
    if y is None:
        raise InternalError(f"expected a point of the curve, got {public.hex()}")
    return public[1:] + y.to_bytes(32, "big")


def _y_of(x: int, odd: int) -> int | None:
    """Return the y of this parity at x, None where there is no point with this x."""
    if x >= P:
        return None
    square = (x * x * x + 7) % P
    y = pow(square, (P + 1) // 4, P)
    if y * y % P != square:
        return None
    return y if y & 1 == odd else P - y


def _sum_of_products(a: int, b: int, point: Jacobian) -> bytes | None:
    """Return a G + b `point`, compressed, None for the neutral point; in one pass over the bits of both."""
    from py_ecc.secp256k1 import secp256k1 as curve

    base: Jacobian = (*curve.G, 1)
    table = (NEUTRAL, base, point, curve.jacobian_add(base, point))
    total = NEUTRAL
    for bit in range(255, -1, -1):
        total = curve.jacobian_add(curve.jacobian_double(total), table[(a >> bit & 1) | (b >> bit & 1) << 1])
    if total[1] == 0:
        return None
    return _compressed(*curve.from_jacobian(total))


def _compressed(x: int, y: int) -> bytes:
    return bytes([2 | y & 1]) + x.to_bytes(32, "big")
