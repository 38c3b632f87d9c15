"""The development accounts by name, which clients accept wherever they accept an account or a key."""

from __future__ import annotations

#: sr25519 public keys, which are the accounts.
ACCOUNTS: dict[str, bytes] = {
    name: bytes.fromhex(key)
    for name, key in {
        "Alice": "d43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d",
        "Bob": "8eaf04151687736326c9fea17e25fc5287613693c912909cb226aa4794f26a48",
        "Charlie": "90b5ab205c6974c9ea841be688864633dc9ca8a357843eeacf2314649965fe22",
        "Dave": "306721211d5404bd9da88e0204360a1a9ab8b87c66c1bc2fcdd37f3c2222cc20",
        "Eve": "e659a7a1628cdd93febc04a4e0646ea20e9f5f0ce097d9a05290d4a9e054df4e",
        "Ferdie": "1cbd2d43530a44705ad088af313e18f80b53ef16b36177cd4b77b846f2a5f07c",
        "One": "ac859f8a216eeb1b320b4c76d118da3d7407fa523484d0a980126d3b4d0d220a",
        "Two": "1254f7017f0b8347ce7ab14f96d818802e7e9e0c0d1b7c9acb3c726b080e7a03",
        "Three": "9026941b7aa2328a8c5ea4e25bb747a2bf92a066fae0cc3722faf58cf44d3502",
    }.items()
}


#: The names in small letters.
_NAMES = {name.lower(): name for name in ACCOUNTS}


def find_uri(name: str) -> str | None:
    """Return the secret URI of a development account, `//Alice` of `alice`, in any case; None if there is none."""
    known = _NAMES.get(name.lower())
    return None if known is None else f"//{known}"


def find_account(text: str) -> bytes | None:
    """Return the development account that `alice` or `//Alice` names, without deriving keys; None if there is none."""
    return ACCOUNTS.get(text[2:] if text.startswith("//") else _NAMES.get(text.lower(), ""))
