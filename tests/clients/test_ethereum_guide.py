"""The contract and the program of the guide for contracts, as they stand there, on a devnet that it names."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.engine.local import LocalEngine, Sealing
from pysubtensor.chain.rpc.server import running
from pysubtensor.cli.evm_devnet import open_to_contracts
from pysubtensor.genesis.presets import localnet

from tests.clients.environments import CACHE, ETHEREUM_JS
from tests.clients.visits import PATIENCE_S, interpreter

pytestmark = [pytest.mark.clients, pytest.mark.timeout(2 * PATIENCE_S)]

GUIDE = (Path(__file__).parents[2] / "docs" / "evm.md").read_text()


def block(language: str) -> str:
    """The only block of the guide in a language."""
    (found,) = re.findall(rf"^```{language}\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)
    return str(found)


def test_the_contract_of_the_guide_stakes(tmp_path: Path) -> None:
    node = interpreter(ETHEREUM_JS)
    (tmp_path / "node_modules").symlink_to(CACHE / ETHEREUM_JS / "node_modules")
    (tmp_path / "Staker.sol").write_text(block("solidity"))
    with Chain(localnet()) as chain:
        open_to_contracts(chain)
        with running(chain, engine=LocalEngine(chain, Sealing.INSTANT)) as server:
            url = server.url.replace("ws://", "http://")
            (tmp_path / "stake.mjs").write_text(block("javascript").replace("http://localhost:9944", url))
            ran = subprocess.run(
                [node, "stake.mjs"], cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE_S, check=False
            )
    assert (ran.stdout, ran.returncode) == (block("text"), 0), ran.stderr
