"""Aura (index 3): the authors of blocks, one slot for each authority in turn."""

from __future__ import annotations

from typing import Annotated

from ...consensus.aura import author_of
from ..frame.block_validity import SlotNotIncreased
from ..frame.context import Context
from ..frame.digest import AURA_ENGINE, AuthorClaim, Consensus, aura_slot, author_claim
from ..frame.pallet import Pallet
from ..frame.runtime import runtime_of
from ..frame.weight import DB_READ, DB_WRITE, Weight
from ..scale import MaxLen, Sum, newtype, u64
from ..scale.codec import U64, FixedBytes

MAX_AUTHORITIES = 32

AuraId = Annotated[
    bytes, newtype(FixedBytes(32), "sp_consensus_aura::sr25519::app_sr25519::Public", type_name="sr25519::Public")
]
Slot = Annotated[int, newtype(U64, "sp_consensus_slots::Slot")]


class ConsensusLog(Sum, path="sp_consensus_aura::ConsensusLog", params=[("AuthorityId", AuraId)], positional=True):
    """A message to the authorities in a block's digest."""


class AuthoritiesChange(ConsensusLog, index=1):
    authorities: list[AuraId]


pallet = Pallet("Aura", 3, crate="pallet_aura")
pallet.associated_type("AuthorityId", AuraId, docs="The public key of an author.")

Authorities = pallet.value(
    Annotated[list[AuraId], MaxLen(MAX_AUTHORITIES)],
    default=[],
    docs="The sr25519 keys of the current authorities.",
)
CurrentSlot = pallet.value(Slot, default=0, docs="The slot of the current block.")
SlotDuration = pallet.constant(u64, 12_000, docs="The duration of a slot, in milliseconds.")

pallet.name_declared(globals())


@pallet.on_initialize
def claim_slot(ctx: Context) -> Weight:
    """Store the slot in the block's digest, which must be later than the parent's slot; return the weight."""
    slot = aura_slot(ctx.block.digest)
    if slot is None:
        return Weight(DB_READ)
    current = CurrentSlot.get(ctx)
    if slot <= current:
        raise SlotNotIncreased(f"expected a slot after {current}, got {slot}")
    CurrentSlot.put(ctx, slot)
    _set_author(ctx)
    return Weight(2 * DB_READ + DB_WRITE)


def change_authorities(ctx: Context, authorities: list[bytes]) -> None:
    """Replace the authorities at once, with a message in the block's digest. An empty list changes nothing.

    For the rest of the block, the author is the new authority of the block's slot.
    """
    if not authorities:
        return
    Authorities.put(ctx, authorities)
    change = ConsensusLog.scale.encode(AuthoritiesChange(authorities))
    ctx.block.digest.append(Consensus(AURA_ENGINE, change))
    _set_author(ctx)


def _set_author(ctx: Context) -> None:
    """Set the author of the block, if its digest has one."""
    found = author(ctx)
    if found is not None:
        ctx.block.author = found


def author(ctx: Context) -> bytes | None:
    """Return the author of the block: the one that it claims, or that of its slot; None without an authority."""
    authorities, claim = Authorities.get(ctx), _claim(ctx)
    slot = aura_slot(ctx.block.digest)
    if slot is None or not authorities:
        return None
    return author_of(slot if claim is None else claim.author, authorities)


def following_author(ctx: Context) -> bytes | None:
    """Return the author of the block after the next one, if all authors take part; None without an authority."""
    authorities, claim = Authorities.get(ctx), _claim(ctx)
    slot = aura_slot(ctx.block.digest)
    if slot is None or not authorities:
        return None
    return author_of(slot + 2 if claim is None else claim.following, authorities)


def _claim(ctx: Context) -> AuthorClaim | None:
    return author_claim(ctx.block.digest) if runtime_of(ctx).claimed_authors else None
