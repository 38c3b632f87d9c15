"""A chain as it was after one block, for reading."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...runtime.frame.context import Context
from ...runtime.frame.header import Header
from ..history.blocks import StoredBlock, UnknownBlock
from .typed import names
from .typed.items import Source

if TYPE_CHECKING:
    from ...runtime.client.metagraph import Metagraph
    from ...runtime.client.plain import BlockId
    from .chain import Chain
    from .typed import declared


class View:
    """The state after a block, which stays the same while the chain grows.

    Reading raises StateDiscarded once the state is no longer kept, and UnknownBlock once the block was taken back.
    """

    def __init__(self, chain: Chain, block_hash: bytes) -> None:
        self._chain = chain
        self.hash = block_hash
        self.header = Header.decode(self.block.header)
        self.number = self.header.number
        #: Storage items and runtime APIs, as those of the chain: `chain.at(5).storage.System.Number.get()`.
        self.storage: declared.Storage = names.storage(Source(chain.runtime, self._context))
        self.apis: declared.Apis = names.apis(chain.runtime, self._ask)

    def _context(self, at: BlockId | None) -> Context:
        return self._chain.context(self.hash if at is None else at)

    def _ask(self, name: str, *arguments: Any, at: BlockId | None) -> Any:
        return self._chain.ask(name, *arguments, at=self.hash if at is None else at)

    def metagraph(self, netuid: int) -> Metagraph:
        """Return a subnet and its neurons as arrays by uid, as `Chain.metagraph`."""
        return self._chain.metagraph(netuid, at=self.hash)

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
