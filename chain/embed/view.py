"""A chain as it was after one block, for reading."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...runtime.frame.context import Context
from ...runtime.frame.header import Header
from ..history.blocks import StoredBlock, UnknownBlock

if TYPE_CHECKING:
    from .chain import Chain


class View:
    """The state after a block, which stays the same while the chain grows.

    Reading raises StateDiscarded once the state is no longer kept, and UnknownBlock once the block was taken back.
    """

    def __init__(self, chain: Chain, block_hash: bytes) -> None:
        self._chain = chain
        self.hash = block_hash
        self.header = Header.decode(self.block.header)
        self.number = self.header.number

    def query(self, name: str, *keys: Any) -> Any:
        """Return the typed value of a storage item, `Pallet.Item`, under plain keys, as `Chain.query`."""
        return self._chain.query(name, *keys, at=self.hash)

    def ask(self, name: str, /, *arguments: Any) -> Any:
        """Return the typed answer of a runtime API to plain arguments, as `Chain.ask`."""
        return self._chain.ask(name, *arguments, at=self.hash)

    def context(self) -> Context:
        """Return a context for reading storage items."""
        return self._chain.context(self.hash)

    @property
    def block(self) -> StoredBlock:
        """The block itself, encoded."""
        block = self._chain.block(self.hash)
        if block is None:
            raise UnknownBlock(self.hash)
        return block
