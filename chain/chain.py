"""The chain: one head, its history and its pool, as a library.

    chain = Chain.dev()
    chain.submit(raw)
    chain.produce()
    chain.context().state …

Everything is synchronous and happens in the caller's thread; the RPC server wraps this class. Finality is immediate:
the head is always final, because there is nobody else who could disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..consensus.aura import author_of, slot_of
from ..genesis.build import genesis_hash, genesis_header, genesis_state
from ..genesis.config import ChainConfig
from ..genesis.presets import dev
from ..runtime.apis import call_api
from ..runtime.composition import spec_425
from ..runtime.crypto import Keypair, ss58_encode
from ..runtime.frame.call import Call
from ..runtime.frame.context import BlockEnvironment as BlockEnv
from ..runtime.frame.context import Context
from ..runtime.frame.digest import aura_slot
from ..runtime.frame.era import IMMORTAL, Era
from ..runtime.frame.header import Header
from ..runtime.scale import Bytes32, Sum, codec_of, u32
from ..runtime.scale.values import Forms, call_from_plain, find_call, from_plain, read_item
from ..runtime.signing import Signer
from ..runtime.state.overlay import Diff, State
from ..runtime.version import STATE_VERSION
from .authoring import Made, Workshop, author_block, check_block, seal
from .clock import Clock, LogicalClock, SystemClock
from .garbage import no_garbage_collection
from .history import Block, History, Retention, UnknownBlock
from .pool import Pool
from .receipt import Receipt, events_by_extrinsic
from .shield import ShieldKeys
from .stores import Store, open_store


class ChainError(ValueError):
    """The chain was asked for something that it cannot do."""


@dataclass(frozen=True, slots=True)
class Head:
    """The last block."""

    number: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Imported:
    """A block that has just become the head; `changes` maps storage keys to their new values (None: removed)."""

    header: Header
    hash: bytes
    extrinsics: tuple[bytes, ...]
    changes: Mapping[bytes, bytes | None]
    events: tuple[Sum, ...]
    #: The events as `System.Events` holds them, encoded, in the same order.
    records: tuple[bytes, ...]


Listener = Callable[[Imported], None]


class Chain:
    """A chain with one author: this process.

    `config` says what chain it is, `store` where it is kept (memory by default), `clock` when its blocks are. The
    chain closes its store, also when it does not come into being.
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
        opened = open_store(store) if store is None or isinstance(store, Path) else store
        try:
            self._read(opened, retention)
        except BaseException:
            opened.close()
            raise
        self._shield_keys = ShieldKeys(self.genesis_hash)
        self.listeners: list[Listener] = []
        self.pool = Pool(self)

    @classmethod
    def dev(cls, **parameters: Any) -> Chain:
        """A chain for tests: in memory, with logical time, blocks on demand, and the well-known funded accounts."""
        return cls(dev(**parameters))

    def close(self) -> None:
        """Give the store back. The chain is not used afterwards."""
        self.history.close()

    def __enter__(self) -> Chain:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- what there is -------------------------------------------------------------------------------------

    @property
    def finalized(self) -> Head:
        """The last final block: the head."""
        return self.head

    def hash_at(self, number: int) -> bytes | None:
        """Hash of the block of this number; None above the head and where blocks are kept no more."""
        return self.history.hash_at(number)

    def block(self, block_hash: bytes) -> Block | None:
        """The block of this hash, None when it is not kept."""
        try:
            return self.history.block_by_hash(block_hash)
        except UnknownBlock:
            return None

    def header(self, block_hash: bytes) -> Header | None:
        """The header of the block of this hash, None when it is not kept."""
        if block_hash == self.head.hash:
            return self.head_header
        block = self.block(block_hash)
        return None if block is None else Header.decode(block.header)

    def context(self, at: bytes | None = None) -> Context:
        """The world after a block (the head by default), to read from. Raises UnknownBlock and StateDiscarded.

        Of the head it is the live state: read it before the next block, or name the block.
        """
        if at is None or at == self.head.hash:
            return Context(self.runtime, self.state, BlockEnv(self.head.number, self.head_header.parent_hash))
        state = State(self.history.state_at(at))
        header = self.header(at)
        assert header is not None, "a state is kept with its block"
        return Context(self.runtime, state, BlockEnv(header.number, header.parent_hash))

    def pending_context(self) -> Context:
        """The world in which the next transaction is validated: the head's state, one block further."""
        return self._pending

    def call_api(self, name: str, arguments: bytes = b"", at: bytes | None = None) -> bytes:
        """Answer a runtime API, `Api_method`, with encoded arguments; whatever it changes is undone."""
        ctx = self.context(at)
        with ctx.state.anchor():
            return call_api(self.runtime, ctx, name, arguments)

    def nonce(self, account: bytes) -> int:
        """How many transactions of this account are in blocks."""
        return codec_of(u32).decode(self.call_api("AccountNonceApi_account_nonce", account))

    # --- transactions --------------------------------------------------------------------------------------

    def submit(self, raw: bytes) -> bytes:
        """Put an encoded extrinsic into the pool and return its hash; raises `pool.Rejected`."""
        return self.pool.submit(raw)

    def sign(self, call: Call, key: Keypair, *, nonce: int | None = None, tip: int = 0, era: Era = IMMORTAL) -> bytes:
        """An encoded extrinsic with this call, signed for this chain. The nonce follows the pool's; tip in rao."""
        if nonce is None:
            nonce = self.pool.next_nonce(key.account)
        era_hash = self.hash_at(era.birth(self.head.number)) if not era.is_immortal else None
        return Signer(self.genesis_hash).sign(call, key, nonce=nonce, tip=tip, era=era, era_hash=era_hash)

    def call(self, name: str, /, **arguments: Any) -> Call:
        """A call by its name, `Pallet.call`, with plain arguments: see `runtime.scale.values` for their forms."""
        pallet, _, function = name.partition(".")
        return call_from_plain(find_call(self.runtime.pallets, pallet, function), arguments, Forms(self.runtime))

    def execute(self, call: Call | str, key: Keypair | str, /, **arguments: Any) -> Receipt:
        """Sign a call, submit it, make a block, and say what became of it.

        `call` is a Call, or a name as for `call(...)` with its arguments; `key` may be a URI such as "//Alice".
        Raises `pool.Rejected` when the pool refuses it, and TransactionFailed when it fails in the block.
        """
        made = self.call(call, **arguments) if isinstance(call, str) else call
        signer = Keypair.from_uri(key) if isinstance(key, str) else key
        raw = self.sign(made, signer)
        self.submit(raw)
        seen: list[Imported] = []
        self.listeners.append(seen.append)
        try:
            self.produce()
        finally:
            self.listeners.remove(seen.append)
        block = seen[0]
        if raw not in block.extrinsics:
            raise ChainError("the transaction is not in the next block: it waits for others, or for room")
        index = block.extrinsics.index(raw)
        events = events_by_extrinsic(block.records, block.events, index)
        return Receipt(block.hash, block.header.number, index, events).check()

    def query(self, name: str, *keys: Any, at: bytes | None = None) -> Any:
        """A storage value by its name, `Pallet.Item`, with plain keys; typed, and None where absent without default."""
        pallet, _, item = name.partition(".")
        return read_item(self.context(at), self.runtime.pallets, pallet, item, keys)

    def ask(self, name: str, /, *arguments: Any, at: bytes | None = None) -> Any:
        """What a runtime API answers, typed: `Api.method` or `Api_method`, with plain arguments."""
        exported = name.replace(".", "_", 1)
        if exported not in self.runtime.api_methods:
            raise ChainError(f"there is no runtime API {name}")
        method = self.runtime.api_methods[exported]
        given = zip(method.inputs, arguments, strict=True)
        encoded = b"".join(field.codec.encode(from_plain(field.codec, value, self.runtime)) for field, value in given)
        return method.output.decode(self.call_api(exported, encoded, at), self.runtime)

    # --- blocks --------------------------------------------------------------------------------------------

    def produce(self, count: int = 1, *, sealed: bool = False) -> Head:
        """Make `count` blocks of what is ready in the pool and return the new head.

        `sealed` signs them as the slot's authority, as the genuine network does and manual sealing does not.
        """
        for _ in range(count):
            self._produce(sealed)
        return self.head

    def run_to(self, number: int) -> Head:
        """Make blocks until the head has this number; ChainError when it is further already."""
        if number < self.head.number:
            raise ChainError(f"expected a block from {self.head.number} on, got block {number}")
        return self.produce(number - self.head.number)

    def import_block(self, header: Header, body: list[bytes]) -> Head:
        """Run a block that another chain made and make it the head; raises BlockRejected, changing nothing."""
        with no_garbage_collection():
            self._append(self._make(lambda workshop: check_block(workshop, header, body, self._authorities())), header)
        return self.head

    def rollback_to(self, number: int) -> Head:
        """Take back all blocks after `number`; their transactions are gone. Raises UnknownBlock, StateDiscarded."""
        self.history.rollback_to(number)
        self.state.discard()
        self._read_head()
        self.pool.clear()
        return self.head

    @contextmanager
    def anchor(self) -> Iterator[Chain]:
        """Undo everything that happens inside: blocks, state, pool and clock."""
        number, clock, pool = self.head.number, self.clock.snapshot(), self.pool.snapshot()
        try:
            yield self
        finally:
            if self.head.number != number:
                self.rollback_to(number)
            clock()
            pool()

    # --- inside --------------------------------------------------------------------------------------------

    def _produce(self, sealed: bool) -> None:
        timestamp = self.clock.next_timestamp(self._head_ms, self.slot_ms)
        with no_garbage_collection():
            made = self._make(
                lambda workshop: author_block(
                    workshop, timestamp, self.pool.ready(), self.pool.refused, self._shield_keys, fresh_key=sealed
                )
            )
            header = made.header
            if sealed:
                header = seal(header, self._author_key(slot_of(timestamp, self.slot_ms)))
            self._append(made, header)
            del made  # before the garbage collector looks at all its objects
        self.clock.commit(timestamp)

    def _make(self, make: Callable[[Workshop], Made]) -> Made:
        """Make a block on the head; whatever goes wrong, the head's state stays as it was."""
        workshop = Workshop(self.runtime, self.state, self.history.trie, self.slot_ms, self.head.number, self.head.hash)
        try:
            return make(workshop)
        except BaseException:
            self.state.discard()
            self.history.trie.discard()
            raise

    def _append(self, made: Made, header: Header) -> None:
        block = Block(header.number, header.hash, header.encode(), made.body)
        try:
            self.history.commit_block(block, made.diff, made.nodes)
        except BaseException:
            self.state.discard()
            self.history.trie.forget()
            raise
        self.state.commit()
        self._set_head(header, block.hash)
        ran = made.context.block
        imported = Imported(header, block.hash, made.body, made.diff.after, tuple(ran.events), tuple(ran.records))
        self.pool.block_imported(imported)
        for listener in list(self.listeners):
            listener(imported)

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
        self.history.commit_block(Block(0, header.hash, header.encode(), ()), diff, nodes)

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

    def _authorities(self) -> list[bytes]:
        """The sr25519 keys that may seal the next block, in the order of their turns."""
        return codec_of(list[Bytes32]).decode(self.call_api("AuraApi_authorities"))

    def _author_key(self, slot: int) -> Keypair:
        keys = {key.public: key for key in self.config.author_keys()}
        author = author_of(slot, self._authorities())
        if author not in keys:
            raise ChainError(f"slot {slot} belongs to {ss58_encode(author)}, whose key is not here")
        return keys[author]


def default_clock(config: ChainConfig) -> Clock:
    """The machine's time, or for chains with a beginning of their own the time that their blocks move."""
    return SystemClock() if config.start_ms is None else LogicalClock(config.start_ms)
