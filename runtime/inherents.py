"""Inherents: what a block's author puts into it by itself, before all transactions."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence

from .frame.context import Context
from .frame.extrinsic import Extrinsic, ExtrinsicCodec
from .pallets.timestamp import MinimumPeriod, Now, set_
from .scale import Bytes8, Reader, Struct, codec_of, scale_enum, u64

TIMESTAMP = b"timstap0"
#: How far ahead of this node's clock a block may be, in milliseconds.
MAX_DRIFT_MS = 30_000


class InherentData(Struct, path="sp_inherents::InherentData"):
    """What an author or a checking node knows, by the identifier of who needs it."""

    data: dict[Bytes8, bytes]


class CheckInherentsResult(Struct, path="sp_inherents::CheckInherentsResult"):
    """Whether inherents are right; a fatal error means that the block never will be."""

    okay: bool
    fatal_error: bool
    errors: InherentData


@scale_enum("sp_timestamp::InherentError")
class TimestampError(enum.Enum):
    """What can be wrong with a block's time. Both are fatal."""

    TooEarly = 0
    TooFarInFuture = 1


def inherent_data(now_ms: int) -> dict[bytes, bytes]:
    """What an author tells the runtime before a block is filled: the time, in milliseconds since 1970."""
    return {TIMESTAMP: codec_of(u64).encode(now_ms)}


def create_inherents(ctx: Context, data: Mapping[bytes, bytes]) -> list[bytes]:
    """The inherents of the block begun in `ctx`, encoded, in the order of their pallets."""
    assert TIMESTAMP in data, "Timestamp inherent data must be provided"
    # A clock behind the parent's time must not keep the author from going on.
    earliest = Now.get(ctx) + MinimumPeriod.get(ctx)
    now = max(codec_of(u64).read(Reader(data[TIMESTAMP])), earliest)
    return [ExtrinsicCodec.bare(set_.call(now))]


def check_inherents(ctx: Context, body: Sequence[Extrinsic], data: Mapping[bytes, bytes]) -> CheckInherentsResult:
    """Whether the inherents of a block agree with what this node knows; `ctx` is the state before the block."""
    assert TIMESTAMP in data, "Timestamp inherent data must be provided"
    clock = codec_of(u64).read(Reader(data[TIMESTAMP]))
    for extrinsic in body:
        call = extrinsic.call
        if call.function is set_ and (error := _timestamp_error(ctx, call.args[0], clock)):
            return CheckInherentsResult(False, True, InherentData({TIMESTAMP: codec_of(TimestampError).encode(error)}))
    return CheckInherentsResult(True, False, InherentData({}))


def _timestamp_error(ctx: Context, now: int, clock: int) -> TimestampError | None:
    if now > clock + MAX_DRIFT_MS:
        return TimestampError.TooFarInFuture
    return TimestampError.TooEarly if now < Now.get(ctx) + MinimumPeriod.get(ctx) else None
