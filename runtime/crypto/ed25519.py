"""ed25519: signatures as in RFC 8032, accepted by the rules of ZIP-215. The secret of a key is its seed.

ZIP-215 defines what RFC 8032 leaves open, so that all nodes agree on crafted signatures: the equation is multiplied
by the cofactor 8, s must be below the group's order, and points may be encoded non-canonically (y not reduced, or a
sign on x = 0). The challenge hashes the encodings as received.
"""

from __future__ import annotations

from hashlib import sha512
from typing import TYPE_CHECKING

from . import edwards
from .compact import encode_bytes
from .edwards import L
from .hashing import blake2_256
from .secret_uri import Junction, SecretError

if TYPE_CHECKING:
    from Crypto.PublicKey.ECC import EccKey

# Crypto is imported where it is used: it loads shared libraries, and most processes only use sr25519.

SIGNATURE_LENGTH = 64
PUBLIC_LENGTH = 32

#: A point with the coordinates x and y.
Affine = tuple[int, int]


def secret_of_seed(seed: bytes) -> bytes:
    """Return the seed itself."""
    return seed


def public_of_secret(secret: bytes) -> bytes:
    """Return the public key of a seed."""
    public: bytes = _key(secret).public_key().export_key(format="raw")
    return public


def derive(secret: bytes, junction: Junction) -> bytes:
    """Return the seed of the child behind a hard junction; raise SecretError for a soft one."""
    if not junction.hard:
        raise SecretError("expected hard junctions (//name) for ed25519, got a soft one (/name)")
    return blake2_256(encode_bytes(b"Ed25519HDKD") + secret + junction.chain_code)


def sign(secret: bytes, public: bytes, message: bytes) -> bytes:
    """Sign a message: 64 bytes, deterministic."""
    from Crypto.Signature import eddsa

    return eddsa.new(_key(secret), "rfc8032").sign(message)


def _key(secret: bytes) -> EccKey:
    from Crypto.PublicKey import ECC

    # The stubs of some versions say that a seed is text.
    return ECC.construct(curve="Ed25519", seed=secret)  # type: ignore[arg-type,unused-ignore]


def verify(signature: bytes, message: bytes, public: bytes) -> bool:
    """Return whether the signature over the message is by the public key; False for malformed input.

    The library is fast. ZIP-215 accepts all that it accepts, except s = L in some of its versions, which is refused
    before. What the library refuses is checked again by ZIP-215.
    """
    if len(signature) != SIGNATURE_LENGTH or len(public) != PUBLIC_LENGTH:
        return False
    if int.from_bytes(signature[32:], "little") >= L:
        return False
    return _verify_strictly(signature, message, public) or _verify_zip215(signature, message, public)


def _verify_strictly(signature: bytes, message: bytes, public: bytes) -> bool:
    from Crypto.Signature import eddsa

    try:
        eddsa.new(eddsa.import_public_key(public), "rfc8032").verify(message, signature)
    except ValueError:
        return False
    return True


def _verify_zip215(signature: bytes, message: bytes, public: bytes) -> bool:
    """Return whether 8 (R + k A - s B) = 0, where k is the SHA-512 of R, A and the message."""
    r, a = edwards.decode(signature[:32]), edwards.decode(public)
    if r is None or a is None:
        return False
    s = int.from_bytes(signature[32:], "little")
    k = _challenge(signature, message, public)
    # B has the order L, so that L - s stands for -s.
    difference = edwards.add(r, edwards.sum_of_products(k, a, L - s, edwards.BASE))
    return edwards.has_small_order(difference)


# --- the older rule --------------------------------------------------------------------------------------------------


def is_public(public: bytes) -> bool:
    """Return whether 32 bytes encode a point, canonically or not."""
    return edwards.decode(public) is not None


def verify_without_cofactor(signature: bytes, message: bytes, public: bytes) -> bool:
    """Return whether R is the canonical encoding of s B - k A, and s is below the group's order.

    This is the rule of ed25519-dalek, which the EVM's precompile uses. It refuses some crafted signatures that ZIP-215
    accepts.
    """
    point, s = edwards.decode(public), int.from_bytes(signature[32:], "little")
    if len(signature) != SIGNATURE_LENGTH or point is None or s >= L:
        return False
    return edwards.encode(*_difference(s, _challenge(signature, message, public), point[:2])) == signature[:32]


def _challenge(signature: bytes, message: bytes, public: bytes) -> int:
    return int.from_bytes(sha512(signature[:32] + public + message).digest(), "little") % L


def _difference(s: int, k: int, point: Affine) -> Affine:
    """Return s B - k `point`."""
    from Crypto.PublicKey import ECC

    x, y = edwards.P - point[0], point[1]
    try:
        minus = ECC.EccPoint(x, y, curve="Ed25519")
    except ValueError:  # the library refuses three of the points of small order
        return edwards.affine(edwards.sum_of_products(s, edwards.BASE, k, (x, y, 1, x * y % edwards.P)))
    total = ECC.EccPoint(*edwards.affine(edwards.BASE), curve="Ed25519") * s + minus * k
    return int(total.x), int(total.y)
