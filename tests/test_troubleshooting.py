"""Each error of the page for troubleshooting comes up in the way that the page describes, and the remedies work."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from pysubtensor.chain.engine.local import LocalEngine, Sealing
from pysubtensor.chain.history.blocks import UnknownBlock
from pysubtensor.chain.rpc.server import Running, running
from pysubtensor.runtime.client.errors import PlainError

from pysubtensor import Chain, ChainError, Rejected, TransactionFailed, tao

pytest_plugins = "pytester"

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "troubleshooting.md").read_text()
#: The errors of the page.
ERRORS = re.findall(r"^### `(.*)`$", PAGE, re.MULTILINE)
PROGRAM = [sys.executable, "-m", "pysubtensor"]


def command(*words: str) -> str:
    """Return what a command that fails says."""
    ran = subprocess.run([*PROGRAM, *words], capture_output=True, text=True, check=False, cwd=ROOT)
    assert ran.returncode in (1, 2)
    return ran.stderr


@contextmanager
def devnet(*options: str) -> Iterator[None]:
    """Run a devnet until the end of the block; it listens when the block begins."""
    words = [*PROGRAM, "devnet", "--port", "0", *options]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield
        process.terminate()
        process.communicate()


def ask(server: Running, method: str) -> str:
    """Return the error of a method."""
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": []}).encode()
    url = server.url.replace("ws", "http")
    with urlopen(Request(url, body, {"Content-Type": "application/json"})) as answer:
        return str(json.load(answer)["error"]["message"])


# --- starting and connecting -----------------------------------------------------------------------------------


def taken_port(tmp_path: Path) -> str:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        return command("devnet", "--port", port).replace(port, "9944")


def no_node(tmp_path: Path) -> str:
    return command("status", "--url", "ws://localhost:1").replace("localhost:1:", "localhost:9944:")


def folder_in_use(tmp_path: Path) -> str:
    with devnet("--data-dir", str(tmp_path / "chain")):
        return command("devnet", "--port", "0", "--data-dir", str(tmp_path / "chain"))


def other_parameters(tmp_path: Path) -> str:
    with devnet("--data-dir", str(tmp_path / "chain")):
        pass
    return command("devnet", "--port", "0", "--tempo", "7", "--data-dir", str(tmp_path / "chain"))


def without_docstrings(tmp_path: Path) -> str:
    words = [sys.executable, "-OO", "-c", "import pysubtensor"]
    return subprocess.run(words, capture_output=True, text=True, check=False, cwd=ROOT).stderr


# --- transactions ----------------------------------------------------------------------------------------------


def failing(action: Callable[[Chain], Any], remedy: Callable[[Chain], Any] | None = None) -> Callable[[Path], str]:
    """Return a function that returns the error of an action; after the remedy the action works."""

    def provoke(tmp_path: Path) -> str:
        with Chain.dev() as chain:
            with pytest.raises((TransactionFailed, Rejected, ChainError, UnknownBlock)) as raised:
                action(chain)
            if remedy is not None:
                remedy(chain)
                action(chain)
            return str(raised.value)

    return provoke


def stake(chain: Chain) -> None:
    if chain.query("SubtensorModule.SubnetworkN", 1) < 2:
        chain.execute("SubtensorModule.burned_register", "alice", netuid=1, hotkey="//Alice//hot")
    chain.execute("SubtensorModule.add_stake", "alice", netuid=1, hotkey="//Alice//hot", amount_staked=tao(1))


def start_subnet_1(chain: Chain) -> None:
    module = chain.tx.AdminUtils
    module.sudo_set_subtoken_enabled(netuid=1, subtoken_enabled=True, signer="alice", sudo=True)


def weights(signer: str, **parameters: Any) -> Callable[[Chain], Any]:
    """Return an action that sets weights in a subnet, which is made when it is not there."""

    def action(chain: Chain) -> None:
        if chain.query("SubtensorModule.TotalNetworks") == 2:
            chain.subnet(validators=["//Bob"], miners=["//Charlie"], **parameters)
        chain.execute("SubtensorModule.set_weights", signer, netuid=2, dests=[0], weights=[1], version_key=0)

    return action


def replay(chain: Chain) -> None:
    for remark in (b"one", b"two"):
        chain.submit(chain.sign(chain.call("System.remark", remark=remark), "alice", nonce=0))
        chain.produce()


def set_in_the_window(chain: Chain) -> None:
    if chain.head.number < 95:
        chain.run_to(95)
    chain.tx.AdminUtils.sudo_set_tempo(netuid=1, tempo=20, signer="alice", sudo=True)


# --- clients, programs and tests -------------------------------------------------------------------------------


def closed(chain: Chain) -> None:
    with Chain.dev() as other:
        pass
    other.produce()


PROVOKED: dict[str, Callable[[Path], str]] = {
    "cannot listen on localhost:9944: Address already in use": taken_port,
    "cannot talk to ws://localhost:9944": no_node,
    "is in use: another node runs on it": folder_in_use,
    "the store holds the chain with genesis": other_parameters,
    "expected an interpreter without -OO": without_docstrings,
    "BadOrigin": failing(lambda chain: chain.execute("Balances.force_set_balance", "bob", who="//Eve", new_free=0)),
    "Inability to pay some fees": failing(
        lambda chain: chain.execute("System.remark", "//Miner1", remark=b""),
        lambda chain: chain.fund("//Miner1", "10tao"),
    ),
    "Token.FundsUnavailable": failing(
        lambda chain: chain.execute("Balances.transfer_keep_alive", "dave", dest="//Eve", value="5000tao")
    ),
    "Transaction is outdated": failing(replay),
    "SubtensorModule.SubtokenDisabled": failing(stake, start_subnet_1),
    "SubtensorModule.CommitRevealEnabled": failing(
        weights("//Bob//hot", commit_reveal_weights_enabled=True),
        lambda chain: chain.tx.AdminUtils.sudo_set_commit_reveal_weights_enabled(
            netuid=2, enabled=False, signer="alice", sudo=True
        ),
    ),
    "SubtensorModule.NeuronNoValidatorPermit": failing(weights("//Charlie//hot")),
    "SubtensorModule.HotKeyNotRegisteredInSubNet": failing(weights("//Bob")),
    "SubtensorModule.AdminActionProhibitedDuringWeightsWindow": failing(
        set_in_the_window, lambda chain: chain.next_epoch(1)
    ),
    "expected an open chain, this one is closed": failing(closed),
    "expected a block that is kept": failing(lambda chain: chain.query("System.Number", at=5_000)),
}


NO_METHOD, UNSAFE = "Method not found", "RPC call is unsafe to be called externally"
NO_FIXTURE, DECIMALS = "fixture 'chain' not found", "expected at most nine decimals of TAO"


def test_each_error_of_the_page_is_provoked() -> None:
    assert sorted([*PROVOKED, NO_METHOD, UNSAFE, NO_FIXTURE, DECIMALS]) == sorted(ERRORS)


@pytest.mark.parametrize("error", PROVOKED)
def test_an_error_says_so(error: str, tmp_path: Path) -> None:
    assert error in PROVOKED[error](tmp_path)


def test_methods_that_a_node_does_not_offer_say_so() -> None:
    with Chain.dev(chain_type="Live") as chain, running(chain) as server:
        assert ask(server, "dev_nodeInfo") == NO_METHOD
    with Chain.dev() as chain, running(chain, engine=LocalEngine(chain, Sealing.MANUAL), unsafe=False) as server:
        assert ask(server, "author_removeExtrinsic") == UNSAFE


def test_without_the_plugin_there_is_no_fixture(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_it(chain): pass")
    ran = pytester.runpytest_subprocess("-p", "no:pysubtensor")
    ran.stdout.fnmatch_lines([f"*{NO_FIXTURE}*"])


def test_a_float_with_more_digits_than_tao_is_refused() -> None:
    with pytest.raises(PlainError, match=DECIMALS):
        tao(0.1 + 0.2)
    assert tao("0.3") == 300_000_000
