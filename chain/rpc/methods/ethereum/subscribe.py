"""`eth_subscribe`: new heads, logs, pending transactions, and whether the node is syncing."""

from __future__ import annotations

from typing import Annotated, Any

from ...node import Node
from ...params import BadParameter, invalid_type, invalid_value
from ...subscriptions import Subscription
from .client import syncing
from .declare import eth
from .feeds import Feeds
from .matching import LogFilter, to_filter

KINDS = ("newHeads", "logs", "newPendingTransactions", "syncing")
EVERY_LOG = LogFilter(None, None, None, None, ())


def to_kind(value: Any) -> str:
    """Return what to subscribe to."""
    if not isinstance(value, str):
        raise invalid_type(value, "string or map")
    if value not in KINDS:
        known = ", ".join(f"`{each}`" for each in KINDS)
        raise invalid_value(value, f"unknown variant `{value:.60}`, expected one of {known}")
    return value


def to_parameters(value: Any) -> LogFilter:
    """Return the filter of logs."""
    try:
        return to_filter(value)
    except BadParameter as error:
        raise BadParameter(f"Invalid Pub-Sub parameters: {error.why}", error.column) from None


Kind = Annotated[str, to_kind]
Parameters = Annotated[LogFilter, to_parameters]


@eth.subscription("eth_subscription", ended_by=["eth_unsubscribe"])
def eth_subscribe(node: Node, subscription: Subscription, kind: Kind, params: Parameters | None = None) -> None:
    """Send new heads, logs that match a filter, hashes of transactions that become ready, or the state of syncing.

    A log is sent when its block becomes the head. After the chain has gone back its former head is sent again. Whether
    the node is syncing is sent once: one that makes its blocks does not change that.
    """
    feeds = Feeds.of(node.chain)
    if kind == "newHeads":
        feeds.heads.add(subscription)
    elif kind == "logs":
        feeds.logs.add(subscription, EVERY_LOG if params is None else params)
    elif kind == "newPendingTransactions":
        feeds.transactions.add(subscription)
    else:
        subscription.send(syncing_status(node))


def syncing_status(node: Node) -> Any:
    """Return false, or the numbers of blocks while the node is syncing."""
    found = syncing(node)
    if found is False:
        return False
    status = node.engine.status()
    return {"startingBlock": 0, "currentBlock": node.chain.head.number, "highestBlock": status.highest_block}
