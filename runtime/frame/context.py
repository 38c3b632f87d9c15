"""The world as an argument: everything that a call may read or write comes with its `Context`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from ..scale import Sum
from ..state.overlay import State
from .digest import DigestItem
from .events import Phase
from .origin import NONE, Origin, ensure_none, ensure_root, ensure_signed
from .runtime_types import RUNTIME_EVENT
from .weight import DispatchInfo, PostInfo, WeightPerClass

if TYPE_CHECKING:
    from .call import Call


class Dispatcher(Protocol):
    """What pallets use of the runtime that they belong to (see `runtime.Runtime`, which has more)."""

    #: The value of each `Constant` on this chain.
    constant_values: Mapping[Any, Any]

    def info(self, call: Call) -> DispatchInfo:
        """Return what a call costs before it runs."""

    def dispatch(self, ctx: Context, call: Call) -> PostInfo:
        """Run a call as `ctx.origin`, whole or not at all; raise DispatchFailed."""

    def dispatch_bypass_filter(self, ctx: Context, call: Call) -> PostInfo:
        """Do the same without filters and guards."""


@dataclass(slots=True)
class BlockEnvironment:
    """The block in the making: what FRAME keeps in storage that lives no longer than a block."""

    number: int
    parent_hash: bytes
    digest: list[DigestItem] = field(default_factory=list)
    events: list[Sum] = field(default_factory=list)
    #: The same events as `System.Events` will hold them: phase, event, topics, encoded.
    records: list[bytes] = field(default_factory=list)
    #: The extrinsics applied so far, as they were submitted.
    extrinsics: list[bytes] = field(default_factory=list)
    #: The part of the block that is being executed (see `enter`), also encoded; None outside of execution.
    phase: Phase | None = None
    encoded_phase: bytes = b""
    weight: WeightPerClass = field(default_factory=WeightPerClass)
    #: Encoded length of all extrinsics, in bytes.
    length: int = 0
    #: The account that authors this block and earns its fees, once it is known.
    author: bytes | None = None
    #: What transactions sign without sending it, by what they send: in one block it is the same for nearly all.
    implied: dict[tuple[Any, ...], bytes] = field(default_factory=dict)

    def enter(self, phase: Phase) -> None:
        """Go on to another part of the block: events belong to it from now on."""
        self.phase, self.encoded_phase = phase, Phase.scale.encode(phase)

    def mark(self) -> tuple[int, int, bytes | None]:
        """How far the block has come, to `rewind` to when what follows fails."""
        return len(self.events), len(self.digest), self.author

    def rewind(self, mark: tuple[int, int, bytes | None]) -> None:
        """Drop what calls have added since the mark."""
        events, digest, self.author = mark
        del self.events[events:], self.records[events:], self.digest[digest:]


class Context:
    """State, block and origin of one call. `ctx.with_origin(...)` is the same world seen by another caller."""

    __slots__ = ("block", "origin", "runtime", "state")

    def __init__(self, runtime: Dispatcher, state: State, block: BlockEnvironment, origin: Origin = NONE) -> None:
        self.runtime = runtime
        self.state = state
        self.block = block
        self.origin = origin

    def with_origin(self, origin: Origin) -> Context:
        return Context(self.runtime, self.state, self.block, origin)

    def ensure_signed(self) -> bytes:
        """The account that signed; BadOrigin when nobody did."""
        return ensure_signed(self.origin)

    def ensure_root(self) -> None:
        """BadOrigin unless the caller is root."""
        ensure_root(self.origin)

    def ensure_none(self) -> None:
        """BadOrigin unless nobody signed."""
        ensure_none(self.origin)

    def deposit(self, event: Sum) -> None:
        """Record an event of the phase that the block is in."""
        # A record is phase, event and the list of topics, which is empty.
        prefix, encode_fields = RUNTIME_EVENT.encoders.get(type(event)) or RUNTIME_EVENT.encoder(event)
        block = self.block
        block.events.append(event)
        block.records.append(b"%b%b%b\0" % (block.encoded_phase, prefix, encode_fields(event)))

    def deposit_encoded(self, event: Sum, encoded: bytes) -> None:
        """The same, for who has the event encoded already."""
        block = self.block
        block.events.append(event)
        block.records.append(b"%b%b\0" % (block.encoded_phase, encoded))

    @property
    def extrinsic_index(self) -> int | None:
        """Position of the extrinsic being applied, None outside of extrinsics."""
        phase = self.block.phase
        return getattr(phase, "extrinsic_index", None)
