"""Locks that move with alpha to another coldkey."""

from __future__ import annotations

from dataclasses import replace

from .....consensus.conviction import LockSnapshot
from .....consensus.fixed import U64F64
from .....consensus.integers import saturating_add_u64, saturating_sub
from ....frame.context import Context
from ....frame.errors import ensure
from .. import storage
from ..declared.errors import Error
from ..ledger.share_pool import total_coldkey_alpha_on_subnet
from .conviction import (
    Conviction,
    change_total,
    insert_lock_state,
    read_conviction_model,
    read_conviction_model_for_hotkey,
    roll_forward,
    roll_to_now,
)

#: The bit of `AccountFlags` that says that an account accepts locked alpha.
ACCEPTS_LOCKED_ALPHA = 1


def rejects_locked_alpha(ctx: Context, coldkey: bytes) -> bool:
    """Return whether a coldkey takes no locked alpha from others, which is the default."""
    return not storage.AccountFlags.get(ctx, coldkey) & ACCEPTS_LOCKED_ALPHA


def transfer_lock(ctx: Context, origin: bytes, destination: bytes, netuid: int, alpha: int) -> None:
    """Move the part of a lock that `alpha` takes along to another coldkey: what exceeds the unlocked stake.

    Its conviction goes along in proportion. Fails with LockHotkeyMismatch when the destination has a lock to another
    hotkey, and AccountRejectsLockedAlpha; only where locked alpha moves.
    """
    if origin == destination or alpha == 0:
        return
    model = read_conviction_model(ctx, origin, netuid)
    if model is None:
        return
    source = roll_forward(ctx, model).lock
    former = read_conviction_model(ctx, destination, netuid)
    unlocked = saturating_sub(total_coldkey_alpha_on_subnet(ctx, origin, netuid), source.mass)
    moved = LockSnapshot(0, 0, ctx.block.number)
    if rest := saturating_sub(alpha, unlocked):
        ensure(former is None or former.hotkey == model.hotkey, Error.LockHotkeyMismatch)
        moved = _part(source, min(rest, source.mass), ctx.block.number)
    ensure(not moved.mass or not rejects_locked_alpha(ctx, destination), Error.AccountRejectsLockedAlpha)
    target = former or read_conviction_model_for_hotkey(ctx, destination, netuid, model.hotkey)
    _move(ctx, netuid, (origin, model), (destination, target), replace(source), moved)


def _part(lock: LockSnapshot, mass: int, block: int) -> LockSnapshot:
    """Return the part of a lock with this mass."""
    if mass == 0:
        return LockSnapshot(0, 0, block)
    part = U64F64.safe_div(U64F64.from_int(mass), U64F64.from_int(lock.mass))
    return LockSnapshot(mass, U64F64.saturating_mul(lock.conviction, part), block)


def _move(
    ctx: Context,
    netuid: int,
    origin: tuple[bytes, Conviction],
    destination: tuple[bytes, Conviction],
    source: LockSnapshot,
    moved: LockSnapshot,
) -> None:
    """Store both locks, even if nothing moves, and the sums if something does."""
    (giver, given), (taker, taken) = origin, destination
    target = roll_forward(ctx, taken).lock
    left = roll_to_now(ctx, source.subtract(moved.mass, moved.conviction), given.kind)
    conviction = U64F64.saturating_add(target.conviction, moved.conviction)
    target = replace(target, mass=saturating_add_u64(target.mass, moved.mass), conviction=conviction)
    insert_lock_state(ctx, giver, netuid, given.hotkey, left)
    insert_lock_state(ctx, taker, netuid, taken.hotkey, roll_to_now(ctx, target, taken.kind))
    if moved.mass:
        change_total(ctx, giver, netuid, given.hotkey, removed=moved)
        change_total(ctx, taker, netuid, taken.hotkey, added=moved)
