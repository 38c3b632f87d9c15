"""`Environment`: what code can ask of block and chain. It stands where py-evm's operations expect a state."""

from __future__ import annotations

from functools import cached_property

from ....frame.context import Context
from ... import evm_chain_id, timestamp
from ...base_fee import BaseFeePerGas
from ...ethereum.declared import BlockHash
from ..accounts import account_balance
from ..addresses import author_address
from ..declared import ZERO_WORD
from ..gas import BLOCK_GAS_LIMIT

#: Block hashes are stored by numbers of 32 bits.
U32_MAX = 2**32 - 1


class Environment:
    """The block and the transaction, read from storage when code asks for them."""

    #: There is no proof of work, and no beacon of randomness.
    difficulty, mix_hash = 0, ZERO_WORD
    gas_limit = BLOCK_GAS_LIMIT

    def __init__(self, ctx: Context, origin: bytes) -> None:
        self.ctx = ctx
        #: The address that began the execution.
        self.origin = origin

    @cached_property
    def base_fee(self) -> int:
        """The price of gas in wei, also that which GASPRICE shows."""
        return BaseFeePerGas.get(self.ctx)

    @property
    def gas_price(self) -> int:
        return self.base_fee

    @cached_property
    def coinbase(self) -> bytes:
        return author_address(self.ctx)

    @property
    def timestamp(self) -> int:
        """The time in seconds."""
        return timestamp.Now.get(self.ctx) // 1000

    @property
    def block_number(self) -> int:
        return self.ctx.block.number

    @property
    def chain_id(self) -> int:
        return evm_chain_id.ChainId.get(self.ctx)

    @property
    def execution_context(self) -> Environment:
        """The object that has the chain id."""
        return self

    def get_ancestor_hash(self, number: int) -> bytes:
        """Return the hash of an Ethereum block as long as it is stored, not only of the last 256."""
        return BlockHash.get(self.ctx, number) if number <= U32_MAX else ZERO_WORD

    def get_balance(self, address: bytes) -> int:
        """Return a balance in wei."""
        return account_balance(self.ctx, address)
