"""Ethereum blocks: header, receipts, logs, bloom filters, and what is kept of each transaction.

A receipt's gas is that of all transactions of the block up to its own. A bloom filter has the addresses and topics of
logs: three bits of 2048 for each.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from functools import cache
from typing import Annotated

from ...crypto.hashing import keccak_256
from ...scale import H160, H256, U256, SourceName, Struct, Sum, u8, u32, u64
from ...scale.codec import FixedBytes
from ...scale.describe import Composite, Description, FieldInfo
from .rlp import Item, encode
from .transaction import Address, Bytes, SignedTransaction

BLOOM_SIZE = 256
BLOOM_BITS = 8 * BLOOM_SIZE
NO_BLOOM = bytes(BLOOM_SIZE)
#: The hash of the encoding of an empty list: what headers have of uncles, which this chain has none of.
NO_OMMERS = bytes.fromhex("1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347")


class BloomCodec(FixedBytes):
    """The codec of bloom filters, whose length metadata spells by the name of its constant."""

    def __init__(self) -> None:
        super().__init__(BLOOM_SIZE, "ethbloom::Bloom")

    def describe(self) -> Description:
        return Description(Composite((FieldInfo(None, FixedBytes(BLOOM_SIZE), "[u8; BLOOM_SIZE]"),)), self.path)


Bloom = Annotated[bytes, BloomCodec()]
H64 = Annotated[bytes, FixedBytes(8, "ethereum_types::hash::H64")]


class Log(Struct, path="ethereum::log::Log"):
    """What a contract has logged: its address, up to four topics, and data."""

    address: H160
    topics: list[H256]
    data: Bytes


class TransactionStatus(Struct, path="fp_rpc::TransactionStatus"):
    """What became of a transaction. `contract_address` is set for creations, also for failed ones."""

    transaction_hash: H256
    transaction_index: u32
    from_: Address
    to: Address | None
    contract_address: Address | None
    logs: list[Log]
    logs_bloom: Bloom


class ReceiptData(Struct, path="ethereum::receipt::EIP658ReceiptData"):
    """The outcome of a transaction: 1 for success, the gas used in the block so far, and the logs."""

    status_code: u8
    used_gas: U256
    logs_bloom: Bloom
    logs: list[Log]


class Receipt(Sum, path="ethereum::receipt::ReceiptV4", positional=True):
    """The receipt of a transaction of any type."""


class LegacyReceipt(Receipt, index=0, name="Legacy"):
    data: Annotated[ReceiptData, SourceName("EIP658ReceiptData")]


class EIP2930Receipt(Receipt, index=1, name="EIP2930"):
    data: Annotated[ReceiptData, SourceName("EIP2930ReceiptData")]


class EIP1559Receipt(Receipt, index=2, name="EIP1559"):
    data: Annotated[ReceiptData, SourceName("EIP1559ReceiptData")]


class EIP7702Receipt(Receipt, index=3, name="EIP7702"):
    data: Annotated[ReceiptData, SourceName("EIP7702ReceiptData")]


AnyReceipt = LegacyReceipt | EIP2930Receipt | EIP1559Receipt | EIP7702Receipt
#: A receipt of any type in declarations.
TransactionReceipt = Annotated[AnyReceipt, Receipt.scale]
#: The byte before a receipt.
RECEIPT_TYPES: dict[type, bytes] = {
    LegacyReceipt: b"",
    EIP2930Receipt: b"\1",
    EIP1559Receipt: b"\2",
    EIP7702Receipt: b"\4",
}


class Header(Struct, path="ethereum::header::Header"):
    """The header of a block. Its time is in milliseconds, unlike Ethereum's; its state root is the chain's own."""

    parent_hash: H256
    ommers_hash: H256
    beneficiary: H160
    state_root: H256
    transactions_root: H256
    receipts_root: H256
    logs_bloom: Bloom
    difficulty: U256
    number: U256
    gas_limit: U256
    gas_used: U256
    timestamp: u64
    extra_data: Bytes
    mix_hash: H256
    nonce: H64

    def encoded(self) -> bytes:
        """Return the header in RLP."""
        return encode([getattr(self, name) for name in _header_fields()])

    @property
    def hash(self) -> bytes:
        """The hash of the block."""
        return keccak_256(self.encoded())


@cache
def _header_fields() -> tuple[str, ...]:
    return tuple(field.name for field in fields(Header))


class EthereumBlock(Struct, path="ethereum::block::Block", params=[("T", SignedTransaction)]):
    """A block with its transactions. There are no uncles."""

    header: Header
    transactions: list[SignedTransaction]
    ommers: list[Header]


def encoded_receipt(receipt: AnyReceipt) -> bytes:
    """Return the bytes of a receipt, of which the receipts root is made."""
    data = receipt.data
    logs: list[Item] = [[log.address, log.topics, log.data] for log in data.logs]
    return RECEIPT_TYPES[type(receipt)] + encode([data.status_code, data.used_gas, data.logs_bloom, logs])


def bloom_of(logs: Iterable[Log]) -> bytes:
    """Return the bloom filter of logs."""
    bits = 0
    for log in logs:
        for part in (log.address, *log.topics):
            digest = keccak_256(part)
            for at in (0, 2, 4):
                bits |= 1 << int.from_bytes(digest[at : at + 2], "big") % BLOOM_BITS
    return bits.to_bytes(BLOOM_SIZE, "big")


def joined(blooms: Iterable[bytes]) -> bytes:
    """Return the bloom filter of what any of these has."""
    bits = 0
    for bloom in blooms:
        bits |= int.from_bytes(bloom, "big")
    return bits.to_bytes(BLOOM_SIZE, "big")
