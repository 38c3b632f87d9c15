"""The format of a shielded transaction: the argument of `MevShield.submit_encrypted`, taken apart.

key hash (16 bytes)              twox-128 of the encapsulation key
length, encapsulated secret      a u16, and 1088 bytes with ML-KEM-768
nonce (24 bytes)
the extrinsic                    XChaCha20-Poly1305 under the shared secret, without associated data
"""

from __future__ import annotations

from typing import Annotated

from ...crypto import twox_128
from ...scale import SourceName, Struct
from ...scale.codec import FixedBytes

KEY_HASH_LENGTH, LENGTH_BYTES, NONCE_LENGTH, TAG_LENGTH = 16, 2, 24, 16

KeyHash = Annotated[bytes, FixedBytes(KEY_HASH_LENGTH), SourceName("[u8; KEY_HASH_LEN]")]


class ShieldedTransaction(Struct, path="stp_shield::shielded_tx::ShieldedTransaction"):
    """The parts of a ciphertext."""

    key_hash: KeyHash
    kem_ct: bytes
    aead_ct: bytes
    nonce: Annotated[bytes, FixedBytes(NONCE_LENGTH), SourceName("[u8; NONCE_LEN]")]

    @classmethod
    def parse(cls, ciphertext: bytes) -> ShieldedTransaction | None:
        """Split a ciphertext into its parts; None when it is too short. The parts are not checked."""
        start = KEY_HASH_LENGTH + LENGTH_BYTES
        middle = start + int.from_bytes(ciphertext[KEY_HASH_LENGTH:start], "little")
        end = middle + NONCE_LENGTH
        if len(ciphertext) < end:
            return None
        return cls(ciphertext[:KEY_HASH_LENGTH], ciphertext[start:middle], ciphertext[end:], ciphertext[middle:end])

    def ciphertext(self) -> bytes:
        """Return the ciphertext of these parts."""
        return (
            self.key_hash + len(self.kem_ct).to_bytes(LENGTH_BYTES, "little") + self.kem_ct + self.nonce + self.aead_ct
        )


def hash_key(encapsulation_key: bytes) -> bytes:
    """Return the hash of a key that stands in ciphertexts, 16 bytes."""
    return twox_128(encapsulation_key)
