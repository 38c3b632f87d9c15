"""Encrypted fields of commitments, which the chain decrypts at the beginning of the block after their pulse."""

from __future__ import annotations

from dataclasses import replace

from ...crypto.timelock import TimelockError, decrypt
from ...frame.context import Context
from ...frame.weight import DB_READ, DB_WRITE, Weight
from ..drand.pulses import opening_signature
from .data import Data, TimelockEncrypted
from .declared import (
    CommitmentInfo,
    CommitmentOf,
    CommitmentRevealed,
    Registration,
    RevealedCommitments,
    TimelockedIndex,
    pallet,
)

#: Revealed fields of a hotkey that are kept.
MAX_REVEALS = 10


@pallet.on_initialize
def reveal_timelocked_commitments(ctx: Context) -> Weight:
    """Decrypt the fields whose pulse is stored, and return the weight.

    A field that cannot be decrypted, or that holds nothing, is removed. Commitments without encrypted fields leave the
    index, those without any field are removed.
    """
    weight = Weight(DB_READ)
    for netuid, who in sorted(TimelockedIndex.get(ctx)):
        registration = CommitmentOf.get(ctx, netuid, who)
        weight += Weight(DB_READ)
        fields = registration.info.fields if registration else []
        timelocked = sum(isinstance(field, TimelockEncrypted) for field in fields)
        weight += Weight(timelocked * DB_READ)
        if registration is None or not timelocked:
            weight += _leave_index(ctx, netuid, who)
            continue
        remaining, revealed = _open_fields(ctx, fields)
        if len(remaining) < len(fields):
            weight += _store(ctx, netuid, who, registration, remaining, revealed)
    return weight


def _open_fields(ctx: Context, fields: list[Data]) -> tuple[list[Data], list[bytes]]:
    """Return the fields that remain, among them those whose pulse is missing, and the contents of the others."""
    remaining, revealed = list[Data](), list[bytes]()
    for field in fields:
        signature = opening_signature(ctx, field.reveal_round) if isinstance(field, TimelockEncrypted) else None
        if not isinstance(field, TimelockEncrypted) or signature is None:
            remaining.append(field)
            continue
        try:
            content = decrypt(field.encrypted, signature)
        except TimelockError:
            continue
        if content:
            revealed.append(content)
    return remaining, revealed


def _store(
    ctx: Context, netuid: int, who: bytes, registration: Registration, fields: list[Data], revealed: list[bytes]
) -> Weight:
    """Store what was revealed and the fields that remain; return the weight."""
    weight = Weight(DB_WRITE)
    if revealed:
        known = RevealedCommitments.get(ctx, netuid, who) or []
        for content in revealed:
            known = [*known, (content, ctx.block.number)]
            ctx.deposit(CommitmentRevealed(netuid, who))
        RevealedCommitments.put(ctx, netuid, who, known[-MAX_REVEALS:])
        weight += Weight(DB_READ + DB_WRITE)
    if fields:
        CommitmentOf.put(ctx, netuid, who, replace(registration, info=CommitmentInfo(fields)))
    else:
        CommitmentOf.remove(ctx, netuid, who)
    if not any(isinstance(field, TimelockEncrypted) for field in fields):
        weight += _leave_index(ctx, netuid, who)
    return weight


def _leave_index(ctx: Context, netuid: int, who: bytes) -> Weight:
    """Remove a hotkey of a subnet from the index; return the weight."""
    TimelockedIndex.mutate(ctx, lambda index: index - {(netuid, who)})
    return Weight(DB_READ + DB_WRITE)
