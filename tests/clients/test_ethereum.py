"""The clients of Ethereum, unmodified, on the same port: transfers, contracts, events, reverts, and races of nonces."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pysubtensor.chain.cheats import ethereum
from pysubtensor.chain.cheats.client_name import ClientName
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.engine.local import LocalEngine, Sealing
from pysubtensor.chain.rpc.server import running
from pysubtensor.genesis.accounts import authority
from pysubtensor.genesis.presets import dev

from tests.clients.environments import CACHE, ETHEREUM_JS, HARDHAT, WEB3_PY
from tests.clients.visits import PATIENCE_S, interpreter, run_driver

pytestmark = [pytest.mark.clients, pytest.mark.timeout(2 * PATIENCE_S)]

CONTRACTS = Path(__file__).parent / "contracts"
KEY = "0x" + "11" * 32
ADDRESS = bytes.fromhex("19e7e376e7c213b7e7e7e46cc70a5dd086daff2a")
OTHER = "0x" + "22" * 20
TAO = 10**18
CLIENTS = {"web3_py.py": WEB3_PY, "ethers.mjs": ETHEREUM_JS, "viem.mjs": ETHEREUM_JS, "web3_js.mjs": ETHEREUM_JS}
UNLUCKY = "unlucky"
UNDERPRICED = "replacement transaction underpriced"
#: The errors for a used nonce and for too little money: the node's words, which some clients know and name.
WORDS = ("nonce too low", "insufficient funds for gas * price + value")
NAMES_OF_ERRORS = {
    "ethers.mjs": ("NONCE_EXPIRED", "INSUFFICIENT_FUNDS"),
    "viem.mjs": ("NonceTooLowError", "InsufficientFundsError"),
}


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The ABI and the bytecode of the contract."""
    return compiled("Counter", tmp_path_factory.mktemp("solc"))


def compiled(contract: str, home: Path) -> dict[str, Any]:
    """Return the ABI and the bytecode of a contract of this folder, by solc."""
    task = {"environment": str(CACHE / ETHEREUM_JS), "source": str(CONTRACTS / f"{contract}.sol"), "contract": contract}
    return run_driver(ETHEREUM_JS, interpreter(ETHEREUM_JS), "solc.mjs", task, home)


def visit(driver: str, task: dict[str, Any], home: Path, client: str | None = None) -> dict[str, Any]:
    """Run a driver at a node with a funded address, on which all addresses may create contracts; return its report.

    `client` is the beginning of the node's name.
    """
    name = CLIENTS.get(driver, HARDHAT)
    program = interpreter(name)
    # //One makes the blocks and earns the fees.
    with Chain(dev(authorities=(authority("One"),))) as chain:
        ethereum.set_balance(chain, ADDRESS, 1_000 * TAO)
        ethereum.let_all_create(chain)
        ClientName.of(chain).text = client
        chain.produce()
        with running(chain, engine=LocalEngine(chain, Sealing.INSTANT)) as node:
            given = {
                "url": node.url,
                "http": node.url.replace("ws://", "http://"),
                "environment": str(CACHE / name),
                "key": KEY,
                "to": OTHER,
                "timeout": PATIENCE_S // 3,
            }
            return run_driver(name, program, driver, given | task, home)


@pytest.mark.parametrize("driver", CLIENTS)
def test_a_client_uses_the_chain_as_any_other(driver: str, counter: dict[str, Any], tmp_path: Path) -> None:
    seen = visit(driver, counter, tmp_path)
    assert (seen["chain"], seen["balance"]) == (42, str(1_000 * TAO))
    assert seen["transfer"] == [1, 21_000, True]
    assert (seen["found"], seen["block"], seen["code"]) == (True, True, True)
    assert (seen["before"], seen["after"], seen["events"]) == (0, 5, [5])
    assert (seen["heads"], seen["log"]) == (True, [True, 12])
    assert UNLUCKY in seen["revert"]
    assert UNLUCKY in seen["estimate"]
    assert (seen["pending"], seen["replaced"][1]) == (1, UNDERPRICED)
    assert seen["raced"] == [1] * 4
    assert seen["custom"] == ["TooMany", [101, 100]]
    assert (seen["stale"], seen["poor"]) == NAMES_OF_ERRORS.get(driver, WORDS)


def test_hardhat_and_its_helpers(counter: dict[str, Any], tmp_path: Path) -> None:
    """The helpers ask whether the node is Hardhat's or Anvil. Times are those of slots of 12 s."""
    seen = visit("hardhat.mjs", counter | {"home": str(tmp_path)}, tmp_path, client="anvil/")
    assert (seen["count"], seen["fixture"], seen["same"]) == (11, 5, True)
    assert (seen["balance"], seen["nonce"], int(seen["code"], 16)) == (str(TAO), 7, 42)
    assert int(seen["storage"], 16) == 9
    assert seen["mined"] == 5
    assert 3600 <= seen["later"] <= 3600 + 24
    assert 7200 <= seen["to"] <= 7200 + 12
    assert 10_000 <= seen["next"] <= 10_000 + 12
    assert seen["restored"] == str(TAO)
    assert seen["impersonated"] == [1, True]
    assert "no signer available" in seen["refused"]
    assert (int(seen["price"], 16), seen["metadata"]) == (33 * 10**9, 42)
    assert UNLUCKY in seen["revert"]
