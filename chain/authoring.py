"""Authoring blocks. Blocks of other authors are verified by `verification.py`.

Both run the same executive on the head's state; neither writes anything. What they return is committed as a whole.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ..consensus.aura import slot_of
from ..runtime import executive, validation
from ..runtime.crypto import Keypair
from ..runtime.frame.block_validity import InvalidBlock
from ..runtime.frame.context import Context
from ..runtime.frame.digest import AURA_ENGINE, AuthorClaim, Digest, DigestItem, Seal, aura_pre_runtime
from ..runtime.frame.extrinsic import Extrinsic
from ..runtime.frame.header import Header
from ..runtime.frame.runtime import Runtime, runtime_of
from ..runtime.frame.validity import ExhaustsResources, Refused, TransactionSource
from ..runtime.inherents import create_inherents, inherent_data
from ..runtime.scale import Sum, encode_compact
from ..runtime.state.overlay import Diff, State
from ..runtime.state.trie import Trie
from .clock import Deadline, TimeLimit
from .errors import OutOfTime, StoreError
from .unshielding import ShieldedTransaction, ShieldKeys, Unshielder

#: Transactions that do not fit and are skipped before a block counts as full.
MAX_SKIPPED_TRANSACTIONS = 8
#: The most bytes of an authored block, header included; the runtime accepts longer ones of other authors.
BLOCK_SIZE_LIMIT = 4 * 1024 * 1024 + 512

#: Is called with a transaction that cannot be applied, and the reason.
Refuse = Callable[[Extrinsic, Exception], None]

log = logging.getLogger(__name__)


class BuiltBlock(NamedTuple):
    """A block that was built, with what is needed to commit it: changes of the state, trie nodes, context."""

    header: Header
    body: tuple[bytes, ...]
    diff: Diff
    nodes: dict[bytes, bytes | None]
    context: Context
    #: Those of the changes that were in the state before the block began.
    edits: dict[bytes, bytes | None]


class AuthoredBlock(NamedTuple):
    """A block that was built here: its header as it is appended, sealed or not, and its time."""

    built: BuiltBlock
    header: Header
    timestamp_ms: int


class Roots:
    """The roots of a block's state, at its end and before: each continues the work on the trie for the last one."""

    def __init__(self, trie: Trie) -> None:
        self._trie = trie
        self._is_begun = False
        #: Changes of the state and of the trie's records.
        self.staged: tuple[Diff, dict[bytes, bytes | None]] = (Diff({}, {}), {})

    def __call__(self, state: State, also: Mapping[bytes, bytes]) -> bytes:
        """Return the root of the state with values besides, which are not staged."""
        diff = state.diff()
        root, nodes = self._trie.extend(diff) if self._is_begun else self._trie.update(diff)
        self._is_begun, self.staged = True, (diff, nodes)
        return self._trie.root_with(also) if also else root


@dataclass(slots=True)
class BlockBuilder:
    """What the next block is built on: runtime, state and trie of the head, and the parent's number and hash."""

    runtime: Runtime
    state: State
    trie: Trie
    slot_ms: int
    parent_number: int
    parent_hash: bytes
    #: What programs wrote into the state since then.
    edits: dict[bytes, bytes | None] = field(default_factory=dict)

    def begin(self, digest: Sequence[DigestItem]) -> Context:
        """Initialize the next block with this digest and return its context."""
        return executive.initialize_block(self.runtime, self.state, self.parent_number + 1, self.parent_hash, digest)

    def end(self, ctx: Context) -> BuiltBlock:
        """Finalize the block of `ctx` and return it, unsealed."""
        roots = Roots(self.trie)
        header = executive.finalize_block(ctx, roots)
        return BuiltBlock(header, tuple(ctx.block.extrinsics), *roots.staged, ctx, self.edits)


def build_block(
    builder: BlockBuilder,
    timestamp_ms: int,
    ready: Iterable[Extrinsic],
    refuse: Refuse,
    keys: ShieldKeys,
    fresh_key: bool = False,
    limit: TimeLimit | None = None,
    claim: AuthorClaim | None = None,
) -> BuiltBlock:
    """Build a block with this timestamp: inherents, then as many of the ready transactions as fit within the limit.

    Transactions that cannot be applied are passed to `refuse` and leave no trace in the block. With `fresh_key` the
    block announces its own key for shielded transactions, otherwise always the same. `limit` is for transactions alone:
    a long epoch must not keep them out of every block. Without one, the block does not depend on the machine. `claim`
    names the author where the slot does not.
    """
    slot = aura_pre_runtime(slot_of(timestamp_ms, builder.slot_ms))
    ctx = builder.begin([slot] if claim is None else [slot, claim.item()])
    unshielder = Unshielder(ctx, keys)
    announced = None if ctx.block.author is None else keys.announced(ctx.block.number, fresh_key)
    for inherent in create_inherents(ctx, inherent_data(timestamp_ms, announced)):
        executive.apply_extrinsic(ctx, inherent)
    BlockFiller(ctx, unshielder, refuse, None if limit is None else limit.start()).fill(ready)
    return builder.end(ctx)


class BlockFiller:
    """Fills a block with transactions by the rules of the genuine node (sc-basic-authorship).

    Transactions that are too large for the rest of the block are skipped. After eight of them the block counts as full;
    before half of the time is over, more may be skipped. Skipped transactions, and those that are not reached in time,
    stay in the pool. So do later ones of the same sender, and shielded ones that are for another author.
    """

    def __init__(self, ctx: Context, unshielder: Unshielder, refuse: Refuse, deadline: Deadline | None) -> None:
        self._ctx, self._unshielder, self._refuse, self._deadline = ctx, unshielder, refuse, deadline
        self._skipped = 0
        #: Whether half of the time was over before the present transaction.
        self._is_late = False
        self._sender = runtime_of(ctx).sender
        self._held_back: set[bytes | Sum] = set()
        header = Header(ctx.block.parent_hash, ctx.block.number, bytes(32), bytes(32), Digest(ctx.block.digest))
        self._room = BLOCK_SIZE_LIMIT - len(header.encode())

    def fill(self, ready: Iterable[Extrinsic]) -> None:
        """Apply transactions in their order, each with its hidden content, until the block is full or time is up."""
        block = self._ctx.block
        outer, block.check_time = block.check_time, self._check_time
        try:
            self._fill(ready)
        finally:
            block.check_time = outer

    def _fill(self, ready: Iterable[Extrinsic]) -> None:
        for extrinsic in ready:
            self._ctx.runtime.pause()
            if self._deadline is not None:
                now = self._deadline.now()
                if now > self._deadline.end:
                    return
                self._is_late = now >= self._deadline.half
            if self._held_back and self._sender(extrinsic) in self._held_back:
                continue
            wrapped = self._unshielder.shielded(extrinsic)
            if wrapped is not None and not self._unshielder.is_due(wrapped):
                self._hold_back(extrinsic)
            elif not self._put(extrinsic, wrapped):
                return

    def _check_time(self) -> None:
        if self._deadline is not None and self._deadline.has_passed():
            raise OutOfTime("expected a transaction that an author has the time for, got one that takes longer")

    def _hold_back(self, extrinsic: Extrinsic) -> None:
        """Leave a transaction in the pool, and with it the later ones of its sender, which need its nonce."""
        if (sender := self._sender(extrinsic)) is not None:
            self._held_back.add(sender)

    def _put(self, extrinsic: Extrinsic, wrapped: ShieldedTransaction | None) -> bool:
        """Apply a transaction, and its content if it is shielded; return False when the block is full."""
        hidden_length = 0 if wrapped is None else self._unshielder.content_length(wrapped)
        if not self._fits(len(extrinsic.raw) + hidden_length):
            return self._skip(extrinsic)
        try:
            executive.apply_extrinsic(self._ctx, extrinsic)
        except Refused as refused:
            if isinstance(refused.reason, ExhaustsResources):
                return self._skip(extrinsic)
            self._refuse(extrinsic, refused)
        except StoreError:
            raise  # not the transaction's fault: the block cannot be built
        except OutOfTime as error:
            if self._is_late:
                return False  # the next block has more time for it
            self._refuse(extrinsic, error)
        except InvalidBlock as invalid:  # such as a contract on a node that cannot run any
            self._refuse(extrinsic, invalid)
        except Exception as panic:  # a transaction that breaks the runtime must not stop the chain
            log.error("a transaction broke the runtime, and is not in the block", exc_info=panic)
            self._refuse(extrinsic, panic)
        else:
            hidden = None if wrapped is None else self._unshielder.open(wrapped)
            return hidden is None or self._put_hidden(hidden)
        return True

    def _fits(self, length: int) -> bool:
        extrinsics = self._ctx.block.extrinsics
        return len(encode_compact(len(extrinsics))) + self._ctx.block.length + length <= self._room

    def _skip(self, extrinsic: Extrinsic) -> bool:
        """Pass over a transaction that does not fit; return whether to try others."""
        self._hold_back(extrinsic)
        if self._skipped < MAX_SKIPPED_TRANSACTIONS:
            self._skipped += 1
            return True
        return self._deadline is not None and not self._deadline.is_half_over()

    def _put_hidden(self, hidden: Extrinsic) -> bool:
        """Apply the content of a shielded transaction by the rules of the pool, which has not seen it.

        If that fails the content is lost. Return False when the block is full.
        """
        try:
            validation.validate_transaction(self._ctx, hidden, TransactionSource.InBlock)
            executive.apply_extrinsic(self._ctx, hidden)
        except Refused as refused:
            return not isinstance(refused.reason, ExhaustsResources) or self._skip(hidden)
        except StoreError:
            raise
        except OutOfTime:
            return False
        except Exception:  # no encrypted content may stop the chain
            log.exception("the content of a shielded transaction broke the runtime")
        return True


def seal(header: Header, key: Keypair) -> Header:
    """Return the header with a seal: its author's signature of the unsealed header's hash."""
    digest = Digest([*header.digest.logs, Seal(AURA_ENGINE, key.sign(header.hash))])
    return Header(header.parent_hash, header.number, header.state_root, header.extrinsics_root, digest)
