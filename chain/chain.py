"""The blockchain: one head, its state, its history and its pool. Values in and out are those of the runtime.

    chain = Blockchain(config)
    chain.submit(raw)
    block = chain.produce_block()
    chain.context().state …

Everything is synchronous and runs in the caller's thread. `chain.engine` decides when blocks are appended, who authors
them and which are final, `chain.embed` is the interface for programs, `chain.rpc` the server.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from itertools import chain as joined
from pathlib import Path
from typing import Any, TypeVar

from ..consensus.aura import slot_of
from ..consensus.internal import InternalError
from ..genesis.config import ChainConfig
from ..runtime.apis import call_api
from ..runtime.composition import spec_425
from ..runtime.crypto import Keypair
from ..runtime.crypto.hashing import blake2_256
from ..runtime.frame.context import BlockEnvironment as BlockEnv
from ..runtime.frame.context import Context
from ..runtime.frame.digest import AuthorClaim
from ..runtime.frame.extrinsic import Extrinsic
from ..runtime.frame.header import Header
from ..runtime.inherents import block_time
from ..runtime.scale import Bytes32, ScaleError, codec_of, u32
from ..runtime.state.overlay import State
from .authoring import AuthoredBlock, BlockBuilder, BuiltBlock, build_block, seal
from .blocks import Head, ImportedBlock
from .building import Building
from .clock import Clock, LogicalClock, SystemClock, TimeLimit
from .errors import ChainError
from .finality import Finality
from .garbage import no_garbage_collection
from .history.blocks import Retention, StoredBlock, UnknownBlock
from .history.stores import Store
from .listeners import call_all
from .opening import first_hash, open_history, open_state
from .pool.opaque import opaque_extrinsic
from .pool.pool import TransactionPool
from .pool.rejections import Undecodable
from .pulses import LocalPulses, PulseSource, pulse_extrinsics
from .unshielding import ShieldKeys
from .verification import Verification, check_block

Part = TypeVar("Part")
#: What makes a chain this one and no other.
PARTS = (
    "config", "runtime", "clock", "slot_ms", "history", "state", "genesis_hash", "head", "head_header", "_pending",
)  # fmt: skip
Listener = Callable[[ImportedBlock], None]
#: Returns the key that seals the block of a slot.
AuthorKey = Callable[[int], Keypair]

_NONCE, _AUTHORITIES = codec_of(u32), codec_of(list[Bytes32])


class Blockchain:
    """A chain that this process holds.

    `config` has its parameters, `store` keeps blocks and state (memory by default), `clock` supplies the times of
    blocks. The chain closes its store, also when it cannot be opened.
    """

    def __init__(
        self,
        config: ChainConfig,
        store: Store | Path | None = None,
        clock: Clock | None = None,
        retention: Retention | None = None,
    ) -> None:
        self.config = config
        self.runtime = spec_425(config.constants)
        self.runtime.claimed_authors = config.authoring == "claims"
        # A configuration without a start has blocks with the machine's time.
        self.clock = clock or (SystemClock() if config.start_ms is None else LogicalClock(config.start_ms))
        self.slot_ms = config.slot_duration_ms
        self._open = True
        self.history = open_history(config, store, retention)
        try:
            self.state = open_state(self.history)
            self.genesis_hash = first_hash(self.history)
            self._read_head()
            self.finality = Finality(self.history)
        except BaseException:
            self.history.abandon()
            raise
        self.building = Building(lambda: State(self.history.state_at(self.head.hash)))
        self.shield_keys = ShieldKeys(self.genesis_hash)  # not secret: the node may set RandomShieldKeys
        #: Where the author of blocks takes pulses of the drand beacon from.
        self.pulses: PulseSource = LocalPulses()
        #: Called with each block after it has become the head.
        self.listeners: list[Listener] = []
        #: Called with the head after blocks were removed.
        self.rewound: list[Callable[[Head], object]] = []
        self.pool = TransactionPool(self)
        self._attached: dict[Callable[[Blockchain], Any], Any] = {}
        self.finality.listeners.append(lambda final: self.pool.watchers.finalized(final.number))

    @property
    def is_open(self) -> bool:
        """Whether the chain may be used: it has not been closed."""
        return self._open

    def close(self) -> None:
        """Revert open anchors and close the store. The chain cannot be used afterwards; closing twice is allowed."""
        was_open = self._open
        try:
            self.building.complete()
            if was_open and self.history.failure is None:
                if firm := [pin for pin in self.history.pins if pin.firm]:
                    self._roll_back(firm[0].number, firm[0].final)
                    self.pool.clear()
                if edits := self.state.changes():
                    self.history.keep_edits(edits)
        finally:
            self._open = False
            self.history.close()

    def become(self, other: Blockchain) -> None:
        """Be another open chain from now on, which must not be used any more; clients and listeners stay.

        The store of this one has been closed. The caller tells the listeners of `rewound`.
        """
        self.require_open()
        other.runtime.pause = self.runtime.pause
        for name in PARTS:
            setattr(self, name, getattr(other, name))
        self.finality.follow(other.history)
        self.pool.clear()

    def require_open(self) -> None:
        """Raise ChainError if the chain is closed."""
        if not self._open:
            raise ChainError("expected an open chain, this one is closed: open it again, or make another one")

    def attached(self, kind: Callable[[Blockchain], Part]) -> Part:
        """Return what other modules keep with this chain: one object of this class, made at the first call."""
        if kind not in self._attached:
            self._attached[kind] = kind(self)
        found: Part = self._attached[kind]
        return found

    # --- reading -------------------------------------------------------------------------------------------

    @property
    def finalized(self) -> Head:
        """The last final block: the head, unless the engine says otherwise."""
        return self.finality.head

    @property
    def head_ms(self) -> int:
        """The time of the last block, in milliseconds since 1970; 0 for block 0."""
        return block_time(self._head_context())

    def hash_at(self, number: int) -> bytes | None:
        """Return the hash of the block of this number; None above the head and for blocks no longer kept."""
        self.require_open()
        return self.history.hash_at(number)

    def block(self, block_hash: bytes) -> StoredBlock | None:
        """Return the block of this hash, None when it is not kept."""
        self.require_open()
        try:
            return self.history.block_by_hash(block_hash)
        except UnknownBlock:
            return None

    def header(self, block_hash: bytes) -> Header | None:
        """Return the header of the block of this hash, None when it is not kept."""
        if block_hash == self.head.hash:
            return self.head_header
        block = self.block(block_hash)
        return None if block is None else Header.decode(block.header)

    def context(self, at: bytes | None = None) -> Context:
        """Return a context for reading the state after a block (the head by default).

        The head's is the live state: read it before the next block, or pass the head's number or hash. Raises
        UnknownBlock and StateDiscarded.
        """
        self.require_open()
        if at is None or at == self.head.hash:
            return Context(self.runtime, self.head_state(), BlockEnv(self.head.number, self.head_header.parent_hash))
        state = State(self.history.state_at(at))
        header = self.header(at)
        if header is None:
            raise InternalError(f"expected the header of block 0x{at.hex()}, whose state is kept")
        return Context(self.runtime, state, BlockEnv(header.number, header.parent_hash))

    def pending_context(self) -> Context:
        """Return the context in which the next transaction is validated: the head's state, the next block number."""
        self.require_open()
        return self._head_context()

    def _head_context(self) -> Context:
        view = self.building.view
        return self._pending if view is None else Context(self.runtime, view, self._pending.block)

    def head_state(self) -> State:
        """Return the state of the head: the live one, or a view of the store while a block is built on that."""
        self.require_open()
        return self.state if (view := self.building.view) is None else view

    def call_api(self, name: str, arguments: bytes = b"", at: bytes | None = None) -> bytes:
        """Return the encoded answer of a runtime API, `Api_method`, to encoded arguments; changes are reverted."""
        ctx = self.context(at)
        with ctx.state.anchor():
            return call_api(self.runtime, ctx, name, arguments)

    def nonce(self, account: bytes) -> int:
        """Return the number of this account's transactions in blocks."""
        return _NONCE.decode(self.call_api("AccountNonceApi_account_nonce", account))

    def authorities(self) -> list[bytes]:
        """Return the sr25519 keys that may seal the next block, in the order of their turns."""
        return _AUTHORITIES.decode(self.call_api("AuraApi_authorities"))

    # --- blocks --------------------------------------------------------------------------------------------

    def submit(self, raw: bytes) -> bytes:
        """Put an encoded extrinsic into the pool and return its hash; raises `pool.rejections.Rejected`."""
        self.require_open()
        try:
            extrinsic = opaque_extrinsic(raw)
        except ScaleError as error:
            raise Undecodable(str(error)) from error
        return self.pool.submit(extrinsic)

    def produce_block(
        self, author: AuthorKey | None = None, limit: TimeLimit | None = None, first: Iterable[Extrinsic] = ()
    ) -> ImportedBlock:
        """Build a block of what is ready in the pool, after the extrinsics `first`, append it and return it.

        `author` returns the key that seals it, as on the genuine network; blocks made on demand carry no seal. `limit`
        is the time for transactions: the rest stays in the pool. Without it equal chains make equal blocks.
        """
        self.building.complete()
        with no_garbage_collection():
            return self.append_block(self.build_block(author, limit, first))

    def build_block(
        self,
        author: AuthorKey | None = None,
        limit: TimeLimit | None = None,
        first: Iterable[Extrinsic] = (),
        claim: AuthorClaim | None = None,
    ) -> AuthoredBlock:
        """Build a block as `produce_block` does, for `append_block`. There are pauses before its transactions.

        `claim` names the author on networks where the slot does not.
        """
        self.require_open()
        timestamp = self.clock.next_timestamp(self.head_ms, self.slot_ms)
        key = None if author is None else author(slot_of(timestamp, self.slot_ms))
        refuse, keys, fresh = self.pool.refused, self.shield_keys, author is not None
        with no_garbage_collection():
            ready = joined(pulse_extrinsics(self.pulses, self._pending, timestamp), first, self.pool.ready())
            built = self._build(lambda made: build_block(made, timestamp, ready, refuse, keys, fresh, limit, claim))
            return AuthoredBlock(built, built.header if key is None else seal(built.header, key), timestamp)

    def append_block(self, block: AuthoredBlock) -> ImportedBlock:
        """Append a block of `build_block` and return it."""
        try:
            return self._append(block.built, block.header)
        finally:
            if self.head_header is block.header:  # it was appended, even if a listener has raised
                self.clock.commit(block.timestamp_ms)

    def import_block(self, header: Header, body: list[bytes]) -> ImportedBlock:
        """Verify a block of another node, append it and return it; raises BlockRejected, changing nothing."""
        self.building.complete()
        live = self.config.chain_type == "Live"
        with no_garbage_collection():
            return self._append(self.execute_block(header, body, self.clock.present_ms(), live), header)

    def execute_block(
        self, header: Header, body: Sequence[bytes], now_ms: int | None, requires_seal: bool
    ) -> BuiltBlock:
        """Verify a block of another node by a clock, for `append_block` or `discard_block`; raises BlockRejected.

        `now_ms` None: the time of the block is not compared with a clock.
        """
        self.require_open()
        rules = Verification(self.authorities(), now_ms, requires_seal, self.runtime.claimed_authors)
        with no_garbage_collection():
            return self._build(lambda builder: check_block(builder, header, body, rules))

    def discard_block(self, block: BuiltBlock) -> None:
        """Forget the last block that was built or executed, which is not appended; the state is the head's again."""
        self.require_open()
        self.building.end()
        self.state.discard(block.edits)
        self.history.trie.discard()

    def rollback_to(self, number: int) -> Head:
        """Remove all blocks after `number` with their transactions, but none before an open anchor (ChainError)."""
        self.require_open()
        held = max((pin.number for pin in self.history.pins if pin.firm), default=0)
        if number < held:
            raise ChainError(
                f"expected a block from {held} on, which an anchor holds, got block {number}: leave the anchor first"
            )
        self._roll_back(number)
        self.pool.clear()
        return self.head

    def _roll_back(self, number: int, final: int | None = None) -> None:
        """Remove all blocks after `number`, and leave the pool as it is. `final` may become the last final block."""
        self.building.complete()
        self.state.retreat(self.history.rollback_to(number))
        self.history.pins[:] = [pin for pin in self.history.pins if pin.number <= number]
        self._read_head()
        self.finality.retreat(final)
        call_all(self.rewound, self.head)

    # --- inside --------------------------------------------------------------------------------------------

    def _build(self, build: Callable[[BlockBuilder], BuiltBlock]) -> BuiltBlock:
        """Build a block on the head; when that fails, the head's state stays as it was."""
        head, edits = self.head, self.state.changes()
        builder = BlockBuilder(self.runtime, self.state, self.history.trie, self.slot_ms, head.number, head.hash, edits)
        self.building.begin()
        try:
            return build(builder)
        except BaseException:
            self.building.end()
            self.state.discard(edits)
            self.history.trie.discard()
            raise

    def _append(self, built: BuiltBlock, header: Header) -> ImportedBlock:
        """Store a block, make it the head, and announce it. A listener that raises changes nothing of that."""
        stored = StoredBlock(header.number, blake2_256(encoded := header.encode()), encoded, built.body)
        try:
            final = self.finality.due(header.number)
            self.history.commit_block(stored, built.diff, built.nodes, final, built.edits)
        except BaseException:
            self.state.discard()
            self.history.trie.forget()
            raise
        finally:
            self.building.end()
        self.state.commit()
        self._set_head(header, stored.hash)
        executed = built.context.block
        block = ImportedBlock(header, stored.hash, built.body, built.diff.after, executed.events, executed.records)
        with ExitStack() as announcements:  # all are made, from the last to the first
            announcements.callback(self.finality.announce)
            announcements.callback(call_all, self.listeners, block)
            self.pool.block_imported(block.hash, block.extrinsics)
        return block

    def _read_head(self) -> None:
        head = self.history.head
        self._set_head(Header.decode(self.history.block_by_number(head.number).header), head.hash)

    def _set_head(self, header: Header, block_hash: bytes) -> None:
        self.head_header = header
        self.head = Head(header.number, block_hash)
        self._pending = Context(self.runtime, self.state, BlockEnv(header.number + 1, block_hash))
