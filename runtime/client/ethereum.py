"""What Ethereum's clients exchange with a node: transactions, blocks and receipts in RLP, hashes, senders, reasons.

    transaction = decoded(raw)                     from the bytes that a client signed
    hash_of(transaction), sender_of(transaction)

The runtime API for Ethereum (`apis.ethereum`) has the same types.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import fields
from functools import lru_cache
from typing import NamedTuple

import orjson

from ..crypto.hashing import keccak_256
from ..frame.digest import Consensus, DigestItem
from ..frame.errors import DispatchError, Module
from ..pallets.ethereum.block import (
    BLOOM_BITS,
    AnyReceipt,
    EthereumBlock,
    Header,
    Log,
    TransactionStatus,
    encoded_receipt,
)
from ..pallets.ethereum.envelope import TYPES, Undecodable, decoded, encoded, hash_of, sender_of
from ..pallets.ethereum.rlp import encode
from ..pallets.ethereum.transaction import (
    AccessListItem,
    AnyTransaction,
    AuthorizationListItem,
    CallAction,
    EIP1559Transaction,
    EIP2930Transaction,
    EIP7702Transaction,
    LegacyTransaction,
    MalleableSignature,
)
from ..pallets.evm.execution_info import CallInfo, CreateInfo
from ..pallets.evm.exits import Error, ExitReason, Fatal, InvalidCode, Opcode, OutOfGas, Revert, Succeed
from ..scale import H160, H256, U256, Reader, ScaleError, Sum, codec_of

__all__ = [
    "DEVELOPMENT_KEYS",
    "AccessListItem",
    "AnyReceipt",
    "AnyTransaction",
    "AuthorizationListItem",
    "CallAction",
    "CallInfo",
    "CreateInfo",
    "EIP1559Transaction",
    "EIP2930Transaction",
    "EIP7702Transaction",
    "EthereumBlock",
    "ExitReason",
    "Header",
    "LegacyTransaction",
    "Log",
    "MalleableSignature",
    "TransactionStatus",
    "Undecodable",
    "bloom_bits",
    "decoded",
    "dispatch_error_text",
    "encoded",
    "encoded_block",
    "encoded_receipt",
    "hash_of",
    "hashes_in",
    "is_fatal",
    "is_invalid_code",
    "is_out_of_gas",
    "is_revert",
    "is_success",
    "nonce_tag",
    "reason_text",
    "revert_text",
    "sender_of",
    "transaction_type",
]

#: The engine of the digest's items about the Ethereum block, and the kind of item with its hash and its transactions'.
ENGINE, HASHES = b"fron", 1
_HASHES = codec_of(tuple[H256, list[H256]])
_TAG = codec_of(tuple[H160, U256])
#: Bytes of a Solidity revert before its text: selector, offset, length; and where the length begins.
TEXT_AT, LENGTH_AT = 68, 36


class EthereumKey(NamedTuple):
    """An address and its secret key, in hex."""

    address: str
    secret: str


#: Moonbeam's well-known development keys, which are public.
DEVELOPMENT_KEYS = {
    "Alith": EthereumKey(
        "0xf24FF3a9CF04c71Dbc94D0b566f7A27B94566cac",
        "0x5fb92d6e98884f76de468fa3f6278f8807c48bebc13595d45af5bdc4da702133",
    ),
    "Baltathar": EthereumKey(
        "0x3Cd0A705a2DC65e5b1E1205896BaA2be8A07c6e0",
        "0x8075991ce870b93a8870eca0c0f91913d12f47948ca0fd25b49c6fa7cdbeee8b",
    ),
}


def transaction_type(transaction: AnyTransaction) -> int:
    """Return the type of a transaction: 0, 1, 2 or 4."""
    return int.from_bytes(TYPES[type(transaction)], "big")


def encoded_block(block: EthereumBlock) -> bytes:
    """Return a block in RLP, in which transactions are strings."""
    header = [getattr(block.header, field.name) for field in fields(block.header)]
    return encode([header, [encoded(each) for each in block.transactions], []])


def hashes_in(digest: Iterable[DigestItem]) -> tuple[bytes, list[bytes]] | None:
    """Return the hash of the Ethereum block of a header and those of its transactions; None without one."""
    for item in digest:
        if isinstance(item, Consensus) and item.engine == ENGINE and item.data[:1] == bytes([HASHES]):
            try:
                found: tuple[bytes, list[bytes]] = _HASHES.read(Reader(item.data[1:]))
                return found
            except ScaleError:
                return None
    return None


@lru_cache(1024)
def bloom_bits(part: bytes) -> int:
    """Return the bits of an address or a topic in a bloom filter."""
    digest = keccak_256(part)
    return sum({1 << int.from_bytes(digest[at : at + 2], "big") % BLOOM_BITS for at in (0, 2, 4)})


def nonce_tag(address: bytes, nonce: int) -> bytes:
    """Return what the transaction with this nonce provides to others of the pool."""
    return _TAG.encode((address, nonce))


# --- how executions end --------------------------------------------------------------------------------------------


def is_success(reason: ExitReason) -> bool:
    return isinstance(reason, Succeed)


def is_fatal(reason: ExitReason) -> bool:
    return isinstance(reason, Fatal)


def is_revert(reason: ExitReason) -> bool:
    return isinstance(reason, Revert)


def is_out_of_gas(reason: ExitReason) -> bool:
    return isinstance(reason, Error) and isinstance(reason.error, OutOfGas)


def is_invalid_code(reason: ExitReason) -> bool:
    return isinstance(reason, Error) and isinstance(reason.error, InvalidCode)


def reason_text(reason: ExitReason) -> str:
    """Return an error in the genuine node's words, such as `OutOfFund` or `InvalidCode(Opcode(254))`."""
    return rust_text(
        reason.error if isinstance(reason, Error) else reason.reason if isinstance(reason, Fatal) else reason
    )


def revert_text(output: bytes) -> str | None:
    """Return the text of `revert("text")`; None for other output. The selector may be any, as on the genuine node."""
    if len(output) <= TEXT_AT:
        return None
    length = int.from_bytes(output[LENGTH_AT:TEXT_AT], "big")
    if len(output) < TEXT_AT + length:
        return None
    try:
        return output[TEXT_AT : TEXT_AT + length].decode()
    except UnicodeDecodeError:
        return None


def dispatch_error_text(error: DispatchError) -> str:
    """Return an error of a call in the genuine node's words, which have numbers in place of a pallet's names."""
    if isinstance(error, Module):
        numbers = list(error.error.error)
        return f"Module(ModuleError {{ index: {error.error.index}, error: {numbers}, message: None }})"
    return rust_text(error)


def rust_text(value: object) -> str:
    """Return a variant with its fields as Rust's `{:?}` writes it."""
    if isinstance(value, Opcode):
        return f"Opcode({value.byte})"
    if isinstance(value, enum.Enum):
        return value.name
    if isinstance(value, str):
        return orjson.dumps(value).decode()
    if not isinstance(value, Sum):
        return str(value)
    codec = type(value).scale
    name = codec.names[codec.encode(value)[0]]
    parts = [rust_text(getattr(value, str(field.name))) for field in type(value).variant.fields]
    return f"{name}({', '.join(parts)})" if parts else name
