"""ed25519: signatures as in RFC 8032, accepted by the rules of ZIP-215. The secret of a key is its seed.

ZIP-215 settles what RFC 8032 leaves open, so that all nodes agree on hostile signatures: the equation is
checked times the cofactor 8, s has to be below the group's order, and points may be encoded non-canonically
(y not reduced, or a sign on x = 0). The challenge hashes the encodings as they came.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha512
from typing import TYPE_CHECKING

from .compact import prefixed
from .hashing import blake2_256
from .secret_uri import Junction, SecretError

if TYPE_CHECKING:
    from Crypto.PublicKey.ECC import EccKey

# Crypto is imported where it is used: it loads shared libraries, and most processes only see sr25519.

SIGNATURE_LENGTH = 64
PUBLIC_LENGTH = 32

#: The field's prime and the order of the base point.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
#: A point is written as its y, little-endian, with the lowest bit of x in the highest bit.
SIGN = 1 << 255
BASE_POINT = bytes.fromhex("58" + "66" * 31)
NEUTRAL = 1


def secret_of_seed(seed: bytes) -> bytes:
    """The seed itself."""
    return seed


def public_of_secret(secret: bytes) -> bytes:
    """The public key of a seed."""
    from Crypto.PublicKey import ECC

    public: bytes = ECC.construct(curve="Ed25519", seed=secret).public_key().export_key(format="raw")
    return public


def derive(secret: bytes, junction: Junction) -> bytes:
    """The seed of the child behind a hard junction; ed25519 has no soft ones."""
    if not junction.hard:
        raise SecretError("expected hard junctions (//name) for ed25519, got a soft one (/name)")
    return blake2_256(prefixed(b"Ed25519HDKD") + secret + junction.chain_code)


def sign(secret: bytes, public: bytes, message: bytes) -> bytes:
    """Sign a message: 64 bytes, the same each time."""
    from Crypto.PublicKey import ECC
    from Crypto.Signature import eddsa

    return eddsa.new(ECC.construct(curve="Ed25519", seed=secret), "rfc8032").sign(message)


def verify(signature: bytes, message: bytes, public: bytes) -> bool:
    """Whether 8 (R + k A - s B) = 0, where k is the SHA-512 of R, A and the message.

    Any bytes are welcome.
    """
    if len(signature) != SIGNATURE_LENGTH or len(public) != PUBLIC_LENGTH:
        return False
    r, s = read_point(signature[:32]), int.from_bytes(signature[32:], "little")
    a = read_point(public)
    if r is None or a is None or s >= L:
        return False
    k = int.from_bytes(sha512(signature[:32] + public + message).digest(), "little") % L
    difference = r.pointQ + a.pointQ * k + -(_base().pointQ * s)
    return difference.double().double().double().is_point_at_infinity()


def read_point(encoded: bytes) -> EccKey | None:
    """The point that 32 bytes encode for ZIP-215, as the library's public key, or None if it is no point.

    The library reads canonical encodings only. Where x = 0 the sign means nothing, and both points there are
    read as the neutral one: the other has order two, which is lost in the multiplication by 8.
    """
    from Crypto.Signature import eddsa

    number = int.from_bytes(encoded, "little")
    sign, y = number & SIGN, number % SIGN % P
    canonical = NEUTRAL if y in (1, P - 1) else y | sign
    try:
        return eddsa.import_public_key(canonical.to_bytes(32, "little"))
    except ValueError:  # no x fits this y
        return None


@cache
def _base() -> EccKey:
    base = read_point(BASE_POINT)
    assert base is not None
    return base
