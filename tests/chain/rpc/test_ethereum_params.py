"""Parameters of Ethereum's methods: each is checked and bounded, and the error says what was expected."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Client

ADDRESS, HASH = "0x" + "b0" * 20, "0x" + "ab" * 32
OBJECT = {"to": ADDRESS}
BAD = [
    ("eth_getBalance", ["0x12"], "containing 20 bytes"),
    ("eth_getBalance", ["0x" + "zz" * 20], "invalid hex character: z, at 2"),
    ("eth_getBalance", ["0x" + "1 " * 20], "invalid hex character:  , at 3"),
    ("eth_getBalance", [7], "invalid type: integer `7`"),
    ("eth_getBalance", [], "No more params"),
    ("eth_getBalance", [ADDRESS, "newest"], "Invalid block number: non-decimal or missing 0x prefix"),
    ("eth_getBalance", [ADDRESS, "0x"], "Invalid block number: cannot parse integer from empty string"),
    ("eth_getBalance", [ADDRESS, "0xg"], "Invalid block number: invalid digit found in string"),
    ("eth_getBalance", [ADDRESS, "0x1" + "0" * 16], "number too large to fit in target type"),
    ("eth_getBalance", [ADDRESS, -1], "expected a block number or 'latest'"),
    ("eth_getBalance", [ADDRESS, {}], "Invalid input"),
    ("eth_getBalance", [ADDRESS, {"blockHash": "0x12"}], "containing 32 bytes"),
    ("eth_getBalance", [ADDRESS, {"hash": HASH}], "Unknown key: hash"),
    ("eth_getBalance", [ADDRESS, {"blockNumber": "12"}], "missing 0x prefix"),
    ("eth_getStorageAt", [ADDRESS, "0x"], "invalid length 0"),
    ("eth_getStorageAt", [ADDRESS, "0x" + "1" * 65], "invalid length 65"),
    ("eth_getBlockByNumber", ["latest", "yes"], "expected a boolean"),
    ("eth_getTransactionByBlockHashAndIndex", [HASH, "0xfffffffffffffffff"], "Invalid index"),
    ("eth_getTransactionByBlockHashAndIndex", [HASH, 1.5], "hex-encoded or decimal index"),
    ("eth_sendRawTransaction", ["abcd"], "Expected a 0x-prefixed hex string with even length"),
    ("eth_sendRawTransaction", ["0x123"], "Expected a 0x-prefixed hex string with even length"),
    ("eth_sendRawTransaction", ["0xzz"], "Invalid hex"),
    ("eth_feeHistory", ["many", "latest"], "Invalid block count"),
    ("eth_feeHistory", [1, "latest", [50, "a"]], "expected f64"),
    ("eth_feeHistory", [1, "latest", [1] * 101], "at most 100 percentiles"),
    ("eth_submitWork", ["0x12", HASH, HASH], "expected 8 bytes"),
    ("eth_call", ["0x"], "struct TransactionRequest"),
    ("eth_call", [{"from": "0x1"}], "from: invalid length 1"),
    ("eth_call", [{"gas": 21000}], "gas: invalid type: integer `21000`"),
    ("eth_call", [{"data": "0x1"}], "data: Invalid bytes format"),
    ("eth_call", [{"data": "0x01", "input": "0x02"}], "Ambiguous value for `data` and `input`"),
    ("eth_call", [{"accessList": [{}]}], "accessList: missing field `address`"),
    ("eth_call", [{"accessList": [{"address": ADDRESS, "storageKeys": ["0x1"]}]}], "accessList: storageKeys"),
    ("eth_call", [{"accessList": [1] * 1025}], "at most 1024 addresses"),
    ("eth_call", [{"authorizationList": [{"chainId": 42}]}], "authorizationList: missing field `address`"),
    ("eth_call", [OBJECT, "latest", []], "expected a map"),
    ("eth_call", [OBJECT, "latest", {"0x1": {}}], "containing 20 bytes"),
    ("eth_call", [OBJECT, "latest", {ADDRESS: {"storage": {}}}], "unknown field `storage`"),
    ("eth_call", [OBJECT, "latest", {ADDRESS: {"state": {"0x1": HASH}}}], "state: invalid length 1"),
    ("eth_newFilter", [{"topic": []}], "unknown field `topic`"),
    ("eth_newFilter", [{"address": 1}], "address:"),
    ("eth_newFilter", [{"address": [ADDRESS] * 1025}], "too big array"),
    ("eth_newFilter", [{"topics": [["0x1"]]}], "topics: Invalid variadic value type"),
    ("eth_getLogs", [{"blockHash": "0x1"}], "blockHash: invalid length 1"),
    ("eth_getFilterChanges", ["0xx"], "Invalid index"),
    ("eth_subscribe", ["heads"], "unknown variant `heads`"),
    ("eth_subscribe", ["logs", {"x": 1}], "Invalid Pub-Sub parameters: unknown field `x`"),
]


@pytest.mark.parametrize(("method", "params", "why"), BAD)
def test_bad_parameters_are_refused_with_a_reason(client: Client, method: str, params: list[Any], why: str) -> None:
    code, message, data = client.fail(method, *params)
    assert (code, message) == (-32602, "Invalid params")
    assert why in str(data)


def test_slots_of_access_lists_and_overrides_are_bounded(client: Client) -> None:
    keys = [HASH] * 9_000
    entries = [{"address": ADDRESS, "storageKeys": keys}] * 2
    assert "at most 16384 storage keys" in str(client.fail("eth_call", {"accessList": entries})[2])
    slots = {"0x" + number.to_bytes(32, "big").hex(): HASH for number in range(9_000)}
    overrides = {ADDRESS: {"state": slots, "stateDiff": slots}}
    assert "at most 16384 storage slots" in str(client.fail("eth_call", OBJECT, "latest", overrides)[2])


def test_parameters_that_are_null_count_as_missing(client: Client) -> None:
    assert client.ask("eth_getBalance", ADDRESS, None) == "0x0"
    assert client.ask("eth_call", {"to": ADDRESS, "data": None, "gas": None}, None, None) == "0x"
    assert client.send('{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}')["result"] == "0x2a"
