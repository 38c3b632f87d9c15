"""Locks of stake: how locked alpha unlocks over time, and how conviction grows from it.

Over t blocks a decaying lock of mass m and conviction c becomes

    m' = m · e^(-t/u)
    c' = c · e^(-t/v) + m · u/(u - v) · (e^(-t/u) - e^(-t/v)),      or m · (t/v) · e^(-t/v) for u = v

with u the unlock rate and v the maturity rate, both in blocks; a perpetual lock keeps its mass and

    c' = c · e^(-t/v) + m · (1 - e^(-t/v)).

For a lock to the hotkey of a subnet's owner, conviction always equals the mass. Masses are in alpha (u64), convictions
are U64F64. Model: `ConvictionModel` of the chain's `staking/lock.rs`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from .fixed import I64F64, U64F64, exp
from .integers import saturating_sub

#: A lock whose mass and conviction are both below this counts as zero.
ZERO_THRESHOLD = 100
#: Exponents are raised to at least this.
MIN_EXPONENT = I64F64.from_int(-40)


class LockKind(NamedTuple):
    """Whether a lock is to the hotkey of the subnet's owner, and whether it is perpetual (keeps its mass)."""

    to_owner: bool
    perpetual: bool


@dataclass(frozen=True, slots=True)
class LockSnapshot:
    """Locked alpha and its conviction (U64F64), as of a block."""

    mass: int
    conviction: int
    block: int

    def is_zero(self) -> bool:
        return self.mass < ZERO_THRESHOLD and self.conviction < U64F64.from_int(ZERO_THRESHOLD)

    def add(self, other: LockSnapshot) -> LockSnapshot:
        """Return the sum of both locks, saturating, as of the later block."""
        mass = min(self.mass + other.mass, (1 << 64) - 1)
        conviction = U64F64.saturating_add(self.conviction, other.conviction)
        return LockSnapshot(mass, conviction, max(self.block, other.block))

    def subtract(self, mass: int, conviction: int) -> LockSnapshot:
        """Return the lock with less mass and conviction, neither below zero."""
        return LockSnapshot(saturating_sub(self.mass, mass), saturating_sub(self.conviction, conviction), self.block)


def roll_forward_lock(
    lock: LockSnapshot, block: int, kind: LockKind, unlock_rate: int, maturity_rate: int
) -> LockSnapshot:
    """Return the lock as of `block`, or as of its own block if that is later; zero when it is below ZERO_THRESHOLD.

    Rates are in blocks.
    """
    if block > lock.block:
        lock = LockSnapshot(*_decay(lock, block - lock.block, kind, unlock_rate, maturity_rate), block)
    if kind.to_owner:
        lock = LockSnapshot(lock.mass, U64F64.from_int(lock.mass), lock.block)
    return LockSnapshot(0, 0, lock.block) if lock.is_zero() else lock


def reduce_lock(lock: LockSnapshot, mass: int, block: int) -> LockSnapshot:
    """Return the lock with less mass, and its conviction reduced in the same proportion, as of `block`."""
    rest = saturating_sub(lock.mass, mass)
    if rest == 0:
        return LockSnapshot(0, 0, block)
    part = U64F64.safe_div(U64F64.from_int(mass), U64F64.from_int(lock.mass))
    return LockSnapshot(rest, U64F64.saturating_mul(lock.conviction, U64F64.saturating_sub(U64F64.one, part)), block)


def exp_decay(blocks: int, rate: int) -> int:
    """Return e^(-blocks / rate), U64F64; 1 for no blocks, else 0 for a rate of zero."""
    if blocks == 0:
        return U64F64.one
    if rate == 0:
        return 0
    exponent = I64F64.checked_div(I64F64.from_int(-blocks), I64F64.from_int(rate))
    decay = exp(max(MIN_EXPONENT if exponent is None else exponent, MIN_EXPONENT), I64F64)
    return U64F64.convert(decay or 0, I64F64)


def _decay(lock: LockSnapshot, blocks: int, kind: LockKind, unlock_rate: int, maturity_rate: int) -> tuple[int, int]:
    """Return mass and conviction after a number of blocks."""
    unlocking, maturing = exp_decay(blocks, unlock_rate), exp_decay(blocks, maturity_rate)
    mass = U64F64.from_int(lock.mass)
    if kind.perpetual:
        rest, matured = lock.mass, U64F64.saturating_sub(U64F64.one, maturing)
    else:
        rest = U64F64.to_int(U64F64.saturating_mul(unlocking, mass), 64)
        matured = _matured(blocks, unlock_rate, maturity_rate, unlocking, maturing)
    kept = U64F64.saturating_mul(maturing, lock.conviction)
    return rest, U64F64.saturating_add(kept, U64F64.saturating_mul(mass, matured))


def _matured(blocks: int, unlock_rate: int, maturity_rate: int, unlocking: int, maturing: int) -> int:
    """Return the conviction that each alpha of a decaying lock has gained, U64F64."""
    if unlock_rate == maturity_rate:
        ratio = U64F64.safe_div(U64F64.from_int(blocks), U64F64.from_int(maturity_rate))
        return U64F64.saturating_mul(ratio, maturing)
    if unlock_rate == 0 or maturity_rate == 0:
        return 0
    difference = I64F64.saturating_sub(I64F64.convert(unlocking, U64F64), I64F64.convert(maturing, U64F64))
    product = I64F64.saturating_mul(I64F64.from_int(unlock_rate), difference)
    return U64F64.convert(I64F64.checked_div(product, I64F64.from_int(unlock_rate - maturity_rate)) or 0, I64F64)
