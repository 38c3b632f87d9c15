"""The RPC server: storage reads over one WebSocket, and transfers from submission to a block.

The server runs in a separate process. The client sends many requests before it reads the responses; the yardstick is
an echo server with the same client.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import aiohttp
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.engine.local import LocalEngine
from pysubtensor.chain.rpc.dispatch import Dispatcher
from pysubtensor.chain.rpc.node import Node
from pysubtensor.chain.rpc.subscriptions import Hub
from pysubtensor.runtime.crypto import Keypair
from pysubtensor.runtime.frame.extrinsic import Id
from pysubtensor.runtime.pallets import system
from pysubtensor.runtime.pallets.balances.calls import transfer_keep_alive
from pysubtensor.runtime.validation import validate_transaction

from .chain import VERIFY, verification_seconds
from .harness import Figure

ECHO = "echo by the same server library"
ALICE, BOB = Keypair.from_uri("//Alice"), Keypair.from_uri("//Bob")

CHAIN_SERVER = """
import asyncio, sys
from benchmarks.rpc import funded
from pysubtensor.chain.garbage import tune_garbage_collection
from pysubtensor.chain.engine.local import LocalEngine, Sealing
from pysubtensor.chain.rpc.server import serve

async def main():
    chain = funded(int(sys.argv[1]))
    server = await serve(chain, port=0, engine=LocalEngine(chain, Sealing.INSTANT))
    tune_garbage_collection()
    print(server.port, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""

ECHO_SERVER = """
import asyncio
from aiohttp import web

async def echo(request):
    socket = web.WebSocketResponse(compress=False)
    await socket.prepare(request)
    async for message in socket:
        await socket.send_str(message.data)
    return socket

async def main():
    runner = web.ServerRunner(web.Server(echo))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


def run(small: bool) -> Iterator[Figure]:
    requests = 200 if small else 20_000
    with process(ECHO_SERVER) as url:
        echo = rate(url, storage_requests(requests))
    with process(CHAIN_SERVER, "0") as url:
        read = rate(url, storage_requests(requests))
    yield Figure(ECHO, echo, "per s")
    yield Figure("state_getStorage over one WebSocket", read, "per s", bound=5000, at_least=True)
    yield Figure("the same, beside an echo", read, "per s", read / echo, ECHO)
    yield submission(50 if small else 1_000)
    yield transfers(50 if small else 2_000)


def funded(accounts: int) -> Chain:
    """Return a chain on which `//bench/0`, `//bench/1`, …, //Alice and //Bob have TAO."""
    balances = {key.account: 10**15 for key in keys(accounts)}
    return Chain.dev(balances={ALICE.account: 10**15, BOB.account: 10**15} | balances)


def keys(count: int) -> list[Keypair]:
    return [Keypair.from_uri(f"//bench/{number}") for number in range(count)]


@contextmanager
def process(code: str, *arguments: str) -> Iterator[str]:
    """Run a server in a separate process; yield its URL."""
    root = Path(__file__).parent.parent
    server = subprocess.Popen([sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE, text=True, cwd=root)
    try:
        assert server.stdout is not None
        yield f"ws://127.0.0.1:{int(server.stdout.readline())}"
    finally:
        server.terminate()
        server.wait()
        if server.stdout is not None:
            server.stdout.close()


def request(number: int, method: str, *params: object) -> str:
    return json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params})


def storage_requests(count: int) -> list[str]:
    key = "0x" + system.Account.key(ALICE.account).hex()
    return [request(number, "state_getStorage", key) for number in range(count)]


async def pipelined(url: str, requests: Sequence[str], ahead: int = 256) -> float:
    """Return the seconds until all requests have a response, with at most `ahead` of them pending."""
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
        begin = time.perf_counter()
        for position, text in enumerate(requests):
            await socket.send_str(text)
            if position >= ahead:
                await socket.receive_str()
        for _ in range(min(ahead, len(requests))):
            response = await socket.receive_str()
        seconds = time.perf_counter() - begin
    assert f'"id":{len(requests) - 1}' in response.replace(" ", ""), (
        f"the last response must be the last request's: {response}"
    )
    assert "error" not in response, response
    return seconds


def rate(url: str, requests: Sequence[str]) -> float:
    return len(requests) / min(asyncio.run(pipelined(url, requests)) for _ in range(3))


def submission(count: int) -> Figure:
    """Measure what `author_submitExtrinsic` adds to validation: JSON, hex, hash, pool, response."""
    with funded(count) as chain:
        signed = signed_transfers(chain, count)
        dispatcher = Dispatcher(Node(chain, Hub(chain), LocalEngine(chain)))
        texts = [request(number, "author_submitExtrinsic", "0x" + raw.hex()) for number, raw in enumerate(signed)]
        extra = asyncio.run(beyond_validation(chain, dispatcher, signed, texts))
        assert chain.pool.ready_count == count, "every transfer must be in the pool"
    return Figure("author_submitExtrinsic beyond validation", extra * 1e6, "us", bound=40)


async def beyond_validation(chain: Chain, dispatcher: Dispatcher, signed: list[bytes], texts: list[str]) -> float:
    """Return the median difference between submitting and validating the same extrinsic, in seconds."""
    differences = []
    for raw, text in zip(signed, texts, strict=True):
        begin = time.perf_counter()
        validate_transaction(chain.pending_context(), chain.runtime.decode(raw))
        middle = time.perf_counter()
        await dispatcher.answer(text, None)
        differences.append(time.perf_counter() - middle - (middle - begin))
    return median(differences)


def signed_transfers(chain: Chain, count: int) -> list[bytes]:
    call = transfer_keep_alive.call(Id(BOB.account), 10**9)
    return [chain.sign(call, key, nonce=0) for key in keys(count)]


async def finalized(url: str, signed: list[bytes]) -> float:
    """Return the seconds until all transfers, submitted at once over one WebSocket, are in blocks."""
    key = "0x" + system.Account.key(BOB.account).hex()
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
        before = await free_balance(socket, key)
        begin = time.perf_counter()
        for number, raw in enumerate(signed):
            await socket.send_str(request(number, "author_submitExtrinsic", "0x" + raw.hex()))
        for _ in signed:
            response = await socket.receive_str()
            assert "error" not in response, response
        while await free_balance(socket, key) < before + len(signed) * 10**9:
            pass
        return time.perf_counter() - begin


async def free_balance(socket: aiohttp.ClientWebSocketResponse, key: str) -> int:
    await socket.send_str(request(0, "state_getStorage", key))
    value = json.loads(await socket.receive_str())["result"]
    account: system.AccountInfo = system.AccountInfo.scale.decode(bytes.fromhex(value[2:]))
    return account.data.free


def transfers(count: int) -> Figure:
    """Measure transfers of `count` accounts through the server, each signature verified once."""
    with funded(count) as chain:
        signed = signed_transfers(chain, count)
    verification = verification_seconds()
    with process(CHAIN_SERVER, str(count)) as url:
        seconds = asyncio.run(finalized(url, signed)) / count
    return Figure("transfers through RPC into blocks", 1 / seconds, "per s", verification / seconds, VERIFY, 0.25, True)
