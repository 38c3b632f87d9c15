"""Opening shielded transactions: signed extrinsics that are encrypted in the argument of `MevShield.submit_encrypted`.

`pallets.shared.shielded_transaction` has the format. Keys are arguments: the node manages the keys of its author.
"""

from __future__ import annotations

from .crypto import ml_kem
from .frame.block_types import RUNTIME_EXTRINSIC
from .frame.context import Context
from .frame.extrinsic import Extrinsic
from .frame.runtime import Runtime
from .frame.validity import Refused
from .pallets.mev_shield import PendingKey, submit_encrypted
from .pallets.shared.shielded_transaction import TAG_LENGTH, ShieldedTransaction
from .scale import Reader
from .validation import check_signature


def shielded(ctx: Context, extrinsic: Extrinsic) -> ShieldedTransaction | None:
    """Return the parts of an extrinsic's ciphertext; None unless it is a `submit_encrypted` with a valid signature."""
    if extrinsic.call.function is not submit_encrypted:
        return None
    try:
        check_signature(ctx, extrinsic)
    except Refused:
        return None
    return ShieldedTransaction.parse(extrinsic.call.args[0])


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
