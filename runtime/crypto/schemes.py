"""The three signature schemes of the chain and their implementations."""

from __future__ import annotations

from enum import IntEnum
from typing import Protocol

from . import ecdsa, ed25519, sr25519
from .secret_uri import Junction


class Scheme(IntEnum):
    """A signature scheme; the value is its variant in `MultiSignature` and `MultiSigner`."""

    ED25519 = 0
    SR25519 = 1
    ECDSA = 2


class Implementation(Protocol):
    """The functions of the module of a scheme. Secrets are bytes in the form of the scheme."""

    @property
    def SIGNATURE_LENGTH(self) -> int:
        """Bytes of a signature."""

    def secret_of_seed(self, seed: bytes) -> bytes:
        """Return the secret key of a seed of 32 bytes."""

    def public_of_secret(self, secret: bytes) -> bytes:
        """Return the public key: 32 bytes, for ecdsa 33."""

    def derive(self, secret: bytes, junction: Junction) -> bytes:
        """Return the secret key of a child."""

    def sign(self, secret: bytes, public: bytes, message: bytes) -> bytes:
        """Return a signature over the message."""

    def verify(self, signature: bytes, message: bytes, public: bytes) -> bool:
        """Return whether the signature is valid; False for malformed input."""


IMPLEMENTATIONS: dict[Scheme, Implementation] = {
    Scheme.ED25519: ed25519,
    Scheme.SR25519: sr25519,
    Scheme.ECDSA: ecdsa,
}
