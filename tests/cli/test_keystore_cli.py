"""Keystores on the command line, and a Live chain that is sealed with one."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pysubtensor.chain.engine.keyfile import LEAST_COST

from tests.world import ALICE_ADDRESS

from .test_devnet_cli import devnet, line_of, stop
from .test_keys_cli import ALICE_PUBLIC, PHRASE

if TYPE_CHECKING:
    from .conftest import Shell


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Derive keys from passwords in a tenth of the time; the files say with which cost."""
    monkeypatch.setattr("pysubtensor.chain.engine.keystore.COST", LEAST_COST)


@pytest.fixture
def password(tmp_path: Path) -> str:
    """A file with a password, for --password-file."""
    path = tmp_path / "password"
    path.touch(mode=0o600)
    path.write_text("correct horse\n")
    return str(path)


def test_keys_are_inserted_and_listed(shell: Shell, tmp_path: Path, password: str) -> None:
    store = ("--keystore", str(tmp_path / "keys"))
    options = (*store, "--password-file", password, "--json")
    made = json.loads(shell("keys", "insert", "-", *options, stdin="//Alice\n").stdout)
    assert (made["type"], made["public"], made["address"]) == ("aura", ALICE_PUBLIC, ALICE_ADDRESS)
    assert Path(made["file"]).name == "61757261" + ALICE_PUBLIC[2:]
    vote = json.loads(shell("keys", "generate", *options, "--type", "gran").stdout)
    assert "phrase" not in vote
    listed = shell.json("keys", "list", *store)
    assert [(key["type"], key["public"]) for key in listed] == [("aura", ALICE_PUBLIC), ("gran", vote["public"])]


def test_the_scheme_of_a_stored_key_follows_from_its_type(shell: Shell, tmp_path: Path) -> None:
    refused = shell("keys", "generate", "--keystore", str(tmp_path / "keys"), "--scheme", "ecdsa", code=2)
    assert "follows from --type" in refused.stderr


def test_a_password_comes_from_the_environment_or_is_asked_twice(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = ("--keystore", str(tmp_path / "keys"))
    without = shell("keys", "insert", "//Alice", *store, code=2)
    assert "expected the keystore's password in --password-file or in PYSUBTENSOR_KEYSTORE_PASSWORD" in without.stderr
    monkeypatch.setattr("pysubtensor.cli.keystore.is_terminal", lambda: True)
    answers = iter(["one", "other", "one", "one", "one", "other"])
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(answers))
    assert "got two different ones" in shell("keys", "insert", "//Alice", *store, code=2).stderr
    shell("keys", "insert", "//Alice", *store)
    shell("keys", "insert", "//Bob", *store)
    assert "the password does not open" in shell("keys", "insert", "//Dave", *store, code=2).stderr
    monkeypatch.setenv("PYSUBTENSOR_KEYSTORE_PASSWORD", "one")
    shell("keys", "insert", "//Dave", *store)
    assert len(shell.json("keys", "list", *store)) == 3


def test_a_password_that_is_no_text_is_refused_and_not_shown(
    shell: Shell, tmp_path: Path, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = ("keys", "insert", "//Alice", "--keystore", str(tmp_path / "keys"))
    Path(password).write_bytes(b"\xffhorse\n")
    in_file = shell(*store, "--password-file", password, code=2).stderr
    monkeypatch.setenv("PYSUBTENSOR_KEYSTORE_PASSWORD", "\udcffhorse")  # the byte ff, as Python reads it
    in_variable = shell(*store, code=2).stderr
    for shown in (in_file, in_variable):
        assert "expected a password in UTF-8" in shown
        assert "horse" not in shown


def test_secrets_stay_out_of_the_command_line_and_of_messages(shell: Shell, tmp_path: Path, password: str) -> None:
    store = ("--keystore", str(tmp_path / "keys"), "--password-file", password)
    assert "expected no phrase and no seed" in shell("keys", "insert", PHRASE, *store, code=2).stderr
    shell("keys", "insert", *store, stdin=f"{PHRASE}\n")
    again = shell("keys", "insert", *store, code=2, stdin=f"{PHRASE}\n")
    Path(password).write_text("wrong horse")
    Path(password).chmod(0o644)
    wrong = shell("keys", "insert", "//Bob", *store, code=2)
    assert f"Warning: other users can read {password}" in wrong.stderr
    for talk in (again.output, wrong.output):
        assert "legal" not in talk
        assert "horse" not in talk


# --- a chain of one's own ------------------------------------------------------------------------------------


@pytest.fixture
def live(shell: Shell, tmp_path: Path, password: str) -> tuple[str, ...]:
    """Options of a Live chain whose authority is in a keystore."""
    made = json.loads(
        shell("keys", "generate", "--keystore", str(tmp_path / "keys"), "--password-file", password, "--json").stdout
    )
    chain = tmp_path / "chain.toml"
    authorities = f'authorities = [{{ aura = "{made["address"]}", grandpa = "0x{"11" * 32}" }}]'
    chain.write_text(f'name = "Mine"\nslot_duration_ms = 20\n{authorities}\n[balances]\n"{ALICE_ADDRESS}" = "3tao"\n')
    return "--chain", str(chain)


def test_a_live_chain_is_sealed_from_a_keystore(
    shell: Shell, tmp_path: Path, password: str, live: tuple[str, ...]
) -> None:
    with devnet(*live, "--keystore", str(tmp_path / "keys"), "--password-file", password) as process:
        url = line_of(process)
        assert "Imported #1 (" in line_of(process)
        assert shell.json("query", "system", "account", ALICE_ADDRESS, "--url", url)["data"]["free"] == 3 * 10**9
        talk = stop(process, signal.SIGTERM)
    assert "with the keys of the keystore" in talk
    assert "Shielding  random keys\n" in talk
    assert shell.json("genesis", "show", *live)["chain_type"] == "Live"


def test_a_live_chain_without_a_key_does_not_start(
    shell: Shell, tmp_path: Path, password: str, live: tuple[str, ...]
) -> None:
    bare = shell("devnet", *live, "--port", "0", code=2)
    assert "expected keys of one's own to author blocks of a Live chain" in bare.stderr
    other = ("--keystore", str(tmp_path / "other"), "--password-file", password)
    assert "expected an aura key in the keystore" in shell("devnet", *live, *other, code=2).stderr
    shell("keys", "insert", "//Alice", *other)
    assert "there is none for 5" in shell("devnet", *live, *other, code=2).stderr
    on_demand = shell("devnet", *live, *other, "--seal", "instant", code=2)
    assert "a Live chain and --keystore need --seal interval" in on_demand.stderr


def test_shield_keys_are_deterministic_unless_asked_otherwise() -> None:
    for options, text in (((), "deterministic keys: shielded"), (("--shield-keys", "random"), "random keys\n")):
        with devnet("--preset", "dev", *options) as process:
            line_of(process)
            talk = stop(process, signal.SIGTERM)
        assert f"Shielding  {text}" in talk
        assert "with development keys, which are public\n" in talk


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("name = ", "chain.toml: Invalid value"),
        ("tempoo = 1", "tempoo"),
        ('chain_type = "live"', "expected a chain type of Live, Local, Development, got 'live'"),
        ("authorities = 1", "expected authorities as [{ aura ="),
        ("authorities = [1]", "expected authorities as [{ aura ="),
        ('authorities = [{ aura = "5x", grandpa = "5y" }]', "expected an address"),
        ('[balances]\n"//Alice" = "1 pound"', "expected an integer"),
    ],
)
def test_an_invalid_file_of_a_chain_exits_with_2(shell: Shell, tmp_path: Path, content: str, message: str) -> None:
    chain = tmp_path / "chain.toml"
    chain.write_text(content)
    assert message in shell("genesis", "show", "--chain", str(chain), code=2).stderr
