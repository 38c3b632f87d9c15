"""Secret URIs: `phrase/soft//hard///password`, the text from which Substrate's tools make keys.

The phrase is a mnemonic or a seed in hexadecimal (`0x…`). Without a phrase it is Substrate's development phrase, so
that `//Alice` is a key. Each junction leads from a key to one of its children.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from .compact import encode_bytes
from .hashing import blake2_256

CHAIN_CODE_LENGTH = 32
_SHAPE = re.compile(r"([A-Za-z0-9 ]*)((?://?[^/]+)*)(?:///(.*))?", re.DOTALL)
_JUNCTION = re.compile(r"/(/?)([^/]+)")
#: A number as Rust parses it, with an optional plus sign; more digits do not fit a u64.
_NUMBER = re.compile(r"\+?0*[0-9]{1,20}")


class SecretError(ValueError):
    """A secret URI, phrase, seed or derivation that has no key. The message does not contain the secret."""


class Junction(NamedTuple):
    """One step of a derivation path."""

    #: 32 bytes that distinguish the children of a key.
    chain_code: bytes
    #: Whether the parent's secret key is needed to make the child's public key.
    hard: bool


class SecretUri(NamedTuple):
    """The parts of a secret URI."""

    phrase: str
    junctions: list[Junction]
    password: str


def parse_secret_uri(uri: str) -> SecretUri:
    """Split `phrase/soft//hard///password`, of which each part may be missing; raise SecretError for other text."""
    match = _SHAPE.fullmatch(uri)
    if match is None or not is_unicode(uri):
        raise SecretError("expected a secret URI of the form phrase/soft//hard///password")
    phrase, path, password = match.groups(default="")
    junctions = [Junction(chain_code(name), bool(slash)) for slash, name in _JUNCTION.findall(path)]
    return SecretUri(phrase, junctions, password)


def is_unicode(text: str) -> bool:
    """Return whether UTF-8 can hold the text: it has no half of a surrogate pair."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def chain_code(name: str) -> bytes:
    """Return the chain code of a junction: a u64 or SCALE string, padded to 32 bytes or, if longer, hashed."""
    number = name.lstrip("+0") or "0"  # Python does not read numbers of any length
    if _NUMBER.fullmatch(name) and int(number) < 1 << 64:
        encoded = int(number).to_bytes(8, "little")
    else:
        encoded = encode_bytes(name.encode())
    if len(encoded) > CHAIN_CODE_LENGTH:
        return blake2_256(encoded)
    return encoded.ljust(CHAIN_CODE_LENGTH, b"\0")
