"""Accounts and signers as parameters: their forms, and the names that a shell completes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from .options import ParamType

#: The development accounts; `genesis.accounts` has their keys.
NAMES = ("Alice", "Bob", "Charlie", "Dave", "Eve", "Ferdie", "One", "Two", "Three")
#: The environment variable of the SDK with the folder of the wallets, and its default.
WALLETS_VARIABLE, WALLETS = "BT_WALLET_PATH", "~/.bittensor/wallets"


def wallets_folder() -> Path:
    """Return the folder that has the SDK's wallets."""
    return Path(os.environ.get(WALLETS_VARIABLE) or WALLETS).expanduser()


def account_items(incomplete: str) -> list[CompletionItem]:
    """Return the development accounts that begin with what is typed."""
    return [CompletionItem(f"//{name}") for name in NAMES if f"//{name}".startswith(incomplete)]


class AddressType(ParamType):
    """An account: an SS58 address, 0x… or a development key such as //Alice."""

    name = "address"

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        return "ADDRESS"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> bytes:
        """Return the account, 32 bytes."""
        if isinstance(value, bytes):
            return value
        from ..runtime.client.errors import PlainError
        from ..runtime.client.text import parse_account

        try:
            return parse_account(value)
        except PlainError as error:
            self.fail(str(error), param, ctx)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return account_items(incomplete)


class SignerType(click.types.StringParamType):
    """A secret URI or a wallet; `signers` has the meaning."""

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Return development accounts and wallets, with their hotkeys after a slash."""
        folder, (name, slash, _) = wallets_folder(), incomplete.partition("/")
        wallets: list[str] = []
        if slash and name and (folder / name / "hotkeys").is_dir():
            wallets = [f"{name}/{path.name}" for path in (folder / name / "hotkeys").iterdir() if path.suffix != ".txt"]
        elif not slash and folder.is_dir():
            wallets = [path.name for path in folder.iterdir() if path.is_dir()]
        return account_items(incomplete) + [
            CompletionItem(each) for each in sorted(wallets) if each.startswith(incomplete)
        ]
