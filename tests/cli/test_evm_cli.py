"""`pysubtensor evm`: accounts of addresses, balances, and TAO between them."""

from __future__ import annotations

import pytest
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.cli import evm_devnet
from pysubtensor.cli.errors import Misused
from pysubtensor.cli.evm_devnet import open_to_contracts

from .conftest import Shell

ALITH = "0xf24FF3a9CF04c71Dbc94D0b566f7A27B94566cac"
#: The account of that address, from the genesis of the genuine localnet.
ALITH_ACCOUNT = "0xa02a00e549cb104f710d3fe6f2f83e91524d2a40c4ed831658a120883077f9a9"
ALICE_ADDRESS = "0xd43593c715fdd31c61141abd04a99fd6822c8558"


def test_addresses_and_accounts(shell: Shell) -> None:
    found = shell.json("evm", "account", ALITH)
    assert (found["public_key"], found["address"]) == (ALITH_ACCOUNT, ALITH.lower())
    acted = shell.json("evm", "address", "//Alice")
    assert acted["address"] == ALICE_ADDRESS
    assert acted["deposits_to"] == shell.json("evm", "account", ALICE_ADDRESS)["account"]
    assert "expected an address of Ethereum" in shell("evm", "account", "0x12", code=2).stderr
    assert "expected an address of Ethereum" in shell("evm", "account", "0x" + "zz" * 20, code=2).stderr


def test_tao_goes_to_an_address_and_back(online: Shell) -> None:
    before = online.json("evm", "balance", ALITH)
    assert (before["balance"], before["nonce"]) == (2_000 * 10**9 - 500, 0)
    online("evm", "deposit", ALICE_ADDRESS, "--amount", "10tao", "--from", "//Alice")
    assert online.json("evm", "balance", ALICE_ADDRESS)["balance"] == 10 * 10**9 - 500
    online("evm", "withdraw", "--amount", "4tao", "--from", "//Alice")
    assert online.json("evm", "balance", ALICE_ADDRESS)["balance"] == 6 * 10**9 - 500
    assert "5.9999995" in online("evm", "balance", ALICE_ADDRESS).stdout
    assert "failed with" in online("evm", "withdraw", "--amount", "9tao", "--from", "//Alice", code=1).stderr


def test_a_devnet_for_contracts_lets_all_addresses_create() -> None:
    with Chain.dev() as chain:
        assert chain.query("EVM.DisableWhitelistCheck") is False
        open_to_contracts(chain)
        assert chain.query("EVM.DisableWhitelistCheck") is True


def test_a_devnet_for_contracts_needs_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evm_devnet, "LIBRARY", "no_such_library")
    with Chain.dev() as chain, pytest.raises(Misused, match=r'pip install "pysubtensor\[evm\]"'):
        open_to_contracts(chain)
