"""The node that handlers work on: the chain, its engine, and the subscriptions."""

from __future__ import annotations

from dataclasses import dataclass, field

from ...consensus.internal import InternalError
from ...runtime.apis import call_api
from ...runtime.frame.context import BlockEnvironment, Context
from ...runtime.state.overlay import State
from ..chain import Blockchain
from ..engine.engine import Engine
from .errors import unsafe
from .jobs import Jobs
from .methods.chain_head.follows import Follows
from .methods.transaction.broadcasts import Broadcasts
from .slices import Paced, in_slices
from .subscriptions import Hub

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ServerLimits:
    """Limits of a server; the defaults of sizes of messages and counts are the genuine node's."""

    #: Bytes of one request, and of one response.
    request_bytes: int = 15 * MEBIBYTE
    response_bytes: int = 15 * MEBIBYTE
    #: Open connections, HTTP and WebSocket together.
    connections: int = 100
    #: Per connection.
    subscriptions: int = 1024
    #: Requests in one batch; None: no limit but the size of a request.
    batch: int | None = None
    #: Values in one request: its texts, numbers, lists and so on.
    values: int = 1 << 17
    #: Bytes that may wait for a client that does not read; beyond them it is disconnected.
    unread_bytes: int = 64 * MEBIBYTE
    #: Bytes that may wait for all clients; beyond them the client with most of them is disconnected.
    unread_total: int = 128 * MEBIBYTE
    #: Bytes of requests that are not complete or not answered, of all clients; beyond them the client that has been
    #: silent for longest is disconnected.
    waiting_total: int = 64 * MEBIBYTE
    #: Seconds for the header of a request, from the connection or its first byte on.
    header_s: float = 10.0
    #: Seconds for the body of a request, and bytes per second that prolong them.
    body_s: float = 10.0
    body_rate: int = 16 * 1024
    #: Seconds that an HTTP connection stays open between two requests.
    idle_s: float = 30.0
    #: Seconds in which a client reads at least a part of a response.
    reading_s: float = 30.0
    #: Seconds that a WebSocket stays open without a byte from the client, which answers pings, too.
    silent_s: float = 180.0
    #: Seconds that clients have to answer the end of their WebSockets, and requests to be answered, when a node stops.
    close_s: float = 2.0


@dataclass(frozen=True, slots=True)
class Node:
    """A chain that is served."""

    chain: Blockchain
    hub: Hub
    engine: Engine
    #: Whether clients may call the methods meant for operators.
    unsafe: bool = True
    limits: ServerLimits = ServerLimits()
    #: Whether clients may do with the chain what a test does: a chain for tests on a port for this machine alone.
    dev: bool = False
    #: What the new specification keeps of its clients.
    jobs: Jobs = field(default_factory=Jobs)
    follows: Follows = field(default_factory=Follows)
    broadcasts: Broadcasts = field(default_factory=Broadcasts)

    def context(self, at: bytes | None) -> Context:
        """Return a context of the state after a block, the head by default.

        In slices it stays the same while the chain grows; raises StateDiscarded when it is no longer kept.
        """
        return self.separate_context(self.block_hash(at)) if in_slices() else self.chain.context(at)

    def separate_context(self, block_hash: bytes) -> Context:
        """Return a context of the state after a block, into which calls may write: it is not the live state."""
        state = State(Paced(self.chain, block_hash))
        if block_hash == self.chain.head.hash:
            for key, value in self.chain.head_state().changes().items():
                state.put(key, value)  # what programs wrote since the block
        header = self.chain.header(block_hash)
        if header is None:
            raise InternalError("expected the header of a block whose state is kept")
        return Context(self.chain.runtime, state, BlockEnvironment(header.number, header.parent_hash))

    def state(self, at: bytes | None) -> State:
        """Return the state after a block, the head by default; see `context`."""
        return self.context(at).state if at is not None or in_slices() else self.chain.head_state()

    def call_api(self, name: str, arguments: bytes = b"", at: bytes | None = None) -> bytes:
        """Return the encoded answer of a runtime API, `Api_method`, to encoded arguments; changes are reverted."""
        ctx = self.context(at)
        with ctx.state.anchor():
            return call_api(self.chain.runtime, ctx, name, arguments)

    def block_hash(self, at: bytes | None) -> bytes:
        """Return the hash of a block, the head by default."""
        return self.chain.head.hash if at is None else at

    def require_unsafe(self) -> None:
        """Raise RpcError unless clients may call the methods meant for operators."""
        if not self.unsafe:
            raise unsafe()
