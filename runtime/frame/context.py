"""`Context`, the first argument of all calls and hooks: state, block and origin. There is no global state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from ..scale import Sum
from ..state.overlay import State
from .digest import DigestItem
from .events import Phase
from .origin import NONE, Origin, ensure_none, ensure_root, ensure_signed
from .pauses import no_pause
from .runtime_types import RUNTIME_EVENT
from .weight import DispatchInfo, PostInfo, WeightPerClass

if TYPE_CHECKING:
    from .call import Call


class CallDispatcher(Protocol):
    """The part of `runtime.Runtime` that pallets use."""

    #: The values of all `Constant`s on this chain.
    constant_values: Mapping[Any, Any]
    #: Called now and then in long work (see `pauses`).
    pause: Callable[[], object]

    def info(self, call: Call) -> DispatchInfo:
        """Return the declared cost of a call, guards included."""

    def dispatch(self, ctx: Context, call: Call) -> PostInfo:
        """Run a call as `ctx.origin` in its own transaction; raise DispatchFailed when it fails, its changes undone."""

    def dispatch_bypass_filter(self, ctx: Context, call: Call) -> PostInfo:
        """Run a call like `dispatch`, but without filters and guards."""


@dataclass(slots=True)
class BlockEnvironment:
    """The block under construction: what FRAME keeps in storage that is cleared after each block."""

    number: int
    parent_hash: bytes
    digest: list[DigestItem] = field(default_factory=list)
    events: list[Sum] = field(default_factory=list)
    #: The same events encoded as entries of `System.Events`: phase, event, topics.
    records: list[bytes] = field(default_factory=list)
    #: The encoded extrinsics applied so far.
    extrinsics: list[bytes] = field(default_factory=list)
    #: The phase that is being executed (see `enter_phase`), also encoded; None outside of execution.
    phase: Phase | None = None
    encoded_phase: bytes = b""
    weight: WeightPerClass = field(default_factory=WeightPerClass)
    #: Encoded length of all extrinsics, in bytes.
    length: int = 0
    #: The account that authors this block and earns its fees; None until the author is determined.
    author: bytes | None = None
    #: Called within transactions that take long; raises when the author of the block has no time left.
    check_time: Callable[[], object] = no_pause
    #: Returns the root of the storage as it is now; None outside of the end of a block.
    storage_root: Callable[[], bytes] | None = None
    #: Cache of `Runtime.implicit`: encoded implicit values by the explicit values that they depend on.
    implicit_cache: dict[tuple[Any, ...], bytes] = field(default_factory=dict)
    #: Names of what is under way in the block and must not begin again inside itself, as an execution of the EVM.
    running: set[str] = field(default_factory=set)

    def enter_phase(self, phase: Phase) -> None:
        """Begin another phase of the block; events deposited from now on belong to it."""
        self.phase, self.encoded_phase = phase, Phase.scale.encode(phase)

    def mark(self) -> tuple[int, int, bytes | None]:
        """Return the current position in the block, for `rewind`."""
        return len(self.events), len(self.digest), self.author

    def rewind(self, mark: tuple[int, int, bytes | None]) -> None:
        """Drop events and digest items added since the mark, and restore the author."""
        events, digest, self.author = mark
        del self.events[events:], self.records[events:], self.digest[digest:]


class Context:
    """Runtime, state, block and origin of one call."""

    __slots__ = ("block", "origin", "runtime", "state")

    def __init__(self, runtime: CallDispatcher, state: State, block: BlockEnvironment, origin: Origin = NONE) -> None:
        self.runtime = runtime
        self.state = state
        self.block = block
        self.origin = origin

    def with_origin(self, origin: Origin) -> Context:
        """Return a context on the same state and block with another origin."""
        return Context(self.runtime, self.state, self.block, origin)

    def ensure_signed(self) -> bytes:
        """Return the account that signed; raise BadOrigin for any other origin."""
        return ensure_signed(self.origin)

    def ensure_root(self) -> None:
        """Raise BadOrigin unless the origin is root."""
        ensure_root(self.origin)

    def ensure_none(self) -> None:
        """Raise BadOrigin unless the origin is none, as for inherents."""
        ensure_none(self.origin)

    def pause(self) -> None:
        """Let other work go on, between two steps of long work; what the author's time limit raises passes through."""
        self.block.check_time()
        self.runtime.pause()

    def deposit(self, event: Sum) -> None:
        """Append an event to the block, in its current phase."""
        # A record is phase, event and the list of topics, which is empty.
        prefix, encode_fields = RUNTIME_EVENT.encoders.get(type(event)) or RUNTIME_EVENT.encoder(event)
        block = self.block
        block.events.append(event)
        block.records.append(b"".join((block.encoded_phase, prefix, encode_fields(event), b"\0")))

    def deposit_encoded(self, event: Sum, encoded: bytes) -> None:
        """Append an event whose encoding (pallet index, variant, fields) the caller has already."""
        block = self.block
        block.events.append(event)
        block.records.append(b"".join((block.encoded_phase, encoded, b"\0")))

    @property
    def extrinsic_index(self) -> int | None:
        """Position of the extrinsic being applied, None outside of extrinsics."""
        phase = self.block.phase
        return getattr(phase, "extrinsic_index", None)
