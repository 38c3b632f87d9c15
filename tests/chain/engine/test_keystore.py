"""The keystore: what is in its files, who can read them, and what is refused."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from Crypto.Cipher import ChaCha20_Poly1305
from pysubtensor.chain.engine.keyfile import LEAST_COST, KeystoreError
from pysubtensor.chain.engine.keystore import Keystore, StoredKey
from pysubtensor.runtime.crypto import SecretError

from tests.world import ALICE, BOB

#: subkey's ed25519 key of //Alice.
ALICE_VOTER = bytes.fromhex("88dc3417d5058ec4b4503e0c12ea1a0a89be200fe98922423d4334014fa6b0ee")
#: The name of the genuine node's file for the Aura key of //Alice.
ALICE_FILE = "61757261d43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d"


@pytest.fixture
def store(tmp_path: Path) -> Keystore:
    """A keystore with the Aura key of //Alice under the password "correct"."""
    store = Keystore(tmp_path / "keys", cost=LEAST_COST)
    store.insert("aura", "//Alice", "correct")
    return store


def test_keys_come_back_with_their_password(store: Keystore) -> None:
    store.insert("aura", "//Bob", "correct")
    store.insert("gran", "//Alice", "correct")
    assert store.entries() == [StoredKey("aura", BOB), StoredKey("aura", ALICE), StoredKey("gran", ALICE_VOTER)]
    again = Keystore(store.folder)
    assert {key.public for key in again.unlock("aura", "correct")} == {ALICE, BOB}
    (voter,) = again.unlock("gran", "correct")
    assert voter.verify(voter.sign(b"x"), b"x")


def test_a_file_is_encrypted_and_its_owners_alone(store: Keystore) -> None:
    path = store.folder / ALICE_FILE
    assert [each.name for each in store.folder.iterdir()] == [ALICE_FILE]
    assert [each.stat().st_mode & 0o777 for each in (store.folder, path)] == [0o700, 0o600]
    assert b"Alice" not in path.read_bytes()


def test_a_file_can_be_decrypted_as_its_format_says(store: Keystore) -> None:
    """With scrypt of another library."""
    record = json.loads((store.folder / ALICE_FILE).read_bytes())
    salt, nonce, encrypted = (bytes.fromhex(record[field]) for field in ("salt", "nonce", "ciphertext"))
    key = hashlib.scrypt(b"correct", salt=salt, n=record["n"], r=record["r"], p=record["p"], dklen=32)
    cipher = ChaCha20_Poly1305.new(key=key, nonce=nonce)
    cipher.update(ALICE_FILE.encode())
    assert cipher.decrypt_and_verify(encrypted[:-16], encrypted[-16:]) == b"//Alice"


def test_two_files_of_one_key_share_neither_salt_nor_nonce(tmp_path: Path) -> None:
    records = []
    for name in ("one", "two"):
        store = Keystore(tmp_path / name, cost=LEAST_COST)
        store.insert("aura", "//Alice", "correct")
        records.append(json.loads((store.folder / ALICE_FILE).read_bytes()))
    assert all(records[0][field] != records[1][field] for field in ("salt", "nonce", "ciphertext"))


def test_a_wrong_password_is_refused(store: Keystore) -> None:
    for password in ("wrong", "correct ", ""):
        with pytest.raises(KeystoreError, match="the password does not open"):
            store.unlock("aura", password)
    with pytest.raises(KeystoreError, match="the password does not open"):
        store.insert("aura", "//Bob", "another one than for the first key")
    assert store.entries() == [StoredKey("aura", ALICE)]


def test_an_empty_password_protects_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeystoreError, match="expected a password"):
        Keystore(tmp_path / "keys").insert("aura", "//Alice", "")
    assert Keystore(tmp_path / "keys").entries() == []


def test_a_key_is_inserted_once(store: Keystore) -> None:
    before = (store.folder / ALICE_FILE).read_bytes()
    with pytest.raises(KeystoreError, match="holds this aura key already"):
        store.insert("aura", "//Alice", "correct")
    assert (store.folder / ALICE_FILE).read_bytes() == before


def test_a_uri_without_a_key_leaves_no_file(store: Keystore) -> None:
    with pytest.raises(SecretError):
        store.insert("gran", "//Alice/soft", "correct")
    assert len(list(store.folder.iterdir())) == 1


@pytest.mark.parametrize(
    ("file", "mode", "right"), [("", 0o750, "700"), ("", 0o701, "700"), (ALICE_FILE, 0o640, "600")]
)
def test_keys_that_others_can_read_are_refused(store: Keystore, file: str, mode: int, right: str) -> None:
    (store.folder / file).chmod(mode)
    with pytest.raises(KeystoreError, match=f"owner alone, got {mode:o}: chmod {right}"):
        store.unlock("aura", "correct")


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"kdf": "argon2id"},
        {"cipher": "xsalsa20-poly1305"},
        {"n": LEAST_COST // 2},
        {"n": 1 << 40},
        {"n": LEAST_COST + 1},
        {"n": "many"},
        {"r": 1},
        {"salt": ""},
        {"nonce": "00" * 12},
        {"ciphertext": "00" * 15},
        {"ciphertext": "zz"},
        {"ciphertext": None},
    ],
)
def test_a_file_with_other_parameters_is_refused(store: Keystore, change: dict[str, object]) -> None:
    path = store.folder / ALICE_FILE
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    with pytest.raises(KeystoreError, match="expected an encrypted key of version 1"):
        store.unlock("aura", "correct")


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff", b"[" * 16_000, b'"//Alice"'])
def test_a_file_that_is_no_encrypted_key_is_refused(store: Keystore, content: bytes) -> None:
    """The last one is a file of the genuine node."""
    (store.folder / ALICE_FILE).write_bytes(content)
    with pytest.raises(KeystoreError, match="expected an encrypted key of version 1"):
        store.unlock("aura", "correct")


def test_a_changed_or_exchanged_file_is_refused(store: Keystore) -> None:
    path = store.folder / ALICE_FILE
    content = path.read_text()
    record = json.loads(content)
    record["ciphertext"] = record["ciphertext"][:-1] + ("0" if record["ciphertext"][-1] != "0" else "1")
    path.write_text(json.dumps(record))
    with pytest.raises(KeystoreError, match="or the file is damaged"):
        store.unlock("aura", "correct")
    path.write_text(content)
    path.rename(store.folder / StoredKey("aura", BOB).filename)
    with pytest.raises(KeystoreError, match="or the file is damaged"):
        store.unlock("aura", "correct")


def test_other_files_are_ignored_and_a_missing_folder_is_empty(store: Keystore, tmp_path: Path) -> None:
    for name in (".hidden", ALICE_FILE[:-1], ALICE_FILE.upper(), "62616265" + "00" * 32):
        (store.folder / name).write_text("")
    assert store.entries() == [StoredKey("aura", ALICE)]
    assert Keystore(tmp_path / "missing").entries() == []
