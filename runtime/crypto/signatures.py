"""Signature checks: against a public key, or against an account as the chain's `MultiSignature` does.

Both take bytes from strangers: whatever they are, the answer is True or False.
"""

from __future__ import annotations

from . import ecdsa
from .hashing import blake2_256
from .schemes import IMPLEMENTATIONS, Scheme


def verify(scheme: Scheme, signature: bytes, message: bytes, public: bytes) -> bool:
    """Whether `signature` (64 bytes, for ecdsa 65) over `message` is that of the key `public` (32, or 33)."""
    return IMPLEMENTATIONS[scheme].verify(signature, message, public)


def verify_account(scheme: Scheme, signature: bytes, message: bytes, account: bytes) -> bool:
    """Whether `signature` over `message` is that of the account (32 bytes).

    An account is its public key, except for ecdsa, where it is the hash of the key recovered from the
    signature.
    """
    if scheme != Scheme.ECDSA:
        return verify(scheme, signature, message, account)
    public = ecdsa.recover(signature, message)
    return public is not None and blake2_256(public) == account
