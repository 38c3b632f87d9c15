"""The methods that submit transactions."""

from __future__ import annotations

import secrets
from functools import partial
from typing import Any

from .....consensus.internal import InternalError
from .....runtime.frame.validity import Custom, UnknownTransaction, explain
from .....runtime.scale import ScaleError
from ....pool import rejections
from ....pool.opaque import opaque_extrinsic
from ....pool.rejections import Rejected
from ....pool.status import Status, Watcher
from ...errors import RpcError, pool_error
from ...namespace import Cost, Namespace
from ...node import Node
from ...params import Bytes, Text
from ...shapes import to_hex
from ...subscriptions import Client, Subscription
from ..author import submit
from .broadcasts import MAX_BROADCASTS

namespace = Namespace()

INVALID_OPERATION = RpcError(-32602, "Invalid operation id")

#: The genuine node's texts for last statuses and rejections.
ENDS = {
    "finalityTimeout": ("dropped", "Maximum number of finality watchers has been reached"),
    "usurped": ("invalid", "Extrinsic was rendered invalid by another extrinsic"),
    "dropped": ("dropped", "Extrinsic dropped from the pool due to exceeding limits"),
    "invalid": ("invalid", "Extrinsic marked as invalid"),
}
REJECTED: dict[type[Rejected], str] = {
    rejections.Banned: "Transaction is temporarily banned",
    rejections.AlreadyImported: "Transaction is already imported",
    rejections.CycleDetected: "The transaction contains a cyclic dependency",
    rejections.ImmediatelyDropped: "The transaction could not enter the pool because of the limit",
    rejections.NoTags: "Transaction does not provide any tags, so the pool cannot identify it",
}


@namespace.method(for_client=True, cost=Cost.BY_SIZE, named=["bytes"])
def transaction_v1_broadcast(node: Node, client: Client | None, raw: Bytes) -> str | None:
    """Submit a transaction, again after each block while it may yet enter the pool; return the operation's id.

    An invalid transaction has an id as well: the client sees that no block contains it. Null if the client has too
    many broadcasts. Over HTTP, where it can be stopped by none, it is submitted once.
    """
    if client is not None and node.broadcasts.count(client) >= MAX_BROADCASTS:
        return None
    try:
        extrinsic = opaque_extrinsic(raw)
    except ScaleError:
        return secrets.token_hex(8)
    if client is None:
        submit_quietly(node, extrinsic)
        return secrets.token_hex(8)
    broadcast = node.broadcasts.add(node.chain, client, extrinsic, partial(submit, node))
    broadcast.try_again()
    return broadcast.subscription.id


def submit_quietly(node: Node, extrinsic: bytes) -> None:
    """Submit a transaction; one that is rejected is no error."""
    try:
        submit(node, extrinsic)
    except Rejected:
        return


@namespace.method(for_client=True)
def transaction_v1_stop(node: Node, client: Client | None, operation_id: Text) -> None:
    """Stop a broadcast of this client; the transaction stays in the pool. RpcError -32602 for one that has ended."""
    broadcast = node.broadcasts.of(client, operation_id)
    if broadcast is None:
        raise INVALID_OPERATION
    broadcast.subscription.close()


@namespace.subscription(
    "transactionWatch_v1_watchEvent", ended_by=["transactionWatch_v1_unwatch"], cost=Cost.BY_SIZE, named=["bytes"]
)
def transactionWatch_v1_submitAndWatch(node: Node, subscription: Subscription, raw: Bytes) -> None:
    """Submit a transaction and send its statuses, until it is final or can no longer be; errors are events as well."""
    try:
        extrinsic = opaque_extrinsic(raw)
    except ScaleError:
        end(subscription, {"event": "invalid", "error": "Extrinsic bytes cannot be decoded"})
        return
    watcher = watcher_of(node, subscription, extrinsic)
    try:
        transaction_hash = submit(node, extrinsic, watcher)
    except Rejected as error:
        end(subscription, {"event": "invalid", "error": rejection_text(error)})
        return
    subscription.on_close.append(lambda: node.chain.pool.unwatch(transaction_hash, watcher))


def end(subscription: Subscription, event: dict[str, Any]) -> None:
    """Send the only event of a subscription."""
    subscription.send(event)
    subscription.close()


def watcher_of(node: Node, subscription: Subscription, raw: bytes) -> Watcher:
    """Return a function that sends the statuses of a transaction as events."""

    def forward(status: Status) -> None:
        event = event_of(node, status, raw)
        if status.is_last:
            subscription.finish(event)
        else:
            subscription.send(event)

    return forward


def event_of(node: Node, status: Status, raw: bytes) -> dict[str, Any]:
    """Return the event of a status."""
    match status.kind:
        case "ready" | "future":
            return {"event": "validated"}
        case "inBlock":
            return {"event": "bestChainBlockIncluded", "block": place_of(node, status.hash, raw)}
        case "finalized":
            return {"event": "finalized", "block": place_of(node, status.hash, raw)}
    name, why = ENDS[status.kind]
    return {"event": name, "error": why}


def place_of(node: Node, block_hash: bytes | None, raw: bytes) -> dict[str, Any]:
    """Return a block and the position of an extrinsic in it."""
    block = None if block_hash is None else node.chain.block(block_hash)
    if block is None:
        raise InternalError("expected the block of a status, which is kept until it is final")
    return {"hash": to_hex(block.hash), "index": block.body.index(raw)}


def rejection_text(error: Rejected) -> str:
    """Return the genuine node's text for a rejected transaction."""
    if isinstance(error, rejections.Undecodable):
        return f"Verification error: {pool_error(error).message.removeprefix('Verification Error: ')}"
    if isinstance(error, rejections.PriorityTooLow):
        old_and_new = str(error).removeprefix("Priority is too low: (").removesuffix(")").split(" vs ")
        return "The priority of the transaction is too low (pool {} > current {})".format(*old_and_new)
    if not isinstance(error, rejections.Invalid):
        return REJECTED[type(error)]
    if isinstance(error.reason, Custom):
        return f"Invalid transaction with custom error: {error.reason.code}"
    kind = "Unknown transaction validity" if isinstance(error.reason, UnknownTransaction) else "Invalid transaction"
    return f"{kind}: {explain(error.reason)}"
