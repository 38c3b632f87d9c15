"""Timelock encryption: a message for a round of a beacon, opened by the signature that the beacon makes in that round.

The scheme is that of the crate `tle`, which clients and chain use: a random key of 32 bytes encrypts the message with
AES-256-GCM, and is itself encrypted for the round by identity-based encryption of Boneh and Franklin (FullIdent).

    U in G2 (96 bytes), V, W, body, name of the cipher        each after U with its length, u64, little-endian
    body: ciphertext with its tag, nonce                      likewise

    U = r G2    V = sigma xor H(e(round, key)^r)    W = key xor H(sigma)    r = H(sigma, key)    H = SHA-256
"""

from __future__ import annotations

from hashlib import sha256

from . import bls

KEY_LENGTH, NONCE_LENGTH, TAG_LENGTH = 32, 12, 16
CIPHER = b"AES_GCM_"


class TimelockError(ValueError):
    """The ciphertext or the signature is malformed, or they do not belong together."""


def decrypt(data: bytes, signature: bytes, on: bls.Curve[bls.P, bls.Q] | None = None) -> bytes:
    """Return the message of a ciphertext; TimelockError if the signature of 48 bytes does not open it.

    Bytes after the ciphertext and after the signature are ignored, and so is the name of the cipher, as on the chain.
    `on` is the implementation of the curve.
    """
    curve = on or bls.curve()
    try:
        point, opener = bls.decode_g2(curve, data), bls.decode_g1(curve, signature)
    except ValueError as error:
        raise TimelockError(str(error)) from None
    v, w, body, _ = _read_parts(data[bls.G2_LENGTH :], 4)
    # The chain panics where V has more than 32 bytes, or fewer than W; other lengths it refuses.
    if len(v) != KEY_LENGTH or len(w) != KEY_LENGTH:
        raise TimelockError(f"expected V and W of {KEY_LENGTH} bytes, got {len(v)} and {len(w)}")
    sigma = _xor(v, sha256(curve.pairing(opener, point)).digest())
    key = _xor(w, sha256(sigma).digest())
    if curve.encode_g2(curve.multiply_generator_g2(_scalar(sigma, key))) != data[: bls.G2_LENGTH]:
        raise TimelockError("the signature is not that of the round of the ciphertext")
    return _open(body, key)


def encrypt(public: bytes, identity: bytes, message: bytes, sigma: bytes, key: bytes, nonce: bytes) -> bytes:
    """Return a message encrypted for the signature of `identity` by the beacon's key `public` (96 bytes).

    `sigma` and `key` (32 bytes each) and `nonce` (12 bytes) have to be random. ValueError if `public` is not a key.
    """
    from Crypto.Cipher import AES

    curve = bls.curve()
    r = _scalar(sigma, key)
    shared = curve.pairing(curve.multiply_g1(curve.hash_to_g1(identity, bls.DOMAIN), r), bls.decode_g2(curve, public))
    ciphertext, tag = AES.new(key, AES.MODE_GCM, nonce=nonce).encrypt_and_digest(message)
    parts = (
        _xor(sigma, sha256(shared).digest()),
        _xor(key, sha256(sigma).digest()),
        _write_parts(ciphertext + tag, nonce),
        CIPHER,
    )
    return curve.encode_g2(curve.multiply_generator_g2(r)) + _write_parts(*parts)


def _open(body: bytes, key: bytes) -> bytes:
    """Return the message of a body; TimelockError if the key does not fit."""
    from Crypto.Cipher import AES

    ciphertext, nonce = _read_parts(body, 2)
    if len(nonce) != NONCE_LENGTH or len(ciphertext) < TAG_LENGTH:
        raise TimelockError("expected a nonce of 12 bytes, and a ciphertext with its tag of 16 bytes")
    cipher = AES.new(key, AES.MODE_GCM, nonce=nonce)
    try:
        return cipher.decrypt_and_verify(ciphertext[:-TAG_LENGTH], ciphertext[-TAG_LENGTH:])
    except ValueError as error:
        raise TimelockError(str(error)) from None


def _read_parts(data: bytes, count: int) -> list[bytes]:
    """Return byte strings, each behind its length; TimelockError when the data are too short."""
    parts, at = [], 0
    for _ in range(count):
        start = at + 8
        at = start + int.from_bytes(data[at:start], "little")
        if start > len(data) or at > len(data):
            raise TimelockError(f"expected {count} parts with their lengths, the data end after {len(data)} bytes")
        parts.append(data[start:at])
    return parts


def _write_parts(*parts: bytes) -> bytes:
    return b"".join(len(part).to_bytes(8, "little") + part for part in parts)


def _scalar(sigma: bytes, key: bytes) -> int:
    return int.from_bytes(sha256(sigma + key).digest(), "big") % bls.ORDER


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))
