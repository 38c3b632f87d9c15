"""A node from which a fork reads may answer anything: each wrong form is an error that says what was expected."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from pysubtensor.chain.errors import SourceFailed
from pysubtensor.chain.history.fork import wire
from pysubtensor.chain.history.fork.source import Source
from pysubtensor.chain.history.fork.wire import Wire

from .conftest import Answers, Raw, Refusal, answering

AT = bytes(32)


@contextmanager
def source_of(answers: Answers, scheme: str = "ws") -> Iterator[Source]:
    with answering(answers) as address, closing(Source(Wire(f"{scheme}://{address}", 5.0), "the fork")) as source:
        yield source


@pytest.mark.parametrize("scheme", ["ws", "http"])
@pytest.mark.parametrize(
    ("result", "why"),
    [
        (Raw("no JSON"), "its answer is no JSON"),
        (Raw("[1]"), "its answer is no JSON-RPC"),
        ("0x", "expected a hash of 32 bytes, got 0 bytes"),
        ("0x" + "g" * 64, "expected 0x and hexadecimal digits, got '0xgggg"),
        ("00" * 32, "expected 0x and hexadecimal digits, got '0000"),
        (5, "expected 0x and hexadecimal digits, got 5"),
        ({"a": []}, "expected 0x and hexadecimal digits"),
    ],
)
def test_answers_of_another_form_are_refused(scheme: str, result: Any, why: str) -> None:
    with source_of(lambda method, params: result, scheme) as source, pytest.raises(SourceFailed) as failure:
        source.block_hash(3)
    message = str(failure.value)
    assert message.startswith(f"the fork needs chain_getBlockHash of {source.url}: {why}")
    assert len(message) < 500


@pytest.mark.parametrize("scheme", ["ws", "http"])
def test_an_answer_that_is_too_long_is_cut_off(monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    monkeypatch.setattr(wire, "MAX_ANSWER", 10_000)
    with source_of(lambda method, params: "0x" + "00" * 20_000, scheme) as source, pytest.raises(SourceFailed):
        source.block_hash(3)


def test_a_refusal_has_the_words_of_the_node() -> None:
    def refuse(method: str, params: list[Any]) -> Any:
        raise Refusal(4003, "Client error: State already discarded")

    with source_of(refuse) as source:
        with pytest.raises(
            SourceFailed, match=r"it refuses state_getStorage: Client error: State already discarded \(code"
        ):
            source.values([b"a"], AT)
        with pytest.raises(
            SourceFailed, match=r"discarded \(code 4003\). Fork from a node that keeps that block's state"
        ):
            source.values([b"a", b"b", b"c"], AT)


HEADER = {
    "parentHash": "0x" + "11" * 32,
    "number": "0x5",
    "stateRoot": "0x" + "22" * 32,
    "extrinsicsRoot": "0x" + "33" * 32,
    "digest": {"logs": []},
}


def refused(result: Any, use: Callable[[Source], object], why: str) -> None:
    """Expect that a result of any method is refused."""
    with source_of(lambda method, params: result) as source, pytest.raises(SourceFailed, match=why):
        use(source)


@pytest.mark.parametrize(
    ("header", "why"),
    [
        (HEADER, "expected the header of 0x000000"),
        ({**HEADER, "digest": {"logs": ["0x00ff"]}}, "that cannot be decoded"),
        ({**HEADER, "digest": {"logs": "0x"}}, "expected 'logs' in an object"),
        ({**HEADER, "digest": None}, "expected 'digest' in an object"),
        ({**HEADER, "number": "five"}, "that cannot be decoded"),
        ({**HEADER, "number": "-0x5"}, "that cannot be decoded"),
        ({**HEADER, "number": "0x" + "f" * 200}, "that cannot be decoded"),
        ({}, "expected 'digest' in an object, got {}"),
    ],
)
def test_a_header_must_have_its_hash(header: Any, why: str) -> None:
    refused(header, lambda source: source.header(AT), why)
    refused({"block": {"header": header, "extrinsics": []}}, lambda source: source.block(AT), why)


@pytest.mark.parametrize(
    ("keys", "why"),
    [
        (["0x6161", "0x6161"], "expected ascending keys with the prefix 0x61, got 0x6161"),
        (["0x6163", "0x6162"], "expected ascending keys"),
        (["0x62"], "expected ascending keys with the prefix 0x61, got 0x62"),
        (["0x61"] * 4, "expected at most 3 keys, got"),
        ({"0x61": 1}, "expected at most 3 keys, got"),
        ([None], "expected 0x and hexadecimal digits, got None"),
    ],
)
def test_keys_must_ascend_below_their_prefix(keys: Any, why: str) -> None:
    refused(keys, lambda source: source.keys(b"a", 3, None, AT), why)


@pytest.mark.parametrize(
    ("sets", "why"),
    [
        ([{"changes": [["0x61", "0x01"]]}], "expected a value for 0x62, got none"),
        ([{"changes": [["0x61"], ["0x62"]]}], "expected pairs of key and value"),
        ([{"changes": [["0x61", 1], ["0x62", None]]}], "expected 0x and hexadecimal digits, got 1"),
        ([{"changes": "0x"}], "expected 'changes' in an object"),
        ([], "expected one set of changes"),
    ],
)
def test_values_must_be_those_of_the_keys(sets: Any, why: str) -> None:
    refused(sets, lambda source: source.values([b"a", b"b"], AT), why)


def test_values_are_read_in_parts_that_the_node_answers() -> None:
    stored = {f"0x{number:04x}": f"0x{number:02x}" for number in range(40)}

    def at_most_three(method: str, params: list[Any]) -> Any:
        if method == "state_getStorage":
            return stored.get(params[0])
        if len(params[0]) > 3:
            raise Refusal(-32008, "Response is too big")
        return [{"block": "0x", "changes": [[key, stored.get(key)] for key in params[0]]}]

    keys = [bytes.fromhex(key[2:]) for key in stored]
    with source_of(at_most_three) as source:
        assert source.values([*keys, b"none"], AT) == [bytes([number]) for number in range(40)] + [None]


def test_a_node_without_lists_of_values_is_asked_for_each() -> None:
    asked: list[str] = []

    def one_by_one(method: str, params: list[Any]) -> Any:
        asked.append(method)
        if method != "state_getStorage":
            raise Refusal(-32601, "Method not found")
        return "0x" + params[0][2:] * 2

    with source_of(one_by_one) as source:
        assert source.values([b"a", b"b"], AT) == [b"aa", b"bb"]
        assert source.values([b"c", b"d"], AT) == [b"cc", b"dd"]
    assert asked == ["state_queryStorageAt"] + ["state_getStorage"] * 4


def test_a_node_that_does_not_answer_is_given_up() -> None:
    with source_of(lambda method, params: Raw("")) as source, pytest.raises(SourceFailed):
        source.block_hash(1)
    silent = Raw('{"jsonrpc":"2.0","method":"news","params":[]}')
    with answering(lambda method, params: silent) as address, closing(Source(Wire(f"ws://{address}", 0.05))) as source:
        with pytest.raises(SourceFailed, match=r"no answer within 0.05 s"):
            source.block_hash(1)
        assert source.url == f"ws://{address}"
