"""Shielded transactions: a signed extrinsic, encrypted in the argument of `MevShield.submit_encrypted`.

    key hash (16 bytes)              twox-128 of the encapsulation key
    length, encapsulated secret      a u16, and 1088 bytes with ML-KEM-768
    nonce (24 bytes)
    the extrinsic                    XChaCha20-Poly1305 under the shared secret, without associated data

Keys are arguments: the node manages the keys of its author.
"""

from __future__ import annotations

from typing import Annotated

from .crypto import ml_kem, twox_128
from .executive import check_signature
from .frame.block_types import RUNTIME_EXTRINSIC
from .frame.context import Context
from .frame.extrinsic import Extrinsic
from .frame.runtime import Runtime
from .frame.validity import Refused
from .pallets.mev_shield import PendingKey, submit_encrypted
from .scale import Reader, SourceName, Struct
from .scale.codec import FixedBytes

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


def shielded(ctx: Context, extrinsic: Extrinsic) -> ShieldedTransaction | None:
    """Return the parts of an extrinsic's ciphertext; None unless it is a `submit_encrypted` with a valid signature."""
    if extrinsic.call.function is not submit_encrypted:
        return None
    try:
        check_signature(ctx, extrinsic)
    except Refused:
        return None
    return ShieldedTransaction.parse(extrinsic.call.args[0])


def key_hash(encapsulation_key: bytes) -> bytes:
    """Return the hash of a key that stands in ciphertexts, 16 bytes."""
    return twox_128(encapsulation_key)


def pending_key(ctx: Context) -> bytes | None:
    """Return the key with which the author of the next block after `ctx` decrypts; None when there is none."""
    return PendingKey.get(ctx)


def unshield(runtime: Runtime, decapsulation_key: bytes, transaction: ShieldedTransaction) -> Extrinsic | None:
    """Decrypt a transaction; None when the key (2400 bytes) does not fit, or the plaintext is no extrinsic."""
    from Crypto.Cipher import ChaCha20_Poly1305  # to save start-up time: loads shared libraries

    encrypted, tag = transaction.aead_ct[:-TAG_LENGTH], transaction.aead_ct[-TAG_LENGTH:]
    try:
        secret = ml_kem.decapsulate(decapsulation_key, transaction.kem_ct)
        plaintext = ChaCha20_Poly1305.new(key=secret, nonce=transaction.nonce).decrypt_and_verify(encrypted, tag)
        return RUNTIME_EXTRINSIC.read(Reader(plaintext, scope=runtime))  # bytes after the extrinsic are ignored
    except ValueError:  # a wrong length, a wrong tag, or a ScaleError
        return None
