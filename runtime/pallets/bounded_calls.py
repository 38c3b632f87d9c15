"""Calls that pallets store for later dispatch: short ones inline, long ones as the hash of their preimage."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated

from ...consensus.internal import InternalError
from ..crypto.hashing import blake2_256
from ..frame.call import RUNTIME_CALL, Call, RuntimeCall
from ..frame.context import Context
from ..frame.errors import Corruption, DispatchFailed, Exhausted, ensure
from ..scale import H256, MaxLen, Reader, ScaleError, SourceName, Sum, u32
from . import preimage
from .system import BlakeTwo256

#: The longest call that is stored inline, in bytes.
MAX_INLINE = 128
#: The assumed length of a call of unknown length, in bytes.
MAX_LEGACY = 1_000_000


HashOutput = Annotated[H256, SourceName("H::Output")]


class BoundedCall(
    Sum, path="frame_support::traits::preimages::Bounded", params=[("T", RuntimeCall), ("H", BlakeTwo256)]
):
    """A call, or the hash of its preimage."""


class Legacy(BoundedCall, index=0):
    """The hash of a preimage of unknown length. Only old state has it."""

    hash: HashOutput


class Inline(BoundedCall, index=1, positional=True):
    """The encoded call."""

    data: Annotated[bytes, MaxLen(MAX_INLINE), SourceName("BoundedInline")]


class Lookup(BoundedCall, index=2):
    """The hash and the length of a preimage."""

    hash: HashOutput
    len: u32


def bound(ctx: Context, call: Call) -> BoundedCall:
    """Return a call in bounded form; a long one is noted as a preimage. Exhausted when it is too long for that."""
    data = call.encode()
    if len(data) <= MAX_INLINE:
        return Inline(data)
    ensure(len(data) <= preimage.MAX_SIZE, Exhausted())
    preimage.note(ctx, data)
    return Lookup(blake2_256(data), len(data))


def lookup_hash(bounded: BoundedCall) -> bytes | None:
    """Return the hash of the preimage that is needed, None for an inline call."""
    return bounded.hash if isinstance(bounded, Legacy | Lookup) else None


def lookup_length(bounded: BoundedCall) -> int | None:
    """Return the largest number of bytes that have to be looked up, None for an inline call."""
    if isinstance(bounded, Legacy):
        return MAX_LEGACY
    return bounded.len if isinstance(bounded, Lookup) else None


def peek(ctx: Context, bounded: BoundedCall) -> tuple[Call, int | None]:
    """Return the call and the number of bytes looked up for it, None for an inline call.

    Unavailable when the preimage is missing, Corruption when the bytes do not decode to a call.
    """
    if isinstance(bounded, Inline):
        return _decode(ctx, bounded.data), None
    if not isinstance(bounded, Legacy | Lookup):
        raise InternalError(f"expected a bounded call, got {bounded}")
    data = preimage.fetch(ctx, bounded.hash, bounded.len if isinstance(bounded, Lookup) else None)
    return _decode(ctx, data), len(data)


def drop(ctx: Context, bounded: BoundedCall) -> None:
    """Drop a call that is no longer needed: withdraw the request for its preimage, if there is one."""
    hash_ = lookup_hash(bounded)
    if hash_ is not None:
        with suppress(DispatchFailed):
            preimage.unrequest(ctx, hash_)


def _decode(ctx: Context, data: bytes) -> Call:
    """Decode a call; Corruption when the bytes are not one. Bytes after the call are ignored, as on the chain."""
    try:
        return RUNTIME_CALL.read(Reader(data, scope=ctx.runtime))
    except ScaleError:
        raise DispatchFailed(Corruption()) from None
