"""Locks of stake: how locked alpha becomes free, and how conviction grows from it.

Over t blocks a decaying lock of mass m and conviction c becomes

    m' = m · e^(-t/u)
    c' = c · e^(-t/v) + m · u/(u - v) · (e^(-t/u) - e^(-t/v)),      or m · (t/v) · e^(-t/v) for u = v

with u the unlock rate and v the maturity rate, both in blocks; a perpetual lock keeps its mass and

    c' = c · e^(-t/v) + m · (1 - e^(-t/v)).

On a lock to the hotkey of a subnet's owner, conviction is the mass at all times. Masses are in alpha (u64), convictions
U64F64. Model: `ConvictionModel` of the chain's `staking/lock.rs`.
"""

from __future__ import annotations

from dataclasses import dataclass

from .fixed import I64F64, U64F64, exp
from .integers import saturating_sub

#: Locks below this, with a conviction below it too, are none.
ZERO_THRESHOLD = 100
#: Exponents below this count as this.
MIN_EXPONENT = I64F64.from_int(-40)


@dataclass(frozen=True, slots=True)
class Kind:
    """What a lock is: to whose hotkey, and whether it keeps its mass."""

    to_owner: bool
    perpetual: bool


@dataclass(frozen=True, slots=True)
class Locked:
    """Locked alpha and its conviction (U64F64), as of a block."""

    mass: int
    conviction: int
    block: int

    def is_zero(self) -> bool:
        return self.mass < ZERO_THRESHOLD and self.conviction < U64F64.from_int(ZERO_THRESHOLD)

    def plus(self, other: Locked) -> Locked:
        """Both locks as one, as of the later block."""
        mass = min(self.mass + other.mass, (1 << 64) - 1)
        conviction = U64F64.saturating_add(self.conviction, other.conviction)
        return Locked(mass, conviction, max(self.block, other.block))

    def minus(self, mass: int, conviction: int) -> Locked:
        """The lock with less mass and conviction, neither below zero."""
        return Locked(saturating_sub(self.mass, mass), saturating_sub(self.conviction, conviction), self.block)


def rolled(lock: Locked, block: int, kind: Kind, unlock_rate: int, maturity_rate: int) -> Locked:
    """The lock as of a block; not before its own. One that is next to nothing is nothing."""
    if block > lock.block:
        lock = Locked(*_decayed(lock, block - lock.block, kind, unlock_rate, maturity_rate), block)
    if kind.to_owner:
        lock = Locked(lock.mass, U64F64.from_int(lock.mass), lock.block)
    return Locked(0, 0, lock.block) if lock.is_zero() else lock


def reduced(lock: Locked, mass: int, block: int) -> Locked:
    """The lock with less mass, and of its conviction the part that belongs to what is left."""
    rest = saturating_sub(lock.mass, mass)
    if rest == 0:
        return Locked(0, 0, block)
    part = U64F64.safe_div(U64F64.from_int(mass), U64F64.from_int(lock.mass))
    return Locked(rest, U64F64.saturating_mul(lock.conviction, U64F64.saturating_sub(U64F64.one, part)), block)


def exp_decay(blocks: int, rate: int) -> int:
    """e^(-blocks / rate), U64F64; zero at once for a rate of zero."""
    if blocks == 0:
        return U64F64.one
    if rate == 0:
        return 0
    exponent = I64F64.checked_div(I64F64.from_int(-blocks), I64F64.from_int(rate))
    decay = exp(max(MIN_EXPONENT if exponent is None else exponent, MIN_EXPONENT), I64F64)
    return U64F64.convert(decay or 0, I64F64)


def _decayed(lock: Locked, blocks: int, kind: Kind, unlock_rate: int, maturity_rate: int) -> tuple[int, int]:
    unlocking, maturing = exp_decay(blocks, unlock_rate), exp_decay(blocks, maturity_rate)
    mass = U64F64.from_int(lock.mass)
    if kind.perpetual:
        rest, ripened = lock.mass, U64F64.saturating_sub(U64F64.one, maturing)
    else:
        rest = U64F64.to_int(U64F64.saturating_mul(unlocking, mass), 64)
        ripened = _ripened(blocks, unlock_rate, maturity_rate, unlocking, maturing)
    kept = U64F64.saturating_mul(maturing, lock.conviction)
    return rest, U64F64.saturating_add(kept, U64F64.saturating_mul(mass, ripened))


def _ripened(blocks: int, unlock_rate: int, maturity_rate: int, unlocking: int, maturing: int) -> int:
    """The conviction that each alpha of a decaying lock has won, U64F64."""
    if unlock_rate == maturity_rate:
        ratio = U64F64.safe_div(U64F64.from_int(blocks), U64F64.from_int(maturity_rate))
        return U64F64.saturating_mul(ratio, maturing)
    if unlock_rate == 0 or maturity_rate == 0:
        return 0
    difference = I64F64.saturating_sub(I64F64.convert(unlocking, U64F64), I64F64.convert(maturing, U64F64))
    product = I64F64.saturating_mul(I64F64.from_int(unlock_rate), difference)
    return U64F64.convert(I64F64.checked_div(product, I64F64.from_int(unlock_rate - maturity_rate)) or 0, I64F64)
