"""`pysubtensor node`: command lines with which tools start the genuine node's binary."""

from __future__ import annotations

import json
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pysubtensor.chain.rpc.pages import LOCAL_ORIGINS
from pysubtensor.cli import node as command
from pysubtensor.cli.node_flags import ALONE, WITH_OPTIONAL_VALUE, WITH_VALUE, WITH_VALUES, one_by_one

if TYPE_CHECKING:
    from .conftest import Shell

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "node-subtensor"
#: Of moonwall, for the tests in the real chain's `ts-tests`, and of the real chain's `scripts/localnet.sh`.
MOONWALL = "--one --dev --force-authoring --rpc-cors=all --no-prometheus --no-telemetry --reserved-only --tmp"
LOCALNET = (
    "--one --port 30334 --rpc-port 0 --validator --rpc-cors=all --allow-private-ipv4 --discover-local "
    "--unsafe-force-node-key-generation --unsafe-rpc-external"
)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What would be served: the configuration and the values of the options, instead of a server."""
    found: list[Any] = []

    def keep(config: Any, given: dict[str, Any]) -> None:
        given["options"] = command.options_of(None, given)  # type: ignore[arg-type]
        found.extend((config, given))

    monkeypatch.setattr(command, "run", keep)
    return found


def test_the_command_line_of_moonwall(shell: Shell, started: list[Any]) -> None:
    said = shell("node", *MOONWALL.split(), "--sealing=manual", "--rpc-port=9950").stderr
    assert said.startswith("Accepted, without a meaning here: --one, --force-authoring, ")
    assert len(said.splitlines()) == 1
    config, given = started
    assert (len(config.authorities), config.chain_type, config.start_ms) == (1, "Local", 12_000)
    assert (given["sealing"], given["rpc_port"], given["options"]["cors"]) == ("manual", 9950, None)


def test_the_command_line_of_the_localnet(shell: Shell, started: list[Any], tmp_path: Path) -> None:
    spec = tmp_path / "local.json"
    spec.write_text(shell("node", "build-spec", "--disable-default-bootnode", "--raw", "--chain", "local").stdout)
    shell("node", "key", "generate-node-key", f"--chain={spec}", "--base-path", str(tmp_path))
    shell("node", "--base-path", str(tmp_path), f"--chain={spec}", *LOCALNET.split())
    config, given = started
    assert (len(config.authorities), config.slot_duration_ms, config.start_ms) == (3, 12_000, None)
    assert (given["unsafe_rpc_external"], given["base_path"]) == (True, tmp_path)


def test_fast_blocks_by_the_environment(shell: Shell, started: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYSUBTENSOR_FAST", "1")
    shell("node", "--chain", "local")
    assert (started[0].slot_duration_ms, started[0].tempo) == (250, 10)
    assert started[1]["options"]["cors"] == LOCAL_ORIGINS, "by default"


def test_every_flag_of_the_genuine_node_is_accepted_once_it_is_named(shell: Shell, started: list[Any]) -> None:
    alone = [f"--{name}" for name in ALONE[ALONE.index("two") :]]
    valued = [part for name in WITH_VALUE for part in (f"--{name}", "1")]
    several = [part for name in WITH_VALUES for part in (f"--{name}", "a", "b")]
    said = shell("node", "--dev", *alone, *valued, *several, "--warm-up-trie-cache", "-laura=debug").stderr
    named = said.removeprefix("Accepted, without a meaning here: ").strip().split(", ")
    assert sorted(named) == sorted(
        [*alone, *valued[::2], *several[::3], *(f"--{each}" for each in WITH_OPTIONAL_VALUE)]
    )


def test_limits_and_pruning(shell: Shell, started: list[Any]) -> None:
    shell(
        *("node", "--dev", "--rpc-max-connections=3", "--rpc-max-request-size", "2", "--rpc-max-response-size", "3"),
        *("--rpc-max-subscriptions-per-connection=4", "--rpc-max-batch-request-len=5", "--rpc-methods", "Unsafe"),
        *("--pruning=archive", "--blocks-pruning", "archive-canonical"),
    )
    options = started[1]["options"]
    limits = options["limits"]
    assert (limits.connections, limits.subscriptions, limits.batch) == (3, 4, 5)
    assert (limits.request_bytes, limits.response_bytes) == (2 << 20, 3 << 20)
    assert options["unsafe"] is True
    kept = command.retention_of(started[1])
    assert kept is not None
    assert (kept.states, kept.blocks) == (None, None)
    some = command.retention_of({"state_pruning": 256, "blocks_pruning": 100})
    assert some is not None
    assert (some.states, some.blocks) == (256, 256), "a state needs its block"
    assert command.retention_of({"state_pruning": None, "blocks_pruning": None}) is None


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ([], "this node has no peers from which it could get the chain test_finney"),
        (["--chain", "finney"], "the chain finney"),
        (["--chain", "nowhere.json"], "expected --chain dev, local, or a file, got 'nowhere.json'"),
        (["--dev", "--alice", "--bob"], "--alice cannot be used with --bob"),
        (["--dev", "--tmp", "-d", "folder"], "--tmp cannot be used with --base-path"),
        (["--dev", "--sealing", "weekly"], "expected manual, instant, or a number of milliseconds, got 'weekly'"),
        (["--dev", "--sealing", "0"], "got '0'"),
        (["--dev", "--pruning", "-1"], "expected archive, archive-canonical, or a number of blocks, got '-1'"),
        (["--dev", "--no-such-flag"], "No such option"),
        (["--dev", "--rpc-cors", "everywhere"], "expected all, null, or origins"),
        (["purge-chain", "-y"], "expected --base-path"),
    ],
)
def test_what_cannot_be_meant_is_refused(shell: Shell, started: list[Any], options: list[str], words: str) -> None:
    assert words in shell("node", *options, code=2).stderr
    assert started == []


def test_a_chain_spec_of_another_chain_is_refused(shell: Shell, tmp_path: Path) -> None:
    spec = json.loads(shell("node", "build-spec", "--chain", "dev").stdout)
    spec["genesis"]["raw"]["top"].popitem()
    other = tmp_path / "other.json"
    other.write_text(json.dumps(spec))
    assert "expected a chain spec that `build-spec` wrote" in shell("node", "--chain", str(other), code=2).stderr


def test_a_chain_of_ones_own(shell: Shell, started: list[Any], tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text('chain_type = "Development"\ntempo = 7\n')
    shell("node", "--chain", str(file))
    assert started[0].tempo == 7


def test_several_values_become_one_each() -> None:
    line = ["--dev", "--bootnodes", "a", "b", "c", "--port", "1", "-l", "x", "y", "build-spec"]
    assert one_by_one(line) == [
        *("--dev", "--bootnodes", "a", "--bootnodes", "b", "--bootnodes", "c", "--port", "1"),
        *("-l", "x", "-l", "y", "-l", "build-spec"),
    ]


@contextmanager
def binary(path: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """Run the script as a tool runs the binary; kill it at the end if necessary."""
    with subprocess.Popen(
        [path, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def test_the_script_keeps_a_chain_and_purges_it(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "fast-runtime" / "node-subtensor"
    path.parent.mkdir()
    path.symlink_to(SCRIPT)
    base = ["--base-path", str(tmp_path / "one")]
    with binary(path, "--dev", *base, "--sealing=instant", "--rpc-port=0", "--alice") as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        shell("tx", "system", "remark", "--remark", "x", "--from", "//Bob", "--url", url)
        assert "Imported #1 (" in process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        _, talk = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "Accepted, without a meaning here: --alice\n" in talk
    assert re.search(r"Data       in .*/one/chains/bittensor/pysubtensor", talk)
    assert "Stopped at block 1." in talk
    folder = tmp_path / "one" / command.FOLDER
    assert folder.is_dir()
    assert "removed" in shell("node", "purge-chain", "-y", *base).stderr
    assert not folder.exists()
    assert "did not exist" in shell("node", "purge-chain", "--dev", *base).stderr


def test_seals_by_time_and_transactions() -> None:
    from pysubtensor.chain.embed.chain import Chain

    with Chain.dev() as chain:
        modes = [command.engine_of(chain, each) for each in ("manual", "instant", 500, None)]
    assert [(each.sealing.value, each.timer_ms) for each in modes] == [
        ("manual", None),
        ("instant", None),
        ("mixed", 500),
        ("interval", 12_000),
    ]
