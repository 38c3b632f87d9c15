"""What System keeps in storage of a block, by key: after the block, and while its last hooks run.

On the genuine chain System's values are in storage all the time. Here they are in `ctx.block` until the block is done,
so that they cost nothing; only a hook that asks for the storage root needs them earlier.
"""

from __future__ import annotations

from .crypto.hashing import blake2_256
from .frame.context import Context
from .frame.digest import Digest
from .pallets import system
from .scale import encode_compact
from .scale.codec import BYTES

#: What the genuine chain hashes with the parent's hash, for a value that nothing reads.
ENTROPY_SUBJECT = b"frame_system::initialize"


def stored_after(ctx: Context) -> dict[bytes, bytes]:
    """Return what System stores of a block, by key, as it is now."""
    block = ctx.block
    return {
        system.BlockWeight.prefix: system.BlockWeight.codec.encode(block.weight),
        system.Events.prefix: encode_compact(len(block.events)) + b"".join(block.records),
        system.EventCount.prefix: system.EventCount.codec.encode(len(block.events)),
        system.DigestItems.prefix: system.DigestItems.codec.encode(Digest(block.digest)),
    }


def stored_within(ctx: Context) -> dict[bytes, bytes]:
    """Return what the genuine chain has in storage while the last hooks run, and here is in `ctx.block`."""
    block, count = ctx.block, len(ctx.block.extrinsics)
    extrinsics = {system.ExtrinsicData.key(i): BYTES.encode(raw) for i, raw in enumerate(block.extrinsics)}
    return {
        **extrinsics,
        **stored_after(ctx),
        system.ExtrinsicCount.prefix: system.ExtrinsicCount.codec.encode(count),
        system.AllExtrinsicsLen.prefix: system.AllExtrinsicsLen.codec.encode(block.length),
        system.InherentsApplied.prefix: b"\1",
        system.ExecutionPhase.prefix: block.encoded_phase,
        system.INTRABLOCK_ENTROPY: blake2_256(ENTROPY_SUBJECT + block.parent_hash),
    }
