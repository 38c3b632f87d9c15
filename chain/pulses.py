"""Where the author of a block takes pulses of the drand beacon from: what came in, a record, or the local beacon.

Pulses come first in a block, before the transactions of the pool, as their priority would have it. They never cause a
block. Which ones are due follows from the state and the time of the block alone.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from itertools import islice
from typing import Protocol

from ..runtime import beacon
from ..runtime.beacon import MAX_PULSES, Pulse
from ..runtime.frame.context import Context
from ..runtime.frame.extrinsic import Extrinsic
from ..runtime.frame.runtime import runtime_of


class PulseSource(Protocol):
    """A source of pulses."""

    def due(self, ctx: Context, timestamp_ms: int) -> Iterable[Pulse]:
        """Yield the pulses for the block of `ctx` with this time, in the order of their rounds; changes nothing."""


class WaitingPulses:
    """Valid pulses that came in, which wait for the next block."""

    def __init__(self) -> None:
        self._pulses: dict[int, Pulse] = {}

    def add(self, ctx: Context, pulses: Iterable[Pulse]) -> None:
        """Add pulses, and drop those that the chain has stored."""
        last = beacon.last_stored_round(ctx)
        self._pulses |= {pulse.round: pulse for pulse in pulses}
        self._pulses = {number: pulse for number, pulse in self._pulses.items() if number > last}

    def has(self, number: int) -> bool:
        """Return whether the pulse of a round waits."""
        return number in self._pulses

    def due(self, ctx: Context, timestamp_ms: int) -> Iterable[Pulse]:
        last = beacon.last_stored_round(ctx)
        return [self._pulses[number] for number in sorted(self._pulses) if number > last]


class RecordedPulses:
    """A record of pulses: each is due in the first block that is not earlier than its round. Invalid ones are not."""

    def __init__(self, pulses: Iterable[Pulse]) -> None:
        self._pulses = sorted(pulses, key=lambda pulse: pulse.round)

    def due(self, ctx: Context, timestamp_ms: int) -> Iterable[Pulse]:
        source = beacon.beacon_of(ctx)
        first, end = (
            bisect_right(self._pulses, number, key=lambda pulse: pulse.round)
            for number in (beacon.last_stored_round(ctx), beacon.round_at(source, timestamp_ms))
        )
        return (pulse for pulse in islice(self._pulses, first, end) if beacon.is_valid(source, pulse))


class LocalPulses:
    """The pulses of the local beacon, made when their time has come. A chain with another beacon gets none."""

    def due(self, ctx: Context, timestamp_ms: int) -> Iterable[Pulse]:
        if not beacon.is_local(ctx):
            return ()
        current = beacon.round_at(beacon.beacon_of(ctx), timestamp_ms)
        return map(beacon.local_pulse, beacon.wanted_rounds(ctx, current))


def pulse_extrinsics(source: PulseSource, ctx: Context, timestamp_ms: int) -> list[Extrinsic]:
    """Return the extrinsics that bring the pulses of a source into the block of `ctx`, 50 at most."""
    if not beacon.accepts_pulses(ctx):
        return []
    due = islice(source.due(ctx, timestamp_ms), MAX_PULSES)
    return [runtime_of(ctx).decode(beacon.pulse_extrinsic(ctx, pulse)) for pulse in due]
