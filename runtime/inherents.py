"""Inherents: what a block's author puts into it by itself, before all transactions."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from typing import Annotated

from .frame.context import Context
from .frame.extrinsic import Extrinsic, ExtrinsicCodec, Kind
from .frame.runtime import runtime_of
from .pallets.mev_shield import EncapsulationKey, announce_next_key
from .pallets.timestamp import MinimumPeriod, Now, set_
from .scale import Bytes8, Reader, SourceName, Struct, codec_of, scale_enum, u64

TIMESTAMP, SHIELD_KEY = b"timstap0", b"shieldpk"
#: How far ahead of this node's clock a block may be, in milliseconds.
MAX_DRIFT_MS = 30_000


InherentIdentifier = Annotated[Bytes8, SourceName("InherentIdentifier")]


class InherentData(Struct, path="sp_inherents::InherentData"):
    """What an author or a checking node knows, by the identifier of who needs it."""

    data: dict[InherentIdentifier, bytes]


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


_TIME, _KEY = codec_of(u64), codec_of(EncapsulationKey | None)


def inherent_data(now_ms: int, shield_key: bytes | None = None) -> dict[bytes, bytes]:
    """What an author tells the runtime before a block is filled: the time, in milliseconds since 1970, and the key that
    it announces for shielded transactions; without a key the block says nothing of keys, and they are not passed on."""
    data = {TIMESTAMP: _TIME.encode(now_ms)}
    return data if shield_key is None else data | {SHIELD_KEY: _KEY.encode(shield_key)}


def create_inherents(ctx: Context, data: Mapping[bytes, bytes]) -> list[bytes]:
    """The inherents of the block begun in `ctx`, encoded, in the order of their pallets."""
    assert TIMESTAMP in data, "Timestamp inherent data must be provided"
    # A clock behind the parent's time must not keep the author from going on.
    earliest = Now.get(ctx) + MinimumPeriod.get(ctx)
    calls = [set_.call(max(_TIME.read(Reader(data[TIMESTAMP])), earliest))]
    if SHIELD_KEY in data:
        calls.append(announce_next_key.call(_KEY.read(Reader(data[SHIELD_KEY]))))
    return [ExtrinsicCodec.bare(call) for call in calls]


def check_inherents(ctx: Context, body: Sequence[Extrinsic], data: Mapping[bytes, bytes]) -> CheckInherentsResult:
    """Whether the inherents of a block agree with what this node knows; `ctx` is the state before the block."""
    assert TIMESTAMP in data, "Timestamp inherent data must be provided"
    clock = _TIME.read(Reader(data[TIMESTAMP]))
    for extrinsic in body:
        call = extrinsic.call
        if extrinsic.kind is not Kind.BARE or not runtime_of(ctx).is_inherent(call):
            break  # inherents come before all others, unsigned
        if call.function is set_ and (error := _timestamp_error(ctx, call.args[0], clock)):
            return CheckInherentsResult(False, True, InherentData({TIMESTAMP: codec_of(TimestampError).encode(error)}))
    return CheckInherentsResult(True, False, InherentData({}))


def _timestamp_error(ctx: Context, now: int, clock: int) -> TimestampError | None:
    if now > clock + MAX_DRIFT_MS:
        return TimestampError.TooFarInFuture
    return TimestampError.TooEarly if now < Now.get(ctx) + MinimumPeriod.get(ctx) else None
