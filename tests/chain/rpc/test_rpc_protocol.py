"""The protocol for valid and invalid requests: codes and texts are jsonrpsee's, the genuine node's library."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.rpc.namespace import Namespace
from pysubtensor.chain.rpc.node import Node, ServerLimits
from pysubtensor.chain.rpc.params import converter
from pysubtensor.chain.rpc.table import METHODS, NAMESPACES, join

from .conftest import Client

PARSE_ERROR = {"code": -32700, "message": "Parse error"}
INVALID = {"code": -32600, "message": "Invalid request"}


def refused(error: dict[str, Any], request_id: Any = None) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": request_id, "error": error}


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "{",
        "[",
        "nonsense",
        "5",
        '"text"',
        "null",
        "{}",
        '{"jsonrpc":"2.0"}',
        '{"id":1',
        "[" * 100_000,
        b"\xff{",
    ],
)
def test_texts_that_are_no_request_are_a_parse_error(client: Client, text: str) -> None:
    assert client.send(text) == refused(PARSE_ERROR)


@pytest.mark.parametrize("request_id", [0, 1, 2**64 - 1, "BH1", "1-1", "", None])
def test_ids_keep_their_type(client: Client, request_id: Any) -> None:
    request = {"jsonrpc": "2.0", "id": request_id, "method": "system_chain"}
    assert client.send(json.dumps(request)) == {"jsonrpc": "2.0", "id": request_id, "result": "Bittensor"}


@pytest.mark.parametrize(
    "request_", [{}, {"method": "system_chain"}, {"jsonrpc": "1.0", "method": "x"}, {"jsonrpc": "2.0", "method": 5}]
)
def test_an_object_with_an_id_but_no_method_is_invalid(client: Client, request_: dict[str, Any]) -> None:
    assert client.send(json.dumps(request_ | {"id": 3})) == refused(INVALID, 3)


@pytest.mark.parametrize("extra", [{}, {"id": -1}, {"id": 1.5}, {"id": [1]}, {"id": True}])
def test_a_notification_has_no_response(client: Client, extra: dict[str, Any]) -> None:
    assert client.send(json.dumps({"jsonrpc": "2.0", "method": "system_chain", "params": []} | extra)) is None


def test_an_unknown_method_is_not_found(client: Client) -> None:
    assert client.fail("system_nothing") == (-32601, "Method not found", None)
    assert client.fail("__class__") == (-32601, "Method not found", None)


# --- parameters ----------------------------------------------------------------------------------------------

HEX = "a (both 0x-prefixed or not) hex string or byte array"


@pytest.mark.parametrize(
    ("method", "params", "data"),
    [
        ("state_getStorage", [], "No more params"),
        ("state_getStorage", [5], f"invalid type: integer `5`, expected {HEX} at line 1 column 1"),
        ("state_getStorage", [None], f"invalid type: null, expected {HEX} at line 1 column 4"),
        ("state_getStorage", [[1]], f"invalid type: sequence, expected {HEX} at line 1 column 0"),
        ("state_getStorage", [{}], f"invalid type: map, expected {HEX} at line 1 column 0"),
        ("state_getStorage", [True], f"invalid type: boolean `true`, expected {HEX} at line 1 column 4"),
        ("state_getStorage", [1.5], f"invalid type: floating point `1.5`, expected {HEX} at line 1 column 3"),
        ("state_getStorage", ["0xzz"], "invalid hex character: z, at 2 at line 1 column 6"),
        (
            "chain_getHeader",
            ["0x12"],
            f"invalid length 2, expected {HEX} containing 32 bytes at line 1 column 6",
        ),
        ("chain_getHeader", [7], f"invalid type: integer `7`, expected {HEX} containing 32 bytes at line 1 column 1"),
        ("state_getKeysPaged", ["0x", "1"], 'invalid type: string "1", expected u32 at line 1 column 3'),
        ("state_getKeysPaged", ["0x", -1], "invalid value: integer `-1`, expected u32 at line 1 column 2"),
        ("state_queryStorageAt", ["0x"], 'invalid type: string "0x", expected a sequence at line 1 column 4'),
        ("state_call", [1, "0x"], "invalid type: integer `1`, expected a string at line 1 column 1"),
        ("engine_createBlock", [1, True], "invalid type: integer `1`, expected a boolean at line 1 column 1"),
        (
            "chain_getBlockHash",
            ["0xno"],
            "data did not match any variant of untagged enum ListOrValue at line 1 column 6",
        ),
        ("chain_getBlockHash", [-1], "data did not match any variant of untagged enum ListOrValue at line 1 column 2"),
    ],
)
def test_wrong_parameters_are_described(client: Client, method: str, params: list[Any], data: str) -> None:
    assert client.fail(method, *params) == (-32602, "Invalid params", data)


@pytest.mark.parametrize("params", ["x", 5, True])
def test_parameters_that_are_neither_a_list_nor_an_object_are_refused(client: Client, params: Any) -> None:
    request = {"jsonrpc": "2.0", "id": 1, "method": "state_getStorage", "params": params}
    expected = f"Invalid params. Expected one of '[', ']' or ',' but found {json.dumps(json.dumps(params))}"
    assert client.send(json.dumps(request))["error"]["data"] == expected


def test_optional_parameters_may_be_null_and_further_ones_are_ignored(client: Client) -> None:
    head = client.ask("chain_getBlockHash")
    assert head == client.ask("chain_getBlockHash", None) == client.ask("chain_getBlockHash", None, 5, "x")
    assert client.ask("system_chain", 1, 2, 3) == "Bittensor"


@pytest.mark.parametrize("key", ["0x3a636f6465", "3a636f6465", "0x3A636F6465"])
def test_hex_is_accepted_with_or_without_its_prefix(client: Client, key: str) -> None:
    assert client.ask("state_getStorage", key) == client.ask("state_getStorage", "0x3a636f6465") is not None


def test_an_odd_hex_digit_stands_for_a_leading_zero(client: Client) -> None:
    assert client.ask("state_queryStorageAt", ["0x1"])[0]["changes"] == [["0x01", None]]


def test_only_known_annotations_make_parameters() -> None:
    with pytest.raises(TypeError, match="expected one of the types"):
        converter(bytes)


def test_a_method_is_registered_once() -> None:
    def system_chain(node: Node) -> str:
        return ""

    namespace = Namespace()
    namespace.method()(system_chain)
    with pytest.raises(TypeError, match="registered twice"):
        namespace.method()(system_chain)
    with pytest.raises(TypeError, match="registered twice"):
        join([*NAMESPACES.values(), namespace])


# --- batches -------------------------------------------------------------------------------------------------


def calls(count: int) -> list[dict[str, Any]]:
    return [{"jsonrpc": "2.0", "id": number, "method": "system_chain"} for number in range(count)]


def test_a_batch_is_answered_by_a_batch(client: Client) -> None:
    batch = [*calls(2), {"jsonrpc": "2.0", "id": "x", "method": "no"}, {"id": 9}, 5, {}, []]
    answers = client.send(json.dumps(batch))
    assert [answer["id"] for answer in answers] == [0, 1, "x", 9, None, None, None]
    assert [answer.get("error", {}).get("code") for answer in answers] == [None, None, -32601] + 4 * [-32600]


def test_an_empty_batch_is_invalid_and_one_of_notifications_silent(client: Client) -> None:
    assert client.send("[]") == refused(INVALID)
    assert client.send('[{"jsonrpc":"2.0","method":"system_chain"}]') is None


def test_a_huge_batch_is_answered_whole(client: Client) -> None:
    assert len(client.send(json.dumps(calls(5_000)))) == 5_000


def test_a_batch_may_be_limited(connect: Callable[..., Client]) -> None:
    client = connect(limits=ServerLimits(batch=3))
    assert len(client.send(json.dumps(calls(3)))) == 3
    error = {"code": -32010, "message": "The batch request was too large", "data": "Exceeded max limit of 3"}
    assert client.send(json.dumps(calls(4))) == refused(error)


def test_responses_are_limited(connect: Callable[..., Client]) -> None:
    client = connect(limits=ServerLimits(response_bytes=1000))
    assert client.fail("state_getMetadata") == (-32008, "Response is too big", "Exceeded max limit of 1000")
    assert client.fail("state_getKeys", "0x") == (-32008, "Response is too big", "Exceeded max limit of 1000")
    assert client.fail("state_getPairs", "0x") == (-32008, "Response is too big", "Exceeded max limit of 1000")
    error = {"code": -32011, "message": "The batch response was too large", "data": "Exceeded max limit of 1000"}
    assert client.send(json.dumps(calls(100))) == refused(error)


NAMES = [f'{{"jsonrpc":"2.0","id":{number},"result":"Bittensor"}}' for number in range(2)]


@pytest.mark.parametrize(
    ("text", "response", "code"),
    [(json.dumps(calls(1)[0]), NAMES[0], -32008), (json.dumps(calls(2)), f"[{','.join(NAMES)}]", -32011)],
    ids=["single", "batch"],
)
def test_a_response_may_be_as_long_as_the_limit(
    connect: Callable[..., Client], text: str, response: str, code: int
) -> None:
    enough, too_little = (connect(limits=ServerLimits(response_bytes=len(response) - less)) for less in (0, 1))
    assert enough.send(text) == json.loads(response)
    assert too_little.send(text)["error"]["code"] == code


# --- whatever happens ----------------------------------------------------------------------------------------


def test_an_exception_is_an_internal_error_and_the_node_continues(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(Chain, "context", lambda *_: 1 // 0)
    assert client.fail("state_call", "Metadata_metadata", "0x") == (-32603, "Internal error", None)
    assert "ZeroDivisionError" in caplog.text
    assert client.ask("system_chain") == "Bittensor"


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**65), 2**65)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=5,
)
SAFE = sorted(name for name in METHODS if not name.startswith("engine"))


def test_no_parameters_break_a_method() -> None:
    with Chain.dev() as chain:
        client = Client(chain)

        @settings(max_examples=300)
        @given(st.sampled_from(SAFE), st.lists(JSON, max_size=4) | JSON)
        def play(method: str, params: Any) -> None:
            answer = client.send(json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}))
            assert answer["id"] == 1
            assert answer.get("error", {}).get("code") != -32603

        play()


def test_every_file_of_methods_serves_its_namespace() -> None:
    aliases = {"subscribe_newHead", "unsubscribe_newHead", "account_nextIndex"}
    for name, namespace in NAMESPACES.items():
        prefixes = {method.split("_")[0] for method in namespace.methods if method not in aliases}
        others = {
            "state": {"chain"},
            "childstate": {"state"},
            "transaction": {"transactionWatch"},
            "dev": {"anvil", "evm", "hardhat"},
        }
        assert prefixes - {name} == others.get(name, set())
