"""`pysubtensor network`: folders of networks, new ones and such that continue a chain, and words about their nodes."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pysubtensor.chain.chain import Blockchain
from pysubtensor.chain.cheats.config_json import config_from_json
from pysubtensor.chain.network.home import Home
from pysubtensor.chain.network.node import open_chain
from pysubtensor.chain.network.planning import homes_in
from pysubtensor.chain.network.voters import voters_of
from pysubtensor.genesis.build import genesis_hash
from pysubtensor.genesis.presets import localnet

if TYPE_CHECKING:
    from .conftest import Shell


def chain_of(home: Home) -> dict[str, Any]:
    return json.loads((home.folder / "chain.json").read_text())


def test_a_new_network_has_its_validators_as_authorities(shell: Shell, tmp_path: Path) -> None:
    out = tmp_path / "net"
    shell("network", "init", "--validators", "2", "--replicas", "1", "--slot-ms", "500", "--out", str(out))
    homes = homes_in(out)
    found = chain_of(homes[0])
    config = config_from_json(found["config"])
    assert (config.slot_duration_ms, config.authoring, len(config.authorities)) == (500, "claims", 2)
    assert bytes.fromhex(found["block"]) == genesis_hash(config)
    authors = [author.public for home in homes if (author := home.author()) is not None]
    assert authors == [authority.aura for authority in config.authorities]
    rows = json.loads(shell("network", "status", str(out), "--json").stdout)
    assert [(row["node"], row["supervisor"]) for row in rows] == [("node0", None), ("node1", None), ("replica0", None)]


def test_a_network_continues_a_chain_with_its_own_authorities(shell: Shell, tmp_path: Path) -> None:
    with closing(Blockchain(localnet(), tmp_path / "dev")) as chain:
        for _ in range(3):
            chain.produce_block()
        head = chain.head
    out = tmp_path / "net"
    shell("network", "init", "--validators", "2", "--from", str(tmp_path / "dev"), "--out", str(out))
    for home in homes_in(out):
        config = config_from_json(chain_of(home)["config"])
        with closing(open_chain(home, config)) as chain:
            assert (chain.head, home.read().base) == (head, 3)
            author = home.author()
            assert author is not None
            assert author.public in chain.authorities()
            assert [weight for _, weight in voters_of(chain)] == [1, 1]
        genesis = json.loads((home.config / "genesis.json").read_text())
        assert (genesis["initial_height"], genesis["app_state"]) == ("4", head.hash.hex())


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--hosts", "a,b"], "expected 4 hosts, one for each node, got 2"),
        (["--from", ".", "--slot-ms", "500"], "a chain keeps the time between its blocks"),
        (["--validators", "33"], "33 is not in the range"),
    ],
)
def test_init_refuses_what_does_not_fit(shell: Shell, tmp_path: Path, words: list[str], message: str) -> None:
    assert message in shell("network", "init", "--out", str(tmp_path / "net"), *words, code=2).stderr


def test_the_doctor_names_nodes_that_do_not_run(shell: Shell, tmp_path: Path) -> None:
    out = tmp_path / "net"
    shell("network", "init", "--validators", "1", "--out", str(out))
    shell("network", "stop", str(out))
    result = shell("network", "doctor", str(out), code=1)
    assert "node0: it does not run: `pysubtensor network start" in result.stdout.replace("\n", " ")
