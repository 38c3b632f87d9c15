"""The client of drand's API against servers that answer well, badly, and not at all; all on this machine."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator

import aiohttp
import pytest
from aiohttp import web
from pysubtensor.chain.drand.answers import DrandError
from pysubtensor.chain.drand.http import DrandClient
from pysubtensor.runtime.beacon import LOCAL_BEACON, local_pulse
from pysubtensor.runtime.pallets.drand.declared import LastStoredRound, NextUnsignedAt, Pulse, Pulses

from pysubtensor import Chain

PATH = f"/{LOCAL_BEACON.hash.hex()}/public/"
#: Raised when nothing is to be had.
ERRORS = (DrandError, aiohttp.ClientError, TimeoutError)

Answer = Callable[[web.Request, str], Awaitable[web.StreamResponse]]


@pytest.fixture
def chain() -> Iterator[Chain]:
    """A chain with the local beacon, whose pulses come from a server."""
    with Chain.dev(beacon="local") as made:
        yield made


def answer_of(pulse: Pulse) -> web.Response:
    body = {"round": pulse.round, "randomness": pulse.randomness.hex(), "signature": pulse.signature.hex()}
    return web.Response(text=json.dumps(body))


def up_to(latest: int) -> Answer:
    """Answer as drand does when `latest` is its last round."""

    async def answer(request: web.Request, asked: str) -> web.StreamResponse:
        number = latest if asked == "latest" else int(asked)
        return answer_of(local_pulse(number)) if number <= latest else web.Response(status=404)

    return answer


def fetch(chain: Chain, answer: Answer, times: int = 1) -> tuple[list[list[int]], list[str]]:
    """Fetch from a server with these answers; return the rounds of each time, and what was asked for."""
    asked: list[str] = []

    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        assert request.path.startswith(PATH)
        asked.append(request.path.removeprefix(PATH))
        return await answer(request, asked[-1])  # type: ignore[arg-type]  # a server without routes

    async def run() -> list[list[int]]:
        server = web.ServerRunner(web.Server(handle), shutdown_timeout=0.01)
        await server.setup()
        site = web.TCPSite(server, "127.0.0.1", 0)
        await site.start()
        host, port = server.addresses[0][:2]
        client = DrandClient(chain, f"http://{host}:{port}/")
        try:
            async with client.session() as session:
                return [await client.fetch(session) for _ in range(times)]
        finally:
            await server.cleanup()

    return asyncio.run(run()), asked


def stored(chain: Chain) -> list[int]:
    return sorted(number for number, _ in Pulses.items(chain.context()))


# --- answers of drand ----------------------------------------------------------------------------------------


def test_a_chain_without_pulses_begins_with_the_latest_round(chain: Chain) -> None:
    assert fetch(chain, up_to(1000), times=2) == ([[1000], []], ["latest", "latest"])
    chain.produce()
    assert stored(chain) == [1000]


def test_all_rounds_after_the_last_stored_one_are_fetched(chain: Chain) -> None:
    chain.submit_pulse(1000)
    chain.pulses = DrandClient(chain, "http://localhost")._pulses
    chain.produce()
    assert fetch(chain, up_to(1003)) == ([[1001, 1002, 1003]], ["latest", "1001", "1002"])
    chain.produce()
    assert stored(chain) == [1000, 1001, 1002, 1003]


def test_50_rounds_are_fetched_at_most(chain: Chain) -> None:
    LastStoredRound.put(chain.context(), 100)
    found, asked = fetch(chain, up_to(1_000))
    assert found == [list(range(101, 151))]
    assert asked == ["latest", *map(str, range(101, 151))]


def test_nothing_is_asked_for_while_the_chain_takes_no_pulses(chain: Chain) -> None:
    NextUnsignedAt.put(chain.context(), 2)
    assert fetch(chain, up_to(1000)) == ([[]], [])


# --- answers of others ---------------------------------------------------------------------------------------


async def of_another_beacon(request: web.Request, asked: str) -> web.StreamResponse:
    good = local_pulse(1000)
    return answer_of(Pulse(1001, good.randomness, good.signature))


async def without_end(request: web.Request, asked: str) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(b" " * 65536)


async def compressed(request: web.Request, asked: str) -> web.StreamResponse:
    response = answer_of(local_pulse(1000))
    response.enable_compression(web.ContentCoding.gzip)
    return response


async def elsewhere(request: web.Request, asked: str) -> web.StreamResponse:
    raise web.HTTPFound(PATH + "1000")


async def garbage(request: web.Request, asked: str) -> web.StreamResponse:
    return web.Response(body=b"\xff" * 100)


async def nothing(request: web.Request, asked: str) -> web.StreamResponse:
    return web.Response()


async def an_error(request: web.Request, asked: str) -> web.StreamResponse:
    return web.Response(status=500, body=answer_of(local_pulse(1000)).body)


async def a_closed_connection(request: web.Request, asked: str) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.close()
    return web.Response()


@pytest.mark.parametrize(
    "answer",
    [of_another_beacon, without_end, compressed, elsewhere, garbage, nothing, an_error, a_closed_connection],
    ids=lambda answer: answer.__name__,
)
def test_other_answers_bring_nothing(chain: Chain, answer: Answer) -> None:
    with pytest.raises(ERRORS):
        fetch(chain, answer)
    chain.produce()
    assert stored(chain) == []


def test_the_pulse_of_another_round_is_refused(chain: Chain) -> None:
    """It is signed by the beacon, but it is not what was asked for; the rounds before it count."""
    LastStoredRound.put(chain.context(), 1000)

    async def answer(request: web.Request, asked: str) -> web.StreamResponse:
        return answer_of(local_pulse({"latest": 1003, "1001": 1001}.get(asked, 1001)))

    with pytest.raises(DrandError, match="expected round 1002, got round 1001"):
        fetch(chain, answer)
    assert chain.pulses.due(chain.context(), 0) == [local_pulse(1001)]


def test_an_answer_that_takes_longer_than_a_second_is_not_waited_for(chain: Chain) -> None:
    chain.runtime.constant_values = {
        constant: 50 if constant.name == "HttpFetchTimeout" else value
        for constant, value in chain.runtime.constant_values.items()
    }

    async def answer(request: web.Request, asked: str) -> web.StreamResponse:
        await asyncio.Event().wait()
        return web.Response()

    with pytest.raises(TimeoutError):
        fetch(chain, answer)


@pytest.mark.parametrize("url", ["ftp://api.drand.sh", "api.drand.sh", "file:///etc/passwd", ""])
def test_an_address_is_one_of_http(chain: Chain, url: str) -> None:
    with pytest.raises(DrandError, match="begins with http"):
        DrandClient(chain, url)
