"""Signature checks against a public key, or against an account as the chain's `MultiSignature` does.

The input is untrusted: malformed bytes are not an error but an invalid signature.
"""

from __future__ import annotations

from . import ecdsa
from .hashing import blake2_256
from .schemes import IMPLEMENTATIONS, Scheme


def verify(scheme: Scheme, signature: bytes, message: bytes, public: bytes) -> bool:
    """Return whether `signature` (64 bytes, for ecdsa 65) over `message` is by the key `public` (32 bytes, or 33)."""
    return IMPLEMENTATIONS[scheme].verify(signature, message, public)


def verify_account(scheme: Scheme, signature: bytes, message: bytes, account: bytes) -> bool:
    """Return whether `signature` over `message` is by an account (32 bytes).

    An account is its public key, for ecdsa the hash of the key that is recovered from the signature.
    """
    if scheme != Scheme.ECDSA:
        return verify(scheme, signature, message, account)
    public = ecdsa.recover(signature, message)
    return public is not None and blake2_256(public) == account
