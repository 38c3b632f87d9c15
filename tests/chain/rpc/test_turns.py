"""Turns: those with little to do never wait; in each round of the event loop, one of the others has its turn."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import pairwise

import pytest
from pysubtensor.chain.rpc.turns import CREDIT_S, GROWTH, LONE_TURN_S, TURN_S, Share, Turns


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


@pytest.fixture
def rounds() -> Rounds:
    return Rounds()


def spend(rounds: Rounds, share: Share, seconds: float) -> bool:
    """Let a connection take time; return whether it has to wait."""
    start, rounds.now = rounds.now, rounds.now + seconds
    return share.spend(start)


def test_those_with_little_to_do_never_wait(rounds: Rounds) -> None:
    share = Share(rounds.turns)
    for _ in range(1_000):
        assert not spend(rounds, share, 0.0001)
        rounds.now += 0.0001 / GROWTH


def test_a_credit_is_used_up_and_grows_again(rounds: Rounds) -> None:
    share = Share(rounds.turns)
    assert not spend(rounds, share, CREDIT_S / 2)
    assert spend(rounds, share, CREDIT_S)
    rounds.now += CREDIT_S / GROWTH
    assert not spend(rounds, share, CREDIT_S / 4)


def test_a_debt_is_bounded(rounds: Rounds) -> None:
    share = Share(rounds.turns)
    assert spend(rounds, share, 1000.0)
    rounds.now += 2 * CREDIT_S / GROWTH
    assert not spend(rounds, share, CREDIT_S / 2)


def test_those_that_wait_have_their_turns_one_after_the_other(rounds: Rounds) -> None:
    async def scene() -> None:
        had: list[str] = []

        async def work(name: str) -> None:
            share = Share(rounds.turns)
            for _ in range(2):
                assert spend(rounds, share, 1.0)
                await share.turn()
                had.append(name)

        tasks = [asyncio.create_task(work(name)) for name in "abc"]
        seen = []
        for _ in range(7):
            for _ in range(3):
                await asyncio.sleep(0)
            seen.append("".join(had))
            await rounds.next()
        await asyncio.gather(*tasks)
        assert seen[-1] == "abcabc"
        assert seen == ["abcabc"[: len(each)] for each in seen]
        assert all(len(later) - len(sooner) <= 1 for sooner, later in pairwise(seen))

    asyncio.run(scene())


def test_a_turn_is_shorter_when_others_wait(rounds: Rounds) -> None:
    async def scene() -> None:
        lone = await rounds.turns.wait()
        assert lone == rounds.now + LONE_TURN_S
        others = [asyncio.create_task(rounds.turns.wait()) for _ in range(2)]
        await asyncio.sleep(0)
        await rounds.next()
        assert (others[0].result(), others[1].done()) == (rounds.now + TURN_S, False)
        await rounds.next()
        assert others[1].result() == rounds.now + LONE_TURN_S

    asyncio.run(scene())


def test_nothing_waits_within_a_turn(rounds: Rounds) -> None:
    async def scene() -> None:
        share = Share(rounds.turns)
        assert spend(rounds, share, 1.0)
        await share.turn()
        assert not spend(rounds, share, LONE_TURN_S / 2)
        assert spend(rounds, share, LONE_TURN_S)

    asyncio.run(scene())


def test_a_connection_that_ends_while_it_waits_does_not_hold_up_the_others(rounds: Rounds) -> None:
    async def scene() -> None:
        await rounds.turns.wait()
        first, second = (asyncio.create_task(rounds.turns.wait()) for _ in range(2))
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.sleep(0)
        await rounds.next()
        assert second.done()

    asyncio.run(scene())
