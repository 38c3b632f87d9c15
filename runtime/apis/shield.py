"""ShieldApi: decrypting encrypted transactions, for authors."""

from __future__ import annotations

from .. import shielding
from ..frame.block_types import UncheckedExtrinsic
from ..frame.context import Context
from ..frame.runtime import runtime_of
from ..frame.runtime_api import RuntimeApi
from ..pallets.shared.shielded_transaction import KeyHash, ShieldedTransaction, hash_key

shield_api = RuntimeApi("ShieldApi", 1, docs="Parses and decrypts encrypted transactions.")


@shield_api.method
def try_decode_shielded_tx(ctx: Context, uxt: UncheckedExtrinsic) -> ShieldedTransaction | None:
    """Return the parts of an encrypted transaction; None for other extrinsics and bad signatures."""
    return shielding.shielded(ctx, uxt)


@shield_api.method
def is_shielded_using_current_key(ctx: Context, key_hash: KeyHash) -> bool:
    """Return whether a key, by its hash, is the one with which the author of the next block decrypts: `PendingKey`."""
    pending = shielding.pending_key(ctx)
    return pending is not None and hash_key(pending) == key_hash


@shield_api.method
def try_unshield_tx(ctx: Context, dec_key_bytes: bytes, shielded_tx: ShieldedTransaction) -> UncheckedExtrinsic | None:
    """Decrypt an encrypted transaction with an ML-KEM-768 decapsulation key of 2400 bytes; return its extrinsic."""
    return shielding.unshield(runtime_of(ctx), dec_key_bytes, shielded_tx)
