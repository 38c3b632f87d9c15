"""Wallets of the SDK: a coldkey or a hotkey from its file, in the format of `bittensor-wallet`.

    ~/.bittensor/wallets/NAME/coldkey             usually encrypted
    ~/.bittensor/wallets/NAME/coldkeypub.txt      the coldkey's public part
    ~/.bittensor/wallets/NAME/hotkeys/HOTKEY      usually not encrypted

A file is JSON with a phrase (`secretPhrase`), a seed (`secretSeed`) or a secret key (`privateKey`), or an encryption of
it. The environment variable BT_WALLET_PATH names another folder.
"""

from __future__ import annotations

import base64
import binascii
import getpass
import json
import os
from pathlib import Path
from typing import Any

from ..runtime.crypto import Keypair, Scheme, SecretError
from .output import print_message
from .secret import is_terminal
from .wallet_encryption import WalletError, WrongPassword, decrypt, is_encrypted

#: The variables of the SDK with passwords: of every wallet, and the beginning of the name of one file's.
PASSWORD, FILE_PASSWORD = "BT_WALLET_PASSWORD", "BT_PW_"
#: Schemes by their number in the file.
SCHEMES = {0: Scheme.ED25519, 1: Scheme.SR25519}
#: The fields with a secret, in the order in which they are tried.
SECRETS = ("secretPhrase", "secretSeed", "privateKey")
#: Bytes of the longest file that is read.
MAX_FILE = 1 << 16


def wallet_key(folder: Path, name: str, hotkey: str | None) -> Keypair:
    """Return the coldkey of a wallet in a folder, or one of its hotkeys; raises WalletError."""
    path = folder / name / "coldkey" if hotkey is None else folder / name / "hotkeys" / hotkey
    if hotkey is not None and Path(hotkey).name != hotkey:
        raise WalletError(f"expected the name of a hotkey, got {hotkey!r:.60}")
    if not path.is_file():
        raise WalletError(_missing(path, name, hotkey))
    with path.open("rb") as file:
        data = file.read(MAX_FILE)
    if is_encrypted(data):
        data = _decrypted(path, data)
    return key_of(data, path)


def _missing(path: Path, name: str, hotkey: str | None) -> str:
    """Return what is wrong with a wallet without a file, and which hotkeys there are."""
    if hotkey is None:
        return f"the wallet {name} has no coldkey, only its public part: expected the file {path}"
    found = sorted(each.name for each in path.parent.iterdir()) if path.parent.is_dir() else []
    known = ", ".join(each for each in found if not each.endswith(".txt")) or "none"
    return f"the wallet {name} has no hotkey {hotkey!r:.60}; it has {known}"


def _decrypted(path: Path, data: bytes) -> bytes:
    """Return the contents of an encrypted file, with the password of the environment or of the user."""
    password = environment_password(path)
    if password is None:
        if not is_terminal():
            raise WalletError(f"{path} is encrypted: expected its password in {PASSWORD} or {variable_of(path)}")
        password = getpass.getpass(f"Password of {path}: ")
    print_message("Decrypting the wallet, which takes some seconds …")
    try:
        return decrypt(data, password)
    except WrongPassword:
        raise WalletError(f"the password does not open {path}") from None


def environment_password(path: Path) -> str | None:
    """Return the password of a file that the environment has, as the SDK keeps it."""
    if PASSWORD in os.environ:
        return os.environ[PASSWORD]
    name = variable_of(path)
    if name not in os.environ:
        return None
    try:
        hidden = base64.b64decode(os.environ[name], validate=True)
        return bytes(byte ^ ord(name[place % len(name)]) for place, byte in enumerate(hidden)).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise WalletError(f"expected a password in {name} as the SDK writes it, got other text") from None


def variable_of(path: Path) -> str:
    """Return the name of the variable in which the SDK keeps a file's password, combined with this name by XOR."""
    return FILE_PASSWORD + str(path).replace(os.sep, "_").replace(".", "_").upper()


def key_of(data: bytes, path: Path) -> Keypair:
    """Return the key of a file's contents; raises WalletError, which does not repeat them."""
    try:
        entry: Any = json.loads(data)
    except ValueError:
        raise WalletError(f"expected a key as JSON in {path}, got something else") from None
    if not isinstance(entry, dict):
        raise WalletError(f"expected a key as a JSON object in {path}, got something else")
    scheme = SCHEMES.get(entry.get("cryptoType", 1))
    if scheme is None:
        raise WalletError(f"expected a key of type 0 (ed25519) or 1 (sr25519) in {path}, got another one")
    address = entry.get("ss58Address")
    secrets = [name for name in SECRETS if entry.get(name)]
    for name in secrets:  # some versions of the SDK write an unreadable seed beside the private key
        key = _key_of_secret(name, str(entry[name]), scheme)
        if key is not None and address in (None, key.address):
            return key
    if not secrets:
        raise WalletError(f"{path} has no secret, only a public key")
    raise WalletError(f"expected in {path} a phrase, a seed or a private key of its address, found none that fits")


def _key_of_secret(name: str, secret: str, scheme: Scheme) -> Keypair | None:
    """Return the key of a field of a file; None, without a message that could repeat it, if it is invalid."""
    try:
        if name == "secretPhrase":
            return Keypair.from_mnemonic(secret, scheme=scheme)
        data = bytes.fromhex(secret.removeprefix("0x"))
        return Keypair.from_seed(data, scheme) if name == "secretSeed" else Keypair(scheme, data)
    except (SecretError, ValueError):
        return None
