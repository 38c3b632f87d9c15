"""Following a node: blocks as they come, rollbacks, development actions; and nodes that send anything else."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import orjson
import pytest
from aiohttp import WSMsgType, web
from pysubtensor.explorer.node.connection import WAITING, Connection, NodeError, Refused, put
from pysubtensor.explorer.node.forms import as_root, encode_call, fields_of
from pysubtensor.explorer.node.node import Node
from pysubtensor.explorer.readers import actions
from pysubtensor.explorer.readers.blocks import Included, read_block
from pysubtensor.explorer.readers.live import BEFORE, KEPT, Live
from pysubtensor.runtime.client.errors import PlainError

from pysubtensor import Chain, tao
from tests.explorer.conftest import World, read_from

T = TypeVar("T")


def test_the_head_is_followed_and_blocks_that_are_gone_are_dropped(own: tuple[Chain, str]) -> None:
    chain, url = own
    chain.produce(3)
    snapshot = chain.snapshot()
    chain.produce(2)

    async def read(node: Node) -> None:
        live = Live(node)
        await live.take(5)
        assert [block.number for block in live.blocks] == [0, 1, 2, 3, 4, 5]
        chain.revert(snapshot, keep=True)
        chain.tx.System.remark(remark="another", signer="alice")
        await live.take(4)
        assert [block.number for block in live.blocks] == [0, 1, 2, 3, 4]
        assert live.head is not None
        assert [each.name for each in live.head.transactions] == ["System.remark"]
        assert live.find(live.head.transactions[0].hash) == live.head.transactions[0]
        chain.produce(2 * BEFORE)
        await live.take(4 + 2 * BEFORE)
        assert len(live.blocks) == BEFORE + 1, "what is far behind is not read"
        assert live.finalized == 4 + 2 * BEFORE

    read_from(url, read)


def test_the_buffer_is_bounded() -> None:
    live = Live(Node("ws://localhost:1"))
    assert live.blocks.maxlen == KEPT


def test_a_development_node_funds_mines_and_goes_back(own: tuple[Chain, str]) -> None:
    chain, url = own

    async def act(node: Node) -> None:
        assert await actions.is_development(node)
        assert await actions.fund(node, "//Poor", tao(3)) == tao(3)
        id_ = await actions.take_snapshot(node, "before")
        await actions.mine(node, 4)
        assert [(each.label, each.number) for each in await actions.snapshots(node)] == [("before", 0)]
        assert await actions.revert(node, id_)
        assert not await actions.revert(node, "0x77")
        number = await actions.run_epoch(node, 1)
        assert number == chain.storage.SubtensorModule.LastEpochBlock.get(1)
        with pytest.raises(PlainError, match="expected an address"):
            await actions.fund(node, "nowhere", 1)

    read_from(url, act)
    assert chain.storage.System.Account["//Poor"].data.free == tao(3)


def send(url: str, name: str, texts: dict[str, str], signer: str = "//Alice", *, root: bool = False) -> Included:
    """Send a call as the form does."""

    async def sending(node: Node) -> Included:
        interface = await node.interface()
        pallet, _, call = name.partition(".")
        encoded = encode_call(interface, interface.calls(pallet)[call], texts)
        return await actions.send(node, as_root(interface, encoded) if root else encoded, signer)

    return read_from(url, sending)


def test_any_call_is_made_from_the_texts_of_a_form(own: tuple[Chain, str]) -> None:
    chain, url = own
    sent = send(url, "Balances.transfer_keep_alive", {"dest": "//Poor", "value": "1.5tao"})
    assert sent.failure is None
    assert chain.storage.System.Account["//Poor"].data.free == tao(1.5)
    send(url, "AdminUtils.sudo_set_tempo", {"netuid": "1", "tempo": "55"}, root=True)
    assert chain.storage.SubtensorModule.Tempo[1] == 55
    batch = (
        '[{"System.remark": {"remark": "one"}}, {"Balances.transfer_keep_alive": {"dest": "//Poor", "value": 7000}}]'
    )
    assert send(url, "Utility.batch_all", {"calls": batch}).failure is None
    assert chain.storage.System.Account["//Poor"].data.free == tao(1.5) + 7000
    failed = send(url, "AdminUtils.sudo_set_tempo", {"netuid": "1", "tempo": "5"}, "//Bob")
    assert failed.failure is not None
    assert failed.failure.name == "BadOrigin"
    with pytest.raises(NodeError, match="Inability to pay some fees"):
        send(url, "System.remark", {"remark": ""}, "//Unfunded")


def test_the_error_inside_of_sudo_is_found(own: tuple[Chain, str]) -> None:
    failed = send(own[1], "AdminUtils.sudo_set_tempo", {"netuid": "77", "tempo": "55"}, root=True)
    assert failed.failure is not None
    assert failed.failure.name.endswith("SubnetDoesNotExist")


def test_a_form_has_a_field_for_each_argument_and_says_how_it_is_written(world: World) -> None:
    async def read(node: Node) -> dict[str, Any]:
        interface = await node.interface()
        forms = {}
        for pallet in interface.pallets:
            for call in interface.calls(pallet).values():
                forms[f"{pallet}.{call.name}"] = fields_of(interface, call)
        return forms

    forms = world.read(read)
    assert len(forms) > 250
    dest, value = forms["Balances.transfer_keep_alive"]
    assert (dest.name, dest.hint) == ("dest", "an address, or //Alice")
    assert value.hint == "an integer, or an amount such as 1.5tao"
    assert forms["SubtensorModule.set_weights"][1].hint == "a list, such as [1, 2]"
    (kind, *_) = [each for each in forms["Proxy.add_proxy"] if each.name == "proxy_type"]
    assert "Any" in kind.choices


# --- nodes that are not what they should be ------------------------------------------------------------------------


def hostile(answer: Callable[[Any], list[str]], work: Callable[[str], Awaitable[T]]) -> T:
    """Run something against a node that sends these texts for each request."""

    async def talk(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                for text in answer(orjson.loads(message.data)):
                    await socket.send_str(text)
        return socket

    async def run() -> T:
        app = web.Application()
        app.router.add_get("/", talk)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        try:
            return await work(f"ws://127.0.0.1:{port}")
        finally:
            await runner.cleanup()

    return asyncio.run(run())


def result(request: Any, value: Any) -> str:
    return orjson.dumps({"jsonrpc": "2.0", "id": request["id"], "result": value}).decode()


def test_what_is_no_answer_is_dropped() -> None:
    def answer(request: Any) -> list[str]:
        noise = ["", "[]", "7", "{}", '{"id": 99, "result": 1}', '{"id": [1]}', '{"method": "x", "params": 5}']
        return [*noise, result(request, 5), result(request, 6)]

    async def work(url: str) -> list[Any]:
        connection = Connection(url)
        found = await connection.call_all([("a", []), ("b", [1])])
        await connection.close()
        return found

    assert hostile(answer, work) == [5, 5]


def test_errors_are_cut_and_connections_that_end_fail_what_waits() -> None:
    long = {"code": 1, "message": "x" * 10**6}

    async def work(url: str) -> None:
        connection = Connection(url)
        with pytest.raises(Refused) as refused:
            await connection.call("a")
        assert len(str(refused.value)) == 1_000
        assert refused.value.code == 1
        await connection.close()

    hostile(lambda request: [orjson.dumps({"id": request["id"], "error": long}).decode()], work)


def test_a_node_that_is_not_there_is_said_to_be_none() -> None:
    async def read(node: Node) -> None:
        with pytest.raises(NodeError, match=r"cannot talk to ws://127\.0\.0\.1:1"):
            await node.call("system_chain")

    read_from("ws://127.0.0.1:1", read)


@pytest.mark.parametrize(
    "value", [None, 5, "0x", "0xzz", {"specVersion": "no"}, {"specVersion": 1, "transactionVersion": 1}]
)
def test_no_answer_breaks_a_reader(value: Any) -> None:
    """Whatever is answered to every request, the error is one that pages show."""

    async def work(url: str) -> None:
        node = Node(url)
        with contextlib.suppress(NodeError):  # or there is no such block
            assert await read_block(node, "0x00") is None
        with pytest.raises(NodeError):
            await node.ask("SubnetInfoRuntimeApi.get_metagraph", 1)
        await node.connection.close()

    hostile(lambda request: [result(request, value)], work)


def test_a_full_queue_drops_its_oldest() -> None:
    queue: asyncio.Queue[Any] = asyncio.Queue(WAITING)
    for number in range(WAITING + 2):
        put(queue, number)
    assert queue.get_nowait() == 2
