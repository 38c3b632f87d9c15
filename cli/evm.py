"""`pysubtensor evm`: Ethereum's addresses and the chain's accounts, and TAO between them."""

from __future__ import annotations

from typing import Any

import click

from .accounts import AddressType
from .amounts import TaoType
from .groups import Commands
from .options import F, ParamType, url_option
from .output import json_option, rao_option
from .secret import SecretCommand
from .send_options import OPTIONS, Sending

#: Bytes of an address of Ethereum.
LENGTH = 20
ACCOUNT = AddressType()


class EthereumAddress(ParamType):
    """An address of Ethereum: 0x and 40 digits."""

    name = "address"

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        return "0xADDRESS"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> bytes:
        """Return the 20 bytes."""
        if isinstance(value, bytes):
            return value
        try:
            found = bytes.fromhex(value[2:]) if value.startswith("0x") and len(value) == 2 + 2 * LENGTH else b""
        except ValueError:
            found = b""
        if len(found) != LENGTH:
            self.fail(f"expected an address of Ethereum, 0x and 40 digits, got {value!r:.60}", param, ctx)
        return found


ADDRESS = EthereumAddress()


def sending_options(command: F) -> F:
    """Add the options of a transaction."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


@click.group(cls=Commands)
def evm() -> None:
    """Show which account an address of Ethereum owns, its balance, and move TAO to it and back.

    \b
    pysubtensor evm account 0xf24FF3a9CF04c71Dbc94D0b566f7A27B94566cac
    pysubtensor evm address //Alice
    pysubtensor evm deposit 0xf24FF3a9CF04c71Dbc94D0b566f7A27B94566cac --amount 10tao --from //Alice
    pysubtensor evm withdraw --amount 1tao --from //Alice

    An address owns an account of the chain, for which there is no key: the hash of `evm:` and the address. An account
    acts for the address with the first 20 bytes of its public key, and can withdraw what that has.
    """


@evm.command("account")
@click.argument("address", type=ADDRESS)
@json_option
def account_(address: bytes) -> None:
    """Show the account that an address of Ethereum owns; offline."""
    from .evm_transfers import show_account

    show_account(address)


@evm.command("address")
@click.argument("account", type=ACCOUNT)
@json_option
def address_(account: bytes) -> None:
    """Show the address of Ethereum that an account acts for, by which it can withdraw; offline."""
    from .evm_transfers import show_address

    show_address(account)


@evm.command("balance")
@click.argument("address", type=ADDRESS)
@url_option
@rao_option
@json_option
def balance_(address: bytes, url: str) -> None:
    """Show what an address can spend, and its nonce; a further 500 rao stay with its account."""
    from .evm_transfers import show_balance

    show_balance(address, url)


@evm.command("deposit", cls=SecretCommand)
@click.argument("address", type=ADDRESS)
@click.option("--amount", type=TaoType(), required=True, help="How much TAO.")
@sending_options
def deposit_(address: bytes, amount: int, **sending: Any) -> None:
    """Transfer TAO of the signer to the account that an address owns."""
    from .evm_transfers import deposit

    deposit(Sending(**sending), address, amount)


@evm.command("withdraw", cls=SecretCommand)
@click.option("--amount", type=TaoType(), required=True, help="How much TAO.")
@sending_options
def withdraw_(amount: int, **sending: Any) -> None:
    """Transfer TAO of the address that the signer acts for to the signer."""
    from .evm_transfers import withdraw

    withdraw(Sending(**sending), amount)
