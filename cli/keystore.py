"""The keystore's options, and where its password comes from.

Functions import the chain, so that help and completion do not wait for it.
"""

from __future__ import annotations

import getpass
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .errors import Misused
from .output import print_message
from .secret import is_terminal

if TYPE_CHECKING:
    from ..runtime.crypto import Keypair

PASSWORD_VARIABLE = "PYSUBTENSOR_KEYSTORE_PASSWORD"

#: The folder of a keystore, which need not exist.
FOLDER = click.Path(file_okay=False, path_type=Path)
password_option = click.option(
    "--password-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File with the keystore's password in its first line. Default: the environment variable "
    f"{PASSWORD_VARIABLE}, or a question in the terminal.",
)


def author_keys(folder: Path, password_file: Path | None) -> list[Keypair]:
    """Return the keys of a keystore that seal blocks."""
    from ..chain.engine.keystore import Keystore

    store = Keystore(folder)
    if not any(key.key_type == "aura" for key in store.entries()):
        raise Misused(f"expected an aura key in the keystore {folder}, got none: `pysubtensor keys insert` adds one")
    return store.unlock("aura", read_password(password_file))


def insert_key(folder: Path, key_type: str, uri: str, password_file: Path | None) -> dict[str, str]:
    """Put the key of a secret URI into a keystore, and return its type, public key, address and file."""
    from ..chain.engine.keystore import Keystore

    store = Keystore(folder)
    key = store.insert(key_type, uri, read_password(password_file, new=not store.entries()))
    return {**facts_of_stored(key_type, key.public), "file": str(folder / key.filename)}


def facts_of_stored(key_type: str, public: bytes) -> dict[str, str]:
    """Return type, public key and address of a key in a keystore."""
    from ..runtime.crypto import ss58_encode

    return {"type": key_type, "public": "0x" + public.hex(), "address": ss58_encode(public)}


def read_password(file: Path | None, new: bool = False) -> str:
    """Return the keystore's password: from the file, the environment, or the user, who types a `new` one twice."""
    if file is not None:
        if file.stat().st_mode & 0o077:
            print_message(f"Warning: other users can read {file}: chmod 600 {file}")
        return utf8(file.read_bytes().partition(b"\n")[0].removesuffix(b"\r"), str(file))
    if PASSWORD_VARIABLE in os.environ:
        return utf8(os.fsencode(os.environ[PASSWORD_VARIABLE]), PASSWORD_VARIABLE)
    if not is_terminal():
        raise Misused(f"expected the keystore's password in --password-file or in {PASSWORD_VARIABLE}, got neither")
    password = getpass.getpass("Password of the keystore: ")
    if new and getpass.getpass("The same again: ") != password:
        raise Misused("expected the same password twice, got two different ones")
    return password


def utf8(password: bytes, where: str) -> str:
    """Return a password as text; Misused, without the password, if it is none."""
    try:
        return password.decode()
    except UnicodeDecodeError:
        raise Misused(f"expected a password in UTF-8 in {where}, got other bytes") from None
