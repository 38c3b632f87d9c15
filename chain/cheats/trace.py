"""What a block read and wrote, step by step: it is executed again, on the state before it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...runtime import executive
from ...runtime.crypto.hashing import blake2_256
from ...runtime.frame.digest import pre_runtime_items
from ...runtime.frame.extrinsic import Kind
from ...runtime.frame.header import Header
from ...runtime.frame.validity import Refused
from ...runtime.scale import Sum
from ...runtime.state.overlay import Backend, State
from ..arguments import resolve_block
from ..chain import Blockchain
from ..errors import ChainError
from .changes import Change, Names


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a block: "Initialization", the call of an extrinsic, or "Finalization"."""

    name: str
    #: The position of the extrinsic, None for the first and the last step.
    index: int | None
    #: The entries that it read, with the values that it found; its own earlier writes included.
    reads: tuple[Change, ...]
    #: The entries that it wrote and left changed.
    writes: tuple[Change, ...]
    events: tuple[Sum, ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """The steps of a block in their order."""

    number: int
    hash: bytes
    steps: tuple[Step, ...]

    def step(self, index: int) -> Step:
        """Return the step of an extrinsic by its position."""
        return next(step for step in self.steps if step.index == index)


class Noticing(dict[bytes, object]):
    """The cache of decoded values, which calls a function with each key that is read."""

    def __init__(self, note: Callable[[bytes], None]) -> None:
        super().__init__()
        self._note = note

    def get(self, key: bytes, default: Any = None) -> Any:
        """Return a value as a dictionary does."""
        found = super().get(key, default)
        if found is not default:
            self._note(key)
        return found

    def __getitem__(self, key: bytes) -> object:
        found = super().__getitem__(key)
        self._note(key)
        return found


class Watched(State):
    """A state that notes which keys are read, and which are written."""

    __slots__ = ("read", "written")

    def __init__(self, backend: Backend) -> None:
        super().__init__(backend)
        #: Key -> the value that was read first, and that was replaced first.
        self.read: dict[bytes, bytes | None] = {}
        self.written: dict[bytes, bytes | None] = {}
        self.decoded = Noticing(self._note)

    def _note(self, key: bytes) -> None:
        if key not in self.read:
            self.read[key] = super().peek(key)

    def get(self, key: bytes) -> bytes | None:
        value = super().get(key)
        self.read.setdefault(key, value)
        return value

    def peek(self, key: bytes) -> bytes | None:
        return self.get(key)

    def get_all(self, keys: Iterable[bytes]) -> list[bytes | None]:
        return [self.get(key) for key in keys]

    def items(self, prefix: bytes, after: bytes | None = None) -> Iterator[tuple[bytes, bytes]]:
        for key, value in super().items(prefix, after):
            self.read.setdefault(key, value)
            yield key, value

    def put(self, key: bytes, value: bytes | None) -> None:
        if key not in self.written:
            self.written[key] = super().get(key)
        super().put(key, value)

    def put_all(self, keys: Iterable[bytes], values: Iterable[bytes], decoded: Iterable[object]) -> None:
        for key, value in zip(keys, values, strict=True):
            self.put(key, value)

    def take(self) -> tuple[Mapping[bytes, bytes | None], Mapping[bytes, bytes | None]]:
        """Return what was read and what was written since the last call."""
        seen = self.read, self.written
        self.read, self.written = {}, {}
        return seen


def trace_block(chain: Blockchain, at: Any) -> Trace:
    """Return the steps of a block that the history still has, with the state before it.

    ChainError for block 0, StateDiscarded and UnknownBlock for blocks that are no longer kept.
    """
    chain.require_open()
    block_hash = resolve_block(chain, at)
    block = chain.history.block_by_hash(block_hash)
    if block.number == 0:
        raise ChainError("expected a block that was executed, got block 0")
    header = Header.decode(block.header)
    state = Watched(chain.history.state_at(header.parent_hash))
    for key, value in chain.history.records.edits(block.number).items():
        state.put(key, value)
    state.take()
    return Trace(block.number, block_hash, tuple(_execute(chain, header, block.body, state)))


def trace_transaction(chain: Blockchain, transaction_hash: bytes, at: Any = None) -> Step:
    """Return the step of a transaction: in the block `at`, by default the last one that has it."""
    block, index = find_transaction(chain, transaction_hash) if at is None else (resolve_block(chain, at), None)
    trace = trace_block(chain, block)
    if index is None:
        body = chain.history.block_by_hash(block).body
        index = next((i for i, raw in enumerate(body) if blake2_256(raw) == transaction_hash), None)
    if index is None:
        raise ChainError(f"block {trace.number} has no extrinsic 0x{transaction_hash.hex()}")
    return trace.step(index)


def find_transaction(chain: Blockchain, transaction_hash: bytes) -> tuple[bytes, int]:
    """Return the block and the position of a transaction, the last one if there are several; ChainError without one."""
    for number in range(chain.head.number, chain.history.head.first_state, -1):
        block = chain.history.block_by_number(number)
        for index, raw in enumerate(block.body):
            if blake2_256(raw) == transaction_hash:
                return block.hash, index
    raise ChainError(f"expected the hash of an extrinsic in a kept block, got 0x{transaction_hash.hex()}")


def _execute(chain: Blockchain, header: Header, body: tuple[bytes, ...], state: Watched) -> Iterator[Step]:
    digest = pre_runtime_items(header.digest.logs)
    ctx = executive.initialize_block(chain.runtime, state, header.number, header.parent_hash, digest)
    names, events = Names(chain.runtime), 0

    def step(name: str, index: int | None) -> Step:
        nonlocal events
        read, written = state.take()
        own, events = tuple(ctx.block.events[events:]), len(ctx.block.events)
        after = {key: State.peek(state, key) for key in written}
        reads = tuple(names.change(key, value, value) for key, value in sorted(read.items()) if names.is_entry(key))
        return Step(name, index, reads, tuple(names.changes(written, after)), own)

    yield step("Initialization", None)
    for index, raw in enumerate(body):
        extrinsic = chain.pool.impersonation.apply(ctx, chain.runtime.decode(raw))
        if extrinsic.kind is Kind.SIGNED:
            extrinsic.verified = chain.runtime.implicit(ctx, extrinsic)  # it was checked before it got into the block
        try:
            executive.apply_extrinsic(ctx, extrinsic)
        except Refused as refused:
            raise ChainError(f"extrinsic {index} of block {header.number} is refused now: {refused}") from None
        yield step(f"{extrinsic.call.pallet}.{extrinsic.call.name}", index)
    within = _root_within(chain, header)
    executive.finalize_block(ctx, lambda state, also: within if also else header.state_root)
    _require_same(chain, header, state)
    yield step("Finalization", None)


def _root_within(chain: Blockchain, header: Header) -> bytes:
    """Return the storage root that the last hooks of a block had: its Ethereum block has it."""
    method = chain.runtime.api_methods["EthereumRuntimeRPCApi_current_block"]
    block = method.output.decode(chain.call_api(method.exported, at=header.hash), chain.runtime)
    root: bytes = header.state_root if block is None else block.header.state_root
    return root


def _require_same(chain: Blockchain, header: Header, state: State) -> None:
    """Raise ChainError unless the block has changed again what it changed."""
    if set(state.changes()) != set(chain.history.records.changed(header.number)):
        raise ChainError(
            f"block {header.number} does something else when it is executed again: it holds transactions of accounts "
            "that are no longer impersonated"
        )
