"""Calls kept for later in little room: a short one as it is, a long one by the hash of its preimage."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated

from ...crypto.hashing import blake2_256
from ...frame.call import RUNTIME_CALL, Call, RuntimeCall
from ...frame.context import Context
from ...frame.errors import Corruption, DispatchFailed, Exhausted, ensure
from ...scale import H256, MaxLen, Reader, ScaleError, SourceName, Sum, u32
from .. import preimage
from ..system import BlakeTwo256

#: The longest call that is kept as it is, in bytes.
MAX_INLINE = 128
#: What a call of unknown length is taken to have, in bytes.
MAX_LEGACY = 1_000_000


HashOutput = Annotated[H256, SourceName("H::Output")]


class BoundedCall(
    Sum, path="frame_support::traits::preimages::Bounded", params=[("T", RuntimeCall), ("H", BlakeTwo256)]
):
    """A call, or where to find it."""


class Legacy(BoundedCall, index=0):
    """By the hash of a preimage of unknown length. Only old state has it."""

    hash: HashOutput


class Inline(BoundedCall, index=1, positional=True):
    """The encoded call."""

    data: Annotated[bytes, MaxLen(MAX_INLINE), SourceName("BoundedInline")]


class Lookup(BoundedCall, index=2):
    """By hash and length of a preimage."""

    hash: HashOutput
    len: u32


def bound(ctx: Context, call: Call) -> BoundedCall:
    """Keep a call; a long one becomes a preimage, Exhausted when it is too long even for that."""
    data = call.encode()
    if len(data) <= MAX_INLINE:
        return Inline(data)
    ensure(len(data) <= preimage.MAX_SIZE, Exhausted())
    preimage.note(ctx, data)
    return Lookup(blake2_256(data), len(data))


def lookup_hash(kept: BoundedCall) -> bytes | None:
    """The hash of the preimage that is needed, None when none is."""
    return kept.hash if isinstance(kept, Legacy | Lookup) else None


def lookup_length(kept: BoundedCall) -> int | None:
    """The most bytes that have to be looked up, None when none have."""
    if isinstance(kept, Legacy):
        return MAX_LEGACY
    return kept.len if isinstance(kept, Lookup) else None


def peek(ctx: Context, kept: BoundedCall) -> tuple[Call, int | None]:
    """The call, and how many bytes were looked up for it; Unavailable, or Corruption when they are no call."""
    if isinstance(kept, Inline):
        return _decode(ctx, kept.data), None
    assert isinstance(kept, Legacy | Lookup)
    data = preimage.fetch(ctx, kept.hash, kept.len if isinstance(kept, Lookup) else None)
    return _decode(ctx, data), len(data)


def drop(ctx: Context, kept: BoundedCall) -> None:
    """The call is needed no longer: take the request for its preimage back, if there is one."""
    hash_ = lookup_hash(kept)
    if hash_ is not None:
        with suppress(DispatchFailed):
            preimage.unrequest(ctx, hash_)


def _decode(ctx: Context, data: bytes) -> Call:
    try:
        return RUNTIME_CALL.read(Reader(data, scope=ctx.runtime))  # bytes after the call are of no account
    except ScaleError:
        raise DispatchFailed(Corruption()) from None
