"""Verifying blocks of other authors: what Aura's import queue and the runtime check before a block joins the chain.

Checks in their order, each with its error. Those of the header are Aura's (`check_header` of sc-consensus-aura):

    the block follows the head                                    UnknownParent
    the last item of the digest is a seal                         HeaderUnsealed
    the seal is Aura's, and as long as a signature                HeaderBadSeal
    exactly one item of the digest claims a slot                  NoSlotClaim, MultipleSlotClaims
    the slot is at most one ahead of the clock                    HeaderTooFarInFuture
    the slot has an author, who signed the header                 SlotAuthorNotFound, BadSignature

The time is checked by pallet-timestamp's `check_inherent`, the rest by the execution (`runtime/block_execution.py`):

    at most 30 s ahead of the clock, half a slot after the parent InherentRejected
    slot, time, order, extrinsics, digest and roots               InvalidExecution, with its cause

Unsealed blocks are made by manual and instant sealing. The genuine manual seal verifies nothing of them but their
execution. Chains of the type Live refuse them. Other chains accept them without the checks of seal and clock, since
their times run ahead of it, one slot for each block; but they must claim one slot, and end before the year 10000
(`LATEST_MS`), so that another block can follow. Blocks on a chain with a logical clock are bound by `LATEST_MS`, too.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from ..consensus.aura import author_of, slot_of
from ..runtime.block_execution import apply_body, check_result
from ..runtime.crypto import Scheme, verify
from ..runtime.frame.block_validity import Panic
from ..runtime.frame.context import BlockEnvironment, Context
from ..runtime.frame.digest import AURA_ENGINE, Digest, Seal, aura_slot, author_claim, pre_runtime_items
from ..runtime.frame.extrinsic import Extrinsic
from ..runtime.frame.header import Header
from ..runtime.inherents import find_time_error
from ..runtime.scale import ScaleError
from .authoring import BlockBuilder, BuiltBlock
from .clock import LATEST_MS
from .errors import StoreError

log = logging.getLogger(__name__)

#: Slots by which a header may be ahead of this node's clock.
SLOT_DRIFT = 1
SEAL_LENGTH = 64


class BlockRejected(ValueError):
    """A block of another author that this chain does not accept. Nothing has changed.

    The message begins with that of the genuine node, and states what was expected and what came.
    """

    text: ClassVar[str]

    def __init__(self, header: Header, detail: str) -> None:
        super().__init__(f"block {header.number}: {self.text}: {detail}")


class UnknownParent(BlockRejected):
    """The block does not follow the head."""

    text = "Block has an unknown parent"


class HeaderUnsealed(BlockRejected):
    """The last item of the digest is no seal."""

    text = "Header is unsealed"


class HeaderBadSeal(BlockRejected):
    """The seal is of another engine, or shorter than a signature."""

    text = "Header has a bad seal"


class NoSlotClaim(BlockRejected):
    """The author claims no slot."""

    text = "No Aura pre-runtime digest found"


class MultipleSlotClaims(BlockRejected):
    """The author claims several slots."""

    text = "Multiple Aura pre-runtime headers"


class HeaderTooFarInFuture(BlockRejected):
    """The slot begins more than a slot after now. A genuine node hears of the block again, and accepts it in time."""

    text = "Header rejected: too far in the future"


class SlotAuthorNotFound(BlockRejected):
    """The chain has no authorities."""

    text = "Slot Author not found"


class BadSignature(BlockRejected):
    """The seal is not by the author of the slot."""

    text = "Bad signature"


class InherentRejected(BlockRejected):
    """The time of the block does not fit the clock, or the parent's time."""

    text = "Inherent error"


class InvalidExecution(BlockRejected):
    """The runtime refuses the block, or its execution has another result. `__cause__` is the runtime's error."""

    text = "Execution failed"


class Verification(NamedTuple):
    """What blocks are verified with: the authorities of the next block, and this node's clock in milliseconds."""

    authorities: Sequence[bytes]
    #: None: a clock that advances with the blocks.
    now_ms: int | None
    requires_seal: bool
    #: Whether the author of a block is the one that it claims, where it claims one, not the one of its slot.
    claimed_authors: bool = False

    def author(self, slot: int, header: Header) -> bytes:
        """Return who has to seal the block of a slot; there are authorities."""
        claim = author_claim(header.digest.logs) if self.claimed_authors else None
        return author_of(slot if claim is None else claim.author, self.authorities)

    def latest_ms(self, header: Header) -> int:
        """Return the time that the block may have at most, without the drift that is tolerated."""
        return LATEST_MS if self.now_ms is None or not is_sealed(header) else self.now_ms


def check_block(builder: BlockBuilder, header: Header, body: Sequence[bytes], verification: Verification) -> BuiltBlock:
    """Verify and execute a block of another author, and return it; raises BlockRejected."""
    expected = (builder.parent_number + 1, builder.parent_hash)
    if (header.number, header.parent_hash) != expected:
        raise UnknownParent(
            header,
            f"expected block {expected[0]} on top of 0x{expected[1].hex()}, "
            f"got block {header.number} on top of 0x{header.parent_hash.hex()}",
        )
    latest_ms = verification.latest_ms(header)
    unsealed = check_header(header, verification, slot_of(latest_ms, builder.slot_ms) + SLOT_DRIFT)
    try:
        extrinsics = [builder.runtime.decode(raw) for raw in body]
        _check_time(builder, header, extrinsics, latest_ms)
        ctx = builder.begin(pre_runtime_items(unsealed.digest.logs))
        apply_body(ctx, extrinsics)
        built = builder.end(ctx)
        check_result(unsealed, built.header)
    except (BlockRejected, StoreError):
        raise
    except (Panic, ScaleError) as error:
        raise InvalidExecution(header, str(error)) from error
    except Exception as error:  # a defect of this program must not let the block in, nor stop the node
        log.exception("block %d could not be executed", header.number)
        raise InvalidExecution(header, repr(error)) from error
    return BuiltBlock(header, built.body, built.diff, built.nodes, ctx, built.edits)


def _check_time(builder: BlockBuilder, header: Header, body: Sequence[Extrinsic], clock_ms: int) -> None:
    """Raise InherentRejected if the block's time does not fit the clock; in the state of the parent."""
    parent = BlockEnvironment(builder.parent_number, builder.parent_hash)
    found = find_time_error(Context(builder.runtime, builder.state, parent), body, clock_ms)
    if found is not None:
        error, detail = found
        raise InherentRejected(header, f"{error.name}: {detail}")


# --- headers ---------------------------------------------------------------------------------------------------


def is_sealed(header: Header) -> bool:
    """Return whether the last item of the digest is a seal."""
    logs = header.digest.logs
    return bool(logs) and isinstance(logs[-1], Seal)


def check_header(header: Header, verification: Verification, latest_slot: int) -> Header:
    """Return the header without its seal, as the runtime executes it; raises BlockRejected for another than Aura's."""
    seal = header.digest.logs[-1] if header.digest.logs else None
    if not isinstance(seal, Seal):
        if verification.requires_seal:
            raise HeaderUnsealed(header, "expected a seal as the last item of the digest, got none")
        _check_slot(header, latest_slot)
        return header
    if seal.engine != AURA_ENGINE or len(seal.data) < SEAL_LENGTH:
        raise HeaderBadSeal(
            header, f"expected a signature of {SEAL_LENGTH} bytes for Aura, got {len(seal.data)} for {seal.engine!r}"
        )
    digest = Digest(header.digest.logs[:-1])
    unsealed = Header(header.parent_hash, header.number, header.state_root, header.extrinsics_root, digest)
    slot = _check_slot(unsealed, latest_slot)
    if not verification.authorities:
        raise SlotAuthorNotFound(header, f"expected an authority for slot {slot}, the chain has none")
    author = verification.author(slot, header)
    if not verify(Scheme.SR25519, seal.data[:SEAL_LENGTH], unsealed.hash, author):
        raise BadSignature(header, f"expected a seal by the author of slot {slot}, 0x{author.hex()}")
    return unsealed


def _check_slot(header: Header, latest_slot: int) -> int:
    """Return the slot that an unsealed header claims."""
    claims = [slot for item in header.digest.logs if (slot := aura_slot([item])) is not None]
    if not claims:
        raise NoSlotClaim(header, "expected one item of the digest that claims a slot, got none")
    if len(claims) > 1:
        raise MultipleSlotClaims(header, f"expected one item of the digest that claims a slot, got {len(claims)}")
    if claims[0] > latest_slot:
        raise HeaderTooFarInFuture(header, f"expected at most slot {latest_slot}, got {claims[0]}")
    return claims[0]
