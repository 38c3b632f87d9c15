"""The receipt of a transaction."""

from __future__ import annotations

from .....runtime.apis import ethereum as api
from .....runtime.client.ethereum import AnyTransaction, EIP2930Transaction, LegacyTransaction, transaction_type
from ...node import Node
from .declare import internal
from .index import EthereumIndex
from .reading import BlockInfo, context_of
from .shapes import JSON, effective_price, receipt_json

NO_HASH = bytes(32)


def receipt_of(node: Node, found: BlockInfo, index: int) -> JSON:
    """Return the receipt of the transaction of this index in a block."""
    transaction = found.block.transactions[index]
    price = price_of(node, found, transaction)
    kind = transaction_type(transaction)
    return receipt_json(found.block.header, found.receipts, found.statuses[index], kind, price)


def price_of(node: Node, found: BlockInfo, transaction: AnyTransaction) -> int:
    """Return the effective price of a transaction, by the base fee after the parent."""
    signed = transaction.signed
    if isinstance(signed, LegacyTransaction | EIP2930Transaction):
        return signed.gas_price
    parent = found.block.header.parent_hash
    chain_hash = found.chain_hash if parent == NO_HASH else EthereumIndex.of(node.chain).block(parent)
    if chain_hash is None:
        raise internal("Failed to retrieve substrate parent block hash")
    base_fee = api.gas_price(context_of(node, chain_hash, "fetch runtime chain id failed"))
    return effective_price(base_fee, signed.max_priority_fee_per_gas, signed.max_fee_per_gas)
