"""What a node asks of its engine over HTTP: calls, their errors, and transactions until they are passed on."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from pysubtensor.chain.network import engine as engine_module
from pysubtensor.chain.network.client import EngineClient, EngineRefused, EngineUnavailable
from pysubtensor.chain.network.engine import CometEngine
from pysubtensor.runtime.frame.extrinsic import Id
from pysubtensor.runtime.pallets.balances.calls import transfer_keep_alive

from tests.chain.network.conftest import MakeNetwork
from tests.chain.network.test_application import signed
from tests.world import BOB

REFUSED = {"code": -32603, "message": "Internal error", "data": "the mempool is full"}


class Asked:
    """An engine's RPC that keeps what it is asked, and answers from a list, the last one again and again."""

    def __init__(self, *answers: dict[str, Any] | str) -> None:
        self.answers, self.requests, self.came = list(answers), list[dict[str, Any]](), asyncio.Queue[bytes]()

    async def serve(self, request: web.Request) -> web.Response:
        asked = await request.json()
        self.requests.append(asked)
        if asked["method"] == "broadcast_tx_sync":
            self.came.put_nowait(base64.b64decode(asked["params"]["tx"]))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return web.Response(text=answer) if isinstance(answer, str) else web.json_response(answer)


@asynccontextmanager
async def listening(asked: Asked) -> AsyncIterator[EngineClient]:
    app = web.Application()
    app.router.add_post("/", asked.serve)
    async with TestServer(app) as server:
        client = EngineClient(str(server.make_url("/")))
        yield client
        await client.close()


def test_a_call_sends_its_parameters_and_returns_the_result() -> None:
    async def main() -> None:
        asked = Asked({"result": {"n_peers": "3"}})
        async with listening(asked) as client:
            assert await client.call("net_info", page=1) == {"n_peers": "3"}
            await client.close()
            assert await client.call("net_info") == {"n_peers": "3"}
        first = {"jsonrpc": "2.0", "id": 1, "method": "net_info", "params": {"page": 1}}
        assert asked.requests == [first, first | {"params": {}}]

    asyncio.run(main())


def test_an_error_of_the_engine_comes_with_its_reason() -> None:
    async def main() -> None:
        async with listening(Asked({"error": REFUSED})) as client:
            with pytest.raises(EngineRefused, match=r"^Internal error: the mempool is full$"):
                await client.call("status")

    asyncio.run(main())


def test_an_engine_that_is_gone_or_answers_garbage_is_unavailable() -> None:
    async def main() -> None:
        async with listening(Asked("<html>")) as client:
            with pytest.raises(EngineUnavailable, match=r"^the engine at http://127.0.0.1:\d+/ does not answer"):
                await client.call("status")
        with pytest.raises(EngineUnavailable):
            await client.call("status")
        await client.close()

    asyncio.run(main())


@pytest.mark.parametrize(
    "answers",
    [
        [{"result": {}}],
        [{"error": REFUSED}, {"result": {}}],
        ["<html>", {"error": REFUSED}, {"result": {}}],
        [{"error": REFUSED | {"data": "tx already exists in cache"}}],
    ],
    ids=["taken", "refused once", "unavailable, then refused", "known already"],
)
def test_a_transaction_is_offered_until_the_engine_has_it(
    network: MakeNetwork, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answers: list[dict[str, Any] | str]
) -> None:
    monkeypatch.setattr(engine_module, "RETRY_S", 0)
    monkeypatch.setattr(engine_module, "LOOK_EVERY_S", 3600)
    node = network(1).nodes[0]
    application = node.app
    raws = [signed(node, transfer_keep_alive.call(Id(BOB), 5), nonce) for nonce in (0, 1)]

    async def main() -> list[bytes]:
        asked = Asked(*answers)
        async with listening(asked) as client:
            engine = CometEngine(application, tmp_path / "app.sock", client)
            monkeypatch.setattr(engine, "_look", asyncio.Event().wait)
            running = asyncio.create_task(engine.run())
            engine.submit(raws[0])
            offered = [await asked.came.get() for _ in answers]
            # Nothing is offered again: the next one is another transaction.
            engine.submit(raws[1])
            offered.append(await asked.came.get())
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
        return offered

    assert asyncio.run(main()) == [raws[0]] * len(answers) + [raws[1]]
