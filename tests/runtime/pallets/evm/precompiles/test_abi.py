"""Solidity's ABI: examples of its specification, and the errors of Frontier's reader."""

from __future__ import annotations

from typing import Any

import pytest
from pysubtensor.runtime.pallets.evm.precompiles.abi import (
    Reader,
    ReadError,
    encode_result,
    encode_sequence,
    parse_type,
    split_types,
)


def words(*parts: str | int) -> bytes:
    """Return numbers as words, and texts padded with zeros on the right."""
    return b"".join(
        part.to_bytes(32, "big") if isinstance(part, int) else part.encode().ljust(32, b"\0") for part in parts
    )


#: The examples of docs.soliditylang.org, "Contract ABI Specification".
EXAMPLES: list[tuple[str, list[Any], bytes]] = [
    ("(uint32,bool)", [69, True], words(69, 1)),
    ("(bytes,bool,uint256[])", [b"dave", True, [1, 2, 3]], words(0x60, 1, 0xA0, 4, "dave", 3, 1, 2, 3)),
    (
        "(uint256[][],string[])",
        [[[1, 2], [3]], [b"one", b"two", b"three"]],
        words(0x40, 0x140, 2, 0x40, 0xA0, 2, 1, 2, 1, 3) + words(3, 0x60, 0xA0, 0xE0, 3, "one", 3, "two", 5, "three"),
    ),
]


@pytest.mark.parametrize(("types", "values", "encoded"), EXAMPLES)
def test_the_examples_of_the_specification(types: str, values: list[Any], encoded: bytes) -> None:
    parsed = [parse_type(text) for text in split_types(types)]
    assert encode_sequence(parsed, values) == encoded
    reader = Reader(encoded, 0)
    assert [type_.read(reader) for type_ in parsed] == values


def test_a_result_of_dynamic_size_begins_with_its_offset() -> None:
    assert encode_result(parse_type("uint16[]"), [7]) == words(32, 1, 7)
    assert encode_result(parse_type("(uint16,uint64)[]"), [(7, 9), (8, 10)]) == words(32, 2, 7, 9, 8, 10)
    assert encode_result(parse_type("(uint16,bool)"), (7, False)) == words(7, 0)


def test_any_word_is_a_bool_and_any_bytes_precede_an_address() -> None:
    assert parse_type("bool").read(Reader(words(2**255), 0)) is True
    assert parse_type("address").read(Reader(bytes(range(32)), 0)) == bytes(range(12, 32))


TOO_SHORT = words(32)[:31]


@pytest.mark.parametrize(
    ("type_", "data", "reason"),
    [
        ("uint16", words(65536), "Value is too large for uint16"),
        ("uint256", TOO_SHORT, "Tried to read uint256 out of bounds"),
        ("uint8", TOO_SHORT, "Tried to read uint8 out of bounds"),
        ("bool", TOO_SHORT, "Tried to read bool out of bounds"),
        ("address", TOO_SHORT, "Tried to read address out of bounds"),
        ("bytes32", TOO_SHORT, "Tried to read bytes32 out of bounds"),
        ("bytes", TOO_SHORT, "Tried to read pointer out of bounds"),
        ("bytes", words(2**32), "Value is too large for pointer"),
        ("bytes", words(32), "Pointer points to out of bound"),
        ("bytes", words(32) + b"\0", "Tried to read length out of bounds"),
        ("string", words(32, 2**32), "Value is too large for length"),
        ("string", words(32, 2**32 - 1), "Tried to read string out of bounds"),
        ("bytes", words(32, 1), "Tried to read bytes out of bounds"),
        ("uint16[]", words(32, 2**32), "Value is too large for length"),
        ("uint16[]", words(32, 2**32 - 1, 1, 2), "[2]: Tried to read uint16 out of bounds"),
        ("uint16[]", words(32, 2, 1, 65536), "[1]: Value is too large for uint16"),
        ("(uint16,bool)[]", words(32, 2, 1, 0, 65536, 0), "[1].0: Value is too large for uint16"),
    ],
)
def test_input_that_does_not_fit(type_: str, data: bytes, reason: str) -> None:
    with pytest.raises(ReadError) as raised:
        parse_type(type_).read(Reader(data, 0))
    assert str(raised.value) == reason


def test_an_unknown_type_is_refused() -> None:
    with pytest.raises(ValueError, match="expected a type of Solidity, got int8"):
        parse_type("int8")
