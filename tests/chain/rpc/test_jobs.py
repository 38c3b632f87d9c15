"""Jobs: answers that arrive as notifications, after the response, in turns, and as fast as the client reads."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from typing import Any

import aiohttp
import pytest
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.rpc import jobs
from pysubtensor.chain.rpc.jobs import Job, Jobs
from pysubtensor.chain.rpc.notices import Followers, Notice
from pysubtensor.chain.rpc.server import serve
from pysubtensor.chain.rpc.subscriptions import Subscription


class Reader:
    """A client that keeps what it receives, and counts how often it was waited for."""

    def __init__(self) -> None:
        self.received: list[Any] = []
        self.waits = 0

    def push(self, message: bytes) -> None:
        self.received.append(json.loads(message)["params"]["result"])

    def push_notice(self, notice: Notice, followers: Followers) -> None:
        raise AssertionError("expected no notices")

    def when_quiet(self, action: Callable[[], None]) -> None:
        self.waits += 1
        action()


def subscribe(reader: Reader) -> Subscription:
    subscription = Subscription("job", reader)
    subscription.start()
    return subscription


def counting(subscription: Subscription, name: str, count: int, size: int = 1) -> Iterator[int]:
    for number in range(count):
        subscription.send(f"{name}{number}")
        yield size


def run(*started: Job) -> Jobs:
    done = Jobs()

    async def all_of_them() -> None:
        for job in started:
            done.start(job)
        await done.finish()

    asyncio.run(all_of_them())
    return done


def test_the_jobs_of_a_client_take_turns_and_end_once() -> None:
    reader, ended = Reader(), list[str]()
    subscription = subscribe(reader)
    started = [
        Job(subscription, counting(subscription, name, count), lambda name=name: ended.append(name), 10)  # type: ignore[misc]
        for name, count in (("a", 3), ("b", 1), ("c", 2))
    ]
    done = run(*started)
    assert reader.received == ["a0", "b0", "c0", "a1", "c1", "a2"]
    assert sorted(ended) == ["a", "b", "c"]
    assert done.held == 0


def test_a_closed_subscription_ends_its_jobs() -> None:
    reader, ended = Reader(), list[bool]()
    subscription = subscribe(reader)

    def steps() -> Iterator[int]:
        yield subscription.send("first")
        subscription.close()
        yield subscription.send("second")
        raise AssertionError("expected no third step")

    run(Job(subscription, steps(), lambda: ended.append(True)))
    assert (reader.received, ended) == (["first"], [True])


def test_a_client_has_time_to_read_long_answers() -> None:
    reader = Reader()
    subscription = subscribe(reader)
    run(Job(subscription, counting(subscription, "a", 8, jobs.ROOM_BYTES // 2), lambda: None))
    assert (len(reader.received), reader.waits) == (8, 4)


def test_a_job_that_fails_does_not_stop_others(caplog: pytest.LogCaptureFixture) -> None:
    reader = Reader()
    subscription = subscribe(reader)

    def failing() -> Iterator[int]:
        yield 0
        raise RuntimeError("unexpected")

    done = run(
        Job(subscription, failing(), lambda: None, 5), Job(subscription, counting(subscription, "a", 3), lambda: None)
    )
    assert reader.received == ["a0", "a1", "a2"]
    assert done.held == 0
    assert "a job failed" in caplog.text


def test_jobs_are_limited_by_number_and_memory() -> None:
    waiting, reader = Jobs(), Reader()
    assert waiting.has_room(reader, jobs.MAX_HELD)
    assert not waiting.has_room(reader, jobs.MAX_HELD + 1)

    async def start() -> None:
        subscription = subscribe(reader)
        for _ in range(jobs.MAX_QUEUED):
            assert waiting.has_room(reader, 0)
            waiting.start(Job(subscription, counting(subscription, "a", 1), lambda: None, 100))
        assert not waiting.has_room(reader, 0)
        assert waiting.has_room(Reader(), 0)
        assert waiting.held == 100 * jobs.MAX_QUEUED
        await waiting.finish()

    asyncio.run(start())
    assert waiting.has_room(reader, jobs.MAX_HELD)


@pytest.mark.parametrize("batch", [False, True])
def test_the_response_precedes_the_events_of_an_operation(chain: Chain, batch: bool) -> None:
    def request(method: str, *params: Any) -> str:
        text = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
        return f"[{text}, {text}]" if batch else text

    async def scene() -> None:
        server = await serve(chain, port=0)
        try:
            async with aiohttp.ClientSession() as session, session.ws_connect(server.url) as web:
                await web.send_str(
                    json.dumps({"jsonrpc": "2.0", "id": 0, "method": "chainHead_v1_follow", "params": [True]})
                )
                name = json.loads(await web.receive_str())["result"]
                heard = [json.loads(await web.receive_str())["params"]["result"]["event"] for _ in range(2)]
                assert heard == ["initialized", "bestBlockChanged"]
                query = [{"key": "0x", "type": "descendantsValues"}, {"key": "0x" + "00" * 5000, "type": "hash"}]
                await web.send_str(request("chainHead_v1_storage", name, "0x" + chain.head.hash.hex(), query))
                answer, *later = [json.loads(await web.receive_str()) for _ in range(5 if batch else 3)]
                answers = answer if batch else [answer]
                operations = [each["result"]["operationId"] for each in answers]
                events = [each["params"]["result"] for each in later]
                assert {each["operationId"] for each in events} == set(operations)
                assert [each["event"] for each in events].count("operationStorageDone") == len(operations)
        finally:
            await server.stop()

    asyncio.run(scene())
