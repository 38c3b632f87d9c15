"""When a client has read the messages so far and asked what it wants to know about them.

polkadot.js looks up the block of a transaction's status, and drops the status if the next one arrives meanwhile. So the
last status waits until the client is quiet: it has answered two pings, sent behind all messages, without a request
between. That takes as long as the client needs, at any latency: the first answer means that the messages have arrived,
the second one that the client is done with what they caused.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

#: Time between the two pings, in seconds, in which a client may begin to ask.
PAUSE_S = 0.01
#: Longest wait for a client that does not stop asking, or answers no pings, in seconds.
LIMIT_S = 1.0
PINGS = 2
PAYLOAD = b"quiet?"

Action = Callable[[], None]


class Quiet:
    """The actions that wait until one client is quiet. `ping` sends a ping with this payload, behind all messages."""

    def __init__(self, ping: Callable[[bytes], None]) -> None:
        self._ping = ping
        #: The end of the longest wait for each action.
        self._waiting: dict[Action, asyncio.TimerHandle] = {}
        #: Whether a ping is not answered yet, and whether anything has happened since it was sent.
        self._pinged = self._disturbed = False
        #: Pings answered in a row while nothing happened.
        self._answered = 0

    def wait(self, action: Action) -> None:
        """Run `action` when the client is quiet."""
        self._waiting[action] = asyncio.get_running_loop().call_later(LIMIT_S, self._run, action)
        self.disturb()

    def disturb(self) -> None:
        """Begin again, because the client has sent a request or has something new to read."""
        self._answered, self._disturbed = 0, True
        self._send()

    def pong(self, payload: bytes) -> None:
        """Note the answer to a ping."""
        if not self._pinged or payload != PAYLOAD:
            return
        self._pinged = False
        if self._disturbed:
            self._send()
            return
        self._answered += 1
        if self._answered < PINGS:
            asyncio.get_running_loop().call_later(PAUSE_S, self._send)
            return
        for action in list(self._waiting):
            self._run(action)

    def close(self) -> None:
        """Run nothing any more."""
        for timer in self._waiting.values():
            timer.cancel()
        self._waiting.clear()

    def _send(self) -> None:
        if self._waiting and not self._pinged:
            self._pinged, self._disturbed = True, False
            self._ping(PAYLOAD)

    def _run(self, action: Action) -> None:
        timer = self._waiting.pop(action, None)
        if timer is not None:
            timer.cancel()
            action()
