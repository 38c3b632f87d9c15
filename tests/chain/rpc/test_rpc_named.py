"""Parameters by name: the genuine node's names, in snake case or lower camel case, in any order."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pysubtensor.chain.rpc.namespace import Cost
from pysubtensor.chain.rpc.table import METHODS
from pysubtensor.runtime.pallets import system

from .conftest import Client

ACCOUNTS = "0x" + system.Account.prefix.hex()

#: The names in the traits of the genuine node's RPC crates.
GENUINE: dict[str, str] = {
    "author_submitExtrinsic": "extrinsic",
    "author_submitAndWatchExtrinsic": "bytes",
    "author_removeExtrinsic": "bytes_or_hash",
    "chain_getBlock": "hash",
    "chain_getBlockHash": "hash",
    "chain_getHead": "hash",
    "chain_getHeader": "hash",
    "childstate_getKeys": "child_storage_key prefix hash",
    "childstate_getKeysPaged": "child_storage_key prefix count start_key hash",
    "childstate_getStorage": "child_storage_key key hash",
    "childstate_getStorageEntries": "child_storage_key keys hash",
    "childstate_getStorageHash": "child_storage_key key hash",
    "childstate_getStorageSize": "child_storage_key key hash",
    "state_getChildReadProof": "child_storage_key keys hash",
    "state_call": "name bytes hash",
    "state_getKeys": "prefix hash",
    "state_getPairs": "prefix hash",
    "state_getKeysPaged": "prefix count start_key hash",
    "state_getStorage": "key hash",
    "state_getStorageAt": "key hash",
    "state_getStorageHash": "key hash",
    "state_getStorageSize": "key hash",
    "state_getMetadata": "hash",
    "state_getRuntimeVersion": "hash",
    "state_queryStorage": "keys block hash",
    "state_queryStorageAt": "keys at",
    "state_getReadProof": "keys hash",
    "state_subscribeStorage": "keys",
    "system_accountNextIndex": "account",
    "system_dryRun": "extrinsic at",
    "payment_queryInfo": "encoded_xt at",
    "payment_queryFeeDetails": "encoded_xt at",
    "engine_createBlock": "create_empty finalize parent_hash",
    "engine_finalizeBlock": "hash justification",
    "delegateInfo_getDelegates": "at",
    "delegateInfo_getDelegate": "delegate_account_vec at",
    "delegateInfo_getDelegated": "delegatee_account_vec at",
    "neuronInfo_getNeuronsLite": "netuid at",
    "neuronInfo_getNeuronLite": "netuid uid at",
    "neuronInfo_getNeurons": "netuid at",
    "neuronInfo_getNeuron": "netuid uid at",
    "subnetInfo_getSubnetInfo": "netuid at",
    "subnetInfo_getMechagraph": "netuid mecid at",
    "subnetInfo_getSelectiveMetagraph": "netuid metagraph_index at",
    "subnetInfo_getColdkeyAutoStakeHotkey": "coldkey netuid at",
    "subnetInfo_getSelectiveMechagraph": "netuid mecid metagraph_index at",
    "stakeInfo_getColdkeyLock": "coldkey netuid at",
    "swap_currentAlphaPrice": "netuid at",
    "swap_simSwapTaoForAlpha": "netuid tao at",
    "swap_simSwapAlphaForTao": "netuid alpha at",
    "chainHead_v1_follow": "with_runtime",
    "chainHead_v1_body": "follow_subscription hash",
    "chainHead_v1_header": "follow_subscription hash",
    "chainHead_v1_storage": "follow_subscription hash items child_trie",
    "chainHead_v1_call": "follow_subscription hash function call_parameters",
    "chainHead_v1_unpin": "follow_subscription hash_or_hashes",
    "chainHead_v1_continue": "follow_subscription operation_id",
    "chainHead_v1_stopOperation": "follow_subscription operation_id",
    "transaction_v1_broadcast": "bytes",
    "transaction_v1_stop": "operation_id",
    "transactionWatch_v1_submitAndWatch": "bytes",
    "archive_v1_body": "hash",
    "archive_v1_header": "hash",
    "archive_v1_hashByHeight": "height",
    "archive_v1_call": "hash function call_parameters",
    "archive_v1_storage": "hash items child_trie",
    "archive_v1_storageDiff": "hash items previous_hash",
}


@pytest.mark.parametrize("method", GENUINE)
def test_the_names_are_those_of_the_genuine_node(method: str) -> None:
    assert list(METHODS[method].names) == GENUINE[method].split()


def test_each_parameter_of_each_method_has_a_name() -> None:
    assert [name for name, each in METHODS.items() if len(each.names) != len(each.params)] == []


@pytest.mark.parametrize("start", ["start_key", "startKey"])
def test_both_spellings_any_order_and_other_names_are_accepted(client: Client, start: str) -> None:
    first = client.ask("state_getKeysPaged", ACCOUNTS, 1)
    expected = client.ask("state_getKeysPaged", ACCOUNTS, 2, first[0])
    assert len(expected) == 2
    named = {"colour": "red", "hash": None, start: first[0], "count": 2, "prefix": ACCOUNTS}
    assert client.ask_named("state_getKeysPaged", **named) == expected
    assert client.ask_named("system_chain", anything=1) == "Bittensor"
    assert client.ask_named("chain_getHeader") == client.ask("chain_getHeader")


@pytest.mark.parametrize(
    ("method", "params", "why"),
    [
        ("state_getStorage", {"hash": None}, "missing field `key` at line 1 column 13"),
        ("state_getStorage", {"key": 5}, "invalid type: integer `5`, expected a (both 0x-prefixed or not) hex"),
        ("state_getKeysPaged", {"count": 1, "start_key": "0x", "startKey": "0x"}, "duplicate field `start_key`"),
    ],
)
def test_a_parameter_that_is_missing_wrong_or_given_twice_is_described(
    client: Client, method: str, params: dict[str, Any], why: str
) -> None:
    answer = client.send(json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}))
    assert answer["error"]["code"] == -32602
    assert answer["error"]["data"].startswith(why)


def test_the_cost_does_not_depend_on_the_spelling() -> None:
    call = METHODS["state_call"]
    for name in ("NeuronInfoRuntimeApi_get_neurons", "AccountNonceApi_account_nonce"):
        listed = call.cost_of([name, "0x"], 100)
        assert call.cost_of({"bytes": "0x", "name": name}, 100) is listed
        assert listed is (Cost.LIGHT if name == "AccountNonceApi_account_nonce" else Cost.LONG)
    page, at = METHODS["state_getKeysPaged"], "0x" + "00" * 32
    assert page.cost_of({"count": 1, "hash": at, "prefix": "0x"}, 100) is Cost.LONG
    assert page.cost_of({"count": 1, "prefix": "0x"}, 100) is page.cost_of(["0x", 1], 100) is Cost.LIGHT
