"""`--from`: secret URIs and wallets of the SDK, whose files bittensor-wallet wrote."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pysubtensor.cli import wallet_encryption
from pysubtensor.cli.wallet_encryption import WalletError, WrongPassword, decrypt
from pysubtensor.cli.wallets import environment_password, key_of, variable_of

from tests.vectors import load
from tests.world import ALICE_ADDRESS

if TYPE_CHECKING:
    from .conftest import Shell

VECTORS: dict[str, Any] = load("wallets/keyfiles")
FILES = {name: base64.b64decode(data) for name, data in VECTORS["files"].items()}
REMARK = ("tx", "system", "remark", "--remark", "x")


@pytest.fixture
def wallets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with wallets: one that is not encrypted, with a hotkey; one in a vault; and one without a coldkey."""
    for name, files in {
        "tester": {"coldkey": "plain", "coldkeypub.txt": "public", "hotkeys/hot": "hotkey"},
        "vaulted": {"coldkey": "vault"},
        "watcher": {"coldkeypub.txt": "public"},
        "broken": {"coldkey": "public"},
    }.items():
        for file, kind in files.items():
            path = tmp_path / name / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(FILES[kind])
    monkeypatch.setenv("BT_WALLET_PATH", str(tmp_path))
    monkeypatch.delenv("BT_WALLET_PASSWORD", raising=False)
    return tmp_path


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("plain", "address"),
        ("hotkey", "hot_address"),
        ("ed25519", "ed25519_address"),
        ("seed", "seed_address"),
    ],
)
def test_a_file_that_is_not_encrypted_has_its_key(kind: str, address: str) -> None:
    assert key_of(FILES[kind], Path("x")).address == VECTORS[address]


@pytest.mark.parametrize("kind", ["vault", "fernet"])
def test_older_encryptions_open_with_their_password(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wallet_encryption, "FERNET_ROUNDS", 1000)  # those of the vector
    assert key_of(decrypt(FILES[kind], VECTORS["password"]), Path("x")).address == VECTORS["address"]
    with pytest.raises(WrongPassword):
        decrypt(FILES[kind], "horse")
    for damaged in (FILES[kind][:-3], FILES[kind][:40]):
        with pytest.raises(WalletError):
            decrypt(damaged, VECTORS["password"])


def test_the_encryption_of_today_opens_with_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    """At a lower cost; `tests.clients.test_wallets` opens a file as the SDK writes it."""
    monkeypatch.setattr(wallet_encryption, "ARGON_ROUNDS", 4)
    monkeypatch.setattr(wallet_encryption, "ARGON_MEMORY", 32 << 20)
    cheap = FILES["nacl_cheap"]
    assert key_of(decrypt(cheap, VECTORS["password"]), Path("x")).address == VECTORS["address"]
    for damaged, password in ((cheap, "horse"), (cheap[:-1], VECTORS["password"]), (cheap[:9], VECTORS["password"])):
        with pytest.raises(WalletError):
            decrypt(damaged, password)


def test_a_password_in_the_environment_is_read_as_the_sdk_writes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    variable, path = VECTORS["variable"], Path(VECTORS["variable"]["path"])
    monkeypatch.delenv("BT_WALLET_PASSWORD", raising=False)
    assert variable_of(path) == variable["name"]
    assert environment_password(path) is None
    monkeypatch.setenv(variable["name"], variable["value"])
    assert environment_password(path) == VECTORS["password"]
    monkeypatch.setenv(variable["name"], "not base64!")
    with pytest.raises(WalletError, match="as the SDK writes it"):
        environment_password(path)


def test_a_wallet_signs(online: Shell, wallets: Path) -> None:
    for address in (VECTORS["address"], VECTORS["hot_address"]):
        online("tx", "balances", "transfer-keep-alive", "--dest", address, "--value", "5tao", "--from", "//Alice")
    for sender, address in (("tester", "address"), ("tester/hot", "hot_address")):
        done = online.json("tx", "system", "remark-with-event", "--remark", "x", "--from", sender)
        assert done["events"][-1]  # the last one is ExtrinsicSuccess
        (remarked,) = [each["System"]["Remarked"] for each in done["events"] if "Remarked" in each.get("System", {})]
        assert remarked["sender"] == VECTORS[address]


def test_an_encrypted_wallet_signs_with_the_password_of_the_environment(
    online: Shell, wallets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BT_WALLET_PASSWORD", VECTORS["password"])
    assert online.json(*REMARK, "--from", "vaulted", "--dry-run")["validity"]
    monkeypatch.setenv("BT_WALLET_PASSWORD", "horse")
    assert "'--from': the password does not open" in online(*REMARK, "--from", "vaulted", code=2).stderr


@pytest.mark.parametrize(
    ("sender", "words"),
    [
        ("alise", "expected a development key such as //Alice, a wallet (NAME or NAME/HOTKEY), or -"),
        ("alise", "did you mean //Alice"),
        ("Bobb", "did you mean //Bob"),
        (ALICE_ADDRESS, "got an address, which is public"),
        ("testr", "there is no wallet 'testr' in"),
        ("testr", "did you mean tester"),
        ("tester/cold", "the wallet tester has no hotkey 'cold'; it has hot"),
        ("tester/../hotkeys/hot", "expected the name of a hotkey"),
        ("watcher", "the wallet watcher has no coldkey, only its public part"),
        ("broken", "has no secret, only a public key"),
        ("vaulted", "is encrypted: expected its password in BT_WALLET_PASSWORD or BT_PW_"),
        ("0x" + "11" * 32, "expected no phrase and no seed on the command line"),
        ("//", "expected"),
        ("", "expected"),
    ],
)
def test_a_signer_that_cannot_be_used_names_the_option_and_what_was_expected(
    shell: Shell, wallets: Path, sender: str, words: str
) -> None:
    result = shell(*REMARK, "--from", sender, code=2)
    assert result.stdout == ""
    message = " ".join(result.stderr.split())
    assert "Invalid value for '--from': " in message
    assert words in message


def test_a_development_account_may_be_called_by_its_name(online: Shell, wallets: Path) -> None:
    assert online.json(*REMARK, "--from", "alice")["success"]


def test_wallets_and_their_hotkeys_are_completed(wallets: Path) -> None:
    from .test_program import completed

    assert completed("tx", "system", "remark", "--from", "te") == ["tester"]
    assert completed("tx", "system", "remark", "--from", "tester/") == ["tester/hot"]
    assert completed("tx", "system", "remark", "--from", "//B") == ["//Bob"]
