"""Amounts and accounts as people write them."""

from __future__ import annotations

import pytest
from pysubtensor.runtime.client.errors import PlainError
from pysubtensor.runtime.client.text import parse_account, parse_amount, parse_hex

from tests.world import ALICE, ALICE_ADDRESS


@pytest.mark.parametrize(
    ("text", "rao"),
    [
        ("10rao", 10),
        ("0 rao", 0),
        ("1tao", 1_000_000_000),
        ("1.5tao", 1_500_000_000),
        (" 1.5 TAO ", 1_500_000_000),
        ("0.000000001tao", 1),
        ("12.123456789tao", 12_123_456_789),
    ],
)
def test_an_amount_has_a_unit(text: str, rao: int) -> None:
    assert parse_amount(text) == rao


@pytest.mark.parametrize("text", ["5", "tao", "-1tao", "1.tao", "1e3rao", "1,5tao", "1.5rao", "0.0000000001tao"])
def test_an_amount_without_unit_or_with_too_many_decimals_is_refused(text: str) -> None:
    with pytest.raises(PlainError):
        parse_amount(text)


@pytest.mark.parametrize("text", [ALICE_ADDRESS, "//Alice", "alice", "Alice", "0x" + ALICE.hex()])
def test_an_account_is_an_address_a_development_name_or_hex(text: str) -> None:
    assert parse_account(text) == ALICE


@pytest.mark.parametrize("text", ["0x" + ALICE.hex()[2:], "0xzz", ALICE_ADDRESS[:-1] + "Z", "Alicia", ""])
def test_an_account_of_another_length_or_checksum_is_refused(text: str) -> None:
    with pytest.raises(PlainError):
        parse_account(text)


def test_hex_has_a_prefix_and_pairs_of_digits() -> None:
    assert (parse_hex("0x"), parse_hex("0x00fF")) == (b"", b"\0\xff")
    for text in ("00", "0x0", "0xg0", "0x 00"):
        with pytest.raises(PlainError, match="0x and pairs of hexadecimal digits"):
            parse_hex(text)
