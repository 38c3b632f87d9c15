"""Aura (index 3): who may author a block: the authorities take turns, one slot each."""

from __future__ import annotations

from typing import Annotated

from ..frame.context import Context
from ..frame.digest import AURA_ENGINE, Consensus, aura_slot
from ..frame.pallet import Pallet
from ..frame.weight import DB_READ, DB_WRITE, Weight
from ..scale import MaxLen, Sum, newtype, u64
from ..scale.codec import U64, FixedBytes

MAX_AUTHORITIES = 32

AuraId = Annotated[
    bytes, newtype(FixedBytes(32), "sp_consensus_aura::sr25519::app_sr25519::Public", type_name="sr25519::Public")
]
Slot = Annotated[int, newtype(U64, "sp_consensus_slots::Slot")]


class ConsensusLog(Sum, path="sp_consensus_aura::ConsensusLog", params=[("AuthorityId", AuraId)], positional=True):
    """What a block's digest tells authorities."""


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
SlotDuration = pallet.constant(u64, 12_000, docs="How long a slot lasts, in milliseconds.")

pallet.name_declared(globals())


@pallet.on_initialize
def claim_slot(ctx: Context) -> Weight:
    """Take over the slot that the block's digest claims; it must be later than the parent's."""
    slot = aura_slot(ctx.block.digest)
    if slot is None:
        return Weight(DB_READ)
    current = CurrentSlot.get(ctx)
    assert current < slot, f"slot {slot} does not come after slot {current}"
    CurrentSlot.put(ctx, slot)
    _find_author(ctx, slot)
    return Weight(2 * DB_READ + DB_WRITE)


def change_authorities(ctx: Context, authorities: list[bytes]) -> None:
    """Have other authorities take over at once, told in the block's digest; an empty list changes nothing.

    The rest of the block counts as authored by whose turn it would have been among the new ones.
    """
    if not authorities:
        return
    Authorities.put(ctx, authorities)
    change = ConsensusLog.scale.encode(AuthoritiesChange(authorities))
    ctx.block.digest.append(Consensus(AURA_ENGINE, change))
    slot = aura_slot(ctx.block.digest)
    if slot is not None:
        _find_author(ctx, slot)


def _find_author(ctx: Context, slot: int) -> None:
    authorities = Authorities.get(ctx)
    if authorities:
        ctx.block.author = authorities[slot % len(authorities)]
