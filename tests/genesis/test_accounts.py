"""The constants of development accounts are the ones that are derived from their names."""

from __future__ import annotations

import pytest
from pysubtensor.genesis.accounts import ACCOUNTS, EVM_ACCOUNTS, VOTERS, keypair, name_of
from pysubtensor.runtime.crypto import Keypair, Scheme, evm_account, ss58_decode


@pytest.mark.parametrize("name", ACCOUNTS)
def test_each_account_is_derived_from_its_name(name: str) -> None:
    assert Keypair.from_uri(f"//{name}").account == ACCOUNTS[name]
    assert keypair(name).account == ACCOUNTS[name]
    assert name_of(ACCOUNTS[name]) == name


@pytest.mark.parametrize("name", VOTERS)
def test_each_voter_key_is_derived_from_its_name(name: str) -> None:
    assert Keypair.from_uri(f"//{name}", Scheme.ED25519).account == VOTERS[name]


@pytest.mark.parametrize(
    ("name", "evm", "address"),
    [
        ("Alith", "f24ff3a9cf04c71dbc94d0b566f7a27b94566cac", "5Fghzk1AJt88PeFEzuRfXzbPchiBbsVGTTXcdx599VdZzkTA"),
        ("Baltathar", "3cd0a705a2dc65e5b1e1205896baa2be8a07c6e0", "5GeqNhKWj1KG78VHzbmo3ZjZgUTrCuWeamdgiA114XHGdaEr"),
    ],
)
def test_evm_accounts_are_those_of_the_genuine_localnet(name: str, evm: str, address: str) -> None:
    assert EVM_ACCOUNTS[name] == ss58_decode(address) == evm_account(bytes.fromhex(evm))
    assert name_of(EVM_ACCOUNTS[name]) == name


def test_other_accounts_have_no_name() -> None:
    assert name_of(bytes(32)) is None
