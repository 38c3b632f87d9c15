"""Drives a producer from the server's event loop: waits for the time or the transactions that ask for a block."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from ..producer import Producer

#: Longest that a burst of transactions may delay its block, in seconds.
GATHER_S = 0.15

log = logging.getLogger(__name__)


class Driver:
    """Makes a producer's blocks when they are due. `now` gives the machine's time in seconds."""

    def __init__(self, producer: Producer, now: Callable[[], float] = time.time) -> None:
        self._producer = producer
        self._now = now
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """A transaction came: a block may be due at once."""
        self._woken.set()

    async def run(self) -> None:
        """Make blocks until cancelled."""
        while True:
            if await self._woken_early():
                await self._seal_waiting()
            else:
                self._make()
                await asyncio.sleep(0)

    async def _woken_early(self) -> bool:
        """Wait for transactions that want a block (True), or for the time of one that nobody asked for (False)."""
        producer = self._producer
        delay = self._delay()
        try:
            async with asyncio.timeout(delay):
                while True:
                    await self._woken.wait()
                    await self._gather()
                    if producer.wants_block():
                        return True
        except TimeoutError:
            return False

    async def _gather(self) -> None:
        """Let everything come in that is on its way already: a burst goes into one block rather than into many."""
        loop = asyncio.get_running_loop()
        end = loop.time() + GATHER_S
        while self._woken.is_set() and loop.time() < end:
            self._woken.clear()
            await asyncio.sleep(0)
        self._woken.clear()

    def _delay(self) -> float | None:
        """Seconds until the next block that nobody asks for: to the next slot, or one block time."""
        timer = self._producer.timer_ms
        if timer is None:
            return None
        passed = self._now() * 1000 % timer if self._producer.follows_slots else 0
        return (timer - passed) / 1000

    async def _seal_waiting(self) -> None:
        """Make blocks as long as they take in what waits."""
        pool = self._producer.chain.pool
        while self._producer.wants_block():
            before = pool.ready_count
            self._make()
            await asyncio.sleep(0)
            if pool.ready_count >= before:
                break

    def _make(self) -> None:
        try:
            self._producer.make()
        except Exception:
            log.exception("a block could not be made")
