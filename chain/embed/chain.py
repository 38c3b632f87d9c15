"""A chain for programs: calls, storage and runtime APIs by name, with plain values.

    with Chain.dev() as chain:
        chain.execute("Balances.transfer_keep_alive", "//Alice", dest="//Bob", value=10**9)
        chain.query("System.Account", "//Bob").data.free

Each method refuses invalid arguments with a ChainError, and unknown names and unsuitable values with a PlainError; both
are ValueErrors whose messages state what was expected and what came.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from ...consensus.integers import U16_MAX, U32_MAX, U64_MAX
from ...genesis.config import ChainConfig
from ...genesis.presets import dev
from ...runtime.beacon import encrypt_until
from ...runtime.client.from_plain import Options, call_from_plain, from_plain
from ...runtime.client.leaves import is_integer
from ...runtime.client.metagraph import Metagraph, read_metagraph
from ...runtime.client.names import find_api, find_call, find_item
from ...runtime.client.receipt import Receipt
from ...runtime.client.signing import Signer
from ...runtime.client.text import short_name
from ...runtime.crypto import Keypair
from ...runtime.frame.call import Call
from ...runtime.frame.context import Context
from ...runtime.frame.era import IMMORTAL, Era
from ...runtime.frame.header import Header
from ..arguments import (
    argument_error,
    count_text,
    require_block_number,
    require_integer,
    resolve_block,
    split_name,
    typed_keys,
)
from ..blocks import Head, ImportedBlock
from ..clock import Clock
from ..engine.authors import slot_author
from ..errors import ChainError
from ..garbage import no_garbage_collection
from ..history.blocks import Retention, StoredBlock
from ..history.stores import Store
from . import checks
from .cheats import CheatChain
from .parameters import read_parameters
from .serving import shared
from .typed import names
from .typed.items import Source
from .view import View

if TYPE_CHECKING:
    from ...runtime.client.plain import BlockId
    from .typed import declared


@shared
class Chain(CheatChain):
    """A chain with one author: this process."""

    def __init__(
        self,
        config: ChainConfig,
        store: Store | Path | None = None,
        clock: Clock | None = None,
        retention: Retention | None = None,
    ) -> None:
        checks.require_chain_parts(config, store, clock, retention)
        with no_garbage_collection():
            super().__init__(config, store, clock, retention)
        #: Calls to sign and to include in a block: `chain.tx.Pallet.call(…, signer="alice")` returns the receipt.
        self.tx: declared.Transactions = names.transactions(self.runtime, self.execute)
        #: Calls to pass to others: `chain.calls.Pallet.call(…)`.
        self.calls: declared.Calls = names.calls(self.runtime)
        #: Storage items: `chain.storage.Pallet.Item`, see `typed.items`.
        self.storage: declared.Storage = names.storage(Source(self.runtime, self.context, self))
        #: Runtime APIs: `chain.apis.Api.method(…)`.
        self.apis: declared.Apis = names.apis(self.runtime, self.ask)
        #: Values of constants on this chain: `chain.constants.Pallet.Constant`.
        self.constants: declared.Constants = names.constants(self.runtime)
        #: Classes of events, for `receipt.events_of`: `chain.events.Pallet.Event`.
        self.events: declared.Events = names.events(self.runtime)
        #: Key pairs of the development accounts: `chain.accounts.alice`.
        self.accounts: declared.Accounts = names.development_accounts()

    @classmethod
    def dev(cls, **parameters: Unpack[declared.ChainParameters]) -> Chain:
        """Return a chain for tests: in memory, with logical time, blocks on demand, and well-known funded accounts.

        `parameters` are fields of `ChainConfig`; accounts may be written as addresses or as `//Alice`.
        """
        return cls(dev(**read_parameters(parameters)))

    @classmethod
    def fork(
        cls,
        url: str,
        at: BlockId | None = None,
        *,
        dev_accounts: bool = False,
        whole: bool = False,
        accept: Collection[str] = (),
        cache: Path | None = None,
        store: Store | Path | None = None,
        retention: Retention | None = None,
    ) -> Chain:
        """Return a chain on top of a block of the node at `url` (WebSocket or HTTP), by default its last block.

        The state is read when it is needed and kept in the folder `cache`; time goes on from that block. With
        `dev_accounts` its state is edited first: development accounts are funded, and //Alice has the sudo key.
        With `whole` all of it is read now, for real state roots. `accept` names items (`Pallet.Item`) to misread.
        """
        from .fork import begin_fork  # only forks wait for it

        found = begin_fork(url, at, store, cache=cache, dev_accounts=dev_accounts, whole=whole, accept=accept)
        return cls(found.config, found.store, None, retention)

    def __enter__(self) -> Chain:
        self.require_open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- reading -------------------------------------------------------------------------------------------

    def hash_at(self, number: int) -> bytes | None:
        """Return the hash of the block of this number; None above the head and for blocks no longer kept."""
        return super().hash_at(require_block_number(number))

    def block(self, block_hash: BlockId) -> StoredBlock | None:
        """Return the block of this hash or number, None when it is not kept."""
        found = self._hash_of(block_hash)
        return None if found is None else super().block(found)

    def header(self, block_hash: BlockId) -> Header | None:
        """Return the header of the block of this hash or number, None when it is not kept."""
        found = self._hash_of(block_hash)
        return None if found is None else super().header(found)

    def _hash_of(self, block: BlockId) -> bytes | None:
        self.require_open()
        if is_integer(block):
            return super().hash_at(require_block_number(block))
        return resolve_block(self, block)

    def context(self, at: BlockId | None = None) -> Context:
        """Return a context for reading the state after a block (the head by default).

        The head's is the live state: read it before the next block, or pass the head's number or hash. Raises
        UnknownBlock and StateDiscarded.
        """
        return super().context(None if at is None else resolve_block(self, at))

    def call_api(self, name: str, arguments: bytes = b"", at: BlockId | None = None) -> bytes:
        """Return the encoded answer of a runtime API, `Api_method`, to encoded arguments; changes are reverted."""
        if not isinstance(name, str):
            raise argument_error("the name of a runtime API, Api_method", name)
        block_hash = None if at is None else resolve_block(self, at)
        return super().call_api(name, checks.require_bytes("the arguments", arguments), block_hash)

    def nonce(self, account: bytes | str) -> int:
        """Return the number of transactions of an account (in any plain form) in blocks."""
        return super().nonce(from_plain(checks.ACCOUNT, account))

    def query(self, name: str, *keys: Any, at: BlockId | None = None) -> Any:
        """Return the typed value of a storage item, `Pallet.Item`, under plain keys; None if absent without a default.

        `at` names a block by its hash or number.
        """
        item = find_item(self.runtime.pallets, *split_name("a storage item, Pallet.Item", name))
        return item.read(self.context(at), typed_keys(self.runtime, item, keys))

    def ask(self, name: str, /, *arguments: Any, at: BlockId | None = None) -> Any:
        """Return the typed answer of a runtime API, `Api.method` or `Api_method`, to plain arguments."""
        if not isinstance(name, str):
            raise argument_error("the name of a runtime API, Api.method", name)
        method = find_api(self.runtime.api_methods, name)
        wanted = [f"{field.name}: {short_name(field.codec)}" for field in method.inputs]
        if len(arguments) != len(wanted):
            raise ChainError(f"expected {count_text('argument', wanted)} for {method.exported}, got {len(arguments)}")
        given = zip(method.inputs, arguments, strict=True)
        typed = [(field.codec, from_plain(field.codec, value, self.runtime, amounts=True)) for field, value in given]
        encoded = b"".join(codec.encode(value) for codec, value in typed)
        return method.output.decode(self.call_api(method.exported, encoded, at), self.runtime)

    def at(self, block: BlockId) -> View:
        """Return the chain as it was after a block (its hash or number), for reading; see `View`."""
        return View(self, resolve_block(self, block))

    def metagraph(self, netuid: int, *, at: BlockId | None = None) -> Metagraph:
        """Return a subnet and its neurons as arrays by uid; ChainError when the subnet does not exist."""
        found = read_metagraph(self.context(at), require_integer("a netuid", netuid, 0, U16_MAX))
        if found is None:
            raise ChainError(f"expected the netuid of a subnet, got {netuid}: there is none")
        return found

    # --- transactions --------------------------------------------------------------------------------------

    def submit(self, raw: bytes) -> bytes:
        """Put an encoded extrinsic into the pool and return its hash; raises `Rejected`."""
        return super().submit(checks.require_bytes("the extrinsic", raw))

    def call(self, name: str, /, **arguments: Any) -> Call:
        """Return a call by its name, `Pallet.call`, with plain arguments in the forms of `client.from_plain`."""
        function = find_call(self.runtime.pallets, *split_name("a call, Pallet.call", name))
        return call_from_plain(function, arguments, Options(self.runtime, amounts=True))

    def sign(
        self, call: Call, key: Keypair | str, *, nonce: int | None = None, tip: int = 0, era: Era = IMMORTAL
    ) -> bytes:
        """Return an encoded extrinsic with this call, signed for this chain. By default the nonce follows the pool."""
        self.require_open()
        signer = checks.resolve_keypair(key)
        if nonce is None:
            nonce = self.pool.next_nonce(signer.account)
        nonce = require_integer("a nonce", nonce, 0, U32_MAX)
        tip = require_integer("a tip in rao", tip, 0, U64_MAX)
        era_hash = checks.require_era_hash(self, era)
        return Signer(self.genesis_hash).sign(
            checks.require_call(self, call), signer, nonce=nonce, tip=tip, era=era, era_hash=era_hash
        )

    def execute(self, call: Call | str, key: Keypair | str, /, **arguments: Any) -> Receipt:
        """Sign a call, submit it, make a block and return the receipt.

        `call` is a Call, or a name as for `call(...)` with its arguments; `key` may be "//Alice" or "alice".
        Raises `Rejected` when the pool or the block refuses it, and TransactionFailed when it fails in the block.
        """
        if isinstance(call, str):
            call = self.call(call, **arguments)
        elif arguments:
            raise ChainError(f"expected no arguments beside a Call, got {', '.join(arguments)}: it has its own")
        self.submit(raw := self.sign(call, key))
        with self.pool.raising(raw):
            block = self.produce_block()
        if raw not in block.extrinsics:
            raise ChainError("the transaction is not in the next block: it waits for others, or for room")
        index = block.extrinsics.index(raw)
        return Receipt(block.hash, block.number, index, block.events_of(index)).check()

    # --- the beacon ----------------------------------------------------------------------------------------

    def submit_pulse(self, number: int, signature: bytes | None = None) -> bytes:
        """Put a pulse of the chain's beacon into the pool, without a signer, and return the extrinsic's hash.

        `signature` is the beacon's (48 bytes); a chain with `beacon="local"` makes it. A block verifies it. Raises
        `Rejected` unless the round is new.
        """
        number = require_integer("a round", number, 1, U64_MAX)
        return self.submit(checks.pulse_extrinsic(self, number, signature))

    def encrypt(self, message: bytes, number: int) -> bytes:
        """Return a message encrypted until a round of the chain's beacon, as for timelocked weights and commitments.

        For tests: equal arguments give equal ciphertexts, and who knows the message can derive the key.
        """
        number = require_integer("a round", number, 1, U64_MAX)
        self.require_open()
        return encrypt_until(self.context(), number, checks.require_bytes("the message", message))

    # --- blocks --------------------------------------------------------------------------------------------

    def produce(self, count: int = 1, *, sealed: bool = False) -> Head:
        """Make `count` blocks of what is ready in the pool and return the new head; `produce_block` returns its block.

        With `sealed` the slot's authority signs them, as on the genuine network; blocks made on demand carry no seal.
        """
        author = slot_author(self) if sealed else None
        self.require_open()
        with no_garbage_collection():  # also between the blocks
            for _ in range(require_integer("a number of blocks", count)):
                self.produce_block(author)
        return self.head

    def run_to(self, number: int) -> Head:
        """Make blocks until the head has this number; ChainError if its number is higher already."""
        self.require_open()
        number = require_block_number(number)
        if number < self.head.number:
            advice = f"rollback_to({number}) takes blocks back"
            raise ChainError(f"expected a block from the head, {self.head.number}, on, got block {number}: {advice}")
        return self.produce(number - self.head.number)

    def import_block(self, header: Header, body: list[bytes]) -> ImportedBlock:
        """Execute a block of another node, append it and return it; raises BlockRejected, changing nothing."""
        if not isinstance(header, Header):
            raise argument_error("a Header", header)
        if not isinstance(body, list | tuple):
            raise argument_error("a body as a list of encoded extrinsics", body)
        return super().import_block(header, [checks.require_bytes("an extrinsic", raw) for raw in body])

    def rollback_to(self, number: int) -> Head:
        """Remove all blocks after `number`; their transactions are lost. Raises UnknownBlock, StateDiscarded."""
        return super().rollback_to(require_block_number(number))
