"""Folders of nodes: their files and modes, keys, peers, and the refusal of a copied validator."""

from __future__ import annotations

import asyncio
import base64
import json
import shutil
import sys
import tomllib
from pathlib import Path

import pytest
from pysubtensor.chain.network import doctor, guard
from pysubtensor.chain.network.engine_config import longest_pause_s, propose_ms
from pysubtensor.chain.network.guard import CopiedState
from pysubtensor.chain.network.home import Home, HomeError
from pysubtensor.chain.network.planning import Plan, add_replica, draw, homes_in, write_network
from pysubtensor.chain.network.supervisor import AlreadyRunning, children_of, running_pid, sole
from pysubtensor.runtime.crypto import Keypair, Scheme

from tests.chain.network.fake_engine import address


@pytest.fixture
def net(tmp_path: Path) -> Path:
    """A network of two validators and a replica on this machine."""
    write(Plan(tmp_path / "net", draw(2, 1)))
    return tmp_path / "net"


def write(plan: Plan) -> list[Home]:
    return write_network(plan, {"config": {}, "block": "aa"}, b"\xaa" * 32, 0, 1000, 1_700_000_000_123, "bittensor")


def test_a_network_has_a_folder_for_each_node(net: Path) -> None:
    homes = homes_in(net)
    assert [home.folder.name for home in homes] == ["node0", "node1", "replica0"]
    assert [home.read().rpc_port for home in homes] == [9944, 9945, 9946]
    assert [home.read().p2p_port for home in homes] == [26656, 26666, 26676]
    assert [home.author() is None for home in homes] == [False, False, True]
    assert homes_in(net / "node1")[0].folder == homes[1].folder
    with pytest.raises(HomeError, match="made by `pysubtensor network init`"):
        homes_in(net.parent)


def test_secrets_are_for_their_owner_alone(net: Path) -> None:
    home = homes_in(net)[0]
    for path in (home.author_key, home.validator_key, home.config / "node_key.json", home.signed):
        assert path.stat().st_mode & 0o777 == 0o600
    for folder in (home.folder, home.config, home.data, home.author_key.parent):
        assert folder.stat().st_mode & 0o777 == 0o700
    home.author_key.chmod(0o644)
    with pytest.raises(HomeError, match="for its owner alone, got mode 644"):
        home.author()


def test_keys_are_what_the_engine_expects(net: Path) -> None:
    key = json.loads(homes_in(net)[0].validator_key.read_text())
    seed, public = base64.b64decode(key["priv_key"]["value"])[:32], base64.b64decode(key["pub_key"]["value"])
    assert Keypair.from_seed(seed, Scheme.ED25519).public == public
    assert key["address"] == address(public).hex().upper()
    assert base64.b64decode(key["priv_key"]["value"])[32:] == public


def test_peers_know_each_other_and_nothing_listens_outside(net: Path) -> None:
    homes = homes_in(net)
    for home in homes:
        table = tomllib.loads((home.config / "config.toml").read_text())
        others = {f"{each.peer_id()}@127.0.0.1:{each.read().p2p_port}" for each in homes if each is not home}
        assert set(table["p2p"]["persistent_peers"].split(",")) == others
        assert table["rpc"]["laddr"].startswith("tcp://127.0.0.1:")
        assert table["p2p"]["laddr"].startswith("tcp://127.0.0.1:")
        assert table["proxy_app"] == f"unix://{home.folder}/abci.sock"


def test_hosts_listen_to_their_peers_but_not_with_their_rpc(tmp_path: Path) -> None:
    homes = write(Plan(tmp_path / "net", draw(2, 0), ("10.0.0.1", "10.0.0.2")))
    table = tomllib.loads((homes[0].config / "config.toml").read_text())
    assert table["p2p"]["laddr"] == "tcp://0.0.0.0:26656"
    assert table["p2p"]["persistent_peers"].endswith("@10.0.0.2:26656")
    assert table["rpc"]["laddr"] == "tcp://127.0.0.1:26657"


def test_the_genesis_begins_after_the_block(net: Path) -> None:
    genesis = json.loads((homes_in(net)[0].config / "genesis.json").read_text())
    assert genesis["initial_height"] == "1"
    assert genesis["genesis_time"] == "2023-11-14T22:13:20.123Z"
    assert genesis["app_state"] == "aa" * 32


def test_a_replica_is_added_behind_the_others(net: Path) -> None:
    added = add_replica(net)
    assert (added.folder.name, added.read().rpc_port, added.author()) == ("replica1", 9947, None)
    table = tomllib.loads((added.config / "config.toml").read_text())
    assert len(table["p2p"]["persistent_peers"].split(",")) == 3
    assert (added.config / "genesis.json").read_bytes() == (net / "node0/cometbft/config/genesis.json").read_bytes()
    with pytest.raises(HomeError, match="expected a new or empty folder"):
        write(Plan(net, draw(1, 0)))


@pytest.mark.parametrize("slot_ms", [250, 1000, 5000, 12_000])
def test_a_proposer_waits_for_its_slot_less_than_the_others_for_its_proposal(slot_ms: int) -> None:
    assert slot_ms * 2 / 5 <= longest_pause_s(slot_ms) * 1000 < propose_ms(slot_ms)


# --- what was signed last --------------------------------------------------------------------------------------


def test_a_copied_validator_is_refused(net: Path) -> None:
    home = homes_in(net)[0]
    guard.check(home)
    guard.check(home)
    copy = Home(net.parent / "copy")
    shutil.copytree(home.folder, copy.folder)
    with pytest.raises(CopiedState, match="was copied or restored from a backup"):
        guard.check(copy)
    doctor.rebind(copy)
    guard.check(copy)


def test_a_last_vote_that_was_put_back_is_refused(net: Path) -> None:
    home = homes_in(net)[0]
    home.signed.write_text('{"height": "8", "round": 0, "step": 3}')
    guard.check(home)
    home.signed.write_text('{"height": "9", "round": 1, "step": 2}')
    guard.note(home)
    home.signed.write_text('{"height": "9", "round": 0, "step": 3}')
    with pytest.raises(CopiedState, match="put back"):
        guard.check(home)
    home.signed.unlink()
    with pytest.raises(CopiedState, match="signed last"):
        guard.check(home)


def test_the_socket_of_an_application_that_was_killed_is_removed(net: Path) -> None:
    """Otherwise the engine, which is started at the same time, would try it, and wait three seconds after that."""
    home, said = Home(net / "node0"), list[str]()
    home.socket.touch()
    application, engine = children_of(home, [sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"], ["engine"])
    assert engine.ready()

    async def run_once() -> None:
        ended = asyncio.Event()
        running = asyncio.create_task(application.keep_running(lambda text: (said.append(text), ended.set())))
        await ended.wait()
        running.cancel()

    asyncio.run(run_once())
    assert "node0: the application has ended (-9)" in said[0]
    assert not engine.ready()


def test_a_node_has_one_supervisor(net: Path) -> None:
    home = homes_in(net)[0]
    assert running_pid(home) is None
    with sole(home):
        assert running_pid(home) is not None
        with pytest.raises(AlreadyRunning, match="runs already"), sole(home):
            pass
    assert running_pid(home) is None


# --- the doctor ------------------------------------------------------------------------------------------------

HEALTHY = {
    "supervisor": 1,
    "rpc": "ws://localhost:9944",
    "block": 9,
    "engine": 9,
    "syncing": False,
    "power": 1,
    "peers": 2,
}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"supervisor": None}, "it does not run"),
        ({"rpc": None, "block": None}, "its application does not answer"),
        ({"engine": None}, "its engine does not answer"),
        ({"peers": 0}, "its engine has no peers"),
        ({"syncing": True}, "it is still fetching blocks"),
        ({"block": 2}, "its application is at block 2, its engine at 9"),
        ({"power": 0}, "it has the keys of a validator, but no vote"),
    ],
)
def test_the_doctor_says_what_is_wrong(
    net: Path, change: dict[str, object], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "find_engine", lambda: None)
    home = homes_in(net)[0]
    assert list(doctor.examine(home, HEALTHY)) == []
    assert any(words in problem for problem in doctor.examine(home, HEALTHY | change))


def test_the_doctor_looks_at_the_files(net: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYSUBTENSOR_COMETBFT", str(net / "none"))
    home = homes_in(net)[0]
    home.validator_key.chmod(0o640)
    home.signed.unlink()
    found = "\n".join(doctor.examine(home, HEALTHY))
    for words in ("expected the engine, cometbft", "chmod 600", "signed last"):
        assert words in found
