"""The server itself: WebSocket and HTTP on one port, over real sockets."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.engine.local import LocalEngine, Sealing
from pysubtensor.chain.rpc import server as server_module
from pysubtensor.chain.rpc.listen import is_local
from pysubtensor.chain.rpc.node import ServerLimits
from pysubtensor.chain.rpc.server import Server, running, serve

from .conftest import ALICE, Client

Socket = aiohttp.ClientWebSocketResponse
Session = aiohttp.ClientSession


def request(method: str, *params: Any, number: int = 1) -> str:
    return json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params})


async def ask(web: Socket, method: str, *params: Any) -> Any:
    """Return the result of a call; skip notifications before it."""
    await web.send_str(request(method, *params))
    while "id" not in (message := json.loads(await web.receive_str())):
        pass
    return message["result"]


def play(chain: Chain, scene: Callable[[Server, Session], Awaitable[None]], **options: Any) -> None:
    """Run a scene with a server on a free port."""

    async def run() -> None:
        server = await serve(chain, port=0, **options)
        try:
            async with aiohttp.ClientSession() as session:
                await scene(server, session)
        finally:
            await server.stop()

    asyncio.run(run())


def http(server: Server, host: str = "127.0.0.1", path: str = "/") -> str:
    return f"http://{host}:{server.port}{path}"


# --- websocket -----------------------------------------------------------------------------------------------


def test_the_response_precedes_the_first_notification(chain: Chain) -> None:
    async def scene(server: Server, session: Session) -> None:
        async with session.ws_connect(server.url + "/any/path") as web:
            await web.send_str(request("chain_subscribeNewHeads"))
            answer, notification = json.loads(await web.receive_str()), json.loads(await web.receive_str())
            assert notification["params"]["subscription"] == answer["result"]
            assert "id" not in notification
            await web.send_str("[" + request("state_subscribeRuntimeVersion") + "]")
            (answer,), notification = json.loads(await web.receive_str()), json.loads(await web.receive_str())
            assert notification["params"]["subscription"] == answer["result"]

    play(chain, scene)


def test_many_requests_in_a_row_are_answered_in_order(chain: Chain) -> None:
    async def scene(server: Server, session: Session) -> None:
        async with session.ws_connect(server.url) as web, session.ws_connect(server.url) as other:
            for number in range(200):
                await web.send_str(request("chain_getHeader", number=number))
            assert await ask(other, "system_chain") == "Bittensor"
            got = [json.loads(await web.receive_str())["id"] for _ in range(200)]
            assert got == list(range(200))

    play(chain, scene)


def test_invalid_frames_do_not_close_a_connection(chain: Chain) -> None:
    async def scene(server: Server, session: Session) -> None:
        async with session.ws_connect(server.url) as web:
            await web.send_bytes(b"\xff\x00garbage")
            assert json.loads(await web.receive_str())["error"]["code"] == -32700
            await web.send_bytes(request("system_chain").encode())
            assert json.loads(await web.receive_str())["result"] == "Bittensor"
            await web.ping()
            assert await ask(web, "system_chain") == "Bittensor"

    play(chain, scene)


def test_a_request_that_is_too_big_is_refused_and_the_next_one_answered(chain: Chain) -> None:
    error = {"code": -32007, "message": "Request is too big", "data": "Exceeded max limit of 1000"}

    async def scene(server: Server, session: Session) -> None:
        async with session.ws_connect(server.url) as web:
            await web.send_str(request("system_chain", "x" * 1000))
            assert json.loads(await web.receive_str()) == {"jsonrpc": "2.0", "id": None, "error": error}
            assert await ask(web, "system_chain") == "Bittensor"
            await web.send_str(request("system_chain", "x" * 9000))
            assert (await web.receive()).type is aiohttp.WSMsgType.CLOSE
        headers = {"Content-Type": "application/json"}
        async with session.post(http(server), data=b"{" + b" " * 1000, headers=headers) as response:
            assert response.status == 413
            assert await response.json() == {"jsonrpc": "2.0", "id": None, "error": error}
        async with session.ws_connect(server.url) as web:
            assert await ask(web, "system_chain") == "Bittensor"

    play(chain, scene, limits=ServerLimits(request_bytes=1000))


def test_a_request_may_be_as_long_as_the_limit(chain: Chain) -> None:
    text = request("system_chain", "x" * 50)

    async def scene(server: Server, session: Session) -> None:
        headers = {"Content-Type": "application/json"}
        for more, fits in (("", True), (" ", False)):
            async with session.ws_connect(server.url) as web:
                await web.send_str(text + more)
                assert ("result" in json.loads(await web.receive_str())) is fits
            async with session.post(http(server), data=text + more, headers=headers) as response:
                assert (response.status, "result" in await response.json()) == ((200, True) if fits else (413, False))

    play(chain, scene, limits=ServerLimits(request_bytes=len(text)))


def test_connections_are_limited(chain: Chain) -> None:
    async def scene(server: Server, session: Session) -> None:
        async with session.ws_connect(server.url) as web:
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await session.ws_connect(server.url)
            assert refused.value.status == 429
            assert await ask(web, "system_chain") == "Bittensor"
        async with session.ws_connect(server.url) as web:
            assert await ask(web, "system_chain") == "Bittensor"

    play(chain, scene, limits=ServerLimits(connections=1))


def test_closing_a_connection_ends_its_subscriptions(chain: Chain) -> None:
    async def scene(server: Server, session: Session) -> None:
        async with session.ws_connect(server.url) as web:
            await ask(web, "chain_subscribeNewHeads")
            await ask(web, "state_subscribeStorage", ["0x00"])
            assert (len(server.node.hub._heads), len(server.node.hub._storage)) == (1, 1)
        while server.endpoint.sockets:
            await asyncio.sleep(0)
        assert (len(server.node.hub._heads), len(server.node.hub._storage)) == (0, 0)
        chain.produce()

    play(chain, scene)


def test_a_client_that_does_not_read_is_disconnected(chain: Chain) -> None:
    async def scene(server: Server, session: Session) -> None:
        async with session.ws_connect(server.url) as web:
            await ask(web, "system_chain")
            (connection,) = server.endpoint.connections
            for _ in range(3):
                connection.push(b"x" * 400)
            kinds = (aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR, aiohttp.WSMsgType.CLOSE)
            assert (await web.receive()).type in kinds
        async with session.ws_connect(server.url) as web:
            assert await ask(web, "system_chain") == "Bittensor"

    play(chain, scene, limits=ServerLimits(unread_bytes=1000))


@pytest.mark.parametrize("compress", [False, True])
def test_compression_is_declined_or_done(chain: Chain, compress: bool) -> None:
    async def scene(server: Server, session: Session) -> None:
        async with session.ws_connect(server.url, compress=15, max_msg_size=0) as web:
            assert bool(web.compress) is compress
            metadata = await ask(web, "state_getMetadata")
            assert metadata[:12] == "0x6d6574610e"
            assert await ask(web, "system_chain", "x" * 10_000) == "Bittensor"

    play(chain, scene, compress=compress)


def test_stopping_closes_connections_properly(chain: Chain) -> None:
    async def scene(server: Server, session: Session) -> None:
        async with session.ws_connect(server.url) as web:
            await ask(web, "chain_subscribeNewHeads")
            await web.receive_str()
            stopping = asyncio.create_task(server.stop())
            message = await web.receive()
            assert (message.type, message.data) == (aiohttp.WSMsgType.CLOSE, aiohttp.WSCloseCode.GOING_AWAY)
            await stopping

    async def run() -> None:
        server = await serve(chain, port=0)
        async with aiohttp.ClientSession() as session:
            await scene(server, session)
        assert chain.listeners == []

    asyncio.run(run())


def test_pings_are_sent(chain: Chain) -> None:
    async def scene(server: Server, session: Session) -> None:
        async with session.ws_connect(server.url, autoping=False) as web:
            await ask(web, "system_chain")
            (connection,) = server.endpoint.connections
            await connection.ping()
            assert (await web.receive()).type is aiohttp.WSMsgType.PING

    play(chain, scene)


def test_pings_come_by_themselves(chain: Chain, monkeypatch: pytest.MonkeyPatch) -> None:
    assert server_module.PING_EVERY_S == 25
    monkeypatch.setattr(server_module, "PING_EVERY_S", 0.001)

    async def scene(server: Server, session: Session) -> None:
        async with session.ws_connect(server.url, autoping=False) as web:
            kinds = [(await web.receive()).type for _ in range(3)]
        assert kinds == [aiohttp.WSMsgType.PING] * 3

    play(chain, scene)


def test_watches_are_kept_awake_by_themselves(chain: Chain, monkeypatch: pytest.MonkeyPatch) -> None:
    repeated = asyncio.Event()
    assert server_module.READY_EVERY_S == 20
    monkeypatch.setattr(server_module, "READY_EVERY_S", 0.001)
    monkeypatch.setattr(Server, "repeat_ready", lambda server: repeated.set())

    async def scene(server: Server, session: Session) -> None:
        await repeated.wait()

    play(chain, scene)


# --- http ----------------------------------------------------------------------------------------------------


def test_http_answers_on_the_same_port(chain: Chain) -> None:
    headers = {"Content-Type": "application/json"}

    async def scene(server: Server, session: Session) -> None:
        async def post(body: str, **more: Any) -> tuple[int, str]:
            async with session.post(http(server, **more), data=body, headers=headers) as response:
                return response.status, await response.text()

        assert json.loads((await post(request("system_chain")))[1])["result"] == "Bittensor"
        assert json.loads((await post(request("system_chain"), path="/some/path"))[1])["result"] == "Bittensor"
        assert len(json.loads((await post("[" + request("system_chain") + "]"))[1])) == 1
        assert (await post("nonsense"))[0] == 400
        assert (await post(""))[0] == 400
        assert await post('{"jsonrpc":"2.0","method":"system_chain"}') == (200, "")
        for method in ("chain_subscribeNewHeads", "chain_unsubscribeNewHeads"):
            assert json.loads((await post(request(method)))[1])["error"]["code"] == -32603

    play(chain, scene)


def test_http_refuses_what_it_does_not_serve(chain: Chain) -> None:
    async def scene(server: Server, session: Session) -> None:
        async with session.get(http(server)) as response:
            assert (response.status, await response.text()) == (
                405,
                "Used HTTP Method is not allowed. POST is required\n",
            )
        async with session.post(http(server), data="x", headers={"Content-Type": "text/plain"}) as response:
            assert response.status == 415
        async with session.options(http(server)) as response:
            assert response.headers["Access-Control-Allow-Origin"] == "*"

    play(chain, scene)


def test_health(chain: Chain) -> None:
    async def scene(server: Server, session: Session) -> None:
        async with session.get(http(server, path="/health")) as response:
            assert response.status == 200
            assert await response.json() == {"peers": 0, "isSyncing": False, "shouldHavePeers": False}
        async with session.get(http(server, path="/health/readiness")) as response:
            assert (response.status, await response.text()) == (200, "")

    play(chain, scene)


# --- ports ---------------------------------------------------------------------------------------------------


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as tried:
            tried.bind(("::1", 0))
    except OSError:
        return False
    return True


IPV6 = pytest.param("[::1]", marks=pytest.mark.skipif(not has_ipv6(), reason="there is no IPv6 here"))


@pytest.mark.parametrize("host", ["127.0.0.1", IPV6])
def test_both_families_share_a_port(chain: Chain, host: str) -> None:
    async def scene(server: Server, session: Session) -> None:
        async with session.get(http(server, host, "/health")) as response:
            assert response.status == 200

    play(chain, scene)


def test_a_port_in_use_is_reported(chain: Chain) -> None:
    async def scene(server: Server, session: Session) -> None:
        with pytest.raises(OSError, match="in use"):
            await serve(chain, port=server.port)

    play(chain, scene)
    assert chain.listeners == []


def test_unsafe_methods_depend_on_the_listening_address(chain: Chain) -> None:
    assert [is_local(host) for host in (None, "localhost", "127.0.0.1", "::1")] == [True] * 4
    assert [is_local(host) for host in ("0.0.0.0", "::", "192.0.2.1", "example.org")] == [False] * 4
    for host, allowed in ((None, True), ("0.0.0.0", False)):
        server = Server(chain, host)
        assert server.node.unsafe is allowed
        server.node.hub.close()


# --- blocks --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sealing", [Sealing.INSTANT, Sealing.MIXED])
def test_a_transaction_gets_its_block_at_once(sealing: Sealing) -> None:
    async def scene(server: Server, session: Session) -> None:
        async with session.ws_connect(server.url) as web:
            raw = Client(server.node.chain, Sealing.EMBEDDED).transfer()
            await ask(web, "author_submitAndWatchExtrinsic", "0x" + raw.hex())
            statuses = [json.loads(await web.receive_str())["params"]["result"] for _ in range(3)]
            head = await ask(web, "chain_getHead")
            assert statuses == ["ready", {"inBlock": head}, {"finalized": head}]

    with Chain.dev() as chain:
        play(chain, scene, engine=LocalEngine(chain, sealing))
        assert chain.head.number == 1


def test_finalized_waits_for_requests_about_the_block() -> None:
    """polkadot.js drops "inBlock" when "finalized" arrives before it has fetched the block."""

    async def scene(server: Server, session: Session) -> None:
        async with session.ws_connect(server.url) as web:
            raw = Client(server.node.chain, Sealing.EMBEDDED).transfer()
            await ask(web, "author_submitAndWatchExtrinsic", "0x" + raw.hex())
            heard: list[Any] = []
            while len(heard) < 2:
                heard.append(json.loads(await web.receive_str())["params"]["result"])
            block = heard[1]["inBlock"]
            for method in ("chain_getHeader", "chain_getBlock", "state_getRuntimeVersion"):
                await web.send_str(request(method, block))
                assert "id" in json.loads(await web.receive_str()), "the answer comes before the last status"
            assert json.loads(await web.receive_str())["params"]["result"] == {"finalized": block}

    with Chain.dev() as chain:
        play(chain, scene, engine=LocalEngine(chain, Sealing.INSTANT))


def test_a_burst_of_transactions_needs_few_blocks() -> None:
    async def scene(server: Server, session: Session) -> None:
        client = Client(server.node.chain, Sealing.EMBEDDED)
        raws = [client.transfer(nonce) for nonce in range(60)]
        async with session.ws_connect(server.url) as web:
            await ask(web, "chain_subscribeNewHeads")
            for raw in raws:
                await web.send_str(request("author_submitExtrinsic", "0x" + raw.hex()))
            while len(server.node.chain.pool) or not server.node.chain.head.number:
                assert "error" not in json.loads(await web.receive_str())

    with Chain.dev() as chain:
        play(chain, scene, engine=LocalEngine(chain, Sealing.INSTANT))
        assert 1 <= chain.head.number <= 20
        assert chain.nonce(ALICE.account) == 60


@pytest.mark.parametrize("sealing", [Sealing.INTERVAL, Sealing.MIXED])
def test_blocks_are_produced_without_requests(sealing: Sealing) -> None:
    async def scene(server: Server, session: Session) -> None:
        async with session.ws_connect(server.url) as web:
            await ask(web, "chain_subscribeNewHeads")
            numbers = [int(json.loads(await web.receive_str())["params"]["result"]["number"], 16) for _ in range(4)]
            assert numbers == list(range(numbers[0], numbers[0] + 4))

    with Chain.dev() as chain:
        play(chain, scene, engine=LocalEngine(chain, sealing, block_time_ms=1))


def test_interval_blocks_wait_for_the_slot() -> None:
    with Chain.dev() as chain:
        assert LocalEngine(chain, Sealing.INTERVAL, 12_000, lambda: 24_009.0)._delay() == 3.0
        assert LocalEngine(chain, Sealing.MIXED, 12_000, lambda: 24_009.0)._delay() == 12.0
        assert LocalEngine(chain, Sealing.MANUAL)._delay() is None


def test_a_block_that_fails_does_not_stop_the_server(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tries: list[int] = []

    def broken(self: Chain, *_: object) -> None:
        tries.append(1)
        raise ZeroDivisionError

    monkeypatch.setattr(Chain, "build_block", broken)

    async def scene(server: Server, session: Session) -> None:
        async with session.ws_connect(server.url) as web:
            while len(tries) < 3:
                assert await ask(web, "system_chain") == "Bittensor"

    with Chain.dev() as chain:
        play(chain, scene, engine=LocalEngine(chain, Sealing.MIXED, 1))
    assert "a block could not be made" in caplog.text


@pytest.mark.parametrize(
    ("sealing", "block_time_ms", "repeats"),
    [(Sealing.MANUAL, None, True), (Sealing.INTERVAL, 60_000, True), (Sealing.INTERVAL, 12_000, False)],
)
def test_ready_is_repeated_while_blocks_are_far_apart(
    chain: Chain, sealing: Sealing, block_time_ms: int | None, repeats: bool
) -> None:
    async def scene(server: Server, session: Session) -> None:
        async with session.ws_connect(server.url) as web:
            await ask(web, "author_submitAndWatchExtrinsic", "0x" + Client(chain).transfer().hex())
            server.repeat_ready()
            heard = [json.loads(await web.receive_str())["params"]["result"]]
            await web.send_str(request("system_chain"))
            while "params" in (message := json.loads(await web.receive_str())):
                heard.append(message["params"]["result"])
            assert heard == (["ready", "ready"] if repeats else ["ready"])

    play(chain, scene, engine=LocalEngine(chain, sealing, block_time_ms))


def test_a_server_in_a_thread(chain: Chain) -> None:
    async def head(url: str) -> str:
        async with aiohttp.ClientSession() as session, session.ws_connect(url) as web:
            return str(await ask(web, "chain_getHead"))

    with running(chain) as server:
        assert asyncio.run(head(server.url)) == "0x" + chain.head.hash.hex()
        made = server.call(lambda: chain.produce())
        assert asyncio.run(head(server.url)) == "0x" + made.hash.hex()
        with pytest.raises(OSError, match="in use"), running(chain, port=server.port):
            pass
    assert chain.listeners == []


def test_a_server_in_a_thread_is_waited_for(chain: Chain, monkeypatch: pytest.MonkeyPatch) -> None:
    async def serve_late(*arguments: Any, **options: Any) -> Server:
        for _ in range(5_000):
            await asyncio.sleep(0)
        return await serve(*arguments, **options)

    monkeypatch.setattr(server_module, "serve", serve_late)
    with running(chain) as server:
        assert server.port == server.server.port > 0
