"""Ethereum blocks: headers, receipts and blooms, as the genuine chain has them."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
import rlp
from eth_bloom import BloomFilter
from pysubtensor.runtime.pallets.ethereum.block import (
    NO_BLOOM,
    NO_OMMERS,
    RECEIPT_TYPES,
    EthereumBlock,
    Header,
    Log,
    ReceiptData,
    bloom_of,
    encoded_receipt,
    joined,
)
from pysubtensor.runtime.pallets.ethereum.envelope import decoded

from tests.vectors import load

RECEIPTS = {prefix: kind for kind, prefix in RECEIPT_TYPES.items()}
EMPTY_ROOT = bytes.fromhex("56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421")


@cache
def blocks() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = load("ethereum/ethereum")["blocks"]
    return found


def number(data: bytes) -> int:
    return int.from_bytes(data, "big")


def header_of(encoded: bytes) -> Header:
    fields = rlp.decode(encoded)
    numbers = [number(field) for field in fields[7:12]]
    return Header(*fields[:7], *numbers, *fields[12:])


def receipt_of(raw: bytes) -> Any:
    prefix = raw[:1] if raw[0] < 0xC0 else b""
    status, gas, bloom, logs = rlp.decode(raw[len(prefix) :])
    entries = [Log(address, list(topics), data) for address, topics, data in logs]
    return RECEIPTS[prefix](ReceiptData(number(status), number(gas), bloom, entries))


def test_headers_have_the_genuine_encoding_and_hash() -> None:
    for block in blocks():
        header = header_of(bytes.fromhex(block["rlp"]))
        assert header.encoded().hex() == block["rlp"]
        assert header.hash.hex() == block["hash"]
        transactions = [decoded(bytes.fromhex(raw)) for raw in block["transactions"]]
        assert len(EthereumBlock.scale.encode(EthereumBlock(header, transactions, []))) == block["scale_len"]


def test_receipts_have_the_genuine_encoding_and_blooms() -> None:
    for block in blocks():
        receipts = [receipt_of(bytes.fromhex(raw)) for raw in block["receipts"]]
        assert [encoded_receipt(receipt).hex() for receipt in receipts] == block["receipts"]
        assert [bloom_of(receipt.data.logs) for receipt in receipts] == [
            receipt.data.logs_bloom for receipt in receipts
        ]
        assert joined(receipt.data.logs_bloom for receipt in receipts).hex() == block["logs_bloom"]


def test_an_empty_block_has_505_bytes() -> None:
    """Frontier's own tests have this number for the first block."""
    zero, address = bytes(32), bytes(20)
    header = Header(
        zero, NO_OMMERS, address, zero, EMPTY_ROOT, EMPTY_ROOT, NO_BLOOM, 0, 0, 75_000_000, 0, 0, b"", zero, bytes(8)
    )
    assert len(rlp.encode([rlp.decode(header.encoded()), [], []])) == 505


@pytest.mark.parametrize("topics", [0, 1, 4])
def test_blooms_are_those_of_the_library(topics: int) -> None:
    log = Log(b"\7" * 20, [bytes([topic]) * 32 for topic in range(topics)], b"data does not count")
    expected = BloomFilter.from_iterable([log.address, *log.topics])
    assert bloom_of([log]) == int(expected).to_bytes(256, "big")
    assert bloom_of([]) == NO_BLOOM
