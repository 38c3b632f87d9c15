"""sr25519: Schnorr signatures over Ristretto, in the context "substrate". The default of every wallet.

The secret of a key is schnorrkel's 64 bytes: a scalar and a nonce seed. Signatures and the nonce seeds of derived keys
are randomized, public keys are not.
"""

from __future__ import annotations

import sr25519

from .secret_uri import Junction

SIGNATURE_LENGTH = 64
PUBLIC_LENGTH = 32


def secret_of_seed(seed: bytes) -> bytes:
    """Return schnorrkel's secret key of a seed of 32 bytes, expanded as in ed25519."""
    secret: bytes = sr25519.pair_from_seed(seed)[1]
    return secret


def public_of_secret(secret: bytes) -> bytes:
    """Return the public key of a secret key."""
    public: bytes = sr25519.public_from_secret_key(secret)
    return public


def derive(secret: bytes, junction: Junction) -> bytes:
    """Return the secret key of the child behind a junction."""
    step = sr25519.hard_derive_keypair if junction.hard else sr25519.derive_keypair
    child: bytes = step((junction.chain_code, public_of_secret(secret), secret), b"")[2]
    return child


def sign(secret: bytes, public: bytes, message: bytes) -> bytes:
    """Sign a message: 64 bytes with the highest bit set."""
    signature: bytes = sr25519.sign((public, secret), message)
    return signature


def verify(signature: bytes, message: bytes, public: bytes) -> bool:
    """Return whether the signature over the message is by the public key; False for malformed input."""
    if len(signature) != SIGNATURE_LENGTH or len(public) != PUBLIC_LENGTH:
        return False
    try:
        return bool(sr25519.verify(signature, message, public))
    except ValueError:  # a non-canonical scalar, not a point, or without schnorrkel's mark
        return False
