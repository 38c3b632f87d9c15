"""Wallets for the `bittensor` 11 SDK, which takes whatever has these keys."""

from dataclasses import dataclass

from bittensor.sp_core import Keypair


@dataclass
class Wallet:
    """A coldkey and a hotkey."""

    coldkey: Keypair
    hotkey: Keypair

    @property
    def coldkeypub(self):
        return self.coldkey

    @property
    def cold(self):
        return self.coldkey.ss58_address

    @property
    def hot(self):
        return self.hotkey.ss58_address


def wallet(name, hotkey="hot"):
    """Return the wallet of a development account."""
    return Wallet(Keypair.create_from_uri(f"//{name}"), Keypair.create_from_uri(f"//{name}//{hotkey}"))


def wallet_of(key):
    """Return the wallet of one key, which is both."""
    return Wallet(key, key)
