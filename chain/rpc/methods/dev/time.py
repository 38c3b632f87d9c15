"""The time of blocks."""

from __future__ import annotations

import time
from typing import Annotated, Any

from ....cheats.time import read_time, travel
from ....clock import LogicalClock, SystemClock
from ....errors import ChainError
from ...node import Node
from .declare import Milliseconds, Text, dev


def to_time(value: Any) -> int:
    """Return a time in milliseconds since 1970, from a number or a date."""
    return read_time(int(value) if isinstance(value, str) and value.isdecimal() else value)


Time = Annotated[int, to_time]


@dev
def dev_timeTravel(node: Node, time: Time) -> int:
    """Let the next block have this time (milliseconds since 1970, or a date), and return it, a whole slot."""
    return travel(node.chain, time)


@dev
def dev_setNextBlockTimestamp(node: Node, time: Time) -> int:
    """Do as `dev_timeTravel`."""
    return travel(node.chain, time)


@dev
def dev_increaseTime(node: Node, ms: Milliseconds) -> int:
    """Let the next block be `ms` later than it would be, and return its time."""
    chain = node.chain
    return travel(chain, chain.clock.next_timestamp(chain.head_ms, chain.slot_ms) + ms)


@dev
def dev_setClock(node: Node, clock: Text, start: Time | None) -> int:
    """Let time be that of the machine ("wall"), or advance by a slot with each block ("logical"), from `start` on.

    Return the time of the next block.
    """
    chain = node.chain
    if clock == "wall":
        chain.clock = SystemClock()
        if start is not None:
            travel(chain, start)
    elif clock == "logical":
        chain.clock = LogicalClock(int(time.time() * 1000) if start is None else start)
    else:
        raise ChainError(f'expected the clock "wall" or "logical", got {clock!r:.40}')
    return chain.clock.next_timestamp(chain.head_ms, chain.slot_ms)
