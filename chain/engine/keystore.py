"""The keystore: a folder with the keys that seal blocks, encrypted with a password.

Each key is a file, named as in the genuine node's keystore: the key type and the public key, in hexadecimal
(`61757261…` for an Aura key). The genuine node writes the secret URI into it as it is; here it is encrypted with
XChaCha20-Poly1305 under a key that scrypt derives from the password, so neither reads the other's files. The folder is
accessible to its owner alone (0700), and so are the files (0600); a store that others can read is refused.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from ...runtime.crypto import Keypair, Scheme
from .keyfile import COST, KeystoreError, decrypt, encrypt

#: The types of keys and their signature schemes: those that seal blocks, and those that vote on finality.
KEY_TYPES: dict[str, Scheme] = {"aura": Scheme.SR25519, "gran": Scheme.ED25519}
#: Bytes of the largest file that is read as a key.
MAX_BYTES = 16384


@dataclass(frozen=True, slots=True)
class StoredKey:
    """A key in the store: its type, and its public key (32 bytes)."""

    key_type: str
    public: bytes

    @property
    def filename(self) -> str:
        """The name of its file."""
        return self.key_type.encode().hex() + self.public.hex()


class Keystore:
    """The keys in a folder. `cost` is scrypt's N for new files."""

    def __init__(self, folder: Path, cost: int | None = None) -> None:
        self.folder, self._cost = folder, cost or COST

    def entries(self) -> list[StoredKey]:
        """Return which keys there are, without a password, sorted by type and public key; other files are ignored."""
        if not self.folder.exists():
            return []
        _require_private(self.folder)
        found = [_stored_key(path.name) for path in self.folder.iterdir()]
        return sorted((key for key in found if key), key=lambda key: key.filename)

    def insert(self, key_type: str, uri: str, password: str) -> StoredKey:
        """Encrypt the key of a secret URI into a new file; the folder is made if it is missing.

        Raises SecretError for a URI without a key, and KeystoreError if the key is there already, or if the password is
        not that of the other keys.
        """
        key = StoredKey(key_type, Keypair.from_uri(uri, KEY_TYPES[key_type]).public)
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        present = self.entries()
        if key in present:
            raise KeystoreError(f"{self.folder} holds this {key_type} key already")
        if present:
            self._read(present[0], password)
        _write_new(self.folder / key.filename, encrypt(uri, password, key.filename, self._cost))
        return key

    def unlock(self, key_type: str, password: str) -> list[Keypair]:
        """Return the key pairs of a type; raises KeystoreError for a wrong password and for a damaged file."""
        return [self._read(key, password) for key in self.entries() if key.key_type == key_type]

    def _read(self, key: StoredKey, password: str) -> Keypair:
        path = self.folder / key.filename
        _require_private(path)
        with path.open("rb") as file:
            uri = decrypt(file.read(MAX_BYTES), password, key.filename, str(path))
        pair = Keypair.from_uri(uri, KEY_TYPES[key.key_type])
        if pair.public != key.public:
            raise KeystoreError(f"expected in {path} the key that its name says, got another one")
        return pair


def _stored_key(filename: str) -> StoredKey | None:
    """Return the key that a file's name says; None for another name."""
    for key_type in KEY_TYPES:
        start = key_type.encode().hex()
        digits = filename.removeprefix(start)
        if filename.startswith(start) and len(digits) == 64 and set(digits) <= set("0123456789abcdef"):
            return StoredKey(key_type, bytes.fromhex(digits))
    return None


def _require_private(path: Path) -> None:
    """Raise KeystoreError if other users may read or change this file or folder."""
    mode = path.stat().st_mode & 0o777
    if mode & 0o077:
        right = "700" if path.is_dir() else "600"
        raise KeystoreError(f"expected {path} to be accessible to its owner alone, got {mode:o}: chmod {right} {path}")


def _write_new(path: Path, content: bytes) -> None:
    """Write a file that does not exist yet, whole or not at all."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".")  # with mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(temporary, path)
    except FileExistsError:
        raise KeystoreError(f"expected a new key, got one whose file {path} exists") from None
    finally:
        os.unlink(temporary)
