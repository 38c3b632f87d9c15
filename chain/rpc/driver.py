"""Drives a producer: waits for slots, timers and transactions, and has the block made that is due."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from ..producer import Producer


class Driver:
    """Runs in the server's event loop. `on_transaction` is to be called after each accepted transaction.

    `failed` hears of an error that stopped a block from being made; the next one is tried nevertheless, so that
    one bad block does not end a devnet.
    """

    def __init__(self, producer: Producer, failed: Callable[[Exception], None]) -> None:
        self.producer = producer
        self.failed = failed
        self._arrived = asyncio.Event()

    def on_transaction(self) -> None:
        """A transaction has entered the pool."""
        self._arrived.set()

    async def run(self) -> None:
        """Make blocks until cancelled."""
        while True:
            made_in_time = await self._wait()
            self._arrived.clear()
            if not made_in_time or self.producer.wants_block():
                try:
                    self.producer.make()
                except Exception as error:  # noqa: BLE001  # whatever it is, the node goes on and says so
                    self.failed(error)

    async def _wait(self) -> bool:
        """Until a transaction arrives (True) or the timer is over (False)."""
        try:
            await asyncio.wait_for(self._arrived.wait(), self._timeout())
        except asyncio.TimeoutError:
            return False
        return True

    def _timeout(self) -> float | None:
        """Seconds to the next block that nobody asks for; None: for ever."""
        timer_ms = self.producer.timer_ms
        if timer_ms is None:
            return None
        if self.producer.follows_slots:
            return (timer_ms - time.time() * 1000 % timer_ms) / 1000
        return timer_ms / 1000
