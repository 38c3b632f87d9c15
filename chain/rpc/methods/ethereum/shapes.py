"""Blocks, transactions, receipts and logs as JSON: numbers in hex without leading zeros, bytes in hex."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from .....runtime.client.ethereum import (
    AccessListItem,
    AnyReceipt,
    AnyTransaction,
    AuthorizationListItem,
    CallAction,
    EIP1559Transaction,
    EIP2930Transaction,
    EIP7702Transaction,
    EthereumBlock,
    Header,
    LegacyTransaction,
    Log,
    TransactionStatus,
    encoded_block,
    hash_of,
    sender_of,
    transaction_type,
)
from ...shapes import to_hex, to_hex_or_null
from ...slices import paced
from .declare import quantity

JSON = dict[str, Any]
NO_ADDRESS = bytes(20)
U256_MAX = (1 << 256) - 1
#: Transactions that are written between two pauses: the sender of each may have to be recovered.
EACH = 8


# --- blocks --------------------------------------------------------------------------------------------------------


def header_json(header: Header, timestamp: int) -> JSON:
    """Return a header; `timestamp` is in seconds in blocks, and in milliseconds in notifications, as on the chain."""
    return {
        "hash": to_hex(header.hash),
        "parentHash": to_hex(header.parent_hash),
        "sha3Uncles": to_hex(header.ommers_hash),
        "author": to_hex(header.beneficiary),
        "miner": to_hex(header.beneficiary),
        "stateRoot": to_hex(header.state_root),
        "transactionsRoot": to_hex(header.transactions_root),
        "receiptsRoot": to_hex(header.receipts_root),
        "number": quantity(header.number),
        "gasUsed": quantity(header.gas_used),
        "gasLimit": quantity(header.gas_limit),
        "extraData": to_hex(header.extra_data),
        "logsBloom": to_hex(header.logs_bloom),
        "timestamp": quantity(timestamp),
        "difficulty": quantity(header.difficulty),
        "nonce": to_hex(header.nonce),
        "size": quantity(len(header.encoded())),
    }


def block_json(
    block: EthereumBlock, statuses: Sequence[TransactionStatus], full: bool, base_fee: int, is_pending: bool = False
) -> JSON:
    """Return a block with the hashes of its transactions, or with all of them."""
    shown = header_json(block.header, block.header.timestamp // 1000)
    if is_pending:
        shown |= {"hash": None, "miner": None, "nonce": None}
    transactions: list[Any] = []
    for status, transaction in paced(zip(statuses, block.transactions, strict=True), EACH):
        if full:
            transactions.append(transaction_json(transaction, block.header, status, base_fee))
        else:
            transactions.append(to_hex(hash_of(transaction)))
    return shown | {
        "totalDifficulty": None if is_pending else "0x0",
        "uncles": [],
        "transactions": transactions,
        "size": quantity(len(encoded_block(block))),
        "baseFeePerGas": quantity(base_fee),
    }


# --- transactions --------------------------------------------------------------------------------------------------


def transaction_json(
    transaction: AnyTransaction,
    header: Header | None = None,
    status: TransactionStatus | None = None,
    base_fee: int = 0,
) -> JSON:
    """Return a transaction; without a header one that waits for its block."""
    signed = transaction.signed
    sender = (sender_of(transaction) or NO_ADDRESS) if status is None else status.from_
    shown: JSON = {
        "type": quantity(transaction_type(transaction)),
        "hash": to_hex(hash_of(transaction)),
        "nonce": quantity(signed.nonce),
        "blockHash": None if header is None else to_hex(header.hash),
        "blockNumber": None if header is None else quantity(header.number),
        "transactionIndex": None if status is None else quantity(status.transaction_index),
        "from": to_hex(sender),
        "to": to_hex(signed.action.address) if isinstance(signed.action, CallAction) else None,
        "value": quantity(signed.value),
        "gas": quantity(signed.gas_limit),
        "input": to_hex(signed.input),
        "creates": None if status is None else to_hex_or_null(status.contract_address),
    }
    included = header is not None or status is not None
    return shown | _prices(signed, included, base_fee) | _lists(signed) | _signature(signed)


def _prices(
    signed: LegacyTransaction | EIP2930Transaction | EIP1559Transaction | EIP7702Transaction,
    included: bool,
    base_fee: int,
) -> JSON:
    """Return prices. The gas price of an included type 2 is the effective one by the base fee after the block."""
    if isinstance(signed, LegacyTransaction | EIP2930Transaction):
        return {"gasPrice": quantity(signed.gas_price)}
    price = signed.max_fee_per_gas
    if included and isinstance(signed, EIP1559Transaction):
        price = effective_price(base_fee, signed.max_priority_fee_per_gas, signed.max_fee_per_gas)
    return {
        "gasPrice": quantity(price),
        "maxFeePerGas": quantity(signed.max_fee_per_gas),
        "maxPriorityFeePerGas": quantity(signed.max_priority_fee_per_gas),
    }


def effective_price(base_fee: int, tip: int, max_fee: int) -> int:
    """Return the price by EIP-1559. The chain itself takes the base fee alone."""
    return min(base_fee + tip, U256_MAX, max_fee)


def _lists(signed: LegacyTransaction | EIP2930Transaction | EIP1559Transaction | EIP7702Transaction) -> JSON:
    if isinstance(signed, LegacyTransaction):
        return {}
    shown: JSON = {"accessList": [_access_json(item) for item in signed.access_list]}
    if isinstance(signed, EIP7702Transaction):
        shown["authorizationList"] = [_authorization_json(item) for item in signed.authorization_list]
    return shown


def _access_json(item: AccessListItem) -> JSON:
    """Return an entry of an access list: with the genuine node's name of the keys, and the one that clients read."""
    keys = [to_hex(key) for key in item.storage_keys]
    return {"address": to_hex(item.address), "storage_keys": keys, "storageKeys": keys}


def _authorization_json(item: AuthorizationListItem) -> JSON:
    """Return an authorization in the genuine node's form, and the fields that clients read."""
    r, s = (int.from_bytes(part, "big") for part in (item.signature.r, item.signature.s))
    genuine = {
        "chain_id": item.chain_id,
        "signature": {
            "odd_y_parity": item.signature.odd_y_parity,
            "r": to_hex(item.signature.r),
            "s": to_hex(item.signature.s),
        },
    }
    return genuine | {
        "chainId": quantity(item.chain_id),
        "address": to_hex(item.address),
        "nonce": quantity(item.nonce),
        "yParity": quantity(item.signature.parity),
        "r": quantity(r),
        "s": quantity(s),
    }


def _signature(signed: LegacyTransaction | EIP2930Transaction | EIP1559Transaction | EIP7702Transaction) -> JSON:
    signature = signed.signature
    scalars = {
        "r": quantity(int.from_bytes(signature.r, "big")),
        "s": quantity(int.from_bytes(signature.s, "big")),
    }
    if isinstance(signed, LegacyTransaction):
        own = {"v": quantity(signed.signature.v)}
        if (chain_id := signed.signature.chain_id) is not None:
            own["chainId"] = quantity(chain_id)
        return own | scalars
    parity = quantity(signature.parity)
    return {"chainId": quantity(signed.chain_id), "yParity": parity, "v": parity} | scalars


# --- receipts and logs ---------------------------------------------------------------------------------------------


def receipt_json(
    header: Header, receipts: Sequence[AnyReceipt], status: TransactionStatus, kind: int, price: int
) -> JSON:
    """Return the receipt of a transaction of this type, whose effective price is given."""
    index = status.transaction_index
    data = receipts[index].data
    before = receipts[index - 1].data.used_gas if index else 0
    first_log = sum(len(each.data.logs) for each in receipts[:index])
    block_hash = header.hash
    return {
        "transactionHash": to_hex(status.transaction_hash),
        "transactionIndex": quantity(index),
        "blockHash": to_hex(block_hash),
        "from": to_hex(status.from_),
        "to": to_hex_or_null(status.to),
        "blockNumber": quantity(header.number),
        "cumulativeGasUsed": quantity(data.used_gas),
        "gasUsed": quantity(max(data.used_gas - before, 0)),
        "contractAddress": to_hex_or_null(status.contract_address),
        "logs": [
            log_json(log, header, block_hash, status.transaction_hash, index, first_log + at, at)
            for at, log in enumerate(data.logs)
        ],
        "logsBloom": to_hex(data.logs_bloom),
        "status": quantity(data.status_code),
        "effectiveGasPrice": quantity(price),
        "type": quantity(kind),
    }


def log_json(
    log: Log, header: Header, block_hash: bytes, transaction_hash: bytes, index: int, log_index: int, own_index: int
) -> JSON:
    """Return a log: its place in the block and in its transaction, which has the index `index`."""
    return {
        "address": to_hex(log.address),
        "topics": [to_hex(topic) for topic in log.topics],
        "data": to_hex(log.data),
        "blockHash": to_hex(block_hash),
        "blockNumber": quantity(header.number),
        "transactionHash": to_hex(transaction_hash),
        "transactionIndex": quantity(index),
        "logIndex": quantity(log_index),
        "transactionLogIndex": quantity(own_index),
        "removed": False,
    }


def logs_of(header: Header, statuses: Sequence[TransactionStatus], matches: Callable[[Log], bool]) -> Iterator[JSON]:
    """Yield the logs of a block that match."""
    block_hash, at = header.hash, 0
    for status in statuses:
        for own, log in enumerate(status.logs):
            if matches(log):
                yield log_json(log, header, block_hash, status.transaction_hash, status.transaction_index, at, own)
            at += 1
