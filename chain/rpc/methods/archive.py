"""`archive_v1_*`: any block that is kept, without following the head. The genuine node serves them as an archive."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Annotated, Any

from ....consensus.integers import U32_MAX
from ..errors import RpcError, reason_of
from ..jobs import Job
from ..namespace import Cost, Namespace
from ..node import Node
from ..params import Hash, Text
from ..runtime_apis import to_unsigned
from ..shapes import to_hex
from ..slices import paced
from ..storage_diff import DiffItem, DiffItems, differences
from ..storage_queries import VALUE, Asked, Queries, Query, plain_hex, results, size_of
from ..subscriptions import Subscription

namespace = Namespace()

#: Differences that are sent in one step.
DIFFERENCES_AT_ONCE = 64

Height = Annotated[int, to_unsigned(64)]
Event = dict[str, Any]


def invalid_param(text: str) -> RpcError:
    return RpcError(3001, f"Invalid parameter: {text}")


@namespace.method(named=["hash"])
def archive_v1_body(node: Node, block: Hash) -> list[str] | None:
    """Return a block's extrinsics; null for a block that is not kept."""
    stored = node.chain.block(block)
    return None if stored is None else [to_hex(raw) for raw in stored.body]


@namespace.method()
def archive_v1_genesisHash(node: Node) -> str:
    """Return the hash of block 0."""
    return to_hex(node.chain.genesis_hash)


@namespace.method(named=["hash"])
def archive_v1_header(node: Node, block: Hash) -> str | None:
    """Return a block's encoded header; null for a block that is not kept."""
    header = node.chain.header(block)
    return None if header is None else to_hex(header.encode())


@namespace.method()
def archive_v1_finalizedHeight(node: Node) -> int:
    """Return the number of the last final block."""
    return node.chain.finalized.number


@namespace.method()
def archive_v1_hashByHeight(node: Node, height: Height) -> list[str]:
    """Return the hash of the block of this number; none above the head and for a block that is not kept."""
    if height > U32_MAX:
        raise invalid_param(f"Invalid block height: {height}")
    block_hash = node.chain.hash_at(height)
    return [] if block_hash is None else [to_hex(block_hash)]


@namespace.method(cost=Cost.LONG, named=["hash", "function", "call_parameters"])
def archive_v1_call(node: Node, block: Hash, function: Text, parameters: Text) -> dict[str, Any]:
    """Return a runtime API's output after a block, or the error."""
    arguments = plain_hex(parameters, invalid_param)
    try:
        return {"success": True, "value": to_hex(node.call_api(function, arguments, block))}
    except Exception as error:  # noqa: BLE001  # `reason_of` raises what is not expected
        return {"success": False, "error": reason_of(error)}


@namespace.subscription(
    "archive_v1_storageEvent",
    ended_by=["archive_v1_stopStorage"],
    cost=Cost.BY_SIZE,
    named=["hash", "items", "child_trie"],
)
def archive_v1_storage(
    node: Node, subscription: Subscription, block: Hash, items: Queries, child: Text | None = None
) -> None:
    """Send what is found in the storage after a block, one event per result; then storageDone, or storageError.

    In a child trie there is nothing to find: the runtime creates none.
    """

    def events() -> Iterator[list[Event]]:
        queries = [asked(each) for each in paced(items)]
        if child is not None:
            plain_hex(child, invalid_param)
        for found in results(node, block, queries if child is None else []):
            yield [{"event": "storage", **each} for each in found]
        yield [{"event": "storageDone"}]

    start(node, subscription, events, "storageError", size_of([each.key for each in items]))


@namespace.subscription(
    "archive_v1_storageDiffEvent",
    ended_by=["archive_v1_storageDiff_stopStorageDiff", "archive_v1_stopStorageDiff"],
    cost=Cost.BY_SIZE,
    named=["hash", "items", "previous_hash"],
)
def archive_v1_storageDiff(
    node: Node, subscription: Subscription, block: Hash, items: DiffItems, previous: Hash | None = None
) -> None:
    """Send what differs in storage after a block from that after a previous one, by default its parent's.

    Without items, all values. One event per difference; then storageDiffDone, or storageDiffError.
    """

    def events() -> Iterator[list[Event]]:
        base = parent_of(node, block) if previous is None else previous
        wanted = [prefix_of(each) for each in paced(items) if each.child is None] if items else [(b"", VALUE)]
        found: list[Event] = []
        for each in differences(node, block, base, wanted):
            found.append({"event": "storageDiff", **each})
            if len(found) == DIFFERENCES_AT_ONCE:
                yield found
                found = []
        yield [*found, {"event": "storageDiffDone"}]

    start(node, subscription, events, "storageDiffError", size_of([each.key for each in items]))


def asked(query: Query) -> Asked:
    """Return a query with its key converted."""
    return Asked(plain_hex(query.key, invalid_param), query.kind)


def prefix_of(item: DiffItem) -> tuple[bytes, str]:
    """Return an item's prefix, converted, and its kind."""
    return plain_hex(item.key, invalid_param), item.kind


def parent_of(node: Node, block: bytes) -> bytes:
    """Return the hash of a block's parent; RpcError if the block is not kept."""
    header = node.chain.header(block)
    if header is None:
        shown = block.hex()
        raise RpcError(3001, f"Block header is not present: 0x{shown[:4]}…{shown[-4:]}")
    return header.parent_hash


def start(
    node: Node, subscription: Subscription, events: Callable[[], Iterator[list[Event]]], failure: str, size: int
) -> None:
    """Send events after the answer to the subscription, or the event of a failure; then close it.

    `size` is the memory in bytes that the request takes until then.
    """

    def steps() -> Iterator[int]:
        try:
            for each in events():
                yield sum([subscription.send(event) for event in each])
        except RpcError as error:
            yield subscription.send({"event": failure, "error": error.message})
        except Exception as error:  # noqa: BLE001  # `reason_of` raises what is not expected
            yield subscription.send({"event": failure, "error": reason_of(error)})
        subscription.close()

    if not node.jobs.has_room(subscription.sink, size):
        subscription.send({"event": failure, "error": "Too many requests are waiting: try again"})
        subscription.close()
        return
    job = Job(subscription, steps(), subscription.close, size)
    subscription.when_started(lambda: node.jobs.start(job))
