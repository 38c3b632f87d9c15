"""Turns: in each round of the event loop, long writers share one slice; short ones never wait."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import pairwise

from pysubtensor.chain.rpc.turns import FREE_BYTES, SLICE_S, Turns


class Rounds:
    """A clock, and what is to be called in the next round."""

    def __init__(self) -> None:
        self.now = 0.0
        self.due: list[Callable[[], None]] = []
        self.turns = Turns(lambda: self.now, self.due.append)

    async def next(self) -> None:
        """Begin the next round, and let those run whose turn it is."""
        due = self.due[:]
        self.due.clear()
        for action in due:
            action()
        for _ in range(3):
            await asyncio.sleep(0)


def test_short_writers_never_wait() -> None:
    async def scene() -> None:
        rounds = Rounds()
        await rounds.turns.take(FREE_BYTES)
        rounds.now += SLICE_S
        await rounds.turns.take(FREE_BYTES - 1)

    asyncio.run(scene())


def test_long_writers_wait_for_the_next_round_one_after_the_other() -> None:
    async def scene() -> None:
        rounds, written = Rounds(), list[str]()

        async def write(name: str) -> None:
            for _ in range(2):
                await rounds.turns.take(FREE_BYTES)
                written.append(name)
                rounds.now += SLICE_S

        tasks = [asyncio.create_task(write(name)) for name in "ab"]
        seen = []
        for _ in range(5):
            await asyncio.sleep(0)
            await rounds.next()
            seen.append("".join(written))
        await asyncio.gather(*tasks)
        assert sorted(written) == ["a", "a", "b", "b"]
        assert all(len(later) - len(sooner) <= 1 for sooner, later in pairwise(seen))

    asyncio.run(scene())


def test_a_writer_that_ends_while_it_waits_does_not_hold_up_the_others() -> None:
    async def scene() -> None:
        rounds = Rounds()
        await rounds.turns.take(FREE_BYTES)
        rounds.now += SLICE_S
        first, second = (asyncio.create_task(rounds.turns.take(FREE_BYTES)) for _ in range(2))
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.sleep(0)
        await rounds.next()
        assert second.done()

    asyncio.run(scene())
