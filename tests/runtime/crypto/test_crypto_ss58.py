"""SS58 addresses: known ones, refusals, and that no damaged address is read."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pysubtensor.runtime.crypto.ss58 import ALPHABET, Ss58Error, _base58_encode, _checksum, ss58_decode, ss58_encode

from tests.vectors import load
from tests.world import ALICE, ALICE_ADDRESS

PREFIXES = st.integers(0, 16383).filter(lambda prefix: prefix not in (46, 47))
KEYS = st.binary(min_size=32, max_size=33)


@pytest.mark.parametrize(
    ("public", "prefix", "address"),
    [
        (ALICE, 42, ALICE_ADDRESS),
        (ALICE, 0, "15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5"),
        (bytes(32), 0, "111111111111111111111111111111111HC1"),
        (ALICE, 252, "xw8P6urbSAronL3zZFB7dg8p7LLSgKCUFDUgjohnf1iP434ic"),
        (ALICE, 16383, "yNa8JpqfFB3q8A29rCwSgxvdU94ufJw2yKKxDgznS5m1PoFvn"),
    ],
)
def test_known_addresses(public: bytes, prefix: int, address: str) -> None:
    assert ss58_encode(public, prefix) == address
    assert ss58_decode(address) == ss58_decode(address, prefix) == public


def test_every_prepared_address() -> None:
    answers = load("formats/ss58")
    for case in answers["valid"]:
        public = bytes.fromhex(case["public"][2:])
        assert ss58_encode(public, case["prefix"]) == case["address"]
        assert ss58_decode(case["address"], case["prefix"]) == public
    for case in answers["invalid"]:
        with pytest.raises(Ss58Error):
            ss58_decode(case["address"])


@pytest.mark.parametrize(
    ("address", "complaint"),
    [
        ("", "32 or 33 bytes, got 0"),
        (ALICE_ADDRESS[:-1] + "Z", "checksum"),
        (ALICE_ADDRESS[:-3], "32 or 33 bytes"),
        ("0" + ALICE_ADDRESS[1:], "base58 characters, got '0'"),
        (ALICE_ADDRESS + " ", "base58 characters, got ' '"),
        ("5" * 1_000_000, "at most 51 characters, got 1000000"),
    ],
)
def test_a_refusal_names_the_reason(address: str, complaint: str) -> None:
    with pytest.raises(Ss58Error, match=complaint):
        ss58_decode(address)


def test_an_address_of_another_network_is_refused() -> None:
    with pytest.raises(Ss58Error, match="network 42, got one of network 0"):
        ss58_decode(ss58_encode(ALICE, 0), 42)


@pytest.mark.parametrize("prefix", [-1, 46, 47, 16384])
def test_prefixes_outside_the_registry_are_refused(prefix: int) -> None:
    with pytest.raises(Ss58Error, match=f"got {prefix}"):
        ss58_encode(ALICE, prefix)


@pytest.mark.parametrize(
    ("start", "complaint"),
    [
        (b"\x2e", "other than 46 and 47, got 46"),
        (b"\x2f", "other than 46 and 47, got 47"),
        (b"\x4b\xc0", "other than 46 and 47, got 47"),
        (b"\x80\x00", "below 128, got 128"),
        (b"\xff\xff", "below 128, got 255"),
    ],
)
def test_reserved_prefixes_are_refused_when_read(start: bytes, complaint: str) -> None:
    body = start + ALICE
    with pytest.raises(Ss58Error, match=complaint):
        ss58_decode(_base58_encode(body + _checksum(body)))


@pytest.mark.parametrize("length", [0, 31, 34])
def test_a_key_has_32_or_33_bytes(length: int) -> None:
    with pytest.raises(Ss58Error, match=f"got {length}"):
        ss58_encode(bytes(length))


@settings(max_examples=100)
@given(public=KEYS, prefix=PREFIXES)
@example(public=b"\xff" * 33, prefix=16383)
@example(public=bytes(33), prefix=0)
def test_an_address_decodes_to_its_key(public: bytes, prefix: int) -> None:
    assert ss58_decode(ss58_encode(public, prefix), prefix) == public


@settings(max_examples=100)
@given(text=st.text(alphabet=ALPHABET, max_size=60) | st.text(max_size=60))
def test_any_text_is_decoded_or_refused(text: str) -> None:
    try:
        public = ss58_decode(text)
    except Ss58Error:
        return
    assert len(public) in (32, 33)
