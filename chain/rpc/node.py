"""What handlers work on: the chain, its producer, and everybody who subscribed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ...runtime.frame.context import Context
from ...runtime.state.overlay import State
from ..chain import Chain
from ..producer import Producer, Sealing
from .errors import unsafe
from .methods import METHODS, Method
from .subscriptions import Hub

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What a server puts up with; the genuine node's defaults."""

    #: Bytes of one request, and of one response.
    request_bytes: int = 15 * MEBIBYTE
    response_bytes: int = 15 * MEBIBYTE
    connections: int = 100
    #: Per connection.
    subscriptions: int = 1024
    #: Requests in one batch; None: as many as fit into a request.
    batch: int | None = None
    #: Bytes that may wait for a client that does not read; a client that is further behind is cut off.
    unread_bytes: int = 64 * MEBIBYTE


@dataclass(frozen=True, slots=True)
class Node:
    """One served chain. `producer` is None when blocks are made by whoever holds the chain, not by the server."""

    chain: Chain
    hub: Hub
    producer: Producer | None = None
    #: Whether callers may use what only an operator should.
    unsafe: bool = True
    limits: Limits = Limits()
    #: Called after each transaction that entered the pool.
    on_transaction: Callable[[], None] = lambda: None

    def context(self, at: bytes | None) -> Context:
        """The world after a block, the head by default."""
        return self.chain.context(at)

    def state(self, at: bytes | None) -> State:
        """The state after a block, the head by default."""
        return self.chain.context(at).state if at is not None else self.chain.state

    def block_hash(self, at: bytes | None) -> bytes:
        """The hash of a block, the head by default."""
        return self.chain.head.hash if at is None else at

    def require_unsafe(self) -> None:
        """Refuse what only an operator should ask for, where others may call."""
        if not self.unsafe:
            raise unsafe()

    @property
    def seals_on_demand(self) -> bool:
        """Whether clients may ask for blocks."""
        return self.producer is not None and self.producer.sealing is not Sealing.INTERVAL

    @property
    def methods(self) -> dict[str, Method]:
        """What this node serves, by name."""
        return {name: found for name, found in METHODS.items() if self.seals_on_demand or not found.sealing}
