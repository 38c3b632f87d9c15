"""Authoring and checking blocks: the two ways in which a block joins the chain.

Both run the same executive on the head's state; neither writes anything. What they return is committed as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from ..consensus.aura import author_of, slot_of
from ..consensus.internal import InternalError
from ..runtime import executive
from ..runtime.block_execution import apply_body
from ..runtime.crypto import Keypair, Scheme, verify
from ..runtime.frame.block_validity import Panic
from ..runtime.frame.context import Context
from ..runtime.frame.digest import AURA_ENGINE, Digest, DigestItem, Seal, aura_pre_runtime, aura_slot
from ..runtime.frame.extrinsic import Extrinsic
from ..runtime.frame.header import Header
from ..runtime.frame.runtime import Runtime
from ..runtime.frame.validity import ExhaustsResources, Refused
from ..runtime.inherents import create_inherents, inherent_data
from ..runtime.scale import ScaleError
from ..runtime.state.overlay import Diff, State
from ..runtime.state.trie import Trie
from .unshielding import ShieldKeys, Unshielder

#: Transactions that do not fit and are passed over before a block counts as full.
MAX_PASSED_OVER = 8


class BlockRejected(ValueError):
    """A block that differs from its header, or that the runtime refuses."""


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


def check_block(
    builder: BlockBuilder, header: Header, body: Sequence[bytes], authorities: Sequence[bytes]
) -> BuiltBlock:
    """Execute a block of another author and return it; raises BlockRejected unless its header results."""
    unsealed = check_seal(header, authorities)
    expected = (builder.parent_number + 1, builder.parent_hash)
    if (header.number, header.parent_hash) != expected:
        raise BlockRejected(
            f"expected block {expected[0]} on top of 0x{expected[1].hex()}, "
            f"got block {header.number} on top of 0x{header.parent_hash.hex()}"
        )
    try:
        pre_runtime = [item for item in unsealed.digest.logs if aura_slot([item]) is not None]
        ctx = builder.begin(pre_runtime)
        extrinsics = [builder.runtime.decode(raw) for raw in body]
        apply_body(ctx, extrinsics)
        built = builder.end(ctx)
    except (Panic, ScaleError, InternalError) as error:
        raise BlockRejected(f"block {header.number} cannot be executed: {error}") from error
    for field in ("state_root", "extrinsics_root", "digest"):
        wanted, got = getattr(unsealed, field), getattr(built.header, field)
        if wanted != got:
            raise BlockRejected(
                f"block {header.number} claims the {field} {field_text(wanted)}, it is {field_text(got)}"
            )
    return BuiltBlock(header, built.body, built.diff, built.nodes, ctx)


def field_text(field: object) -> str:
    """Return a field of a header as text for a message."""
    return f"0x{field.hex()}" if isinstance(field, bytes) else str(field)


# --- seals -----------------------------------------------------------------------------------------------------


def seal(header: Header, key: Keypair) -> Header:
    """Return the header with a seal: its author's signature of the unsealed header's hash."""
    return _with_logs(header, [*header.digest.logs, Seal(AURA_ENGINE, key.sign(header.hash))])


def check_seal(header: Header, authorities: Sequence[bytes]) -> Header:
    """Return the header without its seal; BlockRejected when the seal is not that of the slot's author.

    Blocks made on demand carry no seal, as on the genuine node.
    """
    logs = header.digest.logs
    if not logs or not isinstance(logs[-1], Seal):
        return header
    unsealed, signature = _with_logs(header, logs[:-1]), logs[-1].data
    slot = aura_slot(logs)
    if slot is None or not authorities:
        raise BlockRejected(f"block {header.number} is sealed, but the author of its slot is not known")
    if not verify(Scheme.SR25519, signature, unsealed.hash, author_of(slot, authorities)):
        raise BlockRejected(f"block {header.number} is not sealed by the author of slot {slot}")
    return unsealed


def _with_logs(header: Header, logs: list[DigestItem]) -> Header:
    return Header(header.parent_hash, header.number, header.state_root, header.extrinsics_root, Digest(logs))
