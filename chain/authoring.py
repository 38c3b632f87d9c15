"""Authoring blocks. Blocks of other authors are verified by `verification.py`.

Both run the same executive on the head's state; neither writes anything. What they return is committed as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from ..consensus.aura import slot_of
from ..runtime import executive
from ..runtime.crypto import Keypair
from ..runtime.frame.context import Context
from ..runtime.frame.digest import AURA_ENGINE, Digest, DigestItem, Seal, aura_pre_runtime
from ..runtime.frame.extrinsic import Extrinsic
from ..runtime.frame.header import Header
from ..runtime.frame.runtime import Runtime
from ..runtime.frame.validity import ExhaustsResources, Refused
from ..runtime.inherents import create_inherents, inherent_data
from ..runtime.state.overlay import Diff, State
from ..runtime.state.trie import Trie
from .unshielding import ShieldKeys, Unshielder

#: Transactions that do not fit and are passed over before a block counts as full.
MAX_PASSED_OVER = 8


@dataclass(frozen=True, slots=True)
class BuiltBlock:
    """A block that was built, with what is needed to commit it: changes of the state, trie nodes, context."""

    header: Header
    body: tuple[bytes, ...]
    diff: Diff
    nodes: dict[bytes, bytes | None]
    context: Context


@dataclass(slots=True)
class BlockBuilder:
    """What the next block is built on: runtime, state and trie of the head, and the parent's number and hash."""

    runtime: Runtime
    state: State
    trie: Trie
    slot_ms: int
    parent_number: int
    parent_hash: bytes

    def begin(self, digest: Sequence[DigestItem]) -> Context:
        """Initialize the next block with this digest and return its context."""
        return executive.initialize_block(self.runtime, self.state, self.parent_number + 1, self.parent_hash, digest)

    def end(self, ctx: Context) -> BuiltBlock:
        """Finalize the block of `ctx` and return it, unsealed."""
        changes: list[tuple[Diff, dict[bytes, bytes | None]]] = []

        def root_of(state: State) -> bytes:
            diff = state.diff()
            root, nodes = self.trie.update(diff)
            changes.append((diff, nodes))
            return root

        header = executive.finalize_block(ctx, root_of)
        ((diff, nodes),) = changes
        return BuiltBlock(header, tuple(ctx.block.extrinsics), diff, nodes, ctx)


def build_block(
    builder: BlockBuilder,
    timestamp_ms: int,
    ready: Iterable[Extrinsic],
    refuse: Callable[[Extrinsic, Refused | Exception], None],
    keys: ShieldKeys,
    fresh_key: bool = False,
) -> BuiltBlock:
    """Build a block with this timestamp: inherents, then as many of the ready transactions as fit.

    Transactions that cannot be applied are passed to `refuse` and leave no trace in the block. A shielded transaction
    is followed by its content if it was encrypted for this block's author; otherwise it waits, with the later ones of
    its sender. With `fresh_key` the block announces its own key for shielded transactions, otherwise always the same.
    """
    ctx = builder.begin([aura_pre_runtime(slot_of(timestamp_ms, builder.slot_ms))])
    unshielder = Unshielder(ctx, keys)
    announced = None if ctx.block.author is None else keys.announced(ctx.block.number, fresh_key)
    for raw in create_inherents(ctx, inherent_data(timestamp_ms, announced)):
        executive.apply_extrinsic(ctx, builder.runtime.decode(raw))
    passed_over, held_back = 0, set[bytes | None]()
    for extrinsic in ready:
        wrapped = unshielder.shielded(extrinsic)
        if extrinsic.signer in held_back or (wrapped is not None and not unshielder.is_due(wrapped)):
            held_back.add(extrinsic.signer)  # later transactions of the same sender must wait, too
            continue
        try:
            executive.apply_extrinsic(ctx, extrinsic)
        except Refused as refused:
            if isinstance(refused.reason, ExhaustsResources):
                passed_over += 1
                if passed_over >= MAX_PASSED_OVER:
                    break
            else:
                refuse(extrinsic, refused)
        except Exception as panic:  # noqa: BLE001  # a transaction that breaks the runtime must not stop the chain
            refuse(extrinsic, panic)
        else:
            if wrapped is not None and (hidden := unshielder.open(wrapped)) is not None:
                _apply_hidden(ctx, hidden)
    return builder.end(ctx)


def _apply_hidden(ctx: Context, extrinsic: Extrinsic) -> None:
    """Apply the content of a shielded transaction. If that fails it is lost, because it is in no pool."""
    with suppress(Exception):  # no encrypted content may stop the chain
        executive.apply_extrinsic(ctx, extrinsic)


def seal(header: Header, key: Keypair) -> Header:
    """Return the header with a seal: its author's signature of the unsealed header's hash."""
    digest = Digest([*header.digest.logs, Seal(AURA_ENGINE, key.sign(header.hash))])
    return Header(header.parent_hash, header.number, header.state_root, header.extrinsics_root, digest)
