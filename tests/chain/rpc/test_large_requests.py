"""Bounds in bytes of what a client sends, makes the node keep, or is answered."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from pysubtensor.chain.rpc import subscriptions
from pysubtensor.chain.rpc.dispatch import exact
from pysubtensor.chain.rpc.errors import ECHO_LIMIT, METHOD_NOT_FOUND, TEXT_LIMIT
from pysubtensor.chain.rpc.namespace import SHORT_REQUEST, Cost
from pysubtensor.chain.rpc.node import ServerLimits
from pysubtensor.chain.rpc.table import METHODS

from .conftest import Client

LONG = "x" * 100_000
MANY_KEYS = [f"0x{at:04x}" for at in range(2_000)]


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("state_getStorage", [LONG]),
        ("state_getStorage", ["0x" + LONG]),
        ("chain_getHeader", [LONG]),
        ("chain_getBlockHash", ["0x" + LONG]),
        ("chain_getBlockHash", ["0x" + "f" * 100_000]),
        ("chain_getBlockHash", ["f" * 5_000]),
        ("state_getKeysPaged", ["0x", LONG]),
        ("state_queryStorageAt", [LONG]),
        ("state_queryStorageAt", [["0x00"] * 2_000 + [LONG]]),
        ("state_call", [LONG, "0x"]),
        ("system_accountNextIndex", [LONG]),
        ("stakeInfo_getColdkeyLock", [LONG, 1]),
        ("author_submitExtrinsic", ["0x" + "ff" * 50_000]),
        ("author_removeExtrinsic", [[{"hash": LONG}]]),
        ("author_removeExtrinsic", [[json.loads("[" * 500 + "]" * 500)]]),
        ("payment_queryInfo", ["0x" + "ff" * 50_000]),
        ("system_dryRun", ["0x" + "ff" * 50_000]),
        ("engine_createBlock", [LONG, True]),
        ("childstate_getStorage", ["0x" + "00" * 50_000, "0x"]),
    ],
)
def test_an_error_repeats_little_of_the_request(
    client: Client, caplog: pytest.LogCaptureFixture, method: str, params: list[Any]
) -> None:
    code, message, data = client.fail(method, *params)
    assert code != -32603
    assert len(message) + len(data or "") <= 2 * TEXT_LIMIT
    assert not caplog.text, "expected no traceback"


def test_parameters_by_name_are_repeated_in_part(client: Client) -> None:
    for params in ({"key": LONG}, json.loads('{"a":' * 300 + "1" + "}" * 300)):
        text = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "state_getStorage", "params": params})
        error = client.send(text)["error"]
        assert error["code"] == -32602
        assert len(error["data"]) < ECHO_LIMIT + 100


def test_hex_of_more_than_64_digits_is_no_number(client: Client) -> None:
    assert client.fail("chain_getBlockHash", "0x" + "f" * 64)[0] == 3001
    code, _, data = client.fail("chain_getBlockHash", "0x" + "f" * 65)
    assert (code, data) == (-32602, "data did not match any variant of untagged enum ListOrValue at line 1 column 69")


def test_an_answer_that_its_id_makes_too_long_has_no_id(connect: Callable[..., Client]) -> None:
    client = connect(limits=ServerLimits(response_bytes=1_000))
    for method in ("no_such_method", "chain_getHeader"):
        answer = client.send(json.dumps({"jsonrpc": "2.0", "id": "i" * 2_000, "method": method}))
        assert answer["id"] is None
        assert answer["error"]["code"] in (-32601, -32008)


def test_a_request_has_at_most_as_many_values_as_the_limit(connect: Callable[..., Client]) -> None:
    client = connect(limits=ServerLimits(values=30_000))
    for text in ("[" + "1," * 40_000 + "1]", "[" + "[]," * 40_000 + "1]", "[" + "{}," * 40_000 + "1]"):
        error = client.send(text)["error"]
        assert (error["code"], error["data"]) == (-32007, "Exceeded max limit of 30000 values")
    assert len(client.ask("chain_getBlockHash", [1] * 20_000)) == 20_000


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("state_getKeys", ["0x"]),
        ("state_getPairs", ["0x"]),
        ("state_queryStorageAt", [MANY_KEYS]),
        ("state_getReadProof", [MANY_KEYS]),
        ("state_subscribeStorage", [MANY_KEYS]),
        ("chain_getBlockHash", [[1] * 2_000]),
        ("state_getMetadata", []),
        ("subnetInfo_getMetagraph", [1]),
    ],
)
def test_answers_are_bounded_while_they_are_built(connect: Callable[..., Client], method: str, params: Any) -> None:
    client = connect(limits=ServerLimits(response_bytes=600))
    assert client.fail(method, *params) == (-32008, "Response is too big", "Exceeded max limit of 600")
    assert not client.subscriptions
    assert not client.node.hub.watched


def test_a_subscription_answers_each_key_once(client: Client) -> None:
    key = next(iter(client.chain.state.keys(b"")))
    client.ask("state_subscribeStorage", ["0x" + key.hex()] * 100)
    ((_, _, result),) = client.heard()
    assert [each for each, _ in result["changes"]] == ["0x" + key.hex()]


def test_keys_of_all_subscriptions_are_limited(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subscriptions, "WATCHED_BYTES", 3 * (1_000 + subscriptions.KEY_OVERHEAD))
    keys = ["0x" + f"{number:02x}" * 1_000 for number in range(4)]
    first = client.ask("state_subscribeStorage", keys[:2])
    code, _, data = client.fail("state_subscribeStorage", keys[2:])
    assert (code, data) == (-32006, "Exceeded max limit of 3384 bytes of keys")
    assert client.ask("state_unsubscribeStorage", first) is True
    client.ask("state_subscribeStorage", keys[2:])


def test_keys_that_clients_choose_are_not_cached(client: Client) -> None:
    before = set(client.chain.state._values)
    for number in range(10):
        key = f"0x{number:02x}" + "77" * 100
        assert client.ask("state_getStorage", key) is None
        assert client.ask("state_getStorageHash", key) is None
        assert client.ask("state_queryStorageAt", [key])[0]["changes"] == [[key, None]]
    assert set(client.chain.state._values) == before


def test_constant_errors_gather_no_tracebacks(client: Client) -> None:
    for _ in range(3):
        assert client.fail("no_such_method")[0] == -32601
    assert METHOD_NOT_FOUND.__traceback__ is None


def test_short_answers_are_copied_from_the_buffer_of_the_json_library() -> None:
    """It leaves 4 KB behind a short text, which the size of the object does not show."""
    short, long = orjson.dumps(1), orjson.dumps(list(range(10_000)))
    assert exact(short) == short
    assert exact(short) is not short
    assert exact(long) is long


def test_the_methods_that_may_take_long_run_in_slices() -> None:
    def cost(method: str, *params: Any, size: int = 100) -> Cost:
        return METHODS[method].cost_of(list(params), size)

    assert cost("state_getStorage", "0x") is Cost.LIGHT
    assert cost("state_getStorage", "0x", size=SHORT_REQUEST + 1) is Cost.LONG
    assert cost("state_getKeysPaged", "0x", 10) is Cost.LIGHT
    assert cost("state_getKeysPaged", "0x", 10, "0x", "0x11") is Cost.LONG
    assert cost("state_call", "AccountNonceApi_account_nonce", "0x") is Cost.LIGHT
    assert cost("state_call", "SubnetInfoRuntimeApi_get_all_metagraphs", "0x") is Cost.LONG
    assert cost("state_call", "Core_execute_block", "0x") is Cost.LONG
    assert cost("state_call") is Cost.LIGHT
    assert cost("system_dryRun", "0x") is Cost.LONG
    assert cost("author_submitExtrinsic", "0x") is Cost.LIGHT
    assert cost("author_submitExtrinsic", "0x", size=SHORT_REQUEST + 1) is Cost.LONG
    assert cost("subnetInfo_getMetagraph", 1) is Cost.SHORT
