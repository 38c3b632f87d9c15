"""Where Ethereum's blocks and transactions are: their hashes, from the digests of headers.

Only blocks are found whose states are kept, since nothing can be said of others. The index follows the chain when it is
asked: it drops blocks that are gone, and adds new ones, so it needs no notice and nothing on disk.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from .....runtime.apis import ethereum as api
from .....runtime.client.ethereum import hashes_in
from .....runtime.frame.header import Header
from ....chain import Blockchain
from ....history.blocks import StateDiscarded, UnknownBlock
from ...slices import pause

#: The most blocks and transactions that are found: the last ones.
MAX_BLOCKS, MAX_TRANSACTIONS = 65_536, 262_144
#: Blocks that are read between two pauses.
STEP = 16


class Place(NamedTuple):
    """Where a transaction is: its block, and its position among the Ethereum transactions there."""

    number: int
    position: int


class Indexed(NamedTuple):
    """A block of the index: its number, the hash of the chain's block, that of Ethereum's, and its transactions'."""

    number: int
    hash: bytes
    ethereum_hash: bytes
    transactions: list[bytes]


class EthereumIndex:
    """The index of one chain."""

    def __init__(self, chain: Blockchain) -> None:
        self._chain = chain
        self._blocks: deque[Indexed] = deque()
        self._by_hash: dict[bytes, int] = {}
        self._places: dict[bytes, Place] = {}

    @classmethod
    def of(cls, chain: Blockchain) -> EthereumIndex:
        """Return the index of a chain."""
        return chain.attached(cls)

    def block(self, ethereum_hash: bytes) -> bytes | None:
        """Return the hash of the chain's block by that of Ethereum's; None if it is not kept."""
        self._follow()
        number = self._by_hash.get(ethereum_hash)
        return None if number is None else self._chain.hash_at(number)

    def transaction(self, transaction_hash: bytes) -> Place | None:
        """Return where a transaction is; None if it is in no kept block."""
        self._follow()
        return self._places.get(transaction_hash)

    def __len__(self) -> int:
        return len(self._blocks)

    # --- following -----------------------------------------------------------------------------------------

    def _follow(self) -> None:
        """Bring the index up to the head. Each step is whole, so that several works may do it in turns."""
        while not self._step():
            pause()

    def _step(self) -> bool:
        """Drop what is gone and add some blocks; return whether the head is reached."""
        history = self._chain.history
        while self._blocks and history.hash_at(self._blocks[-1].number) != self._blocks[-1].hash:
            self._drop(self._blocks.pop())
        head = history.head
        first = max(head.first_state, head.number - MAX_BLOCKS + 1)
        while self._blocks and self._blocks[0].number < first:
            self._drop(self._blocks.popleft())
        number = self._blocks[-1].number + 1 if self._blocks else first
        end = min(number + STEP, head.number + 1)
        for each in range(number, end):
            self._add(each)
        return end > head.number

    def _add(self, number: int) -> None:
        stored = self._chain.history.block_by_number(number)
        found = hashes_in(Header.decode(stored.header).digest.logs) or self._of_state(stored.hash)
        ethereum_hash, transactions = found or (b"", [])
        self._blocks.append(Indexed(number, stored.hash, ethereum_hash, transactions))
        self._by_hash[ethereum_hash] = number
        for index, transaction_hash in enumerate(transactions):
            self._places[transaction_hash] = Place(number, index)
        while len(self._places) > MAX_TRANSACTIONS and len(self._blocks) > 1:
            self._drop(self._blocks.popleft())

    def _of_state(self, block_hash: bytes) -> tuple[bytes, list[bytes]] | None:
        """Return the hash of the Ethereum block of a block whose digest has none: the first one."""
        try:
            block = api.current_block(self._chain.context(block_hash))
        except (StateDiscarded, UnknownBlock):
            return None
        return None if block is None else (block.header.hash, [])

    def _drop(self, block: Indexed) -> None:
        if self._by_hash.get(block.ethereum_hash) == block.number:
            del self._by_hash[block.ethereum_hash]
        for transaction_hash in block.transactions:
            if (place := self._places.get(transaction_hash)) is not None and place.number == block.number:
                del self._places[transaction_hash]
