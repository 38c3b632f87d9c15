"""`pysubtensor devnet` as a process: its output, its end, and the continuation of its chain."""

from __future__ import annotations

import asyncio
import fcntl
import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
import pytest
from pysubtensor.genesis.presets import NAMED

from tests.world import ALICE_ADDRESS, BOB_ADDRESS, TAO

if TYPE_CHECKING:
    from .conftest import Shell

COMMAND = [sys.executable, "-c", "from pysubtensor.cli import main; main()", "devnet", "--port", "0"]
#: As the genuine node writes it, and as tools look for it.
IMPORTED = re.compile(r"Imported #(\d+) \(0x[0-9a-f]{4}…[0-9a-f]{4} → 0x[0-9a-f]{4}…[0-9a-f]{4}\)$")
#: Linux's number for setting the size of a pipe, and the least bytes of a line.
F_SETPIPE_SZ, LINE = 1031, 60


@contextmanager
def devnet(*options: str) -> Iterator[subprocess.Popen[str]]:
    """Run a devnet; kill it at the end if necessary."""
    with subprocess.Popen(
        [*COMMAND, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def line_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def stop(process: subprocess.Popen[str], with_signal: signal.Signals) -> str:
    """Stop it by a signal; return its standard error."""
    process.send_signal(with_signal)
    _, talk = process.communicate(timeout=60)
    assert process.returncode == 0, talk
    assert "Traceback" not in talk
    return talk


def test_blocks_are_announced_and_survive_the_end(tmp_path: Path) -> None:
    options = ("--block-time", "20ms", "--verbose", "--data-dir", str(tmp_path / "chain"))
    with devnet(*options) as process:
        assert re.fullmatch(r"ws://127\.0\.0\.1:\d+", line_of(process))
        for number in (1, 2, 3):
            found = IMPORTED.search(line_of(process))
            assert found is not None
            assert int(found[1]) == number
        first = stop(process, signal.SIGTERM)
    last = int(re.findall(r"Stopped at block (\d+)", first)[0])
    assert last >= 3
    assert "//Alice    5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY  1,000,000 TAO  sudo key" in first
    with devnet(*options) as process:
        line_of(process)
        found = IMPORTED.search(line_of(process))
        assert found is not None
        assert int(found[1]) == last + 1
        second = stop(process, signal.SIGINT)
    genesis = re.compile(r"genesis (0x\w{64})")
    assert genesis.findall(first) == genesis.findall(second)


def test_a_chain_tells_of_each_transaction(shell: Shell, tmp_path: Path) -> None:
    accounts = tmp_path / "accounts.json"
    with devnet("--seal", "instant", "--preset", "dev", "--accounts-json", str(accounts)) as process:
        url = line_of(process)
        transfer = ("tx", "balances", "transfer-keep-alive", "--dest", "//Bob", "--value", "1.5tao")
        shell(*transfer, "--from", "//Alice", "--url", url)
        assert "Imported #1 (" in line_of(process)
        assert line_of(process) == (
            "✓ //Alice  Balances.transfer_keep_alive(dest=//Bob, value=1.5 tao)  fee 0.000367192 tao"
        )
        batch = '[{"Balances": {"force_set_balance": {"who": "//Eve", "new_free": 0}}}]'
        shell("tx", "utility", "batch", "--calls", batch, "--from", "//Bob", "--url", url, code=1)
        assert "Imported #2 (" in line_of(process)
        failed = line_of(process)
        assert "✗ //Bob  Utility.batch(calls=[Balances.force_set_balance(who=//Eve, new_free=0 tao)])" in failed
        assert "  BadOrigin. Try signing as the account that may make this call; as root, wrap it in" in failed
        shell("tx", "system", "remark", "--remark", "x", "--from", "//Poor", "--url", url, code=1)
        assert "✗ refused: 5" in (refused := line_of(process))
        assert 'System.remark(remark="x")  Inability to pay some fees' in refused
        talk = stop(process, signal.SIGTERM)
    assert "  //Alice//hot     5" in talk
    assert f"  pysubtensor status --url {url}\n" in talk
    found = json.loads(accounts.read_text())
    assert found["url"] == url
    alice = found["accounts"][0]
    assert (alice["uri"], alice["address"], alice["sudo"]) == ("//Alice", ALICE_ADDRESS, True)
    assert alice["balance_rao"] == 1_000_000 * TAO


def test_the_log_can_be_json(shell: Shell) -> None:
    with devnet("--seal", "instant", "--preset", "dev", "--json-log") as process:
        first = json.loads(line_of(process))
        assert first["event"] == "listening"
        remark = ("tx", "system", "remark", "--remark", "x", "--url", first["url"])
        shell(*remark, "--from", "//Bob")
        block = json.loads(line_of(process))
        (transaction,) = block["transactions"]
        assert (block["event"], block["number"], transaction["call"]) == ("block", 1, "System.remark")
        assert transaction["arguments"] == {"remark": "0x78"}
        assert (transaction["signer"], transaction["success"], transaction["error"]) == (BOB_ADDRESS, True, None)
        shell(*remark, "--from", "//Poor", code=1)
        assert json.loads(line_of(process))["event"] == "rejected"
        assert stop(process, signal.SIGTERM) == "Stopped at block 1.\n"


def test_a_quiet_log_has_the_url_only(shell: Shell) -> None:
    with devnet("--seal", "instant", "--preset", "dev", "--quiet") as process:
        url = line_of(process)
        shell("tx", "system", "remark", "--remark", "x", "--from", "//Bob", "--url", url)
        process.send_signal(signal.SIGTERM)
        assert process.communicate(timeout=60) == ("", "")


def test_parameters_of_the_chain_come_from_options_and_a_file(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "chain.toml"
    file.write_text(
        'tempo = 7\nmin_stake = "1.5tao"\nname = "Mine"\n[balances]\n"//Zoe" = "5tao"\n'
        '[overrides]\n"SubtensorModule.MinTempo" = 3\n'
    )
    options = ("--config", str(file), "--tempo", "9", "--max-burn", "50tao", "--set", "SubtensorModule.MaxTempo=1000")
    with devnet("--seal", "manual", "--preset", "dev", *options) as process:
        url = ("--url", line_of(process))
        constants = shell.json("query", "constant", "subtensor-module", *url)
        assert (constants["InitialTempo"], constants["InitialMinStake"]) == (9, 3 * TAO // 2)
        assert (constants["MinTempo"], constants["MaxTempo"], constants["InitialMaxBurn"]) == (3, 1000, 50 * TAO)
        assert shell.json("query", "system", "account", "//Zoe", *url)["data"]["free"] == 5 * TAO
        assert shell.json("query", "system", "account", "//Alice", *url)["data"]["free"] == 1_000_000 * TAO
        assert shell.json("status", *url)["chain"] == "Mine"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("tempo = 70000", "chain.toml: expected tempo to be a u16"),
        ("tempoo = 7", "chain.toml: there is no parameter of a chain 'tempoo'; did you mean tempo"),
        ("tempo =", "chain.toml: "),
        ('[balances]\n"x" = 5', "chain.toml: balances['x']: expected an address"),
        ('[balances]\n"//Zoe" = "5tau"', "chain.toml: balances['//Zoe']: "),
        ('authorities = ["x"]', "expected authorities as [{ aura = "),
    ],
)
def test_a_file_of_parameters_with_an_error_is_named(shell: Shell, tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "chain.toml").write_text(text)
    assert words in shell("devnet", "--config", str(tmp_path / "chain.toml"), code=2).stderr


def test_a_devnet_starts_from_a_scenario(shell: Shell) -> None:
    with devnet("--seal", "instant", "--preset", "dev", "--scenario", "one-subnet") as process:
        url = ("--url", line_of(process))
        shell("tx", "system", "remark", "--remark", "x", "--from", "alice", *url)
        rows = {row["netuid"]: row for row in shell.json("subnets", *url)}
        assert (rows[2]["neurons"], rows[2]["tempo"]) == (9, 20)
        neurons = shell.json("metagraph", "2", *url)
        assert [neuron["permit"] for neuron in neurons[1:4]] == [True, True, True]
        assert neurons[1]["stake"] > neurons[2]["stake"] > 0
        talk = stop(process, signal.SIGTERM)
    assert "\nScenario   One subnet with three validators and five miners, which have weights; subnets 2\n" in talk


def test_a_devnet_for_contracts_shows_its_ethereum_accounts() -> None:
    with devnet("--seal", "instant", "--preset", "dev", "--evm") as process:
        url = line_of(process)
        talk = stop(process, signal.SIGTERM)
    assert f"\nEthereum   chain id 42, {url.replace('ws', 'http')}; any address may create contracts\n" in talk
    address, secret = "0xf24FF3a9CF04c71Dbc94D0b566f7A27B94566cac", "0x5fb92d6e98884f76de468fa3f6278f8807c48bebc13595"
    assert f"  Alith      {address}      2,000 TAO  key {secret}" in talk


def test_a_scenario_that_cannot_be_used_is_named(shell: Shell, tmp_path: Path) -> None:
    assert "--scenario: expected a file, or one of" in shell("devnet", "--scenario", "one", code=2).stderr
    file = tmp_path / "mine.toml"
    file.write_text("[chain]\ntempoo = 5")
    text = shell("devnet", "--scenario", str(file), code=2).stderr
    assert "mine.toml: chain: there is no parameter of a chain 'tempoo'; did you mean tempo" in text
    file.write_text("[[subnets]]\nminer = 3")
    assert (
        "mine.toml: subnets[0].miner: there is no such key" in shell("devnet", "--scenario", str(file), code=2).stderr
    )
    file.write_text("[[subnets]]\nparameters = { tempo = nan }")
    text = shell("devnet", "--port", "0", "--scenario", str(file), code=2).stderr
    assert f"Error: --scenario {file}: subnets[0]: tempo: expected an integer (u16), got nan" in text


def test_the_folder_of_the_accounts_must_exist(shell: Shell, tmp_path: Path) -> None:
    text = shell("devnet", "--port", "0", "--accounts-json", str(tmp_path / "none" / "accounts.json"), code=2).stderr
    assert "Invalid value for '--accounts-json': expected a file in a folder that exists, got '" in text


@pytest.mark.parametrize(
    ("preset", "slot_ms", "chain_id"), [("localnet", 12_000, 42), ("fast", 250, 42), ("mainnet", 12_000, 964)]
)
def test_presets(shell: Shell, preset: str, slot_ms: int, chain_id: int) -> None:
    assert shell.json("genesis", "show", "--preset", preset)["slot_duration_ms"] == slot_ms
    assert NAMED[preset]().evm_chain_id == chain_id


def test_manual_sealing_waits_for_requests(shell: Shell) -> None:
    with devnet("--seal", "instant", "--preset", "dev") as process:
        url = line_of(process)
        sent = shell("tx", "system", "remark", "--remark", "x", "--from", "//Bob", "--url", url)
        assert sent.stderr.startswith("In block 1 ")
        assert "Imported #1 (" in line_of(process)
        localhost = url.replace("127.0.0.1", "localhost")
        assert shell("query", "system", "number", "--url", localhost).stdout == "1\n"
        if socket.has_ipv6:
            assert shell("query", "system", "number", "--url", url.replace("127.0.0.1", "[::1]")).stdout == "1\n"
        assert "Sealing    instant\nFinality   at once\n" in stop(process, signal.SIGTERM)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ([], "with 2 blocks on top"),
        (["--finality-lag", "1"], "with 1 block on top"),
        (["--seal", "manual"], "by engine_createBlock or engine_finalizeBlock"),
    ],
)
def test_the_summary_says_when_blocks_are_final(options: list[str], words: str) -> None:
    with devnet(*options) as process:
        line_of(process)
        assert f"\nFinality   {words}\n" in stop(process, signal.SIGTERM)


def test_a_local_beacon_brings_pulses(shell: Shell) -> None:
    with devnet("--seal", "instant", "--preset", "dev", "--drand", "local") as process:
        url = line_of(process)
        shell("tx", "system", "remark", "--remark", "x", "--from", "//Bob", "--url", url)
        assert shell("query", "drand", "last-stored-round", "--url", url).stdout == "14295412\n"
        assert shell("query", "system", "number", "--url", url).stdout == "1\n", "pulses cause no blocks"
        talk = stop(process, signal.SIGTERM)
    assert "\nPulses     of a local beacon: what clients encrypt for the real network is never revealed\n" in talk


def test_the_node_runs_while_no_pulse_can_be_fetched() -> None:
    with devnet("--block-time", "20ms", "--verbose", "--drand", "http://127.0.0.1:1") as process:
        line_of(process)
        for _ in range(3):
            assert IMPORTED.search(line_of(process))
        talk = stop(process, signal.SIGTERM)
    assert "\nPulses     from http://127.0.0.1:1\n" in talk
    assert "no pulse from http://127.0.0.1:1: " in talk


@pytest.mark.parametrize(
    ("source", "words"),
    [("missing.jsonl", "missing.jsonl: No such file"), ("ftp://x", "expected an address that begins with http")],
)
def test_a_source_of_pulses_that_cannot_be_used_is_refused(source: str, words: str) -> None:
    ran = subprocess.run([*COMMAND, "--drand", source], capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert words in ran.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a test make a pipe small")
def test_a_client_that_does_not_read_does_not_block_the_node(shell: Shell) -> None:
    with devnet("--block-time", "2ms", "--verbose") as process:
        assert process.stdout is not None
        fcntl.fcntl(process.stdout, F_SETPIPE_SZ, 4096)
        url = line_of(process)
        while int(shell("query", "system", "number", "--url", url).stdout) < 2 * 4096 // LINE:
            pass
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0


def test_a_closed_output_does_not_stop_the_node(shell: Shell) -> None:
    with devnet("--block-time", "2ms", "--verbose") as process:
        assert process.stdout is not None
        url = line_of(process)
        process.stdout.close()
        before = int(shell("query", "system", "number", "--url", url).stdout)
        while int(shell("query", "system", "number", "--url", url).stdout) < before + 10:
            pass
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a file that is always full")
def test_a_full_disk_under_the_output_stops_neither_blocks_nor_notifications() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    async def heads(count: int) -> list[int]:
        async with connect(f"ws://127.0.0.1:{port}") as web:
            await web.send_str('{"jsonrpc":"2.0","id":1,"method":"chain_subscribeNewHeads"}')
            await web.receive_str()
            return [int(json.loads(await web.receive_str())["params"]["result"]["number"], 16) for _ in range(count)]

    with open("/dev/full", "w") as full:  # the last --port counts
        command = [*COMMAND, "--port", str(port), "--block-time", "20ms", "--verbose"]
        with subprocess.Popen(command, stdout=full, stderr=full) as process:
            try:
                first, *rest = asyncio.run(heads(4))
                assert rest == [first + 1, first + 2, first + 3]
                process.send_signal(signal.SIGTERM)
                assert process.wait(timeout=60) == 0
            finally:
                process.kill()


@asynccontextmanager
async def connect(url: str) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """Connect to a node that is starting."""
    async with aiohttp.ClientSession() as session:
        while True:
            try:
                async with session.ws_connect(url) as web:
                    yield web
                    return
            except aiohttp.ClientConnectorError:
                continue


@pytest.mark.parametrize(
    ("options", "warned"),
    [
        (["--host", "127.0.0.1"], []),
        (["--host", "0.0.0.0"], ["key of the root account is public"]),
        (
            ["--host", "0.0.0.0", "--rpc-methods", "unsafe"],
            ["key of the root account is public", "the methods for operators"],
        ),
    ],
)
def test_an_open_port_is_warned_of(options: list[str], warned: list[str]) -> None:
    with devnet(*options) as process:
        line_of(process)
        warnings = re.findall("WARNING (.*)", stop(process, signal.SIGTERM))
    assert len(warnings) == len(warned)
    assert all(each in line for each, line in zip(warned, warnings, strict=True))


def test_a_folder_of_another_chain_is_refused(shell: Shell, tmp_path: Path) -> None:
    with devnet("--data-dir", str(tmp_path)) as process:
        line_of(process)
        locked = shell("devnet", "--port", "0", "--data-dir", str(tmp_path), code=1)
        assert "in use" in locked.stderr
        stop(process, signal.SIGTERM)
    other = shell("devnet", "--fast", "--port", "0", "--data-dir", str(tmp_path), code=2)
    assert other.stdout == ""
    assert "the configuration is that of 0x" in other.stderr


def test_a_port_in_use_exits_with_1(shell: Shell) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = shell("devnet", "--port", str(port), code=1)
    assert result.stdout == ""
    assert "ddress already in use" in result.stderr
    assert str(port) in result.stderr


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--tmp", "--data-dir", "x"], "--tmp keeps the chain in memory, --data-dir in a folder"),
        (["--seal", "never"], "'never' is not one of"),
        (["--rpc-cors", "localhost"], "expected all, null, or origins such as http://localhost:3000, got 'localhost'"),
        (["--rpc-methods", "none"], "'none' is not one of"),
        (["--rpc-max-connections", "0"], "0 is not in the range"),
        (["--port", "70000"], "70000 is not in the range"),
        (
            ["--block-time", "3ms"],
            "'--block-time': expected an even number of milliseconds, from 2ms to 3600s, got '3ms'",
        ),
        (
            ["--block-time", "1ms"],
            "'--block-time': expected an even number of milliseconds, from 2ms to 3600s, got '1ms'",
        ),
        (["--block-time", "999999999"], "'--block-time': expected an even number of milliseconds, from 2ms to 3600s"),
        (["--tempo", "x"], "'--tempo': expected an integer from 0 to 65535, got 'x'"),
        (["--min-stake", "1alpha"], "'--min-stake': expected an amount such as 1.5tao, or an integer in rao"),
        (["--set", "tempo"], "'--set': expected NAME=VALUE, such as tempo=5, got 'tempo'"),
        (["--set", "temppo=5"], "--set temppo=5: there is no parameter of a chain 'temppo'; did you mean tempo"),
        (["--set", "tempo=-1"], "--set tempo=-1: expected tempo to be a u16"),
        (["--set", "Aura.SlotDuraton=5"], "there is no constant of Aura 'SlotDuraton'; did you mean SlotDuration"),
        (["--set", "SubtensorModule.MinTempo=x"], "--set SubtensorModule.MinTempo=x: expected an integer"),
        (["--set", "sudo_key=x"], "--set sudo_key=x: "),
        (["--config", "missing.toml"], "'missing.toml' does not exist"),
        (["--temppo", "5"], "No such option"),
    ],
)
def test_invalid_options_exit_with_2(shell: Shell, options: list[str], message: str) -> None:
    result = shell("devnet", *options, code=2)
    assert result.stdout == ""
    assert message in result.stderr


def test_a_host_that_cannot_be_one_is_a_message(shell: Shell) -> None:
    host = "a" * 64  # a label of a name has at most 63 characters
    assert f"cannot listen on {host}:0: " in shell("devnet", "--host", host, "--port", "0", code=1).stderr
