"""Encrypting a signed extrinsic for the MEV shield, as the sender of a `MevShield.submit_encrypted` does."""

from __future__ import annotations

from Crypto.Cipher import ChaCha20_Poly1305

from ..crypto import ml_kem
from ..pallets.shared.shielded_transaction import ShieldedTransaction, hash_key


def encrypt(encapsulation_key: bytes, raw: bytes, message: bytes, nonce: bytes) -> ShieldedTransaction:
    """Encrypt an encoded extrinsic; `message` (32 bytes) and `nonce` (24 bytes) should be random."""
    secret, encapsulated = ml_kem.encapsulate(encapsulation_key, message)
    ciphertext, tag = ChaCha20_Poly1305.new(key=secret, nonce=nonce).encrypt_and_digest(raw)
    return ShieldedTransaction(hash_key(encapsulation_key), encapsulated, ciphertext + tag, nonce)
