"""The methods about a pinned block: its header, and operations whose answers arrive as events of the subscription."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Annotated, Any

from ....history.blocks import StateDiscarded, UnknownBlock
from ...errors import RpcError, reason_of
from ...jobs import Job
from ...namespace import Cost, Namespace
from ...node import Node
from ...params import Flag, Hash, Text, invalid_value, to_hash
from ...shapes import to_hex
from ...slices import paced
from ...storage_queries import Asked, Queries, plain_hex, results, size_of
from ...subscriptions import Client, Subscription
from .follow import Follow, Operation
from .follows import MAX_FOLLOWS

namespace = Namespace()

Response = dict[str, Any]
LIMIT_REACHED: Response = {"result": "limitReached"}

REACHED_LIMITS = RpcError(-32800, "Maximum number of chainHead_follow has been reached")
INVALID_BLOCK = RpcError(-32801, "Invalid block hash")
NO_RUNTIME = RpcError(-32802, "The `chainHead_follow` subscription was started with `withRuntime` set to `false`")
INVALID_CONTINUE = RpcError(-32803, "Wait for continue event was not generated for the subscription")
DUPLICATE_HASHES = RpcError(-32804, "Received duplicate hashes for the `chainHead_unpin` method")


def invalid_param(text: str) -> RpcError:
    return RpcError(-32602, f"Invalid parameter: {text}")


def to_hash_or_hashes(value: Any) -> list[bytes]:
    """Return the hashes of one or several blocks."""
    try:
        return [to_hash(each) for each in paced(value)] if isinstance(value, list) else [to_hash(value)]
    except RpcError:
        raise invalid_value(value, "data did not match any variant of untagged enum ListOrValue") from None


Hashes = Annotated[list[bytes], to_hash_or_hashes]


@namespace.subscription("chainHead_v1_followEvent", ended_by=["chainHead_v1_unfollow"])
def chainHead_v1_follow(node: Node, subscription: Subscription, with_runtime: Flag) -> None:
    """Send the last final blocks and those after them, then new, best and final blocks; a client unpins each block.

    RpcError -32800 for the fifth subscription of a client. The event "stop" ends it: the client has pinned too many
    blocks for too long, or the chain was rolled back.
    """
    if node.follows.count(subscription.sink) >= MAX_FOLLOWS:
        raise REACHED_LIMITS
    node.follows.start(node.chain, subscription, with_runtime)


@namespace.method(for_client=True, named=["follow_subscription", "hash"])
def chainHead_v1_header(node: Node, client: Client | None, follow_subscription: Text, block: Hash) -> str | None:
    """Return a pinned block's encoded header; null for a subscription that has ended."""
    follow = node.follows.of(client, follow_subscription)
    if follow is None:
        return None
    require_pinned(follow, block)
    header = node.chain.header(block) if follow.has_room else None
    return None if header is None else to_hex(header.encode())


@namespace.method(for_client=True, named=["follow_subscription", "hash"])
def chainHead_v1_body(node: Node, client: Client | None, follow_subscription: Text, block: Hash) -> Response:
    """Answer with the extrinsics of a pinned block, by the event operationBodyDone."""
    follow = node.follows.of(client, follow_subscription)
    if follow is None or client is None:
        return LIMIT_REACHED
    require_pinned(follow, block)
    if node.chain.block(block) is None:
        follow.stop()
        raise INVALID_BLOCK

    def steps(operation: Operation) -> Iterator[int]:
        stored = node.chain.block(block)
        if stored is None:
            raise UnknownBlock(block)
        yield send(follow, "operationBodyDone", operation, {"value": [to_hex(raw) for raw in stored.body]})

    return begin(node, client, follow, 1, steps)


@namespace.method(for_client=True, cost=Cost.BY_SIZE, named=["follow_subscription", "hash", "items", "child_trie"])
def chainHead_v1_storage(
    node: Node,
    client: Client | None,
    follow_subscription: Text,
    block: Hash,
    items: Queries,
    child: Text | None = None,
) -> Response:
    """Answer queries of a pinned block's storage, by events operationStorageItems and operationStorageDone.

    With a child trie there is nothing to find: the runtime creates none.
    """
    follow = node.follows.of(client, follow_subscription)
    if follow is None or client is None:
        return LIMIT_REACHED
    queries = [Asked(plain_hex(each.key, invalid_param), each.kind) for each in paced(items)]
    if child is not None:
        plain_hex(child, invalid_param)
    require_pinned(follow, block)

    def steps(operation: Operation) -> Iterator[int]:
        for found in results(node, block, queries if child is None else []):
            yield send(follow, "operationStorageItems", operation, {"items": found})
        yield send(follow, "operationStorageDone", operation)

    started = begin(node, client, follow, len(items), steps, size_of([each.key for each in items]))
    return {**started, "discardedItems": 0} if "operationId" in started else started


@namespace.method(
    for_client=True, cost=Cost.BY_SIZE, named=["follow_subscription", "hash", "function", "call_parameters"]
)
def chainHead_v1_call(
    node: Node, client: Client | None, follow_subscription: Text, block: Hash, function: Text, parameters: Text
) -> Response:
    """Answer with a runtime API's output after a pinned block, by the event operationCallDone."""
    arguments = plain_hex(parameters, invalid_param)
    follow = node.follows.of(client, follow_subscription)
    if follow is None or client is None:
        return LIMIT_REACHED
    require_pinned(follow, block)
    if follow.has_room and not follow.with_runtime:
        raise NO_RUNTIME

    def steps(operation: Operation) -> Iterator[int]:
        output = node.call_api(function, arguments, block)
        yield send(follow, "operationCallDone", operation, {"output": to_hex(output)})

    return begin(node, client, follow, 1, steps, len(arguments))


@namespace.method(for_client=True, cost=Cost.BY_SIZE)
def chainHead_v1_unpin(node: Node, client: Client | None, follow_subscription: Text, hash_or_hashes: Hashes) -> None:
    """Unpin blocks: all of them, or with an error none."""
    follow = node.follows.of(client, follow_subscription)
    if follow is None:
        return
    if len(set(hash_or_hashes)) < len(hash_or_hashes):
        raise DUPLICATE_HASHES
    for block in hash_or_hashes:
        require_pinned(follow, block)
    node.follows.unpin(follow, hash_or_hashes)


@namespace.method(for_client=True)
def chainHead_v1_continue(node: Node, client: Client | None, follow_subscription: Text, operation_id: Text) -> None:
    """Refuse to continue an operation: none waits, because events are sent as fast as they are read."""
    follow = node.follows.of(client, follow_subscription)
    if follow is not None and operation_id in follow.operations:
        raise INVALID_CONTINUE


@namespace.method(for_client=True)
def chainHead_v1_stopOperation(
    node: Node, client: Client | None, follow_subscription: Text, operation_id: Text
) -> None:
    """Send no more events of an operation; one that has ended is no error."""
    follow = node.follows.of(client, follow_subscription)
    if follow is not None and operation_id in follow.operations:
        follow.operations[operation_id].stopped = True


# --- operations --------------------------------------------------------------------------------------------------


def require_pinned(follow: Follow, block: bytes) -> None:
    """Refuse a block that the subscription has not pinned."""
    if block not in follow.pinned:
        raise INVALID_BLOCK


def begin(
    node: Node, client: Client, follow: Follow, items: int, steps: Callable[[Operation], Iterator[int]], size: int = 0
) -> Response:
    """Begin an operation, whose steps send its events after the response that this returns.

    `size` is the memory in bytes that the request takes until the end of the operation.
    """
    operation = follow.begin(items) if node.jobs.has_room(client, size) else None
    if operation is None:
        return LIMIT_REACHED
    job = Job(follow.subscription, guarded(follow, operation, steps(operation)), lambda: follow.end(operation), size)
    follow.subscription.when_started(lambda: node.jobs.start(job))
    client.add_subscription(follow.subscription)
    return {"result": "started", "operationId": operation.id}


def guarded(follow: Follow, operation: Operation, steps: Iterator[int]) -> Iterator[int]:
    """Yield the steps of an operation until it is stopped, and send the event of a failure."""
    try:
        for size in steps:
            if operation.stopped:
                return
            yield size
    except (UnknownBlock, StateDiscarded):
        yield send(follow, "operationInaccessible", operation)
    except Exception as error:  # noqa: BLE001  # `reason_of` raises what is not expected
        yield send(follow, "operationError", operation, {"error": reason_of(error)})


def send(follow: Follow, event: str, operation: Operation, more: dict[str, Any] | None = None) -> int:
    """Send an event of an operation, unless the client has stopped it; return its size in bytes."""
    if operation.stopped:
        return 0
    return follow.subscription.send({"event": event, "operationId": operation.id, **(more or {})})
