"""Long work in slices: what others see of the event loop meanwhile, and that its results are those of one piece."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.history.blocks import Retention
from pysubtensor.chain.rpc import slices
from pysubtensor.chain.rpc.slices import Slices, TimeIsUp, in_slices, limited, paced, pause, whole
from pysubtensor.genesis.presets import dev

from .conftest import ALICE, Client

#: The keys of System begin with this.
SYSTEM = "0x26aa394eea5630e07c48ae0c9558cef7"


@pytest.fixture(autouse=True)
def _each_pause_ends_a_slice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slices, "SLICE_S", 0.0)
    monkeypatch.setattr(slices, "READS", 1)


async def rounds_during(work: Awaitable[Any]) -> tuple[Any, int]:
    """Return a result, and in how many rounds of the loop others could do something before it."""
    rounds, task = 0, asyncio.ensure_future(work)
    while not task.done():
        await asyncio.sleep(0)
        rounds += 1
    return task.result(), rounds


def count_to(limit: int) -> int:
    for _ in range(limit):
        pause()
    return limit


def test_others_have_their_turn_at_each_pause() -> None:
    result, rounds = asyncio.run(rounds_during(Slices().long(False, count_to, 50)))
    assert result == 50
    assert rounds >= 50


def test_works_take_turns() -> None:
    order: list[str] = []

    def say(name: str) -> None:
        for _ in range(3):
            order.append(name)
            pause()

    async def scene() -> None:
        run = Slices()
        await asyncio.gather(run.long(False, say, "a"), run.long(False, say, "b"))

    asyncio.run(scene())
    assert order == ["a", "b"] * 3


def test_few_works_begin_at_once() -> None:
    begun: list[int] = []

    def begin(number: int) -> None:
        begun.append(number)
        count_to(5)
        assert len(begun) - number <= slices.MAX_SHORT

    async def scene() -> None:
        run = Slices()
        await asyncio.gather(*[run.long(False, begin, number) for number in range(10)])

    asyncio.run(scene())
    assert begun == list(range(10))


def test_large_works_do_not_keep_others_waiting() -> None:
    ended: list[str] = []

    async def scene() -> None:
        run = Slices()
        large = [run.long(True, lambda: (count_to(50), ended.append("large"))) for _ in range(5)]
        await asyncio.gather(*large, run.long(False, lambda: (count_to(5), ended.append("short"))))

    asyncio.run(scene())
    assert ended == ["short", *["large"] * 5]


def test_an_error_is_raised_and_the_next_work_runs() -> None:
    def fail() -> None:
        pause()
        raise LookupError("expected")

    async def scene() -> None:
        run = Slices()
        for _ in range(slices.MAX_SHORT + 1):
            with pytest.raises(LookupError, match="expected"):
                await run.long(False, fail)
        assert await run.long(False, count_to, 3) == 3

    asyncio.run(scene())


def test_abandoned_work_is_unwound() -> None:
    ended: list[bool] = []

    def endless() -> None:
        try:
            while True:
                pause()
        finally:
            ended.append(True)

    async def scene() -> None:
        run = Slices()
        task = asyncio.create_task(run.long(False, endless))
        for _ in range(10):
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert ended == [True]
        assert await run.long(False, count_to, 3) == 3

    asyncio.run(scene())


def test_whole_work_has_no_pauses_and_outside_of_work_a_pause_does_nothing() -> None:
    assert count_to(3) == 3
    assert not in_slices()
    result, rounds = asyncio.run(rounds_during(Slices().long(False, lambda: (in_slices(), whole(count_to, 1000)))))
    assert result == (True, 1000)
    assert rounds < 20
    assert list(paced("abc")) == ["a", "b", "c"]


# --- requests ------------------------------------------------------------------------------------------------------

Asked = Callable[[Chain], tuple[str, list[Any]]]


def oldest(chain: Chain) -> str:
    block_hash = chain.hash_at(1)
    assert block_hash is not None
    return "0x" + block_hash.hex()


def newest(chain: Chain) -> str:
    return "0x" + chain.head.hash.hex()


def keys_of(chain: Chain) -> list[str]:
    return ["0x" + key.hex() for key in list(chain.state.keys(b""))[::7]] + ["0x00", "0x" + "ff" * 40]


LONG: dict[str, Asked] = {
    "state_getKeys": lambda chain: ("state_getKeys", ["0x26aa"]),
    "state_getKeys of the past": lambda chain: ("state_getKeys", ["0x", oldest(chain)]),
    "state_getPairs of the past": lambda chain: ("state_getPairs", ["0x26aa", oldest(chain)]),
    "state_getKeysPaged": lambda chain: ("state_getKeysPaged", ["0x", 50, "0x26", oldest(chain)]),
    "state_getStorageSize": lambda chain: ("state_getStorageSize", ["0x26aa"]),
    "state_queryStorage": lambda chain: ("state_queryStorage", [keys_of(chain), oldest(chain), newest(chain)]),
    "state_queryStorageAt": lambda chain: ("state_queryStorageAt", [keys_of(chain) * 40, newest(chain)]),
    "state_getReadProof": lambda chain: ("state_getReadProof", [keys_of(chain), newest(chain)]),
    "state_getReadProof of the past": lambda chain: ("state_getReadProof", [keys_of(chain), oldest(chain)]),
    "subnetInfo_getAllMetagraphs": lambda chain: ("subnetInfo_getAllMetagraphs", []),
    "state_call": lambda chain: ("state_call", ["SubnetInfoRuntimeApi_get_all_metagraphs", "0x"]),
    "chain_getBlockHash": lambda chain: ("chain_getBlockHash", [list(range(3)) * 2000]),
}


@pytest.mark.parametrize("asked", LONG.values(), ids=LONG)
def test_an_answer_in_slices_is_that_before_the_blocks_meanwhile(chain: Chain, asked: Asked) -> None:
    """In each pause of the second request there is a new block, which changes what the request reads."""
    chain.produce(5)
    client = Client(chain)
    method, params = asked(chain)
    text = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
    before = client.send(text)
    assert "result" in before, before

    async def meanwhile() -> tuple[Any, int]:
        task, blocks = asyncio.ensure_future(client.dispatcher.answer(text, client)), 0
        while not task.done():
            await asyncio.sleep(0)
            if blocks < 30 and not task.done():
                chain.produce()
                blocks += 1
        return json.loads(task.result() or b""), blocks

    after, blocks = asyncio.run(meanwhile())
    assert blocks > 2, "expected pauses"
    assert after == before


@pytest.mark.parametrize("method", ["state_getPairs", "state_getReadProof", "state_queryStorageAt"])
def test_a_state_that_is_discarded_meanwhile_is_an_error(method: str) -> None:
    with Chain(dev(), retention=Retention(states=3, blocks=None)) as chain:
        chain.produce(5)
        client, block_hash = Client(chain), "0x" + chain.head.hash.hex()
        chain.finality.set_lag(0)  # states that are not final are kept
        keys = [f"0x{at:064x}" for at in range(300)]
        params = ["0x" if method == "state_getPairs" else keys, block_hash]
        text = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})

        async def meanwhile() -> Any:
            task = asyncio.ensure_future(client.dispatcher.answer(text, client))
            while not task.done():
                await asyncio.sleep(0)
                chain.produce()
            return json.loads(task.result() or b"")

        error = asyncio.run(meanwhile())["error"]
        assert error["code"] == 4003
        assert f"State already discarded for {block_hash}" in error["message"]


def test_a_subscription_begins_with_the_values_and_goes_on_with_the_blocks_meanwhile(chain: Chain) -> None:
    client = Client(chain)
    keys = client.ask("state_getKeys", SYSTEM) + [f"0x{at:064x}" for at in range(200)]
    text = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "state_subscribeStorage", "params": [keys]})

    async def meanwhile() -> None:
        task, blocks = asyncio.ensure_future(client.dispatcher.answer(text, client)), 0
        while not task.done():
            await asyncio.sleep(0)
            if client.node.hub.watched and blocks < 3 and not task.done():
                chain.produce()
                blocks += 1

    asyncio.run(meanwhile())
    heard = [result for _, _, result in client.heard()]
    assert [each["block"] for each in heard] == ["0x" + (chain.hash_at(number) or b"").hex() for number in range(2, 6)]
    assert [key for key, _ in heard[0]["changes"]] == keys
    assert all(0 < len(each["changes"]) < 100 for each in heard[1:])


def test_a_long_transaction_is_decoded_in_slices_and_submitted_in_one_piece(chain: Chain) -> None:
    client = Client(chain)
    raw = chain.sign(chain.call("System.remark", remark=bytes(60_000)), ALICE)
    client.ask("author_submitExtrinsic", "0x" + raw.hex())
    assert chain.pool.ready_count == 1
    assert client.fail("author_submitExtrinsic", "0x" + raw.hex())[0] == 1013
    chain.produce()
    block = chain.block(chain.head.hash)
    assert block is not None
    assert block.body[-1] == raw
    assert client.fail("author_submitExtrinsic", "0x" + raw.hex())[0] == 1012


def test_a_read_in_slices_does_not_see_a_block_that_is_built(client: Client) -> None:
    chain, key = client.chain, b"of the next block"
    chain.building.begin()
    chain.state.put(key, b"1")
    try:
        assert client.node.separate_context(chain.head.hash).state.get(key) is None
    finally:
        chain.building.end()
        chain.state.discard()


def test_a_work_that_has_used_up_its_time_ends_at_a_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slices, "SLICE_S", 1e-9)
    # Each slice takes a second: the clock of the processor is read at its beginning and at its end.
    monkeypatch.setattr(slices, "thread_time", itertools.count().__next__)
    seen = []

    def work() -> str:
        try:
            with limited(5):
                for number in range(100):
                    pause()
                    seen.append(number)
        except TimeIsUp:
            pause()  # outside there is no limit
            return "ended"
        return "done"

    async def run() -> str:
        return await Slices().run(work)

    assert asyncio.run(run()) == "ended"
    assert seen == list(range(5))
    with limited(0):  # outside of slices there is none
        pause()
