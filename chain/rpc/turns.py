"""Sharing the event loop's time among the connections: those with little to do go first, the others have turns.

Each connection has a credit of time, which grows again slowly. While it lasts, requests are answered and notifications
are written at once. Afterwards the connection waits for its turn: one connection has its turn in each round of the
event loop, those that wait one after the other. So the length of a round does not depend on how many clients flood it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

#: Length of a turn in seconds, while others wait for theirs, and when none does.
TURN_S, LONE_TURN_S = 0.001, 0.004
#: Largest credit and largest debt, in seconds.
CREDIT_S = 0.0005
#: Seconds by which a credit grows in a second: with 100 connections, half of the time is for turns.
GROWTH = 1 / 200


class Turns:
    """Gives turns to connections that wait for them, one in each round of the event loop."""

    def __init__(self, time: Callable[[], float], call_soon: Callable[[Callable[[], None]], object]) -> None:
        """`time` is the loop's clock; `call_soon` calls a function in the loop's next round."""
        self.time = time
        self._call_soon = call_soon
        self._waiting: deque[asyncio.Future[None]] = deque()
        #: Whether `_next_round` is about to be called.
        self._is_due = False

    async def wait(self) -> float:
        """Wait for a turn and return when it ends."""
        if not self._is_due:  # none waits: the turn is in the next round
            self._is_due = True
            self._call_soon(self._next_round)
            await asyncio.sleep(0)
        else:
            turn = asyncio.get_running_loop().create_future()
            self._waiting.append(turn)
            await turn
        return self.time() + (TURN_S if self._waiting else LONE_TURN_S)

    def _next_round(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():  # its connection may have ended
                turn.set_result(None)
                self._call_soon(self._next_round)
                return
        self._is_due = False


class Share:
    """The time of the event loop that one connection takes."""

    __slots__ = ("_changed", "_credit", "_turns", "_until", "time")

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self.time = turns.time
        self._credit = CREDIT_S
        #: When the credit was changed, and the end of the current turn.
        self._changed = self._until = 0.0

    def spend(self, start: float) -> bool:
        """Count the time since `start` as taken; return whether the connection has to wait for its turn."""
        now = self.time()
        if now < self._until:
            return False
        credit = min(CREDIT_S, self._credit + (now - self._changed) * GROWTH) - (now - start)
        self._changed = now
        self._credit = max(credit, -CREDIT_S)
        return credit < 0

    async def turn(self) -> None:
        """Wait for a turn."""
        self._until = await self._turns.wait()
