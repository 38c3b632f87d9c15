"""Keys of accounts that tests name, derived once, and the names of accounts in reports."""

from __future__ import annotations

import re
from functools import cache

from ...genesis.accounts import name_of
from ...runtime.crypto import Keypair, ss58_decode

_ADDRESS = re.compile(r"\b5[1-9A-HJ-NP-Za-km-z]{47}\b")
#: Accounts whose key was derived here, and the URI that it was derived from.
_DERIVED: dict[bytes, str] = {}


@cache
def keypair(uri: str) -> Keypair:
    """Return the key of a secret URI such as `//Miner1//hot`."""
    key = Keypair.from_uri(uri)
    _DERIVED[key.account] = uri
    return key


def known_name(account: bytes) -> str | None:
    """Return the URI of a well-known account or of one that `keypair` derived; None for others."""
    name = name_of(account)
    return f"//{name}" if name else _DERIVED.get(account)


def with_names(text: str) -> str:
    """Return text with the URIs of known accounts in the place of their addresses."""

    def replaced(match: re.Match[str]) -> str:
        try:
            return known_name(ss58_decode(match[0])) or match[0]
        except ValueError:
            return match[0]

    return _ADDRESS.sub(replaced, text)
