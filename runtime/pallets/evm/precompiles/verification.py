"""Verification of signatures by the chain's own schemes: ed25519 (1026) and sr25519 (1027).

The input is that of `verify(bytes32 message, bytes32 publicKey, bytes32 r, bytes32 s)`; its selector is not read.
"""

from __future__ import annotations

from collections.abc import Callable

from ....crypto import ed25519, sr25519
from .errors import failed
from .standard import WORD, Run, linear

GAS = 6_000
SELECTOR_LENGTH = 4
LENGTH = SELECTOR_LENGTH + 4 * WORD


def _verifying(
    verify: Callable[[bytes, bytes, bytes], bool], is_key: Callable[[bytes], bool] = lambda public: True
) -> Run:
    """Return a precompile that returns 1 for a valid signature, else 0."""

    def compute(data: bytes) -> bytes:
        if len(data) < LENGTH:
            raise failed("input must contain 128 bytes")
        message, public, signature = data[4:36], data[36:68], data[68:LENGTH]
        if not is_key(public):
            raise failed("Public key recover failed")
        return int(verify(signature, message, public)).to_bytes(WORD, "big")

    return linear(GAS, 0, compute)


ed25519_verify = _verifying(ed25519.verify_without_cofactor, ed25519.is_public)
sr25519_verify = _verifying(sr25519.verify)
