"""`pysubtensor query`, against a node: every storage item is a command."""

from __future__ import annotations

import pytest
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.rpc.server import running
from pysubtensor.cli.derived.index import kebab
from pysubtensor.cli.remote import Remote
from pysubtensor.genesis.accounts import ACCOUNTS
from pysubtensor.genesis.presets import dev
from pysubtensor.runtime.composition import PALLETS
from pysubtensor.runtime.crypto import ss58_encode

from tests.world import ALICE_ADDRESS, TAO

from .conftest import Shell


def test_every_item_of_every_pallet_can_be_read_from_a_running_chain(
    online: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One command for each item; only the first one checks the node's interface."""
    online.json("query", "system", "number")
    monkeypatch.setattr(Remote, "check", lambda remote: None)
    for pallet in PALLETS:
        for item in pallet.storage.values():
            value = online.json("query", kebab(pallet.name), kebab(item.name))
            if item.keys_codec:
                assert isinstance(value, list), item
            elif item.optional or item.default() is None:
                assert value is None or value or value == [], item
            else:
                assert value is not None, item


def test_a_value_is_read_by_name(online: Shell) -> None:
    assert online("query", "balances", "total-issuance").stdout == "3,016,000 tao\n"
    assert online("query", "balances", "total-issuance", "--rao").stdout == f"{3_016_000 * TAO}\n"
    assert online.json("query", "balances", "total-issuance") == 3_016_000 * TAO
    assert online.json("query", "sudo", "key") == ALICE_ADDRESS
    assert online.json("query", "aura", "authorities") == [ALICE_ADDRESS]
    assert online("query", "grandpa", "pending-change").stdout == "none\n"


def test_an_entry_is_read_by_its_key_and_an_absent_one_by_its_default(online: Shell) -> None:
    assert online.json("query", "system", "account", "//Dave")["data"]["free"] == 2_000 * TAO
    assert online.json("query", "system", "account", "//Unfunded")["data"]["free"] == 0
    assert "data.free" in online("query", "system", "account", "//Dave").stdout


def test_an_absent_entry_has_the_default_of_that_chain() -> None:
    with Chain.dev(tempo=7) as chain, running(chain) as server:
        assert Shell(server.url).json("query", "subtensor-module", "tempo", "77") == 7
        assert chain.query("SubtensorModule.Tempo", 77) == 7


def test_a_map_lists_its_entries_up_to_a_limit(online: Shell) -> None:
    entries = online.json("query", "system", "account")
    assert {entry["key"] for entry in entries} == {ss58_encode(account) for account in dev().balances}
    few = online("query", "system", "account", "--limit", "2")
    assert len(few.stdout.strip().splitlines()) == 4, "a head, a rule and two rows"
    assert few.stderr == "There are more than 2 entries; show more of them with --limit.\n"
    all_of_them = online("query", "system", "account", "--limit", str(len(entries)))
    assert all_of_them.stderr == ""


def test_a_double_map_lists_the_entries_of_its_first_key(online: Shell) -> None:
    call = '{"System": {"remark": {"remark": "x"}}}'
    online("tx", "multisig", "as-multi", "--threshold", "2", "--other-signatories", "//Bob", "--call", call,
           "--max-weight", '{"ref_time": 1000000000, "proof_size": 1000}', "--from", "//Charlie")  # fmt: skip
    (entry,) = online.json("query", "multisig", "multisigs")
    account = entry["key"][0]
    assert online.json("query", "multisig", "multisigs", account) == [entry]
    assert online.json("query", "multisig", "multisigs", *entry["key"]) == entry["value"]
    assert entry["value"]["depositor"] == ss58_encode(ACCOUNTS["Charlie"])
    assert online.json("query", "multisig", "multisigs", "//Eve") == []


def test_an_earlier_block_can_be_queried(online: Shell) -> None:
    online("tx", "system", "remark", "--remark", "x", "--from", "//Ferdie")
    assert online.json("query", "system", "account", "//Ferdie")["nonce"] > 0
    assert online.json("query", "system", "account", "//Ferdie", "--at", "0")["nonce"] == 0
    first = online.json("query", "system", "block-hash", "0")
    assert online.json("query", "system", "number", "--at", first) == 0


def test_constants_are_those_of_the_nodes_chain(online: Shell) -> None:
    assert online.json("query", "constant", "aura", "slot-duration") == 12_000
    assert online.json("query", "constant", "Balances")["ExistentialDeposit"] == 500


def test_runtime_apis_are_called_with_typed_arguments(online: Shell) -> None:
    assert online.json("query", "api", "AuraApi_slot_duration") == 12_000
    assert online.json("query", "api", "account_nonce_api_account_nonce", "//Dave") == 0
    assert "TransactionPaymentApi_query_info" in online("query", "api").stdout


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["system", "acount"], 2, "No such command 'acount'"),
        (["system", "account", "//Alice", "//Bob"], 2, "unexpected extra argument"),
        (["system", "account", "unknown"], 2, "expected an address"),
        (["system", "number", "--at", "soon"], 2, "expected the number or the 0x-hash of a block, got 'soon'"),
        (["system", "number", "--at", "0xzz"], 2, "expected the number or the 0x-hash of a block, got '0xzz'"),
        (["system", "number", "--at", "999999"], 1, "has no block 999999"),
        (["system", "number", "--at", "0x" + "00" * 32], 1, "state_getStorage: "),
        (["constant", "aura", "slot"], 2, "there is no constant of Aura 'slot'; known: SlotDuration"),
        (["constant", "arua"], 2, "there is no pallet with constants 'arua'; did you mean Aura?"),
        (["api", "AccountNonceApi_nonce", "//Bob"], 2, "there is no runtime API 'AccountNonceApi_nonce'"),
        (["api", "AccountNonceApi_account_nonce"], 2, "expected these arguments of AccountNonceApi_account_nonce: acc"),
        (["api", "AccountNonceApi_account_nonce", "x"], 2, "expected an address"),
    ],
)
def test_invalid_queries_name_the_error(online: Shell, arguments: list[str], code: int, message: str) -> None:
    result = online("query", *arguments, code=code)
    assert result.stdout == ""
    assert message in result.stderr
