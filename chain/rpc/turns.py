"""Sharing the event loop's time among connections with many notifications to write."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

#: Longest that notifications of all connections are written before requests and blocks have their turn, in seconds.
SLICE_S = 0.003
#: Bytes that a connection may write at once, without waiting for its turn.
FREE_BYTES = 64 * 1024


class Turns:
    """Lets connections write for one slice in each round of the event loop, those that wait one after the other.

    Connections with little to write never wait.
    """

    def __init__(self, time: Callable[[], float], call_soon: Callable[[Callable[[], None]], object]) -> None:
        """`time` is the loop's clock; `call_soon` calls a function in the loop's next round."""
        self._time = time
        self._call_soon = call_soon
        #: When the first connection began to write in this round.
        self._began: float | None = None
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def take(self, written: int) -> None:
        """Wait until this round has time for a connection that has `written` this number of bytes without a pause."""
        if written < FREE_BYTES:
            return
        while not self._has_time():
            turn = asyncio.get_running_loop().create_future()
            self._waiting.append(turn)
            await turn

    def _has_time(self) -> bool:
        now = self._time()
        if self._began is None:
            self._began = now
            self._call_soon(self._next_round)
        return now - self._began < SLICE_S

    def _next_round(self) -> None:
        self._began = None
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():  # its connection may have ended
                self._call_soon(self._next_round)
                turn.set_result(None)
                return
