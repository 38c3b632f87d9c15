"""What the `evm` commands do."""

from __future__ import annotations

from ..runtime.crypto import evm_account, ss58_encode
from ..runtime.frame.extrinsic import Id
from .amounts import Amount
from .client import Client
from .output import emit_value, wants_json, wants_rao
from .send_options import Sending
from .sending import run, typed_call
from .signers import signer_key

#: Wei in a rao, and bytes of an address.
WEI, LENGTH = 10**9, 20


def show_account(address: bytes) -> None:
    """Print the account that an address owns."""
    account = evm_account(address)
    emit_value({"address": "0x" + address.hex(), "account": ss58_encode(account), "public_key": "0x" + account.hex()})


def show_address(account: bytes) -> None:
    """Print the address that an account acts for, and the account which that owns."""
    address = account[:LENGTH]
    owned = ss58_encode(evm_account(address))
    emit_value({"account": ss58_encode(account), "address": "0x" + address.hex(), "deposits_to": owned})


def show_balance(address: bytes, url: str) -> None:
    """Print what an address can spend, from the node."""
    with Client(url) as client:
        wei = int(client.call("eth_getBalance", "0x" + address.hex(), "latest"), 16)
        nonce = int(client.call("eth_getTransactionCount", "0x" + address.hex(), "latest"), 16)
    shown = wei // WEI if wants_rao() or wants_json() else Amount(wei // WEI, "tao")
    emit_value(
        {
            "address": "0x" + address.hex(),
            "account": ss58_encode(evm_account(address)),
            "balance": shown,
            "nonce": nonce,
        }
    )


def deposit(how: Sending, address: bytes, rao: int) -> None:
    """Transfer to the account that an address owns."""
    run(typed_call("Balances", "transfer_keep_alive", (Id(evm_account(address)), rao)), how)


def withdraw(how: Sending, rao: int) -> None:
    """Transfer from the account of the address that the signer acts for."""
    address = signer_key(how.sender, how.scheme).account[:LENGTH]
    run(typed_call("EVM", "withdraw", (address, rao)), how)
