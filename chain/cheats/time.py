"""The time of the next block."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from ...runtime.client.leaves import is_integer
from ..arguments import require_integer
from ..chain import Blockchain
from ..clock import LATEST_MS, ClockError, LogicalClock, SystemClock
from ..errors import ChainError


def travel(chain: Blockchain, to: Any, later_ms: int = 0) -> int:
    """Let the next block have the time `to` (a date, or milliseconds since 1970), or be `later_ms` after the head.

    The time is rounded down to a slot, and returned. Times only go forward: ChainError for one that is not later than
    the head's. With the machine's time as clock, that clock is ahead from then on.
    """
    chain.require_open()
    wanted = (
        read_time(to) if to is not None else chain.head_ms + require_integer("a time in ms", later_ms, 1, LATEST_MS)
    )
    clock = chain.clock
    if not isinstance(clock, LogicalClock | SystemClock):
        raise ChainError("expected a chain with a LogicalClock or a SystemClock: others cannot be set")
    try:
        clock.set_next(wanted, chain.head_ms)
    except ClockError as error:
        raise ChainError(str(error)) from None
    return clock.next_timestamp(chain.head_ms, chain.slot_ms)


def read_time(value: Any) -> int:
    """Return a time in milliseconds since 1970: of a date (UTC unless it says otherwise), its text, or a number."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise ChainError(f"expected a date such as 2026-01-31T12:00:00Z, got {value!r:.60}") from None
    if isinstance(value, datetime):
        aware = value if value.tzinfo is not None else value.replace(tzinfo=UTC)
        return (aware - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    if not is_integer(value) or not 0 <= value <= LATEST_MS:
        raise ChainError(f"expected a date, or milliseconds since 1970 up to {LATEST_MS}, got {value!r:.60}")
    return int(value)
