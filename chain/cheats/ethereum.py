"""Edits of the Ethereum side between blocks, and its accounts that act without a signature."""

from __future__ import annotations

from ...runtime.edits import ethereum
from ..chain import Blockchain
from .editing import editing


def set_balance(chain: Blockchain, address: bytes, wei: int) -> int:
    """Let an address be able to spend `wei`, rounded down to rao, and return what it can; the issuance follows."""
    with editing(chain) as ctx:
        return ethereum.set_balance(ctx, address, wei)


def set_nonce(chain: Blockchain, address: bytes, nonce: int) -> None:
    """Let the next transaction of an address have this nonce."""
    with editing(chain) as ctx:
        ethereum.set_nonce(ctx, address, nonce)


def set_code(chain: Blockchain, address: bytes, code: bytes) -> None:
    """Let an address have this code; none removes it."""
    with editing(chain) as ctx:
        ethereum.set_code(ctx, address, code)


def set_storage(chain: Blockchain, address: bytes, slot: bytes, value: bytes) -> None:
    """Let a slot of an address have this value."""
    with editing(chain) as ctx:
        ethereum.set_storage(ctx, address, slot, value)


def set_base_fee(chain: Blockchain, wei: int) -> None:
    """Let gas have this price in the next block, in wei."""
    with editing(chain) as ctx:
        ethereum.set_base_fee(ctx, wei)


def set_chain_id(chain: Blockchain, chain_id: int) -> None:
    """Let transactions be signed for this chain."""
    with editing(chain) as ctx:
        ethereum.set_chain_id(ctx, chain_id)


def let_all_create(chain: Blockchain) -> None:
    """Let all addresses create contracts, also by calls that ask first whether they may."""
    with editing(chain) as ctx:
        ethereum.let_all_create(ctx)


class ImpersonatedAddresses:
    """The addresses whose transactions need no signature on one chain."""

    def __init__(self, chain: Blockchain) -> None:
        self.addresses: set[bytes] = set()
        #: Whether all addresses are such.
        self.everyone = False

    @classmethod
    def of(cls, chain: Blockchain) -> ImpersonatedAddresses:
        """Return those of a chain."""
        return chain.attached(cls)

    def __contains__(self, address: bytes) -> bool:
        return self.everyone or address in self.addresses
