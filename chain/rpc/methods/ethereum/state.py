"""`eth_*` about balances, nonces, code and storage."""

from __future__ import annotations

from .....runtime.apis import ethereum as api
from .....runtime.frame.context import Context
from ...namespace import Cost
from ...node import Node
from ...shapes import to_hex
from .declare import eth, quantity
from .params import Address, Block, BlockRef, Quantity, Tag
from .pending import pending_context
from .pooled import Pooled
from .reading import context_of, find


def state_of(node: Node, block: BlockRef | None, failure: str) -> Context | None:
    """Return the state after a block, the head by default; None for an unknown hash."""
    block = Tag.LATEST if block is None else block
    if block is Tag.PENDING:
        return pending_context(node)
    found = find(node, block)
    return None if found is None else context_of(node, found, failure)


@eth.method(cost=Cost.LONG)
def eth_getBalance(node: Node, address: Address, number_or_hash: Block | None = None) -> str:
    """Return what an address can spend, in wei: all but the existential deposit and what is frozen."""
    ctx = state_of(node, number_or_hash, "Fetch account balances failed")
    return "0x0" if ctx is None else quantity(api.account_basic(ctx, address).balance)


@eth.method(cost=Cost.LONG)
def eth_getStorageAt(node: Node, address: Address, index: Quantity, number_or_hash: Block | None = None) -> str:
    """Return the value of a slot of an address' storage."""
    ctx = state_of(node, number_or_hash, "Fetch storage failed")
    return to_hex(bytes(32) if ctx is None else api.storage_at(ctx, address, index))


@eth.method(cost=Cost.LONG)
def eth_getTransactionCount(node: Node, address: Address, number_or_hash: Block | None = None) -> str:
    """Return the nonce of an address; for the pending block the next one that no ready transaction has."""
    if number_or_hash is Tag.PENDING:
        used = api.account_basic(node.context(node.chain.head.hash), address).nonce
        return quantity(Pooled.of(node.chain).next_nonce(address, used))
    ctx = state_of(node, number_or_hash, "Fetch account nonce failed")
    return "0x0" if ctx is None else quantity(api.account_basic(ctx, address).nonce)


@eth.method(cost=Cost.LONG)
def eth_getCode(node: Node, address: Address, number_or_hash: Block | None = None) -> str:
    """Return the code of an address; precompiles have none."""
    ctx = state_of(node, number_or_hash, "Fetch code failed")
    return to_hex(b"" if ctx is None else api.account_code_at(ctx, address))
