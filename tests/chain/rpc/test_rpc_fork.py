"""A node that serves a fork: the answers of the node that was forked, and its absence as an error."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.history.fork import wire
from pysubtensor.chain.rpc.server import Running, running

from .conftest import Client

BLOCKS = 6
#: The prefix of System.Account, and the key of Timestamp.Now.
ACCOUNTS = "0x26aa394eea5630e07c48ae0c9558cef7b99d880ec681799c0cf30e8886371da9"
NOW = "0xf0c365c3cf59d671eb72da0e7a4113c49f1f0515f462cdcf84e0f1d6045dfcbb"


@pytest.fixture
def source() -> Iterator[Running]:
    with Chain.dev() as original:
        original.produce(BLOCKS)
        with running(original, "127.0.0.1") as served:
            yield served


def requests(client: Client) -> list[tuple[str, list[Any]]]:
    hashes = client.ask("chain_getBlockHash", list(range(BLOCKS + 1)))
    return [
        ("chain_getBlockHash", [[0, 3, BLOCKS, BLOCKS + 1]]),
        ("chain_getHeader", []),
        ("chain_getHeader", [hashes[2]]),
        ("chain_getBlock", [hashes[4]]),
        ("chain_getBlock", [f"0x{'77' * 32}"]),
        ("chain_getFinalizedHead", []),
        ("state_getKeysPaged", [ACCOUNTS, 5]),
        ("state_getKeysPaged", [ACCOUNTS, 5, None, hashes[2]]),
        ("state_getPairs", [ACCOUNTS, hashes[1]]),
        ("state_getStorage", [NOW]),
        ("state_getStorage", [NOW, hashes[3]]),
        ("state_queryStorage", [[NOW], hashes[2], hashes[5]]),
        ("state_getMetadata", []),
        ("state_call", ["AccountNonceApi_account_nonce", "0x" + "00" * 32, hashes[3]]),
        ("system_chain", []),
        ("system_properties", []),
        ("system_accountNextIndex", ["5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"]),
    ]


def test_a_fork_answers_as_its_source(source: Running, tmp_path: Path) -> None:
    original = source.server.node.chain
    assert isinstance(original, Chain)
    with Chain.fork(source.url, cache=tmp_path) as fork:
        first, second = Client(original), Client(fork)
        for method, params in requests(first):
            assert second.ask(method, *params) == first.ask(method, *params), method


def test_nothing_is_proved_about_a_fork(source: Running, tmp_path: Path) -> None:
    with Chain.fork(source.url, cache=tmp_path) as fork:
        fork.produce()
        code, message, _ = Client(fork).fail("state_getReadProof", [NOW])
        assert code == 4003
        assert f"0x{fork.head.hash.hex()} is that of a fork, whose root is not the root of a trie" in message


def test_a_source_that_is_gone_is_an_error(source: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "PAUSES_S", ())
    with Chain.dev() as original:
        with running(original, "127.0.0.1") as served:
            fork = Chain.fork(served.url, cache=tmp_path)
        with fork:
            client = Client(fork)
            assert client.ask("state_getStorage", NOW) is None
            code, message, _ = client.fail("state_getKeysPaged", ACCOUNTS, 5)
            assert code == 4003
            assert message.startswith("Client error: the fork of block 0 (0x")
            assert f"needs state_getKeysPaged of {served.url}: " in message
            code, _, _ = client.fail("engine_createBlock", True, True)
            assert client.ask("chain_getHeader")["number"] == "0x0"
