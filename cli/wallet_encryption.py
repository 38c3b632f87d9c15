"""The three encryptions of wallets' files: NaCl of today, and two older ones, Ansible Vault and Fernet."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

from Crypto.Cipher import AES
from Crypto.Util import Counter
from Crypto.Util.Padding import unpad

#: How files begin, by encryption.
NACL, VAULT, FERNET = b"$NACL", b"$ANSIBLE_VAULT;1.", b"gAAAAA"
#: The salts that all wallets share.
NACL_SALT = bytes.fromhex("137183dff15a09bc9c90b5518739e9b1")
FERNET_SALT = b"Iguesscyborgslikemyselfhaveatendencytobeparanoidaboutourorigins"
FERNET_ROUNDS, VAULT_ROUNDS = 10_000_000, 10_000
#: libsodium's "sensitive" costs: passes over the memory, and its bytes.
ARGON_ROUNDS, ARGON_MEMORY = 8, 512 << 20
BLOCK_BITS, BLOCK_BYTES = 128, 16


class WalletError(ValueError):
    """A wallet, or one of its files, cannot be used."""


class WrongPassword(WalletError):
    """A file does not open with this password."""


def is_encrypted(data: bytes) -> bool:
    """Return whether the contents of a file are encrypted."""
    return data.startswith((NACL, VAULT, FERNET))


def decrypt(data: bytes, password: str) -> bytes:
    """Return the decrypted contents of a file; raises WrongPassword, or WalletError if they are damaged."""
    if data.startswith(NACL):
        return _nacl(data[len(NACL) :], password)
    try:
        return _vault(data, password) if data.startswith(VAULT) else _fernet(data, password)
    except ValueError as error:
        if isinstance(error, WrongPassword):
            raise
        raise WalletError("the encrypted file is damaged") from None


def _nacl(data: bytes, password: str) -> bytes:
    """Open a secretbox (XSalsa20-Poly1305) whose key is derived from the password by Argon2i."""
    try:
        from nacl.exceptions import CryptoError
        from nacl.pwhash import argon2i
        from nacl.secret import SecretBox
    except ImportError:
        raise WalletError("encrypted wallets need PyNaCl: pip install 'pysubtensor[wallets]'") from None

    try:
        key = argon2i.kdf(SecretBox.KEY_SIZE, password.encode(), NACL_SALT, ARGON_ROUNDS, ARGON_MEMORY)
        opened: bytes = SecretBox(key).decrypt(data)
        return opened
    except CryptoError:
        raise WrongPassword from None


def _vault(data: bytes, password: str) -> bytes:
    """Open an Ansible Vault of version 1.1: salt, HMAC and AES-256-CTR, twice in hexadecimal."""
    body = b"".join(data.split(b"\n")[1:])
    salt, tag, secret = (binascii.unhexlify(part) for part in binascii.unhexlify(body.strip()).split(b"\n", 2))
    derived = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, VAULT_ROUNDS, 80)
    cipher_key, hmac_key, start = derived[:32], derived[32:64], derived[64:]
    if not hmac.compare_digest(hmac.digest(hmac_key, secret, "sha256"), tag):
        raise WrongPassword
    counter = Counter.new(BLOCK_BITS, initial_value=int.from_bytes(start, "big"))
    opened: bytes = unpad(AES.new(cipher_key, AES.MODE_CTR, counter=counter).decrypt(secret), BLOCK_BYTES)
    return opened


def _fernet(data: bytes, password: str) -> bytes:
    """Open a Fernet token: version, time, start value, AES-128-CBC and HMAC."""
    token = base64.urlsafe_b64decode(data.strip())
    key = hashlib.pbkdf2_hmac("sha256", password.encode(), FERNET_SALT, FERNET_ROUNDS, 32)
    signed, tag = token[:-32], token[-32:]
    if not hmac.compare_digest(hmac.digest(key[:16], signed, "sha256"), tag):
        raise WrongPassword
    start, secret = signed[9:25], signed[25:]
    opened: bytes = unpad(AES.new(key[16:], AES.MODE_CBC, start).decrypt(secret), BLOCK_BYTES)
    return opened
