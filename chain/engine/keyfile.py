"""The file of a key: its secret URI, encrypted with a password.

    {"version": 1, "kdf": "scrypt", "n": 131072, "r": 8, "p": 1, "salt": hex,
     "cipher": "xchacha20-poly1305", "nonce": hex, "ciphertext": hex}

scrypt (RFC 7914) derives the cipher's key from the password in UTF-8. The name of the file is authenticated with the
ciphertext, whose last 16 bytes are the tag, so that files cannot be exchanged for each other.
"""

from __future__ import annotations

import json
import os
from typing import Any

#: scrypt's N: 128 MiB and about a third of a second for each guess of a password.
COST = 1 << 17
#: The values of N that are accepted in a file: below, guessing is cheap; above, a file could use all memory.
LEAST_COST, MOST_COST = 1 << 14, 1 << 20
BLOCK_SIZE, PARALLEL = 8, 1
SALT_LENGTH, NONCE_LENGTH, KEY_LENGTH, TAG_LENGTH = 16, 24, 32, 16
_FIXED = {"version": 1, "kdf": "scrypt", "r": BLOCK_SIZE, "p": PARALLEL, "cipher": "xchacha20-poly1305"}


class KeystoreError(ValueError):
    """A keystore that cannot be used: a wrong password, a damaged file, too many permissions. It has no secret."""


def encrypt(uri: str, password: str, name: str, cost: int = COST) -> bytes:
    """Return the content of the file `name` with this secret URI; raises KeystoreError for an empty password."""
    from Crypto.Cipher import ChaCha20_Poly1305

    if not password:
        raise KeystoreError("expected a password for the keystore, got an empty one")
    salt, nonce = os.urandom(SALT_LENGTH), os.urandom(NONCE_LENGTH)
    cipher = ChaCha20_Poly1305.new(key=_derive(password, salt, cost), nonce=nonce)
    cipher.update(name.encode())
    ciphertext, tag = cipher.encrypt_and_digest(uri.encode())
    record = {**_FIXED, "n": cost, "salt": salt.hex(), "nonce": nonce.hex(), "ciphertext": (ciphertext + tag).hex()}
    return json.dumps(record, indent=2).encode() + b"\n"


def decrypt(content: bytes, password: str, name: str, path: str) -> str:
    """Return the secret URI in the content of the file `name`; `path` is for messages.

    Raises KeystoreError for another format, and for a password that does not fit.
    """
    from Crypto.Cipher import ChaCha20_Poly1305

    try:
        cost, salt, nonce, encrypted = _parse(content)
    except (ValueError, KeyError, TypeError, RecursionError):
        raise KeystoreError(f"expected an encrypted key of version 1 in {path}, got something else") from None
    cipher = ChaCha20_Poly1305.new(key=_derive(password, salt, cost), nonce=nonce)
    cipher.update(name.encode())
    try:
        return cipher.decrypt_and_verify(encrypted[:-TAG_LENGTH], encrypted[-TAG_LENGTH:]).decode()
    except ValueError:
        raise KeystoreError(f"the password does not open {path}, or the file is damaged") from None


def _parse(content: bytes) -> tuple[int, bytes, bytes, bytes]:
    """Return N, salt, nonce, and ciphertext with tag; raises ValueError, KeyError or TypeError for another format."""
    record: dict[str, Any] = json.loads(content)
    cost = record["n"]
    salt, nonce, encrypted = (bytes.fromhex(record[field]) for field in ("salt", "nonce", "ciphertext"))
    if any(record[field] != value for field, value in _FIXED.items()) or len(nonce) != NONCE_LENGTH:
        raise ValueError("another version")
    if (
        not LEAST_COST <= cost <= MOST_COST
        or cost & (cost - 1)
        or len(salt) < SALT_LENGTH
        or len(encrypted) < TAG_LENGTH
    ):
        raise ValueError("too short")
    return cost, salt, nonce, encrypted


def _derive(password: str, salt: bytes, cost: int) -> bytes:
    from Crypto.Protocol.KDF import scrypt

    # The stubs of some versions say that password and salt are text.
    key = scrypt(password.encode(), salt, KEY_LENGTH, cost, BLOCK_SIZE, PARALLEL)  # type: ignore[arg-type,unused-ignore]
    return key if isinstance(key, bytes) else key[0]  # a tuple only if several keys are asked for
