"""Blocks that are built in slices: the same blocks as in one piece, and what others see and may do in the pauses."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import pytest
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.engine import local
from pysubtensor.chain.engine.local import LocalEngine, Sealing
from pysubtensor.chain.rpc.slices import SlicedCall, pause

from tests.world import ALICE_KEY, BOB_KEY

COUNT = 6


def raws(chain: Chain) -> list[bytes]:
    """Return transfers of //Alice of 1, 2, … TAO to //Charlie."""
    calls = [
        chain.call("Balances.transfer_keep_alive", dest="//Charlie", value=tao * 10**9) for tao in range(1, COUNT + 1)
    ]
    return [chain.sign(call, ALICE_KEY, nonce=nonce) for nonce, call in enumerate(calls)]


def remark(chain: Chain) -> bytes:
    return chain.sign(chain.call("System.remark", remark="0x"), BOB_KEY, nonce=0)


@pytest.fixture
def chain() -> Iterator[Chain]:
    with Chain.dev() as made:
        made.runtime.pause = pause
        for raw in raws(made):
            made.submit(raw)
        yield made


def start(chain: Chain) -> SlicedCall:
    """Begin a block that pauses before each transaction, as the engine does."""
    building = SlicedCall(chain.build_block)

    def finish() -> None:
        chain.building.finish = None
        chain.append_block(building.finish())

    chain.building.finish = finish
    return building


def free(chain: Chain, name: str) -> int:
    balance: int = chain.query("System.Account", name).data.free
    return balance


def test_a_block_built_in_slices_is_the_block_built_in_one_piece(chain: Chain) -> None:
    with Chain.dev() as other:
        for extrinsic in chain.pool.ready():
            other.submit(extrinsic.raw)
        expected = other.produce_block()
    building, steps = start(chain), 1
    while not building.step(0.0):
        steps += 1
    chain.building.complete()
    assert steps == COUNT + 1
    assert chain.head.hash == expected.hash


def test_the_head_is_read_and_transactions_are_validated_as_before_the_block(chain: Chain) -> None:
    before, state = free(chain, "//Charlie"), chain.state
    building = start(chain)
    while not building.step(0.0):
        assert (free(chain, "//Charlie"), chain.query("System.Number"), chain.nonce(ALICE_KEY.account)) == (
            before,
            0,
            0,
        )
        assert chain.head_state() is not state
        if len(chain.pool) == COUNT:
            chain.submit(remark(chain))
    chain.building.complete()
    assert chain.head_state() is state
    assert free(chain, "//Charlie") == before + sum(range(1, COUNT + 1)) * 10**9
    assert (chain.query("System.Number"), chain.nonce(ALICE_KEY.account), len(chain.pool)) == (1, COUNT, 1)
    assert len(chain.produce_block().extrinsics) == 3


def test_a_transaction_that_leaves_the_pool_meanwhile_is_not_included(chain: Chain) -> None:
    building = start(chain)
    for _ in range(3):
        building.step(0.0)
    last = [extrinsic.hash for extrinsic in chain.pool.ready()][-1]
    chain.pool.remove([last])
    chain.building.complete()
    assert chain.nonce(ALICE_KEY.account) == COUNT - 1


@pytest.mark.parametrize(
    ("act", "head"),
    [
        (lambda chain: chain.produce(), 2),
        (lambda chain: chain.rollback_to(0), 0),
        (lambda chain: chain.anchor().__enter__(), 1),
    ],
    ids=["another block", "a rollback", "an anchor"],
)
def test_what_needs_another_head_completes_the_block_first(
    chain: Chain, act: Callable[[Chain], object], head: int
) -> None:
    heard: list[int] = []
    chain.listeners.append(lambda block: heard.append(block.number))
    building = start(chain)
    assert not building.step(0.0)
    act(chain)
    assert heard[0] == 1
    assert (chain.head.number, building.step(0.0), chain.building.view) == (head, True, None)


def test_a_block_that_cannot_be_built_leaves_the_head_as_it_was(chain: Chain, monkeypatch: pytest.MonkeyPatch) -> None:
    building = start(chain)
    assert not building.step(0.0)
    monkeypatch.setattr(chain.history.trie, "update", lambda diff: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        chain.building.complete()
    assert (chain.head.number, chain.state.changes(), chain.building.view) == (0, {}, None)


def test_a_chain_that_is_closed_completes_the_block(chain: Chain) -> None:
    building = start(chain)
    assert not building.step(0.0)
    chain.close()
    assert chain.head.number == 1


def test_the_engine_leaves_time_for_others(chain: Chain, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "SLICE_S", 0.0)
    seen: list[int] = []

    async def run() -> None:
        engine = LocalEngine(chain, Sealing.INSTANT)
        engine.sliced = SlicedCall
        task = asyncio.create_task(engine._try_to_produce())
        while not task.done():
            seen.append(chain.head.number)
            await asyncio.sleep(0)

    asyncio.run(run())
    assert (seen.count(0), chain.head.number, chain.nonce(ALICE_KEY.account)) == (COUNT + 1, 1, COUNT)


def test_an_engine_that_is_stopped_completes_its_block(chain: Chain, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "SLICE_S", 0.0)

    async def run() -> None:
        engine = LocalEngine(chain, Sealing.INSTANT)
        engine.sliced = SlicedCall
        task = asyncio.create_task(engine._try_to_produce())
        for _ in range(3):
            await asyncio.sleep(0)
        assert chain.head.number == 0
        task.cancel()
        await asyncio.wait([task])

    asyncio.run(run())
    assert (chain.head.number, chain.state.changes(), chain.building.finish) == (1, {}, None)
