"""`pysubtensor devnet --fork`: a process on top of a block of another node, and the misuse of its options."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pysubtensor.chain.rpc.server import Running, running

from pysubtensor import Chain

from .test_devnet_cli import IMPORTED, devnet, line_of, stop

if TYPE_CHECKING:
    from .conftest import Shell

TAO = 10**9
POINT = 7


@pytest.fixture(scope="module")
def source() -> Iterator[Running]:
    """A node of whose accounts //Bob alone is rich."""
    with Chain.dev(balances={"//Bob": 5_000 * TAO}, sudo_key="//Bob") as chain:
        chain.produce(POINT + 2)
        with running(chain, "127.0.0.1") as served:
            yield served


def test_a_devnet_goes_on_where_another_one_is(source: Running, shell: Shell, tmp_path: Path) -> None:
    options = ("--fork", f"{source.url}@{POINT}", "--fork-cache", str(tmp_path), "--block-time", "50ms")
    with devnet(*options) as process:
        url = line_of(process)
        assert (found := IMPORTED.search(line_of(process))) is not None
        assert int(found[1]) == POINT + 1
        online = type(shell)(url)
        assert online.json("query", "sudo", "key") == "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"
        assert online.json("query", "system", "account", "//Bob")["data"]["free"] == 1_000_000 * TAO
        greeting = stop(process, signal.SIGINT)
    block_hash = source.call(lambda: source.server.node.chain.hash_at(POINT))
    assert block_hash is not None
    assert f"Fork       of block {POINT} (0x{block_hash.hex()}) at {source.url}\n" in greeting
    assert re.search(rf"Cache      {tmp_path}/[0-9a-f]{{16}}-{POINT}-[0-9a-f]{{16}}\.sqlite\n", greeting)
    assert (
        "Edits      development accounts are funded, //Alice has the sudo key and is the only authority\n" in greeting
    )
    assert f"Head       #{POINT}\n" in greeting


def test_a_fork_may_be_left_as_it_is(source: Running, shell: Shell, tmp_path: Path) -> None:
    options = ("--fork", source.url, "--fork-cache", str(tmp_path), "--fork-as-is", "--seal", "instant")
    with devnet(*options) as process:
        online = type(shell)(line_of(process))
        online("tx", "balances", "transfer-keep-alive", "--dest", "//Eve", "--value", "2tao", "--from", "//Bob")
        assert online.json("query", "system", "account", "//Eve")["data"]["free"] == 2 * TAO
        greeting = stop(process, signal.SIGINT)
    assert "Edits      none\n" in greeting
    assert "sudo key" not in greeting


URL = "ws://127.0.0.1:1"
MISUSES = [
    (
        ("--fork", "localhost"),
        "expected the URL of a node, which begins with ws://, wss://, http://, https://, got 'loc",
    ),
    (
        ("--fork", f"{URL}@-3"),
        "expected a block as a number or a hash (0x and 64 digits) in --fork or --fork-block, got '-3'",
    ),
    (("--fork", URL, "--fork-block", "0x12"), "got '0x12'"),
    (
        ("--fork", f"{URL}@3", "--fork-block", "4"),
        "--fork names the block '3' and --fork-block '4'; give only one of them",
    ),
    (("--fork", URL, "--fast"), "--fork takes the rules of the other chain; --chain and --fast describe another one"),
    (("--fork", URL, "--drand", "local"), "--drand local needs a chain of its own"),
    (("--fork", URL, "--fork-as-is"), "--fork-as-is leaves the authorities, whose keys are not here to seal blocks"),
    (("--fork", URL, "--fork-as-is", "--seal", "manual", "--block-time", "1s"), "--block-time edits the state"),
    (("--fork-block", "3"), "--fork-block needs --fork, the URL of the node to fork"),
    (("--fork-whole",), "--fork-whole needs --fork, the URL of the node to fork"),
    (("--fork-as-is",), "--fork-as-is needs --fork, the URL of the node to fork"),
]


@pytest.mark.parametrize(("options", "why"), MISUSES)
def test_misused_options_are_named(shell: Shell, options: tuple[str, ...], why: str) -> None:
    assert why in shell("devnet", "--port", "0", *options, code=2).stderr


def test_the_commands_of_the_guide_are_commands(shell: Shell, tmp_path: Path) -> None:
    guide = (Path(__file__).resolve().parent.parent.parent / "docs" / "fork.md").read_text()
    commands = [line.split("#")[0].split()[1:] for line in guide.splitlines() if line.startswith("pysubtensor devnet")]
    assert len(commands) > 5
    folders = {"--fork-cache": str(tmp_path), "--data-dir": str(tmp_path / "own")}
    for command in commands:
        options = [folders.get(before, re.sub(r"wss?://[^@]*", URL, each)) for before, each in pairwise(["", *command])]
        result = shell(*options, *(["--fork-cache", str(tmp_path)] if "--fork-cache" not in options else []), code=1)
        assert f"needs chain_getBlockHash of {URL}: Cannot connect" in result.stderr, command


def test_a_block_that_the_node_does_not_have_is_named(source: Running, shell: Shell, tmp_path: Path) -> None:
    options = ("--fork-cache", str(tmp_path), "--fork")
    result = shell("devnet", *options, f"{source.url}@1000", code=2)
    assert f"expected a block of the node at {source.url}, it has none of number 1000" in result.stderr
    result = shell("devnet", *options, f"{source.url}@0x{'ab' * 32}", code=2)
    assert f"it has none of 0x{'ab' * 32}" in result.stderr


def test_a_node_that_is_not_there_is_named(shell: Shell, tmp_path: Path) -> None:
    result = shell("devnet", "--fork", URL, "--fork-cache", str(tmp_path), code=1)
    assert f"needs chain_getBlockHash of {URL}: Cannot connect" in result.stderr
    assert f"The cache in {tmp_path} has no block of it" in result.stderr
