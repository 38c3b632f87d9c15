"""ShieldApi: what an author asks of the runtime to open shielded transactions."""

from __future__ import annotations

from .. import shielding
from ..frame.block_types import UncheckedExtrinsic
from ..frame.context import Context
from ..frame.runtime import runtime_of
from ..frame.runtime_api import RuntimeApi
from ..shielding import KeyHash, ShieldedTransaction

shield_api = RuntimeApi("ShieldApi", 1, docs="Opening shielded transactions.")


@shield_api.method
def try_decode_shielded_tx(ctx: Context, uxt: UncheckedExtrinsic) -> ShieldedTransaction | None:
    """The parts of a shielded transaction; none when the extrinsic is something else, or not well signed."""
    return shielding.shielded(ctx, uxt)


@shield_api.method
def is_shielded_using_current_key(ctx: Context, key_hash: KeyHash) -> bool:
    """Whether the author of the next block is the one who can open what this key encrypted: PendingKey is its name."""
    pending = shielding.pending_key(ctx)
    return pending is not None and shielding.key_hash(pending) == key_hash


@shield_api.method
def try_unshield_tx(ctx: Context, dec_key_bytes: bytes, shielded_tx: ShieldedTransaction) -> UncheckedExtrinsic | None:
    """The extrinsic inside a shielded transaction, opened with an ML-KEM-768 decapsulation key of 2400 bytes."""
    return shielding.unshield(runtime_of(ctx), dec_key_bytes, shielded_tx)
