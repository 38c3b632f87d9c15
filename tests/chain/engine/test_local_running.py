"""The local engine while it runs: what makes it append blocks, and how much goes into each.

The engine and the test take turns on one event loop. Nothing waits: where the timer matters, it is due at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from itertools import chain as joined
from itertools import repeat

import pytest
from pysubtensor.chain.blocks import ImportedBlock
from pysubtensor.chain.engine.local import LocalEngine, Sealing

from pysubtensor import Chain

SLOT = 12_000
#: More turns on the event loop than the engine needs from a transaction to its block.
TURNS = 20


@pytest.fixture
def chain() -> Iterator[Chain]:
    with Chain.dev() as made:
        yield made


@asynccontextmanager
async def running(engine: LocalEngine) -> AsyncIterator[Callable[[], Awaitable[int]]]:
    """Run the engine; give a function that lets it work, and returns the number of the head."""

    async def work() -> int:
        for _ in range(TURNS):
            await asyncio.sleep(0)
        return engine.chain.head.number

    task = asyncio.create_task(engine.run())
    yield work
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def remark(chain: Chain, nonce: int, size: int = 1) -> bytes:
    return chain.sign(chain.call("System.remark", remark=bytes(size)), "//Alice", nonce=nonce)


def transactions(chain: Chain) -> list[int]:
    """Return the number of signed transactions of each block from block 1 on."""
    blocks = [chain.history.block_by_number(number) for number in range(1, chain.head.number + 1)]
    return [sum(chain.runtime.decode(raw).signer is not None for raw in block.body) for block in blocks]


@pytest.mark.parametrize(
    ("sealing", "expected"), [(Sealing.INSTANT, [2, 1]), (Sealing.MIXED, [2, 1]), (Sealing.MANUAL, [])]
)
def test_what_arrives_together_goes_into_one_block(chain: Chain, sealing: Sealing, expected: list[int]) -> None:
    async def play() -> None:
        engine = LocalEngine(chain, sealing)
        async with running(engine) as work:
            assert await work() == 0
            engine.submit(remark(chain, 0))
            engine.submit(remark(chain, 1))
            await work()
            engine.submit(remark(chain, 2))
            await work()
            assert await work() == len(expected), "no block without a transaction"

    asyncio.run(play())
    assert transactions(chain) == expected


def test_a_transaction_that_comes_in_the_next_turn_joins_the_block(chain: Chain) -> None:
    async def play() -> None:
        engine = LocalEngine(chain, Sealing.INSTANT)
        async with running(engine) as work:
            await work()
            for nonce in range(4):
                engine.submit(remark(chain, nonce))
                await asyncio.sleep(0)
            await work()

    asyncio.run(play())
    assert transactions(chain) == [4]


def test_blocks_follow_each_other_until_the_ready_transactions_are_included(chain: Chain) -> None:
    """Authors put up to 4 MiB and 512 bytes into a block, as the genuine proposer does."""

    async def play() -> None:
        engine = LocalEngine(chain, Sealing.INSTANT)
        async with running(engine) as work:
            for nonce in range(3):
                engine.submit(remark(chain, nonce, size=1_900_000))
            await work()

    asyncio.run(play())
    assert transactions(chain) == [2, 1]


@pytest.mark.parametrize("sealing", [Sealing.INTERVAL, Sealing.MIXED])
def test_a_due_timer_makes_an_empty_block(chain: Chain, sealing: Sealing) -> None:
    async def play() -> None:
        engine = LocalEngine(chain, sealing)
        delays = joined((0, 0), repeat(None))
        engine._delay = lambda: next(delays)  # type: ignore[method-assign]  # due twice
        async with running(engine) as work:
            assert await work() == 2

    asyncio.run(play())
    assert transactions(chain) == [0, 0]


def test_a_block_that_cannot_be_made_does_not_stop_the_engine(chain: Chain, caplog: pytest.LogCaptureFixture) -> None:
    async def play() -> None:
        engine = LocalEngine(chain, Sealing.INSTANT)
        produce, failures = engine.produce, iter([ValueError("no space")])

        def fail_once() -> ImportedBlock:
            for failure in failures:
                raise failure
            return produce()

        engine.produce = fail_once  # type: ignore[method-assign]
        async with running(engine) as work:
            engine.submit(remark(chain, 0))
            assert await work() == 0
            engine.submit(remark(chain, 1))
            assert await work() == 1

    asyncio.run(play())
    assert transactions(chain) == [2]
    assert "a block could not be made" in caplog.text
    assert "no space" in caplog.text


def test_a_block_that_cannot_be_made_is_tried_again_when_a_transaction_arrives(chain: Chain) -> None:
    """Once for each, also for one that arrives during the first attempt."""
    attempts: list[int] = []

    async def play() -> None:
        engine = LocalEngine(chain, Sealing.INSTANT)

        def fail() -> ImportedBlock:
            attempts.append(chain.pool.ready_count)
            if len(attempts) == 1:
                engine.submit(remark(chain, 1))
            raise ValueError("no space")

        engine.produce = fail  # type: ignore[method-assign]
        async with running(engine) as work:
            engine.submit(remark(chain, 0))
            assert await work() == 0
            engine.submit(remark(chain, 2))
            assert await work() == 0

    asyncio.run(play())
    assert attempts == [1, 2, 3]


@pytest.mark.parametrize(
    ("sealing", "block_time_ms", "seconds"),
    [
        (Sealing.INTERVAL, None, 8.5),
        (Sealing.INTERVAL, 1_000, 0.5),
        (Sealing.MIXED, None, 12.0),
        (Sealing.MIXED, 250, 0.25),
        (Sealing.INSTANT, None, None),
        (Sealing.MANUAL, None, None),
        (Sealing.EMBEDDED, None, None),
    ],
)
def test_the_timer_is_due_at_the_next_slot_or_after_one_block_time(
    chain: Chain, sealing: Sealing, block_time_ms: int | None, seconds: float | None
) -> None:
    engine = LocalEngine(chain, sealing, block_time_ms, now=lambda: 1_200_003.5)
    assert 1_200_000_000 % SLOT == 0
    assert engine._delay() == seconds


def test_another_mode_holds_at_once(chain: Chain) -> None:
    async def play() -> None:
        engine = LocalEngine(chain, Sealing.MANUAL)
        async with running(engine) as work:
            engine.submit(remark(chain, 0))
            assert await work() == 0
            engine.set_sealing(Sealing.INSTANT)
            await work()
            engine.submit(remark(chain, 1))
            assert await work() == 1
            assert chain.finalized.number == 1
            engine.set_sealing(Sealing.MANUAL)
            engine.submit(remark(chain, 2))
            assert await work() == 1
            engine.set_sealing(Sealing.INTERVAL, 5_000)
            assert (engine.timer_ms, chain.finality.lag) == (5_000, 2)

    asyncio.run(play())
    assert transactions(chain) == [2]
