"""The well-known development accounts: their public keys, and their key pairs on demand.

All are derived from Substrate's development phrase as `//Alice`, `//Bob`, …, as in every tool. Their secrets are
public, so they must not hold anything of value. The public keys are constants because deriving them costs time.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from ..runtime.client.development import ACCOUNTS as ACCOUNTS  # their public keys
from ..runtime.crypto import Keypair, Scheme

#: The sr25519 public key of `//Alice_hk`, which owns root on chains of fast blocks.
ALICE_HOTKEY = bytes.fromhex("506c5a28f51e841b4df26ace64a23d69057fefda24bc9a53cb74197f901e7128")

#: ed25519 public keys: those of authorities for votes on finality.
VOTERS: dict[str, bytes] = {
    name: bytes.fromhex(key)
    for name, key in {
        "Alice": "88dc3417d5058ec4b4503e0c12ea1a0a89be200fe98922423d4334014fa6b0ee",
        "One": "16f97016bbea8f7b45ae6757b49efc1080accc175d8f018f9ba719b60b0815e4",
        "Two": "5079bcd20fd97d7d2f752c4607012600b401950260a91821f73e692071c82bf5",
        "Three": "ecccf9cddf1b329b7c6554e78b0a34ba760de390e351b0ee450a42955fb18470",
    }.items()
}

#: The accounts of Moonbeam's well-known EVM development keys: the hash of `evm:` and the address.
EVM_ACCOUNTS: dict[str, bytes] = {
    name: bytes.fromhex(account)
    for name, account in {
        # 0xf24FF3a9CF04c71Dbc94D0b566f7A27B94566cac and 0x3Cd0A705a2DC65e5b1E1205896BaA2be8A07c6e0
        "Alith": "a02a00e549cb104f710d3fe6f2f83e91524d2a40c4ed831658a120883077f9a9",
        "Baltathar": "caf8959d3c25429e5797758aa16e326839c744a374c3157fdad86e65458f6c59",
    }.items()
}


class Authority(NamedTuple):
    """An author of blocks: its sr25519 key (seals) and ed25519 key (votes on finality), public, 32 bytes each."""

    aura: bytes
    grandpa: bytes


def authority(name: str) -> Authority:
    """Return the authority of a development account."""
    return Authority(ACCOUNTS[name], VOTERS[name])


@cache
def keypair(name: str, scheme: Scheme = Scheme.SR25519) -> Keypair:
    """Return the keys of a development account, derived once."""
    return Keypair.from_uri(f"//{name}", scheme)


def name_of(account: bytes) -> str | None:
    """Return the name of a development account, None for other accounts."""
    return _names().get(account)


@cache
def _names() -> dict[bytes, str]:
    return {account: name for name, account in (ACCOUNTS | EVM_ACCOUNTS).items()}
