"""Inherents: extrinsics that the author of a block adds to it, before all transactions."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from typing import Annotated

from .frame.block_validity import MissingInherentData
from .frame.context import Context
from .frame.extrinsic import Extrinsic, Kind
from .frame.runtime import Runtime, runtime_of
from .pallets.mev_shield import EncapsulationKey, announce_next_key
from .pallets.timestamp import MinimumPeriod, Now, set_
from .scale import Bytes8, Reader, SourceName, Struct, codec_of, scale_enum, u64

TIMESTAMP, SHIELD_KEY = b"timstap0", b"shieldpk"
#: The largest time by which a block may be ahead of this node's clock, in milliseconds.
MAX_DRIFT_MS = 30_000


InherentIdentifier = Annotated[Bytes8, SourceName("InherentIdentifier")]


class InherentData(Struct, path="sp_inherents::InherentData"):
    """The data of an author or of a checking node, by the identifier of the inherent."""

    data: dict[InherentIdentifier, bytes]


class CheckInherentsResult(Struct, path="sp_inherents::CheckInherentsResult"):
    """The result of checking inherents. A block with a fatal error will never be valid."""

    okay: bool
    fatal_error: bool
    errors: InherentData


@scale_enum("sp_timestamp::InherentError")
class TimestampError(enum.Enum):
    """The errors of a block's time. Both are fatal."""

    TooEarly = 0
    TooFarInFuture = 1


_TIME, _KEY = codec_of(u64), codec_of(EncapsulationKey | None)


def inherent_data(now_ms: int, shield_key: bytes | None = None) -> dict[bytes, bytes]:
    """Return the data of an author for the inherents of a block.

    `now_ms` is the time in milliseconds since 1970, `shield_key` the key that the author announces for encrypted
    transactions. Without a key the block has no inherent for it, and the keys are not rotated.
    """
    data = {TIMESTAMP: _TIME.encode(now_ms)}
    return data if shield_key is None else data | {SHIELD_KEY: _KEY.encode(shield_key)}


def create_inherents(ctx: Context, data: Mapping[bytes, bytes]) -> list[Extrinsic]:
    """Return the inherents of the block begun in `ctx`, in the order of their pallets."""
    clock = _clock_of(data)
    # With a clock behind the parent's time, the author uses the earliest valid time.
    earliest = Now.get(ctx) + MinimumPeriod.get(ctx)
    calls = [set_.call(max(clock, earliest))]
    if SHIELD_KEY in data:
        calls.append(announce_next_key.call(_KEY.read(Reader(data[SHIELD_KEY]))))
    return [Extrinsic.bare(call) for call in calls]


def begins_with_all_inherents(runtime: Runtime, body: Sequence[bytes]) -> bool:
    """Return whether a valid body begins with the time and the author's next key, each once."""
    first = [runtime.decode(raw).call for raw in body[:3]]
    if [call.function for call in first[:2]] != [set_, announce_next_key]:
        return False
    return len(first) < 3 or not runtime.is_inherent(first[2])


def block_time(ctx: Context) -> int:
    """Return the time of the state's last block, in milliseconds since 1970; 0 for block 0."""
    return Now.get(ctx)


def _clock_of(data: Mapping[bytes, bytes]) -> int:
    """Return the time of this node's clock in milliseconds; MissingInherentData without one."""
    if TIMESTAMP not in data:
        raise MissingInherentData(f"expected {TIMESTAMP.decode()}, got {[name.decode() for name in data]}")
    return _TIME.read(Reader(data[TIMESTAMP]))


def check_inherents(ctx: Context, body: Sequence[Extrinsic], data: Mapping[bytes, bytes]) -> CheckInherentsResult:
    """Check the inherents of a block against this node's data; `ctx` has the state before the block."""
    found = find_time_error(ctx, body, _clock_of(data))
    if found is None:
        return CheckInherentsResult(True, False, InherentData({}))
    return CheckInherentsResult(False, True, InherentData({TIMESTAMP: codec_of(TimestampError).encode(found[0])}))


def find_time_error(ctx: Context, body: Sequence[Extrinsic], clock: int) -> tuple[TimestampError, str] | None:
    """Return the error of a block's time by this node's clock in milliseconds, and what was expected; None without one.

    `ctx` has the state before the block.
    """
    earliest, latest = Now.get(ctx) + MinimumPeriod.get(ctx), clock + MAX_DRIFT_MS
    for extrinsic in body:
        call = extrinsic.call
        if extrinsic.kind is not Kind.BARE or not runtime_of(ctx).is_inherent(call):
            break  # inherents are unsigned and come first
        if call.function is not set_:
            continue
        if call.args[0] > latest:
            return TimestampError.TooFarInFuture, f"expected at most {latest} ms, got {call.args[0]}"
        if call.args[0] < earliest:
            return TimestampError.TooEarly, f"expected at least {earliest} ms, got {call.args[0]}"
    return None
