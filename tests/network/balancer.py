"""A server in front of all nodes of a network, which sends each request of a client to another node in turn.

Only what belongs to a subscription goes to the node that has it. A request that names a block waits until its node has
it: nodes store a block some milliseconds after each other.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import re
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import aiohttp
from aiohttp import WSMsgType, web

HASH = re.compile(r"0x[0-9a-f]{64}")
#: Seconds between two questions for a block, and for how long they are asked.
ASK_EVERY_S, WAIT_S = 0.02, 3.0
MOST_BYTES = 1 << 26


class Balancer:
    """Connects each client with all nodes."""

    def __init__(self, urls: Sequence[str]) -> None:
        self.urls, self.turns = urls, itertools.cycle(range(len(urls)))
        #: Requests by node, how many had to wait for a block, and hashes that are not those of blocks.
        self.counts: Counter[int] = Counter()
        self.waited = 0
        self.blocks: set[tuple[int, str]] = set()
        self.others: set[str] = set()
        self.port = 0

    async def serve(self, request: web.Request) -> web.StreamResponse:
        async with aiohttp.ClientSession() as session:
            if request.method == "POST":
                return await self.post(session, await request.json())
            client = web.WebSocketResponse(max_msg_size=MOST_BYTES)
            await client.prepare(request)
            nodes = [await session.ws_connect(url, max_msg_size=MOST_BYTES) for url in self.urls]
            await Session(self, session, client, nodes).run()
            return client

    async def post(self, session: aiohttp.ClientSession, body: Any) -> web.Response:
        node = await self.choose(session, json.dumps(body))
        async with session.post(self.urls[node].replace("ws", "http", 1), json=body) as answer:
            return web.Response(body=await answer.read(), content_type="application/json")

    async def choose(self, session: aiohttp.ClientSession, text: str) -> int:
        """Return the next node, when it has the blocks that a request names."""
        node = next(self.turns)
        self.counts[node] += 1
        for name in HASH.findall(text):
            if (node, name) not in self.blocks and name not in self.others:
                await self.wait_for(session, node, name)
        return node

    async def wait_for(self, session: aiohttp.ClientSession, node: int, name: str) -> None:
        """Wait until a node has a block that another one has."""
        known = [await self.has(session, each, name) for each in range(len(self.urls))]
        if not any(known):
            self.others.add(name)
            return
        self.blocks |= {(each, name) for each, has in enumerate(known) if has}
        if not known[node]:
            self.waited += 1
            async with asyncio.timeout(WAIT_S):
                while not await self.has(session, node, name):
                    await asyncio.sleep(ASK_EVERY_S)
            self.blocks.add((node, name))

    async def has(self, session: aiohttp.ClientSession, node: int, name: str) -> bool:
        request = {"jsonrpc": "2.0", "id": 1, "method": "chain_getHeader", "params": [name]}
        async with session.post(self.urls[node].replace("ws", "http", 1), json=request) as answer:
            return (await answer.json()).get("result") is not None


class Session:
    """One client's connection, and those to the nodes on its behalf."""

    def __init__(
        self, balancer: Balancer, session: aiohttp.ClientSession, client: web.WebSocketResponse, nodes: Sequence[Any]
    ) -> None:
        self.balancer, self.session, self.client, self.nodes = balancer, session, client, nodes
        #: The node that has a subscription, by its id; and requests, by theirs.
        self.owners: dict[str, int] = {}
        self.asked: dict[Any, str] = {}

    async def run(self) -> None:
        """Pass messages on until the client leaves."""
        back = [asyncio.create_task(self.answers(index)) for index in range(len(self.nodes))]
        async for message in self.client:
            if message.type is WSMsgType.TEXT:
                await self.nodes[await self.route(message.data)].send_str(message.data)
        for task in back:
            task.cancel()
        for node in self.nodes:
            await node.close()

    async def route(self, text: str) -> int:
        request = json.loads(text)
        for each in request if isinstance(request, list) else [request]:
            self.asked[each["id"]] = each["method"]
            for parameter in each.get("params") or []:
                if isinstance(parameter, str) and parameter in self.owners:
                    return self.owners[parameter]
        return await self.balancer.choose(self.session, text)

    async def answers(self, index: int) -> None:
        async for message in self.nodes[index]:
            answer = json.loads(message.data)
            for each in answer if isinstance(answer, list) else [answer]:
                method = self.asked.pop(each.get("id"), "")
                if re.search("subscribe|watch|follow", method, re.IGNORECASE) and isinstance(each.get("result"), str):
                    self.owners[each["result"]] = index
            await self.client.send_str(message.data)


@contextlib.contextmanager
def balanced(urls: Sequence[str]) -> Iterator[Balancer]:
    """Run a balancer in a thread, at a free port."""
    balancer, ready, ended = Balancer(urls), threading.Event(), threading.Event()

    async def serve() -> None:
        app = web.Application()
        app.router.add_route("*", "/", balancer.serve)
        runner = web.AppRunner(app, shutdown_timeout=1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        balancer.port = runner.addresses[0][1]
        ready.set()
        while not ended.is_set():
            await asyncio.sleep(0.2)
        await runner.cleanup()

    thread = threading.Thread(target=asyncio.run, args=(serve(),), daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield balancer
    finally:
        ended.set()
        thread.join(10)
