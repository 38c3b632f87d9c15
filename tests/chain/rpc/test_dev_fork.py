"""`dev_fork` and `dev_reset`: another chain in the place of the one that a node serves."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from pysubtensor.chain.engine.local import LocalEngine, Sealing
from pysubtensor.chain.history.fork import wire
from pysubtensor.chain.rpc.server import Running, running

from pysubtensor import Chain
from tests.chain.rpc.conftest import Client
from tests.world import TAO

Connect = Callable[..., Client]


@pytest.fixture(autouse=True)
def _cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("pysubtensor.chain.forking.default_folder", lambda: tmp_path)
    monkeypatch.setattr(wire, "PAUSES_S", ())


@pytest.fixture
def tester(connect: Connect) -> Client:
    """A client of a node with a chain for tests, at block 2."""
    return connect(Sealing.MANUAL, dev=True)


@pytest.fixture
def source() -> Iterator[Running]:
    """A node with a chain of other parameters, at block 4, from which block 3 on //Poor has 7 TAO."""
    with Chain.dev(tempo=7, slot_duration_ms=6000) as chain, running(chain, "127.0.0.1") as served:
        chain.produce(2)
        chain.execute("Balances.transfer_keep_alive", "//Alice", dest="//Poor", value=7 * TAO)
        chain.produce(1)
        yield served


def free(client: Client, who: str) -> int:
    data = client.chain.query("System.Account", who).data
    assert isinstance(data.free, int)
    return data.free


def test_a_node_becomes_a_fork_of_another_one(tester: Client, source: Running) -> None:
    other = source.server.node.chain
    tester.ask("dev_newBlock", {"count": 3})
    tester.ask("chain_subscribeNewHeads")
    tester.ask("chain_subscribeFinalizedHeads")
    tester.ask("dev_snapshot")
    tester.ask("dev_setRateLimits", "off")
    tester.ask("author_submitExtrinsic", "0x" + tester.transfer().hex())
    instance = tester.ask("dev_nodeInfo")["instanceId"]
    tester.heard()
    head = tester.ask("dev_fork", source.url)
    assert head == "0x" + other.head.hash.hex()
    assert [(name, each["number"]) for name, _, each in tester.heard()] == [
        ("chain_newHead", "0x4"),
        ("chain_finalizedHead", "0x4"),
    ]
    assert tester.ask("dev_pool") == {"ready": [], "future": []}
    assert tester.ask("dev_listSnapshots") == []
    info = tester.ask("dev_nodeInfo")
    assert info["instanceId"] != instance
    assert info["fork"] == {"endpoint": source.url, "number": 4, "hash": head}
    assert info["blockTimeMs"] == 6000
    assert free(tester, "//Poor") == 7 * TAO
    assert tester.chain.config.tempo == 7
    assert tester.ask("chain_getBlockHash", 1) == "0x" + (other.hash_at(1) or b"").hex()
    tester.ask("author_submitExtrinsic", "0x" + tester.transfer().hex())
    tester.ask("dev_newBlock", {"count": 2})
    assert (tester.chain.head.number, other.head.number) == (6, 4)
    assert tester.chain.query("SubtensorModule.TxRateLimit") == 1000, "waived in the former chain alone"


def test_a_block_of_the_other_chain_is_named(tester: Client, source: Running) -> None:
    third = "0x" + (source.server.node.chain.hash_at(3) or b"").hex()
    assert tester.ask("dev_fork", source.url.replace("ws:", "http:"), 2) != third
    assert (tester.chain.head.number, free(tester, "//Poor")) == (2, 0)
    assert tester.ask("dev_fork", {"endpoint": source.url, "block": third}) == third
    assert free(tester, "//Poor") == 7 * TAO
    tester.ask("dev_reset")
    assert (tester.chain.head.number, tester.ask("dev_nodeInfo")["fork"]) == (0, None)
    instance = tester.ask("dev_reset", {"fork": {"endpoint": source.url, "block": 3}})
    assert (tester.ask("chain_getBlockHash"), tester.ask("dev_nodeInfo")["instanceId"]) == (third, instance)


def test_the_state_may_be_left_as_it_is(tester: Client, source: Running) -> None:
    other = source.server.node.chain
    with running(Chain.dev(balances={"//Bob": TAO}), "127.0.0.1") as poor:
        tester.ask("dev_fork", {"endpoint": poor.url, "devAccounts": False})
        assert free(tester, "//Alice") == 0
        tester.ask("dev_fork", {"endpoint": poor.url, "accept": ["System.Events"]})
        assert free(tester, "//Alice") == 1_000_000 * TAO
        poor.server.node.chain.close()
    assert other.head.number == 4


def test_a_file_is_forked_as_well(tester: Client, tmp_path: Path) -> None:
    path = str(tmp_path / "some.chain")
    tester.ask("dev_newBlock", {"count": 3})
    tester.ask("dev_dumpState", path)
    fourth = tester.ask("chain_getBlockHash", 4)
    tester.ask("dev_reset")
    assert tester.ask("dev_fork", path, 4) == fourth
    assert tester.chain.head.number == 4


def test_a_fork_that_cannot_be_made_changes_nothing(tester: Client, source: Running) -> None:
    before = tester.ask("dev_nodeInfo")
    for arguments, code, why in (
        ([source.url, 5], 1, f"expected a block of the node at {source.url}, it has none of number 5"),
        ([source.url, "0x" + "11" * 32], 1, "it has none of 0x1111"),
        ([source.url, -1], 1, "expected a block of the other node from 0 on, got -1"),
        (["ws://127.0.0.1:1"], 1, "needs chain_getBlockHash of ws://127.0.0.1:1: "),
        (["ftp://127.0.0.1"], 1, "expected the URL of a node, which begins with ws://"),
        (["127.0.0.1:9944"], 1, "expected the name of a file that ends with .chain, got '127.0.0.1:9944'"),
        ([5], -32602, "Invalid params: endpoint: expected text, got 5"),
        ([], -32602, "Invalid params: endpoint is missing"),
        ([source.url, "four"], -32602, "Invalid params: block: expected a block: its hash (0x and 64 digits)"),
        ([{"endpoint": source.url, "accept": "x"}], -32602, "Invalid params: accept: expected a list, got 'x'"),
    ):
        found, message, _ = tester.fail("dev_fork", *arguments)
        assert (found, why in message) == (code, True), message
    for params, why in (
        ({"fork": {"endpoint": source.url}, "spec": "fast"}, "expected fork alone, got genesis or spec, too"),
        ({"fork": source.url}, 'fork: expected {"endpoint": URL, "block": number or hash}, got \'ws://'),
        ({"fork": {"endpoint": source.url, "blok": 3}}, 'expected {"endpoint": URL, "block": number or hash}'),
        ({"spec": "finney"}, "spec: expected one of localnet, fast, mainnet, dev, got 'finney'"),
    ):
        assert why in tester.fail("dev_reset", params)[1]
    with tester.chain.anchor():
        assert "leave the anchor first" in tester.fail("dev_fork", source.url)[1]
    assert tester.ask("dev_nodeInfo") == before


def test_the_node_itself_is_not_forked() -> None:
    with Chain.dev() as chain, running(chain) as node:
        for host in ("127.0.0.1", "localhost", "127.0.0.7", "0.0.0.0"):
            for scheme in ("ws", "http"):
                url = f"{scheme}://{host}:{node.port}"
                body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "dev_fork", "params": [url]}).encode()
                address = node.url.replace("ws:", "http:")
                with urlopen(Request(address, body, {"Content-Type": "application/json"})) as response:
                    error = json.load(response)["error"]
                assert error["code"] == 1
                assert error["message"] == f"expected the URL of another node, got '{url}', which is this one's own"


def test_a_chain_on_disk_is_not_replaced(tmp_path: Path, source: Running) -> None:
    with Chain.dev() as memory, Chain(memory.config, tmp_path / "data") as chain:
        client = Client(chain, dev=True)
        assert "expected a chain in memory, this one is on disk" in client.fail("dev_fork", source.url)[1]


def test_only_nodes_for_tests_have_the_method(connect: Connect, source: Running) -> None:
    assert connect(dev=False).fail("dev_fork", source.url)[:2] == (-32601, "Method not found")


def test_a_source_that_dies_is_an_error_and_the_node_goes_on(tester: Client) -> None:
    with Chain.dev() as other:
        with running(other, "127.0.0.1") as served:
            tester.ask("dev_fork", served.url)
        code, message, _ = tester.fail("state_getKeysPaged", "0x26aa394eea5630e07c48ae0c9558cef7", 5)
        assert (code, f"needs state_getKeysPaged of {served.url}: " in message) == (4003, True)
    tester.ask("dev_reset")
    tester.ask("dev_newBlock", {"count": 2})
    assert tester.chain.head.number == 2


def test_blocks_are_made_in_the_time_of_the_new_chain(chain: Chain, source: Running) -> None:
    client = Client(chain, dev=True)
    engine = client.node.engine
    assert isinstance(engine, LocalEngine)
    client.ask("dev_fork", source.url)
    assert engine.block_time_ms == 6000
    client.ask("dev_setBlockBuildMode", {"mixed": 500})
    client.ask("dev_reset", {"spec": "fast"})
    assert (engine.block_time_ms, client.chain.slot_ms) == (500, 250)
    assert client.chain.config.tempo == 10
