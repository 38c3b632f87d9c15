"""Shielded transactions: how a whole signed extrinsic hides in a `MevShield.submit_encrypted`, and how it comes out.

    key hash (16 bytes)              twox-128 of the encapsulation key that it was encrypted with
    length, encapsulated secret      u16; ML-KEM-768 makes 1088 bytes of it
    nonce (24 bytes)
    the extrinsic                    XChaCha20-Poly1305 under the shared secret, without associated data

Keys are arguments: where an author's come from is not the runtime's business.
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
        """Take a ciphertext apart, None when it is too short; whether its parts make sense is not looked at."""
        start = KEY_HASH_LENGTH + LENGTH_BYTES
        middle = start + int.from_bytes(ciphertext[KEY_HASH_LENGTH:start], "little")
        end = middle + NONCE_LENGTH
        if len(ciphertext) < end:
            return None
        return cls(ciphertext[:KEY_HASH_LENGTH], ciphertext[start:middle], ciphertext[end:], ciphertext[middle:end])

    def ciphertext(self) -> bytes:
        """The ciphertext, put together again."""
        return (
            self.key_hash + len(self.kem_ct).to_bytes(LENGTH_BYTES, "little") + self.kem_ct + self.nonce + self.aead_ct
        )


def shielded(ctx: Context, extrinsic: Extrinsic) -> ShieldedTransaction | None:
    """What an extrinsic shields; None unless it is a `submit_encrypted`, well signed and long enough."""
    if extrinsic.call.function is not submit_encrypted:
        return None
    try:
        check_signature(ctx, extrinsic)
    except Refused:
        return None
    return ShieldedTransaction.parse(extrinsic.call.args[0])


def key_hash(encapsulation_key: bytes) -> bytes:
    """What names a key in a shielded transaction."""
    return twox_128(encapsulation_key)


def pending_key(ctx: Context) -> bytes | None:
    """The key that whoever authors the block on top of `ctx` opens transactions with."""
    return PendingKey.get(ctx)


def unshield(runtime: Runtime, decapsulation_key: bytes, transaction: ShieldedTransaction) -> Extrinsic | None:
    """The extrinsic inside; None when the key (2400 bytes) does not open it, or when there is no extrinsic in it."""
    from Crypto.Cipher import ChaCha20_Poly1305  # loads shared libraries: only for an author who opens one

    encrypted, tag = transaction.aead_ct[:-TAG_LENGTH], transaction.aead_ct[-TAG_LENGTH:]
    try:
        secret = ml_kem.decapsulate(decapsulation_key, transaction.kem_ct)
        plaintext = ChaCha20_Poly1305.new(key=secret, nonce=transaction.nonce).decrypt_and_verify(encrypted, tag)
        return RUNTIME_EXTRINSIC.read(Reader(plaintext, scope=runtime))  # whatever follows the extrinsic is passed over
    except ValueError:  # wrong lengths, a tag that does not belong to the rest, or a ScaleError
        return None
