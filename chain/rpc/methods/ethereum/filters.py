"""`eth_*` about logs, and filters that clients poll."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from .....runtime.apis import ethereum as api
from ....chain import Blockchain
from ....history.blocks import StateDiscarded, UnknownBlock
from ...errors import RpcError
from ...namespace import Cost
from ...node import Node
from ...shapes import to_hex
from ...slices import TimeIsUp, limited, pause
from .declare import UNKNOWN, eth, internal, quantity
from .feeds import Feeds
from .index import EthereumIndex
from .matching import Filter, LogFilter
from .params import BlockRef, Index, Tag
from .pooled import Pooled
from .reading import info_of
from .shapes import JSON, logs_of

#: The most logs of one answer, the most filters, and the blocks after which a filter is dropped.
MAX_LOGS, MAX_FILTERS, KEPT_BLOCKS = 10_000, 500, 100
#: Seconds that a search for logs may compute.
TIME_LIMIT_S = 10


@dataclass(frozen=True, slots=True)
class Polled:
    """A filter: of logs, or of the hashes of blocks or pending transactions."""

    #: None for filters of hashes.
    logs: LogFilter | None
    of_transactions: bool
    at_block: int
    #: The first block of the next poll.
    next_block: int
    #: The number of transactions that had become ready at the last poll.
    seen: int


class Filters:
    """The filters of all clients of one chain, by ids from 1 on."""

    def __init__(self, chain: Blockchain) -> None:
        self._chain = chain
        self._by_id: dict[int, Polled] = {}

    @classmethod
    def of(cls, chain: Blockchain) -> Filters:
        """Return those of a chain."""
        return chain.attached(cls)

    def add(self, logs: LogFilter | None, of_transactions: bool = False) -> int:
        """Add a filter and return its id; RpcError if there are too many."""
        self._drop_old()
        if len(self._by_id) >= MAX_FILTERS:
            raise internal(f"Filter pool is full (limit {MAX_FILTERS}).")
        number = max(self._by_id, default=0) + 1
        head = self._chain.head.number
        self._by_id[number] = Polled(logs, of_transactions, head, head, Feeds.of(self._chain).ready_count)
        return number

    def get(self, number: int) -> Polled:
        """Return a filter; RpcError without one."""
        self._drop_old()
        if number not in self._by_id:
            raise missing(number)
        return self._by_id[number]

    def poll(self, number: int) -> Polled:
        """Return a filter as it was, and note that it has been polled; RpcError without one."""
        found = self.get(number)
        seen = Feeds.of(self._chain).ready_count
        self._by_id[number] = replace(found, next_block=self._chain.head.number + 1, seen=seen)
        return found

    def remove(self, number: int) -> None:
        """Remove a filter; RpcError without one."""
        self._drop_old()
        if self._by_id.pop(number, None) is None:
            raise missing(number)

    def _drop_old(self) -> None:
        head = self._chain.head.number
        old = [number for number, each in self._by_id.items() if each.at_block + KEPT_BLOCKS <= head]
        for number in old:
            del self._by_id[number]


def missing(number: int) -> RpcError:
    return internal(f"Filter id {number} does not exist.")


@eth.method()
def eth_newFilter(node: Node, filter: Filter) -> str:
    """Make a filter of logs and return its id."""
    return quantity(Filters.of(node.chain).add(filter))


@eth.method()
def eth_newBlockFilter(node: Node) -> str:
    """Make a filter of the hashes of new blocks and return its id."""
    return quantity(Filters.of(node.chain).add(None))


@eth.method()
def eth_newPendingTransactionFilter(node: Node) -> str:
    """Make a filter of the hashes of transactions that become ready in the pool, and return its id."""
    return quantity(Filters.of(node.chain).add(None, of_transactions=True))


@eth.method()
def eth_uninstallFilter(node: Node, index: Index) -> bool:
    """Remove a filter."""
    Filters.of(node.chain).remove(index)
    return True


@eth.method(cost=Cost.LONG)
def eth_getFilterChanges(node: Node, index: Index) -> list[Any]:
    """Return what is new since the last poll of a filter."""
    head = node.chain.head.number
    found = Filters.of(node.chain).poll(index)
    if found.of_transactions:
        ready = Feeds.of(node.chain).ready_since(found.seen)
        present = set(Pooled.of(node.chain).ready_hashes())
        return [to_hex(each) for each in dict.fromkeys(ready) if each in present]
    first = found.next_block
    if found.logs is None:
        return [to_hex(each) for each in block_hashes(node, first, head)]
    return search(node, found.logs, max(first, first_of(found.logs.first, first)), first_of(found.logs.last, head))


def block_hashes(node: Node, first: int, last: int) -> Iterator[bytes]:
    """Yield the hashes of the Ethereum blocks of these numbers."""
    for number in range(first, last + 1):
        pause()
        chain_hash = node.chain.hash_at(number)
        if chain_hash is not None and (found := info_of(node, chain_hash)) is not None:
            yield found.hash


@eth.method(cost=Cost.RUN)
def eth_getFilterLogs(node: Node, index: Index) -> list[JSON]:
    """Return all logs that match a filter, in its range of blocks."""
    found, head = Filters.of(node.chain).get(index), node.chain.head.number
    if found.logs is None:
        raise internal(f"Filter id {index} is not a Log filter.")
    return search(node, found.logs, first_of(found.logs.first, head), first_of(found.logs.last, head))


@eth.method(cost=Cost.RUN)
def eth_getLogs(node: Node, filter: Filter) -> list[JSON]:
    """Return the logs of a block, or of a range of them, that match."""
    if filter.block_hash is None:
        head = node.chain.head.number
        return search(node, filter, first_of(filter.first, head), first_of(filter.last, head))
    chain_hash = EthereumIndex.of(node.chain).block(filter.block_hash)
    if chain_hash is None:
        raise RpcError(UNKNOWN, "unknown block")
    found = info_of(node, chain_hash)
    return [] if found is None else list(logs_of(found.block.header, found.statuses, filter.matches))


def first_of(block: BlockRef | None, otherwise: int) -> int:
    """Return the number of a block that is named by its number, or of the first one; others count as `otherwise`."""
    if isinstance(block, int):
        return block
    return 0 if block is Tag.EARLIEST else otherwise


def search(node: Node, wanted: LogFilter, first: int, last: int) -> list[JSON]:
    """Return the logs of a range of blocks that match; RpcError for too many, and when the time is over."""
    found: list[JSON] = []
    try:
        with limited(TIME_LIMIT_S):
            for number in range(first, min(last, node.chain.head.number) + 1):
                found += logs_in(node, number, wanted)
                if len(found) > MAX_LOGS:
                    raise internal(f"query returned more than {MAX_LOGS} results")
    except TimeIsUp:
        raise internal(f"query timeout of {TIME_LIMIT_S} seconds exceeded") from None
    return found


def logs_in(node: Node, number: int, wanted: LogFilter) -> Iterator[JSON]:
    """Yield the logs of a block that match; none for a block whose state is not kept."""
    pause()
    chain_hash = node.chain.hash_at(number)
    if chain_hash is None:
        raise internal(f"Expect block number from id: BlockId::Number({number})")
    try:
        ctx = node.context(chain_hash)
        block = api.current_block(ctx)
        if block is None or not wanted.may_be_in(block.header.logs_bloom):
            return
        statuses = api.current_transaction_statuses(ctx)
    except (StateDiscarded, UnknownBlock):
        return
    yield from logs_of(block.header, statuses or [], wanted.matches)
