"""The blockchain: one head, its state, its history and its pool. Values in and out are those of the runtime.

    chain = Blockchain(config)
    chain.submit(raw)
    block = chain.produce_block()
    chain.context().state …

Everything is synchronous and happens in the caller's thread. `chain.engine` says who appends blocks and when,
`chain.embed` puts an interface for programs around it, `chain.rpc` serves it. Each block is final as soon as it is
appended: engines append only what is final.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ..consensus.aura import slot_of
from ..genesis.build import genesis_hash, genesis_header, genesis_state
from ..genesis.config import ChainConfig
from ..runtime.apis import call_api
from ..runtime.composition import spec_425
from ..runtime.crypto import Keypair
from ..runtime.frame.context import BlockEnvironment as BlockEnv
from ..runtime.frame.context import Context
from ..runtime.frame.digest import aura_slot
from ..runtime.frame.header import Header
from ..runtime.scale import Bytes32, ScaleError, codec_of, u32
from ..runtime.state.overlay import Diff, State
from ..runtime.version import STATE_VERSION
from .authoring import BlockBuilder, BuiltBlock, build_block, check_block, seal
from .blocks import Head, ImportedBlock
from .clock import Clock, LogicalClock, SystemClock
from .errors import ChainError
from .garbage import no_garbage_collection
from .history.blocks import Retention, StoredBlock, UnknownBlock
from .history.history import History
from .history.stores import Store, open_store
from .pool.opaque import opaque_extrinsic
from .pool.pool import TransactionPool
from .pool.rejections import Undecodable
from .unshielding import ShieldKeys

Listener = Callable[[ImportedBlock], None]
#: Gives the key that seals the block of a slot.
AuthorKey = Callable[[int], Keypair]

_NONCE, _AUTHORITIES = codec_of(u32), codec_of(list[Bytes32])


class Blockchain:
    """A chain that this process holds.

    `config` says what chain it is, `store` where it is kept (memory by default), `clock` which times its blocks get.
    The chain closes its store, also when it cannot be opened.
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
        self.clock: Clock = clock or default_clock(config)
        self.slot_ms = config.slot_duration_ms
        self._open = True
        opened = open_store(store) if store is None or isinstance(store, Path) else store
        try:
            self._read(opened, retention)
        except BaseException:
            opened.close()
            raise
        self._shield_keys = ShieldKeys(self.genesis_hash)
        #: Called with each block after it has become the head.
        self.listeners: list[Listener] = []
        self.pool = TransactionPool(self)

    @property
    def is_open(self) -> bool:
        """Whether the chain may be used: it has not been closed."""
        return self._open

    def close(self) -> None:
        """Give the store back, after undoing what happened inside of anchors. The chain is not used afterwards."""
        if self._open:
            if self.history.pins:
                self._roll_back(self.history.pins[0])
            self._open = False
        self.history.close()

    def require_open(self) -> None:
        """Refuse what a closed chain is asked for."""
        if not self._open:
            raise ChainError("expected an open chain, this one is closed: open it again, or make another one")

    # --- reading -------------------------------------------------------------------------------------------

    @property
    def finalized(self) -> Head:
        """The last final block: the head."""
        return self.head

    def hash_at(self, number: int) -> bytes | None:
        """Return the hash of the block of this number; None above the head and where blocks are kept no more."""
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
        """Return the world after a block (the head by default), to read from. Raises UnknownBlock and StateDiscarded.

        Of the head it is the live state: read it before the next block, or name the block.
        """
        self.require_open()
        if at is None or at == self.head.hash:
            return Context(self.runtime, self.state, BlockEnv(self.head.number, self.head_header.parent_hash))
        state = State(self.history.state_at(at))
        header = self.header(at)
        assert header is not None, "a state is kept with its block"
        return Context(self.runtime, state, BlockEnv(header.number, header.parent_hash))

    def pending_context(self) -> Context:
        """Return the world in which the next transaction is validated: the head's state, one block further."""
        self.require_open()
        return self._pending

    def call_api(self, name: str, arguments: bytes = b"", at: bytes | None = None) -> bytes:
        """Answer a runtime API, `Api_method`, with encoded arguments; whatever it changes is undone."""
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

    def produce_block(self, author: AuthorKey | None = None) -> ImportedBlock:
        """Build a block of what is ready in the pool, append it and return it.

        `author` gives the key that seals it, as on the genuine network; blocks made on demand carry no seal.
        """
        self.require_open()
        timestamp = self.clock.next_timestamp(self._head_ms, self.slot_ms)
        key = None if author is None else author(slot_of(timestamp, self.slot_ms))
        with no_garbage_collection():
            built = self._build(
                lambda builder: build_block(
                    builder,
                    timestamp,
                    self.pool.ready(),
                    self.pool.refused,
                    self._shield_keys,
                    fresh_key=key is not None,
                )
            )
            block = self._append(built, built.header if key is None else seal(built.header, key))
            del built  # before the garbage collector looks at all its objects
        self.clock.commit(timestamp)
        return block

    def import_block(self, header: Header, body: list[bytes]) -> ImportedBlock:
        """Run a block that another chain made, append it and return it; raises BlockRejected, changing nothing."""
        self.require_open()
        with no_garbage_collection():
            return self._append(
                self._build(lambda builder: check_block(builder, header, body, self.authorities())), header
            )

    def rollback_to(self, number: int) -> Head:
        """Take back all blocks after `number`; their transactions are gone. Raises UnknownBlock, StateDiscarded.

        Inside an anchor, blocks before it stay: ChainError.
        """
        self.require_open()
        if self.history.pins and number < self.history.pins[-1]:
            raise ChainError(
                f"expected a block from {self.history.pins[-1]} on, which an anchor holds, got block {number}: "
                "leave the anchor first"
            )
        self._roll_back(number)
        return self.head

    # --- inside --------------------------------------------------------------------------------------------

    def _roll_back(self, number: int) -> None:
        self.history.rollback_to(number)
        self.state.discard()
        self._read_head()
        self.pool.clear()

    def _build(self, build: Callable[[BlockBuilder], BuiltBlock]) -> BuiltBlock:
        """Build a block on the head; when that fails, the head's state stays as it was."""
        head = self.head
        builder = BlockBuilder(self.runtime, self.state, self.history.trie, self.slot_ms, head.number, head.hash)
        try:
            return build(builder)
        except BaseException:
            self.state.discard()
            self.history.trie.discard()
            raise

    def _append(self, built: BuiltBlock, header: Header) -> ImportedBlock:
        stored = StoredBlock(header.number, header.hash, header.encode(), built.body)
        try:
            self.history.commit_block(stored, built.diff, built.nodes)
        except BaseException:
            self.state.discard()
            self.history.trie.forget()
            raise
        self.state.commit()
        self._set_head(header, stored.hash)
        ran = built.context.block
        block = ImportedBlock(header, stored.hash, built.body, built.diff.after, ran.events, ran.records)
        self.pool.block_imported(block.hash, block.extrinsics)
        for listener in list(self.listeners):
            listener(block)
        return block

    def _read(self, store: Store, retention: Retention | None) -> None:
        """Go on where the store ends, or begin with block 0."""
        self.history = History(store, retention, STATE_VERSION)
        self.state = State(self.history.state)
        if self.history.empty:
            self._commit_genesis()
        self.genesis_hash = self._first_hash()
        self._check_identity()
        self._read_head()

    def _commit_genesis(self) -> None:
        values = genesis_state(self.config)
        diff = Diff(dict(values), dict.fromkeys(values))
        root, nodes = self.history.trie.update(diff)
        header = genesis_header(root)
        self.history.commit_block(StoredBlock(0, header.hash, header.encode(), ()), diff, nodes)

    def _first_hash(self) -> bytes:
        first = self.history.hash_at(0)
        if first is None:
            raise ChainError("the store does not begin with block 0")
        return first

    def _check_identity(self) -> None:
        """A store belongs to one chain; opening it as another one would mix them."""
        expected = genesis_hash(self.config)
        if expected != self.genesis_hash:
            raise ChainError(
                f"the store holds the chain with genesis 0x{self.genesis_hash.hex()}, "
                f"the configuration is that of 0x{expected.hex()}: use its own parameters, or another directory"
            )

    def _read_head(self) -> None:
        head = self.history.head
        self._set_head(Header.decode(self.history.block_by_number(head.number).header), head.hash)

    def _set_head(self, header: Header, block_hash: bytes) -> None:
        self.head_header = header
        self.head = Head(header.number, block_hash)
        self._pending = Context(self.runtime, self.state, BlockEnv(header.number + 1, block_hash))
        self._head_ms = (aura_slot(header.digest.logs) or 0) * self.slot_ms


def default_clock(config: ChainConfig) -> Clock:
    """Return the machine's clock, or for chains with a beginning of their own one that only blocks move."""
    return SystemClock() if config.start_ms is None else LogicalClock(config.start_ms)
