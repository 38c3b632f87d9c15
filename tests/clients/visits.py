"""A visit: a real client, run by its driver in its own environment, at a pysubtensor node; and both reports."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.engine.local import LocalEngine, Sealing
from pysubtensor.chain.rpc.server import Running, running
from pysubtensor.genesis.accounts import ACCOUNTS, authority
from pysubtensor.genesis.presets import dev
from pysubtensor.runtime.pallets.balances.accounts import account_data

from tests.clients.environments import CACHE, Unavailable, on_ci, prepare

DRIVERS = Path(__file__).parent / "drivers"
DRIVER_OF = {
    "bittensor-11.3": "bittensor_11.py",
    "bittensor-11": "bittensor_11.py",
    "bittensor-10": "bittensor_10.py",
    "btcli": "btcli.py",
    "async-substrate-interface": "substrate_interface.py",
    "substrate-interface": "substrate_interface.py",
    "polkadot-js": "polkadot_js.mjs",
    "papi-1": "papi.mjs",
    "papi-2": "papi.mjs",
}
AMOUNT, TOO_MUCH = 1_500_000_000, 2_000_000 * 10**9
#: Time limit of a driver, in seconds. Most take one to four, the subnet through `btcli` 40.
PATIENCE_S = 270


@dataclass(frozen=True)
class Visit:
    """The client's report, and the state of the chain afterwards."""

    client: str
    seen: dict[str, Any]
    #: Number of the block in which the transfer became final according to the client; None if there is no such block.
    transfer_block: int | None
    head: int
    free: dict[str, int]
    issuance_grew: int


def interpreter(name: str) -> Path:
    """Return the program that runs scripts in an environment; skip the test without it, except with CI=true."""
    try:
        return prepare(name)
    except Unavailable as why:
        if on_ci():
            pytest.fail(str(why), pytrace=False)
        pytest.skip(str(why))


def receive(name: str, home: Path) -> Visit:
    """Run a client on its own chain, which produces a block for each transaction."""
    program = interpreter(name)
    # //One makes the blocks, so that //Alice does not earn the fees that she pays.
    config = dev(authorities=(authority("One"),))
    with Chain(config) as chain, running(chain, engine=LocalEngine(chain, Sealing.INSTANT)) as node:
        issuance = node.call(lambda: total(chain))
        seen = drive(name, program, node, home)
        return node.call(lambda: remember(name, seen, chain, issuance))


def drive(name: str, program: Path, node: Running, home: Path) -> dict[str, Any]:
    """Run a client's driver; its last line is its report."""
    task = {
        "url": node.url,
        "client": name,
        "environment": str(CACHE / name),
        "amount": AMOUNT,
        "too_much": TOO_MUCH,
        "timeout": PATIENCE_S // 3,
    }
    return run_driver(name, program, DRIVER_OF[name], task, home)


def run_driver(
    name: str, program: Path, driver: str, task: dict[str, Any], home: Path, patience_s: float = PATIENCE_S
) -> dict[str, Any]:
    """Run a driver with its task, in an empty home; return its last line, decoded from JSON."""
    # Nothing that this machine's user has set up for a client (BT_WALLET_PATH and its like) may matter.
    mine = {key: value for key, value in os.environ.items() if not key.startswith("BT")}
    env = mine | {"HOME": str(home), "NO_COLOR": "1", "COLUMNS": "1000"}
    command = [program, DRIVERS / driver, json.dumps(task)]
    try:
        ran = subprocess.run(
            command, cwd=home, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=patience_s
        )
    except subprocess.TimeoutExpired as late:
        said = (late.stderr or b"").decode(errors="replace")
        pytest.fail(f"{name} is not done after {patience_s} s; it said:\n{said}", pytrace=False)
    if ran.returncode:
        pytest.fail(f"{name} ended with {ran.returncode}; it said:\n{ran.stdout}\n{ran.stderr}", pytrace=False)
    return json.loads(ran.stdout.splitlines()[-1])


def total(chain: Chain) -> int:
    """Return the total of the accounts that localnets fund, in rao."""
    return sum(free(chain, account) for account in chain.config.balances)


def free(chain: Chain, account: bytes) -> int:
    return account_data(chain.context(), account).free


def remember(name: str, seen: dict[str, Any], chain: Chain, issuance: int) -> Visit:
    final = bytes.fromhex(seen["transfer"]["block"].removeprefix("0x"))
    number = next((number for number in range(chain.head.number + 1) if chain.hash_at(number) == final), None)
    free_now = {each: free(chain, ACCOUNTS[each]) for each in ("Alice", "Bob", "One")}
    return Visit(name, seen, number, chain.head.number, free_now, total(chain) - issuance)
